"""Changes of a report that reporters and officers share: each is an event, and moves its deadline.

Also keeps what full-text search looks in up to date.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bottlenecks.lists import lists
from bottlenecks.models import Practice
from bottlenecks.models_reports import Report, ReportEvent
from bottlenecks.workflow import ITS_TURN, OPEN, Status, require_move

REPORTER = "melder"
REFERENCE = re.compile(r"KP-([0-9]{4})-([0-9]{4,6})")
# events that a reporter hears of, from which the deadline is counted
HEARD = frozenset({"created", "status", "reply"})
# events whose text is searched in
SEARCHED = frozenset({"addition", "reply", "note", "status"})


def serial_of(year: int, number: int) -> int:
    """Year and number in one integer that sorts as they do."""
    return year * 1_000_000 + number


def searchable(text: str) -> str:
    """A text as it is searched in and for: without accents, on every database."""
    parts = unicodedata.normalize("NFKD", text)
    return "".join(part for part in parts if not unicodedata.combining(part))


def due_at(severity: str, status: Status, since: datetime) -> datetime | None:
    """The deadline of a report of which was last heard at `since`; None when it is closed."""
    if status not in OPEN:
        return None
    entry = lists().severities[severity]
    hours = entry.hours if status in ITS_TURN else lists().follow_up_hours
    return since + timedelta(hours=hours)


class ReportRows:
    """Changes rows of reports within one transaction."""

    def __init__(self, session: Session, clock: Callable[[], datetime]) -> None:
        """See `Work`."""
        self._session = session
        self._clock = clock

    def move(
        self, report: Report, to: Status, *, actor: str, text: str | None = None, **more: Any
    ) -> ReportEvent:
        """Bring a report to another state.

        Args:
            report: the row.
            to: the state wanted.
            actor: "melder", or the officer's id.
            text: what is said about it.
            more: further columns of the event.

        Raises:
            MoveNotAllowedError: the workflow does not allow it.
        """
        current = Status(report.status)
        require_move(current, to)
        report.status = to.value
        return self.event(
            report, actor, "status", status_from=current, status_to=to, text=text, **more
        )

    def event(
        self,
        report: Report,
        actor: str,
        kind: str,
        *,
        status_from: Status | None = None,
        status_to: Status | None = None,
        text: str | None = None,
        **more: Any,
    ) -> ReportEvent:
        """Keep that something happened to a report."""
        report.updated_at = self._clock()
        report.version = (report.version or 0) + 1
        if kind in HEARD:
            report.due_at = due_at(report.severity, Status(report.status), self._clock())
        if kind in HEARD or kind == "addition":
            report.has_reaction = actor == REPORTER and kind != "created"
        if actor != REPORTER and (kind == "reply" or (kind == "status" and text)):
            report.first_answer_at = report.first_answer_at or self._clock()
        if status_to is not None:
            report.solved_at = self._clock() if status_to is Status.SOLVED else None
        event = ReportEvent(
            report_id=report.id,
            at=self._clock(),
            actor=actor,
            kind=kind,
            status_from=status_from.value if status_from else None,
            status_to=status_to.value if status_to else None,
            text=text,
            **more,
        )
        self._session.add(event)
        self._session.flush()
        self.index(report)
        return event

    def index(self, report: Report) -> None:
        """Bring what full-text search looks in up to date."""
        practice = self._session.get(Practice, report.practice_id) if report.practice_id else None
        category = lists().categories.get(report.category)
        said = self._session.scalars(
            select(ReportEvent.text).where(
                ReportEvent.report_id == report.id,
                ReportEvent.kind.in_(SEARCHED),
                ReportEvent.text.is_not(None),
            )
        )
        parts = [
            report.reference,
            str(report.number),
            category.name if category else report.category,
            report.description,
            report.tried,
            practice.name if practice else None,
            *said,
        ]
        report.search_text = searchable(" ".join(part for part in parts if part))
