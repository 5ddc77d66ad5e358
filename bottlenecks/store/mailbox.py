"""What was said in the browser, by both sides, so that a page can show it again."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.orm import Session

from bottlenecks.crypto import Cipher
from bottlenecks.models import Account, WebMessage


@dataclass(frozen=True)
class Message:
    """One message. `payload` is a text when the user said it, else the reply as JSON.

    `read_at` is when a page showed it first (UTC); None: not yet.
    """

    id: int
    is_said: bool
    payload: str
    created_at: datetime
    read_at: datetime | None


class Mailbox:
    """Keeps the messages of accounts in the browser, encrypted, within one transaction.

    Ids grow in the order in which messages of one account can be read, so that who knows an id
    misses nothing by asking for what came after it.
    """

    def __init__(self, session: Session, cipher: Cipher, clock: Callable[[], datetime]) -> None:
        """See `Work`."""
        self._session = session
        self._cipher = cipher
        self._clock = clock

    def account_of(self, channel: str, outside_id: str) -> str | None:
        """The id of the account of `outside_id`; None when nothing was said with it yet."""
        hashed = self._cipher.hash_id(channel, outside_id)
        return self._session.scalar(
            select(Account.id).where(Account.channel == channel, Account.outside_hash == hashed)
        )

    def add_said(self, account_id: str, text: str) -> int:
        """Keep what the user said, already screened; gives the id of the message."""
        self._in_turn(account_id)
        return self._add(account_id, None, text)

    def add_reply(self, account_id: str, outbox_id: int, payload: str) -> bool:
        """Keep a reply (JSON); False when the reply of this outbox id is there already."""
        self._in_turn(account_id)
        known = self._session.scalar(select(WebMessage.id).where(WebMessage.outbox_id == outbox_id))
        if known is not None:
            return False
        self._add(account_id, outbox_id, payload)
        return True

    def get(self, account_id: str, message_id: int) -> Message | None:
        """A message of this account; None when it has no such message."""
        row = self._session.get(WebMessage, message_id)
        return self._view(row) if row is not None and row.account_id == account_id else None

    def since(self, account_id: str, after_id: int, limit: int = 100) -> list[Message]:
        """The first messages after `after_id`, oldest first."""
        query = (
            select(WebMessage)
            .where(WebMessage.account_id == account_id, WebMessage.id > after_id)
            .order_by(WebMessage.id)
            .limit(limit)
        )
        return self._views(self._session.scalars(query))

    def latest(self, account_id: str, limit: int = 50) -> list[Message]:
        """The last messages, oldest first."""
        return self._last(account_id, None, limit)

    def before(self, account_id: str, before_id: int, limit: int = 50) -> list[Message]:
        """The last messages before `before_id`, oldest first."""
        return self._last(account_id, before_id, limit)

    def mark_read(self, account_id: str, up_to_id: int) -> int:
        """A page showed all up to this message; gives how many it showed for the first time."""
        marked = self._session.execute(
            update(WebMessage)
            .where(
                WebMessage.account_id == account_id,
                WebMessage.id <= up_to_id,
                WebMessage.read_at.is_(None),
            )
            .values(read_at=self._clock())
        )
        return cast(CursorResult[Any], marked).rowcount

    def erase_older_than(self, moment: datetime) -> int:
        """Erase the messages from before `moment`; gives how many there were."""
        erased = self._session.execute(delete(WebMessage).where(WebMessage.created_at < moment))
        return cast(CursorResult[Any], erased).rowcount

    def _in_turn(self, account_id: str) -> None:
        """One writer at a time per account: a lower id may not appear after a higher one."""
        # a turn that points to the account meanwhile need not wait for this
        account = select(Account.id).where(Account.id == account_id)
        self._session.execute(account.with_for_update(key_share=True))

    def _add(self, account_id: str, outbox_id: int | None, payload: str) -> int:
        message = WebMessage(
            account_id=account_id,
            outbox_id=outbox_id,
            payload=self._cipher.encrypt(payload),
            created_at=self._clock(),
        )
        self._session.add(message)
        self._session.flush()
        return message.id

    def _last(self, account_id: str, before_id: int | None, limit: int) -> list[Message]:
        query = (
            select(WebMessage)
            .where(WebMessage.account_id == account_id)
            .order_by(WebMessage.id.desc())
            .limit(limit)
        )
        if before_id is not None:
            query = query.where(WebMessage.id < before_id)
        return self._views(self._session.scalars(query))[::-1]

    def _views(self, rows: Iterable[WebMessage]) -> list[Message]:
        return [self._view(row) for row in rows]

    def _view(self, row: WebMessage) -> Message:
        return Message(
            row.id,
            row.outbox_id is None,
            self._cipher.decrypt(row.payload),
            row.created_at,
            row.read_at,
        )
