"""The store of what people ask: counts per week, reports that point to a topic, wrong answers."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import inspect

from bottlenecks.models_insight import TopicCount
from bottlenecks.roles import EVERYWHERE, Role, Scope
from bottlenecks.store import Database
from bottlenecks.store.accounts import Profile
from bottlenecks.store.report_desk import ChangedMeanwhileError
from bottlenecks.store.reports import Draft
from bottlenecks.store.topics import Asked, TopicFigures, monday_of
from tests.conftest import Clock
from tests.desk import add_officer
from tests.desk_reports import file_report

HOME_CARE, HAROP = "thuiszorg/vinden", "harop/wat-is"
UTRECHT = Scope(regions=frozenset({"utrecht"}))
MINES = Scope(regions=frozenset({"westelijke-mijnstreek"}))
WEEK_S = 7 * 86_400


def ask(database: Database, *asked: tuple[str, Asked]) -> None:
    with database.work() as work:
        work.topics.count(asked)


def figures(database: Database, weeks: int = 12) -> TopicFigures:
    with database.reading() as work:
        return work.topics.per_week(weeks)


# counts


def test_each_message_counts_in_its_week(database: Database, clock: Clock) -> None:
    for _ in range(3):
        ask(database, (HOME_CARE, "answered"))
    clock.forward(WEEK_S)
    ask(database, (HOME_CARE, "answered"), (HAROP, "answered"))
    found = figures(database, 3)
    assert found.weeks == (date(2026, 2, 23), date(2026, 3, 2), date(2026, 3, 9))
    assert [(one.topic, one.answered, one.total) for one in found.topics] == [
        (HOME_CARE, (0, 3, 1), 4),
        (HAROP, (0, 0, 1), 1),
    ]


def test_what_was_not_understood_counts_apart(database: Database) -> None:
    ask(database, (HOME_CARE, "declined"))
    ask(database, (HOME_CARE, "clarified"))
    ask(database, (HOME_CARE, "clarified"))
    [found] = figures(database).topics
    assert (found.total, found.clarified, found.declined) == (0, 2, 1)


def test_a_topic_counts_once_in_a_message(database: Database) -> None:
    ask(database, (HOME_CARE, "answered"), (HOME_CARE, "answered"))
    assert figures(database).topics[0].total == 1


def test_what_was_longer_ago_is_not_shown(database: Database, clock: Clock) -> None:
    ask(database, (HOME_CARE, "answered"))
    clock.forward(11 * WEEK_S)
    assert figures(database).topics[0].answered == (1, *[0] * 11)
    clock.forward(WEEK_S)
    assert figures(database).topics == ()


@pytest.mark.parametrize(
    ("moment", "monday"),
    [
        (datetime(2026, 3, 1, 22, 59, tzinfo=UTC), date(2026, 2, 23)),
        # half past midnight on Monday in the Netherlands
        (datetime(2026, 3, 1, 23, 30, tzinfo=UTC), date(2026, 3, 2)),
        (datetime(2026, 7, 5, 22, 30, tzinfo=UTC), date(2026, 7, 6)),
    ],
)
def test_a_week_begins_on_monday_in_dutch_time(moment: datetime, monday: date) -> None:
    assert monday_of(moment) == monday


def test_counts_are_of_nobody_and_nowhere(database: Database) -> None:
    columns = {column["name"] for column in inspect(database.engine).get_columns("topic_count")}
    assert columns == {"week", "topic", "outcome", "number"}
    assert not TopicCount.__table__.foreign_keys


# reports that point to a topic


def report_about(database: Database, topic: str | None, region: str = "utrecht") -> str:
    draft = Draft("thuiszorg", region, None, "niemand heeft plek", None, "midden", True, topic)
    with database.work() as work:
        return work.reports.file(draft, person_id=None, account_id=None, practice_id=None)


def test_a_topic_has_its_reports(database: Database) -> None:
    first, second = report_about(database, HOME_CARE), report_about(database, HOME_CARE)
    report_about(database, HAROP)
    report_about(database, None)
    with database.reading() as work:
        found = work.topics.reports_of(HOME_CARE, EVERYWHERE)
        assert [row.reference for row in found] == [second, first]
        [latest] = work.topics.reports_of(HOME_CARE, EVERYWHERE, limit=1)
        assert latest.reference == second
        assert work.topics.report_counts(EVERYWHERE) == {HOME_CARE: 2, HAROP: 1}


def test_reports_of_another_region_are_not_given(database: Database) -> None:
    mine = report_about(database, HOME_CARE, "utrecht")
    report_about(database, HOME_CARE, "westelijke-mijnstreek")
    with database.reading() as work:
        assert [row.reference for row in work.topics.reports_of(HOME_CARE, UTRECHT)] == [mine]
        assert work.topics.report_counts(UTRECHT) == {HOME_CARE: 1}


def test_pointing_a_report_to_a_topic_and_taking_it_away(database: Database) -> None:
    name = file_report(database)
    officer = add_officer(database, password=None)
    with database.work() as work:
        assert work.topics.point(name, EVERYWHERE, HOME_CARE, actor=officer)
        assert not work.topics.point(name, EVERYWHERE, HOME_CARE, actor=officer)
    with database.work() as work:
        case = work.cases.get(name, EVERYWHERE)
        assert case is not None and case.topic == HOME_CARE
        event = case.events[-1]
        assert (event.kind, event.value_from, event.value_to) == ("topic", None, HOME_CARE)
        assert work.topics.point(name, EVERYWHERE, None, actor=officer, version=case.version)
        assert work.topics.reports_of(HOME_CARE, EVERYWHERE) == []


def test_a_report_that_changed_or_is_elsewhere_keeps_its_topic(database: Database) -> None:
    name = file_report(database)
    officer = add_officer(database, password=None)
    with database.work() as work:
        with pytest.raises(ChangedMeanwhileError):
            work.topics.point(name, EVERYWHERE, HOME_CARE, actor=officer, version=99)
        with pytest.raises(LookupError):
            work.topics.point(name, MINES, HOME_CARE, actor=officer)
        assert work.topics.reports_of(HOME_CARE, EVERYWHERE) == []


def test_a_topic_is_no_correction_to_learn_from(database: Database) -> None:
    name = file_report(database)
    officer = add_officer(database, password=None)
    with database.work() as work:
        work.topics.point(name, EVERYWHERE, HOME_CARE, actor=officer)
        assert work.cases.corrected() == []


# answers that someone called wrong


def say_wrong(
    database: Database, user: str, text: str, topic: str | None = HAROP, region: str | None = None
) -> None:
    with database.work() as work:
        person = work.accounts.find_or_create("test", user, user).person_id
        work.accounts.remember_profile(person, Profile(region))
        work.reports.add_feedback(person, topic, text, "rev1")


def wrong(database: Database, scope: Scope = EVERYWHERE, *, handled: bool = False) -> list[str]:
    with database.reading() as work:
        return [view.text for view in work.topics.wrong_answers(scope, handled=handled)]


def test_wrong_answers_are_put_away_and_back(database: Database, clock: Clock) -> None:
    say_wrong(database, "u1", "dit klopt niet")
    clock.forward(60)
    say_wrong(database, "u2", "verouderd", None)
    officer = add_officer(database, role=Role.HANDLER, password=None)
    with database.work() as work:
        newest, oldest = work.topics.wrong_answers(EVERYWHERE)
        assert (newest.text, newest.topic, oldest.topic) == ("verouderd", None, HAROP)
        assert work.topics.handle_wrong([oldest.id], EVERYWHERE, actor=officer) == 1
        assert work.topics.handle_wrong([oldest.id, 999], EVERYWHERE, actor=officer) == 0
    assert (wrong(database), wrong(database, handled=True)) == (["verouderd"], ["dit klopt niet"])
    with database.work() as work:
        [view] = work.topics.wrong_answers(EVERYWHERE, handled=True)
        assert (view.handled_by, view.handled_at) == (officer, clock.now)
        assert work.topics.handle_wrong([view.id], EVERYWHERE, actor=officer, done=False) == 1
    assert wrong(database) == ["verouderd", "dit klopt niet"]


def test_what_people_of_another_region_said_is_not_seen_or_changed(database: Database) -> None:
    say_wrong(database, "u1", "in Utrecht anders", region="utrecht")
    say_wrong(database, "u2", "in Geleen anders", region="westelijke-mijnstreek")
    say_wrong(database, "u3", "nergens")
    assert wrong(database, UTRECHT) == ["in Utrecht anders"]
    with database.reading() as work:
        assert work.topics.wrong_counts(UTRECHT) == {HAROP: 1}
        assert work.topics.wrong_counts(EVERYWHERE) == {HAROP: 3}
    assert len(wrong(database)) == 3
    officer = add_officer(database, password=None)
    with database.work() as work:
        ids = [view.id for view in work.topics.wrong_answers(EVERYWHERE)]
        assert work.topics.handle_wrong(ids, UTRECHT, actor=officer) == 1
    assert len(wrong(database)) == 2
