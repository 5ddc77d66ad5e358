"""What reporters do with groups: one is offered, and they join it or leave it."""

from functools import cached_property

from bottlenecks.roles import EVERYWHERE
from bottlenecks.store.group_changes import GroupChanges
from bottlenecks.store.group_reading import GroupReading
from bottlenecks.store.group_suggestions import GroupSuggestions, fits
from bottlenecks.store.group_views import GroupRow
from bottlenecks.store.report_rows import REPORTER
from bottlenecks.store.repository import Repository
from bottlenecks.workflow import OPEN, Status


class ReporterGroups(Repository):
    """Groups as reporters meet them, within one transaction; only with reports of their own."""

    @cached_property
    def _reading(self) -> GroupReading:
        return GroupReading(self._session, self._clock, self._new_id)

    @cached_property
    def _changes(self) -> GroupChanges:
        return GroupChanges(self._session, self._clock, self._new_id)

    @cached_property
    def _suggesting(self) -> GroupSuggestions:
        return GroupSuggestions(self._session, self._clock, self._new_id)

    def offer(self, reference: str) -> GroupRow | None:
        """The one open group that a reporter may be asked about: alike enough to be sure.

        It is of the same region, or of several. None when the report is in a group.
        """
        return self._suggesting.offer(reference)

    def join(self, reference: str, number: int, person_id: str) -> str | None:
        """Add one's own report to an open group, as its reporter.

        Gives the group's latest answer, when the report has it only now.

        Raises:
            LookupError: not one's own, in another group, or the group is not there, is closed, or
                is of another region.
        """
        report = self._changes.report(reference, EVERYWHERE)
        group = self._changes.group(number)
        if report.person_id != person_id or report.group_id not in (None, group.id):
            raise LookupError(reference)
        row = self._reading.rows([group.id], EVERYWHERE).get(group.id)
        if row is None or Status(group.status) not in OPEN or not fits(report.region, row):
            raise LookupError(str(number))
        if report.group_id is not None:
            return None
        self._changes.let_in(group, report, REPORTER)
        return self._changes.pass_on(group, report)

    def leave(self, reference: str, number: int, person_id: str) -> None:
        """Take one's own report out of a group, as its reporter; it is not offered again.

        Raises:
            LookupError: not one's own, or not in this group.
        """
        group = self._changes.group(number)
        report = self._changes.report(reference, EVERYWHERE)
        if report.person_id != person_id or report.group_id != group.id:
            raise LookupError(reference)
        self._changes.let_go(group, report, REPORTER)
        self._changes.refuse(group, report, REPORTER)
