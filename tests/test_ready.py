"""Whether the service is ready, as machines of the operator see it: /readyz."""

import resource
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from bottlenecks.crypto import Cipher
from bottlenecks.readiness import PATIENCE_S, STUCK_S
from bottlenecks.store import Database, open_database
from bottlenecks.store.engine import BUSY_TIMEOUT_MS
from bottlenecks.store.schema import known_revisions, newest_revision
from dialogues.assistant import Assistant
from tests.conftest import SECRET, Clock
from tests.operator_machine import figures, visitor
from tests.postgres_server import empty_database, running


def causes(database: Database, assistant: Assistant) -> list[str]:
    """Why the service is not ready, according to an application that was just started."""
    answer = visitor(database, assistant).get("/readyz")
    if answer.status_code == 200:
        assert answer.json() == {"status": "ready"}
        return []
    assert answer.status_code == 503 and answer.json()["status"] == "not ready"
    return list(answer.json()["causes"])


@contextmanager
def full_disk() -> Iterator[None]:
    """No file of this process may grow."""
    earlier = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, earlier[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, earlier)


def test_ready(database: Database, assistant: Assistant) -> None:
    assert causes(database, assistant) == []


def test_not_ready_on_a_full_disk(database: Database, assistant: Assistant) -> None:
    with full_disk():
        assert causes(database, assistant) == ["the database cannot be written to"]
        healthy = visitor(database, assistant).get("/healthz")
    assert healthy.status_code == 200  # the process itself is fine: starting it anew helps nobody
    assert causes(database, assistant) == []


def test_not_ready_when_the_file_was_moved_away(
    database: Database, assistant: Assistant, tmp_path: Path
) -> None:
    site = visitor(database, assistant)
    file = Path(str(database.engine.url.database))
    file.rename(tmp_path / "elsewhere.db")
    answer = site.get("/readyz")
    assert answer.status_code == 503 and "not where it was" in answer.json()["causes"][0]
    (tmp_path / "elsewhere.db").rename(file)
    assert causes(database, assistant) == []


def test_it_does_not_wait_long_for_a_locked_database(
    database: Database, assistant: Assistant
) -> None:
    elsewhere = sqlite3.connect(str(database.engine.url.database), isolation_level=None)
    elsewhere.execute("BEGIN IMMEDIATE")
    try:
        began = time.monotonic()
        assert causes(database, assistant) == ["the database cannot be written to"]
        assert PATIENCE_S <= time.monotonic() - began < BUSY_TIMEOUT_MS / 1000
    finally:
        elsewhere.rollback()
        elsewhere.close()
    assert causes(database, assistant) == []
    # what must not get lost waits as long as before, on every connection
    for _ in range(3):
        with database.work() as work:
            assert work._session.scalar(text("PRAGMA busy_timeout")) == BUSY_TIMEOUT_MS


def test_not_ready_when_nobody_handles_messages(
    database: Database, assistant: Assistant, clock: Clock
) -> None:
    with database.work() as work:
        work.inbox.receive("test", "1", "hallo")
    clock.forward(STUCK_S)
    assert causes(database, assistant) == []
    clock.forward(1)
    assert causes(database, assistant) == ["the oldest message has waited for 61 seconds"]
    with database.work() as work:
        received = work.inbox.next()
        assert received is not None
        work.inbox.done(received.id)
    assert causes(database, assistant) == []


def test_not_ready_with_an_earlier_schema(database: Database, assistant: Assistant) -> None:
    earlier = sorted(known_revisions())[-2]
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :it"), {"it": earlier})
    [cause] = causes(database, assistant)
    assert cause == f"the database has schema {earlier}, this version needs {newest_revision()}"


def test_not_ready_when_the_database_cannot_be_read(
    database: Database, assistant: Assistant
) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("DROP TABLE alembic_version"))
    assert causes(database, assistant) == ["the database cannot be read"]


def test_however_often_it_is_asked_the_disk_is_written_to_once(
    database: Database, assistant: Assistant
) -> None:
    http = visitor(database, assistant)
    file = Path(str(database.engine.url.database) + "-wal")
    assert http.get("/readyz").status_code == 200
    size, changed = file.stat().st_size, file.stat().st_mtime_ns
    for _ in range(20):
        assert http.get("/readyz").status_code == 200
    assert (file.stat().st_size, file.stat().st_mtime_ns) == (size, changed)


def test_ready_on_postgresql(assistant: Assistant, clock: Clock) -> None:
    with running() as server:
        url = empty_database(server, "ready").url.render_as_string(hide_password=False)
        with open_database(url, Cipher(SECRET), clock=clock) as database:
            assert causes(database, assistant) == []
            with database.work() as elsewhere:
                elsewhere._session.execute(text("LOCK TABLE alembic_version IN EXCLUSIVE MODE"))
                began = time.monotonic()
                assert causes(database, assistant) == ["the database cannot be written to"]
                assert time.monotonic() - began < 3 * PATIENCE_S
            with database.work() as work:
                work.inbox.receive("test", "1", "hallo")
            clock.forward(90)
            assert causes(database, assistant) == ["the oldest message has waited for 90 seconds"]
            seen = figures(visitor(database, assistant).get("/metrics").text)
            assert seen["regiowijzer_queue_oldest_seconds", "inbox", "new"] == 90
