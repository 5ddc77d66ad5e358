"""One report as officers see and change it; every change is an event, and checks the version."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy import func, select

from bottlenecks.lists import lists
from bottlenecks.models import OutboxItem, Practice
from bottlenecks.models_reports import Report, ReportEvent
from bottlenecks.roles import EVERYWHERE, Scope
from bottlenecks.store.report_rows import HEARD, REPORTER, ReportRows, due_at
from bottlenecks.store.report_search import visible
from bottlenecks.store.repository import Repository
from bottlenecks.workflow import ORGANISATIONS, Status

CORRECTABLE = ("category", "region", "severity")


class ChangedMeanwhileError(Exception):
    """Someone else changed the report since it was looked at."""


@dataclass(frozen=True)
class EventView:
    """One thing that happened; `delivery` is what became of what was sent: pending, sent or dead.

    `actor` is "melder" or an officer's id; `field` is what was corrected.
    """

    at: datetime
    actor: str
    kind: str
    status_from: Status | None
    status_to: Status | None
    field: str | None
    value_from: str | None
    value_to: str | None
    text: str | None
    delivery: str | None
    delivered_at: datetime | None


@dataclass(frozen=True)
class CaseView:
    """A report as an officer sees it: texts as stored (screened), and all that happened.

    `account_id` is where its reporter is answered; None: nobody can be answered. `topic` is the
    topic it points to, if any.
    """

    id: str
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
    account_id: str | None
    owner_id: str | None
    due_at: datetime | None
    created_at: datetime
    version: int
    is_example: bool
    events: tuple[EventView, ...]
    topic: str | None = None


class ReportDesk(Repository):
    """Reads and changes single reports within one transaction; only those that `scope` sees."""

    @cached_property
    def _rows(self) -> ReportRows:
        return ReportRows(self._session, self._clock)

    def get(self, reference: str, scope: Scope) -> CaseView | None:
        """The report with this reference; None: it is not there, or not to be seen."""
        row = self._find(reference, scope)
        return self._view(row) if row else None

    def move(
        self,
        reference: str,
        scope: Scope,
        to: Status,
        *,
        actor: str,
        version: int | None = None,
        text: str | None = None,
        organisation: str | None = None,
        outbox_id: int | None = None,
    ) -> None:
        """Bring a report to another state; `organisation` is to whom it is forwarded.

        Raises:
            LookupError: not there, or not to be seen.
            ChangedMeanwhileError: it is not of this `version` any more.
            MoveNotAllowedError: the workflow does not allow it.
            ValueError: forwarded to an organisation that is not known.
        """
        report = self._changeable(reference, scope, version)
        if to is Status.FORWARDED and organisation not in ORGANISATIONS:
            raise ValueError(f"a report cannot be forwarded to {organisation}")
        self._rows.move(report, to, actor=actor, text=text, outbox_id=outbox_id)
        report.forwarded_to = organisation if to is Status.FORWARDED else None

    def reply(
        self,
        reference: str,
        scope: Scope,
        *,
        actor: str,
        text: str,
        version: int | None = None,
        outbox_id: int | None = None,
    ) -> None:
        """Keep an answer to the reporter; `outbox_id` tells later whether it arrived.

        Raises:
            LookupError, ChangedMeanwhileError: see `move`.
        """
        report = self._changeable(reference, scope, version)
        self._rows.event(report, actor, "reply", text=text, outbox_id=outbox_id)

    def note(self, reference: str, scope: Scope, *, actor: str, text: str) -> None:
        """Keep an internal note; the reporter never sees it.

        Raises:
            LookupError: see `move`.
        """
        self._rows.event(self._changeable(reference, scope, None), actor, "note", text=text)

    def add_for_reporter(self, reference: str, text: str) -> None:
        """Keep what a reporter said in another way than in a chat of ours; `text` is screened.

        Raises:
            LookupError: see `move`.
        """
        self._rows.event(
            self._changeable(reference, EVERYWHERE, None), REPORTER, "addition", text=text
        )

    def assign(
        self,
        reference: str,
        scope: Scope,
        owner_id: str | None,
        *,
        actor: str,
        version: int | None = None,
    ) -> None:
        """Give a report to an officer, or to nobody.

        Raises:
            LookupError, ChangedMeanwhileError: see `move`.
        """
        report = self._changeable(reference, scope, version)
        if report.owner_id == owner_id:
            return
        self._rows.event(
            report, actor, "owner", field="owner", value_from=report.owner_id, value_to=owner_id
        )
        report.owner_id = owner_id

    def correct(
        self,
        reference: str,
        scope: Scope,
        *,
        actor: str,
        version: int | None = None,
        category: str,
        region: str | None,
        severity: str,
    ) -> list[str]:
        """Correct what the report is about; gives the fields that changed.

        Raises:
            LookupError, ChangedMeanwhileError: see `move`.
            ValueError: there is no such category or severity.
        """
        report = self._changeable(reference, scope, version)
        if category not in lists().categories or severity not in lists().severities:
            raise ValueError(f"unknown category {category} or severity {severity}")
        wanted = {"category": category, "region": region, "severity": severity}
        changed = [name for name in CORRECTABLE if getattr(report, name) != wanted[name]]
        for name in changed:
            self._rows.event(
                report,
                actor,
                "correction",
                field=name,
                value_from=getattr(report, name)
                or (report.region_other if name == "region" else None),
                value_to=wanted[name],
            )
            setattr(report, name, wanted[name])
        if changed:
            self._rows.index(report)
        if "severity" in changed and report.due_at is not None:
            report.due_at = due_at(severity, Status(report.status), self._last_heard(report))
        self._session.flush()
        return changed

    def corrected(self) -> list[CaseView]:
        """The reports of which an officer corrected category, region or severity, newest first."""
        touched = select(ReportEvent.report_id).where(ReportEvent.kind == "correction")
        rows = self._session.scalars(
            select(Report)
            .where(Report.id.in_(touched), Report.is_example.is_(False))
            .order_by(Report.serial.desc())
        )
        return [self._view(row) for row in rows]

    def _last_heard(self, report: Report) -> datetime:
        last = self._session.scalar(
            select(func.max(ReportEvent.at)).where(
                ReportEvent.report_id == report.id, ReportEvent.kind.in_(HEARD)
            )
        )
        return last or report.created_at

    def _changeable(self, reference: str, scope: Scope, version: int | None) -> Report:
        report = self._find(reference, scope, lock=True)
        if report is None:
            raise LookupError(reference)
        if version is not None and report.version != version:
            raise ChangedMeanwhileError(reference)
        return report

    def _find(self, reference: str, scope: Scope, *, lock: bool = False) -> Report | None:
        query = select(Report).where(Report.reference == reference, visible(scope))
        if lock:
            query = query.with_for_update(of=Report).execution_options(populate_existing=True)
        return self._session.scalar(query)

    def _view(self, row: Report) -> CaseView:
        practice = self._session.get(Practice, row.practice_id) if row.practice_id else None
        events = self._session.execute(
            select(ReportEvent, OutboxItem.status, OutboxItem.sent_at)
            .outerjoin(OutboxItem, OutboxItem.id == ReportEvent.outbox_id)
            .where(ReportEvent.report_id == row.id)
            .order_by(ReportEvent.id)
        )
        return CaseView(
            row.id,
            row.reference,
            row.category,
            row.region,
            row.region_other,
            row.severity,
            Status(row.status),
            row.forwarded_to,
            row.description,
            row.tried,
            practice.name if practice else None,
            row.answer_wanted,
            row.account_id,
            row.owner_id,
            row.due_at,
            row.created_at,
            row.version,
            row.is_example,
            tuple(_event(*found) for found in events),
            row.topic,
        )


def _event(event: ReportEvent, delivery: str | None, delivered_at: datetime | None) -> EventView:
    return EventView(
        event.at,
        event.actor,
        event.kind,
        Status(event.status_from) if event.status_from else None,
        Status(event.status_to) if event.status_to else None,
        event.field,
        event.value_from,
        event.value_to,
        event.text,
        delivery,
        delivered_at,
    )
