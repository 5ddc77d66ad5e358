"""Which region a message is about, and whether a topic holds there."""

import re
from dataclasses import dataclass

from knowledge import Knowledge, Topic
from knowledge.model import NATIONAL
from nlu.spacy_pipeline import load_pipeline

ELSEWHERE = "elders"


@dataclass(frozen=True)
class Place:
    """Where a message is about: a known region, an area with several regions, or elsewhere."""

    region: str | None
    area: str
    name: str

    def as_slot(self) -> dict[str, str | None]:
        """Plain data for Rasa's slot."""
        return {"region": self.region, "area": self.area, "name": self.name}


def find_place(text: str, knowledge: Knowledge) -> Place | None:
    """The place that `text` names; None when it names none, or places in different areas."""
    lowered = text.lower()
    found: dict[str, Place] = {}
    for region in knowledge.regions.values():
        if _names(lowered, [region.name, *region.aliases]) or (
            # "Utrecht" is a region too, but a town like Beek or Stein is also a Dutch word
            _names(text, region.places) or _names(lowered, _unambiguous(region.places))
        ):
            found[region.id] = Place(region.id, region.area, region.name)
    if len(found) == 1:
        return next(iter(found.values()))
    if found:
        areas = {place.area for place in found.values()}
        return Place(None, areas.pop(), "") if len(areas) == 1 else None
    for area in {region.area for region in knowledge.regions.values()}:
        if _names(lowered, [area]):
            return Place(None, area, area)
    for name in knowledge.other_places:
        if _names(lowered, [name]):
            return Place(None, ELSEWHERE, name)
    return _place_by_pipeline(text, knowledge)


def holds_in(topic: Topic, place: Place | None) -> bool:
    """Whether the topic's agreement holds at `place`; unknown places do not contradict it."""
    return topic.scope == NATIONAL or place is None or place.area == topic.scope


def place_from_slot(value: dict[str, str | None] | None) -> Place | None:
    """The reverse of `Place.as_slot`."""
    if not value:
        return None
    return Place(value["region"], str(value["area"]), str(value["name"]))


# names that are ordinary words in lower case
_WORDS = frozenset({"beek", "born", "stein", "doorn", "soest", "baarn", "nuth", "vaals"})


def _unambiguous(places: tuple[str, ...]) -> list[str]:
    return [place for place in places if place.lower() not in _WORDS]


def _names(text: str, names: list[str] | tuple[str, ...]) -> bool:
    lowered = text.lower()
    return any(
        re.search(rf"(?<![\w-]){re.escape(name.lower())}(?![\w-])", lowered)
        and (name.lower() not in _WORDS or name in text)
        for name in names
    )


def _place_by_pipeline(text: str, knowledge: Knowledge) -> Place | None:
    """A place name that spaCy sees after "in", "te" or "regio"; other hits are too often wrong."""
    if not re.search(r"\b(?:in|te|regio|rond|bij) [A-Z]", text):
        return None
    for name in load_pipeline().places(text):
        if re.search(rf"\b(?:in|te|regio|rond) {re.escape(name)}\b", text) and not _names(
            name, [topic.scope for topic in knowledge.topics.values()]
        ):
            return Place(None, ELSEWHERE, name)
    return None
