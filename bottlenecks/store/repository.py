"""What the stores of one transaction have in common."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from bottlenecks.crypto import Cipher


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
