"""What a report may belong to: groups, and reports of no group."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import select

from bottlenecks.likeness import Alike, likeness
from bottlenecks.models import Practice
from bottlenecks.models_insight import GroupRefusal
from bottlenecks.models_reports import Report
from bottlenecks.roles import EVERYWHERE, Scope
from bottlenecks.store.group_candidates import Candidate, GroupCandidates, described
from bottlenecks.store.group_reading import GroupReading
from bottlenecks.store.group_views import (
    GroupRow,
    GroupSuggestion,
    MoreSuggestion,
    ReportSuggestion,
    Suggestions,
)
from bottlenecks.store.report_search import ReportRow, report_row, visible
from bottlenecks.store.repository import Repository

# of a group: as many of its reports as it is compared by, when others are looked for
LATEST_MEMBERS = 2


@dataclass(frozen=True)
class _Found:
    candidate: Candidate
    alike: Alike
    same_category: bool

    @property
    def less_sure(self) -> bool:
        """Of another category, and not alike enough for that."""
        # a reporter would not be asked about it either
        return not self.same_category and self.alike.likeness < likeness().limits.offer

    @property
    def order(self) -> tuple[bool, float]:
        """What officers look at first: the same category, then the likeliest."""
        return not self.same_category, -self.alike.likeness


class GroupSuggestions(Repository):
    """Compares a report with others, within one transaction; only those that `scope` sees."""

    @cached_property
    def _reading(self) -> GroupReading:
        return GroupReading(self._session, self._clock, self._new_id)

    @cached_property
    def _candidates(self) -> GroupCandidates:
        return GroupCandidates(self._session, self._clock, self._new_id)

    def suggest(self, reference: str, scope: Scope, limit: int) -> Suggestions:
        """See `Groups.suggest`."""
        report = self._report(reference, scope)
        found = self._compared(report, scope, grouped_only=False)
        by_group = self._by_group(report, found)
        groups = sorted(by_group.items(), key=lambda pair: pair[1][0].order)[:limit]
        ungrouped = (one for one in found if one.candidate.group_id is None)
        single = sorted(ungrouped, key=lambda one: one.order)[:limit]
        shown = [members[0] for _, members in groups] + single
        reports = self._report_rows([one.candidate.id for one in shown])
        rows = self._reading.rows([name for name, _ in groups], scope)
        return Suggestions(
            tuple(
                GroupSuggestion(
                    rows[name],
                    members[0].alike.likeness,
                    reports[members[0].candidate.id],
                    members[0].alike.why,
                    members[0].less_sure,
                )
                for name, members in groups
            ),
            tuple(
                ReportSuggestion(
                    reports[one.candidate.id], one.alike.likeness, one.alike.why, one.less_sure
                )
                for one in single
            ),
        )

    def more(self, group_id: str, scope: Scope, limit: int) -> tuple[MoreSuggestion, ...]:
        """See `Groups.more`."""
        refused = set(
            self._session.scalars(
                select(GroupRefusal.report_id).where(GroupRefusal.group_id == group_id)
            )
        )
        members = self._session.scalars(
            select(Report)
            .where(Report.group_id == group_id, visible(scope))
            .order_by(Report.serial.desc())
            .limit(LATEST_MEMBERS)
        )
        best: dict[str, tuple[_Found, Report]] = {}
        for member in members:
            for one in self._compared(member, scope, grouped_only=False):
                name = one.candidate.id
                if one.candidate.group_id is not None or name in refused:
                    continue
                if name not in best or one.alike.likeness > best[name][0].alike.likeness:
                    best[name] = (one, member)
        shown = sorted(best.values(), key=lambda pair: pair[0].order)[:limit]
        rows = self._report_rows(
            [name for one, member in shown for name in (one.candidate.id, member.id)]
        )
        return tuple(
            MoreSuggestion(
                rows[one.candidate.id],
                one.alike.likeness,
                rows[member.id],
                one.alike.why,
                one.less_sure,
            )
            for one, member in shown
        )

    def offer(self, reference: str) -> GroupRow | None:
        """See `Groups.offer`."""
        report = self._report(reference, EVERYWHERE)
        if report.group_id is not None:
            return None
        limits = likeness().limits
        by_group = self._by_group(report, self._compared(report, EVERYWHERE, grouped_only=True))
        # what is further behind cannot come near the best one
        near = {
            name: members
            for name, members in by_group.items()
            if members[0].alike.likeness >= limits.offer - limits.margin
        }
        rows = self._reading.rows(list(near), EVERYWHERE)
        able = [
            (members, rows[name])
            for name, members in near.items()
            if rows[name].is_open and fits(report.region, rows[name])
        ]
        able.sort(key=lambda pair: -pair[0][0].alike.likeness)
        if not able:
            return None
        best, row = able[0]
        sure = best[0].alike.likeness
        # of a group of more, one report that happens to be like it is not enough
        supported = row.reports == 1 or len(best) > 1
        runner_up = able[1][0][0].alike.likeness if len(able) > 1 else 0.0
        if sure < limits.offer or sure - runner_up < limits.margin or not supported:
            return None
        return row

    def _compared(self, report: Report, scope: Scope, *, grouped_only: bool) -> list[_Found]:
        """What is alike enough to suggest, the likeliest first."""
        compare = likeness()
        this = described(report)
        candidates = self._candidates.find(
            report, compare.searches(report.description), scope, grouped_only=grouped_only
        )
        alike = compare.of(this, [one.described for one in candidates])
        found = [
            _Found(candidate, one, candidate.described.category == report.category)
            for candidate, one in zip(candidates, alike, strict=True)
            if one.likeness >= compare.limits.suggest
        ]
        return sorted(found, key=lambda one: (-one.alike.likeness, one.candidate.id))

    def _by_group(self, report: Report, found: list[_Found]) -> dict[str, list[_Found]]:
        """Those in a group that it is not in, and that nobody said it does not belong to."""
        refused = set(
            self._session.scalars(
                select(GroupRefusal.group_id).where(GroupRefusal.report_id == report.id)
            )
        )
        grouped: dict[str, list[_Found]] = defaultdict(list)
        for one in found:
            name = one.candidate.group_id
            if name is not None and name != report.group_id and name not in refused:
                grouped[name].append(one)
        return grouped

    def _report(self, reference: str, scope: Scope) -> Report:
        report = self._session.scalar(
            select(Report).where(Report.reference == reference, visible(scope))
        )
        if report is None:
            raise LookupError(reference)
        return report

    def _report_rows(self, ids: list[str]) -> dict[str, ReportRow]:
        rows = self._session.execute(
            select(Report, Practice.name)
            .outerjoin(Practice, Practice.id == Report.practice_id)
            .where(Report.id.in_(ids))
        )
        return {report.id: report_row(report, practice) for report, practice in rows}


def fits(region: str | None, group: GroupRow) -> bool:
    """Whether a report of `region` may join by itself: it is that group's, or of several."""
    return region in group.regions or len(group.regions) > 1
