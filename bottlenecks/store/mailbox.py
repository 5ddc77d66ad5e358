"""What was said in the browser, by both sides, so that a page can show it again."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import (
    BigInteger,
    CursorResult,
    Integer,
    Row,
    bindparam,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Session

from bottlenecks.crypto import Cipher
from bottlenecks.models import Account, WebMessage
from bottlenecks.store.postgresql import is_postgresql
from bottlenecks.store.repository import directly, insert_one

# ids of messages stay below
MAX_ID = 2**63 - 1
# what is asked for each message is put together once
_ACCOUNT_OF = select(Account.id).where(
    Account.channel == bindparam("channel"), Account.outside_hash == bindparam("hashed")
)
_OF_OUTBOX = select(WebMessage.id).where(WebMessage.outbox_id == bindparam("outbox"))
_OF_ACCOUNT = (
    select(
        WebMessage.id,
        WebMessage.outbox_id,
        WebMessage.payload,
        WebMessage.created_at,
        WebMessage.read_at,
    )
    .where(WebMessage.account_id == bindparam("account"))
    .limit(bindparam("most", type_=Integer))
)
# pages tell ids: they may be larger than any there is
_SINCE = _OF_ACCOUNT.where(WebMessage.id > bindparam("after", type_=BigInteger)).order_by(
    WebMessage.id
)
_BEFORE = _OF_ACCOUNT.where(WebMessage.id < bindparam("before", type_=BigInteger)).order_by(
    WebMessage.id.desc()
)
_ONE = _OF_ACCOUNT.where(WebMessage.id == bindparam("message", type_=BigInteger))
_ADD = insert(WebMessage)
_READ = (
    update(WebMessage)
    .where(
        WebMessage.account_id == bindparam("account"),
        WebMessage.id <= bindparam("up_to", type_=BigInteger),
        WebMessage.read_at.is_(None),
    )
    .values(read_at=bindparam("moment"))
)


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
        return directly(self._session).scalar(_ACCOUNT_OF, {"channel": channel, "hashed": hashed})

    def add_said(self, account_id: str, text: str) -> int:
        """Keep what the user said, already screened; gives the id of the message."""
        self._in_turn(account_id)
        return self._add(account_id, None, text)

    def add_reply(self, account_id: str, outbox_id: int, payload: str) -> bool:
        """Keep a reply (JSON); False when the reply of this outbox id is there already."""
        self._in_turn(account_id)
        if directly(self._session).scalar(_OF_OUTBOX, {"outbox": outbox_id}) is not None:
            return False
        self._add(account_id, outbox_id, payload)
        return True

    def get(self, account_id: str, message_id: int) -> Message | None:
        """A message of this account; None when it has no such message."""
        values = {"account": account_id, "message": message_id, "most": 1}
        row = directly(self._session).execute(_ONE, values).first()
        return self._view(row) if row is not None else None

    def since(self, account_id: str, after_id: int, limit: int = 100) -> list[Message]:
        """The first messages after `after_id`, oldest first."""
        values = {"account": account_id, "after": after_id, "most": limit}
        return self._views(directly(self._session).execute(_SINCE, values))

    def latest(self, account_id: str, limit: int = 50) -> list[Message]:
        """The last messages, oldest first."""
        return self.before(account_id, MAX_ID, limit)

    def before(self, account_id: str, before_id: int, limit: int = 50) -> list[Message]:
        """The last messages before `before_id`, oldest first."""
        values = {"account": account_id, "before": before_id, "most": limit}
        return self._views(directly(self._session).execute(_BEFORE, values))[::-1]

    def mark_read(self, account_id: str, up_to_id: int) -> int:
        """A page showed all up to this message; gives how many it showed for the first time."""
        values = {"account": account_id, "up_to": up_to_id, "moment": self._clock()}
        return directly(self._session).execute(_READ, values).rowcount

    def erase_older_than(self, moment: datetime) -> int:
        """Erase the messages from before `moment`; gives how many there were."""
        erased = self._session.execute(delete(WebMessage).where(WebMessage.created_at < moment))
        return cast(CursorResult[Any], erased).rowcount

    def _in_turn(self, account_id: str) -> None:
        """One writer at a time per account: a lower id may not appear after a higher one."""
        if not is_postgresql(self._session):
            return  # SQLite has one writer at a time
        # a turn that points to the account meanwhile need not wait for this
        account = select(Account.id).where(Account.id == account_id)
        self._session.execute(account.with_for_update(key_share=True))

    def _add(self, account_id: str, outbox_id: int | None, payload: str) -> int:
        values = {
            "account_id": account_id,
            "outbox_id": outbox_id,
            "payload": self._cipher.encrypt(payload),
            "created_at": self._clock(),
        }
        return insert_one(self._session, _ADD, values)

    def _views(self, rows: Iterable[Row[Any]]) -> list[Message]:
        return [self._view(row) for row in rows]

    def _view(self, row: Row[Any]) -> Message:
        return Message(
            row.id,
            row.outbox_id is None,
            self._cipher.decrypt(row.payload),
            row.created_at,
            row.read_at,
        )
