"""Counts and erases what is kept no longer; `bottlenecks.retention` has the periods."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    delete,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from bottlenecks.models import (
    AccessCode,
    Account,
    Base,
    Conversation,
    ConversationEvent,
    FlowParticipant,
    FlowRun,
    InboxItem,
    OutboxItem,
    WebMessage,
)
from bottlenecks.models_desk import AuditEntry
from bottlenecks.models_insight import GroupEvent, GroupRefusal, ReportGroup
from bottlenecks.models_reports import Feedback, Report, ReportEvent, UnclearQuestion
from bottlenecks.store.flows import ACTIVE, Flows
from bottlenecks.store.mailbox import Mailbox
from bottlenecks.store.my_data import MyData
from bottlenecks.store.questions import Questions
from bottlenecks.workflow import OPEN

# rows of one transaction: few enough that nobody waits for it
BATCH = 500


@dataclass(frozen=True)
class _Kind:
    """Which rows are too old, and how they are erased."""

    model: type[Base]
    too_old: Callable[[datetime], list[ColumnElement[bool]]]
    erase: Callable[[datetime, int], int]


class Retention:
    """Counts and erases what is too old, within one transaction."""

    def __init__(
        self,
        session: Session,
        clock: Callable[[], datetime],
        flows: Flows,
        mailbox: Mailbox,
        questions: Questions,
        my_data: MyData,
    ) -> None:
        """See `Work`; the others erase what is theirs."""
        self._session = session
        self._clock = clock
        self._flows = flows
        self._mailbox = mailbox
        self._questions = questions
        self._my_data = my_data

    def count(self, kind: str, before: datetime) -> int:
        """How much of a kind is from before a moment, so too old."""
        one = self._kinds()[kind]
        found = select(func.count()).select_from(one.model).where(*one.too_old(before))
        return self._session.scalar(found) or 0

    def erase(self, kind: str, before: datetime, limit: int = BATCH) -> int:
        """Erase what is from before a moment, about `limit` at once; gives how much it was.

        Who wants all of it gone asks until it is 0.
        """
        return self._kinds()[kind].erase(before, limit)

    def _kinds(self) -> Mapping[str, _Kind]:
        return {
            "browser messages": _Kind(
                WebMessage,
                lambda before: [WebMessage.created_at < before],
                lambda before, limit: self._mailbox.erase_older_than(before),
            ),
            "unfinished flows": _Kind(
                FlowRun,
                lambda before: [FlowRun.status == ACTIVE, FlowRun.updated_at < before],
                lambda before, limit: self._flows.erase_older_than(before),
            ),
            "finished flows": _Kind(FlowRun, _finished_flows, self._erase_finished),
            "codes": _Kind(
                AccessCode, lambda before: [AccessCode.expires_at < before], self._erase_codes
            ),
            "conversations": _Kind(
                Conversation,
                lambda before: [Conversation.last_at < before],
                self._erase_conversations,
            ),
            "unanswered questions": _Kind(
                UnclearQuestion,
                lambda before: [UnclearQuestion.created_at < before],
                # it knows its own period, which is the same one
                lambda before, limit: self._questions.purge(),
            ),
            "remarks on answers": _Kind(
                Feedback, lambda before: [Feedback.created_at < before], self._erase_feedback
            ),
            "closed reports": _Kind(Report, self._old_reports, self._erase_reports),
            "audit entries": _Kind(
                AuditEntry, lambda before: [AuditEntry.at < before], self._erase_audit
            ),
            "failed updates": _Kind(InboxItem, _failed_updates, self._empty_updates),
            "undelivered replies": _Kind(OutboxItem, _dead_replies, self._empty_replies),
            "delivered replies": _Kind(OutboxItem, _sent_replies, self._erase_sent),
            "handled updates": _Kind(InboxItem, _done_updates, self._erase_done),
            "unused accounts": _Kind(Account, self._my_data.unused, self._my_data.erase_unused),
        }

    def _erase_finished(self, before: datetime, limit: int) -> int:
        # whoever took part, and its codes, went when it ended
        return self._delete(FlowRun.id, self._ids(FlowRun.id, _finished_flows(before), limit))

    def _erase_codes(self, before: datetime, limit: int) -> int:
        old = self._ids(AccessCode.code_hash, [AccessCode.expires_at < before], limit)
        return self._delete(AccessCode.code_hash, old)

    def _erase_feedback(self, before: datetime, limit: int) -> int:
        old = self._ids(Feedback.id, [Feedback.created_at < before], limit)
        return self._delete(Feedback.id, old)

    def _erase_conversations(self, before: datetime, limit: int) -> int:
        old = self._ids(Conversation.id, [Conversation.last_at < before], limit)
        # a flow outlives its conversation: it is put aside, and can be taken up in another one
        self._session.execute(
            update(FlowParticipant)
            .where(FlowParticipant.conversation_id.in_(old))
            .values(conversation_id=None)
        )
        self._delete(ConversationEvent.conversation_id, old)
        return self._delete(Conversation.id, old)

    def _old_reports(self, before: datetime) -> list[ColumnElement[bool]]:
        # the last one of this year stays: its number must not be given out again
        year = self._clock().year
        last = select(func.max(Report.number)).where(Report.year == year).scalar_subquery()
        return [
            Report.status.not_in([one.value for one in OPEN]),
            Report.updated_at < before,
            or_(Report.year != year, Report.number < last),
        ]

    def _erase_reports(self, before: datetime, limit: int) -> int:
        old = self._ids(Report.id, self._old_reports(before), limit)
        for column in (ReportEvent.report_id, GroupEvent.report_id, GroupRefusal.report_id):
            self._delete(column, old)
        # full-text search forgets it by a trigger (SQLite), or has it in the row itself
        erased = self._delete(Report.id, old)
        self._erase_empty_groups(before)
        return erased

    def _erase_empty_groups(self, before: datetime) -> None:
        """Groups of which no report is left; the last one stays, for its number."""
        has_report = select(Report.id).where(Report.group_id == ReportGroup.id).exists()
        last = select(func.max(ReportGroup.number)).scalar_subquery()
        conditions = [~has_report, ReportGroup.updated_at < before, ReportGroup.number < last]
        empty = self._ids(ReportGroup.id, conditions, BATCH)
        for column in (GroupEvent.group_id, GroupRefusal.group_id, ReportGroup.id):
            self._delete(column, empty)

    def _erase_audit(self, before: datetime, limit: int) -> int:
        return self._delete(
            AuditEntry.id, self._ids(AuditEntry.id, [AuditEntry.at < before], limit)
        )

    def _empty_updates(self, before: datetime, limit: int) -> int:
        old = self._ids(InboxItem.id, _failed_updates(before), limit)
        emptied = self._session.execute(
            update(InboxItem)
            .where(InboxItem.id.in_(old))
            .values(status="erased", payload=None, sender="")
        )
        return cast(CursorResult[Any], emptied).rowcount

    def _empty_replies(self, before: datetime, limit: int) -> int:
        old = self._ids(OutboxItem.id, _dead_replies(before), limit)
        emptied = self._session.execute(
            update(OutboxItem).where(OutboxItem.id.in_(old)).values(status="erased", payload=None)
        )
        return cast(CursorResult[Any], emptied).rowcount

    def _erase_sent(self, before: datetime, limit: int) -> int:
        old = self._ids(OutboxItem.id, _sent_replies(before), limit)
        return self._delete(OutboxItem.id, old)

    def _erase_done(self, before: datetime, limit: int) -> int:
        old = self._ids(InboxItem.id, _done_updates(before), limit)
        # replies that stay do so without it
        self._session.execute(
            update(OutboxItem).where(OutboxItem.inbox_id.in_(old)).values(inbox_id=None)
        )
        return self._delete(InboxItem.id, old)

    def _ids(
        self,
        column: InstrumentedAttribute[Any],
        conditions: Sequence[ColumnElement[bool]],
        limit: int,
    ) -> list[Any]:
        """Of rows that nobody is changing now; they are held until the transaction ends."""
        query = select(column).where(*conditions).order_by(column).limit(limit)
        return list(self._session.scalars(query.with_for_update(skip_locked=True)))

    def _delete(self, column: InstrumentedAttribute[Any], values: Sequence[Any]) -> int:
        deleted = self._session.execute(delete(column.class_).where(column.in_(values)))
        return cast(CursorResult[Any], deleted).rowcount


def _finished_flows(before: datetime) -> list[ColumnElement[bool]]:
    return [FlowRun.status != ACTIVE, FlowRun.updated_at < before]


def _failed_updates(before: datetime) -> list[ColumnElement[bool]]:
    return [InboxItem.status == "failed", InboxItem.set_aside_at < before]


def _dead_replies(before: datetime) -> list[ColumnElement[bool]]:
    return [OutboxItem.status == "dead", OutboxItem.set_aside_at < before]


def _sent_replies(before: datetime) -> list[ColumnElement[bool]]:
    """What was delivered, unless the desk or a page still shows that it was."""
    of_report = select(ReportEvent.id).where(ReportEvent.outbox_id == OutboxItem.id).exists()
    of_page = select(WebMessage.id).where(WebMessage.outbox_id == OutboxItem.id).exists()
    return [
        OutboxItem.status == "sent",
        OutboxItem.sent_at < before,
        OutboxItem.broadcast_id.is_(None),
        ~of_report,
        ~of_page,
    ]


def _done_updates(before: datetime) -> list[ColumnElement[bool]]:
    """What was handled, but not the last one of a channel: there it goes on from."""
    last = select(func.max(InboxItem.id)).group_by(InboxItem.channel)
    return [InboxItem.status == "done", InboxItem.done_at < before, InboxItem.id.not_in(last)]
