"""Counts of reports, as the pages and the report for ROAZ read them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bottlenecks.dates import AMSTERDAM
from bottlenecks.roles import EVERYWHERE, Scope
from bottlenecks.store import Database
from bottlenecks.store.figures import ELSEWHERE, Count, Duration, GroupCount, Selection
from bottlenecks.workflow import Status
from tests.reports_to_count import answer_after, move_after, noon, put_in_group, report_at

MARCH = Selection(date(2026, 3, 2), date(2026, 3, 29))
UTRECHT = Scope(regions=frozenset({"utrecht"}))


def test_reports_and_practices_are_counted(database: Database) -> None:
    for practice in ("A", "A", "B", None, None):
        report_at(database, noon(5), practice)
    with database.reading() as work:
        # who did not say a practice counts as one more: it is not known that there are two
        assert work.figures.total(MARCH, EVERYWHERE, AMSTERDAM) == Count("", 5, 3)


def test_nothing_is_counted_as_nothing(database: Database) -> None:
    with database.reading() as work:
        figures = work.figures
        assert figures.total(MARCH, EVERYWHERE, AMSTERDAM) == Count("", 0, 0)
        assert figures.per("region", MARCH, EVERYWHERE, AMSTERDAM) == []
        assert [one.reports for one in figures.per_week(MARCH, EVERYWHERE, AMSTERDAM)] == [0] * 4
        nothing = Duration(0, None, None, 0)
        assert figures.first_answer(MARCH, EVERYWHERE, AMSTERDAM) == nothing
        assert figures.solution(MARCH, EVERYWHERE, AMSTERDAM) == nothing
        assert figures.groups(MARCH, EVERYWHERE, AMSTERDAM) == []


def test_weeks_begin_on_monday_in_dutch_time(database: Database) -> None:
    # on 29 March the clock goes to summer time
    moments = {
        datetime(2026, 3, 8, 22, 59, 59, tzinfo=UTC): "2026-03-02",
        datetime(2026, 3, 8, 23, 0, tzinfo=UTC): "2026-03-09",
        datetime(2026, 3, 29, 21, 59, 59, tzinfo=UTC): "2026-03-23",
        datetime(2026, 3, 29, 22, 0, tzinfo=UTC): "2026-03-30",
    }
    for moment in moments:
        report_at(database, moment)
    selection = Selection(date(2026, 3, 2), date(2026, 4, 1))
    with database.reading() as work:
        weeks = work.figures.per_week(selection, EVERYWHERE, AMSTERDAM)
    assert [(week.key, week.reports) for week in weeks] == [
        ("2026-03-02", 1),
        ("2026-03-09", 1),
        ("2026-03-16", 0),
        ("2026-03-23", 1),
        ("2026-03-30", 1),
    ]


def test_both_days_of_a_selection_count_and_no_others(database: Database) -> None:
    for moment in (
        datetime(2026, 3, 3, 22, 59, tzinfo=UTC),  # the day before, in Dutch time
        datetime(2026, 3, 3, 23, 0, tzinfo=UTC),
        datetime(2026, 3, 5, 22, 59, tzinfo=UTC),
        datetime(2026, 3, 5, 23, 0, tzinfo=UTC),  # the day after
    ):
        report_at(database, moment)
    days = Selection(date(2026, 3, 4), date(2026, 3, 5))
    with database.reading() as work:
        assert work.figures.total(days, EVERYWHERE, AMSTERDAM).reports == 2
        [week] = work.figures.per_week(days, EVERYWHERE, AMSTERDAM)
    assert (week.key, week.reports) == ("2026-03-02", 2)


def test_days_the_wrong_way_round_have_no_weeks(database: Database) -> None:
    report_at(database, noon(5))
    selection = Selection(date(2026, 3, 9), date(2026, 3, 1))
    with database.reading() as work:
        assert work.figures.per_week(selection, EVERYWHERE, AMSTERDAM) == []
        assert work.figures.total(selection, EVERYWHERE, AMSTERDAM) == Count("", 0, 0)


def test_each_field_is_counted_most_first(database: Database) -> None:
    report_at(database, noon(3), "A", category="ggz", severity="hoog")
    report_at(database, noon(4), "A", region=None)
    report_at(database, noon(4), "B", region="westelijke-mijnstreek", severity="laag")
    report_at(database, noon(5), "B")
    with database.reading() as work:
        figures = work.figures
        assert figures.per("category", MARCH, EVERYWHERE, AMSTERDAM) == [
            Count("thuiszorg", 3, 2),
            Count("ggz", 1, 1),
        ]
        assert figures.per("region", MARCH, EVERYWHERE, AMSTERDAM) == [
            Count("utrecht", 2, 2),
            Count(ELSEWHERE, 1, 1),
            Count("westelijke-mijnstreek", 1, 1),
        ]
        assert figures.per("severity", MARCH, EVERYWHERE, AMSTERDAM)[0] == Count("midden", 2, 2)


@pytest.mark.parametrize(
    ("narrowed", "reports"),
    [
        ({"region": "utrecht"}, 2),
        ({"region": ELSEWHERE}, 1),
        ({"category": "ggz"}, 2),
        ({"severity": "hoog"}, 1),
        ({"region": "utrecht", "category": "ggz", "severity": "midden"}, 1),
        ({"category": "telefonie"}, 0),
    ],
)
def test_a_selection_narrows(database: Database, narrowed: dict[str, str], reports: int) -> None:
    report_at(database, noon(3), category="ggz")
    report_at(database, noon(4), severity="hoog")
    report_at(database, noon(5), region=None, category="ggz")
    selection = Selection(MARCH.since, MARCH.until, **narrowed)
    with database.reading() as work:
        assert work.figures.total(selection, EVERYWHERE, AMSTERDAM).reports == reports
        weeks = work.figures.per_week(selection, EVERYWHERE, AMSTERDAM)
    assert sum(week.reports for week in weeks) == reports


def test_several_kinds_are_counted_together(database: Database) -> None:
    report_at(database, noon(3), "A", category="ggz", severity="hoog")
    report_at(database, noon(4), "A", category="thuiszorg", severity="hoog")
    report_at(database, noon(4), "B", category="thuiszorg", severity="laag")
    report_at(database, noon(5), "C", category="telefonie")
    with database.reading() as work:
        of_kinds, rest = work.figures.of_kinds, (MARCH, EVERYWHERE, AMSTERDAM)
        assert of_kinds(("ggz", "thuiszorg"), (), *rest) == Count("", 3, 2)
        assert of_kinds(("ggz", "thuiszorg"), ("hoog", "midden"), *rest) == Count("", 2, 1)


def test_an_officer_counts_their_own_regions_only(database: Database) -> None:
    filed = noon(4)
    for region, hours in (("utrecht", 2), ("westelijke-mijnstreek", 40), (None, 50)):
        reference = report_at(database, filed, region=region)
        answer_after(database, reference, filed, hours)
        move_after(database, reference, filed, hours + 1, Status.SOLVED)
    with database.reading() as work:
        figures = work.figures
        assert figures.total(MARCH, UTRECHT, AMSTERDAM).reports == 1
        assert [one.key for one in figures.per("region", MARCH, UTRECHT, AMSTERDAM)] == ["utrecht"]
        assert figures.first_answer(MARCH, UTRECHT, AMSTERDAM).median == pytest.approx(2)
        assert figures.solution(MARCH, UTRECHT, AMSTERDAM).median == pytest.approx(3)
        assert sum(one.reports for one in figures.per_week(MARCH, UTRECHT, AMSTERDAM)) == 1
        elsewhere = Selection(MARCH.since, MARCH.until, region="westelijke-mijnstreek")
        assert figures.total(elsewhere, UTRECHT, AMSTERDAM).reports == 0


def test_time_to_the_first_answer(database: Database) -> None:
    filed = noon(4)
    for practice, hours in enumerate((1, 2, 3, 4, 5, 6, 7, 8, 9, 100)):
        reference = report_at(database, filed, str(practice % 3))
        answer_after(database, reference, filed, hours)
        answer_after(database, reference, filed, hours + 50)
    report_at(database, filed, "never answered")
    with database.reading() as work:
        took = work.figures.first_answer(MARCH, EVERYWHERE, AMSTERDAM)
    assert (took.number, took.practices) == (10, 3)
    assert took.median == pytest.approx(5.5, abs=0.01)
    assert took.ninetieth == pytest.approx(9, abs=0.01)


def test_time_to_the_solution_counts_what_is_solved_now(database: Database) -> None:
    filed = noon(4)
    for hours in (10, 30):
        move_after(database, report_at(database, filed), filed, hours, Status.SOLVED)
    again = report_at(database, filed)
    move_after(database, again, filed, 5, Status.SOLVED)
    move_after(database, again, filed, 6, Status.REOPENED)
    move_after(database, report_at(database, filed), filed, 7, Status.REJECTED)
    with database.reading() as work:
        took = work.figures.solution(MARCH, EVERYWHERE, AMSTERDAM)
        assert work.figures.first_answer(MARCH, EVERYWHERE, AMSTERDAM).number == 0
    assert took.number == 2
    assert took.median == pytest.approx(20, abs=0.01)
    assert took.ninetieth == pytest.approx(30, abs=0.01)


def test_groups_have_most_reports_of_the_selection_first(database: Database) -> None:
    old = [report_at(database, noon(1, month=1)) for _ in range(9)]
    few = [report_at(database, noon(4), "A")]
    many = [report_at(database, noon(day), practice) for day, practice in ((3, "A"), (9, "B"))]
    elsewhere = [report_at(database, noon(5), region="westelijke-mijnstreek")]
    put_in_group(database, 1, [*old, *few])
    put_in_group(database, 2, [*many, *elsewhere])
    put_in_group(database, 3, [report_at(database, noon(2, month=1))])
    progress = Status.IN_PROGRESS
    with database.reading() as work:
        groups = work.figures.groups
        assert groups(MARCH, EVERYWHERE, AMSTERDAM) == [
            GroupCount(2, "Groep 2", progress, 3, 3),
            GroupCount(1, "Groep 1", progress, 1, 1),
        ]
        assert groups(MARCH, UTRECHT, AMSTERDAM)[0] == GroupCount(2, "Groep 2", progress, 2, 2)
        assert len(groups(MARCH, EVERYWHERE, AMSTERDAM, limit=1)) == 1
        chosen = groups(MARCH, EVERYWHERE, AMSTERDAM, numbers=[1, 3])
        assert [one.number for one in chosen] == [1], "chosen, and with reports"
        assert groups(MARCH, EVERYWHERE, AMSTERDAM, numbers=[]) == []
        outside = work.figures.outside
        assert outside([2], MARCH, EVERYWHERE, AMSTERDAM) == Count("", 1, 1)
        assert outside([1, 2], MARCH, EVERYWHERE, AMSTERDAM) == Count("", 0, 0)
        assert outside([], MARCH, EVERYWHERE, AMSTERDAM) == Count("", 4, 3)


def test_a_long_period_is_counted_per_week(database: Database) -> None:
    report_at(database, noon(4))
    years = Selection(date(2016, 1, 1), date(2026, 12, 31))
    with database.reading() as work:
        weeks = work.figures.per_week(years, EVERYWHERE, AMSTERDAM)
    assert len(weeks) == (years.until - date(2015, 12, 28)) // timedelta(days=7) + 1
    assert [week.key for week in weeks if week.reports] == ["2026-03-02"]
