"""Which region a message is about, and whether a topic holds there."""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from knowledge import Knowledge, Topic
from knowledge.model import NATIONAL

ELSEWHERE = "elders"
# letters; a shorter name is too near to other words
_MIN_MISSPELT = 6


@dataclass(frozen=True)
class Place:
    """Where a message is about: a known region, an area with several regions, or elsewhere."""

    region: str | None
    area: str
    name: str

    def as_slot(self) -> dict[str, str | None]:
        """Plain data for Rasa's slot."""
        return {"region": self.region, "area": self.area, "name": self.name}


@dataclass(frozen=True)
class Mention:
    """A place that a text names, and where in the text."""

    place: Place
    start: int
    end: int


def find_place(text: str, knowledge: Knowledge) -> Place | None:
    """The place that `text` names; None when it names none, or places in different areas."""
    return place_of(mentions(text, knowledge))


def place_of_story(text: str, knowledge: Knowledge) -> Place | None:
    """The place where a story plays, as far as it is in a known region or clearly elsewhere.

    Of several places, the one that is told of as ours counts more than the one that is only
    compared with, or that a patient is sent to.
    """
    found = mentions(text, knowledge)
    if not found:
        return None
    weights = {}
    read_to = 0
    for mention in found:
        weights[mention] = _weight(text[read_to:], mention, read_to)
        read_to = mention.end
    for one, next_one in pairwise(found):
        if _JOINED.match(text[one.end : next_one.start]):
            weights[one] = weights[next_one] = max(weights[one], weights[next_one])
    highest = max(weights.values())
    most = [mention.place for mention in found if weights[mention] == highest]
    ours = {place for place in most if place.region}
    if len(ours) > 1:
        return None
    return ours.pop() if ours else most[0]


def place_of(found: list[Mention]) -> Place | None:
    """The one place that these mentions are about, as far as they agree."""
    regions = {mention.place.region: mention.place for mention in found if mention.place.region}
    if len(regions) == 1:
        return next(iter(regions.values()))
    if regions:
        areas = {place.area for place in regions.values()}
        return Place(None, areas.pop(), "") if len(areas) == 1 else None
    return found[0].place if found else None


def mentions(text: str, knowledge: Knowledge) -> list[Mention]:
    """Every place of regions.yml that `text` names, in order; else one that is almost right."""
    names, pattern = _gazetteer(_Key(knowledge))
    found = [
        Mention(names[match.group().lower()], match.start(), match.end())
        for match in pattern.finditer(text)
        # a town like Beek or Stein is also a Dutch word: it needs its capital, or "in" before it
        if match.group() not in knowledge.ambiguous_places
        or _stands_as_place(text, match.start(), match.end())
    ]
    return found or _misspelt(text, names)


def holds_in(topic: Topic, place: Place | None, knowledge: Knowledge) -> bool:
    """Whether the topic's agreement holds at `place`; unknown places do not contradict it."""
    if topic.scope == NATIONAL or place is None or place.area == topic.scope:
        return True
    region = knowledge.regions.get(place.region or "")
    return region is not None and region.name == topic.scope


def place_from_slot(value: dict[str, str | None] | None) -> Place | None:
    """The reverse of `Place.as_slot`."""
    if not value:
        return None
    return Place(value["region"], str(value["area"]), str(value["name"]))


_AFTER_HEADING = frozenset(",:;.")
_BEFORE_PLACE = re.compile(r"\b(?:in|uit|vanuit|regio|rond|bij|nabij)\s+$", re.IGNORECASE)
_BEFORE_MISSPELT = re.compile(r"\b(?:in|uit|vanuit|rond)\s+$", re.IGNORECASE)
# what stands before a place tells whether the story plays there; the strongest sign first
_LIVES = re.compile(r"\b(?:woon\w*|gaat om)\b[^.,;]*$", re.IGNORECASE)
_THEIRS = re.compile(
    r"\b(?:zoals|net als|anders dan|naar|moet\w* uit|komt uit|belt uit|ziekenhuis|seh|collega\w*"
    r"|zelfs|wijst|^uit)\b[^.,;]{0,25}$",
    re.IGNORECASE,
)
_OURS = re.compile(
    r"\b(?:wij|ons|onze|hier|mijn|praktijk\w*|patiënt\w*|patient\w*|speelt|vanuit)\b[^.,;]*$",
    re.IGNORECASE,
)
_CALLS = re.compile(r"^ (?:belt|belde|zegt|zei|stuurt|wijst)\b", re.IGNORECASE)
# "in Stein en in Landgraaf": neither counts more than the other
_JOINED = re.compile(r"^\W*(?:[^.;]{0,12}\b(?:en|én|als|of)\b[^.;]{0,16}|)\W*$", re.IGNORECASE)


def _stands_as_place(text: str, start: int, end: int) -> bool:
    """Whether what stands there can only be a place: "in beek", or "beek," in front."""
    if start == 0 and text[end : end + 1] in _AFTER_HEADING:
        return True
    return _BEFORE_PLACE.search(text[:start]) is not None


def _weight(rest: str, mention: Mention, offset: int) -> int:
    """How much the story plays there; `rest` is the text from `offset`, after earlier places."""
    before = rest[: mention.start - offset][-60:]
    if _LIVES.search(before):
        return 3
    if _THEIRS.search(before) or _CALLS.match(rest[mention.end - offset :]):
        return -1
    return 1 if _OURS.search(before) or offset == 0 else 0


def _misspelt(text: str, names: dict[str, Place]) -> list[Mention]:
    """A place that is spelt almost right, where a place is expected: "in maastrcht"."""
    known = [name for name in names if len(name) >= _MIN_MISSPELT and " " not in name]
    for match in re.finditer(r"[^\W\d_]+", text):
        word = match.group().lower()
        capital = match.group()[0].isupper()
        if len(word) < (_MIN_MISSPELT if capital else _MIN_MISSPELT + 1):
            continue
        start, end = match.span()
        heading = start == 0 and text[end : end + 1] in _AFTER_HEADING
        if not (heading or _BEFORE_MISSPELT.search(text[:start])):
            continue
        allowed = 1 if len(word) < 10 else 2
        best = process.extractOne(
            word, known, scorer=DamerauLevenshtein.distance, score_cutoff=allowed
        )
        if best is not None and best[0][0] == word[0]:
            return [Mention(names[best[0]], start, end)]
    return []


class _Key:
    """Knowledge as a key of the cache: its revision tells it apart."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge

    def __hash__(self) -> int:
        return hash(self.knowledge.revision)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and other.knowledge.revision == self.knowledge.revision


@lru_cache(maxsize=4)
def _gazetteer(key: _Key) -> tuple[dict[str, Place], re.Pattern[str]]:
    """Every name that is known, in lower case, with its place; and a pattern that finds them."""
    knowledge = key.knowledge
    names: dict[str, Place] = {}
    for name in knowledge.other_places:
        names[name.lower()] = Place(None, ELSEWHERE, name)
    for area in {region.area for region in knowledge.regions.values()}:
        names[area.lower()] = Place(None, area, area)
    for region in knowledge.regions.values():
        for name in (region.name, *region.aliases, *region.places):
            names[name.lower()] = Place(region.id, region.area, region.name)
    longest_first = sorted(names, key=len, reverse=True)
    parts = "|".join(re.escape(name) for name in longest_first)
    # "Kerkrade-West" is in Kerkrade, "ZIO-gebied" is that of ZIO
    return names, re.compile(rf"(?<![\w-])({parts})(?!\w|-$)", re.IGNORECASE)
