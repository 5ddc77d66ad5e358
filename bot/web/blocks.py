"""Reads a reply's plain text as blocks that a page can show: paragraphs, lists, tasks, facts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import ClassVar

import phonenumbers
from phonenumbers import PhoneNumberFormat

from bottlenecks.privacy.pieces import MARKERS

MAX_HEADING = 80


@dataclass(frozen=True)
class Span:
    """A piece of a line; `href` makes it a link (tel:, mailto: or http).

    `is_mark`: it stands in the place of personal data that were taken out.
    """

    text: str
    href: str | None = None
    is_mark: bool = False


Line = tuple[Span, ...]


@dataclass(frozen=True)
class Paragraph:
    """Lines that belong together; `is_heading`: it stands above the list that follows."""

    kind: ClassVar = "paragraph"
    lines: tuple[Line, ...]
    is_heading: bool = False


@dataclass(frozen=True)
class Items:
    """A list; with `first` it is numbered from there."""

    kind: ClassVar = "items"
    items: tuple[Line, ...]
    first: int | None = None


@dataclass(frozen=True)
class Tasks:
    """A checklist: of each task its state (`done`, `open` or `none`: not applicable) and text."""

    kind: ClassVar = "tasks"
    tasks: tuple[tuple[str, Line], ...]


@dataclass(frozen=True)
class Facts:
    """Names with their values, as in a summary."""

    kind: ClassVar = "facts"
    rows: tuple[tuple[str, Line], ...]


@dataclass(frozen=True)
class Progress:
    """Where someone is in a procedure; `note` tells how many tasks are done."""

    kind: ClassVar = "progress"
    number: int
    total: int
    note: str


Block = Paragraph | Items | Tasks | Facts | Progress

_BULLET = re.compile(r"- (.+)")
_NUMBER = re.compile(r"(\d{1,3})\. (.+)")
_TASK = re.compile(r"([☑☐–]) (.+)")
_FACT = re.compile(r"([^\W\d_][^:.?!]{0,39}): (\S.*)")
_STEP = re.compile(r"Stap (\d{1,3}) van (\d{1,3})(?: \((.+)\))?")
_STATES = {"☑": "done", "☐": "open", "–": "none"}
_LINKS = re.compile(
    r"(?P<url>https?://[^\s<>\"]*[^\s<>\".,;:!?)])"
    r"|(?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|\b[Bb]el(?: direct)? (?P<alarm>112)(?![\w-]|[.,]\d)"
)
# "08.00-17.00" could be read as a number to call
_HOURS = re.compile(r"\d{1,2}[.:]\d{2}\s*[-–]\s*\d{1,2}[.:]\d{2}")


def read_blocks(text: str) -> tuple[Block, ...]:
    """The text of a reply as blocks, with phone numbers and addresses as links."""
    blocks: list[Block] = []
    for part in re.split(r"\n\s*\n", text.strip()):
        lines = [line.strip() for line in part.split("\n") if line.strip()]
        blocks += _blocks_of(lines)
    return tuple(blocks)


def plain_lines(text: str) -> tuple[Block, ...]:
    """A text as it was typed: paragraphs of lines, nothing made of it."""
    return tuple(
        Paragraph(tuple((Span(line),) for line in part.split("\n")))
        for part in re.split(r"\n\s*\n", text.strip("\n"))
    )


def linked(text: str) -> Line:
    """A line with its phone numbers, e-mail addresses and URLs as links, and marks as marks."""
    found: list[tuple[int, int, str | None]] = [
        (*match.span(match.lastgroup or 0), _href(match)) for match in _LINKS.finditer(text)
    ]
    found += [(*match.span(), None) for match in MARKERS.finditer(text)]
    for number in phonenumbers.PhoneNumberMatcher(text, "NL"):
        apart = all(number.end <= start or number.start >= end for start, end, _ in found)
        if apart and _can_be_called(number.raw_string):
            called = phonenumbers.format_number(number.number, PhoneNumberFormat.E164)
            found.append((number.start, number.end, f"tel:{called}"))
    spans: list[Span] = []
    position = 0
    for start, end, href in sorted(found, key=lambda one: one[:2]):
        if start > position:
            spans.append(Span(text[position:start]))
        spans.append(Span(text[start:end], href, is_mark=href is None))
        position = end
    if position < len(text):
        spans.append(Span(text[position:]))
    return tuple(spans)


def _can_be_called(number: str) -> bool:
    """Whether it is written as a whole Dutch number, or with its country."""
    if _HOURS.search(number):
        return False
    digits = re.sub(r"\D", "", number)
    is_dutch = digits.startswith("0") and len(digits) == 10
    return is_dutch or number.startswith("+") or digits.startswith("00")


def _href(match: re.Match[str]) -> str:
    if match["url"]:
        return match["url"]
    return f"mailto:{match['mail']}" if match["mail"] else "tel:112"


def _blocks_of(lines: list[str]) -> Iterator[Block]:
    """The blocks of one paragraph."""
    if len(lines) == 1 and (step := _STEP.fullmatch(lines[0])):
        yield Progress(int(step[1]), int(step[2]), step[3] or "")
        return
    runs = [(kind, list(run)) for kind, run in groupby(lines, _kind)]
    for place, (kind, run) in enumerate(runs):
        before_list = place + 1 < len(runs) and runs[place + 1][0] in ("items", "tasks")
        match kind:
            case "items":
                yield Items(tuple(linked(line[2:]) for line in run))
            case "numbers":
                first, *_ = re.findall(r"\d+", run[0])
                yield Items(tuple(linked(line.partition(". ")[2]) for line in run), int(first))
            case "tasks":
                yield Tasks(tuple((_STATES[line[0]], linked(line[2:])) for line in run))
            case "facts" if len(run) > 1:
                pairs = (line.partition(": ") for line in run)
                yield Facts(tuple((name, linked(value)) for name, _, value in pairs))
            case _:
                heading = before_list and len(run) == 1 and _is_heading(run[0])
                yield Paragraph(tuple(linked(line) for line in run), heading)


def _kind(line: str) -> str:
    for kind, pattern in (
        ("items", _BULLET),
        ("numbers", _NUMBER),
        ("tasks", _TASK),
        ("facts", _FACT),
    ):
        if pattern.fullmatch(line):
            return kind
    return "text"


def _is_heading(line: str) -> bool:
    return len(line) <= MAX_HEADING and not line.endswith((".", ":", "?", "!"))
