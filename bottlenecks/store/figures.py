"""Counts of reports: per week, category, region and severity, how long things took, groups."""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from statistics import median
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Integer,
    ScalarSelect,
    Select,
    and_,
    cast,
    column,
    extract,
    false,
    func,
    join,
    or_,
    select,
    values,
)

from bottlenecks.dates import monday
from bottlenecks.models import UtcDateTime
from bottlenecks.models_insight import ReportGroup
from bottlenecks.models_reports import Report
from bottlenecks.roles import Scope
from bottlenecks.store.postgresql import is_postgresql
from bottlenecks.store.practice_counts import PRACTICES, counts
from bottlenecks.store.report_search import OTHER_REGION
from bottlenecks.store.repository import Repository
from bottlenecks.workflow import Status

Field = Literal["category", "region", "severity"]
ELSEWHERE = OTHER_REGION
DAYS_OF_WEEK = 7
HOUR_SECONDS = 3_600
DAY_SECONDS = 86_400


@dataclass(frozen=True)
class Selection:
    """What figures are about: days (both included, in the desk's time zone), and what narrows it.

    `region` is the id of a region, or `ELSEWHERE` for reports of no known region.
    """

    since: date
    until: date
    region: str | None = None
    category: str | None = None
    severity: str | None = None


@dataclass(frozen=True)
class Count:
    """So many reports of so many practices.

    `key` is what they have in common: an id, or the Monday of a week. Reports without a practice
    count as one practice together: it is not known that there are more.
    """

    key: str
    reports: int
    practices: int


@dataclass(frozen=True)
class Duration:
    """How long something took, in hours, over `number` reports; None when there are none.

    `practices` is how many practices these reports are of, counted as in `Count`.
    """

    number: int
    median: float | None
    ninetieth: float | None
    practices: int


@dataclass(frozen=True)
class GroupCount:
    """A group with how many of its reports fall in the selection."""

    number: int
    title: str
    status: Status
    reports: int
    practices: int


# written so that the database takes the index of moments, in which all stands that is counted: by
# an index of regions, categories or severities it would read every report of one of them, whole
_REGION = func.coalesce(Report.region, ELSEWHERE)
_CATEGORY = func.coalesce(Report.category, "")
_SEVERITY = func.coalesce(Report.severity, "")
_FIELDS = {"category": _CATEGORY, "region": _REGION, "severity": _SEVERITY}


