"""Carries bells between the processes that use one PostgreSQL, by LISTEN and NOTIFY.

A bell only says that there is something to look for in the database, where everyone looks each
second as well: one that gets lost delays, and loses nothing. So they are sent after the commit,
all that were rung meanwhile together: a transaction with a NOTIFY in it would hold up every other
such transaction of the server while it is committed.
"""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable

import psycopg

from bot.bells import Bells
from bot.web.channel import Watchers
from bottlenecks.store import Database
from bottlenecks.store.postgresql import session_args

LOGGER = logging.getLogger(__name__)

# PostgreSQL's name for what is sent; no other program's
CHANNEL = "regiowijzer_bells"
# how long to wait before connecting again, in seconds
PAUSE_S = 2.0

Session = psycopg.AsyncConnection[tuple[object, ...]]


async def connect(database: Database, **more: str) -> Session:
    """A session of its own, in which each statement is a transaction.

    Raises:
        psycopg.Error: the server cannot be reached.
    """
    arguments = session_args(database.engine)
    arguments["options"] += "".join(f" -c {name}={value}" for name, value in more.items())
    return await psycopg.AsyncConnection.connect(**arguments, autocommit=True)


class Listening:
    """Tells the other processes what was rung here, and rings here what they tell."""

    def __init__(self, database: Database) -> None:
        """Belongs to the event loop that runs; the database is a PostgreSQL."""
        self._database = database
        self._loop = asyncio.get_running_loop()
        # by which this process knows its own
        self._me = secrets.token_hex(8)
        self._rung: dict[str, None] = {}
        self._is_rung = asyncio.Event()
        self._rings: dict[str, Callable[[str], None]] = {}

    def carry(self, name: str, bells: Bells) -> None:
        """Carry what these bells ring, under a name that is one word."""
        self._rings[name] = lambda _: bells.ring_here()
        bells.forward = lambda: self._tell(name)

    def carry_watchers(self, name: str, watchers: Watchers) -> None:
        """The same for the pages that wait; what is told is the random id of an account."""
        self._rings[name] = watchers.notify_here
        watchers.forward = lambda account_id: self._tell(name, account_id)

    async def run(self, stop: asyncio.Event) -> None:
        """Do so until `stop` is set; a server that is away is looked for until it is back."""
        jobs = [asyncio.create_task(self._again(one)) for one in (self._listen, self._send)]
        stopping = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait((stopping, *jobs), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (stopping, *jobs):
                task.cancel()
            await asyncio.wait((stopping, *jobs))
        for task in jobs:
            if not task.cancelled():
                task.result()  # it ends by itself only when it fails

    def _tell(self, name: str, which: str = "") -> None:
        """Tell the others; may be called from any thread."""

        def add() -> None:
            self._rung[f"{name} {which}"] = None
            self._is_rung.set()

        self._loop.call_soon_threadsafe(add)

    async def _again(self, job: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await job()
            except (psycopg.Error, OSError) as error:
                told = {"reason": type(error).__name__, "wait_s": PAUSE_S}
                LOGGER.warning("other processes cannot be told or heard", extra=told)
            await asyncio.sleep(PAUSE_S)

    async def _listen(self) -> None:
        async with await connect(self._database) as session:
            await session.execute(f"LISTEN {CHANNEL}")
            # what was told while nobody listened
            for ring in self._rings.values():
                ring("")
            async for notify in session.notifies():
                self._heard(notify.payload)

    async def _send(self) -> None:
        # nothing is written that must be on the disk before the others hear of it
        async with await connect(self._database, synchronous_commit="off") as session:
            while True:
                await self._is_rung.wait()
                self._is_rung.clear()
                told, self._rung = self._rung, {}
                try:
                    await session.execute(
                        f"SELECT pg_notify('{CHANNEL}', told) FROM unnest(%s::text[]) AS told",
                        ([f"{self._me} {one}" for one in told],),
                    )
                except psycopg.Error:
                    self._rung = told | self._rung
                    self._is_rung.set()
                    raise

    def _heard(self, told: str) -> None:
        sender, name, which = (told.split(" ", 2) + ["", ""])[:3]
        ring = self._rings.get(name)
        if ring is not None and sender != self._me:
            ring(which)
