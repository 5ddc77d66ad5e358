"""What a message takes does not depend on how long its conversation is, or on how much is known."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from sqlalchemy import event

from bot.settings import Settings
from bottlenecks.roles import EVERYWHERE, Role
from bottlenecks.store import Database
from bottlenecks.store.database import random_id
from dialogues.assistant import Assistant
from knowledge import Knowledge, load
from knowledge.model import Topic
from nlu.training import MODEL_NAME
from tests.conftest import Talk
from tests.plans import statements
from tools.growth.talk import CYCLE

MESSAGES = 500
# SQLite tells of its work every so many of its own steps
STEPS = 100
# an index of more rows may be a level deeper; reading what was said would be tens of times as much
MOST = 1.25


class Work:
    """What SQLite did: its statements, and the steps (in hundreds) that they took."""

    def __init__(self) -> None:
        self.steps = 0

    def step(self) -> int:
        self.steps += 1
        return 0


@contextmanager
def counted(database: Database) -> Iterator[Work]:
    """Count the steps of every connection that is in use while in the block."""
    work = Work()

    def begins(connection: Any) -> None:
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        driver.set_progress_handler(work.step, STEPS)

    event.listen(database.engine, "begin", begins)
    try:
        yield work
    finally:
        event.remove(database.engine, "begin", begins)
        with database.engine.connect() as connection:
            driver = connection.connection.driver_connection
            assert isinstance(driver, sqlite3.Connection)
            driver.set_progress_handler(None, STEPS)


def says_all(database: Database, talk: Talk) -> tuple[list[int], int]:
    """Say every message of the cycle: statements of each, and the steps of all."""
    numbers = []
    with counted(database) as work:
        for text in CYCLE:
            with statements(database) as sent:
                talk.says(text)
            assert talk.replies, text
            numbers.append(len(sent))
    return numbers, work.steps


def test_message_500_costs_what_message_10_did(database: Database, assistant: Assistant) -> None:
    talk = Talk(database, assistant)
    says_all(database, talk)  # first contact, and what is asked once
    early, early_steps = says_all(database, talk)
    for number in range(2 * len(CYCLE), MESSAGES - len(CYCLE)):
        talk.says(CYCLE[number % len(CYCLE)])
    late, late_steps = says_all(database, talk)
    assert late == early
    assert early_steps > 0
    assert late_steps <= MOST * early_steps


class Counting(dict[str, Topic]):
    """Topics that count how often one of them is looked at."""

    looked_at = 0

    def values(self) -> Any:
        self.looked_at += len(self)
        return super().values()

    def items(self) -> Any:
        self.looked_at += len(self)
        return super().items()

    def __iter__(self) -> Iterator[str]:
        self.looked_at += len(self)
        return super().__iter__()

    def get(self, key: str, default: Any = None) -> Any:
        self.looked_at += 1
        return super().get(key, default)

    def __getitem__(self, key: str) -> Topic:
        self.looked_at += 1
        return super().__getitem__(key)


def grown(extra: int) -> tuple[Knowledge, Counting]:
    """The present knowledge with so many topics more."""
    present = load()
    like = next(iter(present.topics.values()))
    made = {
        f"gegroeid/nummer-{n}": like.model_copy(
            update={"id": f"gegroeid/nummer-{n}", "title": f"Nummer {n}"}
        )
        for n in range(extra)
    }
    topics = Counting({**present.topics, **made})
    return replace(present, topics=topics), topics


def test_no_message_looks_at_every_topic(database: Database) -> None:
    knowledge, topics = grown(1_000)
    model = Settings(_env_file=None).model_dir / MODEL_NAME
    talk = Talk(database, Assistant(model, knowledge, new_id=random_id))
    with database.work() as work:
        officer = work.officers.add("bo@rho.example", "Bo", Role.ADMIN, EVERYWHERE)
        work.regional.set_phase("utrecht", "3a", since=None, notice=None, set_by=officer)
    assert talk.says("Nummer 12")  # titles are read at the first message
    for text in (*CYCLE, "Nummer 999", "wie doen er mee aan het noodplan"):
        topics.looked_at = 0
        talk.says(text)
        assert topics.looked_at < 100, text
