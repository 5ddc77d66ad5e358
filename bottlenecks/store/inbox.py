"""Updates that came in: stored before they are acknowledged, handled once, then emptied."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bottlenecks.crypto import Cipher
from bottlenecks.models import InboxItem

MAX_ATTEMPTS = 3


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

    def receive(self, channel: str, update_id: str, payload: str) -> bool:
        """Store an update, encrypted. False when this update was already received."""
        known = self._session.scalar(
            select(InboxItem.id).where(
                InboxItem.channel == channel, InboxItem.update_id == update_id
            )
        )
        if known is not None:
            return False
        self._session.add(
            InboxItem(
                channel=channel,
                update_id=update_id,
                status="new",
                payload=self._cipher.encrypt(payload),
                received_at=self._clock(),
            )
        )
        return True

    def next(self, channel: str | None = None) -> Received | None:
        """The oldest update that waits, of `channel` when given."""
        query = select(InboxItem).where(InboxItem.status == "new").order_by(InboxItem.id).limit(1)
        if channel is not None:
            query = query.where(InboxItem.channel == channel)
        item = self._session.scalar(query)
        if item is None or item.payload is None:
            return None
        return Received(item.id, item.channel, self._cipher.decrypt(item.payload), item.attempts)

    def done(self, inbox_id: int) -> None:
        """Mark as handled and erase the payload."""
        item = self._session.get_one(InboxItem, inbox_id)
        item.status = "done"
        item.payload = None
        item.done_at = self._clock()

    def failed(self, inbox_id: int, error: str) -> bool:
        """Count a failed attempt; True when it was the last one and the update is set aside."""
        item = self._session.get_one(InboxItem, inbox_id)
        item.attempts += 1
        item.error = error[:200]
        if item.attempts >= MAX_ATTEMPTS:
            item.status = "failed"
            item.set_aside_at = self._clock()
            return True
        return False

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
