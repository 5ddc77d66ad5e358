"""Screening: every free text passes through `screen` before anything keeps it.

Presidio finds personal data with recognisers of our own (engine.py): patterns and word lists in
rules.yml, names by lists and context (names.py). It does not find everything, and users are told.
"""

import re
from collections.abc import Sequence
from datetime import date

from bottlenecks.privacy.kinds import (
    KINDS,
    OTHER_THAN_CONTACTS,
    Found,
    Screened,
    in_words,
    marker,
)
from bottlenecks.privacy.phones import joined_phone_numbers, phone_numbers
from bottlenecks.privacy.streets import is_street

__all__ = [
    "KINDS",
    "OTHER_THAN_CONTACTS",
    "Found",
    "Screened",
    "in_words",
    "joined_phone_numbers",
    "marker",
    "phone_numbers",
    "screen",
    "warm_up",
]

# someone older than this has a birth date that cannot be mistaken for a recent event
_RECENT_YEARS = 10
_AFTER_NAME = re.compile(r"[,:;]? ?\(?(?:(?:nr|nummer|uit|bj|van)\.? )?")
# from the first letter or digit to the last
_WORDS = re.compile(r"[^\W_](?:.*[^\W_])?", re.DOTALL)
_LONGEST_GAP = 16
_AGED = re.compile(r"(?P<words>[^\d,]+),? (?P<age>\d{2,3})")
_TITLED = re.compile(
    r"\b(?:mw|mevr|mevrouw|dhr|hr|heer|meneer|mej|pte?|pati[eë]nte?)\.? $", re.IGNORECASE
)
_OLDEST = 110
# kinds that a public number may be taken for
_CALLED = frozenset({"telefoon", "nummer"})
# what only a name before it makes personal
_AFTER_NAMES = {"na-naam-datum": "geboortedatum", "na-naam-nummer": "nummer"}
# which kind a piece of text is, when it could be several: the first. Phone numbers stand before
# the dates: "06 12 34 56 78" holds what looks like one.
_ORDER = (
    *("e-mail", "telefoon", "geboortedatum", "datum", "na-naam-datum", "bsn", "adres"),
    *("nummer", "na-naam-nummer", "naam"),
)


def screen(
    text: str,
    *,
    today: date | None = None,
    keep: frozenset[str] = frozenset(),
    kinds: frozenset[str] = frozenset(KINDS),
    bold: bool = True,
) -> Screened:
    """Replace personal data in `text` by a marker such as `[BSN verwijderd]`.

    Args:
        text: what a user typed.
        today: the day from which the age of a date is judged; default the current date.
        keep: digits of public numbers (of organisations) that may stay.
        kinds: the kinds (keys of `KINDS`) to replace; fewer where contact data are asked for.
        bold: also replace what is only probably personal data; without, what is sure.
    """
    # Presidio costs a second to load, and not every command screens
    from bottlenecks.privacy.engine import analyse

    if not text.strip():
        return Screened(text)
    this_year = (today or date.today()).year
    found: list[tuple[int, int, str]] = []
    analysed = analyse(text, bold=bold)
    name_ends = [end for _, end, kind in analysed if kind == "naam" and end <= len(text)]
    spans = [one for one in analysed if not (one[2] == "adres" and _is_age(text, one, analysed))]
    for start, end, kind in sorted(spans, key=lambda one: (_ORDER.index(one[2]), one[0])):
        if kind == "datum":
            recent = _year(text[start:end], this_year) >= this_year - _RECENT_YEARS
            # 'Finn (3-4-2022)'
            if recent and not _after(text, start, name_ends):
                continue
            kind = "geboortedatum"
        if kind in _AFTER_NAMES:
            if not _after(text, start, name_ends):
                continue
            kind = _AFTER_NAMES[kind]
        found += [(*piece, kind) for piece in _beside(text, start, end, found)]
    wanted = [
        (start, end, kind)
        for start, end, kind in sorted(found)
        if kind in kinds and not (kind in _CALLED and re.sub(r"\D", "", text[start:end]) in keep)
    ]
    return _replaced(text, _joined(text, wanted))


def warm_up() -> None:
    """Load the engine and the lists, so that the first text need not wait for them."""
    screen("warm")


def _is_age(
    text: str, span: tuple[int, int, str], analysed: Sequence[tuple[int, int, str]]
) -> bool:
    """Whether what looks like a street is a titled name with an age: 'mw van Dijk 91'."""
    words = _AGED.fullmatch(text[span[0] : span[1]])
    if words is None or int(words["age"]) > _OLDEST or is_street(words["words"].split()[-1]):
        return False
    end = span[0] + words.end("words")
    return any(
        kind == "naam" and start <= end and stop >= end and _TITLED.search(text[:start])
        for start, stop, kind in analysed
    )


def _after(text: str, start: int, name_ends: list[int]) -> bool:
    """Whether a name ends right before `start`."""
    # a long text is not copied for each of its names
    near = (end for end in name_ends if 0 <= start - end < _LONGEST_GAP)
    return any(_AFTER_NAME.fullmatch(text[end:start]) for end in near)


def _beside(
    text: str, start: int, end: int, found: list[tuple[int, int, str]]
) -> list[tuple[int, int]]:
    """The pieces of a span that no other kind has: 'polisnr 12345678' beside a BSN."""
    pieces = [(start, end)]
    for taken, until, _ in found:
        cut = [((a, min(b, taken)), (max(a, until), b)) for a, b in pieces]
        pieces = [(a, b) for both in cut for a, b in both if a < b]
    if pieces == [(start, end)]:
        return pieces
    words = [_WORDS.search(text, a, b) for a, b in pieces]
    return [word.span() for word in words if word is not None]


def _joined(text: str, spans: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """With pieces of one kind that only a space divides as one: '9' and 'sept 1929'."""
    joined: list[tuple[int, int, str]] = []
    for start, end, kind in spans:
        if joined and joined[-1][2] == kind and not text[joined[-1][1] : start].strip(" "):
            start = joined.pop()[0]
        joined.append((start, end, kind))
    return joined


def _year(written: str, this_year: int) -> int:
    """Year of a written date; two digits are read as the most recent year in the past."""
    first = re.search(r"(?<!\d)((?:19|20)\d{2})(?!\d)", written) or re.match(r"(\d{4})", written)
    year = int(first[1] if first else re.findall(r"\d+", written)[-1])
    if year < 100:
        year += 2000 if year <= this_year % 100 else 1900
    return year


def _replaced(text: str, spans: list[tuple[int, int, str]]) -> Screened:
    parts: list[str] = []
    position = 0
    for start, end, kind in spans:
        parts += [text[position:start], marker(kind)]
        position = end
    parts.append(text[position:])
    found = tuple(Found(kind, text[start:end], start, end) for start, end, kind in spans)
    return Screened("".join(parts), found)
