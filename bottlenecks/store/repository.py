"""What the stores of one transaction have in common."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Insert
from sqlalchemy.orm import Session

from bottlenecks.crypto import Cipher


def directly(session: Session) -> Connection:
    """The session's connection, for statements of every message.

    They do without the ORM, and with less work in Python. So they give and take columns
    and no objects, and what objects of the session were changed to is not written before them.
    """
    return session.connection()


def insert_one(session: Session, statement: Insert, values: Mapping[str, Any]) -> int:
    """Insert a row directly; gives its id."""
    key: Any = directly(session).execute(statement, values).inserted_primary_key
    number: int = key[0]
    return number


class Repository:
    """Reads and writes one group of tables within a transaction."""

    def __init__(
        self, session: Session, clock: Callable[[], datetime], new_id: Callable[[], str]
    ) -> None:
        """See `Work`."""
        self._session = session
        self._clock = clock
        self._new_id = new_id


class SecretRepository(Repository):
    """The same, for tables that hold keyed hashes or encrypted values."""

    def __init__(
        self,
        session: Session,
        cipher: Cipher,
        clock: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        """See `Work`."""
        super().__init__(session, clock, new_id)
        self._cipher = cipher
