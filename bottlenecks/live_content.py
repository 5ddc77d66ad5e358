"""What the assistant knows at this moment: the files, and what officers approved over them."""

from collections.abc import Mapping, Sequence

from bottlenecks.store import Work
from bottlenecks.store.proposal_views import ProposalView
from knowledge import Knowledge, Source
from knowledge.overlay import LiveText, MisfitError, fitted, overlaid


def live_texts(work: Work) -> tuple[LiveText, ...]:
    """The texts that were approved."""
    return tuple(
        LiveText(f"{id_}:{version}", topic, region, data)
        for id_, version, topic, region, data in work.content.live_data()
    )


def as_live(view: ProposalView) -> LiveText:
    """A proposal as a text that can be laid over the files."""
    return LiveText(f"{view.id}:{view.version}", view.topic, view.region, view.data or {})


def own_sources(work: Work) -> dict[str, Source]:
    """The sources that are not in the files: regions' own plans."""
    return {
        row.id: Source(
            title=row.title,
            publisher=row.publisher,
            date=row.date,
            file=row.file,
            contacts=tuple(row.contacts),
        )
        for row in work.content_sources.as_sources()
    }


def known_now(work: Work, knowledge: Knowledge, region: str) -> Knowledge:
    """What is told to who works in `region`; `knowledge` is of the files."""
    return overlaid(knowledge, live_texts(work), region, own_sources(work))


def misfits(
    knowledge: Knowledge, views: Sequence[ProposalView], sources: Mapping[str, Source]
) -> dict[str, str]:
    """Approved texts that no longer fit, by the id of their proposal, with why."""
    found = {}
    complete = overlaid(knowledge, (), None, sources)
    for view in views:
        try:
            fitted(as_live(view), complete)
        except MisfitError as error:
            found[view.id] = str(error)
    return found
