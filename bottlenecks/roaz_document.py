"""The report for the ROAZ table or the weekly meeting: what stands in it.

It is shown as a page and made a Word document (roaz_word.py) in the same order, from the same data:
what was seen is what is sent.
"""

import re
from dataclasses import dataclass
from datetime import datetime

# of the parts that are no tables
HEADINGS = {
    "introduction": "Inleiding",
    "in_short": "In het kort",
    "quotes": "Wat praktijken schrijven",
    "request": "Wat we vragen",
    "method": "Hoe is er geteld",
}

_BULLET = re.compile(r"[-*•]\s+")


@dataclass(frozen=True)
class Table:
    """Counts under a heading; the columns of the last `numbers` are numbers.

    `before` is said above it.
    """

    heading: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: int = 2
    before: str = ""


@dataclass(frozen=True)
class QuoteLine:
    """What a practice wrote, and about what; never who."""

    text: str
    about: str


@dataclass(frozen=True)
class MeetingDocument:
    """All that is told, with small numbers hidden already; what is empty is left out.

    `facts` are for whom, from whom, of when; `made_at` has a time zone.
    """

    title: str
    facts: tuple[tuple[str, str], ...]
    introduction: str
    in_short: tuple[str, ...]
    tables: tuple[Table, ...]
    quotes: tuple[QuoteLine, ...]
    request: str
    method: tuple[str, ...]
    author: str
    made_at: datetime


@dataclass(frozen=True)
class Line:
    """A paragraph of what an officer typed; `is_item`: of a list."""

    text: str
    is_item: bool


def lines_of(text: str) -> list[Line]:
    """What was typed, as paragraphs and items of a list ("- zo")."""
    found = []
    for line in filter(None, (one.strip() for one in text.splitlines())):
        mark = _BULLET.match(line)
        found.append(Line(line[mark.end() :] if mark else line, is_item=mark is not None))
    return found
