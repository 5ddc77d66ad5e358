"""Erases what is kept no longer, a little at a time, so that nobody has to wait for it."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bottlenecks.desk.people.audit_words import SERVER
from bottlenecks.retention import Period

if TYPE_CHECKING:
    from bottlenecks.store import Database

LOGGER = logging.getLogger(__name__)
# rows of each index by which SQLite judges how full a table is
LOOKED_AT = 1_000


@dataclass(frozen=True)
class Tidied:
    """When what is kept no longer was last erased, and whether that failed."""

    at: datetime
    failed: bool


def too_old(database: "Database", periods: Sequence[Period]) -> dict[str, int]:
    """How much there is to erase now, by kind; changes nothing."""
    with database.reading() as work:
        return {one.kind: work.retention.count(one.kind, one.before(work.now())) for one in periods}


def erase(database: "Database", periods: Sequence[Period]) -> dict[str, int]:
    """Erase what is too old, each kind in transactions of its own; gives how much, by kind."""
    erased: dict[str, int] = {}
    for one in periods:
        erased[one.kind] = 0
        while number := _some_of(database, one):
            erased[one.kind] += number
        if erased[one.kind]:
            LOGGER.info("erased", extra={"kind": one.kind, "number": erased[one.kind]})
    look_at_tables(database)
    return erased


def look_at_tables(database: "Database") -> None:
    """Let SQLite see how full its tables are: without that it chooses among indexes blindly.

    PostgreSQL does so by itself. It looks at a few rows of each index, which takes milliseconds.
    """
    if database.engine.dialect.name != "sqlite":
        return
    with database.engine.begin() as connection:
        connection.exec_driver_sql(f"PRAGMA analysis_limit={LOOKED_AT}")
        connection.exec_driver_sql("ANALYZE")
        kept = "SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_stat4'"
        if connection.exec_driver_sql(kept).first() is not None:
            # some builds of SQLite keep samples as well, of data that may be erased later
            connection.exec_driver_sql("DELETE FROM sqlite_stat4")


def _some_of(database: "Database", period: Period) -> int:
    with database.work() as work:
        number = work.retention.erase(period.kind, period.before(work.now()))
        if number and period.kind == "closed reports":
            # officers must be able to find out where a report went
            work.audit.add(SERVER, "meldingen-gewist", str(number), dagen=period.kept.days)
        return number
