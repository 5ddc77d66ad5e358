"""Conversations: what was said (screened), what Rasa remembers, and the flow someone is in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bottlenecks.models import Conversation, ConversationEvent, FlowRun

# enough for the rules and for "waar staat dat?"; older ones stay in the table
RECENT_EVENTS = 40


@dataclass(frozen=True)
class ActiveFlow:
    """The flow a conversation is in; `state` is the engine's, as plain data."""

    id: str
    flow_id: str
    knowledge_revision: str
    state: Mapping[str, Any]


@dataclass(frozen=True)
class ConversationView:
    """A conversation as the assistant needs it."""

    id: str
    account_id: str
    slots: Mapping[str, Any] = field(default_factory=dict)
    recent_events: Sequence[Mapping[str, Any]] = ()
    flow: ActiveFlow | None = None


class Conversations:
    """Reads and writes conversations within one transaction."""

    def __init__(
        self, session: Session, clock: Callable[[], datetime], new_id: Callable[[], str]
    ) -> None:
        """See `Work`."""
        self._session = session
        self._clock = clock
        self._new_id = new_id

    def latest_of(self, account_id: str) -> ConversationView:
        """The account's latest conversation; a new one when there is none."""
        found = self._session.scalar(
            select(Conversation)
            .where(Conversation.account_id == account_id)
            .order_by(Conversation.created_at.desc(), Conversation.id)
            .limit(1)
        )
        return self._view(found) if found else self.start(account_id)

    def get(self, conversation_id: str, account_id: str) -> ConversationView | None:
        """This conversation, if it is the account's own."""
        found = self._session.get(Conversation, conversation_id)
        if found is None or found.account_id != account_id:
            return None
        return self._view(found)

    def start(self, account_id: str) -> ConversationView:
        """Begin a new conversation."""
        now = self._clock()
        conversation = Conversation(
            id=self._new_id(), account_id=account_id, slots={}, created_at=now, last_at=now
        )
        self._session.add(conversation)
        self._session.flush()
        return ConversationView(conversation.id, account_id)

    def add_events(
        self, conversation_id: str, events: Sequence[dict[str, Any]], slots: dict[str, Any]
    ) -> None:
        """Append events (their texts screened by the caller) and keep the slots."""
        conversation = self._session.get_one(Conversation, conversation_id)
        conversation.slots = slots
        conversation.last_at = self._clock()
        self._session.add_all(
            ConversationEvent(conversation_id=conversation_id, data=event, created_at=self._clock())
            for event in events
        )

    def save_flow(
        self,
        conversation_id: str,
        flow_id: str,
        knowledge_revision: str,
        state: dict[str, Any],
        run_id: str | None,
    ) -> None:
        """Keep the state of a running flow; `run_id` None starts a new run."""
        now = self._clock()
        if run_id is None:
            self._session.add(
                FlowRun(
                    id=self._new_id(),
                    conversation_id=conversation_id,
                    flow_id=flow_id,
                    status="active",
                    knowledge_revision=knowledge_revision,
                    state=state,
                    created_at=now,
                    updated_at=now,
                )
            )
            self._session.flush()
            return
        run = self._session.get_one(FlowRun, run_id)
        run.state = state
        run.updated_at = now

    def end_flow(self, run_id: str, outcome: str) -> None:
        """Close a run as `done` or `stopped`; its answers are erased, a report holds its own."""
        run = self._session.get_one(FlowRun, run_id)
        run.status = outcome
        run.state = {}
        run.updated_at = self._clock()

    def _view(self, conversation: Conversation) -> ConversationView:
        events = self._session.scalars(
            select(ConversationEvent.data)
            .where(ConversationEvent.conversation_id == conversation.id)
            .order_by(ConversationEvent.id.desc())
            .limit(RECENT_EVENTS)
        ).all()
        run = self._session.scalar(
            select(FlowRun)
            .where(FlowRun.conversation_id == conversation.id, FlowRun.status == "active")
            .order_by(FlowRun.created_at.desc())
            .limit(1)
        )
        flow = ActiveFlow(run.id, run.flow_id, run.knowledge_revision, run.state) if run else None
        return ConversationView(
            conversation.id,
            conversation.account_id,
            conversation.slots,
            list(reversed(events)),
            flow,
        )
