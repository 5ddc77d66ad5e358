"""Changes of a group and of its reports together; each is an event of both."""

from collections.abc import Sequence
from functools import cached_property
from typing import Protocol

from sqlalchemy import delete, func, select

from bottlenecks.models_insight import GroupEvent, GroupRefusal, ReportGroup
from bottlenecks.models_reports import Report, ReportEvent
from bottlenecks.roles import EVERYWHERE, Scope
from bottlenecks.store.group_views import AlreadyGroupedError
from bottlenecks.store.postgresql import take_turn
from bottlenecks.store.report_desk import ChangedMeanwhileError, ReportDesk
from bottlenecks.store.report_rows import REPORTER, ReportRows
from bottlenecks.store.report_search import visible
from bottlenecks.store.repository import Repository
from bottlenecks.workflow import MOVES, OPEN, Status

# what one report was asked, or to whom it alone was passed on, still holds in a group
_KEPT = frozenset({Status.WAITING, Status.FORWARDED})


class Standing(Protocol):
    """How a report stands: a row of it, or how an officer sees it."""

    @property
    def status(self) -> str:
        """The value of a state of the workflow."""

    @property
    def forwarded_to(self) -> str | None:
        """To whom it was forwarded."""


class GroupChanges(Repository):
    """Changes rows of groups and their reports within one transaction."""

    @cached_property
    def _rows(self) -> ReportRows:
        return ReportRows(self._session, self._clock)

    @cached_property
    def cases(self) -> ReportDesk:
        """Reports as officers change them."""
        return ReportDesk(self._session, self._clock, self._new_id)

    def make(
        self, title: str, reports: Sequence[Report], actor: str, *, is_example: bool
    ) -> ReportGroup:
        """A new group for these reports, which have not joined it yet."""
        take_turn(self._session, "group number")
        highest = self._session.scalar(select(func.max(ReportGroup.number))) or 0
        status, forwarded_to = shared_status(reports)
        owners = {report.owner_id for report in reports if report.owner_id is not None}
        group = ReportGroup(
            id=self._new_id(),
            number=highest + 1,
            title=title,
            status=status.value,
            forwarded_to=forwarded_to,
            owner_id=owners.pop() if len(owners) == 1 else None,
            version=0,
            is_example=is_example,
            created_at=self._clock(),
            updated_at=self._clock(),
        )
        self._session.add(group)
        self.event(group, actor, "created", status_to=status)
        return group

    def group(self, number: int) -> ReportGroup:
        """A group to change, whoever sees it.

        Raises:
            LookupError: there is none with this number.
        """
        group = self._session.scalar(
            select(ReportGroup)
            .where(ReportGroup.number == number)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        if group is None:
            raise LookupError(str(number))
        return group

    def changeable(
        self, number: int, scope: Scope, version: int | None = None, *, whole: bool = True
    ) -> tuple[ReportGroup, list[Report]]:
        """A group and its reports to change.

        `whole`: all reports must be seen; else only those that are seen are given.

        Raises:
            LookupError: it is not there, or not to be seen.
            ChangedMeanwhileError: it is not of this `version` any more.
            PermissionError: some of its reports are not seen.
        """
        group = self.group(number)
        members = list(
            self._session.scalars(
                select(Report).where(Report.group_id == group.id).order_by(Report.serial)
            )
        )
        seen = [report for report in members if scope.sees(report.region)]
        if not seen:
            raise LookupError(str(number))
        if whole and len(seen) < len(members):
            raise PermissionError(f"group {number} has reports of other regions")
        if version is not None and group.version != version:
            raise ChangedMeanwhileError(str(number))
        return group, seen

    def report(self, reference: str, scope: Scope) -> Report:
        """A report to change.

        Raises:
            LookupError: it is not there, or not to be seen.
        """
        report = self._session.scalar(
            select(Report)
            .where(Report.reference == reference, visible(scope))
            .with_for_update(of=Report)
            .execution_options(populate_existing=True)
        )
        if report is None:
            raise LookupError(reference)
        return report

    def require_free(self, report: Report) -> None:
        """Check that a report is in no group.

        Raises:
            AlreadyGroupedError: it is in one.
        """
        if report.group_id is not None:
            number = self._session.scalar(
                select(ReportGroup.number).where(ReportGroup.id == report.group_id)
            )
            raise AlreadyGroupedError(report.reference, number or 0)

    def let_in(
        self, group: ReportGroup, report: Report, actor: str, outbox_id: int | None = None
    ) -> None:
        """Let a report of no group join; `outbox_id` tells its reporter of a new status."""
        name = str(group.number)
        self._forget_refusal(group, report)
        report.group_id = group.id
        self._rows.event(report, actor, "group", field="group", value_to=name)
        self.event(group, actor, "joined", report=report)
        if group.owner_id is not None and report.owner_id != group.owner_id:
            self.cases.assign(report.reference, EVERYWHERE, group.owner_id, actor=actor)
        to = Status(group.status)
        if takes(Status(report.status), to):
            due, had_reaction = report.due_at, report.has_reaction
            self._rows.move(
                report, to, actor=actor, field="group", value_to=name, outbox_id=outbox_id
            )
            report.forwarded_to = group.forwarded_to
            if actor == REPORTER:
                # who joins a group said nothing that has to be answered
                report.has_reaction = had_reaction
            if outbox_id is None and due is not None and report.due_at is not None:
                # nobody heard anything: the deadline does not move away
                report.due_at = min(due, report.due_at)

    def pass_on(self, group: ReportGroup, report: Report) -> str | None:
        """Keep the group's latest answer at a report that joined; None: none, or it has it."""
        answer = self._session.scalar(
            select(GroupEvent)
            .where(GroupEvent.group_id == group.id, GroupEvent.kind == "reply")
            .order_by(GroupEvent.id.desc())
            .limit(1)
        )
        if answer is None or not answer.text:
            return None
        has_it = select(ReportEvent.id).where(
            ReportEvent.report_id == report.id,
            ReportEvent.kind == "reply",
            ReportEvent.text == answer.text,
        )
        if self._session.scalar(has_it.limit(1)) is not None:
            return None
        had_reaction = report.has_reaction
        self._rows.event(
            report,
            answer.actor,
            "reply",
            text=answer.text,
            field="group",
            value_to=str(group.number),
        )
        # an answer from before does not answer what its reporter said since
        report.has_reaction = had_reaction
        return answer.text

    def let_go(self, group: ReportGroup, report: Report, actor: str) -> None:
        """Take a report out of a group."""
        report.group_id = None
        self._rows.event(report, actor, "group", field="group", value_from=str(group.number))
        self.event(group, actor, "left", report=report)

    def refuse(self, group: ReportGroup, report: Report, actor: str) -> None:
        """Keep that a report does not belong to a group."""
        self._forget_refusal(group, report)
        self._session.add(
            GroupRefusal(group_id=group.id, report_id=report.id, actor=actor, at=self._clock())
        )
        self._session.flush()

    def event(
        self,
        group: ReportGroup,
        actor: str,
        kind: str,
        *,
        report: Report | None = None,
        status_from: Status | None = None,
        status_to: Status | None = None,
        text: str | None = None,
    ) -> None:
        """Keep that something happened to a group."""
        group.updated_at = self._clock()
        group.version += 1
        # the group first: the event points to it
        self._session.flush()
        self._session.add(
            GroupEvent(
                group_id=group.id,
                at=self._clock(),
                actor=actor,
                kind=kind,
                report_id=report.id if report else None,
                status_from=status_from.value if status_from else None,
                status_to=status_to.value if status_to else None,
                text=text,
            )
        )
        self._session.flush()

    def _forget_refusal(self, group: ReportGroup, report: Report) -> None:
        self._session.execute(
            delete(GroupRefusal).where(
                GroupRefusal.group_id == group.id, GroupRefusal.report_id == report.id
            )
        )


def takes(current: Status, of_group: Status) -> bool:
    """Whether a report takes the status of a group that it joins.

    Not when nothing was asked of its reporter yet ("wacht op reactie"), and not when it waits or
    was passed on by itself while the group is only worked on.
    """
    if of_group is Status.WAITING or (current in _KEPT and of_group is Status.IN_PROGRESS):
        return False
    return of_group in MOVES[current]


def shared_status(reports: Sequence[Standing]) -> tuple[Status, str | None]:
    """The status of a new group of these reports, and to whom it was forwarded."""
    every = [Status(report.status) for report in reports]
    still_open = {(s, r.forwarded_to) for s, r in zip(every, reports, strict=True) if s in OPEN}
    if not still_open:
        return (Status.SOLVED if Status.SOLVED in every else Status.REJECTED), None
    if len(still_open) == 1:
        status, forwarded_to = still_open.pop()
        if status is not Status.REOPENED:
            return status, forwarded_to
    return Status.IN_PROGRESS, None
