"""From the blocks of a document to passages with their section; and what headings look like."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from knowledge.plan.model import Block, Kind, Passage

MAX_HEADING_CHARS = 90
MAX_HEADING_WORDS = 14
MAX_SECTION_CHARS = 110
MAX_LABEL_CHARS = 40
# short lines and points that follow each other are one passage, up to this length
MAX_SHORT_CHARS = 40
MAX_POINT_CHARS = 160
MAX_JOINED_CHARS = 900

BEGINNING = "begin"

# "2", "2.1", "3a", "IV." before words; not a year, and not a point of a list that is a sentence
NUMBERED = re.compile(
    r"^(?:(?P<word>hoofdstuk|bijlage|deel|paragraaf|fase|stap)\s+)?"
    r"(?P<number>(?:\d{1,2}(?:\.\d{1,2}){0,3}|[IVX]{1,4}(?=[.)])|[A-H](?=[.)])))[.):]?\s+(?P<rest>\S.*)$",
    re.IGNORECASE,
)
CONTENTS = re.compile(r"^(?:inhoud|inhoudsopgave|inhoudstafel)\s*:?$", re.IGNORECASE)
_CONTENTS_LINE = re.compile(r"(?:\.{3,}|…|\t|\s)\s*\d{1,3}\s*$")
_LEADERS = re.compile(r"(?:\.\s?){6,}\s*\d{1,3}\s*$|…{2,}")
BULLET = re.compile(r"^\s*(?:[-*–—](?=\s)|[•·◦▪‣\uf0b7\uf0a7]|o(?=\s{2,}))\s*(?=\S)")
_APPENDIX = re.compile(r"^(?:bijlage|hoofdstuk|deel)\s+[\dA-Z]{1,3}[.:]?$", re.IGNORECASE)
_BARE = re.compile(r"^(?:fase|bijlage|hoofdstuk|deel|stap)\s+\d{1,2}[.:]?$", re.IGNORECASE)
_ADDRESS = re.compile(r"\b[1-9]\d{3} [A-Z]{2}\b|@")
_ENDS_SENTENCE = re.compile(r"[.;,!?…](?:[\"'”’)]*)$")


def squeezed(text: str) -> str:
    """The text with every run of white space as one space, without soft hyphens."""
    return " ".join(text.replace("\u00ad", "").split())


def folded(text: str) -> str:
    """The text in lower case with every run of white space as one space."""
    return squeezed(text).casefold()


def number_level(text: str) -> int:
    """How deep the number before a heading is: "2" is 1, "2.1" is 2; 0 without a number."""
    found = NUMBERED.match(text)
    return found["number"].rstrip(".").count(".") + 1 if found else 0


def may_be_heading(text: str) -> bool:
    """Whether a line could be a heading by its looks: short, with a capital, no sentence."""
    words = text.split()
    if not words or len(text) > MAX_HEADING_CHARS or len(words) > MAX_HEADING_WORDS:
        return False
    if BULLET.match(text) or not any(char.isalpha() for char in text) or _ADDRESS.search(text):
        return False
    if _APPENDIX.match(text):
        return True
    if _ENDS_SENTENCE.search(text) and not text.endswith("?"):
        return False
    found = NUMBERED.match(text)
    if text.endswith(":") and len(words) > 5 and not found:
        return False
    # after "Fase 2:" a small letter may follow
    first = (found["rest"] if found and not found["word"] else text).lstrip("\"'“‘(")[:1]
    return first.isupper() or first.isdigit()


def is_contents_line(text: str) -> bool:
    """A line of a table of contents: it ends in the number of a page, not in its own ("Fase 2")."""
    return bool(_CONTENTS_LINE.search(text)) and not _BARE.match(text.strip())


def passages_of(blocks: Iterable[Block]) -> tuple[Passage, ...]:
    """The text of a document in passages; a table of contents is left out."""
    path: list[tuple[int, str]] = []
    passages: list[Passage] = []
    in_contents = False
    for block in _numbered_within(blocks):
        text = squeezed(block.text)
        if not any(char.isalpha() for char in text):
            continue  # the number of a page, or a line
        if _LEADERS.search(text) or (in_contents and is_contents_line(block.text)):
            continue
        if block.kind is Kind.HEADING:
            in_contents = bool(CONTENTS.match(text))
            while path and path[-1][0] >= block.level:
                path.pop()
            path.append((block.level, text.rstrip(":.")))
            continue
        if in_contents:
            # names of chapters without pages; the first real sentence ends it
            if len(text) <= MAX_HEADING_CHARS:
                continue
            in_contents = False
        section = _named([name for _, name in path])
        above = passages[-1] if passages else None
        if above and above.section == section and _goes_with(above, block.kind, text):
            sign = "" if above.text.endswith((":", ";", ".", ",")) else ";"
            passages[-1] = replace(above, text=f"{above.text}{sign} {text}")
            continue
        passages.append(
            Passage(
                index=len(passages),
                section=section,
                heading=path[-1][1] if path else "",
                text=text,
                kind=block.kind,
                label=squeezed(block.label)[:MAX_LABEL_CHARS],
                page=block.page,
                above=tuple(name for _, name in path),
            )
        )
    return tuple(passages)


def _goes_with(above: Passage, kind: Kind, text: str) -> bool:
    """Whether a text belongs to the passage above: points to what announces them, short lines."""
    if Kind.ROW in (above.kind, kind) or len(above.text) + len(text) > MAX_JOINED_CHARS:
        return False
    is_point = kind is Kind.ITEM and len(text) <= MAX_POINT_CHARS
    announced = is_point and (above.text.endswith(":") or ": " in above.text)
    return announced or max(len(text), len(above.text.rsplit("; ", 1)[-1])) <= MAX_SHORT_CHARS


def _numbered_within(blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks, where headings that count from 1 again stand within their chapter."""
    chapter = within = 0
    for block in blocks:
        found = NUMBERED.match(squeezed(block.text))
        if block.kind is Kind.HEADING and block.level == 1 and found and found["number"].isdigit():
            number = int(found["number"])
            if (number == 1 and chapter > 1) or (within and number == within + 1):
                within = number
                yield replace(block, level=2)
                continue
            chapter, within = number, 0
        yield block


def _named(path: Sequence[str]) -> str:
    """A section as it is cited: its own heading, after the number or name of the one above it."""
    if not path:
        return BEGINNING
    name = path[-1]
    if len(path) > 1 and number_level(name) < 2:
        above = NUMBERED.match(path[-2])
        longer = f"{above['number'] if above else path[-2]}, {name}"
        name = longer if len(longer) <= MAX_SECTION_CHARS else name
    return name if len(name) <= MAX_SECTION_CHARS else name[: MAX_SECTION_CHARS - 1] + "…"
