"""Conversations: what was said (screened), and what Rasa remembers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from bottlenecks.models import Conversation, ConversationEvent
from bottlenecks.privacy.pieces import without
from bottlenecks.store.repository import Repository, directly

# enough for the rules and for "waar staat dat?"; older ones stay in the table
RECENT_EVENTS = 40
# where an event or a slot has what was typed or answered
TYPED = frozenset({"text", "typed", "wrong"})
# what is asked for each message is put together once
_LATEST = (
    select(Conversation)
    .where(Conversation.account_id == bindparam("account"))
    .order_by(Conversation.created_at.desc(), Conversation.id)
    .limit(1)
)
_RECENT = (
    select(ConversationEvent.data)
    .where(ConversationEvent.conversation_id == bindparam("conversation"))
    .order_by(ConversationEvent.id.desc())
    .limit(RECENT_EVENTS)
)
_KEEP = (
    update(Conversation)
    .where(Conversation.id == bindparam("conversation"))
    .values(slots=bindparam("kept"), last_at=bindparam("now"))
)
_ADD = insert(ConversationEvent)


@dataclass(frozen=True)
class ConversationView:
    """A conversation as the assistant needs it."""

    id: str
    account_id: str
    slots: Mapping[str, Any] = field(default_factory=dict)
    recent_events: Sequence[Mapping[str, Any]] = ()


class Conversations(Repository):
    """Reads and writes conversations within one transaction."""

    def latest_of(self, account_id: str) -> ConversationView:
        """The account's latest conversation; a new one when there is none."""
        found = self._session.scalar(_LATEST, {"account": account_id})
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
        now = self._clock()
        values = {"conversation": conversation_id, "kept": slots, "now": now}
        directly(self._session).execute(_KEEP, values)
        if events:
            rows = [
                {"conversation_id": conversation_id, "data": event, "created_at": now}
                for event in events
            ]
            directly(self._session).execute(_ADD, rows)

    def take_out(
        self, account_ids: Sequence[str], piece: str, *, part_of_word: bool = False
    ) -> None:
        """Take a piece out of what was said in the conversations of these accounts."""
        events = self._session.scalars(
            select(ConversationEvent)
            .join(Conversation, Conversation.id == ConversationEvent.conversation_id)
            .where(Conversation.account_id.in_(account_ids))
        )
        for event in events:
            data = taken_out(event.data, [piece], part_of_word=part_of_word)
            if data != event.data:
                event.data = data

    def _view(self, conversation: Conversation) -> ConversationView:
        events = directly(self._session).scalars(_RECENT, {"conversation": conversation.id}).all()
        return ConversationView(
            conversation.id,
            conversation.account_id,
            conversation.slots,
            list(reversed(events)),
        )


def taken_out(data: Any, pieces: Sequence[str], *, part_of_word: bool = False) -> Any:
    """An event, or slots, with what was typed in it without these pieces."""
    if isinstance(data, Mapping):
        changed = {}
        for key, value in data.items():
            if key in TYPED and isinstance(value, str):
                for piece in pieces:
                    value = without(value, piece, part_of_word=part_of_word)
            changed[key] = taken_out(value, pieces, part_of_word=part_of_word)
        return changed
    if isinstance(data, list | tuple):
        return [taken_out(value, pieces, part_of_word=part_of_word) for value in data]
    return data
