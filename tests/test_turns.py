"""Writers of SQLite take turns in the order in which they came."""

import threading
import time

import pytest
from sqlalchemy.exc import OperationalError

from bottlenecks.store import Database
from bottlenecks.store.turns import Turns


def test_who_came_first_goes_first() -> None:
    turns, order = Turns(), list[int]()

    def go(number: int) -> None:
        with turns.one(10) as has_it:
            assert has_it
            order.append(number)

    with turns.one(0) as has_it:
        assert has_it
        threads = [threading.Thread(target=go, args=(number,)) for number in range(20)]
        for number, thread in enumerate(threads, 1):
            thread.start()
            while len(turns._waiting) < number:
                time.sleep(0.001)
        assert order == []
    for thread in threads:
        thread.join()
    assert order == list(range(20))


def test_who_is_not_patient_goes_without_and_keeps_nobody_up() -> None:
    turns = Turns()
    with turns.one(0), turns.one(0.01) as has_it:
        assert not has_it
    with turns.one(0) as has_it:
        assert has_it


def test_an_error_passes_the_turn_on() -> None:
    turns = Turns()
    with pytest.raises(ValueError, match="mine"), turns.one(0):
        raise ValueError("mine")
    with turns.one(0) as has_it:
        assert has_it


def test_a_database_that_is_written_to_for_too_long_is_said_to_be_locked(
    database: Database,
) -> None:
    with database.work() as writing:
        assert writing.inbox.count("new") == 0
        with (
            pytest.raises(OperationalError, match="locked"),
            database.work(patience_s=0.05) as work,
        ):
            work.inbox.count("new")
    with database.work(patience_s=0.05) as work:
        assert work.inbox.count("new") == 0


def test_many_threads_write_and_nothing_is_lost(database: Database) -> None:
    def write(number: int) -> None:
        for one in range(10):
            with database.work() as work:
                work.inbox.receive("test", f"{number}-{one}", "u1|{}")

    threads = [threading.Thread(target=write, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as work:
        assert work.inbox.count("new") == 160
