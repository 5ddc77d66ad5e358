"""Rules come true, are told once, and told again only when more reports came in."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest

from bottlenecks.roles import EVERYWHERE, Officer, Scope
from bottlenecks.signals import Condition, in_words
from bottlenecks.store import Database
from bottlenecks.store.report_desk import ChangedMeanwhileError
from bottlenecks.store.signal_rules import RuleDraft
from bottlenecks.store.signals import UNREAD_FOR, Telling
from bottlenecks.workflow import Status
from tests.conftest import Clock
from tests.desk import REGIONS, add_officer
from tests.desk_officers import MINES, UTRECHT
from tests.desk_reports import file_report
from tests.signal_rules import DAY, EACH, HOUR, TWO, make_rule, officer_of


@pytest.fixture
def ada(database: Database) -> Officer:
    """An officer who sees everything."""
    return officer_of(database, add_officer(database))


@pytest.fixture
def rule(database: Database, ada: Officer) -> Callable[..., str]:
    """Makes a rule of which Ada is told."""
    return partial(make_rule, database, ada)


def look(database: Database, rule_id: str) -> list[Telling]:
    with database.work() as work:
        return work.signals.evaluate(rule_id)


def numbers(told: list[Telling]) -> list[tuple[str | None, int, bool]]:
    return [(one.signal.region, one.signal.reports, one.again) for one in told]


def test_it_is_true_from_one_more_than_the_number(
    database: Database, rule: Callable[..., str]
) -> None:
    name = rule()
    for _ in range(2):
        file_report(database)
    file_report(database, region="westelijke-mijnstreek")
    file_report(database, category="ggz")
    assert look(database, name) == []
    latest = file_report(database)
    [told] = look(database, name)
    assert numbers([told]) == [("utrecht", 3, False)]
    assert told.references[0] == latest and len(told.references) == 3
    assert look(database, name) == []


def test_it_is_told_again_when_more_came_in_and_a_day_passed(
    database: Database, rule: Callable[..., str], clock: Clock
) -> None:
    name = rule()
    for _ in range(3):
        file_report(database)
    look(database, name)
    clock.forward(2 * DAY)
    assert look(database, name) == [], "nothing changed"
    fourth = file_report(database)
    [told] = look(database, name)
    assert numbers([told]) == [("utrecht", 4, True)] and told.references == (fourth,)
    fifth = file_report(database)
    assert look(database, name) == [], "not twice a day"
    clock.forward(DAY - 1)
    assert look(database, name) == []
    clock.forward(1)
    [told] = look(database, name)
    assert numbers([told]) == [("utrecht", 5, True)] and told.references == (fifth,)


def test_it_ends_by_itself_and_does_not_flicker(
    database: Database, rule: Callable[..., str], clock: Clock
) -> None:
    name = rule()
    file_report(database)
    clock.forward(6 * DAY)
    for _ in range(2):
        file_report(database)
    assert numbers(look(database, name)) == [("utrecht", 3, False)]
    clock.forward(DAY - HOUR)
    assert look(database, name) == []
    clock.forward(HOUR)
    assert look(database, name) == []
    with database.reading() as work:
        assert work.signals.open(EVERYWHERE) == []
    file_report(database)
    assert numbers(look(database, name)) == [("utrecht", 3, False)], "a day later it is news"
    with database.work() as work:
        work.cases.move("KP-2026-0004", EVERYWHERE, Status.WITHDRAWN, actor="melder")
    assert look(database, name) == []
    file_report(database)
    assert look(database, name) == [], "within a day it is not"
    with database.reading() as work:
        assert [one.reports for one in work.signals.open(EVERYWHERE)] == [3]


def test_each_grave_report_is_told(
    database: Database, rule: Callable[..., str], clock: Clock
) -> None:
    name = rule(EACH)
    for number in range(3):
        reference = file_report(database, severity="hoog")
        clock.forward(HOUR)
        [told] = look(database, name)
        assert told.references == (reference,) and told.again == (number > 0)
        assert look(database, name) == []
    file_report(database, severity="midden")
    assert look(database, name) == []


def test_a_report_that_proves_grave_is_told(
    database: Database, rule: Callable[..., str], ada: Officer
) -> None:
    name = rule(EACH)
    early = file_report(database, severity="midden")
    file_report(database, severity="hoog")
    assert len(look(database, name)) == 1
    with database.work() as work:
        work.cases.correct(
            early,
            EVERYWHERE,
            actor=ada.id,
            category="thuiszorg",
            region="utrecht",
            severity="hoog",
        )
    assert numbers(look(database, name)) == [("utrecht", 2, True)]


def test_regions_together_and_reports_of_no_known_region(
    database: Database, rule: Callable[..., str]
) -> None:
    together = rule(TWO.model_copy(update={"per_region": False}))
    apart = rule(TWO)
    file_report(database)
    file_report(database, region="westelijke-mijnstreek")
    for _ in range(3):
        file_report(database, region=None, region_other="Drenthe")
    assert numbers(look(database, together)) == [(None, 5, False)]
    assert numbers(look(database, apart)) == [(None, 3, False)]
    with database.reading() as work:
        assert len(work.signals.open(EVERYWHERE)) == 2
        assert work.signals.open(UTRECHT) == []


def test_a_rule_that_counts_something_else_begins_anew(
    database: Database, rule: Callable[..., str], ada: Officer, clock: Clock
) -> None:
    name = rule()
    for _ in range(3):
        file_report(database)
        file_report(database, category="ggz")
    look(database, name)
    with database.work() as work:
        view = work.signals.rule(name, EVERYWHERE)
        assert view is not None
        other = RuleDraft("GGZ", Condition(categories=("ggz",), more_than=2), (ada.id,))
        work.signals.change_rule(name, other, updated_at=view.updated_at)
        assert work.signals.open(EVERYWHERE) == []
    assert numbers(look(database, name)) == [("utrecht", 3, False)]
    with database.work() as work, pytest.raises(ChangedMeanwhileError):
        work.signals.change_rule(name, other, updated_at=view.updated_at)
    with database.work() as work, pytest.raises(LookupError):
        work.signals.change_rule("nergens", other, updated_at=view.updated_at)
    with database.reading() as work:
        [old, new] = sorted(work.signals.latest(ada), key=lambda one: one.id)
    assert old.categories == ("thuiszorg",) and not old.is_open
    assert new.categories == ("ggz",) and new.is_open


def test_a_rule_that_is_off_does_nothing(
    database: Database, rule: Callable[..., str], ada: Officer
) -> None:
    name = rule(is_active=False)
    for _ in range(3):
        file_report(database)
    assert look(database, name) == []
    with database.reading() as work:
        assert work.signals.active_rules() == []


def test_only_recipients_have_something_to_read_until_it_is_told_again(
    database: Database, rule: Callable[..., str], ada: Officer, clock: Clock
) -> None:
    other = officer_of(database, add_officer(database, "bo@rho.example", password=None))
    name = rule()
    for _ in range(3):
        file_report(database)
    look(database, name)
    clock.forward(HOUR)
    with database.work() as work:
        assert work.signals.unread(ada) == 1 and work.signals.unread(other) == 0
        assert [one.for_me for one in work.signals.latest(other)] == [False]
        assert work.signals.mark_read(other) == 0
        assert work.signals.mark_read(ada) == 1
        assert work.signals.unread(ada) == 0 and work.signals.mark_read(ada) == 0
    clock.forward(DAY)
    file_report(database)
    look(database, name)
    with database.work() as work:
        [signal] = work.signals.latest(ada)
        assert signal.is_new and work.signals.unread(ada) == 1
        assert work.signals.mark_read(ada, signal.id + 1) == 0
        assert work.signals.mark_read(ada, signal.id) == 1
    clock.forward(DAY)
    file_report(database)
    look(database, name)
    clock.forward(UNREAD_FOR.total_seconds())
    with database.reading() as work:
        assert work.signals.unread(ada) == 0, "what is old is no news"


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (TWO, "Meer dan 2 meldingen over Thuiszorg binnen 7 dagen, per regio geteld"),
        (EACH, "Elke nieuwe melding met ernst hoog"),
        (
            Condition(
                categories=("ggz", "thuiszorg"),
                severities=("midden", "hoog"),
                regions=("utrecht",),
                more_than=1,
                days=1,
            ),
            "Meer dan 1 melding over GGZ of Thuiszorg met ernst hoog of midden in Utrecht "
            "binnen 1 dag",
        ),
        (
            Condition(more_than=0, per_region=False),
            "Eén melding of meer binnen 7 dagen, alle regio's bij elkaar geteld",
        ),
        (
            Condition(regions=("utrecht", "westelijke-mijnstreek"), per_region=False),
            "Meer dan 5 meldingen in Utrecht of Westelijke Mijnstreek binnen 7 dagen, "
            "deze regio's bij elkaar geteld",
        ),
    ],
)
def test_a_rule_in_words(condition: Condition, words: str) -> None:
    assert in_words(condition, REGIONS) == words


@pytest.mark.parametrize(
    ("condition", "region", "scope", "is_shown"),
    [
        (TWO, "utrecht", UTRECHT, True),
        (TWO, "utrecht", MINES, False),
        (TWO, None, UTRECHT, False),
        (TWO, None, EVERYWHERE, True),
        (Condition(regions=("utrecht",), per_region=False), None, UTRECHT, True),
        (Condition(regions=("utrecht", "x"), per_region=False), None, UTRECHT, False),
        (Condition(per_region=False), None, UTRECHT, False),
    ],
)
def test_who_is_shown_a_signal(
    condition: Condition, region: str | None, scope: Scope, is_shown: bool
) -> None:
    assert condition.shown_to(scope, region) is is_shown


def test_order_of_choices_makes_no_other_rule() -> None:
    assert Condition(categories=("b", "a", "b")) == Condition(categories=("a", "b"))
    assert Condition.model_validate(TWO.model_dump(mode="json")) == TWO
    assert TWO.window == timedelta(days=7)
