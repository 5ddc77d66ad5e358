"""Whether the database works, and how long its queues are."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import InstrumentedAttribute, Session

from bottlenecks.models import InboxItem, OutboxItem
from bottlenecks.store.files import identity

# what waits, and what was set aside: of each the moment from which its age counts
QUEUES: tuple[
    tuple[str, str, type[InboxItem] | type[OutboxItem], InstrumentedAttribute[Any]], ...
] = (
    ("inbox", "new", InboxItem, InboxItem.received_at),
    ("inbox", "failed", InboxItem, InboxItem.set_aside_at),
    ("outbox", "pending", OutboxItem, OutboxItem.created_at),
    ("outbox", "dead", OutboxItem, OutboxItem.set_aside_at),
)


@dataclass(frozen=True)
class Queue:
    """What is in one status of `inbox` or `outbox`: how many, and the age of the oldest."""

    name: str
    status: str
    length: int
    oldest_s: float


@dataclass(frozen=True)
class Disk:
    """How large the database is, and how much room is left there; None: on another server."""

    size: int
    free: int | None


class Health:
    """Looks at the database itself within one transaction."""

    def __init__(self, session: Session, clock: Callable[[], datetime]) -> None:
        """See `Work`."""
        self._session = session
        self._clock = clock

    def write(self) -> None:
        """Write what is there already: fails, at the latest at the commit, when nothing can be."""
        self._session.execute(text("UPDATE alembic_version SET version_num = version_num"))

    def revision(self) -> str:
        """The revision of the schema."""
        return str(self._session.scalar(text("SELECT version_num FROM alembic_version")))

    def file(self) -> tuple[int, int] | None:
        """Which SQLite file stands where it belongs; None for none, and for PostgreSQL."""
        url = self._session.get_bind().engine.url
        return identity(Path(str(url.database))) if url.get_backend_name() == "sqlite" else None

    def disk(self) -> Disk:
        """How much room the data take, in bytes."""
        url = self._session.get_bind().engine.url
        if url.get_backend_name() != "sqlite":
            size = self._session.scalar(text("SELECT pg_database_size(current_database())"))
            return Disk(int(size or 0), None)
        file = Path(str(url.database))
        # what was written last stands beside it for a while
        parts = [file, file.with_name(file.name + "-wal")]
        size = sum(part.stat().st_size for part in parts if part.exists())
        return Disk(size, shutil.disk_usage(file.parent).free)

    def queues(self) -> list[Queue]:
        """What waits and what was set aside; the age is 0 when there is none."""
        now = self._clock()
        found = []
        for name, status, item, since in QUEUES:
            length, oldest = self._session.execute(
                select(func.count(), func.min(since)).where(item.status == status)
            ).one()
            # a clock that was set back makes nothing younger than new
            age = 0.0 if oldest is None else max(0.0, (now - oldest).total_seconds())
            found.append(Queue(name, status, length, age))
        return found
