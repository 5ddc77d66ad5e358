"""Whether the service works, found out by trying what it needs."""

import logging
import threading
import time
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from bottlenecks.store import Database
from bottlenecks.store.schema import newest_revision

LOGGER = logging.getLogger(__name__)

# an update is handled in well under a second: after this long nobody is handling them
STUCK_S = 60.0
# the check writes to the disk: however often it is asked for, it is done this often at most
CHECK_EVERY_S = 5.0
# whoever asks does not wait much longer for a database that somebody else keeps locked
PATIENCE_S = 2.0

MOVED = "the database file is not where it was: put it back, or stop the service and restore a copy"
READ, SCHEMA, HANDLED, WRITTEN = "read", "schema", "handled", "written"


@dataclass(frozen=True)
class Check:
    """One thing that was tried; `cause` is why it does not work, in English, None when it does."""

    name: str
    cause: str | None = None


class Readiness:
    """Tells whether the service works, by trying what it needs."""

    def __init__(self, database: Database) -> None:
        """`database` is written to at a check."""
        self._database = database
        self._newest = newest_revision()
        with database.reading() as work:
            self._file = work.health.file()
        self._lock = threading.Lock()
        self._checked_at = -CHECK_EVERY_S
        self._checks = [Check(READ, "not checked yet")]

    def causes(self) -> list[str]:
        """Why it does not work; nothing when it does. At most a few seconds old."""
        return [one.cause for one in self.checks() if one.cause is not None]

    def checks(self) -> list[Check]:
        """What was tried, with its outcome. At most a few seconds old."""
        # a check may wait for a locked database: others get what was found last
        if self._lock.acquire(blocking=False):
            try:
                if time.monotonic() - self._checked_at >= CHECK_EVERY_S:
                    self._checks = self._check()
                    self._checked_at = time.monotonic()
            finally:
                self._lock.release()
        return self._checks

    def _check(self) -> list[Check]:
        try:
            with self._database.reading() as work:
                if work.health.file() != self._file:
                    # the open file is still written to, and lost when this process ends
                    return [Check(READ, MOVED)]
                revision = work.health.revision()
                waiting = next(queue for queue in work.health.queues() if queue.status == "new")
        except SQLAlchemyError as error:
            LOGGER.error("the database cannot be read", exc_info=error)
            return [Check(READ, "the database cannot be read")]
        schema = stuck = written = None
        if revision != self._newest:
            schema = f"the database has schema {revision}, this version needs {self._newest}"
        if waiting.oldest_s > STUCK_S:
            stuck = f"the oldest message has waited for {waiting.oldest_s:.0f} seconds"
        try:
            with self._database.work(patience_s=PATIENCE_S) as work:
                work.health.write()
        except SQLAlchemyError as error:
            LOGGER.error("the database cannot be written to", exc_info=error)
            written = "the database cannot be written to"
        return [
            Check(READ),
            Check(SCHEMA, schema),
            Check(HANDLED, stuck),
            Check(WRITTEN, written),
        ]
