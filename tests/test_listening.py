"""Bells and jobs of several processes on one PostgreSQL, also when their sessions end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import text

from bot.alone import Alone
from bot.bells import Bells
from bot.listening import Listening
from bot.web.channel import Watchers
from bottlenecks.store import Database

PATIENCE_S = 60


class Process:
    """What one process has of this: bells, pages that wait, and a job."""

    def __init__(self, database: Database, running: list["Process"]) -> None:
        self.bells, self.watchers, self.stop = Bells(), Watchers(), asyncio.Event()
        self.rung = self.bells.new()
        self.met = False  # whether another one was at the job when this one began
        self._running = running
        listening = Listening(database)
        listening.carry("inbox", self.bells)
        listening.carry_watchers("mailbox", self.watchers)
        alone = Alone(database, {"the job": self._job})
        self.tasks = [asyncio.create_task(one.run(self.stop)) for one in (listening, alone)]

    async def _job(self, over: asyncio.Event) -> None:
        self.met = bool(self._running)
        self._running.append(self)
        await over.wait()
        await asyncio.sleep(0.2)  # it takes a while to end
        self._running.remove(self)


@asynccontextmanager
async def processes(database: Database, running: list[Process]) -> AsyncIterator[list[Process]]:
    """Two of them."""
    found = [Process(database, running) for _ in range(2)]
    try:
        yield found
    finally:
        for one in found:
            one.stop.set()
            await asyncio.gather(*one.tasks)


async def until_rung(ringing: Process, hearing: Process) -> None:
    """Ring until it is heard: in the beginning a process may not listen yet."""
    async with asyncio.timeout(PATIENCE_S):
        while not hearing.rung.is_set():
            ringing.bells.ring()
            await asyncio.sleep(0.05)
    hearing.rung.clear()


async def ended(database: Database) -> None:
    """The server ends all sessions, as when it is restarted."""

    def end() -> None:
        with database.engine.begin() as connection:
            connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )

    await asyncio.to_thread(end)


def test_bells_are_heard_by_the_others(shared: Database) -> None:
    async def test() -> None:
        async with processes(shared, []) as (one, other):
            await until_rung(one, other)
            await until_rung(other, one)
            with other.watchers.watch("anna") as anna, other.watchers.watch("bert") as bert:
                one.watchers.notify("anna")
                await asyncio.wait_for(anna.wait(), PATIENCE_S)
                assert not bert.is_set()
            await ended(shared)
            await until_rung(one, other)
            await until_rung(other, one)

    asyncio.run(test())


def test_one_has_the_job_and_another_takes_it_over(shared: Database) -> None:
    async def test() -> None:
        running: list[Process] = []
        async with asyncio.timeout(PATIENCE_S), processes(shared, running) as found:
            while not running:
                await asyncio.sleep(0.05)
            first = running[0]
            # a process that lives, but has no session any more, ends the job by itself
            await ended(shared)
            while first in running:
                await asyncio.sleep(0.05)
            while len(running) != 1:
                await asyncio.sleep(0.05)
            holder = running[0]
            [other] = [one for one in found if one is not holder]
            holder.stop.set()
            while running != [other]:
                await asyncio.sleep(0.05)
            assert not other.met
        assert running == []

    asyncio.run(test())


def test_what_a_job_raises_ends_it_all(shared: Database) -> None:
    async def fails(_: asyncio.Event) -> None:
        raise LookupError("the token is refused")

    async def test() -> str:
        try:
            await Alone(shared, {"fails": fails}).run(asyncio.Event())
        except LookupError as error:
            return str(error)
        return "nothing"

    assert asyncio.run(test()) == "the token is refused"
