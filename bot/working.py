"""Handles what came in until told to stop: part of `serve`, or a process of its own."""

import asyncio
import logging
import signal
from collections.abc import Callable, Coroutine, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from bot.admission import Door
from bot.bells import Bells, first_of
from bot.delivery import Delivery
from bot.limits import Pace
from bot.mail import mail_of
from bot.meter import Meter
from bot.settings import Settings
from bot.web import channel as web
from bot.worker import Opened, Opener, Worker
from bottlenecks.signals import TELEGRAM
from bottlenecks.store import Database
from bottlenecks.store.outage import described
from dialogues.assistant import Assistant

if TYPE_CHECKING:
    from bot.telegram import Telegram

LOGGER = logging.getLogger(__name__)
# how long the worker rests when something outside it fails, in seconds
PAUSE_S = 1.0


class WorkersError(Exception):
    """No worker can run with these settings; the message tells an operator what to do."""


def read_telegram(payload: str) -> Opened:
    """Read a stored Telegram update."""
    # here and below, because its library is large and not everybody has a bot
    from bot import telegram

    parsed = telegram.parse(payload)
    return Opened(
        parsed.outside_id,
        parsed.address,
        parsed.incoming,
        direct=parsed.direct,
        notice=telegram.PRIVACY_NOTICE,
        code=parsed.code,
    )


def worker_of(
    settings: Settings,
    database: Database,
    assistant: Assistant,
    watchers: web.Watchers,
    ring: Callable[[], None],
    meter: Meter | None = None,
) -> Worker:
    """A worker for all channels, also those that only another process serves.

    `watchers` are told what was answered in the browser; `ring` is called when there is something
    else to deliver.
    """
    openers: dict[str, Opener] = {web.CHANNEL: web.read_web, TELEGRAM: read_telegram}
    # the browser closes its pages itself
    door = Door({TELEGRAM} if settings.chat_access == "invited" else ())
    return Worker(
        database,
        assistant,
        openers,
        settings.keep_closed_reports_days,
        meter,
        door,
        stored=[web.WebDelivery(database, watchers)],
        ring=ring,
    )


def telegram_of(
    settings: Settings, database: Database, wake: Callable[[], None]
) -> "Telegram | None":
    """Telegram, where there is a token; `wake` is called after an update was stored."""
    if settings.telegram_token is None:
        return None
    from bot import telegram

    return telegram.build(
        settings.telegram_token.get_secret_value(),
        database,
        wake,
        settings.telegram_api_url,
        Pace(settings.chat_per_minute),
    )


def stopped_by_signals() -> asyncio.Event:
    """An event that is set when the process is told to stop (SIGINT, SIGTERM)."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError, RuntimeError):  # only the main thread may
            loop.add_signal_handler(signal_number, stop.set)
    return stop


def hear_others(
    database: Database,
    stop: asyncio.Event,
    arrived: Bells,
    answered: Bells,
    handled: Bells,
    watchers: web.Watchers,
) -> list[Coroutine[Any, Any, None]]:
    """What carries these bells to and from the other processes; nothing with SQLite."""
    if not database.is_shared:
        return []
    from bot.listening import Listening  # its library comes with PostgreSQL

    listening = Listening(database)
    listening.carry("inbox", arrived)
    listening.carry("outbox", answered)
    listening.carry("handled", handled)
    listening.carry_watchers("mailbox", watchers)
    return [listening.run(stop)]


async def handle(
    worker: Worker, stop: asyncio.Event, arrived: asyncio.Event, handled: Bells
) -> None:
    """Handle updates until told to stop, ringing after each; a failing database is tried again."""
    while not stop.is_set():
        arrived.clear()
        try:
            done = await asyncio.to_thread(worker.handle_next)
        except Exception as error:  # nothing may end the worker
            told = {"wait_s": PAUSE_S, "reason": described(error)}
            LOGGER.error("the inbox cannot be used", exc_info=error, extra=told)
            await asyncio.sleep(PAUSE_S)
            continue
        if done is not None:
            handled.ring()
            continue
        await first_of(PAUSE_S, arrived, stop)


def require_shared(settings: Settings) -> None:
    """Check that a worker can run beside `serve`.

    Raises:
        WorkersError: it cannot.
    """
    if not settings.is_postgresql:
        raise WorkersError(
            "regiowijzer worker needs PostgreSQL, which several processes can use: set "
            "DATABASE_URL to it for this process and for serve. With SQLite, serve handles "
            "messages by itself"
        )
    kept = settings.data_dir / "secret.key"
    if settings.secret_key is None and not kept.exists():
        raise WorkersError(
            "regiowijzer worker needs the SECRET_KEY that serve has, or it can read nothing: set "
            f"it, or put a copy of serve's secret.key at {kept}"
        )


async def run(
    settings: Settings,
    database: Database,
    assistant: Assistant,
    on_ready: Callable[[], None] = lambda: None,
) -> None:
    """Handle messages and deliver to Telegram and by mail, until the process is told to stop.

    Any number of processes may do so, beside any number that serve. `on_ready` is called when it
    begins.
    """
    stop = stopped_by_signals()
    arrived, answered, handled, watchers = Bells(), Bells(), Bells(), web.Watchers()
    worker = worker_of(settings, database, assistant, watchers, answered.ring)
    jobs = hear_others(database, stop, arrived, answered, handled, watchers)
    jobs.append(handle(worker, stop, arrived.new(), handled))
    channel = telegram_of(settings, database, arrived.ring)
    mail = mail_of(settings)
    if channel is not None:
        jobs.append(Delivery(database, channel.delivery).run(stop, answered.new()))
    if mail is not None:
        jobs.append(Delivery(database, mail).run(stop, answered.new()))
    on_ready()
    await do_all(jobs, channel)


async def do_all(jobs: Iterable[Coroutine[Any, Any, None]], channel: "Telegram | None") -> None:
    """Do all jobs at the same time, and close Telegram after them."""
    try:
        async with asyncio.TaskGroup() as tasks:
            for job in jobs:
                tasks.create_task(job)
    finally:
        if channel is not None:
            from bot import telegram

            await telegram.close(channel)
