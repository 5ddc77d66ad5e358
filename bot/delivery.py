"""Delivers what is in the outbox through a channel, whatever channel that is."""

import asyncio
import logging
from collections.abc import Callable
from typing import Protocol

from bot.meter import Meter, NoMeter
from bottlenecks.store import Database, Work
from bottlenecks.store.outage import described, is_outage
from bottlenecks.store.outbox import Outgoing

LOGGER = logging.getLogger(__name__)

POLL_S = 1.0
MAX_PAUSE_S = 60.0


class DeliveryError(Exception):
    """A channel could not deliver a reply; the message never holds the reply or the address."""


class RetryLater(DeliveryError):
    """It may work later: after `wait_s` seconds when the channel said so."""

    def __init__(self, reason: str, wait_s: float | None = None) -> None:
        """`reason` is for the log: a kind of error."""
        super().__init__(reason)
        self.wait_s = wait_s


class Unreachable(DeliveryError):
    """It will never work: the receiver blocked the bot or left, or the reply is refused."""


class Channel(Protocol):
    """A way to reach people."""

    name: str

    async def deliver(self, item: Outgoing) -> None:
        """Send the reply of `item`, a `dialogues.reply.Reply` as JSON, to its address.

        Raises:
            DeliveryError: it was not delivered.
        """
        ...


class Delivery:
    """Sends the replies of one channel, and writes down what became of each.

    A reply is sent at least once: it is sent again after a crash between sending and writing
    that down. Replies of one account keep their order; a slow or blocked account holds up no
    other for longer than one request.
    """

    def __init__(
        self,
        database: Database,
        channel: Channel,
        meter: Meter | None = None,
    ) -> None:
        """Nothing is sent yet."""
        self._database = database
        self._channel = channel
        self._meter = meter or NoMeter()
        self._busy = asyncio.Lock()
        self._writing = asyncio.Lock()
        # delivered, but the database could not be told: not to be sent a second time
        self._unrecorded: set[int] = set()

    async def deliver_due(self) -> int:
        """Send what may be sent now, one reply per account; returns how many were delivered."""
        async with self._busy:
            due = await asyncio.to_thread(self._due)
            results = await asyncio.gather(
                *(self._deliver_one(item) for item in due), return_exceptions=True
            )
        for result in results:
            if isinstance(result, BaseException):
                raise result
        return sum(result is True for result in results)

    async def run(self, stop: asyncio.Event, wake: asyncio.Event) -> None:
        """Deliver until `stop` is set; looks each second, and at once when `wake` is set."""
        pause_s = POLL_S
        while not stop.is_set():
            wake.clear()
            try:
                delivered = await self.deliver_due()
                pause_s = POLL_S
            except Exception as error:  # a database that fails now may work again later
                told: dict[str, object] = {"channel": self._channel.name, "wait_s": pause_s}
                told["reason"] = described(error)
                LOGGER.error("the outbox cannot be used", exc_info=error, extra=told)
                await _wait((stop,), pause_s)
                pause_s = min(pause_s * 2, MAX_PAUSE_S)
                continue
            if not delivered:
                await _wait((stop, wake), POLL_S)

    def _due(self) -> list[Outgoing]:
        with self._database.work() as work:
            return work.outbox.due(self._channel.name)

    async def _deliver_one(self, item: Outgoing) -> bool:
        """Send one reply and record the result; True when it was delivered."""
        if item.id not in self._unrecorded:
            try:
                await self._channel.deliver(item)
            except Unreachable as error:
                reason = str(error)
                LOGGER.warning("reply given up", extra=_told(item, reason))
                await self._record(lambda work: work.outbox.give_up(item.id, reason))
                self._meter.delivered(self._channel.name, "given_up")
                return False
            except Exception as error:  # an unknown failure must not hold up the other accounts
                if is_outage(error):
                    raise  # not the channel's: nothing can be written down now
                await self._postpone(item, error)
                return False
            self._unrecorded.add(item.id)
        await self._record(lambda work: work.outbox.sent(item.id))
        self._unrecorded.discard(item.id)
        LOGGER.info("reply delivered", extra=_told(item))
        self._meter.delivered(self._channel.name, "delivered")
        return True

    async def _postpone(self, item: Outgoing, error: Exception) -> None:
        """Have it tried again later, unless it was tried too often."""
        reason = str(error) if isinstance(error, RetryLater) else type(error).__name__
        wait_s = error.wait_s if isinstance(error, RetryLater) else None
        kept = True

        def postpone(work: Work) -> None:
            nonlocal kept
            kept = work.outbox.postpone(item.id, reason, wait_s)

        await self._record(postpone)
        self._meter.delivered(self._channel.name, "postponed" if kept else "given_up")
        if kept:
            LOGGER.info("reply postponed", extra=_told(item, reason))
        else:
            LOGGER.error("reply set aside after too many attempts", extra=_told(item, reason))

    async def _record(self, change: Callable[[Work], None]) -> None:
        """Make a change in its own short transaction."""

        def transaction() -> None:
            with self._database.work() as work:
                change(work)

        async with self._writing:
            await asyncio.to_thread(transaction)


def _told(item: Outgoing, reason: str | None = None) -> dict[str, object]:
    """What the log tells of a reply; `reason` is a kind of error."""
    told: dict[str, object] = {
        "channel": item.channel,
        "outbox_id": item.id,
        "attempts": item.attempts + 1,
    }
    return told if reason is None else told | {"reason": reason}


async def _wait(events: tuple[asyncio.Event, ...], timeout_s: float) -> None:
    """Wait until one of the events is set, at most `timeout_s` seconds."""
    tasks = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(tasks, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
