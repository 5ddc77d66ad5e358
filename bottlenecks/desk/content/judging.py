"""What a proposal changes, and whether the files would still be right with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bottlenecks.desk.content.forms import LABELS
from bottlenecks.desk.content.shelf import Shelf
from bottlenecks.desk.content.words import Told, told, unwritten, warnings
from bottlenecks.word_diff import FieldDiff, by_field
from knowledge.data import canonical
from knowledge.edit import Change, EditError, excerpt, new_faults
from knowledge.loader import Fault


@dataclass(frozen=True)
class Judgement:
    """What an officer sees of a proposal before it is sent in or approved.

    Attributes:
        diff: the fields that change, word by word.
        faults: what the check finds.
        lines: how the topic would stand in its file, with the numbers of the lines.
        marked: the lines in which something is wrong.
        told: the faults in plain words.
        warnings: what is easily done by mistake.
        unwritten: how many notes of a plan are still to be rewritten.
    """

    diff: tuple[FieldDiff, ...]
    faults: tuple[Fault, ...] = ()
    lines: tuple[tuple[int, str], ...] = ()
    marked: frozenset[int] = frozenset()
    told: tuple[Told, ...] = ()
    warnings: tuple[str, ...] = ()
    unwritten: int = 0

    @property
    def seen(self) -> str:
        """What a form sends along once these warnings were shown."""
        return " ".join(self.warnings)

    @property
    def about_contacts(self) -> bool:
        """Whether something is wrong with a number or an address."""
        return any("contactgegevens" in fault.message for fault in self.faults)


def judge(
    shelf: Shelf,
    topic: str,
    data: Mapping[str, Any] | None,
    plans: Mapping[str, str] | None = None,
) -> Judgement:
    """Judge other data for a topic, for the region of the shelf; None: back to the files.

    `plans` are the texts of the region's own plans: their sentences are not taken over.
    """
    if topic not in shelf.files.topics:
        fault = Fault(f"{topic.split('/')[0]}.yml", 1, topic, "dit onderwerp bestaat niet meer")
        return Judgement((), (fault,), told=told([fault], {}, {}))
    old = shelf.data(topic)
    if data is None:
        return Judgement(differences(old, shelf.without_own(topic), shelf))
    change = Change({**data, "id": topic}, shelf.region)
    try:
        faults = new_faults(change, shelf.sources, documents=plans)
        lines = excerpt(change, shelf.sources)
    except EditError:
        fault = Fault(f"{topic.split('/')[0]}.yml", 1, topic, "deze tekst past niet in het bestand")
        return Judgement(differences(old, data, shelf), (fault,), told=told([fault], {}, {}))
    return Judgement(
        diff=differences(old, data, shelf),
        faults=tuple(faults),
        lines=tuple(lines),
        marked=frozenset(fault.line for fault in faults if fault.id == topic),
        told=told(faults, old, canonical(data)),
        warnings=warnings(old, canonical(data)),
        unwritten=unwritten(data),
    )


def differences(
    old: Mapping[str, Any], new: Mapping[str, Any], shelf: Shelf
) -> tuple[FieldDiff, ...]:
    """The fields that differ, with the names of sources and topics instead of their ids."""
    return by_field(_readable(old, shelf), _readable(new, shelf), LABELS)


def _readable(data: Mapping[str, Any], shelf: Shelf) -> dict[str, Any]:
    sources, topics = shelf.now.sources, shelf.now.topics
    readable = dict(data)
    readable.setdefault("geldt_voor", "landelijk")
    if isinstance(data.get("bron"), list):
        readable["bron"] = [
            {**ref, "document": sources[ref["document"]].title}
            if isinstance(ref, Mapping) and ref.get("document") in sources
            else ref
            for ref in data["bron"]
        ]
    if isinstance(data.get("verwant"), list):
        readable["verwant"] = [
            topics[id_].title if id_ in topics else id_ for id_ in data["verwant"]
        ]
    return readable
