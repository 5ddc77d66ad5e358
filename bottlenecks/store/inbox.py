"""Updates that came in: stored before they are acknowledged, handled once, then emptied.

On PostgreSQL several processes take from it at once. An update is theirs for one transaction, by
a lock on its row: when a process dies, the update is free again. Nobody gets an update while an
earlier one of the same sender waits or is being handled.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, bindparam, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql.dml import ReturningInsert

from bottlenecks.crypto import Cipher
from bottlenecks.models import InboxItem
from bottlenecks.store.postgresql import is_postgresql, take_turn
from bottlenecks.store.repository import directly

MAX_ATTEMPTS = 3
# the sender of an update of which it is not known
UNKNOWN = ""
# done for each message, and put together once
_DONE = (
    update(InboxItem)
    .where(InboxItem.id == bindparam("handled"))
    .values(status="done", payload=None, sender=UNKNOWN, done_at=bindparam("done_at"))
)


@dataclass(frozen=True)
class Received:
    """An update waiting to be handled; `payload` is what the channel stored."""

    id: int
    channel: str
    payload: str
    attempts: int


class Inbox:
    """Stores and hands out updates within one transaction."""

    def __init__(self, session: Session, cipher: Cipher, clock: Callable[[], datetime]) -> None:
        """See `Work`."""
        self._session = session
        self._cipher = cipher
        self._clock = clock

    def receive(
        self, channel: str, update_id: str, payload: str, sender: str | None = None
    ) -> bool:
        """Store an update, encrypted. False when this update was already received.

        `sender` is the outside id of whoever sent it. Updates of one sender are handled in the
        order in which they are stored; one whose sender is not known keeps its place among all of
        the channel.
        """
        hashed = UNKNOWN if sender is None else self._cipher.hash_id(channel, sender)
        if hashed != UNKNOWN:
            # or the later of two at once could be seen, and handled, before the earlier one
            take_turn(self._session, "receive", hashed)
        values = {
            "channel": channel,
            "update_id": update_id,
            "status": "new",
            "sender": hashed,
            "payload": self._cipher.encrypt(payload),
            "received_at": self._clock(),
        }
        stored = directly(self._session).execute(
            _stored_once(is_shared=is_postgresql(self._session)), values
        )
        return stored.first() is not None

    def next(self, *channels: str) -> Received | None:
        """The oldest update that may be handled now, of one of these channels when given.

        On PostgreSQL it is this transaction's alone, and so is the conversation it belongs to.
        """
        found = directly(self._session).execute(
            _oldest(channels, is_shared=is_postgresql(self._session))
        )
        item = found.first()
        if item is None or item.payload is None:
            return None
        if item.sender != UNKNOWN:
            # an earlier one that was set aside may be put back while a later one is handled
            take_turn(self._session, "handle", item.sender)
        return Received(item.id, item.channel, self._cipher.decrypt(item.payload), item.attempts)

    def done(self, inbox_id: int) -> None:
        """Mark as handled, and erase the payload and who sent it."""
        values = {"handled": inbox_id, "done_at": self._clock()}
        directly(self._session).execute(_DONE, values)

    def failed(self, inbox_id: int, error: str) -> bool:
        """Count a failed attempt; True when it was the last one and the update is set aside.

        Another process may have tried it since: what is handled stays handled.
        """
        item = self._session.get_one(
            InboxItem, inbox_id, populate_existing=True, with_for_update=True
        )
        if item.status != "new":
            return False
        item.attempts += 1
        item.error = error[:200]
        is_last = item.attempts >= MAX_ATTEMPTS
        if is_last:
            item.status = "failed"
            item.set_aside_at = self._clock()
        self._session.flush()  # `next` does not see what is not written
        return is_last

    def count(self, status: str) -> int:
        """How many updates are `new`, `done` or `failed`."""
        return (
            self._session.scalar(
                select(func.count()).select_from(InboxItem).where(InboxItem.status == status)
            )
            or 0
        )

    def latest_update_id(self, channel: str) -> str | None:
        """Update id of the last one received on `channel`."""
        return self._session.scalar(
            select(InboxItem.update_id)
            .where(InboxItem.channel == channel)
            .order_by(InboxItem.id.desc())
            .limit(1)
        )


@cache
def _stored_once(*, is_shared: bool) -> ReturningInsert[tuple[int]]:
    insert: Any = postgresql.insert if is_shared else sqlite.insert
    once = insert(InboxItem).on_conflict_do_nothing(index_elements=["channel", "update_id"])
    stored: ReturningInsert[tuple[int]] = once.returning(InboxItem.id)
    return stored


@cache
def _oldest(
    channels: tuple[str, ...], *, is_shared: bool
) -> Select[tuple[int, str, str, bytes | None, int]]:
    item = InboxItem
    query = select(item.id, item.channel, item.sender, item.payload, item.attempts)
    query = query.where(InboxItem.status == "new").order_by(InboxItem.id).limit(1)
    if channels:
        query = query.where(InboxItem.channel.in_(channels))
    if is_shared:
        query = query.where(*_has_its_turn()).with_for_update(skip_locked=True, of=InboxItem)
    return query


def _has_its_turn() -> list[ColumnElement[bool]]:
    """Conditions on an update: no earlier one waits that must be handled before it."""
    earlier = aliased(InboxItem)

    def first(*conditions: ColumnElement[bool]) -> ScalarSelect[int]:
        # looked up for one update after another: with NOT EXISTS all that wait would be joined
        waiting = select(func.min(earlier.id)).where(earlier.status == "new", *conditions)
        return waiting.scalar_subquery()

    of_channel = earlier.channel == InboxItem.channel
    return [
        InboxItem.id == first(earlier.sender == InboxItem.sender),
        InboxItem.id <= func.coalesce(first(earlier.sender == UNKNOWN, of_channel), InboxItem.id),
        or_(InboxItem.sender != UNKNOWN, InboxItem.id == first(of_channel)),
    ]
