"""Reports brought together into groups, and what happens to a group happens to its reports."""

import pytest

from bottlenecks.roles import EVERYWHERE, Scope
from bottlenecks.store import Database
from bottlenecks.store.groups import AlreadyGroupedError, GroupView
from bottlenecks.store.report_desk import CaseView, ChangedMeanwhileError
from bottlenecks.workflow import MoveNotAllowedError, Status
from tests.conftest import Clock
from tests.desk import add_officer
from tests.desk_reports import file_report

UTRECHT = Scope(regions=frozenset({"utrecht"}))
EVENING = (
    "Na zes uur 's avonds is er in Overvecht geen wijkverpleging meer te krijgen",
    "Avondzorg in Overvecht: vier thuiszorgorganisaties gebeld en niemand komt na zessen",
    "Geen thuiszorg in de avond, de insuline moet ik zelf gaan spuiten",
)
ELSEWHERE = "In Geleen is 's avonds ook geen wijkverpleging te krijgen"


@pytest.fixture
def ada(database: Database) -> str:
    return add_officer(database)


@pytest.fixture
def evening(database: Database) -> list[str]:
    return [
        file_report(database, text, practice=f"Voorbeeldpraktijk {number}")
        for number, text in enumerate(EVENING)
    ]


def make(database: Database, references: list[str], actor: str, title: str = "Avondzorg") -> int:
    with database.work() as work:
        return work.groups.create(title, references, EVERYWHERE, actor=actor)


def group(database: Database, number: int, scope: Scope = EVERYWHERE) -> GroupView:
    with database.reading() as work:
        found = work.groups.get(number, scope)
    assert found is not None
    return found


def case(database: Database, reference: str) -> CaseView:
    with database.reading() as work:
        found = work.cases.get(reference, EVERYWHERE)
    assert found is not None
    return found


def kinds(database: Database, reference: str) -> list[str]:
    return [event.kind for event in case(database, reference).events]


def test_a_group_is_made_of_reports(
    database: Database, clock: Clock, ada: str, evening: list[str]
) -> None:
    clock.forward(3600)
    number = make(database, evening, ada)
    view = group(database, number)
    row = view.row
    assert (row.number, row.title, row.status, row.owner_id) == (1, "Avondzorg", Status.NEW, None)
    assert (row.reports, row.practices, row.regions) == (3, 3, ("utrecht",))
    assert row.last_report_at == row.first_report_at != row.updated_at
    assert [member.reference for member in view.members] == evening[::-1]
    assert [event.kind for event in view.events] == ["created", "joined", "joined", "joined"]
    assert [event.reference for event in view.events[1:]] == evening
    assert kinds(database, evening[0]) == ["created", "group"]
    assert case(database, evening[0]).events[-1].value_to == "1"


def test_numbers_count_on(database: Database, ada: str, evening: list[str]) -> None:
    assert [make(database, [name], ada) for name in evening] == [1, 2, 3]


def test_no_group_of_nothing_or_of_what_is_not_there(
    database: Database, ada: str, evening: list[str]
) -> None:
    for references in ([], ["KP-2026-9999"], [*evening, "KP-2026-9999"]):
        with pytest.raises(LookupError), database.work() as work:
            work.groups.create("Avondzorg", references, EVERYWHERE, actor=ada)
    with database.reading() as work:
        assert work.groups.page(EVERYWHERE).total == 0


def test_a_report_is_in_one_group(database: Database, ada: str, evening: list[str]) -> None:
    first = make(database, evening[:2], ada)
    other = make(database, evening[2:], ada)
    with pytest.raises(AlreadyGroupedError) as refused, database.work() as work:
        work.groups.add(other, evening[0], EVERYWHERE, actor=ada)
    assert (refused.value.reference, refused.value.number) == (evening[0], first)
    with pytest.raises(AlreadyGroupedError), database.work() as work:
        work.groups.create("Nog een", evening, EVERYWHERE, actor=ada)
    with database.work() as work:
        work.groups.add(first, evening[0], EVERYWHERE, actor=ada)
    assert kinds(database, evening[0]).count("group") == 1, "it was in it already"


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


def test_who_leaves_is_not_suggested_again(
    database: Database, ada: str, evening: list[str]
) -> None:
    number = make(database, evening[:2], ada)
    with database.work() as work:
        assert [one.row.number for one in work.groups.suggest(evening[2], EVERYWHERE).groups] == [
            number
        ]
        work.groups.add(number, evening[2], EVERYWHERE, actor=ada)
        work.groups.remove(number, evening[2], EVERYWHERE, actor=ada)
    with database.reading() as work:
        assert work.groups.of(evening[2], EVERYWHERE) is None
        assert work.groups.suggest(evening[2], EVERYWHERE).groups == ()
    assert kinds(database, evening[2])[-1] == "group"
    with pytest.raises(LookupError), database.work() as work:
        work.groups.remove(number, evening[2], EVERYWHERE, actor=ada)


