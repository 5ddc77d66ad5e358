"""The browser as a channel: what came in is read back, and replies go into a mailbox."""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from pydantic import ValidationError

from bot.channel import Unreachable
from bot.worker import Opened
from bottlenecks.store import Database, Work
from bottlenecks.store.outbox import Outgoing
from dialogues.reply import Incoming, Reply

CHANNEL = "web"
# a browser has no address: its replies wait in the mailbox of its account
ADDRESS = "browser"

PRIVACY_NOTICE = (
    "Typ geen patiëntgegevens: geen namen, geboortedata, BSN, adressen of telefoonnummers van "
    "patiënten. Wat ik herken, haal ik weg, maar ik herken niet alles."
)


def as_payload(token: str, incoming: Incoming | None, direct: str | None = None) -> str:
    """What the inbox keeps of a message: who sent it, and what it says or is answered with."""
    return json.dumps(
        {
            "token": token,
            "incoming": incoming.model_dump() if incoming else None,
            "direct": direct,
        }
    )


def read_web(payload: str) -> Opened:
    """Read back what `as_payload` made.

    The privacy notice stands on the page, before anything is typed, so it is not said again here.
    """
    data = json.loads(payload)
    incoming = Incoming.model_validate(data["incoming"]) if data["incoming"] else None
    return Opened(data["token"], ADDRESS, incoming, direct=data["direct"])


class Watchers:
    """The pages that wait for messages, by account."""

    def __init__(self) -> None:
        """Nobody waits yet."""
        self._lock = threading.Lock()
        self._waiting: dict[str, set[tuple[asyncio.AbstractEventLoop, asyncio.Event]]] = {}
        # tells the other processes; see `bot.listening`
        self.forward: Callable[[str], None] = lambda account_id: None

    @contextmanager
    def watch(self, account_id: str) -> Iterator[asyncio.Event]:
        """An event that is set at each message of this account; the page clears it."""
        bell = (asyncio.get_running_loop(), asyncio.Event())
        with self._lock:
            self._waiting.setdefault(account_id, set()).add(bell)
        try:
            yield bell[1]
        finally:
            with self._lock:
                waiting = self._waiting[account_id]
                waiting.discard(bell)
                if not waiting:
                    del self._waiting[account_id]

    def notify(self, account_id: str) -> None:
        """There is a message for this account; may be called from any thread.

        Its page may wait here or at another process.
        """
        self.notify_here(account_id)
        self.forward(account_id)

    def notify_here(self, account_id: str) -> None:
        """The same for the pages that wait at this process; without an account for all of them."""
        with self._lock:
            waiting = self._waiting if not account_id else [account_id]
            bells = [bell for one in waiting for bell in self._waiting.get(one, ())]
        for loop, event in bells:
            with suppress(RuntimeError):  # its loop has ended: nobody waits there any more
                loop.call_soon_threadsafe(event.set)


class WebDelivery:
    """Puts replies into mailboxes, each once; a `bot.channel.StoredChannel`."""

    name = CHANNEL

    def __init__(self, database: Database, watchers: Watchers) -> None:
        """`watchers` are told that there is something new."""
        self._database = database
        self._watchers = watchers

    async def deliver(self, item: Outgoing) -> None:
        """Put the reply into the mailbox, unless it is there already.

        Raises:
            Unreachable: what is to be delivered is no reply.
        """

        def put() -> None:
            with self._database.work() as work:
                self.put(work, item.account_id, item.id, item.payload)

        await asyncio.to_thread(put)
        self.tell(item.account_id)

    def put(self, work: Work, account_id: str, outbox_id: int, payload: str) -> None:
        """See `bot.channel.StoredChannel`."""
        try:
            Reply.model_validate_json(payload)
        except ValidationError:
            raise Unreachable("not a reply") from None
        work.mailbox.add_reply(account_id, outbox_id, payload)

    def tell(self, account_id: str) -> None:
        """See `bot.channel.StoredChannel`: who waits for it looks."""
        self._watchers.notify(account_id)
