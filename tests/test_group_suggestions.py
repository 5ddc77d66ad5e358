"""What a report may belong to: what officers are shown, and what a reporter is asked."""

from datetime import timedelta

import pytest

from bottlenecks.roles import EVERYWHERE, Scope
from bottlenecks.store import Database
from bottlenecks.store.group_candidates import CLOSED_DAYS
from bottlenecks.store.groups import Suggestions
from bottlenecks.workflow import Status
from tests.conftest import Clock
from tests.desk import add_officer
from tests.desk_reports import file_report

UTRECHT = Scope(regions=frozenset({"utrecht"}))
EVENING = (
    "Na zes uur 's avonds is er in Overvecht geen wijkverpleging meer te krijgen",
    "Avondzorg in Overvecht: vier thuiszorgorganisaties gebeld, geen plek voor vanavond",
)
NEW = "Geen thuiszorg te krijgen in de avond, alle organisaties in Overvecht zitten vol"
GLOVES = "De handschoenen maat M zijn op en de groothandel levert pas in april"


@pytest.fixture
def ada(database: Database) -> str:
    return add_officer(database)


@pytest.fixture
def evening(database: Database, ada: str) -> int:
    """A group about the evening, of two reports."""
    names = [file_report(database, text) for text in EVENING]
    with database.work() as work:
        return work.groups.create("Avondzorg Overvecht", names, EVERYWHERE, actor=ada)


def suggest(database: Database, reference: str, scope: Scope = EVERYWHERE) -> Suggestions:
    with database.reading() as work:
        return work.groups.suggest(reference, scope)


def offered(database: Database, reference: str) -> int | None:
    with database.reading() as work:
        row = work.groups.offer(reference)
    return row.number if row else None


def test_a_group_is_suggested_with_its_report_that_is_most_like_it(
    database: Database, evening: int
) -> None:
    new = file_report(database, NEW)
    [found] = suggest(database, new).groups
    assert found.row.number == evening and found.row.reports == 2
    assert 0.5 < found.likeness < 1
    assert found.alike.description in EVENING
    assert found.why[:3] == ("zelfde soort", "zelfde regio", "binnen een week")
    assert found.why[3].startswith("allebei over: ")
    assert suggest(database, new).reports == ()


def test_reports_of_no_group_are_suggested_the_likeliest_first(database: Database) -> None:
    first, second = [file_report(database, text) for text in EVENING]
    file_report(database, GLOVES, category="materialen-pbm")
    far = file_report(database, EVENING[0], region="westelijke-mijnstreek")
    new = file_report(database, NEW)
    found = suggest(database, new).reports
    assert {one.row.reference for one in found[:2]} == {first, second}
    assert [one.row.reference for one in found[2:]] in ([far], [])
    assert [one.likeness for one in found] == sorted((one.likeness for one in found), reverse=True)
    with database.reading() as work:
        assert len(work.groups.suggest(new, EVERYWHERE, limit=1).reports) == 1


def test_nothing_is_like_gloves(database: Database, evening: int) -> None:
    gloves = file_report(database, GLOVES, category="materialen-pbm")
    assert suggest(database, gloves) == Suggestions()
    assert offered(database, gloves) is None


def test_the_same_category_comes_first_and_the_rest_is_less_sure(database: Database) -> None:
    new = file_report(database, NEW)
    far = "Organisaties in Overvecht zitten vol"
    [other, same] = [
        file_report(database, NEW + ".", category="elv-opname"),
        file_report(database, EVENING[0], category="thuiszorg"),
    ]
    weak = file_report(database, far, category="ggz", region="westelijke-mijnstreek")
    found = suggest(database, new).reports
    assert [one.row.reference for one in found][:2] == [same, other]
    assert found[1].likeness > found[0].likeness, "though the other is likelier"
    sure = {one.row.reference: one.less_sure for one in found}
    assert sure[same] is False and sure[other] is False
    assert sure[weak] is True


def test_closed_ones_are_suggested_too(
    database: Database, clock: Clock, ada: str, evening: int
) -> None:
    alone = file_report(database, EVENING[0])
    withdrawn = file_report(database, EVENING[1])
    with database.work() as work:
        work.groups.move(evening, EVERYWHERE, Status.SOLVED, actor=ada, version=3)
        work.cases.move(alone, EVERYWHERE, Status.SOLVED, actor=ada)
        person = work.accounts.find_or_create("test", "u1", "u1").person_id
        work.reports.withdraw(person, withdrawn)
    clock.forward(timedelta(days=CLOSED_DAYS - 1).total_seconds())
    new = file_report(database, NEW)
    found = suggest(database, new)
    assert [one.row.number for one in found.groups] == [evening]
    assert [one.row.reference for one in found.reports] == [alone]
    clock.forward(timedelta(days=2).total_seconds())
    found = suggest(database, new)
    assert [one.row.number for one in found.groups] == [evening], "a group is not forgotten"
    assert found.reports == ()