class Figures(Repository):
    """Counts within one transaction; only what `scope` sees."""

    def total(self, selection: Selection, scope: Scope, zone: tzinfo) -> Count:
        """All together; its key is empty."""
        return self._count(_within(selection, scope, zone))

    def first_day(self, scope: Scope, zone: tzinfo) -> date | None:
        """The day of the first report of all; None: there is none."""
        query = select(Report.created_at).where(*_places(scope)).order_by(Report.created_at)
        first = self._session.scalar(query.limit(1))
        return first.astimezone(zone).date() if first else None

    def per_week(self, selection: Selection, scope: Scope, zone: tzinfo) -> list[Count]:
        """Every week that the selection touches, in order, also those without reports."""
        mondays = list(_mondays(selection))
        if not mondays:
            return []
        # weeks begin at midnight there, which no database counts in by itself
        weeks = (
            values(
                column("week", Integer), column("begins", UtcDateTime), column("ends", UtcDateTime)
            )
            .data([(n, *_week(first, selection, zone)) for n, first in enumerate(mondays)])
            .cte("weeks")
        )
        falls_in = and_(Report.created_at >= weeks.c.begins, Report.created_at < weeks.c.ends)
        query = counts(
            self._session,
            _narrowed(selection, scope),
            by=weeks.c.week.label("of_week"),
            source=join(weeks, Report, falls_in),
        )
        counted = {week: numbers for week, *numbers in self._session.execute(query)}
        return [
            Count(first.isoformat(), *counted.get(week, (0, 0)))
            for week, first in enumerate(mondays)
        ]

    def per(self, field: Field, selection: Selection, scope: Scope, zone: tzinfo) -> list[Count]:
        """Per value of a field, most first; reports of no known region have key `ELSEWHERE`."""
        value = _FIELDS[field].label("value")
        query = counts(self._session, _within(selection, scope, zone), by=value)
        found = [
            Count(key or ELSEWHERE, *numbers) for key, *numbers in self._session.execute(query)
        ]
        return sorted(found, key=lambda one: (-one.reports, one.key))

    def first_answer(self, selection: Selection, scope: Scope, zone: tzinfo) -> Duration:
        """From report to the first answer, over the reports in the selection that have one."""
        return self._duration(Report.first_answer_at, _within(selection, scope, zone))

    def solution(self, selection: Selection, scope: Scope, zone: tzinfo) -> Duration:
        """From report to solved, over the reports in the selection that are solved now."""
        return self._duration(Report.solved_at, _within(selection, scope, zone))

    def groups(
        self,
        selection: Selection,
        scope: Scope,
        zone: tzinfo,
        *,
        limit: int = 10,
        numbers: Collection[int] | None = None,
    ) -> list[GroupCount]:
        """The groups with most reports in the selection, most first; only `numbers`, if given."""
        these = [] if numbers is None else [Report.group_id.in_(_groups(numbers))]
        reports = func.count().label("reports")

        def of_group(field: Any) -> ScalarSelect[Any]:
            # looked up for each: joined, PostgreSQL may compare all groups with all
            return select(field).where(ReportGroup.id == Report.group_id).scalar_subquery()

        number = of_group(ReportGroup.number).label("number")
        query = (
            select(
                number,
                of_group(ReportGroup.title),
                of_group(ReportGroup.status),
                reports,
                PRACTICES,
            )
            .where(Report.group_id.is_not(None), *these, *_within(selection, scope, zone))
            .group_by(Report.group_id)
            .order_by(reports.desc(), number)
            .limit(limit)
        )
        return [
            GroupCount(number, title, Status(status), *numbers)
            for number, title, status, *numbers in self._session.execute(query)
        ]

    def outside(
        self, numbers: Collection[int], selection: Selection, scope: Scope, zone: tzinfo
    ) -> Count:
        """What is in none of these groups: with them it adds up to the total; its key is empty."""
        others = or_(Report.group_id.is_(None), Report.group_id.not_in(_groups(numbers)))
        return self._count([*_within(selection, scope, zone), others])

    def practices_within(self, selections: Sequence[Selection], scope: Scope, zone: tzinfo) -> int:
        """Of how many practices the reports are that are in one or more of these selections."""
        either = [and_(*_within(one, scope, zone)) for one in selections]
        return self._count([or_(false(), *either)]).practices

    def practices_of_groups(
        self,
        numbers: Collection[int],
        selection: Selection,
        scope: Scope,
        zone: tzinfo,
        *,
        outside: Collection[int] | None = None,
    ) -> int:
        """Of how many practices the reports in these groups are.

        `outside`: with what is in none of those groups.
        """
        either: list[ColumnElement[bool]] = [Report.group_id.in_(_groups(numbers))]
        if outside is not None:
            either += [Report.group_id.is_(None), Report.group_id.not_in(_groups(outside))]
        return self._count([*_within(selection, scope, zone), or_(*either)]).practices

    def of_kinds(
        self,
        categories: Collection[str],
        severities: Collection[str],
        selection: Selection,
        scope: Scope,
        zone: tzinfo,
    ) -> Count:
        """What is of one of these categories and severities; no severities: of any."""
        kinds = [_CATEGORY.in_(categories), *([_SEVERITY.in_(severities)] if severities else [])]
        return self._count([*_within(selection, scope, zone), *kinds])

    def _count(self, conditions: Sequence[ColumnElement[bool]]) -> Count:
        return Count("", *self._session.execute(counts(self._session, conditions)).one())

    def _duration(self, end: Any, conditions: Sequence[ColumnElement[bool]]) -> Duration:
        these = [end.is_not(None), *conditions]
        # all of them as one value: to read a row of each takes longer than the rest
        if is_postgresql(self._session):
            took = func.array_agg(_seconds(extract("epoch", end - Report.created_at)))
            seconds = sorted(self._session.scalar(select(took).where(*these)) or ())
            practices = self._count(these).practices
        else:
            days = func.julianday(end) - func.julianday(Report.created_at)
            query = select(PRACTICES, func.json_group_array(_seconds(days * DAY_SECONDS)))
            practices, found = self._session.execute(query.where(*these)).one()
            seconds = sorted(json.loads(found))
        number = len(seconds)
        if not number:
            return Duration(0, None, None, 0)
        half = median(seconds) / HOUR_SECONDS
        # the time within which nine of ten were done
        most = seconds[-(-number * 9 // 10) - 1] / HOUR_SECONDS
        return Duration(number, half, most, practices)


def _groups(numbers: Collection[int]) -> Select[tuple[str]]:
    return select(ReportGroup.id).where(ReportGroup.number.in_(numbers))


def _seconds(exactly: Any) -> ColumnElement[int]:
    return cast(func.round(exactly), Integer)


def _within(selection: Selection, scope: Scope, zone: tzinfo) -> list[ColumnElement[bool]]:
    begins, ends = _moments(selection.since, selection.until, zone)
    return [
        Report.created_at >= begins,
        Report.created_at < ends,
        *_narrowed(selection, scope),
    ]


def _narrowed(selection: Selection, scope: Scope) -> list[ColumnElement[bool]]:
    """What a selection asks for apart from its days."""
    return _places(scope) + [
        column == value
        for column, value in (
            (_REGION, selection.region),
            (_CATEGORY, selection.category),
            (_SEVERITY, selection.severity),
        )
        if value is not None
    ]


def _places(scope: Scope) -> list[ColumnElement[bool]]:
    return [] if scope.all_regions else [_REGION.in_(sorted(scope.regions - {ELSEWHERE}))]


def _moments(first: date, last: date, zone: tzinfo) -> tuple[datetime, datetime]:
    """When the first day begins, and the last one ends."""
    after = last + timedelta(days=1)
    return datetime.combine(first, time(), zone), datetime.combine(after, time(), zone)


def _mondays(selection: Selection) -> Iterator[date]:
    week = monday(selection.since)
    while week <= selection.until:
        yield week
        week += timedelta(days=DAYS_OF_WEEK)


def _week(first: date, selection: Selection, zone: tzinfo) -> tuple[datetime, datetime]:
    """When a week begins and ends, as far as it is selected."""
    last = first + timedelta(days=DAYS_OF_WEEK - 1)
    return _moments(max(first, selection.since), min(last, selection.until), zone)
