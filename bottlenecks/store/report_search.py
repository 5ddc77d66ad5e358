"""Finding reports: a filter as officers combine it, one page of what it gives, and counts."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal_column, or_, select, text

from bottlenecks.models import Practice
from bottlenecks.models_reports import GRAVITY, Report
from bottlenecks.roles import Scope
from bottlenecks.store.postgresql import is_postgresql
from bottlenecks.store.report_rows import searchable
from bottlenecks.store.repository import Repository
from bottlenecks.workflow import Status

NOBODY = "geen"
OTHER_REGION = "elders"
BATCH = 1_000
# the state, so that no index of states is looked in
_STATE: ColumnElement[str] = func.coalesce(Report.status, literal_column("''"))


class Order(StrEnum):
    """How reports are sorted; the value stands in the URL."""

    DEADLINE = "termijn"
    NEWEST = "nieuwste"
    OLDEST = "oudste"
    SEVERITY = "ernst"
    CHANGED = "gewijzigd"


@dataclass(frozen=True)
class ReportFilter:
    """What is looked for; what is empty does not narrow.

    `owner` is an officer's id or `NOBODY`; `regions` are ids, or `OTHER_REGION`; `since` and
    `until` are days (until included) in the zone `zone`; `words` are looked for in the texts;
    `topic` is the topic that reports point to.
    """

    statuses: tuple[Status, ...] = ()
    categories: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()
    owner: str | None = None
    answer_wanted: bool | None = None
    overdue: bool = False
    has_reaction: bool = False
    practice: str | None = None
    topic: str | None = None
    since: date | None = None
    until: date | None = None
    words: str = ""
    order: Order = Order.DEADLINE


@dataclass(frozen=True)
class ReportRow:
    """A report as a line of a list. Moments are UTC."""

    reference: str
    category: str
    region: str | None
    region_other: str | None
    severity: str
    status: Status
    forwarded_to: str | None
    description: str
    tried: str | None
    practice: str | None
    answer_wanted: bool
    owner_id: str | None
    due_at: datetime | None
    created_at: datetime
    updated_at: datetime
    version: int
    is_example: bool
    has_reaction: bool


@dataclass(frozen=True)
class ReportPage:
    """One page of what a filter gives, and how many reports it gives in all."""

    rows: tuple[ReportRow, ...]
    total: int
    counts: dict[Status, int] = field(default_factory=dict)


class ReportSearch(Repository):
    """Reads lists of reports within one transaction; never what `scope` does not see."""

    def page(
        self, wanted: ReportFilter, scope: Scope, zone: tzinfo, *, offset: int, limit: int
    ) -> ReportPage:
        """`limit` reports from `offset` on, how many there are, and how many per state."""
        these = self._shown(wanted, scope, zone).offset(offset).limit(limit).subquery()
        rows = self._rows(wanted, [Report.serial.in_(select(these.c.serial))])
        everything = wanted == ReportFilter(statuses=wanted.statuses, order=wanted.order)
        # counted along an index of states when nothing narrows them; SQLite would do so otherwise
        # as well, and read all reports for what else is asked
        state = Report.status if everything and scope.all_regions else _STATE
        counted = self._session.execute(
            select(state, func.count())
            .where(*self._conditions(wanted, scope, zone, status=False))
            .group_by(state)
        )
        counts = {Status(name): number for name, number in counted}
        total = sum(counts.get(status, 0) for status in wanted.statuses or tuple(Status))
        return ReportPage(
            tuple(report_row(*found) for found in self._session.execute(rows)), total, counts
        )

    def all(self, wanted: ReportFilter, scope: Scope, zone: tzinfo) -> Iterator[ReportRow]:
        """All reports that a filter gives, a batch at a time."""
        query = self._rows(wanted, self._conditions(wanted, scope, zone))
        for found in self._session.execute(query.execution_options(yield_per=BATCH)):
            yield report_row(*found)

    def neighbours(
        self, wanted: ReportFilter, scope: Scope, zone: tzinfo, reference: str, *, within: int = 500
    ) -> tuple[str | None, str | None]:
        """The references before and after a report among the first `within` of a list."""
        these = self._shown(wanted, scope, zone).limit(within).subquery()
        query = (
            select(Report.reference)
            .where(Report.serial.in_(select(these.c.serial)))
            .order_by(*_ordering(wanted.order))
        )
        names = list(self._session.scalars(query))
        if reference not in names:
            return None, names[0] if names else None
        place = names.index(reference)
        before = names[place - 1] if place else None
        return before, names[place + 1] if place + 1 < len(names) else None

    def _shown(self, wanted: ReportFilter, scope: Scope, zone: tzinfo) -> Select[tuple[int]]:
        """The numbers of the reports of a list, in its order: an index of the order has both."""
        conditions = self._conditions(wanted, scope, zone, status=False)
        if wanted.statuses:
            # SQLite thinks that few reports have a state, and would look up and sort all of them
            is_sqlite = not is_postgresql(self._session)
            state = _STATE if is_sqlite else Report.status
            conditions.append(state.in_([one.value for one in wanted.statuses]))
        return select(Report.serial).where(*conditions).order_by(*_ordering(wanted.order))

    def _rows(self, wanted: ReportFilter, conditions: list[ColumnElement[bool]]) -> Select[Any]:
        return (
            select(Report, Practice.name)
            .outerjoin(Practice, Practice.id == Report.practice_id)
            .where(*conditions)
            .order_by(*_ordering(wanted.order))
        )

    def _conditions(
        self, wanted: ReportFilter, scope: Scope, zone: tzinfo, *, status: bool = True
    ) -> list[ColumnElement[bool]]:
        statuses = wanted.statuses if status else ()
        found = [
            visible(scope),
            *listed(statuses, wanted.categories, wanted.regions, wanted.severities),
        ]
        if wanted.owner == NOBODY:
            found.append(Report.owner_id.is_(None))
        elif wanted.owner:
            found.append(Report.owner_id == wanted.owner)
        if wanted.answer_wanted is not None:
            found.append(Report.answer_wanted.is_(wanted.answer_wanted))
        if wanted.overdue:
            found.append(Report.due_at < self._clock())
        if wanted.has_reaction:
            found.append(Report.has_reaction.is_(True))
        if wanted.practice:
            named_so = Practice.name.icontains(wanted.practice, autoescape=True)
            found.append(Report.practice_id.in_(select(Practice.id).where(named_so)))
        if wanted.topic:
            found.append(Report.topic == wanted.topic)
        if wanted.since:
            found.append(Report.created_at >= datetime.combine(wanted.since, time(), zone))
        if wanted.until:
            end = datetime.combine(wanted.until + timedelta(days=1), time(), zone)
            found.append(Report.created_at < end)
        if wanted.words.strip():
            found.append(self.matches(wanted.words))
        return found

    def matches(self, words: str) -> ColumnElement[bool]:
        """The database's own full-text search; all words, each as the beginning of a word."""
        if not is_postgresql(self._session):
            quoted = " ".join(f'"{part}"*' for part in re.findall(r"\w+", searchable(words)))
            if not quoted:
                return literal_column("1 = 0", type_=None)
            found = text("SELECT rowid FROM report_search WHERE report_search MATCH :words")
            return Report.serial.in_(found.bindparams(words=quoted).columns(Report.serial))
        query = " & ".join(f"{part}:*" for part in re.findall(r"\w+", searchable(words)))
        vector: Any = literal_column("report.search_vector")
        matches: ColumnElement[bool] = vector.bool_op("@@")(func.to_tsquery("simple", query))
        return matches


