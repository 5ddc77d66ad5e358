"""What regional officers filled in and approved, laid over the files of knowledge/."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bottlenecks import contacts
from bottlenecks.dates import written
from bottlenecks.store.regional import ContactView, PhaseView
from knowledge import Knowledge, Source
from knowledge.model import Insurer, Region
from knowledge.overlay import LiveText, overlaid


@dataclass(frozen=True)
class RegionalFacts:
    """What was set last: phases by region, contacts by kind and subject, texts of topics.

    `sources` are those that are not in the files.
    """

    phases: Mapping[str, PhaseView] = field(default_factory=dict)
    contacts: Mapping[tuple[str, str], ContactView] = field(default_factory=dict)
    texts: tuple[LiveText, ...] = ()
    sources: Mapping[str, Source] = field(default_factory=dict)

    def contact(self, kind: str, subject: str) -> str | None:
        """What was filled in; None when it is empty."""
        view = self.contacts.get((kind, subject))
        return view.value if view else None


def layered(knowledge: Knowledge, facts: RegionalFacts, region: str | None = None) -> Knowledge:
    """The knowledge with what officers filled in; what they left empty stays as in the files.

    `region` is where it is for: a text that was approved for there wins from one for everyone.
    """
    knowledge = overlaid(knowledge, facts.texts, region, facts.sources)
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
        if (value := facts.contact(kind, region.id))
    }
    phase = facts.phases.get(region.id)
    if phase is not None:
        filled["phase"] = phase.phase
        filled["phase_since"] = written(phase.since) if phase.since else None
        filled["phase_notice"] = phase.notice
    return region.model_copy(update=filled)


def _insurer(insurer: Insurer, facts: RegionalFacts) -> Insurer:
    value = facts.contact(contacts.CARE_MEDIATION, insurer.id)
    return insurer.model_copy(update={"contact": value}) if value else insurer
