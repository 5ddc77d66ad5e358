"""Handles what came in: one update, one transaction, replies in the outbox."""

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.application import Checkpoint, no_checkpoint
from bottlenecks.store import Database, Work
from bottlenecks.store.accounts import AccountView, PracticeMemory
from bottlenecks.store.conversations import ConversationView
from bottlenecks.store.inbox import Received
from bottlenecks.store.questions import UnclearDraft
from bottlenecks.store.reports import Draft, ReportView
from dialogues.assistant import Assistant
from dialogues.reply import Incoming, Reply
from dialogues.turn import FlowRunState, Memory, Turn

LOGGER = logging.getLogger(__name__)

APOLOGY = Reply(
    text="Er ging bij mij iets mis met je laatste bericht. Stuur het nog een keer. "
    "Blijft het misgaan, neem dan contact op met je regio-organisatie (RHO)."
)


@dataclass(frozen=True)
class Opened:
    """A stored update, read by its channel: who sent it, and what it says.

    `direct` is a reply that needs no assistant; `notice` is said once, at first contact;
    `conversation_id` continues an earlier conversation, `fresh` begins a new one.
    """

    outside_id: str
    address: str
    incoming: Incoming | None
    direct: str | None = None
    notice: str | None = None
    conversation_id: str | None = None
    fresh: bool = False


Opener = Callable[[str], Opened]


class StoreDesk:
    """The reports of one person, within the turn's transaction."""

    def __init__(self, work: Work, account: AccountView, revision: str) -> None:
        """`revision` is the knowledge that answers were given from."""
        self._work = work
        self._account = account
        self._revision = revision

    def practice(self) -> PracticeMemory:
        """See `Desk`."""
        return self._work.accounts.practice_of(self._account.person_id)

    def file(self, draft: Draft, practice: str | None) -> str:
        """See `Desk`."""
        practice_id = self._work.accounts.remember_practice(self._account.person_id, practice)
        return self._work.reports.file(
            draft,
            person_id=self._account.person_id,
            account_id=self._account.id,
            practice_id=practice_id,
        )

    def own(self) -> list[ReportView]:
        """See `Desk`."""
        return self._work.reports.own(self._account.person_id)

    def add_text(self, reference: str, text: str) -> None:
        """See `Desk`."""
        self._work.reports.add_text(self._account.person_id, reference, text)

    def withdraw(self, reference: str) -> None:
        """See `Desk`."""
        self._work.reports.withdraw(self._account.person_id, reference)

    def add_feedback(self, topic: str | None, text: str) -> bool:
        """See `Desk`."""
        self._work.reports.add_feedback(self._account.person_id, topic, text, self._revision)
        return True

    def keep_unclear(self, question: UnclearDraft) -> int | None:
        """See `Desk`."""
        return self._work.questions.keep(question)

    def chose(self, question_id: int, topic: str) -> None:
        """See `Desk`."""
        self._work.questions.chose(question_id, topic)


class Worker:
    """Takes updates from the inbox, oldest first, and answers them."""

    def __init__(
        self,
        database: Database,
        assistant: Assistant,
        openers: Mapping[str, Opener],
        checkpoint: Checkpoint = no_checkpoint,
    ) -> None:
        """`openers` reads stored updates, by channel; `checkpoint` is for tests that kill."""
        self._database = database
        self._assistant = assistant
        self._openers = openers
        self._checkpoint = checkpoint

    def handle_next(self) -> int | None:
        """Handle the oldest waiting update; gives its id, or None when nothing waits.

        All that the update leads to is committed together. When it fails it is tried again
        later; after the last attempt it is set aside and its sender is told.
        """
        received: Received | None = None
        try:
            with self._database.work() as work:
                received = work.inbox.next()
                if received is None:
                    return None
                self._handle(work, received)
                work.inbox.done(received.id)
                self._checkpoint("before-commit")
            self._checkpoint("after-commit")
        except Exception as error:
            if received is None:
                raise
            LOGGER.error("update %s failed: %s", received.id, type(error).__name__)
            self._failed(received, error)
        return received.id

    def _handle(self, work: Work, received: Received) -> None:
        opened = self._openers[received.channel](received.payload)
        if opened.incoming is None and opened.direct is None:
            return
        account = work.accounts.find_or_create(received.channel, opened.outside_id, opened.address)
        replies: list[Reply] = []
        if account.first_contact and opened.notice:
            replies.append(Reply(text=opened.notice))
        if opened.direct is not None:
            replies.append(Reply(text=opened.direct))
        elif opened.incoming is not None:
            conversation = _conversation(work, account, opened)
            turn = self._assistant.respond(
                opened.incoming,
                _memory(conversation),
                StoreDesk(work, account, self._assistant.knowledge.revision),
            )
            _save(work, conversation, turn)
            replies += turn.replies
        for reply in replies:
            work.outbox.add(account.id, reply.model_dump_json(), received.id)

    def _failed(self, received: Received, error: Exception) -> None:
        with self._database.work() as work:
            given_up = work.inbox.failed(received.id, type(error).__name__)
            if not given_up:
                return
            try:
                opened = self._openers[received.channel](received.payload)
            except (ValueError, KeyError):
                return  # cannot even be read: nobody to tell
            if opened.outside_id:
                account = work.accounts.find_or_create(
                    received.channel, opened.outside_id, opened.address
                )
                work.outbox.add(account.id, APOLOGY.model_dump_json(), received.id)


def _conversation(work: Work, account: AccountView, opened: Opened) -> ConversationView:
    if opened.conversation_id is not None:
        found = work.conversations.get(opened.conversation_id, account.id)
        if found is not None:
            return found
    if opened.fresh:
        return work.conversations.start(account.id)
    return work.conversations.latest_of(account.id)


def _memory(conversation: ConversationView) -> Memory:
    flow = conversation.flow
    return Memory(
        conversation.id,
        dict(conversation.slots),
        [dict(event) for event in conversation.recent_events],
        FlowRunState(flow.id, flow.knowledge_revision, flow.state) if flow else None,
    )


def _save(work: Work, conversation: ConversationView, turn: Turn) -> None:
    # what stands in JSON columns must be plain data
    slots = json.loads(json.dumps(turn.memory.slots))
    work.conversations.add_events(conversation.id, turn.new_events, slots)
    flow = turn.memory.flow
    if turn.flow_outcome is not None:
        if conversation.flow is not None:
            work.conversations.end_flow(conversation.flow.id, turn.flow_outcome)
    elif flow is not None:
        work.conversations.save_flow(
            conversation.id,
            flow.state["flow_id"],
            flow.revision,
            json.loads(json.dumps(flow.state)),
            flow.run_id,
        )
