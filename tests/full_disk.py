"""Databases and disks without room, for real: SQLite's own limit, and that of the system."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from bottlenecks.store import Database


class Room:
    """How many pages a SQLite database may have; a connection is told each time it is used."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._pages: int | None = None
        event.listen(database.engine, "checkout", self._tell)

    @contextmanager
    def none_left(self, more: int = 0) -> Iterator[None]:
        """For as long as the block lasts, there is room for `more` pages."""
        with self._database.engine.connect() as connection:
            used = connection.exec_driver_sql("PRAGMA page_count").scalar()
        self._pages = int(used or 0) + more
        try:
            yield
        finally:
            self._pages = 2**30

    def _tell(self, connection: Any, *_: object) -> None:
        if self._pages is not None:
            connection.execute(f"PRAGMA max_page_count={self._pages}")
