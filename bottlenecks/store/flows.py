"""Flows that people are in: their state, who takes part, and where each of them walks it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, select

from bottlenecks.models import AccessCode, FlowParticipant, FlowRun
from bottlenecks.store.repository import Repository

ACTIVE = "active"
# what is asked for each message is put together once
_ACTIVE_IN = (
    select(FlowRun, FlowParticipant)
    .join(FlowParticipant, FlowParticipant.run_id == FlowRun.id)
    .where(FlowParticipant.conversation_id == bindparam("conversation"), FlowRun.status == ACTIVE)
    .with_for_update(of=FlowRun)
    .execution_options(populate_existing=True)
)
_UNFINISHED = (
    select(FlowRun, FlowParticipant)
    .join(FlowParticipant, FlowParticipant.run_id == FlowRun.id)
    .where(
        FlowParticipant.person_id == bindparam("person"),
        FlowParticipant.left_at.is_(None),
        FlowRun.status == ACTIVE,
    )
    .order_by(FlowRun.updated_at.desc(), FlowRun.id)
)
_LOCKED = (
    select(FlowRun)
    .where(FlowRun.id == bindparam("run"), FlowRun.status == ACTIVE)
    .with_for_update()
    .execution_options(populate_existing=True)
)
_PARTICIPANT = select(FlowParticipant).where(
    FlowParticipant.run_id == bindparam("run"),
    FlowParticipant.person_id == bindparam("person"),
    FlowParticipant.left_at.is_(None),
)
_TAKING_PART = select(func.count(FlowParticipant.id)).where(
    FlowParticipant.run_id == bindparam("run"), FlowParticipant.left_at.is_(None)
)


@dataclass(frozen=True)
class FlowView:
    """An unfinished flow as one of its participants has it.

    `state` is the engine's, as plain data; `me` is this participant's number (from 1) and
    `participants` how many there are; `touched_at` is when it last changed.
    """

    run_id: str
    flow_id: str
    revision: str
    state: Mapping[str, Any]
    me: int
    participants: int
    touched_at: datetime


class Flows(Repository):
    """Reads and writes flows within one transaction."""

    def start(
        self,
        conversation_id: str,
        person_id: str,
        flow_id: str,
        revision: str,
        state: dict[str, Any],
    ) -> FlowView:
        """Begin a flow in a conversation; one that was active there is put aside."""
        self._free(conversation_id)
        now = self._clock()
        run = FlowRun(
            id=self._new_id(),
            flow_id=flow_id,
            status=ACTIVE,
            knowledge_revision=revision,
            state=state,
            created_at=now,
            updated_at=now,
        )
        self._session.add(run)
        self._session.flush()
        return self._join(run, person_id, conversation_id)

    def active_in(self, conversation_id: str) -> FlowView | None:
        """The flow that is walked in this conversation now.

        Its row is locked until the transaction ends: a colleague may be walking it as well.
        """
        found = self._session.execute(_ACTIVE_IN, {"conversation": conversation_id}).first()
        return self._view(found[0], found[1]) if found else None

    def unfinished(self, person_id: str, except_in: str | None = None) -> list[FlowView]:
        """What this person can go on with, latest first; not what runs in `except_in`."""
        rows = self._session.execute(_UNFINISHED, {"person": person_id}).all()
        return [
            self._view(run, participant)
            for run, participant in rows
            if except_in is None or participant.conversation_id != except_in
        ]

    def save(self, run_id: str, state: dict[str, Any], revision: str) -> None:
        """Keep the state."""
        run = self._session.get_one(FlowRun, run_id)
        run.state = state
        run.knowledge_revision = revision
        run.updated_at = self._clock()

    def put_aside(self, run_id: str, person_id: str) -> None:
        """This person walks it nowhere now; they can take it up later."""
        participant = self._participant(run_id, person_id)
        if participant is not None:
            participant.conversation_id = None

    def take_up(self, run_id: str, person_id: str, conversation_id: str) -> FlowView | None:
        """Go on in a conversation, putting aside what ran there; None: not theirs, or over."""
        run = self._locked(run_id)
        participant = self._participant(run_id, person_id)
        if run is None or participant is None:
            return None
        self._free(conversation_id)
        participant.conversation_id = conversation_id
        self._session.flush()
        return self._view(run, participant)

    def join(self, run_id: str, person_id: str, conversation_id: str) -> FlowView | None:
        """Take part in someone else's flow; None: it is over. Joining twice is taking it up."""
        run = self._locked(run_id)
        if run is None:
            return None
        if self._participant(run_id, person_id) is not None:
            return self.take_up(run_id, person_id, conversation_id)
        self._free(conversation_id)
        left = self._session.scalar(
            select(FlowParticipant).where(
                FlowParticipant.run_id == run_id, FlowParticipant.person_id == person_id
            )
        )
        if left is None:
            return self._join(run, person_id, conversation_id)
        left.left_at, left.conversation_id = None, conversation_id
        self._session.flush()
        return self._view(run, left)

    def takes_part(self, run_id: str, person_id: str) -> bool:
        """Whether this person is in that flow."""
        return self._participant(run_id, person_id) is not None

    def end(self, run_id: str, outcome: str) -> None:
        """Close a flow as `done` or `stopped`, for all; its answers are erased."""
        run = self._locked(run_id)
        if run is not None:  # else someone else just did
            self._close(run, outcome)

    def leave(self, run_id: str, person_id: str) -> None:
        """Stop taking part; when nobody is left the flow is stopped."""
        # two who leave at once would each see the other stay
        self._locked(run_id)
        participant = self._participant(run_id, person_id)
        if participant is not None:
            # the row stays, without the person: what they did keeps its number
            participant.conversation_id = None
            participant.left_at = self._clock()
            self._session.flush()
        if not self._count(run_id):
            self.end(run_id, "stopped")

    def merge(self, person_id: str, into: str) -> None:
        """Give the flows of one person to another, who is the same person on another channel."""
        theirs = select(FlowParticipant).where(FlowParticipant.person_id == person_id)
        runs = select(FlowRun.id).where(
            FlowRun.id.in_(theirs.with_only_columns(FlowParticipant.run_id))
        )
        # whoever walks one of them now goes first
        self._session.execute(runs.order_by(FlowRun.id).with_for_update())
        for participant in self._session.scalars(theirs).all():
            kept = self._participant(participant.run_id, into)
            if kept is None:
                participant.person_id = into
                continue
            kept.conversation_id = participant.conversation_id or kept.conversation_id
            # a number is never given to someone else: what was done, and typed, bears it
            kept.number = max(kept.number, participant.number)
            self._session.delete(participant)
        self._session.flush()

    def erase_older_than(self, moment: datetime) -> int:
        """Stop what nobody touched since `moment`; gives how many flows that were.

        What someone touches at this moment is left.
        """
        old = self._session.scalars(
            select(FlowRun)
            .where(FlowRun.status == ACTIVE, FlowRun.updated_at < moment)
            .order_by(FlowRun.id)
            .with_for_update(skip_locked=True)
        ).all()
        for run in old:
            self._close(run, "expired")
        return len(old)

    def _locked(self, run_id: str) -> FlowRun | None:
        """An unfinished flow, for this transaction alone; None when it is over."""
        return self._session.scalar(_LOCKED, {"run": run_id})

    def _close(self, run: FlowRun, outcome: str) -> None:
        run.status = outcome
        run.state = {}
        run.updated_at = self._clock()
        self._session.execute(delete(AccessCode).where(AccessCode.run_id == run.id))
        self._session.execute(delete(FlowParticipant).where(FlowParticipant.run_id == run.id))

    def _free(self, conversation_id: str) -> None:
        for participant in self._session.scalars(
            select(FlowParticipant).where(FlowParticipant.conversation_id == conversation_id)
        ):
            participant.conversation_id = None
        self._session.flush()

    def _join(self, run: FlowRun, person_id: str, conversation_id: str) -> FlowView:
        last = self._session.scalar(
            select(func.max(FlowParticipant.number)).where(FlowParticipant.run_id == run.id)
        )
        participant = FlowParticipant(
            run_id=run.id,
            person_id=person_id,
            number=(last or 0) + 1,
            conversation_id=conversation_id,
            joined_at=self._clock(),
        )
        self._session.add(participant)
        self._session.flush()
        return self._view(run, participant)

    def _participant(self, run_id: str, person_id: str) -> FlowParticipant | None:
        return self._session.scalar(_PARTICIPANT, {"run": run_id, "person": person_id})

    def _count(self, run_id: str) -> int:
        return self._session.scalar(_TAKING_PART, {"run": run_id}) or 0

    def _view(self, run: FlowRun, participant: FlowParticipant) -> FlowView:
        return FlowView(
            run.id,
            run.flow_id,
            run.knowledge_revision,
            run.state,
            participant.number,
            self._count(run.id),
            run.updated_at,
        )
