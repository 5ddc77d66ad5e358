"""What happens to a group happens to its reports: owner, status and deadline."""

import pytest

from bottlenecks.roles import EVERYWHERE
from bottlenecks.store import Database
from bottlenecks.store.report_desk import ChangedMeanwhileError
from bottlenecks.workflow import MoveNotAllowedError, Status
from tests.conftest import Clock
from tests.desk import add_officer
from tests.groups_in_the_store import case, file_evening, group, make


@pytest.fixture
def ada(database: Database) -> str:
    return add_officer(database)


@pytest.fixture
def evening(database: Database) -> list[str]:
    return file_evening(database)


def test_who_joins_takes_owner_and_status(database: Database, ada: str, evening: list[str]) -> None:
    number = make(database, evening[:2], ada)
    with database.work() as work:
        work.groups.assign(number, EVERYWHERE, ada, actor=ada, version=3)
    with database.work() as work:
        moved = work.groups.move(number, EVERYWHERE, Status.IN_PROGRESS, actor=ada, version=4)
    assert sorted(moved) == evening[:2]
    with database.work() as work:
        work.groups.add(number, evening[2], EVERYWHERE, actor=ada)
    joined = case(database, evening[2])
    assert (joined.owner_id, joined.status) == (ada, Status.IN_PROGRESS)
    assert [event.kind for event in joined.events] == ["created", "group", "owner", "status"]
    assert joined.events[-1].field == "group" and joined.events[-1].value_to == str(number)


def test_who_joins_keeps_what_was_asked_of_it_alone(
    database: Database, ada: str, evening: list[str]
) -> None:
    with database.work() as work:
        work.cases.move(evening[0], EVERYWHERE, Status.WAITING, actor=ada)
        work.cases.move(evening[1], EVERYWHERE, Status.IN_PROGRESS, actor=ada)
    number = make(database, evening, ada)
    assert group(database, number).row.status is Status.IN_PROGRESS
    statuses = [case(database, name).status for name in evening]
    assert statuses == [Status.WAITING, Status.IN_PROGRESS, Status.IN_PROGRESS]


def test_nobody_waits_for_who_was_asked_nothing(
    database: Database, ada: str, evening: list[str]
) -> None:
    number = make(database, evening[:2], ada)
    with database.work() as work:
        work.groups.move(number, EVERYWHERE, Status.WAITING, actor=ada, version=3)
        work.groups.add(number, evening[2], EVERYWHERE, actor=ada)
    assert case(database, evening[2]).status is Status.NEW


def test_a_closed_report_stays_closed(database: Database, ada: str, evening: list[str]) -> None:
    with database.work() as work:
        work.cases.move(evening[0], EVERYWHERE, Status.REJECTED, actor=ada)
    number = make(database, evening, ada)
    with database.work() as work:
        moved = work.groups.move(number, EVERYWHERE, Status.SOLVED, actor=ada, version=4)
    assert sorted(moved) == evening[1:]
    assert case(database, evening[0]).status is Status.REJECTED
    assert group(database, number).row.status is Status.SOLVED
    assert not group(database, number).row.is_open


def test_a_deadline_does_not_move_away_by_joining(
    database: Database, clock: Clock, ada: str, evening: list[str]
) -> None:
    number = make(database, evening[:1], ada)
    with database.work() as work:
        work.groups.move(number, EVERYWHERE, Status.IN_PROGRESS, actor=ada, version=2)
    before = case(database, evening[1]).due_at
    clock.forward(86_400)
    with database.work() as work:
        work.groups.add(number, evening[1], EVERYWHERE, actor=ada)
    assert case(database, evening[1]).due_at == before
    with database.work() as work:
        account = work.accounts.find_or_create("test", "u1", "u1")
        outbox = work.outbox.add(account.id, "je melding is in behandeling")
        work.groups.add(number, evening[2], EVERYWHERE, actor=ada, told={evening[2]: outbox})
    told = case(database, evening[2])
    assert told.due_at is not None and before is not None and told.due_at > before
    assert told.events[-1].delivery == "pending"


def test_changes_need_the_version_that_was_looked_at(
    database: Database, ada: str, evening: list[str]
) -> None:
    number = make(database, evening, ada)
    version = group(database, number).row.version
    with database.work() as work:
        work.groups.rename(number, EVERYWHERE, "Avondzorg Overvecht", actor=ada, version=version)
    view = group(database, number)
    assert view.row.title == "Avondzorg Overvecht"
    assert (view.events[-1].kind, view.events[-1].text) == ("title", "Avondzorg Overvecht")
    with pytest.raises(ChangedMeanwhileError), database.work() as work:
        work.groups.assign(number, EVERYWHERE, ada, actor=ada, version=version)
    with pytest.raises(ChangedMeanwhileError), database.work() as work:
        work.groups.move(number, EVERYWHERE, Status.SOLVED, actor=ada, version=version)
    with pytest.raises(LookupError), database.work() as work:
        work.groups.rename(99, EVERYWHERE, "x", actor=ada, version=1)


def test_the_workflow_holds_for_groups(database: Database, ada: str, evening: list[str]) -> None:
    number = make(database, evening, ada)
    with pytest.raises(MoveNotAllowedError), database.work() as work:
        work.groups.move(number, EVERYWHERE, Status.WITHDRAWN, actor=ada, version=4)
    with pytest.raises(MoveNotAllowedError), database.work() as work:
        work.groups.move(number, EVERYWHERE, Status.REOPENED, actor=ada, version=4)
    with pytest.raises(ValueError), database.work() as work:
        work.groups.move(number, EVERYWHERE, Status.FORWARDED, actor=ada, version=4)
    with database.work() as work:
        work.groups.move(
            number, EVERYWHERE, Status.FORWARDED, actor=ada, version=4, organisation="roaz"
        )
    assert group(database, number).row.forwarded_to == "roaz"
    assert case(database, evening[0]).forwarded_to == "roaz"


def test_a_closed_group_takes_a_reopened_report_along_again(
    database: Database, ada: str, evening: list[str]
) -> None:
    number = make(database, evening, ada)
    with database.work() as work:
        work.groups.move(number, EVERYWHERE, Status.SOLVED, actor=ada, version=4)
        person = work.accounts.find_or_create("test", "u1", "u1").person_id
        work.reports.reopen(person, evening[0], "het is weer mis")
    with database.work() as work:
        moved = work.groups.move(number, EVERYWHERE, Status.SOLVED, actor=ada, version=5)
    assert moved == (evening[0],)
