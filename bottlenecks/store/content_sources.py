"""Regions' own plans: what was read from them, and what became of the drafts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, select
from sqlalchemy.orm import load_only

from bottlenecks.models_content import ContentSource, Proposal
from bottlenecks.proposals import ProposalStatus
from bottlenecks.roles import Scope
from bottlenecks.store.repository import Repository, directly

MAX_ID_CHARS = 40
# what is asked for each message is put together once
_AS_SOURCES = select(
    ContentSource.id,
    ContentSource.title,
    ContentSource.publisher,
    ContentSource.date,
    ContentSource.file,
    ContentSource.contacts,
)


@dataclass(frozen=True)
class PlanPassage:
    """A piece of the text of a plan, where it stands, and the topics that it was matched to."""

    place: str
    text: str
    page: int | None
    topics: tuple[str, ...]


@dataclass(frozen=True)
class NewPlan:
    """A plan to keep. Texts are screened; `digest` is a hash of the file."""

    region: str
    title: str
    publisher: str
    date: str | None
    file: str
    digest: str
    contacts: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class PlanRow:
    """A plan without its text. `states` counts the proposals drafted from it; moments are UTC."""

    id: str
    region: str
    title: str
    publisher: str
    date: str | None
    file: str
    contacts: tuple[str, ...]
    notes: tuple[str, ...]
    created_by: str | None
    created_at: datetime
    states: tuple[tuple[ProposalStatus, int], ...] = ()

    @property
    def proposals(self) -> int:
        """How many proposals were drafted from it."""
        return sum(number for _, number in self.states)


@dataclass(frozen=True)
class DraftRow:
    """A proposal that was drafted from a plan."""

    id: str
    topic: str
    status: ProposalStatus
    proposed_by: str | None

    @property
    def is_untouched(self) -> bool:
        """Whether nobody worked on it yet."""
        return self.status is ProposalStatus.CONCEPT and self.proposed_by is None


class PlanInUseError(Exception):
    """A plan cannot be removed: someone worked on a draft of it."""


class ContentSources(Repository):
    """Reads and writes own plans within one transaction."""

    def new_id(self, region: str) -> str:
        """A key for the next plan of a region, as topics name it."""
        number = 1
        while True:
            tail = f"-{number}"
            key = f"plan-{region}"[: MAX_ID_CHARS - len(tail)] + tail
            if self._session.get(ContentSource, key) is None:
                return key
            number += 1

    def add(
        self,
        source_id: str,
        plan: NewPlan,
        passages: Iterable[PlanPassage],
        *,
        created_by: str | None,
    ) -> None:
        """Keep a plan; `created_by` None: on the server itself."""
        self._session.add(
            ContentSource(
                id=source_id,
                region=plan.region,
                title=plan.title,
                publisher=plan.publisher,
                date=plan.date,
                file=plan.file,
                contacts=list(plan.contacts),
                notes=list(plan.notes),
                digest=plan.digest,
                passages=[_stored(passage) for passage in passages],
                created_by=created_by,
                created_at=self._clock(),
            )
        )
        self._session.flush()

    def all(self, scope: Scope | None = None) -> list[PlanRow]:
        """The plans of these regions (None: of all), newest first."""
        rows = self._session.scalars(
            select(ContentSource)
            .options(load_only(*_COLUMNS))
            .order_by(ContentSource.created_at.desc(), ContentSource.id)
        ).all()
        seen = [row for row in rows if scope is None or scope.sees(row.region)]
        states = self._states([row.id for row in seen])
        return [_row(row, states.get(row.id, ())) for row in seen]

    def as_sources(self) -> list[Row[Any]]:
        """What answers tell of all plans: id, title, publisher, date, file and contacts."""
        return list(directly(self._session).execute(_AS_SOURCES))

    def get(self, source_id: str, scope: Scope) -> PlanRow | None:
        """One plan, if these regions hold it."""
        row = self._session.get(ContentSource, source_id)
        if row is None or not scope.sees(row.region):
            return None
        return _row(row, self._states([source_id]).get(source_id, ()))

    def passages(self, source_id: str) -> list[PlanPassage]:
        """The text of a plan, in order; empty when there is no such plan."""
        row = self._session.get(ContentSource, source_id)
        return [_passage(stored) for stored in row.passages] if row is not None else []

    def texts(self, region: str) -> dict[str, str]:
        """The text of the plans of a region, by the name of the file."""
        rows = self._session.scalars(
            select(ContentSource).where(ContentSource.region == region).order_by(ContentSource.id)
        )
        found: dict[str, list[str]] = {}
        for row in rows:
            # a newer plan may be in a file of the same name
            found.setdefault(row.file, []).extend(_passage(one).text for one in row.passages)
        return {file: "\n\n".join(texts) for file, texts in found.items()}

    def point(self, source_id: str, index: int, topic: str) -> None:
        """Keep that a passage is about a topic too.

        Raises:
            LookupError: there is no such passage.
        """
        row = self._session.get(ContentSource, source_id)
        if row is None or not 0 <= index < len(row.passages):
            raise LookupError(source_id)
        passages = [dict(passage) for passage in row.passages]
        topics = passages[index]["onderwerpen"]
        passages[index]["onderwerpen"] = list(dict.fromkeys([*topics, topic]))
        row.passages = passages
        self._session.flush()

    def same_file(self, region: str, digest: str) -> str | None:
        """The plan that was read from the same file for a region before."""
        return self._session.scalar(
            select(ContentSource.id)
            .where(ContentSource.region == region, ContentSource.digest == digest)
            .order_by(ContentSource.created_at)
            .limit(1)
        )

    def drafts(self, source_id: str) -> list[DraftRow]:
        """The proposals that were drafted from a plan, in the order in which that was done."""
        rows = self._session.scalars(
            select(Proposal)
            .where(Proposal.source_id == source_id)
            .order_by(Proposal.proposed_at, Proposal.topic)
        )
        return [
            DraftRow(row.id, row.topic, ProposalStatus(row.status), row.proposed_by) for row in rows
        ]

    def redraft(self, proposal_id: str, data: Mapping[str, Any]) -> None:
        """Put other text in a draft that nobody worked on yet.

        Raises:
            LookupError: there is no such draft.
        """
        row = self._session.get(Proposal, proposal_id)
        if row is None or row.proposed_by is not None or row.status != ProposalStatus.CONCEPT:
            raise LookupError(proposal_id)
        row.data = dict(data)
        row.version += 1
        self._session.flush()

    def remove(self, source_id: str) -> int:
        """Remove a plan with its drafts, and give how many those were.

        Raises:
            LookupError: there is no such plan.
            PlanInUseError: someone worked on a draft, or a text that is kept names the plan.
        """
        row = self._session.get(ContentSource, source_id)
        if row is None:
            raise LookupError(source_id)
        own = self._session.scalars(select(Proposal).where(Proposal.source_id == source_id)).all()
        untouched = all(
            one.status == ProposalStatus.CONCEPT and one.proposed_by is None for one in own
        )
        if not untouched or self._is_named(source_id, row.region):
            raise PlanInUseError(source_id)
        self._session.execute(delete(Proposal).where(Proposal.source_id == source_id))
        self._session.delete(row)
        self._session.flush()
        return len(own)

    def _is_named(self, source_id: str, region: str) -> bool:
        """Whether another text of the region names the plan as its source."""
        others = self._session.scalars(
            select(Proposal.data).where(
                Proposal.region == region,
                (Proposal.source_id.is_(None)) | (Proposal.source_id != source_id),
            )
        )
        return any(
            isinstance(ref, dict) and ref.get("document") == source_id
            for data in others
            for ref in (data or {}).get("bron") or ()
        )

    def _states(
        self, source_ids: Sequence[str]
    ) -> dict[str, tuple[tuple[ProposalStatus, int], ...]]:
        found: dict[str, list[tuple[ProposalStatus, int]]] = {}
        if not source_ids:
            return {}
        for source_id, status, number in self._session.execute(
            select(Proposal.source_id, Proposal.status, func.count())
            .where(Proposal.source_id.in_(source_ids))
            .group_by(Proposal.source_id, Proposal.status)
            .order_by(Proposal.status)
        ).tuples():
            found.setdefault(str(source_id), []).append((ProposalStatus(status), number))
        return {source_id: tuple(counts) for source_id, counts in found.items()}


_COLUMNS = (
    ContentSource.region,
    ContentSource.title,
    ContentSource.publisher,
    ContentSource.date,
    ContentSource.file,
    ContentSource.contacts,
    ContentSource.notes,
    ContentSource.created_by,
    ContentSource.created_at,
)


def _row(row: ContentSource, states: tuple[tuple[ProposalStatus, int], ...]) -> PlanRow:
    return PlanRow(
        row.id,
        row.region,
        row.title,
        row.publisher,
        row.date,
        row.file,
        tuple(row.contacts),
        tuple(row.notes),
        row.created_by,
        row.created_at,
        states,
    )


def _stored(passage: PlanPassage) -> dict[str, object]:
    return {
        "onderdeel": passage.place,
        "tekst": passage.text,
        "bladzijde": passage.page,
        "onderwerpen": list(passage.topics),
    }


def _passage(stored: dict[str, object]) -> PlanPassage:
    topics = stored["onderwerpen"]
    page = stored["bladzijde"]
    return PlanPassage(
        str(stored["onderdeel"]),
        str(stored["tekst"]),
        page if isinstance(page, int) else None,
        tuple(map(str, topics)) if isinstance(topics, list) else (),
    )
