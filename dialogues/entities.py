"""The details in a message: region, phase, insurer, urgency, reference, count, date, party."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from dialogues.regions import Place, mentions, place_of
from knowledge import Knowledge

FILE = Path(__file__).parent / "entities.yml"

REFERENCE = re.compile(r"\bKP-?(\d{4})-?(\d{1,20})\b", re.IGNORECASE | re.ASCII)
_URGENCY = re.compile(r"\bu-?([1-5])\b|\burgentie\s*([1-5])\b", re.IGNORECASE)
# spans that may be a date; what they mean is left to dateparser
_DATE = re.compile(
    r"\b(?:eergisteren|gister(?:en)?|vandaag|vanmorgen|vanochtend|vanmiddag"
    r"|(?:afgelopen|vorige)\s+(?:week|maand|(?:maan|dins|woens|donder|vrij|zater|zon)dag)"
    r"(?!\s+\w*dag\b)"
    r"|\d{1,3}\s+(?:dagen|weken|maanden)\s+(?:geleden|terug)"
    r"|\d{4}-\d{2}-\d{2}|\d{1,2}[-/]\d{1,2}[-/]\d{2,4}"
    r"|\d{1,2}\s+(?:jan|feb|mrt|maart|apr|mei|jun|jul|aug|sep|okt|nov|dec)[a-z]*\.?(?:\s+\d{4})?)\b",
    re.IGNORECASE,
)
# what dateparser does not know, in words that it knows
_DATE_WORDS = (
    (r"\bgister\b", "gisteren"),
    (r"\b(?:vanmorgen|vanochtend|vanmiddag)\b", "vandaag"),
    (r"\bterug\b", "geleden"),
    (r"\b(?:afgelopen|vorige)\s+(?=\w+dag\b)", ""),
    (r"\b(?:afgelopen|vorige)\s+(week|maand)\b", r"1 \1 geleden"),
)


@dataclass(frozen=True)
class Party:
    """A party in the chain of care: `name` is shown, `pattern` finds it in a text."""

    id: str
    name: str
    pattern: re.Pattern[str]


@dataclass(frozen=True)
class Entities:
    """What a message names. Everything is None or empty when it names nothing of the kind.

    `phase` is a number, for 3 with its part ("3a" to "3d") if it is named, and may be one that no
    plan knows ("4"); `insurer` is an id of verzekeraars.yml; `urgency` runs from 1 (most urgent) to
    5; `count` how many were called or tried; `day` the date that is named; `parties` ids of
    entities.yml. `spans` are the pieces of text they stand in.
    """

    place: Place | None = None
    phase: str | None = None
    insurer: str | None = None
    urgency: int | None = None
    reference: str | None = None
    count: int | None = None
    day: date | None = None
    parties: tuple[str, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()

    def as_data(self) -> dict[str, Any]:
        """What was found, as plain data for programs; what was not found is left out."""
        found = {
            "region": (self.place.region or self.place.name or self.place.area)
            if self.place
            else None,
            "phase": self.phase,
            "insurer": self.insurer,
            "urgency": f"U{self.urgency}" if self.urgency else None,
            "reference": self.reference,
            "count": self.count,
            "date": self.day.isoformat() if self.day else None,
            "parties": list(self.parties),
        }
        return {name: value for name, value in found.items() if value}


@dataclass(frozen=True)
class _Words:
    numbers: Mapping[str, int]
    letters: Mapping[str, str]
    parties: Mapping[str, Party]
    phase: re.Pattern[str]
    tried: re.Pattern[str]
    fillers: frozenset[str]
    back: frozenset[str]


def find_entities(
    text: str, knowledge: Knowledge, today: Callable[[], date] = lambda: datetime.now(UTC).date()
) -> Entities:
    """The details in `text`; `today` is the day from which "gisteren" is counted."""
    words = _words()
    spans: list[tuple[int, int]] = []

    def first(pattern: re.Pattern[str]) -> re.Match[str] | None:
        match = pattern.search(text)
        if match:
            spans.append(match.span())
        return match

    places = mentions(text, knowledge)
    spans += [(mention.start, mention.end) for mention in places]
    phase = first(words.phase)
    urgency = first(_URGENCY)
    first(REFERENCE)
    counted = first(words.tried)
    parties = []
    for party in words.parties.values():
        if found := first(party.pattern):
            parties.append((found.start(), party.id))
    insurers = []
    for entry in knowledge.insurers.values():
        if found := first(_name_pattern((entry.name, *entry.aliases))):
            insurers.append((found.start(), entry.id))
    return Entities(
        place=place_of(places),
        phase=_phase(phase, words) if phase else None,
        insurer=min(insurers)[1] if insurers else None,
        urgency=int(urgency.group(1) or urgency.group(2)) if urgency else None,
        reference=normalised_reference(text),
        count=_number(counted["count"] or counted["times"], words) if counted else None,
        day=_day(first(_DATE), today()),
        parties=tuple(id_ for _, id_ in sorted(parties)),
        spans=tuple(spans),
    )


def normalised_reference(text: str) -> str | None:
    """The report reference in `text` in its stored form, such as KP-2026-0001."""
    found = REFERENCE.search(text)
    return f"KP-{found.group(1)}-{int(found.group(2)):04d}" if found else None


def is_bare(text: str, found: Entities) -> bool:
    """Whether `text` holds nothing but the details in `found` and words that say nothing."""
    rest = "".join(
        " " if any(start <= index < end for start, end in found.spans) else character
        for index, character in enumerate(text)
    )
    words = re.findall(r"[^\W\d_]+", rest.lower())
    named = bool(found.as_data()) or means_own_region(text)
    return named and all(word in _words().fillers for word in words)


def means_own_region(text: str) -> bool:
    """Whether `text` says "bij ons" or "hier": the region that is known of who asks."""
    return re.search(r"\b(?:bij|voor) ons\b|\bhier\b|\bonze regio\b", text.lower()) is not None


def refers_back(text: str) -> bool:
    """Whether `text` goes on about what came before: "en ...", or with a word such as "dat"."""
    words = re.findall(r"\w+", text.lower())
    return bool(words) and (words[0] in ("en", "of") or bool(_words().back & set(words)))


def party(party_id: str) -> Party:
    """The party with this id of entities.yml.

    Raises:
        KeyError: there is no such party.
    """
    return _words().parties[party_id]


@cache
def _words() -> _Words:
    data = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    numbers: dict[str, int] = data["getallen"]
    letters: dict[str, str] = data["letters"]
    parties = {
        item["id"]: Party(item["id"], item["naam"], _word_starts(item["ook"]))
        for item in data["partijen"]
    }
    part = "|".join(sorted(letters, key=len, reverse=True))
    every = "|".join(numbers)
    phase = re.compile(
        rf"\bfas(?:e|en)\s*(?P<number>\d|{every})\s*-?\s*(?P<part>{part})?\b"
        # "3 a 4 dagen" is no phase
        rf"|\b(?:3(?P<alone>[a-d])|drie\s*(?P<spoken>{part}))\b(?!\s*(?:\d|{every}\b))",
        re.IGNORECASE,
    )
    count = every
    done = "gebeld|geprobeerd|gemaild|benaderd|gevraagd|afgebeld|gehad|geweest"
    time = "weken|week|dagen|dag|uur|uren|maanden|maand|jaar|minuten|kwartier|keer"
    tried = re.compile(
        rf"\b(?:al|alle|met|bij|heb|hebben)\s+(?P<count>\d{{1,2}}|{count})\b(?!\s+(?:{time})\b)"
        rf"(?=[^.!?]{{0,40}}\b(?:{done})\b)"
        rf"|\b(?P<times>\d{{1,2}}|{count})\s*(?:keer|x)\s+(?:gebeld|geprobeerd)\b",
        re.IGNORECASE,
    )
    fillers = frozenset(data["vulwoorden"].split())
    back = frozenset(data["terugverwijzers"])
    return _Words(numbers, letters, parties, phase, tried, fillers, back)


def _number(written: str | None, words: _Words) -> int | None:
    if written is None:
        return None
    return int(written) if written.isdigit() else words.numbers.get(written.lower())


def _phase(match: re.Match[str], words: _Words) -> str | None:
    alone = match.group("alone") or match.group("spoken")
    if alone:
        return "3" + words.letters[alone.lower()]
    number = _number(match.group("number"), words)
    part = words.letters.get((match.group("part") or "").lower(), "")
    return f"{number}{part}" if number == 3 else str(number)


def _day(match: re.Match[str] | None, today: date) -> date | None:
    if match is None:
        return None
    import dateparser  # here, because it takes a while to load and few messages name a date

    written = match.group().lower()
    for pattern, plain in _DATE_WORDS:
        written = re.sub(pattern, plain, written)
    found = dateparser.parse(
        written,
        languages=["nl"],
        settings={
            "PREFER_DATES_FROM": "past",
            "RELATIVE_BASE": datetime(today.year, today.month, today.day, 12),
        },
    )
    return found.date() if found else None


def _word_starts(words: list[str]) -> re.Pattern[str]:
    """Beginnings of words; short ones are abbreviations and must stand alone."""
    parts = [re.escape(word) + (r"\b" if len(word) <= 4 else r"\w*") for word in words]
    return re.compile(rf"\b(?:{'|'.join(parts)})", re.IGNORECASE)


@cache
def _name_pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    parts = "|".join(re.escape(name) for name in names)
    return re.compile(rf"(?<![\w-])(?:{parts})(?!\w)", re.IGNORECASE)
