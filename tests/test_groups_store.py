"""Reports brought together into groups: what is in them, who sees them, how they are found."""

import pytest

from bottlenecks.roles import EVERYWHERE, Scope
from bottlenecks.store import Database
from bottlenecks.store.groups import AlreadyGroupedError
from bottlenecks.workflow import Status
from tests.conftest import Clock
from tests.desk import add_officer
from tests.desk_reports import file_report
from tests.groups_in_the_store import ELSEWHERE, UTRECHT, case, file_evening, group, kinds, make


@pytest.fixture
def ada(database: Database) -> str:
    return add_officer(database)


@pytest.fixture
def evening(database: Database) -> list[str]:
    return file_evening(database)


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
    with database.reading() as work:
        for page in ({"limit": 1}, {"offset": 1}, {"offset": 5}):
            assert work.groups.page(EVERYWHERE, **page).total == 2, "beyond the last page as well"
    assert numbers(category="telefonie") == [small]
    assert numbers(region="utrecht") == [large, small] and numbers(region="elders") == [small]
    assert numbers(words="telefoon storing") == [small], "in the title"
    assert numbers(words="insuline") == [large], "in a report"
    assert numbers(words="nergens") == []
    with database.work() as work:
        work.groups.move(large, EVERYWHERE, Status.SOLVED, actor=ada, version=4)
    assert numbers() == [small] and numbers(open_only=False) == [large, small]
