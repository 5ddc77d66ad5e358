"""Handles what came in: one update, one transaction, replies in the outbox.

On PostgreSQL any number of workers do so at the same time, in any number of processes.
"""

import json
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.admission import Door
from bot.channel import StoredChannel
from bot.desk import StoreDesk
from bot.meter import Meter, NoMeter
from bottlenecks.retention import KEEP_CLOSED_REPORTS_DAYS, periods
from bottlenecks.store import Database, Work
from bottlenecks.store.accounts import AccountView
from bottlenecks.store.conversations import ConversationView
from bottlenecks.store.inbox import Received
from bottlenecks.store.outage import described, is_conflict, is_outage
from bottlenecks.store.topics import Asked
from bottlenecks.tidying import erase
from dialogues.assistant import Assistant
from dialogues.reply import Incoming, Reply
from dialogues.turn import Memory, Turn

LOGGER = logging.getLogger(__name__)

# how often an update is begun at once when other processes come between
TRIES = 5

APOLOGY = Reply(
    text="Er ging bij mij iets mis met je laatste bericht. Stuur het nog een keer. "
    "Blijft het misgaan, neem dan contact op met je regio-organisatie (RHO)."
)


@dataclass(frozen=True)
class Opened:
    """A stored update, read by its channel: who sent it, and what it says.

    `direct` is a reply that needs no assistant; `notice` is said once, at first contact;
    `conversation_id` continues an earlier conversation, `fresh` begins a new one; `code` is that
    of an invitation.
    """

    outside_id: str
    address: str
    incoming: Incoming | None
    direct: str | None = None
    notice: str | None = None
    conversation_id: str | None = None
    fresh: bool = False
    code: str | None = None


Opener = Callable[[str], Opened]


@dataclass(frozen=True)
class _Handled:
    """What an update led to: what became of the questions in it, and the replies that were put."""

    outcomes: Sequence[Asked] = ()
    account_id: str = ""
    put: Sequence[int] = ()


