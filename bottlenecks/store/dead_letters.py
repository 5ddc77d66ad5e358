"""What was set aside because it failed too often: listed without its content, replayed, erased."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, Update, func, select, update
from sqlalchemy.orm import Session

from bottlenecks.models import Account, InboxItem, OutboxItem
from bottlenecks.retention import periods

INBOX, OUTBOX = "inbox", "outbox"
# how each is called while its content is there; afterwards both are ERASED
SET_ASIDE = {INBOX: "failed", OUTBOX: "dead"}
ERASED = "erased"
ITEMS: dict[str, type[InboxItem] | type[OutboxItem]] = {INBOX: InboxItem, OUTBOX: OutboxItem}
# so many digits fit in the id of every database
_REFERENCE = re.compile(r"(inbox|outbox)-([1-9][0-9]{0,8})")


@dataclass(frozen=True)
class DeadLetter:
    """An update (`inbox`) or a reply (`outbox`) that was set aside.

    `error` is a kind of error, and nothing of what it was about; `has_content` says whether it
    can be tried again.
    """

    queue: str
    id: int
    channel: str
    set_aside_at: datetime
    error: str
    attempts: int
    has_content: bool

    @property
    def reference(self) -> str:
        """How it is called: "inbox-12"."""
        return f"{self.queue}-{self.id}"


def read_reference(text: str) -> tuple[str, int] | None:
    """The queue and the id that a reference names; None when it is none."""
    found = _REFERENCE.fullmatch(text)
    return (found[1], int(found[2])) if found else None


def kept_until(letter: DeadLetter) -> datetime:
    """When its content is erased, within the hour."""
    kind = {INBOX: "failed updates", OUTBOX: "undelivered replies"}[letter.queue]
    [kept] = [period.kept for period in periods() if period.kind == kind]
    return letter.set_aside_at + kept


class DeadLetters:
    """Lists what was set aside and puts it back, within one transaction."""

    def __init__(self, session: Session, clock: Callable[[], datetime]) -> None:
        """See `Work`."""
        self._session = session
        self._clock = clock

    def latest(self, limit: int = 50) -> list[DeadLetter]:
        """What can be tried again or erased, the latest first."""
        return self._list(limit, InboxItem.status == "failed", OutboxItem.status == "dead")

    def erased(self, limit: int = 50) -> list[DeadLetter]:
        """What was erased, by an operator or because it was kept long enough; latest first."""
        return self._list(limit, InboxItem.status == ERASED, OutboxItem.status == ERASED)

    def can_replay(self) -> int:
        """How many can be tried again."""
        return sum(
            self._session.scalar(
                select(func.count())
                .select_from(item)
                .where(item.status == SET_ASIDE[queue], item.payload.is_not(None))
            )
            or 0
            for queue, item in ITEMS.items()
        )

    def replay(self, queue: str, id_: int, until: datetime) -> bool:
        """Put one back in its queue, as if it had not been tried; False when it cannot be.

        It keeps its place: an update goes before later ones, and a reply before later ones to the
        same account. It must have been set aside no later than `until`, the moment at which
        whoever asks saw it: asked for twice, it happens once, even when it fails again meanwhile.
        """
        return self._run(self._back(queue, until).where(ITEMS[queue].id == id_)) == 1

    def replay_all(self, until: datetime) -> int:
        """Put back all that was set aside until then; gives how much that was."""
        return sum(self._run(self._back(queue, until)) for queue in ITEMS)

    def discard(self, queue: str, id_: int) -> bool:
        """Erase the content of one, for good; False when that was done before."""
        item = ITEMS[queue]
        erasing = (
            update(item)
            .where(item.id == id_, item.status == SET_ASIDE[queue])
            .values(status=ERASED, payload=None)
        )
        if item is InboxItem:
            erasing = erasing.values(sender="")
        return self._run(erasing) == 1

    def _back(self, queue: str, until: datetime) -> Update:
        item = ITEMS[queue]
        fresh: dict[str, Any] = {"attempts": 0, "error": None, "set_aside_at": None}
        if item is InboxItem:
            fresh |= {"status": "new"}
        else:
            fresh |= {"status": "pending", "not_before": self._clock()}
        return (
            update(item)
            .where(
                item.status == SET_ASIDE[queue],
                item.payload.is_not(None),
                item.set_aside_at <= until,
            )
            .values(**fresh)
        )

    def _list(
        self, limit: int, updates: ColumnElement[bool], replies: ColumnElement[bool]
    ) -> list[DeadLetter]:
        found = [
            _letter(INBOX, item, item.channel)
            for item in self._session.scalars(
                select(InboxItem)
                .where(updates)
                .order_by(InboxItem.set_aside_at.desc(), InboxItem.id.desc())
                .limit(limit)
            )
        ]
        of_replies = (
            select(OutboxItem, Account.channel)
            .join(Account, Account.id == OutboxItem.account_id)
            .where(replies)
            .order_by(OutboxItem.set_aside_at.desc(), OutboxItem.id.desc())
            .limit(limit)
        )
        found += [
            _letter(OUTBOX, item, channel)
            for item, channel in self._session.execute(of_replies).tuples()
        ]
        found.sort(key=lambda one: (one.set_aside_at, one.queue, one.id), reverse=True)
        return found[:limit]

    def _run(self, change: Update) -> int:
        changed = self._session.execute(change.execution_options(synchronize_session=False))
        return cast(CursorResult[Any], changed).rowcount


def _letter(queue: str, item: InboxItem | OutboxItem, channel: str) -> DeadLetter:
    # whatever set it aside wrote when, but a row without that must not hide the others
    since = item.set_aside_at or (
        item.received_at if isinstance(item, InboxItem) else item.created_at
    )
    return DeadLetter(
        queue, item.id, channel, since, item.error or "", item.attempts, item.payload is not None
    )
