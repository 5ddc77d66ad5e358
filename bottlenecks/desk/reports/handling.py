"""Handling a report in one go: reply, move, tell the reporter; all commit together."""

from dataclasses import dataclass

from bottlenecks.desk.context import DeskContext
from bottlenecks.notices import report_notice
from bottlenecks.privacy import OTHER_THAN_CONTACTS, Screened, screen
from bottlenecks.roles import Officer
from bottlenecks.store import Work
from bottlenecks.store.report_desk import CaseView
from bottlenecks.workflow import Status


@dataclass(frozen=True)
class Step:
    """What an officer does with a report: a reply, another state, or both.

    `version` is the report's when the officer looked; None: whatever it is now.
    """

    reply: str | None = None
    to: Status | None = None
    organisation: str | None = None
    version: int | None = None


def handle(work: Work, desk: DeskContext, officer: Officer, case: CaseView, step: Step) -> bool:
    """Do it, and tell the reporter; True when a message goes to them.

    Moves are only told to reporters who wanted an answer; replies always.

    Raises:
        LookupError, ChangedMeanwhileError, MoveNotAllowedError, ValueError: see `ReportDesk`.
    """
    reference, scope = case.reference, officer.scope
    moved = step.to is not None and step.to is not case.status
    outbox_id = None
    notice = report_notice(
        reference,
        reply=step.reply,
        status=step.to or case.status,
        moved=moved and case.answer_wanted,
        organisation=step.organisation,
    )
    if notice is not None and case.account_id is not None:
        outbox_id = work.outbox.add(case.account_id, desk.as_payload(notice))
    version = step.version
    if step.reply:
        work.cases.reply(
            reference,
            scope,
            actor=officer.id,
            text=step.reply,
            version=version,
            outbox_id=outbox_id,
        )
        version = None
        outbox_id = None
    if moved and step.to is not None:
        work.cases.move(
            reference,
            scope,
            step.to,
            actor=officer.id,
            version=version,
            organisation=step.organisation,
            outbox_id=outbox_id,
        )
    return notice is not None and case.account_id is not None


def screened(text: str) -> Screened:
    """What an officer typed, without what is surely personal data; they cannot put it back.

    How organisations are reached may stay.
    """
    return screen(text, kinds=OTHER_THAN_CONTACTS, bold=False)


def take_if_nobodys(work: Work, officer: Officer, case: CaseView) -> bool:
    """Who handles a report that nobody owns, owns it; True when that is so from now on."""
    if case.owner_id is not None:
        return False
    work.cases.assign(case.reference, officer.scope, officer.id, actor=officer.id)
    return True
