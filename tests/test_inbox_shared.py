"""Several workers on one PostgreSQL: who gets which update, and what two can do at once."""

import subprocess
import sys
import time
from pathlib import Path
from threading import Event, Thread

import psycopg
import pytest
from sqlalchemy import text

from bot.settings import ROOT
from bottlenecks.crypto import Cipher
from bottlenecks.store import Database, Work, open_database, postgresql
from bottlenecks.store.outage import is_outage
from tests.conftest import SECRET
from tests.shared_database import at_once


def receives(database: Database, *updates: str) -> None:
    """Store updates such as "anna 1": by anna; "? 1" is by nobody that is known."""
    with database.work() as work:
        for update in updates:
            sender = update.split()[0]
            work.inbox.receive("test", update, update, None if sender == "?" else sender)


def taken(work: Work) -> str | None:
    received = work.inbox.next()
    return received.payload if received else None


# who gets which update


def test_each_sender_in_order_and_many_at_once(shared: Database) -> None:
    receives(shared, "anna 1", "anna 2", "bert 1", "bert 2", "cas 1")
    with shared.work() as first, shared.work() as second, shared.work() as third:
        assert [taken(first), taken(second), taken(third)] == ["anna 1", "bert 1", "cas 1"]
        with shared.work() as fourth:
            assert taken(fourth) is None
    with shared.work() as work:  # nothing was done: all is free again
        assert taken(work) == "anna 1"


def test_a_later_one_waits_for_one_that_failed(shared: Database) -> None:
    receives(shared, "anna 1", "anna 2")
    for last in (False, False, True):
        with shared.work() as work:
            received = work.inbox.next()
            assert received is not None and received.payload == "anna 1"
            assert work.inbox.failed(received.id, "KeyError") is last
    with shared.work() as work:
        assert taken(work) == "anna 2"


def test_without_a_sender_all_is_in_order(shared: Database) -> None:
    receives(shared, "anna 1", "? 1", "anna 2", "bert 1")
    order = []
    for _ in range(4):
        with shared.work() as work, shared.work() as other:
            received = work.inbox.next()
            assert received is not None
            order.append(received.payload)
            beside = taken(other)
            # before and after it, others go on
            assert beside == ("bert 1" if received.payload == "anna 2" else None)
            work.inbox.done(received.id)
    assert order == ["anna 1", "? 1", "anna 2", "bert 1"]


def test_only_what_can_be_read_is_taken(shared: Database) -> None:
    receives(shared, "anna 1")
    with shared.work() as work:
        work.inbox.receive("web", "1", "by the web", "cas")
        received = work.inbox.next("web", "telegram")
        assert received is not None and received.payload == "by the web"
        assert work.inbox.next("telegram") is None


def test_who_sent_it_is_forgotten_when_it_is_done(shared: Database) -> None:
    receives(shared, "anna 1", "bert 1")
    with shared.work() as work:
        received = work.inbox.next()
        assert received is not None
        work.inbox.done(received.id)
    with shared.engine.connect() as connection:
        rows = connection.execute(text("SELECT status, sender FROM inbox ORDER BY id")).all()
    assert rows[0] == ("done", "")
    assert rows[1] == ("new", Cipher(SECRET).hash_id("test", "bert"))


def test_received_by_several_at_once_it_is_there_once(shared: Database) -> None:
    stored = at_once(shared, lambda work, _: work.inbox.receive("test", "1", "x", "anna"))
    assert sorted(map(bool, stored)) == [False, False, False, True]


def test_an_earlier_one_is_seen_before_a_later_one(shared: Database) -> None:
    stored = Event()

    def later() -> None:
        receives(shared, "anna 2")
        stored.set()

    with shared.work() as work:
        work.inbox.receive("test", "anna 1", "anna 1", "anna")
        thread = Thread(target=later)
        thread.start()
        assert not stored.wait(0.5)
        receives(shared, "bert 1")  # others are not held up
    thread.join(30)
    with shared.work() as work, shared.work() as other:
        assert [taken(work), taken(other)] == ["anna 1", "bert 1"]


def test_one_that_is_put_back_waits_for_the_conversation(shared: Database) -> None:
    receives(shared, "anna 1")
    with shared.work() as work:
        received = work.inbox.next()
        assert received is not None
        while not work.inbox.failed(received.id, "KeyError"):
            pass
    receives(shared, "anna 2")
    found: list[str | None] = []

    def take() -> None:
        with shared.work() as work:
            found.append(taken(work))

    with shared.work() as work:
        assert taken(work) == "anna 2"
        with shared.work() as desk:
            assert desk.dead_letters.replay("inbox", received.id, desk.now())
        thread = Thread(target=take)
        thread.start()
        thread.join(0.5)
        assert found == []
    thread.join(30)
    assert found == ["anna 1"]


# who dies


def test_the_update_of_a_process_that_is_killed_is_free(shared_url: str, shared: Database) -> None:
    receives(shared, "anna 1")
    program = Path(__file__).with_name("holds_an_update.py")
    command = [sys.executable, str(program), shared_url, SECRET]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "anna 1"
        with shared.work() as work:
            assert taken(work) is None
        process.kill()
    soon(shared, "anna 1")


def test_the_update_of_a_process_that_hangs_is_free(
    shared_url: str, shared: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    receives(shared, "anna 1")
    monkeypatch.setitem(postgresql._THEIRS, "idle_in_transaction_session_timeout", "300")
    with open_database(shared_url, Cipher(SECRET)) as hanging:
        with pytest.raises(Exception) as raised, hanging.work() as work:
            received = work.inbox.next()
            assert received is not None
            soon(shared, "anna 1")
            work.inbox.done(received.id)
        assert is_outage(raised.value)  # no failed attempt of the update


def soon(shared: Database, payload: str) -> None:
    """Wait until somebody else can have this update."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        with shared.work() as work:
            if taken(work) == payload:
                return
        time.sleep(0.05)
    raise AssertionError(f"nobody gets {payload}")


def test_connections_notice_who_is_gone(shared: Database) -> None:
    with shared.engine.connect() as connection:
        settings = text("SELECT setting FROM pg_settings WHERE name = :name")
        for name in ("tcp_user_timeout", "idle_in_transaction_session_timeout"):
            assert connection.execute(settings, {"name": name}).scalar() == "20000"
        raw = connection.connection.driver_connection
        assert isinstance(raw, psycopg.Connection)
        assert raw.info.get_parameters()["tcp_user_timeout"] == "20000"


def test_what_failed_here_but_was_handled_there_stays_handled(shared: Database) -> None:
    receives(shared, "anna 1")
    with shared.work() as work:
        received = work.inbox.next()
        assert received is not None
        work.inbox.done(received.id)
    with shared.work() as work:
        assert not work.inbox.failed(received.id, "KeyError")
        assert (work.inbox.count("done"), work.inbox.count("failed")) == (1, 0)
