"""Reading groups: one page of a list, one group with its reports and what happened to it."""

from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, func, or_, select

from bottlenecks.models import Practice
from bottlenecks.models_insight import GroupEvent, ReportGroup
from bottlenecks.models_reports import Report
from bottlenecks.roles import Scope
from bottlenecks.store.group_views import GroupEventView, GroupPage, GroupRow, GroupView
from bottlenecks.store.report_search import ReportSearch, listed, report_row, visible
from bottlenecks.store.repository import Repository
from bottlenecks.workflow import OPEN, Status

# as in figures: reports without a practice are of one practice together
_PRACTICES = func.count(func.coalesce(Report.practice_id, "").distinct())


class GroupReading(Repository):
    """Reads groups within one transaction; only of reports that `scope` sees."""

    @cached_property
    def _search(self) -> ReportSearch:
        return ReportSearch(self._session, self._clock, self._new_id)

    def page(
        self,
        scope: Scope,
        *,
        open_only: bool,
        words: str,
        region: str | None,
        category: str | None,
        offset: int,
        limit: int,
    ) -> GroupPage:
        """See `Groups.page`."""
        conditions: list[ColumnElement[bool]] = []
        if open_only:
            conditions.append(ReportGroup.status.in_([one.value for one in OPEN]))
        narrowed = listed((), (category,) if category else (), (region,) if region else (), ())
        if narrowed:
            conditions.append(_has_report(scope, narrowed))
        if words.strip():
            in_title = (ReportGroup.title.icontains(one, autoescape=True) for one in words.split())
            in_reports = _has_report(scope, [self._search.matches(words)])
            conditions.append(or_(and_(*in_title), in_reports))
        counted = _counted(scope)
        shown = (
            # with how many there are, or all reports would be searched twice
            _rows(counted)
            .add_columns(func.count().over().label("total"))
            .where(*conditions)
            .order_by(counted.c.reports.desc(), counted.c.last.desc(), ReportGroup.number.desc())
            .offset(offset)
            .limit(limit)
        )
        found = self._session.execute(shown).all()
        if found:
            total = found[0].total
        elif offset:
            # beyond the last page
            there = select(func.count()).select_from(ReportGroup)
            total = self._session.scalar(there.where(_has_report(scope, []), *conditions)) or 0
        else:
            total = 0
        return GroupPage(self._read([tuple(row)[:-1] for row in found], scope), total)

    def get(self, number: int, scope: Scope) -> GroupView | None:
        """See `Groups.get`."""
        row = self.row(number, scope)
        if row is None:
            return None
        members = self._session.execute(
            select(Report, Practice.name)
            .outerjoin(Practice, Practice.id == Report.practice_id)
            .where(Report.group_id == row.id, visible(scope))
            .order_by(Report.created_at.desc(), Report.serial.desc())
        )
        shown = tuple(report_row(*found) for found in members)
        events = self._session.execute(
            select(GroupEvent, Report.reference, Report.region)
            .outerjoin(Report, Report.id == GroupEvent.report_id)
            .where(GroupEvent.group_id == row.id)
            .order_by(GroupEvent.id)
        )
        return GroupView(
            row,
            shown,
            0 if scope.all_regions else self._size(row.id) - row.reports,
            tuple(
                _event(event, name if scope.sees(place) else None) for event, name, place in events
            ),
        )

    def of(self, reference: str, scope: Scope) -> GroupRow | None:
        """See `Groups.of`."""
        its = select(Report.group_id).where(Report.reference == reference, visible(scope))
        return self._row(self._session.scalar(its), scope)

    def row(self, number: int, scope: Scope) -> GroupRow | None:
        """The group with this number; None: it is not there, or not to be seen."""
        its = select(ReportGroup.id).where(ReportGroup.number == number)
        return self._row(self._session.scalar(its), scope)

    def rows(self, ids: Sequence[str], scope: Scope) -> dict[str, GroupRow]:
        """Groups by id."""
        query = _rows(_counted(scope, ids)).where(ReportGroup.id.in_(ids))
        found = self._read([tuple(row) for row in self._session.execute(query)], scope)
        return {row.id: row for row in found}

    def _row(self, group_id: str | None, scope: Scope) -> GroupRow | None:
        # by its id: by any other condition databases count all groups first
        return self.rows([group_id], scope).get(group_id) if group_id is not None else None

    def _size(self, group_id: str) -> int:
        """How many reports are in a group, seen or not."""
        query = select(func.count()).select_from(Report).where(Report.group_id == group_id)
        return self._session.scalar(query) or 0

    def _read(self, found: Sequence[tuple[Any, ...]], scope: Scope) -> tuple[GroupRow, ...]:
        """What `_rows` gave, with the regions."""
        ids = [group.id for group, *_ in found]
        regions: dict[str, list[str]] = defaultdict(list)
        for group_id, region in self._session.execute(
            select(Report.group_id, Report.region)
            .where(Report.group_id.in_(ids), Report.region.is_not(None), visible(scope))
            .distinct()
            .order_by(Report.region)
        ):
            regions[group_id].append(region)
        return tuple(_row(one, tuple(regions[one[0].id])) for one in found)


def _counted(scope: Scope, ids: Sequence[str] | None = None) -> Subquery:
    """What is counted of each group that is seen."""
    query = (
        select(
            Report.group_id,
            func.count().label("reports"),
            _PRACTICES.label("practices"),
            func.count(Report.practice_id.distinct()).label("named"),
            func.min(Report.created_at).label("first"),
            func.max(Report.created_at).label("last"),
        )
        .where(Report.group_id.is_not(None), visible(scope))
        .group_by(Report.group_id)
    )
    return (query if ids is None else query.where(Report.group_id.in_(ids))).subquery()


def _rows(counted: Subquery) -> Select[Any]:
    return select(
        ReportGroup,
        counted.c.reports,
        counted.c.practices,
        counted.c.named,
        counted.c.first,
        counted.c.last,
    ).join(counted, counted.c.group_id == ReportGroup.id)


def _has_report(scope: Scope, conditions: Sequence[ColumnElement[bool]]) -> ColumnElement[bool]:
    seen = select(Report.group_id).where(Report.group_id.is_not(None), visible(scope), *conditions)
    return ReportGroup.id.in_(seen)


def _row(found: tuple[Any, ...], regions: tuple[str, ...]) -> GroupRow:
    group, reports, practices, named, first, last = found
    return GroupRow(
        group.id,
        group.number,
        group.title,
        Status(group.status),
        group.forwarded_to,
        group.owner_id,
        reports,
        practices,
        named,
        regions,
        first,
        last,
        group.updated_at,
        group.version,
        group.is_example,
    )


def _event(event: GroupEvent, reference: str | None) -> GroupEventView:
    return GroupEventView(
        event.at,
        event.actor,
        event.kind,
        reference,
        Status(event.status_from) if event.status_from else None,
        Status(event.status_to) if event.status_to else None,
        event.text,
    )
