"""Which phase of scaling up a text names, and what is only about the document itself.

Words of two phases are much alike, and what is told of the wrong phase is dangerous. So a passage
never goes to a topic of another phase than it names.
"""

import re

from knowledge.plan.model import Passage

MAX_FRONT_MATTER_CHARS = 250

_NUMERAL = r"(?:\d{1,2} ?[a-h]?\b|één\b|twee\b|drie\b|vier\b|vijf\b|(?-i:[IVX]{1,4}|[A-H])\b)"
_JOIN = r"\s*(?:,|;|/|&|-|–|\ben\b|\bof\b|\bt/m\b|\btot en met\b|\btot\b|\bnaar\b)\s*(?:fase\s+)?"
_NAMED = re.compile(rf"fasen?[\s:-]*({_NUMERAL}(?:{_JOIN}{_NUMERAL})*)", re.IGNORECASE)
_ONE = re.compile(_NUMERAL, re.IGNORECASE)
_RANGE = re.compile(r"(\d)\s*(?:-|–|t/m|tot en met)\s*(?:fase\s+)?(\d)", re.IGNORECASE)
_WORDS = {
    "één": "1", "twee": "2", "drie": "3", "vier": "4", "vijf": "5",
    "i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5",
}  # fmt: skip
_FRONT_MATTER = re.compile(
    r"(?:document)?versie(?:nummer|beheer)?\s*[:.]?\s*\d"
    r"|(?:document)?(?:versie|datum|auteurs?|status|eigenaar|opsteller|redactie|kenmerk|copyright)"
    r"(?:\s*(?:vaststelling|document))?\s*:"
    r"|(?:vastgesteld|opgesteld|geschreven|goedgekeurd|laatst gewijzigd|geactualiseerd)"
    r"\s+(?:door|op|in|d\.?d\.?)\b"
    r"|(?:concept|definitief),?\s+(?:versie\s+)?\d"
    r"|©",
    re.IGNORECASE,
)


def phases_in(text: str) -> frozenset[str]:
    """The phases that a text names, as "2" or "3a"."""
    found: set[str] = set()
    for match in _NAMED.finditer(text):
        names = [_ordinary(one) for one in _ONE.findall(match[1])]
        found.update(names)
        for first, last in _RANGE.findall(match[1]):
            found.update(str(number) for number in range(int(first), int(last) + 1))
    return frozenset(found)


def phases_of(passage: Passage) -> frozenset[str]:
    """The phases that a passage is about: of its nearest heading that names one, else of its text.

    A text under "Fase 2" may look back at phase 1; it is about phase 2.
    """
    for name in (passage.label, passage.heading, *reversed(passage.above)):
        if found := phases_in(name):
            return found
    return phases_in(passage.section) or phases_in(passage.text)


def is_front_matter(text: str) -> bool:
    """Whether a text only tells the version, date or author of the document."""
    return len(text) <= MAX_FRONT_MATTER_CHARS and bool(_FRONT_MATTER.match(text))


def _ordinary(name: str) -> str:
    bare = name.replace(" ", "").casefold()
    return _WORDS.get(bare, bare)
