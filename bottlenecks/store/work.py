"""One transaction, with what can be done in it, by table group."""

from collections.abc import Callable
from datetime import date, datetime
from functools import cached_property

from sqlalchemy.orm import Session

from bottlenecks.crypto import Cipher
from bottlenecks.dates import day_of
from bottlenecks.store.accounts import Accounts
from bottlenecks.store.audit import Audit
from bottlenecks.store.codes import Codes
from bottlenecks.store.content import Content
from bottlenecks.store.content_sources import ContentSources
from bottlenecks.store.conversations import Conversations
from bottlenecks.store.dead_letters import DeadLetters
from bottlenecks.store.figures import Figures
from bottlenecks.store.flows import Flows
from bottlenecks.store.groups import Groups
from bottlenecks.store.health import Health
from bottlenecks.store.inbox import Inbox
from bottlenecks.store.invitations import Invitations
from bottlenecks.store.mailbox import Mailbox
from bottlenecks.store.meeting_reports import MeetingReports
from bottlenecks.store.my_data import MyData
from bottlenecks.store.officers import Officers
from bottlenecks.store.outbox import Outbox
from bottlenecks.store.questions import Questions
from bottlenecks.store.regional import Regional
from bottlenecks.store.report_api import ApiReports
from bottlenecks.store.report_desk import ReportDesk
from bottlenecks.store.report_search import ReportSearch
from bottlenecks.store.reports import Reports
from bottlenecks.store.retention import Retention
from bottlenecks.store.signals import Signals
from bottlenecks.store.tokens import ApiTokens
from bottlenecks.store.topics import Topics


class Work:
    """All stores on one database session; they commit or roll back together."""

    def __init__(
        self,
        session: Session,
        cipher: Cipher,
        clock: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        """`clock` gives the moment in UTC, `new_id` a random id; both come from outside."""
        self._session = session
        self._cipher = cipher
        self._clock = clock
        self._new_id = new_id

    @cached_property
    def accounts(self) -> Accounts:
        """People, their accounts and practices."""
        return Accounts(self._session, self._cipher, self._clock, self._new_id)

    @cached_property
    def inbox(self) -> Inbox:
        """Updates that came in."""
        return Inbox(self._session, self._cipher, self._clock)

    @cached_property
    def outbox(self) -> Outbox:
        """Replies to deliver."""
        return Outbox(self._session, self._cipher, self._clock)

    @cached_property
    def mailbox(self) -> Mailbox:
        """What was said in the browser."""
        return Mailbox(self._session, self._cipher, self._clock)

    @cached_property
    def invitations(self) -> Invitations:
        """Private links into the chat in the browser."""
        return Invitations(self._session, self._cipher, self._clock, self._new_id)

    @cached_property
    def conversations(self) -> Conversations:
        """Conversations and their events."""
        return Conversations(self._session, self._clock, self._new_id)

    @cached_property
    def flows(self) -> Flows:
        """Flows that people are in, alone or together."""
        return Flows(self._session, self._clock, self._new_id)

    @cached_property
    def codes(self) -> Codes:
        """Codes that are typed elsewhere."""
        return Codes(self._session, self._cipher, self._clock)

    @cached_property
    def health(self) -> Health:
        """Whether the database works, and its queues."""
        return Health(self._session, self._clock)

    @cached_property
    def dead_letters(self) -> DeadLetters:
        """What was set aside because it failed too often."""
        return DeadLetters(self._session, self._clock)

    def now(self) -> datetime:
        """The current moment in UTC."""
        return self._clock()

    def today(self) -> date:
        """The current day, in Dutch time."""
        return day_of(self._clock())

    def seal(self, text: str) -> str:
        """A text, encrypted, for a place where it may not be readable."""
        return self._cipher.encrypt(text).decode()

    def unseal(self, sealed: str) -> str:
        """What `seal` gave, read."""
        return self._cipher.decrypt(sealed.encode())

    @cached_property
    def reports(self) -> Reports:
        """Reports of bottlenecks, and feedback on answers."""
        return Reports(self._session, self._clock, self._new_id)

    @cached_property
    def cases(self) -> ReportDesk:
        """Reports as officers handle them."""
        return ReportDesk(self._session, self._clock, self._new_id)

    @cached_property
    def regional(self) -> Regional:
        """What officers set for a region."""
        return Regional(self._session, self._clock, self._new_id)

    @cached_property
    def search(self) -> ReportSearch:
        """Lists of reports."""
        return ReportSearch(self._session, self._clock, self._new_id)

    @cached_property
    def groups(self) -> Groups:
        """Reports brought together."""
        return Groups(self._session, self._clock, self._new_id)

    @cached_property
    def figures(self) -> Figures:
        """Counts of reports."""
        return Figures(self._session, self._clock, self._new_id)

    @cached_property
    def meeting_reports(self) -> MeetingReports:
        """Reports for a meeting, as they are being written."""
        return MeetingReports(self._session, self._clock, self._new_id)

    @cached_property
    def signals(self) -> Signals:
        """Rules that warn officers, and what came of them."""
        return Signals(self._session, self._clock, self._new_id)

    @cached_property
    def topics(self) -> Topics:
        """What people ask about."""
        return Topics(self._session, self._clock, self._new_id)

    @cached_property
    def content(self) -> Content:
        """Texts that officers changed."""
        return Content(self._session, self._clock, self._new_id)

    @cached_property
    def content_sources(self) -> ContentSources:
        """Regions' own plans."""
        return ContentSources(self._session, self._clock, self._new_id)

    @cached_property
    def api_reports(self) -> ApiReports:
        """Reports as other programs read them."""
        return ApiReports(self._session, self._clock, self._new_id)

    @cached_property
    def officers(self) -> Officers:
        """Who works at the desk."""
        return Officers(self._session, self._cipher, self._clock, self._new_id)

    @cached_property
    def tokens(self) -> ApiTokens:
        """Keys with which other programs read reports."""
        return ApiTokens(self._session, self._cipher, self._clock, self._new_id)

    @cached_property
    def audit(self) -> Audit:
        """Who did what at the desk."""
        return Audit(self._session, self._clock, self._new_id)

    @cached_property
    def questions(self) -> Questions:
        """Questions to learn from."""
        return Questions(self._session, self._clock)

    @cached_property
    def retention(self) -> Retention:
        """What is kept no longer."""
        return Retention(
            self._session, self._clock, self.flows, self.mailbox, self.questions, self.my_data
        )

    @cached_property
    def my_data(self) -> MyData:
        """What is kept about one person."""
        return MyData(self._session, self._clock, self._new_id, self.flows)
