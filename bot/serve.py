"""One process for all channels: Telegram when it is configured, chat and desk in the browser.

On PostgreSQL there may be several, and processes that only work (`bot.working`).
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from bot.bells import Bells, first_of
from bot.delivery import Delivery
from bot.mail import mail_of
from bot.meter import Meter, NoMeter
from bot.settings import Settings
from bot.signals import Watch, teller_of
from bot.web.channel import Watchers
from bot.worker import Worker
from bot.working import (
    do_all,
    handle,
    hear_others,
    read_telegram,
    stopped_by_signals,
    telegram_of,
    worker_of,
)
from bottlenecks.store import Database
from dialogues.assistant import Assistant

if TYPE_CHECKING:
    from fastapi import APIRouter

    from bot.telegram import Telegram

__all__ = ["ExampleLoginError", "NothingToServeError", "read_telegram", "serve"]

LOGGER = logging.getLogger(__name__)
# how often what nobody needs any more is erased, in seconds
TIDY_EVERY_S = 3600.0
# how long to wait before Telegram is asked again how the bot is called, in seconds
INTRODUCED_AFTER_S = 60.0

# does its work until the event is set
Job = Callable[[asyncio.Event], Coroutine[Any, Any, None]]


class NothingToServeError(Exception):
    """No channel is configured."""


class ExampleLoginError(Exception):
    """The login of the demo, whose password is public, would be open to other machines."""


async def serve(
    settings: Settings,
    database: Database,
    assistant: Assistant,
    on_web: Callable[[str], None] = lambda url: None,
) -> None:
    """Run until the process is told to stop (SIGINT, SIGTERM) or a channel cannot go on.

    `on_web` gets the address of the web server once it can be reached.

    Raises:
        NothingToServeError: there is no Telegram token, and the web is switched off.
        PollingStopped: Telegram refused the token, or another process polls with it.
        WebServerError: the port cannot be used.
        ExampleLoginError: the demo's login would be open to other machines.
    """
    if settings.telegram_token is None and not settings.web:
        raise NothingToServeError(
            "no channel is configured: set TELEGRAM_TOKEN (from BotFather) in the environment "
            "or in .env, or leave WEB on"
        )
    _refuse_example_login(settings, database)
    stop = stopped_by_signals()
    arrived, answered, handled, watchers = Bells(), Bells(), Bells(), Watchers()
    jobs = hear_others(database, stop, arrived, answered, handled, watchers)
    channel = telegram_of(settings, database, arrived.ring)
    meter: Meter = NoMeter()
    if settings.web:
        # here, because a bot without web pages need not load them
        from bot.metrics import Metrics
        from bot.web.running import web_jobs

        more = _webhook(settings, channel)
        meter = metrics = Metrics(database)
        knowledge = assistant.knowledge
        jobs += web_jobs(
            settings,
            database,
            knowledge,
            stop,
            arrived,
            answered,
            on_web,
            more,
            metrics,
            bot_name=lambda: channel.name if channel else None,
            watchers=watchers,
        )
    worker = worker_of(settings, database, assistant, watchers, answered.ring, meter)
    if settings.workers == "here":
        jobs.append(handle(worker, stop, arrived.new(), handled))
    watch = Watch(database, teller_of(settings, assistant.knowledge))
    looks = handled.add(answered.new())
    alone: dict[str, Job] = {
        "tidy": lambda over: _tidy(worker, over),
        "signals": lambda over: watch.run(over, looks),
    }
    if channel is not None:
        jobs.append(Delivery(database, channel.delivery, meter).run(stop, answered.new()))
        if settings.telegram_webhook_secret is None:
            alone["telegram"] = lambda over: _polled(channel, over, stop)
            if database.is_shared:
                jobs.append(_introduced(channel, stop))
        else:
            jobs.append(_webhook_told(settings, channel, stop))
    mail = mail_of(settings)
    if mail is not None:
        jobs.append(Delivery(database, mail, meter).run(stop, answered.new()))
    jobs += _by_one_process(database, alone, stop)
    await do_all(jobs, channel)


def _by_one_process(
    database: Database, jobs: Mapping[str, Job], stop: asyncio.Event
) -> list[Coroutine[Any, Any, None]]:
    """What does these jobs while no other process does; with SQLite there is none."""
    if not database.is_shared:
        return [job(stop) for job in jobs.values()]
    from bot.alone import Alone  # its library comes with PostgreSQL

    return [Alone(database, jobs).run(stop)]


def _webhook(settings: Settings, channel: "Telegram | None") -> list["APIRouter"]:
    """The route by which Telegram sends updates, when that is switched on."""
    if channel is None or settings.telegram_webhook_secret is None:
        return []
    from bot.web.telegram_webhook import Webhook, router

    return [router(Webhook(channel.inbox, settings.telegram_webhook_secret.get_secret_value()))]


async def _polled(channel: "Telegram", over: asyncio.Event, stop: asyncio.Event) -> None:
    """Fetch updates until `over` is set; when that cannot go on, all stops."""
    # here and below, because its library is large and not everybody has a bot
    from bot import telegram

    try:
        await telegram.run_polling(channel, over)
    except telegram.PollingStopped:
        stop.set()
        raise


async def _webhook_told(settings: Settings, channel: "Telegram", stop: asyncio.Event) -> None:
    """Have Telegram send updates."""
    from bot import telegram
    from bot.web.telegram_webhook import PATH

    secret = settings.telegram_webhook_secret
    if secret is None:
        return
    url = f"{settings.public_url}{PATH}"
    try:
        await telegram.run_webhook(channel, url, secret.get_secret_value(), stop)
    except telegram.PollingStopped:
        stop.set()
        raise


async def _introduced(channel: "Telegram", stop: asyncio.Event) -> None:
    """Learn how the bot is called, also where another process polls: the desk links to it."""
    from telegram.error import TelegramError

    while not stop.is_set():
        with suppress(TelegramError):  # whoever polls tells what is wrong
            await channel.bot.initialize()
            return
        await first_of(INTRODUCED_AFTER_S, stop)


def _refuse_example_login(settings: Settings, database: Database) -> None:
    if not settings.web or settings.is_local:
        return
    with database.reading() as work:
        if work.officers.has_active_example():
            raise ExampleLoginError(
                "the login of the demo, whose password is public, is in this database: use a "
                "DATA_DIR of your own, or run regiowijzer users deactivate with its address"
            )


async def _tidy(worker: Worker, stop: asyncio.Event) -> None:
    """Erase what is kept no longer, each hour, beside the work; what failed waits for the next."""
    while not stop.is_set():
        try:
            await asyncio.to_thread(worker.tidy)
        except Exception as error:  # nothing may end it
            told = {"wait_s": TIDY_EVERY_S}
            LOGGER.error("what is kept no longer was not erased", exc_info=error, extra=told)
        await first_of(TIDY_EVERY_S, stop)
