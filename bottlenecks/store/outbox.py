"""Replies to deliver: written with what they report on, kept until the channel took them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from bottlenecks.crypto import Cipher
from bottlenecks.models import Account, OutboxItem

# seconds to wait after each failed attempt; after the last the reply is set aside as dead
BACK_OFF_S = (1, 2, 5, 15, 60, 300, 900, 3600, 3600, 3600)


@dataclass(frozen=True)
class Outgoing:
    """A reply to deliver to `address` on `channel`."""

    id: int
    account_id: str
    channel: str
    address: str
    payload: str
    attempts: int


class Outbox:
    """Stores and hands out replies within one transaction."""

    def __init__(self, session: Session, cipher: Cipher, clock: Callable[[], datetime]) -> None:
        """See `Work`."""
        self._session = session
        self._cipher = cipher
        self._clock = clock

    def add(
        self,
        account_id: str,
        payload: str,
        inbox_id: int | None = None,
        broadcast_id: str | None = None,
    ) -> int:
        """Store a reply for delivery, encrypted; gives its id."""
        now = self._clock()
        item = OutboxItem(
            account_id=account_id,
            inbox_id=inbox_id,
            broadcast_id=broadcast_id,
            status="pending",
            payload=self._cipher.encrypt(payload),
            not_before=now,
            created_at=now,
        )
        self._session.add(item)
        self._session.flush()
        return item.id

    def due(self, channel: str, limit: int = 50, inbox_id: int | None = None) -> list[Outgoing]:
        """Replies of `channel` that may be sent now, oldest first, at most one per account.

        A reply waits while an earlier one of the same account is still to be delivered, so that
        order is kept.
        """
        earlier, now = aliased(OutboxItem), self._clock()
        blocked = (
            select(earlier.id)
            .where(
                earlier.account_id == OutboxItem.account_id,
                earlier.status == "pending",
                earlier.id < OutboxItem.id,
            )
            .exists()
        )
        query = (
            select(OutboxItem, Account)
            .join(Account, Account.id == OutboxItem.account_id)
            .where(
                OutboxItem.status == "pending",
                # of later than now: the clock was put back, and it must not wait for that
                or_(OutboxItem.not_before <= now, OutboxItem.created_at > now),
                Account.channel == channel,
                ~blocked,
            )
            .order_by(OutboxItem.id)
            .limit(limit)
        )
        if inbox_id is not None:
            query = query.where(OutboxItem.inbox_id == inbox_id)
        return [
            Outgoing(
                item.id,
                account.id,
                channel,
                self._cipher.decrypt(account.address),
                self._cipher.decrypt(item.payload or b""),
                item.attempts,
            )
            for item, account in self._session.execute(query).all()
        ]

    def sent(self, outbox_id: int) -> None:
        """Mark as delivered and erase the payload."""
        item = self._known(outbox_id)
        if item is None:
            return
        item.status = "sent"
        item.payload = None
        item.sent_at = self._clock()

    def postpone(self, outbox_id: int, error: str, wait_s: float | None = None) -> bool:
        """Try again later: after `wait_s` seconds when the channel said so, else by the back-off.

        Returns:
            False when there were too many attempts and the reply is set aside.
        """
        item = self._known(outbox_id)
        if item is None:
            return True
        item.error = error[:200]
        if wait_s is None:
            item.attempts += 1
            if item.attempts > len(BACK_OFF_S):
                item.status = "dead"
                item.set_aside_at = self._clock()
                return False
            wait_s = BACK_OFF_S[item.attempts - 1]
        item.not_before = self._clock() + timedelta(seconds=wait_s)
        return True

    def give_up(self, outbox_id: int, error: str) -> None:
        """Set aside for good: the receiver cannot be reached (blocked the bot, left)."""
        item = self._known(outbox_id)
        if item is None:
            return
        item.status = "dead"
        item.attempts += 1
        item.set_aside_at = self._clock()
        item.error = error[:200]

    def _known(self, outbox_id: int) -> OutboxItem | None:
        """The reply; None when it was erased while it was on its way."""
        item = self._session.get_one(OutboxItem, outbox_id)
        return None if item.status == "erased" else item

    def count(self, status: str) -> int:
        """How many replies are `pending`, `sent` or `dead`."""
        return (
            self._session.scalar(
                select(func.count()).select_from(OutboxItem).where(OutboxItem.status == status)
            )
            or 0
        )
