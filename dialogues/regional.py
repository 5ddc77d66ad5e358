"""What regional officers filled in, laid over the files of knowledge/."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from bottlenecks import contacts
from bottlenecks.store.regional import ContactView, PhaseView, by_subject
from knowledge import Knowledge
from knowledge.model import Insurer, Region

_MONTHS = (
    "januari februari maart april mei juni juli augustus september oktober november december"
).split()


@dataclass(frozen=True)
class RegionalFacts:
    """What was set last: phases by region, contacts by kind and subject."""

    phases: Mapping[str, PhaseView] = field(default_factory=dict)
    contacts: Mapping[tuple[str, str], ContactView] = field(default_factory=dict)


def layered(knowledge: Knowledge, facts: RegionalFacts) -> Knowledge:
    """The knowledge with what officers filled in; what they left empty stays as in the files."""
    if not facts.phases and not facts.contacts:
        return knowledge
    return replace(
        knowledge,
        regions={id_: _region(region, facts) for id_, region in knowledge.regions.items()},
        insurers={id_: _insurer(insurer, facts) for id_, insurer in knowledge.insurers.items()},
    )


def _region(region: Region, facts: RegionalFacts) -> Region:
    filled: dict[str, str | None] = {
        name: value
        for name, kind in (
            ("contact", contacts.RHO),
            ("reading_times", contacts.READING_TIMES),
            ("persons", contacts.PERSONS),
            ("other_contacts", contacts.REGIONAL),
        )
        if (value := by_subject(facts.contacts, kind).get(region.id))
    }
    phase = facts.phases.get(region.id)
    if phase is not None:
        filled["phase"] = phase.phase
        filled["phase_since"] = in_words(phase.since) if phase.since else None
        filled["phase_notice"] = phase.notice
    return region.model_copy(update=filled)


def _insurer(insurer: Insurer, facts: RegionalFacts) -> Insurer:
    value = by_subject(facts.contacts, contacts.CARE_MEDIATION).get(insurer.id)
    return insurer.model_copy(update={"contact": value}) if value else insurer


def in_words(day: date) -> str:
    """A day as it is written: 28 november 2026."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
