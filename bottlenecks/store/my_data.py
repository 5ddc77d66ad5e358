"""What is kept about one person: counted for them, and erased when they ask."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, delete, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from bottlenecks.models import (
    AccessCode,
    Account,
    Conversation,
    ConversationEvent,
    FlowParticipant,
    FlowRun,
    OutboxItem,
    Person,
    Practice,
    WebMessage,
)
from bottlenecks.models_desk import DeskUser, Invitation
from bottlenecks.models_reports import Feedback, Report, ReportEvent, UnclearQuestion
from bottlenecks.store.accounts import Profile
from bottlenecks.store.flows import ACTIVE, Flows
from bottlenecks.store.report_rows import ReportRows
from bottlenecks.store.repository import Repository

# a reply or its payload that was taken back; retention and the dead-letter list call it so too
ERASED = "erased"


@dataclass(frozen=True)
class OwnData:
    """What is kept that can be told to be of one person.

    `messages` is what they said in conversations, the first of it at `since` (None: nothing yet);
    `channels` has one entry per account; `is_officer`: an officer gets signals as this person.
    """

    profile: Profile
    practice: str | None
    references: tuple[str, ...]
    flows: int
    shared_flows: int
    messages: int
    since: datetime | None
    feedback: int
    channels: tuple[str, ...]
    is_invited: bool
    is_officer: bool


@dataclass(frozen=True)
class Erased:
    """What was erased: how many reports lost their reporter, and which officers their chat."""

    reports: int
    officers: tuple[str, ...]


class MyData(Repository):
    """Looks up and erases what is kept about a person, within one transaction."""

    def __init__(
        self,
        session: Session,
        clock: Callable[[], datetime],
        new_id: Callable[[], str],
        flows: Flows,
    ) -> None:
        """See `Work`; `flows` ends what nobody walks any more."""
        super().__init__(session, clock, new_id)
        self._flows = flows

    def of(self, person_id: str) -> OwnData:
        """What is kept about this person."""
        person = self._session.get_one(Person, person_id)
        practice = self._session.get(Practice, person.practice_id) if person.practice_id else None
        accounts = self._session.scalars(
            select(Account)
            .where(Account.person_id == person_id)
            .order_by(Account.created_at, Account.id)
        ).all()
        said = self._session.execute(
            select(func.count(), func.min(ConversationEvent.created_at))
            .join(Conversation, Conversation.id == ConversationEvent.conversation_id)
            .where(
                Conversation.account_id.in_([one.id for one in accounts]),
                ConversationEvent.data["event"].as_string() == "user",
            )
        ).one()
        flows = self._flows.unfinished(person_id)
        return OwnData(
            profile=Profile(person.region, person.role),
            practice=practice.name if practice else None,
            references=tuple(
                self._session.scalars(
                    select(Report.reference)
                    .where(Report.person_id == person_id)
                    .order_by(Report.serial)
                )
            ),
            flows=len(flows),
            shared_flows=sum(flow.participants > 1 for flow in flows),
            messages=said[0],
            since=said[1],
            feedback=self._count(Feedback.person_id, person_id),
            channels=tuple(one.channel for one in accounts),
            is_invited=any(one.invitation_id for one in accounts),
            is_officer=self._count(DeskUser.person_id, person_id) > 0,
        )

    def erase(self, person_id: str) -> Erased:
        """Erase this person; what stays (reports, shared flows) has no link to them.

        Their accounts stay for a while as if nothing was ever said with them, so that the last
        reply can still be delivered: `erase_unused` erases those. Linked ones are no longer linked.
        """
        self._session.flush()
        person = self._session.get_one(Person, person_id)
        accounts = self._ids(Account.id, Account.person_id == person_id)
        practices = {person.practice_id} if person.practice_id else set()
        reports, more = self._let_reports_go(person_id, accounts)
        self._erase_codes_and_flows(person_id)
        self._erase_said(accounts)
        self._session.execute(
            update(Feedback).where(Feedback.person_id == person_id).values(person_id=None)
        )
        officers = self._ids(DeskUser.id, DeskUser.person_id == person_id)
        self._session.execute(
            update(DeskUser).where(DeskUser.person_id == person_id).values(person_id=None)
        )
        for account_id in accounts:
            self._begin_anew(account_id)
        self._erase_person(person)
        self._erase_practices(practices | more)
        return Erased(reports, tuple(officers))

    def unused(self, before: datetime) -> list[ColumnElement[bool]]:
        """Accounts with which nothing is kept, and nothing was done since `before`."""
        person = (
            select(Person.id)
            .where(
                Person.id == Account.person_id,
                Person.region.is_(None),
                Person.role.is_(None),
                Person.practice_id.is_(None),
                *_nobody_refers(before),
            )
            .exists()
        )
        return [
            Account.created_at < before,
            person,
            ~select(Conversation.id).where(Conversation.account_id == Account.id).exists(),
            ~select(Report.id).where(Report.account_id == Account.id).exists(),
            ~select(OutboxItem.id)
            .where(
                OutboxItem.account_id == Account.id,
                or_(
                    # what was set aside can be tried again for a while
                    OutboxItem.status.in_(("pending", "dead")),
                    OutboxItem.created_at >= before,
                ),
            )
            .exists(),
            ~select(WebMessage.id)
            .where(WebMessage.account_id == Account.id, WebMessage.created_at >= before)
            .exists(),
        ]

    def erase_unused(self, before: datetime, limit: int) -> int:
        """Erase those accounts and their people; gives how many accounts that were."""
        # an account that someone is writing to now is left for the next time
        found = self._session.execute(
            select(Account.id, Account.person_id)
            .where(*self.unused(before))
            .order_by(Account.id)
            .limit(limit)
            .with_for_update(skip_locked=True, of=Account)
        ).all()
        accounts = [account for account, _ in found]
        self._forget_delivery(accounts)
        self._delete(WebMessage.account_id, accounts)
        self._delete(OutboxItem.account_id, accounts)
        erased = self._delete(Account.id, accounts)
        self._erase_nobodies(before, limit)
        return erased

    def _let_reports_go(self, person_id: str, accounts: Sequence[str]) -> tuple[int, set[str]]:
        """Cut the reports loose; gives how many, and the practices that they were of."""
        reports = self._session.scalars(
            select(Report)
            .where(or_(Report.person_id == person_id, Report.account_id.in_(accounts)))
            .with_for_update(of=Report)
        ).all()
        practices = {one.practice_id for one in reports if one.practice_id}
        rows = ReportRows(self._session, self._clock)
        for report in reports:
            report.person_id = report.account_id = report.practice_id = None
            report.answer_wanted = False  # nobody is there to get it
            rows.index(report)  # the practice is not found by its name any more
        self._session.flush()
        self._forget_delivery(accounts)
        return len(reports), practices

    def _erase_codes_and_flows(self, person_id: str) -> None:
        self._delete(AccessCode.person_id, [person_id])
        runs = self._session.scalars(
            select(FlowParticipant.run_id)
            .join(FlowRun, FlowRun.id == FlowParticipant.run_id)
            .where(
                FlowParticipant.person_id == person_id,
                FlowParticipant.left_at.is_(None),
                FlowRun.status == ACTIVE,
            )
        ).all()
        for run_id in runs:
            self._flows.leave(run_id, person_id)
        self._session.flush()

    def _erase_said(self, accounts: Sequence[str]) -> None:
        """Conversations, what pages show of them, and replies that wait."""
        conversations = self._session.scalars(
            select(Conversation).where(Conversation.account_id.in_(accounts))
        ).all()
        # of a question to learn from nothing says who asked, but a conversation points to its last
        questions = [one.slots["unclear"] for one in conversations if one.slots.get("unclear")]
        self._delete(UnclearQuestion.id, questions)
        ids = [one.id for one in conversations]
        self._session.execute(
            update(FlowParticipant)
            .where(FlowParticipant.conversation_id.in_(ids))
            .values(conversation_id=None)
        )
        self._delete(ConversationEvent.conversation_id, ids)
        self._delete(Conversation.id, ids)
        self._delete(WebMessage.account_id, accounts)
        # the rows stay as long as the account: one may be on its way, and its number must not be
        # given to another reply
        self._session.execute(
            update(OutboxItem)
            .where(OutboxItem.account_id.in_(accounts), OutboxItem.status != "sent")
            .values(status=ERASED, payload=None)
        )

    def _begin_anew(self, account_id: str) -> None:
        """Make an account one of someone of whom nothing is known."""
        now = self._clock()
        nobody = Person(id=self._new_id(), created_at=now)
        self._session.add(nobody)
        self._session.flush()
        account = self._session.get_one(Account, account_id)
        account.person_id = nobody.id
        account.created_at = now
        self._session.flush()

    def _erase_person(self, person: Person) -> None:
        """Erase the row; while colleagues walk a shared flow it stays, empty, for its number."""
        if self._count(FlowParticipant.person_id, person.id):
            person.region = person.role = person.practice_id = None
            person.practice_asked = False
            person.created_at = self._clock()
        else:
            self._session.delete(person)
        self._session.flush()

    def _erase_practices(self, practices: set[str]) -> None:
        """Erase the names of practices that nothing else is of."""
        for table in (Person, Report, Invitation):
            used = select(table.practice_id).where(table.practice_id.in_(practices))
            practices = practices - set(self._session.scalars(used))
        self._delete(Practice.id, list(practices))

    def _erase_nobodies(self, before: datetime, limit: int) -> None:
        """People without an account, of whom nothing is kept."""
        conditions = [
            ~select(Account.id).where(Account.person_id == Person.id).exists(),
            *_nobody_refers(before),
        ]
        people = list(self._session.scalars(select(Person.id).where(*conditions).limit(limit)))
        self._delete(AccessCode.person_id, people)
        self._delete(Person.id, people)

    def _forget_delivery(self, accounts: Sequence[str]) -> None:
        """That a report's reply went to one of these accounts."""
        replies = select(OutboxItem.id).where(OutboxItem.account_id.in_(accounts))
        self._session.execute(
            update(ReportEvent)
            .where(ReportEvent.outbox_id.in_(replies))
            .values(outbox_id=None)
            .execution_options(synchronize_session=False)
        )

    def _count(self, column: InstrumentedAttribute[Any], value: str) -> int:
        return self._session.scalar(select(func.count()).where(column == value)) or 0

    def _ids(self, column: InstrumentedAttribute[str], condition: ColumnElement[bool]) -> list[str]:
        return list(self._session.scalars(select(column).where(condition).order_by(column)))

    def _delete(self, column: InstrumentedAttribute[Any], values: Sequence[Any]) -> int:
        deleted = self._session.execute(delete(column.class_).where(column.in_(values)))
        return cast(CursorResult[Any], deleted).rowcount


def _nobody_refers(before: datetime) -> list[ColumnElement[bool]]:
    """Conditions on a person: nothing is theirs, but for codes that have expired."""
    return [
        *(
            ~select(table.person_id).where(table.person_id == Person.id).exists()
            for table in (Report, Feedback, DeskUser, FlowParticipant)
        ),
        ~select(AccessCode.code_hash)
        .where(AccessCode.person_id == Person.id, AccessCode.expires_at >= before)
        .exists(),
    ]
