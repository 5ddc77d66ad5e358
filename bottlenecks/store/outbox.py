"""Replies to deliver: written with what they report on, kept until the channel took them.

On PostgreSQL several processes may deliver: each reply is handed to one of them for a while (a
lease, `claimed_until`), as sending happens outside any transaction. On SQLite there are no leases:
one process has the file, and when it is started again nothing may wait for what it was doing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, insert, literal, literal_column, select, update
from sqlalchemy.orm import Session

from bottlenecks.crypto import Cipher
from bottlenecks.models import Account, OutboxItem
from bottlenecks.store.outbox_waiting import waiting
from bottlenecks.store.pace import LANES, LEASE, SECOND, Lane, Rate, Slots
from bottlenecks.store.repository import directly, insert_one

# seconds to wait after each failed attempt; after the last the reply is set aside as dead
BACK_OFF_S = (1, 2, 5, 15, 60, 300, 900, 3600, 3600, 3600)
# how many accounts one statement names: databases limit that
CHUNK = 1000
# what is done for each message is put together once
_ADD = insert(OutboxItem)
_WAITS = (
    select(OutboxItem.id)
    .where(
        OutboxItem.account_id == bindparam("account"),
        OutboxItem.status == literal_column("'pending'"),
        OutboxItem.broadcast_id.is_(None),
    )
    .limit(1)
)


@dataclass(frozen=True)
class Outgoing:
    """A reply to deliver to `address` on `channel`.

    The first `sent_messages` of the messages that it consists of were sent by an earlier attempt;
    `slots` are those of the channel that are held for the others.
    """

    id: int
    account_id: str
    channel: str
    address: str
    payload: str
    attempts: int
    sent_messages: int = 0
    slots: tuple[int, ...] = ()


class Outbox:
    """Stores and hands out replies within one transaction."""

    def __init__(self, session: Session, cipher: Cipher, clock: Callable[[], datetime]) -> None:
        """See `Work`."""
        self._session = session
        self._cipher = cipher
        self._clock = clock
        self._slots = Slots(session, clock)
        # how many this transaction adds for others to deliver
        self.added = 0

    def add(
        self,
        account_id: str,
        payload: str,
        inbox_id: int | None = None,
        broadcast_id: str | None = None,
    ) -> int:
        """Store a reply for delivery, encrypted; gives its id."""
        self.added += 1
        return self._add(account_id, self._cipher.encrypt(payload), inbox_id, broadcast_id)

    def add_sent(self, account_id: str, inbox_id: int) -> int:
        """Store that an answer is delivered in this same transaction; gives its id.

        Only when nothing waits that must be delivered before it: see `has_waiting`.
        """
        return self._add(account_id, None, inbox_id)

    def has_waiting(self, account_id: str) -> bool:
        """Whether there is a reply to deliver to this account, which a new one may not overtake."""
        return directly(self._session).scalar(_WAITS, {"account": account_id}) is not None

    def _add(
        self,
        account_id: str,
        payload: bytes | None,
        inbox_id: int | None = None,
        broadcast_id: str | None = None,
    ) -> int:
        """Store a reply; one without `payload` is delivered."""
        now = self._clock()
        values = {
            "account_id": account_id,
            "channel": self._session.get_one(Account, account_id).channel,
            "inbox_id": inbox_id,
            "broadcast_id": broadcast_id,
            "status": "sent" if payload is None else "pending",
            "payload": payload,
            "not_before": now,
            "created_at": now,
            "sent_at": now if payload is None else None,
        }
        return insert_one(self._session, _ADD, values)

    def add_broadcast(self, account_ids: Sequence[str], payload: str, broadcast_id: str) -> None:
        """Store the same message for many accounts, in a few statements."""
        now = self._clock()
        columns = {
            "broadcast_id": broadcast_id,
            "status": "pending",
            "payload": self._cipher.encrypt(payload),
            "attempts": 0,
            "sent_messages": 0,
            "not_before": now,
            "created_at": now,
        }
        values = [
            literal(value, OutboxItem.__table__.c[name].type) for name, value in columns.items()
        ]
        for start in range(0, len(account_ids), CHUNK):
            chosen = select(Account.id, Account.channel, *values).where(
                Account.id.in_(account_ids[start : start + CHUNK])
            )
            self._session.execute(
                insert(OutboxItem).from_select(["account_id", "channel", *columns], chosen)
            )

    def due(
        self,
        channel: str,
        limit: int = 50,
        inbox_id: int | None = None,
        *,
        lanes: Sequence[Lane] = LANES,
        rate: Rate | None = None,
    ) -> list[Outgoing]:
        """Replies of `channel` to send now, oldest first, at most one per account and lane.

        They are the caller's for `LEASE`: no other process gets them before, unless they are let
        go. A reply waits while an earlier one of the same account is still to be delivered, so
        that order is kept; only broadcasts are overtaken by what is said to one person. Of a
        channel with a `rate` there are no more than may be sent now, and one account gets what it
        did not ask for (all but answers) at most once a second.
        """
        if rate is not None and self._slots.is_paused(channel):
            return []
        found: list[Outgoing] = []
        for lane in lanes:
            now = self._clock()
            rows = self._session.execute(
                waiting(lane, is_paced=rate is not None, is_of_one=inbox_id is not None),
                {
                    "channel": channel,
                    "now": now,
                    "no_lease": now + 2 * LEASE,
                    "most": limit - len(found),
                    "inbox": inbox_id,
                    "told_since": now - SECOND,
                    "told_until": now + SECOND,
                },
            )
            found += self._claim(channel, lane, rows.tuples().all(), rate)
        return found

    def _claim(
        self,
        channel: str,
        lane: Lane,
        rows: Sequence[tuple[OutboxItem, Account]],
        rate: Rate | None,
    ) -> list[Outgoing]:
        """Make what is found the caller's, as far as the rate allows."""
        payloads = [self._cipher.decrypt(item.payload or b"") for item, _ in rows]
        messages = [0] * len(rows)
        free: list[int] = []
        if rows and rate is not None:
            most = rate.of(lane)
            messages = [
                # more than that can never be free at once
                min(max(1, rate.messages(payload) - item.sent_messages), most)
                for (item, _), payload in zip(rows, payloads, strict=True)
            ]
            free = self._slots.take(channel, rate, lane, min(sum(messages), most))
        found: list[Outgoing] = []
        for (item, account), payload, number in zip(rows, payloads, messages, strict=True):
            if number > len(free):
                break  # the next one may need less, but must not keep this one waiting
            slots, free = tuple(free[:number]), free[number:]
            address = self._cipher.decrypt(account.address)
            found.append(
                Outgoing(
                    item.id, account.id, channel, address, payload,
                    item.attempts, item.sent_messages, slots,
                )
            )  # fmt: skip
        self.keep(found)
        return found

    def keep(self, items: Sequence[Outgoing]) -> None:
        """Have what is being sent stay the caller's for another `LEASE`."""
        if items and self._has_leases():
            self._session.execute(
                update(OutboxItem)
                .where(OutboxItem.id.in_([item.id for item in items]))
                .values(claimed_until=self._clock() + LEASE)
            )
        for channel in {item.channel for item in items}:
            numbers = [slot for item in items if item.channel == channel for slot in item.slots]
            self._slots.hold(channel, numbers)

    def let_go(self, item: Outgoing) -> None:
        """It is no longer being sent: what was held for it is free again."""
        self._slots.give_back(item.channel, item.slots)
        if self._has_leases():
            self._session.execute(
                update(OutboxItem).where(OutboxItem.id == item.id).values(claimed_until=None)
            )

    def pause(self, channel: str, wait_s: float) -> None:
        """Have no process send anything over a channel with a rate, for so many seconds."""
        self._slots.pause(channel, wait_s)

    def sent(self, outbox_id: int) -> None:
        """Mark as delivered and erase the payload."""
        item = self._session.get_one(OutboxItem, outbox_id)
        if item.status in ("erased", "sent"):
            return  # erased while it was on its way, or sent by another process as well
        item.status = "sent"
        item.payload = None
        item.sent_at = self._clock()

    def postpone(
        self, outbox_id: int, error: str, wait_s: float | None = None, sent_messages: int = 0
    ) -> bool:
        """Try again later: after `wait_s` seconds when the channel said so, else by the back-off.

        `sent_messages` of its messages were sent, and will not be sent again.

        Returns:
            False when there were too many attempts and the reply is set aside.
        """
        item = self._pending(outbox_id)
        if item is None:
            return True
        item.error = error[:200]
        item.sent_messages = sent_messages
        item.claimed_until = None
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
        item = self._pending(outbox_id)
        if item is None:
            return
        item.status = "dead"
        item.attempts += 1
        item.set_aside_at = self._clock()
        item.error = error[:200]

    def _pending(self, outbox_id: int) -> OutboxItem | None:
        """The reply; None when it was erased on its way, or another process was done with it."""
        item = self._session.get_one(OutboxItem, outbox_id)
        return item if item.status == "pending" else None

    def _has_leases(self) -> bool:
        return self._session.get_bind().dialect.name != "sqlite"

    def count(self, status: str) -> int:
        """How many replies are `pending`, `sent` or `dead`."""
        return (
            self._session.scalar(
                select(func.count()).select_from(OutboxItem).where(OutboxItem.status == status)
            )
            or 0
        )
