"""Reports as their reporters use them: file, follow, add to, reopen, withdraw."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy import Integer, bindparam, func, select

from bottlenecks.models_insight import ReportGroup
from bottlenecks.models_reports import Feedback, Report, ReportEvent
from bottlenecks.store.postgresql import take_turn
from bottlenecks.store.report_rows import REPORTER, ReportRows, serial_of
from bottlenecks.store.repository import Repository, directly
from bottlenecks.workflow import OPEN, REOPENABLE, Status

# what is asked for each message is put together once
_OWN = (
    select(Report)
    .where(Report.person_id == bindparam("person"))
    .order_by(Report.created_at.desc(), Report.number.desc())
    .limit(bindparam("most", type_=Integer))
)
_EVENTS = (
    select(
        ReportEvent.report_id,
        ReportEvent.at,
        ReportEvent.actor,
        ReportEvent.kind,
        ReportEvent.status_from,
        ReportEvent.status_to,
        ReportEvent.text,
    )
    .where(ReportEvent.report_id.in_(bindparam("reports", expanding=True)))
    .order_by(ReportEvent.id)
)


@dataclass(frozen=True)
class Draft:
    """A report about to be filed; all texts are screened.

    `topic` is the topic whose answer was missing or unclear, where the report came from one.
    """

    category: str
    region: str | None
    region_other: str | None
    description: str
    tried: str | None
    severity: str
    answer_wanted: bool
    topic: str | None = None


@dataclass(frozen=True)
class ReportEventView:
    """One thing that happened to a report."""

    at: datetime
    actor: str
    kind: str
    status_from: str | None
    status_to: str | None
    text: str | None


@dataclass(frozen=True)
class Together:
    """The group of reports about the same that a report is in."""

    number: int
    title: str


@dataclass(frozen=True)
class ReportView:
    """A report as its reporter may see it."""

    id: str
    reference: str
    category: str
    region: str | None
    severity: str
    description: str
    tried: str | None
    status: Status
    created_at: datetime
    events: tuple[ReportEventView, ...]
    group: Together | None = None

    @property
    def is_open(self) -> bool:
        """Whether it can still be added to or withdrawn."""
        return self.status in OPEN

    @property
    def can_reopen(self) -> bool:
        """Whether its reporter can open it again."""
        return self.status in REOPENABLE

    @property
    def last_answer(self) -> ReportEventView | None:
        """The regional organisation's latest reply."""
        replies = [event for event in self.events if event.kind == "reply"]
        return replies[-1] if replies else None


class Reports(Repository):
    """What a reporter does with reports, within one transaction."""

    @cached_property
    def _rows(self) -> ReportRows:
        return ReportRows(self._session, self._clock)

    def file(
        self,
        draft: Draft,
        *,
        person_id: str | None,
        account_id: str | None,
        practice_id: str | None,
        is_example: bool = False,
    ) -> str:
        """File a report and give its reference, such as KP-2026-0001 (year of filing, number).

        A made-up one (`is_example`) has no person.
        """
        now = self._clock()
        take_turn(self._session, "report number")
        highest = self._session.scalar(
            select(func.max(Report.number)).where(Report.year == now.year)
        )
        number = (highest or 0) + 1
        reference = f"KP-{now.year}-{number:04d}"
        report = Report(
            id=self._new_id(),
            year=now.year,
            number=number,
            serial=serial_of(now.year, number),
            reference=reference,
            person_id=person_id,
            account_id=account_id,
            practice_id=practice_id,
            category=draft.category,
            region=draft.region,
            region_other=draft.region_other,
            description=draft.description,
            tried=draft.tried,
            severity=draft.severity,
            answer_wanted=draft.answer_wanted,
            topic=draft.topic,
            status=Status.NEW.value,
            is_example=is_example,
            created_at=now,
            updated_at=now,
        )
        self._session.add(report)
        self._session.flush()
        self._rows.event(report, REPORTER, "created", status_to=Status.NEW)
        return report.reference

    def own(self, person_id: str, limit: int = 100) -> list[ReportView]:
        """The person's reports, newest first."""
        rows = self._session.scalars(_OWN, {"person": person_id, "most": limit}).all()
        return self._views(rows)

    def own_by_reference(self, person_id: str, reference: str) -> ReportView | None:
        """The report with this reference, if it is the person's own."""
        row = self._find(person_id, reference)
        return self._views([row])[0] if row else None

    def add_text(self, person_id: str, reference: str, text: str) -> None:
        """Add screened text to one's own open report; one that waited for it goes on.

        Raises:
            LookupError: not found, not one's own, or closed.
        """
        report = self._find(person_id, reference, lock=True)
        if report is None or Status(report.status) not in OPEN:
            raise LookupError(reference)
        self._rows.event(report, REPORTER, "addition", text=text)
        if report.status == Status.WAITING:
            self._rows.move(report, Status.IN_PROGRESS, actor=REPORTER)

    def reopen(self, person_id: str, reference: str, text: str) -> None:
        """Open one's own closed report again; `text` (screened) says why.

        Raises:
            LookupError: not found or not one's own.
            MoveNotAllowedError: it is not closed, or was withdrawn.
        """
        self._rows.move(self._own(person_id, reference), Status.REOPENED, actor=REPORTER, text=text)

    def withdraw(self, person_id: str, reference: str) -> None:
        """Withdraw one's own report.

        Raises:
            LookupError: not found or not one's own.
            MoveNotAllowedError: it is closed.
        """
        self._rows.move(self._own(person_id, reference), Status.WITHDRAWN, actor=REPORTER)

    def add_feedback(
        self, person_id: str | None, topic: str | None, text: str, knowledge_revision: str
    ) -> None:
        """Keep that someone finds an answer wrong; `text` is screened. An example has no person."""
        self._session.add(
            Feedback(
                person_id=person_id,
                topic=topic,
                text=text,
                knowledge_revision=knowledge_revision,
                created_at=self._clock(),
            )
        )

    def count(self) -> int:
        """How many reports there are."""
        return self._session.scalar(select(func.count()).select_from(Report)) or 0

    def _own(self, person_id: str, reference: str) -> Report:
        report = self._find(person_id, reference, lock=True)
        if report is None:
            raise LookupError(reference)
        return report

    def _find(self, person_id: str, reference: str, *, lock: bool = False) -> Report | None:
        """A report of this person; `lock` it to change it, as an officer may do so meanwhile."""
        query = select(Report).where(Report.person_id == person_id, Report.reference == reference)
        if lock:
            query = query.with_for_update(of=Report).execution_options(populate_existing=True)
        return self._session.scalar(query)

    def _views(self, rows: Sequence[Report]) -> list[ReportView]:
        events: defaultdict[str, list[ReportEventView]] = defaultdict(list)
        if rows:
            found = directly(self._session).execute(_EVENTS, {"reports": [row.id for row in rows]})
            for report_id, *event in found:
                events[report_id].append(ReportEventView(*event))
        return [self._view(row, events[row.id]) for row in rows]

    def _view(self, row: Report, events: Sequence[ReportEventView]) -> ReportView:
        group = self._session.get(ReportGroup, row.group_id) if row.group_id else None
        return ReportView(
            row.id,
            row.reference,
            row.category,
            row.region or row.region_other,
            row.severity,
            row.description,
            row.tried,
            Status(row.status),
            row.created_at,
            tuple(events),
            Together(group.number, group.title) if group else None,
        )
