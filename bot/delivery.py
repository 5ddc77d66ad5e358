"""Delivers what is in the outbox through a channel, whatever channel that is."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from bot.bells import first_of
from bot.channel import Channel, PacedChannel, RetryLater, StoredChannel, Unreachable
from bot.meter import Meter, NoMeter
from bottlenecks.store import Database, Work
from bottlenecks.store.outage import described, is_outage
from bottlenecks.store.outbox import Outgoing
from bottlenecks.store.pace import LANES, LEASE, Lane

LOGGER = logging.getLogger(__name__)

POLL_S = 1.0
# how many replies of one lane are sent at the same time
AT_ONCE = 50
MAX_PAUSE_S = 60.0


@dataclass(frozen=True)
class _Result:
    """What became of a reply, to be written down; `change` does that."""

    item: Outgoing
    change: Callable[[Work], None]
    is_delivered: bool = False


class Delivery:
    """Sends the replies of one channel, and writes down what became of each.

    On PostgreSQL any number of processes may do so; on SQLite there is one for each channel. A
    reply is sent at least once: it is sent again after a crash between sending and writing that
    down. Replies of one account keep their order; a slow or blocked account holds up no other for
    longer than one request, and broadcasts hold up no conversation.
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
        self._rate = channel.rate if isinstance(channel, PacedChannel) else None
        self._meter = meter or NoMeter()
        self._busy = {lane: asyncio.Lock() for lane in LANES}
        self._writing = asyncio.Lock()
        self._sending: dict[int, Outgoing] = {}
        # the database could not be told of these: what was delivered is not sent a second time
        self._owed: list[_Result] = []

    async def deliver_due(self, *lanes: Lane) -> int:
        """Send what may be sent now, one reply per account and lane.

        Args:
            lanes: what to send; all, when there are none.

        Returns:
            How many were delivered, with those of which that could not be written down before.
        """
        delivered = await self._settle()
        for lane in lanes or LANES:
            async with self._busy[lane]:
                delivered += await self._deliver_lane(lane)
        return delivered

    async def run(self, stop: asyncio.Event, wake: asyncio.Event) -> None:
        """Deliver until `stop` is set; looks each second, and at once when `wake` is set.

        Broadcasts have a loop of their own, which nothing wakes.
        """
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._run("replies", stop, wake))
            tasks.create_task(self._run("broadcasts", stop, asyncio.Event()))

    async def _run(self, lane: Lane, stop: asyncio.Event, wake: asyncio.Event) -> None:
        pause_s = POLL_S
        while not stop.is_set():
            wake.clear()
            try:
                delivered = await self.deliver_due(lane)
                pause_s = POLL_S
            except Exception as error:  # a database that fails now may work again later
                told: dict[str, object] = {"channel": self._channel.name, "wait_s": pause_s}
                told["reason"] = described(error)
                LOGGER.error("the outbox cannot be used", exc_info=error, extra=told)
                await first_of(pause_s, stop)
                pause_s = min(pause_s * 2, MAX_PAUSE_S)
                continue
            if not delivered:
                await first_of(POLL_S, stop, wake)

    async def _deliver_lane(self, lane: Lane) -> int:
        """Send what may be sent now in one lane; returns how many were delivered."""
        if isinstance(self._channel, StoredChannel) and not self._owed:
            try:
                return await self._put_lane(self._channel, lane)
            except Exception as error:  # of one reply: the others must not wait for it
                if is_outage(error):
                    raise
                LOGGER.warning("replies are delivered one by one", exc_info=error)
        found = await asyncio.to_thread(self._due, lane)
        owed = {result.item.id for result in self._owed}
        due = [item for item in found if item.id not in owed]
        if not due:
            return 0
        self._sending |= {item.id: item for item in due}
        keeping = asyncio.create_task(self._keep([item.id for item in due]))
        try:
            results = await asyncio.gather(
                *(self._deliver_one(item) for item in due), return_exceptions=True
            )
        finally:
            keeping.cancel()
        for result in results:
            if isinstance(result, BaseException):
                raise result
        return sum(result is True for result in results)

    async def _put_lane(self, channel: StoredChannel, lane: Lane) -> int:
        """Put replies where they are looked for, in one transaction."""
        put: list[Outgoing] = []
        given_up: list[tuple[Outgoing, str]] = []

        def put_replies() -> None:
            with self._database.work() as work:
                for item in work.outbox.due(channel.name, AT_ONCE, lanes=(lane,)):
                    try:
                        channel.put(work, item.account_id, item.id, item.payload)
                    except Unreachable as error:
                        work.outbox.give_up(item.id, str(error))
                        given_up.append((item, str(error)))
                    else:
                        work.outbox.sent(item.id)
                        put.append(item)

        await asyncio.to_thread(put_replies)
        for item, reason in given_up:
            LOGGER.warning("reply given up", extra=_told(item, reason))
            self._meter.delivered(channel.name, "given_up")
        for item in put:
            channel.tell(item.account_id)
            LOGGER.info("reply delivered", extra=_told(item))
            self._meter.delivered(channel.name, "delivered")
        return len(put)

    def _due(self, lane: Lane) -> list[Outgoing]:
        with self._database.work() as work:
            return work.outbox.due(self._channel.name, AT_ONCE, lanes=(lane,), rate=self._rate)

    async def _keep(self, ids: list[int]) -> None:
        """Tell the other processes in time that this one is still sending."""

        def keep() -> None:
            with self._database.work() as work:
                work.outbox.keep([self._sending[one] for one in ids if one in self._sending])

        while True:
            await asyncio.sleep(LEASE.total_seconds() / 3)
            try:
                await asyncio.to_thread(keep)
            except Exception as error:  # in the end another process sends them: better than none
                told = {"channel": self._channel.name, "reason": described(error)}
                LOGGER.warning("the lease of replies was not renewed", extra=told)

    async def _deliver_one(self, item: Outgoing) -> bool:
        """Send one reply and record the result; True when it was delivered."""
        try:
            await self._channel.deliver(item)
        except Unreachable as error:
            reason = str(error)
            LOGGER.warning("reply given up", extra=_told(item, reason))
            await self._record(_Result(item, lambda work: work.outbox.give_up(item.id, reason)))
            self._meter.delivered(self._channel.name, "given_up")
            return False
        except Exception as error:  # an unknown failure must not hold up the other accounts
            if is_outage(error):
                # not the channel's: nothing can be written down now
                self._sending.pop(item.id, None)
                self._owed.append(_Result(item, lambda work: None))
                raise
            await self._postpone(item, error)
            return False
        await self._record(_Result(item, lambda work: work.outbox.sent(item.id), is_delivered=True))
        return True

    async def _postpone(self, item: Outgoing, error: Exception) -> None:
        """Have it tried again later, unless it was tried too often."""
        later = error if isinstance(error, RetryLater) else RetryLater(type(error).__name__)
        reason, kept = str(later), True

        def postpone(work: Work) -> None:
            nonlocal kept
            kept = work.outbox.postpone(item.id, reason, later.wait_s, later.sent_messages)
            if later.for_all and later.wait_s is not None:
                work.outbox.pause(item.channel, later.wait_s)

        await self._record(_Result(item, postpone))
        self._meter.delivered(self._channel.name, "postponed" if kept else "given_up")
        if kept:
            LOGGER.info("reply postponed", extra=_told(item, reason))
        else:
            LOGGER.error("reply set aside after too many attempts", extra=_told(item, reason))

    async def _settle(self) -> int:
        """Write down what the database could not be told; returns how many were delivered."""
        owed, self._owed = self._owed, []
        delivered = 0
        while owed:
            result = owed.pop(0)
            try:
                await self._record(result)
            except Exception as error:  # it is owed again
                if is_outage(error):
                    self._owed += owed
                    raise
                told = _told(result.item, described(error))
                LOGGER.error("delivery cannot be written down", exc_info=error, extra=told)
                continue
            delivered += result.is_delivered
        return delivered

    async def _record(self, result: _Result) -> None:
        """Write down a result, in its own short transaction."""

        def transaction() -> None:
            with self._database.work() as work:
                result.change(work)
                work.outbox.let_go(result.item)

        self._sending.pop(result.item.id, None)
        try:
            async with self._writing:
                await asyncio.to_thread(transaction)
        except Exception:  # whatever it is: it is tried again, before anything is sent
            self._owed.append(result)
            raise
        if result.is_delivered:
            LOGGER.info("reply delivered", extra=_told(result.item))
            self._meter.delivered(self._channel.name, "delivered")


def _told(item: Outgoing, reason: str | None = None) -> dict[str, object]:
    """What the log tells of a reply; `reason` is a kind of error."""
    told: dict[str, object] = {
        "channel": item.channel,
        "outbox_id": item.id,
        "attempts": item.attempts + 1,
    }
    return told if reason is None else told | {"reason": reason}
