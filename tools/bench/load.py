"""The load: people who each wait for an answer before they send the next message."""

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from random import Random
from typing import Protocol

import aiohttp

from tools.bench.script import Step, conversation

# who waits longer than this is not answered
PATIENCE_S = 120.0
# who cannot open the page tries again after this
AGAIN_S = 1.0
# without think time: so long it runs before anything counts
WARM_S = 3.0
# so many begin their conversation at the same time, before anything counts
AT_ONCE = 20


class NoAnswerError(Exception):
    """A service that is ready does not answer; the message says what."""


@dataclass(frozen=True)
class Answer:
    """What came back: when (None: nothing did), and whether it holds what was expected."""

    at: float | None
    is_expected: bool


class Person(Protocol):
    """Somebody with a conversation of their own."""

    async def open(self) -> None:
        """Come in."""

    async def does(self, step: Step) -> Answer:
        """Send one message, and wait for what is answered."""

    async def close(self) -> None:
        """Leave."""


@dataclass(frozen=True)
class Sample:
    """One message: when it was sent, and after how many seconds it was answered.

    Who was not answered at all waited `PATIENCE_S`.
    """

    sent: float
    answer: Answer

    @property
    def seconds(self) -> float:
        """How long the sender waited."""
        return PATIENCE_S if self.answer.at is None else self.answer.at - self.sent


@dataclass(frozen=True)
class Load:
    """A load to put on a service.

    Each of `conversations` people thinks `think_s` seconds on average before a message (evenly
    spread from half of it to one and a half); 0: none. It is measured for `seconds`.
    """

    conversations: int
    think_s: float
    seconds: float

    @property
    def warm_s(self) -> float:
        """How long it runs before it is measured."""
        return max(WARM_S, self.think_s)


@dataclass(frozen=True)
class Measured:
    """What a load led to: the messages sent in the measured time, and how many were answered in it.

    `seconds` is how long was measured; who was still waiting at its end was waited for. When
    everybody waited all the time, so that nothing was sent in it, the samples are what they waited
    for.
    """

    samples: Sequence[Sample]
    answered_in_time: int
    seconds: float


class _Drive:
    """People at work until told to stop."""

    def __init__(self, load: Load, person: Callable[[], Person], seed: int) -> None:
        self._load = load
        self._person = person
        self._seed = seed
        self.samples: list[Sample] = []
        self.is_over = asyncio.Event()
        self.all_are_in = asyncio.Event()
        self._still_outside = load.conversations
        self._door = asyncio.Semaphore(AT_ONCE)

    async def run(self, number: int) -> None:
        """One person after the other holds a conversation."""
        chance = Random(self._seed * 100_003 + number)
        person, talk = await self._somebody(), conversation(chance)
        try:
            # not all at once: nobody waits long before anything is measured
            async with self._door:
                for step in talk.steps[: talk.begun]:
                    if not self.is_over.is_set():
                        await self._send(person, step)
            self._came_in()
            await self.all_are_in.wait()
            await self._pause(chance.uniform(0, self._load.think_s))
            steps = talk.steps[talk.begun :]
            while True:
                for step in steps:
                    if self.is_over.is_set():
                        return
                    await self._send(person, step)
                    await self._pause(self._load.think_s * chance.uniform(0.5, 1.5))
                await person.close()
                person, steps = await self._somebody(), conversation(chance).steps
        finally:
            await person.close()

    async def _somebody(self) -> Person:
        """A new person, who tries again when the service cannot be reached."""
        person = self._person()
        while not self.is_over.is_set():
            try:
                await person.open()
                break
            except (aiohttp.ClientError, TimeoutError):
                await self._pause(AGAIN_S)
        return person

    def _came_in(self) -> None:
        self._still_outside -= 1
        if not self._still_outside:
            self.all_are_in.set()

    async def _send(self, person: Person, step: Step) -> None:
        sent = time.perf_counter()
        try:
            async with asyncio.timeout(PATIENCE_S):
                answer = await person.does(step)
        except (TimeoutError, aiohttp.ClientError):
            answer = Answer(None, is_expected=False)
        self.samples.append(Sample(sent, answer))

    async def _pause(self, seconds: float) -> None:
        if not seconds:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.is_over.wait()


async def hold_one(person: Person) -> None:
    """Hold one conversation: what is only made when it is needed, is made then.

    Raises:
        NoAnswerError: a message was not answered.
    """
    try:
        await person.open()
        for step in conversation(Random(0)).steps:
            async with asyncio.timeout(PATIENCE_S):
                answer = await person.does(step)
            if answer.at is None:
                raise NoAnswerError(f"nothing answers {step.text!r}")
    except (aiohttp.ClientError, TimeoutError) as error:
        raise NoAnswerError(f"nothing answers: {type(error).__name__}") from error
    finally:
        await person.close()


async def drive(
    load: Load,
    person: Callable[[], Person],
    *,
    seed: int = 1,
    on_begin: Callable[[], None] = lambda: None,
    on_end: Callable[[], None] = lambda: None,
) -> Measured:
    """Put a load on; `on_begin` and `on_end` are called where measuring begins and ends."""
    work = _Drive(load, person, seed)
    async with asyncio.TaskGroup() as tasks:
        for number in range(load.conversations):
            tasks.create_task(work.run(number))
        # all have a conversation, each at another point of it, before anything is counted
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE_S):
                await work.all_are_in.wait()
        work.all_are_in.set()
        await asyncio.sleep(load.warm_s)
        on_begin()
        began = time.perf_counter()
        await asyncio.sleep(load.seconds)
        ended = time.perf_counter()
        on_end()
        work.is_over.set()
    answered = sum(
        one.answer.at is not None and began <= one.answer.at < ended for one in work.samples
    )
    inside = [one for one in work.samples if began <= one.sent < ended]
    if not inside:
        inside = [one for one in work.samples if one.sent < began < one.sent + one.seconds]
    return Measured(inside, answered, ended - began)
