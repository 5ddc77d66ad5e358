"""What people ask about: counts per week, the reports that point to a topic, wrong answers."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache, cached_property
from typing import Any, Literal

from sqlalchemy import ColumnElement, Insert, func, literal_column, select
from sqlalchemy.dialects import postgresql, sqlite

from bottlenecks.dates import day_of, monday
from bottlenecks.models import Person
from bottlenecks.models_insight import TopicCount
from bottlenecks.models_reports import Feedback, Report
from bottlenecks.roles import Scope
from bottlenecks.store.postgresql import is_postgresql
from bottlenecks.store.report_desk import ChangedMeanwhileError
from bottlenecks.store.report_rows import ReportRows
from bottlenecks.store.report_search import Order, ReportFilter, ReportRow, ReportSearch, visible
from bottlenecks.store.repository import Repository, directly

WEEKS = 12
# more than anybody reads; how many there are is counted apart
MAX_REMARKS = 500

Asked = Literal["answered", "clarified", "declined"]


@dataclass(frozen=True)
class TopicWeeks:
    """How often a topic was asked about.

    `answered` is per week, as in `TopicFigures.weeks`; `clarified` and `declined` are totals of
    what was not understood at once, or not at all, and came nearest to this topic.
    """

    topic: str
    answered: tuple[int, ...]
    clarified: int
    declined: int

    @property
    def total(self) -> int:
        """How often it was answered."""
        return sum(self.answered)


@dataclass(frozen=True)
class TopicFigures:
    """The topics that were asked about, most asked first; `weeks` are Mondays, the oldest first."""

    weeks: tuple[date, ...]
    topics: tuple[TopicWeeks, ...]


@dataclass(frozen=True)
class FeedbackView:
    """Someone said that the answer on `topic` is wrong; `text` (screened) is how they said it."""

    id: int
    topic: str | None
    text: str
    created_at: datetime
    handled_by: str | None
    handled_at: datetime | None


class Topics(Repository):
    """Counts topics, and handles what points to them, within one transaction."""

    @cached_property
    def _rows(self) -> ReportRows:
        return ReportRows(self._session, self._clock)

    def count(self, asked: Iterable[tuple[str, Asked]], *, times: int = 1) -> None:
        """Count topics that were asked about in one message, in the week of now."""
        week = monday_of(self._clock())
        statement = _counted(is_shared=is_postgresql(self._session))
        # always in the same order, so that two messages at once cannot wait for each other
        for topic, outcome in sorted(set(asked)):
            values = {"week": week, "topic": topic, "outcome": outcome, "number": times}
            directly(self._session).execute(statement, values)

    def per_week(self, weeks: int = WEEKS) -> TopicFigures:
        """How often each topic was asked about in the last `weeks` weeks, this one included."""
        this_week = monday_of(self._clock())
        mondays = tuple(this_week - timedelta(weeks=back) for back in reversed(range(weeks)))
        numbers: defaultdict[str, dict[tuple[date, str], int]] = defaultdict(dict)
        rows = self._session.execute(
            select(TopicCount.topic, TopicCount.week, TopicCount.outcome, TopicCount.number).where(
                TopicCount.week >= mondays[0], TopicCount.week <= this_week
            )
        )
        for topic, week, outcome, number in rows:
            numbers[topic][week, outcome] = number
        found = [
            TopicWeeks(
                topic,
                tuple(counts.get((week, "answered"), 0) for week in mondays),
                sum(counts.get((week, "clarified"), 0) for week in mondays),
                sum(counts.get((week, "declined"), 0) for week in mondays),
            )
            for topic, counts in numbers.items()
        ]
        found.sort(key=lambda one: (-one.total, -one.clarified - one.declined, one.topic))
        return TopicFigures(mondays, tuple(found))

    def reports_of(self, topic: str, scope: Scope, *, limit: int = 20) -> list[ReportRow]:
        """The latest reports that point to a topic, open and closed ones."""
        wanted = ReportFilter(topic=topic, order=Order.NEWEST)
        search = ReportSearch(self._session, self._clock, self._new_id)
        return list(search.page(wanted, scope, UTC, offset=0, limit=limit).rows)

    def report_counts(self, scope: Scope) -> dict[str, int]:
        """How many reports point to each topic."""
        rows = self._session.execute(
            select(Report.topic, func.count())
            .where(Report.topic.is_not(None), visible(scope))
            .group_by(Report.topic)
        )
        return {topic: number for topic, number in rows.tuples() if topic}

    def point(
        self,
        reference: str,
        scope: Scope,
        topic: str | None,
        *,
        actor: str,
        version: int | None = None,
    ) -> bool:
        """Let a report point to a topic, or to none; False when it did so already.

        Raises:
            LookupError: the report is not there, or not to be seen.
            ChangedMeanwhileError: it is not of this `version` any more.
        """
        report = self._session.scalar(
            select(Report)
            .where(Report.reference == reference, visible(scope))
            .with_for_update(of=Report)
        )
        if report is None:
            raise LookupError(reference)
        if version is not None and report.version != version:
            raise ChangedMeanwhileError(reference)
        if report.topic == topic:
            return False
        self._rows.event(report, actor, "topic", value_from=report.topic, value_to=topic)
        report.topic = topic
        self._session.flush()
        return True

    def wrong_answers(self, scope: Scope, *, handled: bool = False) -> list[FeedbackView]:
        """What was said about wrong answers, newest first.

        Of who works in a region that `scope` does not see, or in no known one, nothing is given.
        """
        newest = Feedback.handled_at if handled else Feedback.created_at
        rows = self._session.scalars(
            select(Feedback)
            .where(*_seen_feedback(scope), _handled() if handled else ~_handled())
            .order_by(newest.desc(), Feedback.id.desc())
            .limit(MAX_REMARKS)
        )
        return [
            FeedbackView(
                row.id, row.topic, row.text, row.created_at, row.handled_by, row.handled_at
            )
            for row in rows
        ]

    def wrong_counts(self, scope: Scope) -> dict[str | None, int]:
        """How many remarks about wrong answers are open, by topic."""
        rows = self._session.execute(
            select(Feedback.topic, func.count())
            .where(*_seen_feedback(scope), Feedback.handled_at.is_(None))
            .group_by(Feedback.topic)
        )
        return dict(rows.tuples().all())

    def handle_wrong(
        self, ids: Collection[int], scope: Scope, *, actor: str, done: bool = True
    ) -> int:
        """Put wrong answers away, or back (`done` False); gives how many of them changed."""
        rows = self._session.scalars(
            select(Feedback)
            .where(
                *_seen_feedback(scope),
                Feedback.id.in_(ids),
                ~_handled() if done else _handled(),
            )
            .with_for_update(of=Feedback)
        ).all()
        for row in rows:
            row.handled_by = actor if done else None
            row.handled_at = self._clock() if done else None
        self._session.flush()
        return len(rows)


@cache
def _counted(*, is_shared: bool) -> Insert:
    insert: Any = postgresql.insert if is_shared else sqlite.insert
    added = insert(TopicCount)
    counted: Insert = added.on_conflict_do_update(
        index_elements=["week", "topic", "outcome"],
        set_={"number": TopicCount.number + added.excluded.number},
    )
    return counted


def monday_of(moment: datetime) -> date:
    """The Monday of the week of a moment, in Dutch time."""
    return monday(day_of(moment))


def _handled() -> ColumnElement[bool]:
    """A condition for which an index can be used, also turned round."""
    return Feedback.handled_at.is_not(None)


def _seen_feedback(scope: Scope) -> list[ColumnElement[bool]]:
    if scope.all_regions:
        return [literal_column("1 = 1", type_=None)]
    there = select(Person.id).where(Person.region.in_(sorted(scope.regions)))
    return [Feedback.person_id.in_(there)]