class Worker:
    """Takes updates from the inbox, oldest first, and answers them."""

    def __init__(
        self,
        database: Database,
        assistant: Assistant,
        openers: Mapping[str, Opener],
        keep_closed_reports_days: int = KEEP_CLOSED_REPORTS_DAYS,
        meter: Meter | None = None,
        door: Door | None = None,
        stored: Sequence[StoredChannel] = (),
        ring: Callable[[], None] = lambda: None,
    ) -> None:
        """`openers` reads stored updates, by channel.

        Reports are erased `keep_closed_reports_days` days after they were closed. Without a `door`
        every channel is open. Answers for channels that are `stored` are put there at once; `ring`
        is called when there are others to deliver.
        """
        self._periods = periods(keep_closed_reports_days)
        self._database = database
        self._assistant = assistant
        self._openers = openers
        # on PostgreSQL another process may have channels that this one cannot read
        self._channels = tuple(openers) if database.is_shared else ()
        self._meter = meter or NoMeter()
        self._door = door or Door()
        self._stored = {channel.name: channel for channel in stored}
        self._ring = ring

    def handle_next(self) -> int | None:
        """Handle the oldest update that has its turn; gives its id, or None when there is none.

        All that the update leads to is committed together. When it fails it is tried again
        later; after the last attempt it is set aside and its sender is told. Not so when the
        database cannot be used: that is raised. When another process came between, it is begun
        again at once, which is no attempt.
        """
        tries = 0
        while True:
            received: Received | None = None
            began, tries = time.monotonic(), tries + 1
            try:
                with self._database.work() as work:
                    received = work.inbox.next(*self._channels)
                    if received is None:
                        return None
                    handled = self._handle(work, received)
                    work.inbox.done(received.id)
                    waits = work.outbox.added > 0
                self._count(received, began, handled.outcomes)
                self._delivered(received, handled)
                if waits:
                    self._ring()
            except Exception as error:
                if is_conflict(error) and tries < TRIES:
                    LOGGER.info("begun again", extra={"reason": described(error)})
                    continue
                if received is None or is_outage(error):
                    raise  # nothing is wrong with the update: it waits until the database works
                seconds = time.monotonic() - began
                LOGGER.error("update failed", exc_info=error, extra=_told(received, seconds))
                self._failed(received, error)
                self._meter.handled(received.channel, failed=True, seconds=seconds)
            return received.id

    def tidy(self) -> int:
        """Erase what is kept no longer; gives how much."""
        try:
            erased = sum(erase(self._database, self._periods).values())
        except Exception:  # counted, and raised again
            self._meter.tidied(failed=True)
            raise
        self._meter.tidied(failed=False)
        return erased

    def _count(self, received: Received, began: float, outcomes: Sequence[Asked]) -> None:
        seconds = time.monotonic() - began
        told = _told(received, seconds)
        LOGGER.info("update handled", extra=told | {"decision": ", ".join(outcomes) or "none"})
        self._meter.handled(received.channel, failed=False, seconds=seconds)
        for outcome in outcomes:
            self._meter.decided(outcome)

    def _delivered(self, received: Received, handled: _Handled) -> None:
        """What was put where its receiver looks, is committed."""
        if not handled.put:
            return
        self._stored[received.channel].tell(handled.account_id)
        for outbox_id in handled.put:
            told = {"channel": received.channel, "outbox_id": outbox_id, "attempts": 1}
            LOGGER.info("reply delivered", extra=told)
            self._meter.delivered(received.channel, "delivered")

    def _handle(self, work: Work, received: Received) -> _Handled:
        """Answer an update."""
        outcomes: list[Asked] = []
        opened = self._openers[received.channel](received.payload)
        if opened.incoming is None and opened.direct is None:
            return _Handled()
        account = work.accounts.find_or_create(received.channel, opened.outside_id, opened.address)
        replies: list[Reply] = []
        entrance = self._door.enter(work, account, opened.code)
        if entrance.text is not None:
            replies.append(Reply(text=entrance.text))
        if entrance.admitted and opened.notice and not work.accounts.has_talked(account.id):
            replies.append(Reply(text=opened.notice))
        if not entrance.admitted:
            pass  # nothing else is reached, and nothing kept of what was sent
        elif opened.direct is not None:
            replies.append(Reply(text=opened.direct))
            work.conversations.latest_of(account.id)  # the first contact is over
        elif opened.incoming is not None:
            conversation = _conversation(work, account, opened)
            revision = self._assistant.knowledge.revision
            desk = StoreDesk(work, account, conversation.id, revision, self._periods)
            turn = self._assistant.respond(
                opened.incoming,
                _memory(work, conversation),
                desk,
            )
            _save(work, conversation, turn)
            desk.finish()
            replies += turn.replies
            outcomes += [outcome for _, outcome in turn.counted]
        payloads = [reply.model_dump_json() for reply in replies]
        return _Handled(outcomes, account.id, self._answer(work, received, account.id, payloads))

    def _answer(
        self, work: Work, received: Received, account_id: str, payloads: Sequence[str]
    ) -> list[int]:
        """Have replies delivered; gives the outbox ids of those that are, by this transaction."""
        channel = self._stored.get(received.channel)
        put: list[int] = []
        # what waits goes first
        if channel is not None and not work.outbox.has_waiting(account_id):
            for payload in payloads:
                put.append(work.outbox.add_sent(account_id, received.id))
                channel.put(work, account_id, put[-1], payload)
        else:
            for payload in payloads:
                work.outbox.add(account_id, payload, received.id)
        return put

    def _failed(self, received: Received, error: Exception) -> None:
        with self._database.work() as work:
            given_up = work.inbox.failed(received.id, type(error).__name__)
            if not given_up:
                return
            LOGGER.error("update set aside", extra=_told(received))
            try:
                opened = self._openers[received.channel](received.payload)
            except Exception:  # whatever it is: what cannot be read may not hold up the others
                return  # nobody to tell
            if opened.outside_id:
                account = work.accounts.find_or_create(
                    received.channel, opened.outside_id, opened.address
                )
                work.outbox.add(account.id, APOLOGY.model_dump_json(), received.id)
        self._ring()


def _told(received: Received, seconds: float | None = None) -> dict[str, object]:
    """What the log tells of an update."""
    told: dict[str, object] = {"channel": received.channel, "inbox_id": received.id}
    return told if seconds is None else told | {"seconds": round(seconds, 4)}


def _conversation(work: Work, account: AccountView, opened: Opened) -> ConversationView:
    if opened.conversation_id is not None:
        found = work.conversations.get(opened.conversation_id, account.id)
        if found is not None:
            return found
    if opened.fresh:
        return work.conversations.start(account.id)
    return work.conversations.latest_of(account.id)


def _memory(work: Work, conversation: ConversationView) -> Memory:
    return Memory(
        conversation.id,
        dict(conversation.slots),
        [dict(event) for event in conversation.recent_events],
        work.flows.active_in(conversation.id),
    )


def _save(work: Work, conversation: ConversationView, turn: Turn) -> None:
    # what stands in JSON columns must be plain data
    slots = json.loads(json.dumps(turn.memory.slots))
    work.conversations.add_events(conversation.id, turn.new_events, slots)