def visible(scope: Scope) -> ColumnElement[bool]:
    """The condition under which a report may be seen."""
    if scope.all_regions:
        return literal_column("1 = 1", type_=None)
    return Report.region.in_(sorted(scope.regions))


def listed(
    statuses: Collection[Status],
    categories: Collection[str],
    regions: Collection[str],
    severities: Collection[str],
) -> list[ColumnElement[bool]]:
    """The conditions that a report has one of each; what is empty does not narrow.

    `regions` are ids, or `OTHER_REGION`.
    """
    found: list[ColumnElement[bool]] = []
    if statuses:
        found.append(Report.status.in_([one.value for one in statuses]))
    if categories:
        found.append(Report.category.in_(categories))
    if severities:
        found.append(Report.severity.in_(severities))
    if regions:
        ids = [one for one in regions if one != OTHER_REGION]
        either = [Report.region.in_(ids)] if ids else []
        if OTHER_REGION in regions:
            either.append(Report.region.is_(None))
        found.append(or_(*either))
    return found


def _ordering(order: Order) -> tuple[ColumnElement[Any], ...]:
    newest = Report.serial.desc()
    match order:
        case Order.DEADLINE:
            # what has no deadline comes last, on every database
            return (Report.due_at.is_(None), Report.due_at.asc(), newest)
        case Order.OLDEST:
            return (Report.created_at.asc(), Report.serial.asc())
        case Order.SEVERITY:
            return (literal_column(GRAVITY), newest)
        case Order.CHANGED:
            return (Report.updated_at.desc(), newest)
        case _:
            return (Report.created_at.desc(), newest)


def report_row(report: Report, practice: str | None) -> ReportRow:
    """A report and the name of its practice, as a line of a list."""
    return ReportRow(
        report.reference,
        report.category,
        report.region,
        report.region_other,
        report.severity,
        Status(report.status),
        report.forwarded_to,
        report.description,
        report.tried,
        practice,
        report.answer_wanted,
        report.owner_id,
        report.due_at,
        report.created_at,
        report.updated_at,
        report.version,
        report.is_example,
        report.has_reaction,
    )
