"""Proposals for other texts, their approval, and who looked at a topic last."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select

from bottlenecks.models_content import Proposal, TopicReview
from bottlenecks.proposals import (
    OPEN_PROPOSALS,
    DecisionError,
    ProposalChangedError,
    ProposalStatus,
    SamePersonError,
)
from bottlenecks.roles import Officer, Role, Scope
from bottlenecks.store.proposal_views import ProposalView, view_of
from bottlenecks.store.repository import Repository, directly

# asked for each message, and put together once
_LIVE_DATA = (
    select(Proposal.id, Proposal.version, Proposal.topic, Proposal.region, Proposal.data)
    .where(Proposal.status == ProposalStatus.APPROVED)
    .order_by(Proposal.decided_at, Proposal.id)
)


class Content(Repository):
    """Reads and writes content within one transaction.

    What is for everyone (region None) is seen by every officer, and changed by who sees all.
    """

    def add_concept(
        self,
        topic: str,
        region: str | None,
        data: Mapping[str, Any] | None,
        *,
        base: Mapping[str, Any] | None = None,
        reason: str | None = None,
        source_id: str | None = None,
        actor: str | None = None,
    ) -> str:
        """Keep a text that nobody proposed yet, and give its id.

        Args:
            topic: the id of the topic.
            region: for whom; None: for everyone.
            data: the topic as in the YAML files; None: back to what the files say.
            base: what it was written against (see `Proposal`).
            reason: why, screened.
            source_id: the own source of the region that it was drafted from.
            actor: who wrote it; None: drafted by a program.
        """
        proposal = Proposal(
            id=self._new_id(),
            topic=topic,
            region=region,
            data=dict(data) if data is not None else None,
            base=dict(base) if base is not None else None,
            reason=reason,
            status=ProposalStatus.CONCEPT,
            source_id=source_id,
            proposed_by=actor,
            proposed_at=self._clock(),
            version=1,
        )
        self._session.add(proposal)
        self._session.flush()
        return proposal.id

    def rewrite(
        self,
        proposal_id: str,
        scope: Scope,
        data: Mapping[str, Any] | None,
        *,
        actor: str,
        version: int,
        base: Mapping[str, Any] | None = None,
        reason: str | None = None,
    ) -> None:
        """Change the text of an open proposal; it is a concept again, of who changed it.

        Raises:
            LookupError: not there, or not to be changed.
            ProposalChangedError: it is not of this `version` any more.
            DecisionError: it was decided on.
        """
        proposal = self._open(proposal_id, scope, version)
        proposal.data = dict(data) if data is not None else None
        proposal.base = dict(base) if base is not None else proposal.base
        proposal.reason = reason
        proposal.status = ProposalStatus.CONCEPT
        self._of(proposal, actor)

    def propose(self, proposal_id: str, scope: Scope, *, actor: str, version: int) -> None:
        """Ask a colleague to approve a concept.

        Raises:
            LookupError, ProposalChangedError, DecisionError: see `rewrite`.
        """
        proposal = self._open(proposal_id, scope, version)
        if proposal.status != ProposalStatus.CONCEPT:
            raise DecisionError("Dit voorstel is al ingediend.")
        proposal.status = ProposalStatus.PROPOSED
        self._of(proposal, actor)

    def withdraw(self, proposal_id: str, scope: Scope, *, actor: str, version: int) -> None:
        """Take back an open proposal, or throw away a concept.

        Raises:
            LookupError, ProposalChangedError, DecisionError: see `rewrite`.
        """
        proposal = self._open(proposal_id, scope, version)
        self._decide(proposal, ProposalStatus.WITHDRAWN, actor, None)

    def approve(
        self,
        proposal_id: str,
        scope: Scope,
        *,
        actor: str,
        version: int,
        instead_of: str | None,
    ) -> None:
        """Make a proposal live, as someone else than who proposed it.

        `instead_of` is the id of the proposal that was live when the approver looked (None: none).

        Raises:
            LookupError, ProposalChangedError, DecisionError: see `rewrite`.
            SamePersonError: the approver proposed it.
        """
        self._lock_beside(proposal_id)
        proposal = self._decidable(proposal_id, scope, actor, version)
        before = list(
            self._session.scalars(
                _live().where(Proposal.topic == proposal.topic, _region_is(proposal.region))
            )
        )
        if (before[0].id if before else None) != instead_of:
            raise ProposalChangedError(proposal_id)
        for other in before:
            other.status = ProposalStatus.REPLACED
        self._decide(proposal, ProposalStatus.APPROVED, actor, None)

    def reject(self, proposal_id: str, scope: Scope, *, actor: str, version: int, why: str) -> None:
        """Refuse a proposal, as someone else than who proposed it; `why` is screened.

        Raises:
            LookupError, ProposalChangedError, DecisionError, SamePersonError: see `approve`.
        """
        proposal = self._decidable(proposal_id, scope, actor, version)
        self._decide(proposal, ProposalStatus.REJECTED, actor, why)

    def get(self, proposal_id: str, scope: Scope) -> ProposalView | None:
        """The proposal with this id; None: it is not there, or of a region that is not seen."""
        row = self._session.get(Proposal, proposal_id)
        return view_of(row) if row is not None and sees(scope, row.region) else None

    def live(self) -> list[ProposalView]:
        """What is approved and not back to the files, one for each topic and region."""
        found = {(row.topic, row.region): row for row in self._session.scalars(_live())}
        return [view_of(row) for row in found.values() if row.data is not None]

    def live_data(self) -> list[tuple[str, int, str, str | None, dict[str, Any]]]:
        """The same, for each message: only id, version, topic, region and data."""
        rows = directly(self._session).execute(_LIVE_DATA)
        found = {
            (topic, region): (id_, version, topic, region, data)
            for id_, version, topic, region, data in rows.tuples()
            if data is not None
        }
        return list(found.values())

    def current(self, topic: str, region: str | None) -> ProposalView | None:
        """What was approved last for a topic and region, also when it says "back to the files"."""
        row = self._session.scalars(
            _live().where(Proposal.topic == topic, _region_is(region))
        ).first()
        return view_of(row) if row is not None else None

    def open(self, scope: Scope, *, topic: str | None = None) -> list[ProposalView]:
        """Concepts and what waits for approval, as far as they are seen, the oldest first."""
        query = (
            select(Proposal)
            .where(Proposal.status.in_(OPEN_PROPOSALS), _visible(scope))
            .order_by(Proposal.proposed_at, Proposal.id)
        )
        if topic is not None:
            query = query.where(Proposal.topic == topic)
        return [view_of(row) for row in self._session.scalars(query)]

    def waiting_for(self, officer: Officer) -> int:
        """How many proposals wait for a decision that this officer may take."""
        if not officer.may(Role.HANDLER):
            return 0
        query = select(func.count()).where(
            Proposal.status == ProposalStatus.PROPOSED, Proposal.proposed_by != officer.id
        )
        if not officer.scope.all_regions:
            query = query.where(Proposal.region.in_(officer.scope.regions))
        return self._session.scalar(query.select_from(Proposal)) or 0

    def decided(
        self, scope: Scope, *, topic: str | None = None, limit: int = 20
    ) -> list[ProposalView]:
        """What was decided on, as far as it is seen, the latest first."""
        query = (
            select(Proposal)
            .where(Proposal.decided_at.is_not(None), _visible(scope))
            .order_by(Proposal.decided_at.desc(), Proposal.id)
            .limit(limit)
        )
        if topic is not None:
            query = query.where(Proposal.topic == topic)
        return [view_of(row) for row in self._session.scalars(query)]

    def review(self, topic: str, region: str | None, *, by: str) -> None:
        """Keep that someone read a topic and found it true."""
        self._session.add(TopicReview(topic=topic, region=region, by=by, at=self._clock()))
        self._session.flush()

    def looked_at(self) -> dict[tuple[str, str | None], tuple[datetime, str]]:
        """When a topic was last looked at, and by whom; by topic and region.

        Who approves a text has looked at it too.
        """
        latest = select(func.max(TopicReview.id)).group_by(TopicReview.topic, TopicReview.region)
        found = {
            (row.topic, row.region): (row.at, row.by)
            for row in self._session.scalars(select(TopicReview).where(TopicReview.id.in_(latest)))
        }
        # without their texts, which are long
        columns = (Proposal.topic, Proposal.region, Proposal.decided_at, Proposal.decided_by)
        for topic, region, at, by in self._session.execute(_live().with_only_columns(*columns)):
            known = found.get((topic, region))
            if at and by and (not known or known[0] < at):
                found[topic, region] = (at, by)
        return found

    def _lock_beside(self, proposal_id: str) -> None:
        """Hold all proposals of the same topic and region, in one order, until this is over.

        So the later of two approvals at once sees the earlier one, also on PostgreSQL.
        """
        same = self._session.execute(
            select(Proposal.topic, Proposal.region).where(Proposal.id == proposal_id)
        ).first()
        if same is not None:
            self._session.execute(
                select(Proposal.id)
                .where(Proposal.topic == same.topic, _region_is(same.region))
                .order_by(Proposal.id)
                .with_for_update()
            )

    def _open(self, proposal_id: str, scope: Scope, version: int) -> Proposal:
        proposal = self._session.get(Proposal, proposal_id, with_for_update=True)
        if proposal is None or not scope.sees(proposal.region):
            raise LookupError(proposal_id)
        if proposal.status not in OPEN_PROPOSALS:
            raise DecisionError("Over dit voorstel is al besloten.")
        if proposal.version != version:
            raise ProposalChangedError(proposal_id)
        return proposal

    def _decidable(self, proposal_id: str, scope: Scope, actor: str, version: int) -> Proposal:
        proposal = self._open(proposal_id, scope, version)
        if proposal.status != ProposalStatus.PROPOSED:
            raise DecisionError("Dit is nog een concept. Dien het eerst in als voorstel.")
        if proposal.proposed_by == actor:
            raise SamePersonError("Jij stelde dit zelf voor. Vraag een collega om te beslissen.")
        return proposal

    def _of(self, proposal: Proposal, actor: str) -> None:
        proposal.proposed_by = actor
        proposal.proposed_at = self._clock()
        proposal.version += 1
        self._session.flush()

    def _decide(
        self, proposal: Proposal, to: ProposalStatus, actor: str, decision: str | None
    ) -> None:
        proposal.status = to
        proposal.decided_by = actor
        proposal.decided_at = self._clock()
        proposal.decision = decision
        proposal.version += 1
        self._session.flush()


def sees(scope: Scope, region: str | None) -> bool:
    """Whether an officer sees texts for `region`; those for everyone are seen by all."""
    return region is None or scope.sees(region)


def _live() -> Select[tuple[Proposal]]:
    """Approved proposals, the latest last."""
    return (
        select(Proposal)
        .where(Proposal.status == ProposalStatus.APPROVED)
        .order_by(Proposal.decided_at, Proposal.id)
    )


def _region_is(region: str | None) -> Any:
    return Proposal.region.is_(None) if region is None else Proposal.region == region


def _visible(scope: Scope) -> Any:
    if scope.all_regions:
        return Proposal.id.is_not(None)
    return or_(Proposal.region.is_(None), Proposal.region.in_(scope.regions))
