"""Reports to compare with are found by their words on PostgreSQL, however often those are used."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from bottlenecks.store import Database
from bottlenecks.store import group_candidates as candidates
from tests.desk_reports import file_report
from tests.plans import sent_by

REPORTS = 60
LATEST = 8
# how often each word is used: in every report, one in five, and once, in the very first one
COMMON, FREQUENT, RARE = "wachttijd", "verwijzing", "ambulance"
SOMETIMES = 5


@pytest.fixture
def numbers(shared: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Serials of some reports, the latest first; few are looked at, as if these were many."""
    monkeypatch.setattr(candidates, "LATEST_PER_WORD", LATEST)
    monkeypatch.setattr(candidates, "PROBED", 10)
    monkeypatch.setattr(candidates, "WALKED", 50)
    monkeypatch.setattr(candidates, "FREQUENT", 2)
    for number in range(REPORTS):
        words = [COMMON, FREQUENT if number % SOMETIMES == 0 else "", RARE if number == 0 else ""]
        file_report(shared, " ".join(words))
    with shared.engine.connect() as connection:
        found = connection.execute(text("SELECT serial FROM report ORDER BY serial DESC"))
        yield list(found.scalars())


def frequent_in(numbers: list[int]) -> list[int]:
    """The latest of those with the frequent word."""
    return [one for n, one in enumerate(numbers, 1) if (REPORTS - n) % SOMETIMES == 0][:LATEST]


def look_for(database: Database, *beginnings: str) -> tuple[list[int], list[str]]:
    """What is found by these beginnings of words, and how it was looked for."""
    found: list[int] = []
    with database.reading() as work:
        finder = work.groups._suggesting._candidates
        sent = sent_by(database, lambda: found.extend(finder._with_words(beginnings)))
    ways = ["index" if "MATERIALIZED" in one else "latest" for one, _ in sent]
    return found, ways


def test_a_common_word_is_found_among_the_latest(shared: Database, numbers: list[int]) -> None:
    assert look_for(shared, "wacht") == (numbers[:LATEST], ["latest"])


def test_a_frequent_word_is_gone_back_for(shared: Database, numbers: list[int]) -> None:
    assert look_for(shared, "verwijz") == (frequent_in(numbers), ["latest", "latest"])


def test_a_rare_word_is_found_however_old(shared: Database, numbers: list[int]) -> None:
    assert look_for(shared, "ambu") == (numbers[-1:], ["latest", "index"])
    assert look_for(shared, "taxi") == ([], ["latest", "index"])


def test_one_of_several_words_is_enough(shared: Database, numbers: list[int]) -> None:
    found, _ = look_for(shared, "ambu", "verwijz")
    assert found == frequent_in(numbers)


def test_what_stopped_being_frequent_is_still_found(
    shared: Database, numbers: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Going back finds too few, though it is frequent in the latest: the index has the rest."""
    monkeypatch.setattr(candidates, "WALKED", 20)
    found, ways = look_for(shared, "verwijz")
    assert found == frequent_in(numbers)
    assert ways == ["latest", "latest", "index"]
