"""How likely it is that two reports are about the same bottleneck.

Their texts are compared by words, by parts of words (compounds, typing errors) and by what the
words mean (`begrippen` of likeness.yml); with that go category, region and time. Nothing is learnt
while running and nothing leaves the machine: the numbers come from `tools/fit_likeness.py`.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

import numpy as np
import yaml

from bottlenecks.likeness_text import Lexicon, TextParts

RULES = Path(__file__).parent / "likeness.yml"
NUMBERS = Path(__file__).parent / "likeness.json"

FAMILIES = ("wie", "waarover", "wat", "wanneer")
FEATURES = (
    "words",
    "parts",
    *(f"same_{family}" for family in FAMILIES),
    *(f"other_{family}" for family in FAMILIES),
    "other_subject",
    "same_category",
    "same_region",
    "other_region",
    "recent",
)
WEEK_DAYS = 7
# so many days apart, nearness in time counts for about a third of what it does on the same day
FADES_DAYS = 30
SHARED_SHOWN = 4
SEARCHES = 12


@dataclass(frozen=True)
class Described:
    """What is compared of a report; `text` is its description."""

    text: str
    category: str
    region: str | None
    at: datetime


@dataclass(frozen=True)
class Alike:
    """How much a report is like another, from 0 to 1, and in Dutch what they share."""

    likeness: float
    why: tuple[str, ...]


@dataclass(frozen=True)
class Limits:
    """From which likeness on a report is suggested to officers, or a group offered to a reporter.

    `margin` is how much likelier a group must be than the next one to be offered.
    """

    suggest: float
    offer: float
    margin: float


@dataclass(frozen=True)
class Numbers:
    """The constants: what each feature weighs, and how telling words and concepts are."""

    weights: Mapping[str, float]
    constant: float
    limits: Limits


class Likeness:
    """Compares reports."""

    def __init__(self, lexicon: Lexicon, numbers: Numbers) -> None:
        """`likeness()` gives the one of the data files."""
        self._lexicon = lexicon
        self._weights = np.array([numbers.weights[name] for name in FEATURES])
        self._constant = numbers.constant
        self.limits = numbers.limits

    def of(self, one: Described, others: Sequence[Described]) -> list[Alike]:
        """How much each of `others` is like `one`, in their order."""
        if not others:
            return []
        ours, theirs = self._lexicon.read(one.text), [self._lexicon.read(o.text) for o in others]
        told = self._features(one, ours, others, theirs) @ self._weights + self._constant
        chances = 1 / (1 + np.exp(-told))
        return [
            Alike(float(chance), self._why(one, ours, other, parts))
            for chance, other, parts in zip(chances, others, theirs, strict=True)
        ]

    def features(self, one: Described, others: Sequence[Described]) -> np.ndarray:
        """The features of each pair, in the order of `FEATURES`; to choose weights on."""
        read = self._lexicon.read
        return self._features(one, read(one.text), others, [read(other.text) for other in others])

    def searches(self, text: str) -> list[tuple[float, Sequence[str]]]:
        """What to look for to find reports like this text: how telling it is, and beginnings.

        Each is a word, or all words for one thing; the most telling first.
        """
        return self._lexicon.searches(self._lexicon.read(text), SEARCHES)

    def _features(
        self,
        one: Described,
        ours: TextParts,
        others: Sequence[Described],
        theirs: Sequence[TextParts],
    ) -> np.ndarray:
        columns = [
            # a few words in common tell little, a text that is nearly the same tells much
            _cosines(ours.words, [parts.words for parts in theirs]) ** 2,
            _cosines(ours.grams, [parts.grams for parts in theirs]) ** 2,
            *(
                [_shared(ours.concepts[family], parts.concepts[family]) for parts in theirs]
                for family in FAMILIES
            ),
            *(
                [_other(ours.concepts[family], parts.concepts[family]) for parts in theirs]
                for family in FAMILIES
            ),
            [_other(_subject(ours), _subject(parts)) for parts in theirs],
            [float(one.category == other.category) for other in others],
            [float(_known(one, other) and one.region == other.region) for other in others],
            [float(_known(one, other) and one.region != other.region) for other in others],
            [math.exp(-_days(one, other) / FADES_DAYS) for other in others],
        ]
        return np.column_stack([np.asarray(column, dtype=float) for column in columns])

    def _why(
        self, one: Described, ours: TextParts, other: Described, theirs: TextParts
    ) -> tuple[str, ...]:
        found = []
        if one.category == other.category:
            found.append("zelfde soort")
        if one.region is not None and one.region == other.region:
            found.append("zelfde regio")
        if _days(one, other) <= WEEK_DAYS:
            found.append("binnen een week")
        shared = self._lexicon.shared(ours, theirs)[:SHARED_SHOWN]
        if shared:
            found.append(f"allebei over: {', '.join(shared)}")
        return tuple(found)


@cache
def likeness() -> Likeness:
    """The likeness of the data files."""
    rules = yaml.safe_load(RULES.read_text(encoding="utf-8"))
    data = json.loads(NUMBERS.read_text(encoding="utf-8"))
    lexicon = Lexicon(rules["begrippen"], rules["gewoon"], data["words"], data["concepts"])
    return Likeness(lexicon, Numbers(data["weights"], data["constant"], Limits(**rules["grenzen"])))


def _subject(parts: TextParts) -> dict[str, float]:
    """Whom and what it is about, together: one may say only the one, the other only the other."""
    return {**parts.concepts["wie"], **parts.concepts["waarover"]}


def _known(one: Described, other: Described) -> bool:
    return one.region is not None and other.region is not None


def _days(one: Described, other: Described) -> float:
    return abs((one.at - other.at).total_seconds()) / 86_400


def _cosines(ours: Mapping[str, float], theirs: Sequence[Mapping[str, float]]) -> np.ndarray:
    """How much of the same each of `theirs` holds."""
    size = math.hypot(*ours.values())
    found = []
    for parts in theirs:
        sizes = size * math.hypot(*parts.values())
        product = sum(weight * parts[name] for name, weight in ours.items() if name in parts)
        found.append(product / sizes if sizes else 0.0)
    return np.array(found)


def _shared(ours: Mapping[str, float], theirs: Mapping[str, float]) -> float:
    """How much both name, as the cosine of what they name."""
    product = sum(ours[name] ** 2 for name in ours.keys() & theirs.keys())
    size = math.hypot(*ours.values()) * math.hypot(*theirs.values())
    return product / size if size else 0.0


def _other(ours: Mapping[str, float], theirs: Mapping[str, float]) -> float:
    """1 when both name something, and nothing that the other does."""
    return float(bool(ours and theirs) and not ours.keys() & theirs.keys())
