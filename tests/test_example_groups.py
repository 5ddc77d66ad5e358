"""The demo has groups among its examples, and a stranger's report is asked to join one."""

from datetime import datetime

import pytest

from bottlenecks.desk.examples.adding import add_examples
from bottlenecks.roles import EVERYWHERE
from bottlenecks.store import Database
from bottlenecks.workflow import Status
from tests.conftest import Clock, Talk
from tests.groups_of_reports import report

STRANGER = "er is geen thuiszorg te vinden"


@pytest.fixture
def now(database: Database, clock: Clock) -> datetime:
    add_examples(database, "no hash", clock.now)
    return clock.now


def test_a_group_of_five_and_three_others_of_which_one_is_closed(
    database: Database, now: datetime
) -> None:
    with database.reading() as work:
        rows = work.groups.page(EVERYWHERE, open_only=False).rows
        first = work.groups.get(rows[0].number, EVERYWHERE)
        of_example = [one.is_example for one in rows]
    assert [row.reports for row in rows] == [5, 4, 4, 2] and all(of_example)
    assert [row.is_open for row in rows].count(False) == 1
    assert first is not None and first.row.regions == ("utrecht",) and first.row.practices == 5
    assert {member.status for member in first.members} == {Status.NEW}


def test_nothing_happened_before_its_report_or_after_now(database: Database, now: datetime) -> None:
    with database.reading() as work:
        for row in work.groups.page(EVERYWHERE, open_only=False).rows:
            view = work.groups.get(row.number, EVERYWHERE)
            assert view is not None
            moments = [event.at for event in view.events]
            assert moments == sorted(moments) and moments[-1] <= now
            for member in view.members:
                case = work.cases.get(member.reference, EVERYWHERE)
                assert case is not None
                happened = [event.at for event in case.events]
                assert happened == sorted(happened), (row.title, member.reference)


@pytest.mark.parametrize(
    "text",
    [STRANGER, "Er is geen thuiszorg te vinden.", "nergens thuiszorg te vinden, alles zit vol"],
)
def test_a_strangers_report_is_offered_the_group_of_five(
    database: Database, now: datetime, text: str
) -> None:
    with database.reading() as work:
        expected = work.groups.page(EVERYWHERE).rows[0]
    reference = report(database, text, "stranger")
    with database.reading() as work:
        offered = work.groups.offer(reference)
    assert offered is not None and offered.number == expected.number


def test_a_stranger_is_asked_in_the_chat(talk: Talk, now: datetime) -> None:
    talk.says("ik wil een knelpunt melden")
    for words in ("thuiszorg", "Utrecht", STRANGER, "niets", "midden", "anoniem"):
        talk.says(words)
    talk.says("ja")
    said = talk.taps("Versturen")
    assert '5 praktijken meldden ook: "Geen thuiszorg te vinden in Utrecht en omgeving"' in said
    assert "hoort er nu bij" in talk.taps("Ja, hoort erbij")
