"""Reports as other programs read them: in the order of filing, a piece at a time, without names.

Nothing here tells who reported, from which practice, or which officer did what.
"""

from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, select

from bottlenecks.models_reports import Report, ReportEvent
from bottlenecks.roles import Scope
from bottlenecks.store.report_rows import REFERENCE, serial_of
from bottlenecks.store.report_search import listed, visible
from bottlenecks.store.repository import Repository
from bottlenecks.workflow import Status

EARLIEST = datetime.min.replace(tzinfo=UTC)
LATEST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class ApiFilter:
    """What a program looks for; what is empty does not narrow.

    `regions` are as in `report_search.listed`; `since` and `until` are days of filing (until
    included); `changed_since` is a moment.
    """

    statuses: tuple[Status, ...] = ()
    categories: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    changed_since: datetime | None = None


@dataclass(frozen=True)
class ApiReport:
    """A report as a program reads it. Moments are UTC."""

    reference: str
    category: str
    region: str | None
    region_other: str | None
    severity: str
    status: Status
    forwarded_to: str | None
    description: str
    tried: str | None
    answer_wanted: bool
    due_at: datetime | None
    created_at: datetime
    updated_at: datetime
    is_example: bool


@dataclass(frozen=True)
class ApiEvent:
    """One thing that happened to a report, without its text and without who did it."""

    at: datetime
    kind: str
    status_from: Status | None
    status_to: Status | None
    field: str | None


class ApiReports(Repository):
    """Reads reports within one transaction; never what `scope` does not see."""

    def page(
        self, wanted: ApiFilter, scope: Scope, zone: tzinfo, *, after: str | None, limit: int
    ) -> tuple[list[ApiReport], bool]:
        """At most `limit` reports filed after the one with reference `after`, oldest first.

        Also gives whether there are more. Days begin and end in `zone`.

        Raises:
            ValueError: `after` is no reference.
        """
        conditions = [visible(scope), *_conditions(wanted, zone)]
        if after is not None:
            conditions.append(Report.serial > _serial(after))
        rows = self._session.execute(
            select(*_REPORT).where(*conditions).order_by(Report.serial).limit(limit + 1)
        )
        found = [ApiReport(**_with_states(row)) for row in rows.mappings()]
        return found[:limit], len(found) > limit

    def get(self, reference: str, scope: Scope) -> tuple[ApiReport, list[ApiEvent]] | None:
        """The report with this reference and what happened to it, oldest first.

        None: it is not there, or not to be seen.
        """
        if not REFERENCE.fullmatch(reference):
            # a database may refuse what else can be asked for
            return None
        mine = (Report.reference == reference, visible(scope))
        report = self._session.execute(select(*_REPORT).where(*mine)).mappings().one_or_none()
        if report is None:
            return None
        events = self._session.execute(
            select(*_EVENT)
            .join(Report, Report.id == ReportEvent.report_id)
            .where(*mine)
            .order_by(ReportEvent.id)
        )
        return (
            ApiReport(**_with_states(report)),
            [ApiEvent(**_with_states(event)) for event in events.mappings()],
        )


# the fields have the names of the columns
_REPORT = [getattr(Report, one.name) for one in fields(ApiReport)]
_EVENT = [getattr(ReportEvent, one.name) for one in fields(ApiEvent)]


def _conditions(wanted: ApiFilter, zone: tzinfo) -> list[ColumnElement[bool]]:
    found = listed(wanted.statuses, wanted.categories, wanted.regions, wanted.severities)
    if wanted.since is not None:
        found.append(Report.created_at >= _start_of(wanted.since, zone))
    if wanted.until is not None:
        found.append(Report.created_at < _end_of(wanted.until, zone))
    if wanted.changed_since is not None:
        found.append(Report.updated_at >= _in_utc(wanted.changed_since))
    return found


def _serial(reference: str) -> int:
    found = REFERENCE.fullmatch(reference)
    if found is None:
        raise ValueError(f"{reference} is no reference of a report")
    return serial_of(int(found[1]), int(found[2]))


def _start_of(day: date, zone: tzinfo) -> datetime:
    return _in_utc(datetime.combine(day, time(), zone))


def _end_of(day: date, zone: tzinfo) -> datetime:
    return LATEST if day == date.max else _start_of(day + timedelta(days=1), zone)


def _in_utc(moment: datetime) -> datetime:
    """The moment in UTC; one at the ends of the calendar may not exist there."""
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return EARLIEST if moment.year == 1 else LATEST


def _with_states(row: RowMapping) -> dict[str, Any]:
    """The values of a row, its states as `Status`."""
    return {
        name: Status(value) if value and name.startswith("status") else value
        for name, value in row.items()
    }
