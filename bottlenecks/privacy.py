"""Screening: every free text passes through `screen` before anything keeps it.

Now: BSN, phone numbers, e-mail addresses, birth dates, postcodes with a house number. Names of
people are not recognised yet, and the user is told so.
"""

import re
from dataclasses import dataclass
from datetime import date

import phonenumbers
from stdnum.nl import bsn

from bottlenecks.dates import MONTHS, SHORT_MONTHS

KINDS = {
    "bsn": "BSN",
    "telefoon": "telefoonnummer",
    "e-mail": "e-mailadres",
    "geboortedatum": "geboortedatum",
    "adres": "postcode met huisnummer",
}


# what stays in a text that asks how organisations are reached is left out here
OTHER_THAN_CONTACTS = frozenset(KINDS) - {"telefoon", "e-mail"}


@dataclass(frozen=True)
class Found:
    """Personal data in a text: its kind (a key of `KINDS`), and where it stands in that text."""

    kind: str
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Screened:
    """A text without the personal data that was found; `found` lists it, in order."""

    text: str
    found: tuple[Found, ...] = ()

    @property
    def removed(self) -> tuple[str, ...]:
        """The kinds of what was removed, in order."""
        return tuple(one.kind for one in self.found)

    @property
    def removed_in_words(self) -> str:
        """What was removed, in Dutch, for the person who typed it; empty when nothing was."""
        return in_words(*(KINDS[kind] for kind in self.removed))


def in_words(*mentions: str) -> str:
    """The kinds that occur in `mentions`, each once, as a Dutch enumeration."""
    names = [name for name in KINDS.values() if any(name in mention for mention in mentions)]
    if len(names) < 2:
        return "".join(names)
    return ", ".join(names[:-1]) + " en " + names[-1]


_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
# nine digits, possibly parted by single spaces, dots or dashes, not inside a longer number
_NINE_DIGITS = re.compile(r"(?<![\d+])(?:\d[ .-]?){8}\d(?!\d)")
_POSTCODE_HOUSE = re.compile(
    r"\b[1-9]\d{3} ?(?!SA|SD|SS)[A-Z]{2}(?![A-Z])[\s,]*(?:huisnummer|huisnr\.?|nr\.?|nummer)?\s*"
    r"\d{1,5}(?:[ -]?[a-z]{1,3}\b|-\d{1,3}\b)?",
    re.IGNORECASE,
)
_STREET_POSTCODE = re.compile(
    r"\b\d{1,5}[a-z]?[\s,]+[1-9]\d{3} ?(?!SA|SD|SS)[A-Z]{2}\b", re.IGNORECASE
)
_MONTHS = (*MONTHS, *SHORT_MONTHS, "sept")
_DATE = (
    r"(?:\d{1,2}[-/. ]\d{1,2}[-/. ](?:\d{4}|\d{2})|\d{4}-\d{2}-\d{2}|"
    r"\d{1,2}[ -](?:" + "|".join(_MONTHS) + r")\.?[ -](?:\d{4}|'?\d{2}))"
)
_BIRTH_DATE = re.compile(
    r"(?:\b(?:geb(?:oren)?\.?(?:\s*datum|datum)?(?:\s+op)?|geboortedatum|gbd|gebdat\.?)\s*"
    r"(?:is\s+)?:?\s*|\*\s*)(" + _DATE + r")(?!\d)",
    re.IGNORECASE,
)
_FULL_DATE = re.compile(r"(?<!\d)" + _DATE + r"(?!\d)", re.IGNORECASE)
# someone older than this has a birth date that cannot be mistaken for a recent event
_RECENT_YEARS = 10


def screen(
    text: str,
    *,
    today: date | None = None,
    keep: frozenset[str] = frozenset(),
    kinds: frozenset[str] = frozenset(KINDS),
) -> Screened:
    """Replace personal data in `text` by a marker such as `[BSN verwijderd]`.

    Args:
        text: what a user typed.
        today: the day from which the age of a date is judged; default the current date.
        keep: digits of public numbers (of organisations) that may stay.
        kinds: the kinds (keys of `KINDS`) to replace; fewer where contact data are asked for.
    """
    year_limit = (today or date.today()).year - _RECENT_YEARS
    found: list[tuple[int, int, str]] = []

    def add(start: int, end: int, kind: str) -> None:
        if all(end <= other_start or start >= other_end for other_start, other_end, _ in found):
            found.append((start, end, kind))

    for match in _EMAIL.finditer(text):
        add(match.start(), match.end(), "e-mail")
    # before the dates: "06 12 34 56 78" holds what looks like one
    for start, end in phone_numbers(text):
        add(start, end, "telefoon")
    for match in _BIRTH_DATE.finditer(text):
        add(match.start(1), match.end(1), "geboortedatum")
    for match in _FULL_DATE.finditer(text):
        if _year(match.group()) < year_limit:
            add(match.start(), match.end(), "geboortedatum")
    for match in _NINE_DIGITS.finditer(text):
        if bsn.is_valid(re.sub(r"\D", "", match.group())):
            add(match.start(), match.end(), "bsn")
    for pattern in (_POSTCODE_HOUSE, _STREET_POSTCODE):
        for match in pattern.finditer(text):
            add(match.start(), match.end(), "adres")
    wanted = [
        (start, end, kind)
        for start, end, kind in sorted(found)
        if kind in kinds and (kind != "telefoon" or re.sub(r"\D", "", text[start:end]) not in keep)
    ]
    return _replaced(text, wanted)


def marker(kind: str) -> str:
    """What stands in a text in the place of what was removed."""
    return f"[{KINDS[kind]} verwijderd]"


def phone_numbers(text: str) -> list[tuple[int, int]]:
    """Where the phone numbers of a text begin and end, however they are spaced."""
    matcher = phonenumbers.PhoneNumberMatcher(text, "NL", leniency=phonenumbers.Leniency.POSSIBLE)
    return [
        (number.start, number.end)
        for number in matcher
        if _is_phone(number.raw_string, re.sub(r"\D", "", number.raw_string))
    ]


def joined_phone_numbers(text: str) -> str:
    """A text with each phone number as one row of digits."""
    parts, position = [], 0
    for start, end in phone_numbers(text):
        parts += [text[position:start], re.sub(r"[^\d+]", "", text[start:end])]
        position = end
    return "".join([*parts, text[position:]])


def _is_phone(raw: str, digits: str) -> bool:
    """Dutch numbers have ten digits and begin with 0; foreign ones begin with + or 00."""
    if raw.lstrip().startswith("+") or digits.startswith("00"):
        return len(digits) >= 10
    return digits.startswith("0") and len(digits) == 10


def _year(written: str) -> int:
    """Year of a written date; two digits are read as the most recent year in the past."""
    iso = re.match(r"\d{4}-", written)
    last = iso.group()[:-1] if iso else re.split(r"[-/. ']", written)[-1]
    year = int(last)
    if year < 100:
        year += 2000 if year <= date.today().year % 100 else 1900
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