def test_other_regions_are_not_shown(database: Database, ada: str) -> None:
    far = file_report(database, NEW, region="westelijke-mijnstreek")
    with database.work() as work:
        work.groups.create("Ver weg", [far], EVERYWHERE, actor=ada)
    alone = file_report(database, NEW, region="westelijke-mijnstreek")
    new = file_report(database, NEW)
    found = suggest(database, new)
    assert len(found.groups) == 1 and [one.row.reference for one in found.reports] == [alone]
    assert suggest(database, new, UTRECHT) == Suggestions()
    with pytest.raises(LookupError):
        suggest(database, alone, UTRECHT)


def test_a_report_in_a_group_is_not_suggested_its_own(
    database: Database, ada: str, evening: int
) -> None:
    new = file_report(database, NEW)
    with database.work() as work:
        work.groups.add(evening, new, EVERYWHERE, actor=ada)
    assert suggest(database, new).groups == ()
    assert offered(database, new) is None


def test_a_reporter_is_asked_when_it_is_sure_enough(database: Database, evening: int) -> None:
    new = file_report(database, NEW)
    assert offered(database, new) == evening
    less = file_report(database, "De wijkverpleging in Overvecht stuurt de rapportage niet")
    assert offered(database, less) is None


def test_a_reporter_is_not_asked_about_what_is_closed_or_refused(
    database: Database, ada: str, evening: int
) -> None:
    new = file_report(database, NEW)
    with database.work() as work:
        work.groups.refuse(evening, new, actor="melder")
    assert offered(database, new) is None
    other = file_report(database, NEW)
    assert offered(database, other) == evening
    with database.work() as work:
        work.groups.move(evening, EVERYWHERE, Status.SOLVED, actor=ada, version=3)
    assert offered(database, other) is None


def test_a_reporter_is_not_asked_which_of_two_it_is(
    database: Database, ada: str, evening: int
) -> None:
    same = [file_report(database, text) for text in EVENING]
    with database.work() as work:
        work.groups.create("Ook avondzorg", same, EVERYWHERE, actor=ada)
    assert offered(database, file_report(database, NEW)) is None


def test_a_reporter_is_asked_about_their_region_or_about_several(
    database: Database, ada: str, evening: int
) -> None:
    far = file_report(database, NEW, region="westelijke-mijnstreek")
    nowhere = file_report(database, NEW, region=None)
    for reference in (far, nowhere):
        with pytest.raises(LookupError), database.work() as work:
            person = work.accounts.find_or_create("test", "u1", "u1").person_id
            work.groups.join(reference, evening, person)
        assert offered(database, reference) is None
    farther = file_report(database, EVENING[0], region="oostelijke-mijnstreek")
    with database.work() as work:
        work.groups.add(evening, farther, EVERYWHERE, actor=ada)
        work.groups.join(far, evening, work.accounts.find_or_create("test", "u1", "u1").person_id)
        work.groups.remove(evening, far, EVERYWHERE, actor=ada)


def test_a_reporter_joins_with_their_own_report(database: Database, ada: str, evening: int) -> None:
    new = file_report(database, NEW)
    with database.work() as work:
        work.groups.assign(evening, EVERYWHERE, ada, actor=ada, version=3)
        work.groups.move(evening, EVERYWHERE, Status.IN_PROGRESS, actor=ada, version=4)
        person = work.accounts.find_or_create("test", "u1", "u1").person_id
        stranger = work.accounts.find_or_create("test", "u2", "u2").person_id
    for reference, number, who in ((new, evening, stranger), (new, 99, person)):
        with pytest.raises(LookupError), database.work() as work:
            work.groups.join(reference, number, who)
    with database.work() as work:
        work.groups.join(new, evening, person)
        work.groups.join(new, evening, person)
    with database.reading() as work:
        view = work.groups.get(evening, EVERYWHERE)
        case = work.cases.get(new, EVERYWHERE)
        [row] = [row for row in view.members if row.reference == new] if view else []
    assert view is not None and case is not None
    assert view.row.reports == 3
    assert (view.events[-1].kind, view.events[-1].actor) == ("joined", "melder")
    assert [event.kind for event in case.events] == ["created", "group", "owner", "status"]
    assert (case.owner_id, case.status) == (ada, Status.IN_PROGRESS)
    assert not row.has_reaction, "they said nothing that has to be answered"


def test_a_reporter_does_not_join_what_is_closed_or_a_second_group(
    database: Database, ada: str, evening: int
) -> None:
    new, other = file_report(database, NEW), file_report(database, NEW)
    with database.work() as work:
        person = work.accounts.find_or_create("test", "u1", "u1").person_id
        second = work.groups.create("Nog een", [other], EVERYWHERE, actor=ada)
        with pytest.raises(LookupError):
            work.groups.join(other, evening, person)
        work.groups.move(second, EVERYWHERE, Status.SOLVED, actor=ada, version=2)
        with pytest.raises(LookupError):
            work.groups.join(new, second, person)
