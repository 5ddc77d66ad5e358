"""The queueing model: conversations, workers on one inbox, and Telegram's limit behind them."""

import heapq
import itertools
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

import simpy

from tools.capacity.arrivals import Talk
from tools.capacity.assumptions import Assumptions

Draw = Callable[[], float]
Steps = Generator[simpy.Event, Any, Any]


class Bucket:
    """Telegram's limit on one bot: a bucket that holds `burst` messages and leaks `rate` a second.

    With a burst of 1 it is a station with a fixed service time of 1 / rate.
    """

    def __init__(self, rate: float, burst: float) -> None:
        """`rate` is in messages per second."""
        self._gap = 1 / rate
        self._ahead = (burst - 1) * self._gap
        self._full_until = 0.0

    def send(self, now: float) -> float:
        """Count a message that is ready at `now`; gives when it goes, in order."""
        at = max(now, self._full_until - self._ahead)
        self._full_until = max(self._full_until, now) + self._gap
        return at


@dataclass
class Outcome:
    """What became of the messages of one run, in the order they were answered; seconds.

    `answered_s` is from inbox to answer, `sent_s` has Telegram's wait in it (the same in a
    browser), `queued_s` is the waiting for a worker alone, and `waiting` how many waited when it
    arrived, itself included.
    """

    arrived_s: list[float] = field(default_factory=list)
    queued_s: list[float] = field(default_factory=list)
    answered_s: list[float] = field(default_factory=list)
    sent_s: list[float] = field(default_factory=list)
    on_telegram: list[bool] = field(default_factory=list)
    waiting: list[int] = field(default_factory=list)


class Office:
    """The workers, the bots, and the people who talk with them."""

    def __init__(
        self,
        workers: int,
        service: Draw,
        chance: Random,
        peak: Assumptions,
        bots: Sequence[Bucket] = (),
        parts: Callable[[], int] = lambda: 1,
    ) -> None:
        """`service` draws a service time in seconds, `parts` Telegram messages per answer.

        Without `bots` nothing waits for Telegram.
        """
        self._env = simpy.Environment()
        # simpy.PriorityResource sorts all that wait again for each that comes, which takes hours
        # where 10,000 wait: free workers, and a heap of arrival times with what wakes each
        self._free = workers
        self._queue: list[tuple[float, int, simpy.Event]] = []
        self._numbers = itertools.count()
        self._service = service
        self._chance = chance
        self._peak = peak
        self._bots = bots
        self._parts = parts
        self.outcome = Outcome()

    def run(self, talks: Sequence[Talk]) -> Outcome:
        """Hold all conversations, to the end of the last one."""
        self._env.process(self._people(talks))
        self._env.run()
        return self.outcome

    def _people(self, talks: Sequence[Talk]) -> Steps:
        for number, talk in enumerate(talks):
            yield self._env.timeout(talk.start_s - self._env.now)
            self._env.process(self._conversation(talk, number))

    def _conversation(self, talk: Talk, number: int) -> Steps:
        bot = self._bots[number % len(self._bots)] if talk.on_telegram and self._bots else None
        peak, chance = self._peak, self._chance
        previous: simpy.Event | None = None
        for left in range(talk.messages - 1, -1, -1):
            message = self._message(previous, talk.on_telegram, bot)
            if left and chance.random() < peak.hasty_share:
                previous = self._env.process(message)
                yield self._env.timeout(peak.hasty_after_s)
                continue
            seen = yield from message
            if not left:
                return
            previous = None
            think = peak.think_least_s
            if peak.think_mean_s > think:
                think += chance.expovariate(1 / (peak.think_mean_s - think))
            yield self._env.timeout(seen - self._env.now + think)

    def _message(self, previous: simpy.Event | None, telegram: bool, bot: Bucket | None) -> Steps:
        """One message through inbox, worker and Telegram; its value is when the answer is seen.

        The oldest message goes first, passing over those of conversations that are busy.
        """
        arrived = self._env.now
        if previous is not None and not previous.processed:
            yield previous
        waiting = 0
        if self._free:
            self._free -= 1
        else:
            turn = self._env.event()
            heapq.heappush(self._queue, (arrived, next(self._numbers), turn))
            waiting = len(self._queue)
            yield turn
        queued = self._env.now - arrived
        yield self._env.timeout(self._service())
        if self._queue:
            heapq.heappop(self._queue)[-1].succeed()
        else:
            self._free += 1
        done = seen = self._env.now
        if bot is not None:
            for _ in range(self._parts()):
                seen = bot.send(done)
        found = self.outcome
        found.arrived_s.append(arrived)
        found.queued_s.append(queued)
        found.answered_s.append(done - arrived)
        found.sent_s.append(seen - arrived)
        found.on_telegram.append(telegram)
        found.waiting.append(waiting)
        return seen