def test_a_refusal_is_kept_once_and_forgotten_by_adding(
    database: Database, ada: str, evening: list[str]
) -> None:
    number = make(database, evening[:2], ada)
    with database.work() as work:
        work.groups.refuse(number, evening[2], actor=ada)
        work.groups.refuse(number, evening[2], actor="melder")
        assert work.groups.suggest(evening[2], EVERYWHERE).groups == ()
        work.groups.add(number, evening[2], EVERYWHERE, actor=ada)
    with pytest.raises(LookupError), database.work() as work:
        work.groups.refuse(99, evening[2], actor=ada)


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


def test_what_was_said_of_a_group_is_kept(database: Database, ada: str, evening: list[str]) -> None:
    number = make(database, evening, ada)
    with database.work() as work:
        work.groups.note(number, EVERYWHERE, actor=ada, kind="note", text="morgen in het overleg")
        work.groups.note(number, EVERYWHERE, actor=ada, kind="reply", text="wij bellen vandaag")
        with pytest.raises(ValueError):
            work.groups.note(number, EVERYWHERE, actor=ada, kind="status", text="x")
    said = [(event.kind, event.text) for event in group(database, number).events[-2:]]
    assert said == [("note", "morgen in het overleg"), ("reply", "wij bellen vandaag")]


def test_only_what_is_of_ones_own_regions_is_seen(
    database: Database, ada: str, evening: list[str]
) -> None:
    far = file_report(database, ELSEWHERE, region="westelijke-mijnstreek", practice="Verweg")
    number = make(database, [*evening, far], ada)
    view = group(database, number, UTRECHT)
    assert view.hidden == 1
    assert (view.row.reports, view.row.practices, view.row.regions) == (3, 3, ("utrecht",))
    assert far not in {event.reference for event in view.events}
    assert [event.reference for event in view.events[1:]] == [*evening, None]
    assert group(database, number).hidden == 0
    with database.reading() as work:
        limburg = Scope(regions=frozenset({"oostelijke-mijnstreek"}))
        assert work.groups.get(number, limburg) is None
        assert work.groups.page(limburg).rows == ()
        assert work.groups.of(evening[0], limburg) is None


def test_what_is_partly_of_others_is_not_changed(
    database: Database, ada: str, evening: list[str]
) -> None:
    far = file_report(database, ELSEWHERE, region="westelijke-mijnstreek")
    number = make(database, [evening[0], far], ada)
    with database.work() as work:
        with pytest.raises(PermissionError):
            work.groups.rename(number, UTRECHT, "x", actor=ada, version=3)
        with pytest.raises(PermissionError):
            work.groups.assign(number, UTRECHT, ada, actor=ada, version=3)
        with pytest.raises(PermissionError):
            work.groups.move(number, UTRECHT, Status.SOLVED, actor=ada, version=3)
        with pytest.raises(PermissionError):
            work.groups.note(number, UTRECHT, actor=ada, kind="reply", text="x")
        with pytest.raises(LookupError):
            work.groups.remove(number, far, UTRECHT, actor=ada)
        with pytest.raises(LookupError):
            work.groups.create("Elders", [far], UTRECHT, actor=ada)
        # their own reports may join and leave, and they may note something for colleagues
        work.groups.note(number, UTRECHT, actor=ada, kind="note", text="ook bij ons")
        work.groups.add(number, evening[1], UTRECHT, actor=ada)
        work.groups.remove(number, evening[1], UTRECHT, actor=ada)
    assert case(database, far).status is Status.NEW


def test_the_largest_groups_come_first_and_are_found(
    database: Database, ada: str, evening: list[str]
) -> None:
    phones = [
        file_report(database, "De centrale ligt plat", category="telefonie"),
        file_report(database, "Storing in de telefonie", category="telefonie", region=None),
    ]
    small = make(database, phones, ada, "Telefoonstoring")
    large = make(database, evening, ada)

    def numbers(**wanted: object) -> list[int]:
        with database.reading() as work:
            page = work.groups.page(EVERYWHERE, **wanted)  # type: ignore[arg-type]
        assert page.total >= len(page.rows)
        return [row.number for row in page.rows]

    assert numbers() == [large, small]
    assert numbers(limit=1) == [large] and numbers(offset=1) == [small]
    assert numbers(category="telefonie") == [small]
    assert numbers(region="utrecht") == [large, small] and numbers(region="elders") == [small]
    assert numbers(words="telefoon storing") == [small], "in the title"
    assert numbers(words="insuline") == [large], "in a report"
    assert numbers(words="nergens") == []
    with database.work() as work:
        work.groups.move(large, EVERYWHERE, Status.SOLVED, actor=ada, version=4)
    assert numbers() == [small] and numbers(open_only=False) == [large, small]
