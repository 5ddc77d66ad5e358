"""Processes that share a PostgreSQL: one is killed, all are restarted, another takes over."""

import re
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.fleet import Fleet, Program, Visitor, fleet, until
from tests.postgres_server import empty_database
from tests.serving import run

# questions, a report in eight steps, and what only the order of all this makes an answer to
SCRIPT = (
    "wie coördineert het noodplan?",
    "waar staat dat?",
    "nergens thuiszorg te vinden in Geleen, al drie gebeld, graag melden",
    "hoog",
    "anoniem",
    "ja",
    "versturen",
    "wat is de status van mijn melding?",
    "wat is harop?",
    "ik wil iets anders melden",
    "stop",
)
VISITORS = 8


@pytest.fixture(scope="module")
def url(server: str) -> str:
    empty_database(server, "fleet").dispose()
    return f"{server.rsplit('/', 1)[0]}/fleet"


@pytest.fixture(scope="module")
def ships(url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    """Two that serve and two that work."""
    with fleet(tmp_path_factory.mktemp("fleet"), url) as found:
        for command in ("serve", "serve", "worker", "worker"):
            found.start(command)
        for program in found.programs:
            program.ready()
        yield found


def counted(url: str, query: str) -> int:
    engine = create_engine(url)
    with engine.connect() as connection:
        number = connection.execute(text(query)).scalar_one()
    engine.dispose()
    return int(number)


def handled(url: str) -> int:
    return counted(url, "SELECT count(*) FROM inbox WHERE status = 'done'")


class Talks:
    """Visitors who each send a whole conversation without waiting for an answer."""

    def __init__(self, ships: Fleet) -> None:
        found = ships.servers()
        self.visitors = [Visitor(*found) for _ in range(VISITORS)]
        self._threads = [
            threading.Thread(target=self._talk, args=(one,), daemon=True) for one in self.visitors
        ]

    def begin(self) -> None:
        for thread in self._threads:
            thread.start()

    def end(self, expected: Sequence[str]) -> None:
        """Wait for the last answers; nobody got more, less, or in another order."""
        for thread in self._threads:
            thread.join(90)
        for visitor in self.visitors:
            until(lambda one=visitor: len(one.answers) >= len(expected))  # type: ignore[misc]
        with ThreadPoolExecutor() as several:
            for answers in several.map(lambda one: one.answers, self.visitors):
                assert answers == list(expected)

    def _talk(self, visitor: Visitor) -> None:
        for one in SCRIPT:
            visitor.says(one)


@pytest.fixture(scope="module")
def expected(ships: Fleet) -> list[str]:
    """The answers to one who waits for each."""
    visitor = Visitor(ships.servers()[0])
    for number, one in enumerate(SCRIPT, 1):
        visitor.says(one)
        until(lambda n=number: len(visitor.answers) >= n)  # type: ignore[misc]
    answers = visitor.answers
    assert len(answers) == len(SCRIPT)
    assert "Je melding is gedaan" in answers[6]
    assert "nieuw, nog niet bekeken" in answers[7]
    return answers


def check_reports(url: str, before: int) -> None:
    """Everyone's report is there once, each with its own number."""
    assert counted(url, "SELECT count(*) FROM report") == before + VISITORS
    assert counted(url, "SELECT max(number) FROM report") == before + VISITORS
    assert counted(url, "SELECT count(*) FROM inbox WHERE status <> 'done'") == 0
    assert counted(url, "SELECT coalesce(sum(attempts), 0) FROM inbox") == 0


def test_a_worker_that_is_killed_loses_nothing(ships: Fleet, url: str, expected: list[str]) -> None:
    reports, before = counted(url, "SELECT count(*) FROM report"), handled(url)
    talks = Talks(ships)
    talks.begin()
    until(lambda: handled(url) >= before + VISITORS * len(SCRIPT) // 4)
    [killed, other] = ships.living("worker")
    killed.is_killed()
    assert handled(url) < before + VISITORS * len(SCRIPT)  # in the middle of it
    talks.end(expected)
    check_reports(url, reports)
    # both had their share
    assert "update handled" in killed.logged and "update handled" in other.logged
    ships.start("worker").ready()


def test_a_rolling_restart_loses_and_doubles_nothing(
    ships: Fleet, url: str, expected: list[str]
) -> None:
    reports = counted(url, "SELECT count(*) FROM report")
    talks = Talks(ships)
    talks.begin()
    for old in ships.living("worker"):
        new = ships.start("worker")
        new.ready()
        old.is_told_to_stop()
    talks.end(expected)
    check_reports(url, reports)


def test_an_answer_reaches_the_page_that_waits_elsewhere(ships: Fleet) -> None:
    one, other = ships.servers()
    visitor = Visitor(one)
    visitor.says("hallo")
    until(lambda: len(visitor.answers) == 1)
    last = visitor.messages[-1].id
    with visitor.http.stream("GET", f"{other}/chat/stroom", params={"na": str(last)}) as stream:
        lines = stream.iter_lines()
        assert next(lines).startswith("retry")
        visitor.says("wie coördineert het noodplan?")
        found = next(line for line in lines if "standaard eindverantwoordelijk" in line)
    assert found.startswith("data:")


def test_one_polls_and_when_it_dies_another_does(ships: Fleet, url: str) -> None:
    def polling() -> list[Program]:
        return [one for one in ships.living("serve") if "polling Telegram" in one.logged]

    [holder] = until(polling)
    anna = ships.api.user(1)
    anna.says("wie coördineert het noodplan?")
    anna.wait_for("standaard eindverantwoordelijk", timeout=90)
    holder.is_killed()
    anna.says("wat is harop?")
    anna.wait_for("huisartsen-rampen-opvangplan", timeout=90)
    [other] = polling()
    assert "Conflict" not in holder.logged + other.logged
    assert re.findall(r"job taken.*", other.logged)
    # who is told to stop lets go by itself, and nothing is left undone
    ships.start("serve").ready()
    other.is_told_to_stop()
    anna.says("wie coördineert het noodplan?")
    anna.wait_for("standaard eindverantwoordelijk", timeout=90)
    assert polling() != [] and other not in polling()


def test_with_sqlite_there_is_no_worker(tmp_path: Path) -> None:
    refused = run(tmp_path, "worker")
    assert refused.returncode == 1
    [line] = refused.stderr.strip().splitlines()
    assert "regiowijzer worker needs PostgreSQL" in line
    assert not (tmp_path / "regiowijzer.db").exists()


def test_a_worker_without_the_key_is_refused(tmp_path: Path, url: str) -> None:
    refused = run(tmp_path, "worker", DATABASE_URL=url)
    assert refused.returncode == 1
    assert "needs the SECRET_KEY that serve has" in refused.stderr
    assert not (tmp_path / "secret.key").exists()
