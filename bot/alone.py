"""Jobs that one process at a time does, of all that use one PostgreSQL.

Whoever has a job holds an advisory lock of PostgreSQL, as long as its session lasts: when the
process dies the server lets go, and another process takes the job over. A process that lives, but
lost its session, ends its jobs when it notices: for a moment two may be at it.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

import psycopg

from bot.bells import first_of
from bot.listening import Session, connect
from bottlenecks.store import Database

LOGGER = logging.getLogger(__name__)

# how often a process asks whether it may have a job, and whether it still has its session
EVERY_S = 2.0
# a session that does not answer for so long is lost; less than the server needs to let go of it
ANSWER_S = 5.0

# does its work until the event is set
Job = Callable[[asyncio.Event], Coroutine[Any, Any, None]]


class Alone:
    """The jobs of this process that no other one may do meanwhile."""

    def __init__(self, database: Database, jobs: Mapping[str, Job]) -> None:
        """Each job has the same name in all processes; what a job raises, `run` raises."""
        self._database = database
        self._jobs = jobs

    async def run(self, stop: asyncio.Event) -> None:
        """Do each job while it is this process's, until `stop` is set."""
        while not stop.is_set():
            try:
                async with await connect(self._database) as session:
                    await self._in_session(session, stop)
            except (psycopg.Error, OSError, TimeoutError) as error:
                told = {"reason": type(error).__name__, "wait_s": EVERY_S}
                LOGGER.warning("no session to hold jobs with", extra=told)
            await first_of(EVERY_S, stop)

    async def _in_session(self, session: Session, stop: asyncio.Event) -> None:
        """Ask for jobs and do them, as long as the session answers."""
        over = asyncio.Event()
        running: dict[str, asyncio.Task[None]] = {}
        stopping = asyncio.create_task(stop.wait())
        try:
            while not stop.is_set():
                for name, job in self._jobs.items():
                    async with asyncio.timeout(ANSWER_S):
                        has_it = await _may_have(session, name)
                    if has_it and name not in running:
                        LOGGER.info("job taken", extra={"job": name})
                        running[name] = asyncio.create_task(job(over))
                lost = asyncio.create_task(_lost(session))
                await asyncio.wait(
                    (stopping, lost, *running.values()), return_when=asyncio.FIRST_COMPLETED
                )
                if not lost.cancel():
                    lost.result()
                await asyncio.wait((lost,))
                for task in running.values():
                    if task.done():
                        task.result()
        finally:
            stopping.cancel()
            over.set()
            # the session is held until they have ended: nobody else begins before that
            ended = await asyncio.gather(*running.values(), return_exceptions=True)
        for error in ended:
            if isinstance(error, Exception):
                raise error


async def _lost(session: Session) -> None:
    """Ends after `EVERY_S` seconds, or with an error as soon as the session is lost."""
    async for _ in session.notifies(timeout=EVERY_S):
        pass  # it asked for none


async def _may_have(session: Session, name: str) -> bool:
    """Whether this session has the lock of this job, now."""
    # a session gets what it has already: asked each time, so that it is known that it has it
    taken = await session.execute(
        "SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", (f"job {name}",)
    )
    row = await taken.fetchone()
    return row is not None and bool(row[0])
