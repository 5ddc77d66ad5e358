"""A quarter of reports, lived through hour by hour and replayed afterwards: both tell the same."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from bottlenecks.roles import EVERYWHERE, Scope
from bottlenecks.signal_replay import Told, replay
from bottlenecks.signals import Condition, Seen
from bottlenecks.store import Database
from bottlenecks.store.signal_rules import RuleDraft
from tests.conftest import Clock
from tests.desk import add_officer
from tests.desk_reports import file_report

STEP = timedelta(hours=6)
WEEKS = 12
BEGIN = datetime(2026, 1, 5, tzinfo=UTC)
END = BEGIN + timedelta(weeks=WEEKS)
REGIONS = ("utrecht", "westelijke-mijnstreek", None)
RULES = {
    "home care": Condition(categories=("thuiszorg",), more_than=5, days=7),
    "grave": Condition(severities=("hoog",), more_than=0, days=2),
    "short": Condition(more_than=2, days=1),
    "together": Condition(categories=("ggz", "thuiszorg"), more_than=8, days=10, per_region=False),
    "one region": Condition(regions=("utrecht",), more_than=3, days=3),
    "any": Condition(severities=("midden",), more_than=0, days=3),
}


def quarter() -> list[tuple[datetime, str, str | None, str]]:
    """Moments with what is reported then: quiet, with two weeks in which home care is stuck."""
    chance = random.Random(6)
    found = []
    moment = BEGIN
    while moment <= END:
        week = (moment - BEGIN).days // 7
        for _ in range(chance.choices((0, 1, 2), (75, 20, 5))[0]):
            category = chance.choice(("thuiszorg", "ggz", "telefonie"))
            severity = chance.choices(("hoog", "midden", "laag"), (1, 5, 4))[0]
            found.append((moment, category, chance.choice(REGIONS), severity))
        if week in (4, 9) and chance.random() < 0.5:
            found.append((moment, "thuiszorg", "utrecht", "midden"))
        moment += STEP
    return found


def test_a_replayed_quarter_tells_what_was_told(database: Database, clock: Clock) -> None:
    reports = quarter()
    clock.now = BEGIN
    officer = add_officer(database, password=None)
    with database.work() as work:
        ids = {
            name: work.signals.add_rule(RuleDraft(name, condition), created_by=officer)
            for name, condition in RULES.items()
        }
    told: dict[str, list[Told]] = {name: [] for name in RULES}
    waiting = list(reports)
    while clock.now <= END:
        while waiting and waiting[0][0] == clock.now:
            _, category, region, severity = waiting.pop(0)
            file_report(database, category=category, region=region, severity=severity)
        for name, rule_id in ids.items():
            with database.work() as work:
                told[name] += [
                    Told(clock.now, one.signal.region, one.signal.reports, one.again)
                    for one in work.signals.evaluate(rule_id)
                ]
        clock.now += STEP
    assert not waiting
    for name, condition in RULES.items():
        with database.reading() as work:
            seen = work.signals.reports_since(condition, EVERYWHERE, BEGIN - timedelta(days=1))
        found = replay(condition, seen, BEGIN, END)
        assert list(found.told) == told[name], name
        assert found.reports == len(seen), name
        assert sum(week.messages for week in found.weeks) == len(told[name]), name
        assert len(found.weeks) == WEEKS + 1
    # the quarter puts something in each rule's way, and no rule cries all the time
    assert all(2 <= len(these) <= 60 for these in told.values()), {
        name: len(these) for name, these in told.items()
    }
    bursts = {(one.at - BEGIN).days // 7 for one in told["home care"] if one.region == "utrecht"}
    assert bursts and bursts <= {4, 5, 9, 10}


def seen(*hours: float, region: str = "utrecht") -> list[Seen]:
    return [
        Seen(number, BEGIN + timedelta(hours=hour), region, "thuiszorg", "hoog")
        for number, hour in enumerate(hours, 1)
    ]


def at(hours: float) -> datetime:
    return BEGIN + timedelta(hours=hours)


def test_growth_is_told_when_a_day_passed() -> None:
    condition = Condition(more_than=1, days=7)
    found = replay(condition, seen(0, 1, 2, 3), at(0), at(100))
    assert [(one.at, one.reports, one.again) for one in found.told] == [
        (at(1), 2, False),
        (at(25), 4, True),
    ]


def test_what_shrank_again_is_not_told() -> None:
    condition = Condition(more_than=1, days=1)
    # the third report makes it stronger, but a day later only it still counts
    found = replay(condition, seen(0, 1, 2), at(0), at(100))
    assert [(one.at, one.reports) for one in found.told] == [(at(1), 2)]


def test_what_was_told_before_the_time_is_not_given() -> None:
    condition = Condition(more_than=1, days=7)
    found = replay(condition, seen(0, 1), at(24), at(100))
    assert found.told == () and found.reports == 0
    assert replay(condition, seen(0, 1), at(0), at(0.5)).told == ()


@pytest.mark.parametrize("condition", RULES.values())
def test_nothing_comes_of_nothing(condition: Condition) -> None:
    found = replay(condition, [], BEGIN, END)
    assert found.told == () and {week.reports for week in found.weeks} == {0}


def test_weeks_begin_on_a_dutch_monday() -> None:
    condition = Condition(more_than=0, days=1)
    # 23:30 UTC on Sunday is Monday in the Netherlands
    late = [Seen(1, datetime(2026, 1, 11, 23, 30, tzinfo=UTC), "utrecht", "ggz", "laag")]
    found = replay(condition, late, BEGIN, BEGIN + timedelta(days=9))
    assert [(str(week.monday), week.reports, week.messages) for week in found.weeks] == [
        ("2026-01-05", 0, 0),
        ("2026-01-12", 1, 1),
    ]


def test_only_what_one_sees_is_replayed(database: Database, clock: Clock) -> None:
    file_report(database)
    file_report(database, region="westelijke-mijnstreek")
    scope = Scope(regions=frozenset({"utrecht"}))
    with database.reading() as work:
        found = work.signals.reports_since(Condition(), scope, clock.now - timedelta(days=1))
    assert [one.region for one in found] == ["utrecht"]
