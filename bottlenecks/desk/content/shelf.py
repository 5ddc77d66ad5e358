"""Topics as the desk shows them: what is told now, where that comes from, who looked at it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bottlenecks.desk.context import DeskContext
from bottlenecks.live_content import as_live, misfits, own_sources
from bottlenecks.store import Work
from bottlenecks.store.content_sources import PlanPassage
from bottlenecks.store.proposal_views import ProposalView
from knowledge import Knowledge, Source, Topic
from knowledge.data import as_data
from knowledge.overlay import overlaid


@dataclass(frozen=True)
class Looked:
    """When a topic was last looked at, and by whom (an id)."""

    at: datetime
    by: str


@dataclass(frozen=True)
class Shelf:
    """What is told to who works in `region` (None: to everyone), topic by topic.

    Attributes:
        region: for whom.
        now: what is told, with what officers approved.
        live: approved texts by topic and region, also those that no longer fit.
        misfits: why an approved text is not used, by the id of its proposal.
        sources: those that are not in the files.
        looked: when topics were looked at.
        due_before: a topic that was looked at before this moment has to be looked at again.
    """

    region: str | None
    files: Knowledge
    now: Knowledge
    live: Mapping[tuple[str, str | None], ProposalView]
    misfits: Mapping[str, str]
    sources: Mapping[str, Source]
    looked: Mapping[tuple[str, str | None], tuple[datetime, str]]
    due_before: datetime

    def changed(self, topic_id: str) -> ProposalView | None:
        """The approved text that is told here; None: that of the files is."""
        for region in dict.fromkeys((self.region, None)):
            view = self.live.get((topic_id, region))
            if view is not None and view.id not in self.misfits:
                return view
            if region is not None and topic_id in self.files.variants.get(region, {}):
                return None
        return None

    def misfit(self, topic_id: str) -> str:
        """Why an approved text is not used here; empty when there is none of that kind."""
        for region in dict.fromkeys((self.region, None)):
            view = self.live.get((topic_id, region))
            if view is not None and view.id in self.misfits:
                return self.misfits[view.id]
        return ""

    def file_moved_on(self, topic_id: str) -> bool:
        """Whether the files say something else than when the text that is told was written."""
        view = self.changed(topic_id)
        written = (view.base or {}).get("bestand") if view is not None else None
        return written is not None and written != self.file_data(topic_id)

    def file_data(self, topic_id: str) -> dict[str, Any]:
        """What the files say, as data."""
        own = self.files.variants.get(self.region or "", {})
        return as_data(own.get(topic_id) or self.files.topic(topic_id))

    def data(self, topic_id: str) -> dict[str, Any]:
        """What is told, as data."""
        return as_data(self.now.topic(topic_id))

    def base(self, topic_id: str) -> dict[str, Any]:
        """What another text is written against; see `Proposal`."""
        return {"geldt": self.data(topic_id), "bestand": self.file_data(topic_id)}

    def without_own(self, topic_id: str) -> dict[str, Any]:
        """What would be told without the approved text for exactly this region, as data."""
        others = [
            as_live(view) for key, view in self.live.items() if key != (topic_id, self.region)
        ]
        return as_data(overlaid(self.files, others, self.region, self.sources).topic(topic_id))

    def last_look(self, topic_id: str) -> Looked | None:
        """When the text that is told here was last looked at.

        Who looked at what everyone is told has not seen the text of one region.
        """
        view = self.changed(topic_id)
        own = view.region if view is not None else None
        if topic_id in self.files.variants.get(self.region or "", {}):
            own = self.region
        places = {self.region} if own is not None else {self.region, None}
        looks = [look for place in places if (look := self.looked.get((topic_id, place)))]
        return Looked(*max(looks)) if looks else None

    def is_due(self, topic_id: str) -> bool:
        """Whether a topic was not looked at for too long, or never."""
        last = self.last_look(topic_id)
        return last is None or last.at < self.due_before


def take(desk: DeskContext, work: Work, region: str | None) -> Shelf:
    """What is told at this moment to who works in `region`."""
    views = work.content.live()
    sources = own_sources(work)
    return Shelf(
        region=region,
        files=desk.knowledge,
        now=overlaid(desk.knowledge, [as_live(view) for view in views], region, sources),
        live={(view.topic, view.region): view for view in views},
        misfits=misfits(desk.knowledge, views, sources),
        sources=sources,
        looked=work.content.looked_at(),
        due_before=work.now() - timedelta(days=desk.review_days),
    )


def plans_of(work: Work, region: str | None) -> Mapping[str, str]:
    """The texts of a region's own plans, by the names of their files."""
    return work.content_sources.texts(region) if region else {}


def from_plan(work: Work, proposal: ProposalView | None) -> list[PlanPassage]:
    """What the plan that a proposal was drafted from says about its topic."""
    if proposal is None or proposal.source_id is None:
        return []
    passages = work.content_sources.passages(proposal.source_id)
    return [passage for passage in passages if proposal.topic in passage.topics]


def found(topics: Sequence[Topic], words: str) -> list[Topic]:
    """The topics in which each of the words stands: in id, title, answer or explanation."""
    wanted = words.casefold().split()
    return [
        topic
        for topic in topics
        if all(
            word in f"{topic.id} {topic.title} {topic.answer} {topic.more or ''}".casefold()
            for word in wanted
        )
    ]
