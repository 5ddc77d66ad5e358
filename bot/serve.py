"""One process for all channels: Telegram when it is configured, chat and desk in the browser."""

import asyncio
import logging
import signal
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from bot import telegram
from bot.admission import Door
from bot.bells import Bells
from bot.delivery import Delivery
from bot.limits import Pace
from bot.mail import mail_of
from bot.meter import Meter, NoMeter
from bot.settings import Settings
from bot.signals import Watch, teller_of
from bot.worker import Opened, Opener, Worker
from bottlenecks.store import Database
from bottlenecks.store.outage import described
from dialogues.assistant import Assistant

if TYPE_CHECKING:
    from fastapi import APIRouter

LOGGER = logging.getLogger(__name__)
# how long the worker rests when something outside it fails, in seconds
PAUSE_S = 1.0
# how often what nobody needs any more is erased, in seconds
TIDY_EVERY_S = 3600.0


class NothingToServeError(Exception):
    """No channel is configured."""


class ExampleLoginError(Exception):
    """The login of the demo, whose password is public, would be open to other machines."""


def read_telegram(payload: str) -> Opened:
    """Read a stored Telegram update."""
    parsed = telegram.parse(payload)
    return Opened(
        parsed.outside_id,
        parsed.address,
        parsed.incoming,
        direct=parsed.direct,
        notice=telegram.PRIVACY_NOTICE,
        code=parsed.code,
    )


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
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError, RuntimeError):  # only the main thread may
            loop.add_signal_handler(signal_number, stop.set)
    arrived, answered = Bells(), Bells()
    openers: dict[str, Opener] = {}
    jobs: list[Coroutine[Any, Any, None]] = []
    channel = _telegram(settings, database, arrived)
    meter: Meter = NoMeter()
    if settings.web:
        # here, because a bot without web pages need not load them
        from bot.metrics import Metrics
        from bot.web.channel import CHANNEL, read_web
        from bot.web.running import web_jobs

        openers[CHANNEL] = read_web
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
        )
    if channel is not None:
        openers[telegram.CHANNEL] = read_telegram
        delivery = Delivery(database, channel.delivery, meter)
        jobs += [delivery.run(stop, answered.new()), _take_updates(settings, channel, stop)]
    mail = mail_of(settings)
    if mail is not None:
        jobs.append(Delivery(database, mail, meter).run(stop, answered.new()))
    watch = Watch(database, teller_of(settings, assistant.knowledge))
    jobs.append(watch.run(stop, answered.new()))
    kept_days = settings.keep_closed_reports_days
    # the browser closes its pages itself
    door = Door({telegram.CHANNEL} if settings.chat_access == "invited" else ())
    worker = Worker(database, assistant, openers, kept_days, meter, door)
    jobs += [_work(worker, stop, arrived.new(), answered), _tidy(worker, stop)]
    try:
        async with asyncio.TaskGroup() as tasks:
            for job in jobs:
                tasks.create_task(job)
    finally:
        if channel is not None:
            await telegram.close(channel)


def _telegram(settings: Settings, database: Database, arrived: Bells) -> telegram.Telegram | None:
    if settings.telegram_token is None:
        return None
    return telegram.build(
        settings.telegram_token.get_secret_value(),
        database,
        arrived.ring,
        settings.telegram_api_url,
        Pace(settings.chat_per_minute),
    )


def _webhook(settings: Settings, channel: telegram.Telegram | None) -> list["APIRouter"]:
    """The route by which Telegram sends updates, when that is switched on."""
    if channel is None or settings.telegram_webhook_secret is None:
        return []
    from bot.web.telegram_webhook import Webhook, router

    return [router(Webhook(channel.inbox, settings.telegram_webhook_secret.get_secret_value()))]


async def _take_updates(
    settings: Settings, channel: telegram.Telegram, stop: asyncio.Event
) -> None:
    """Have Telegram send updates, or fetch them."""
    secret = settings.telegram_webhook_secret
    try:
        if secret is None:
            await telegram.run_polling(channel, stop)
        else:
            from bot.web.telegram_webhook import PATH

            url = f"{settings.public_url}{PATH}"
            await telegram.run_webhook(channel, url, secret.get_secret_value(), stop)
    finally:
        stop.set()


def _refuse_example_login(settings: Settings, database: Database) -> None:
    if not settings.web or settings.is_local:
        return
    with database.reading() as work:
        if work.officers.has_active_example():
            raise ExampleLoginError(
                "the login of the demo, whose password is public, is in this database: use a "
                "DATA_DIR of your own, or run regiowijzer users deactivate with its address"
            )


async def _work(
    worker: Worker, stop: asyncio.Event, arrived: asyncio.Event, answered: Bells
) -> None:
    """Handle updates until told to stop; a failing database is tried again."""
    while not stop.is_set():
        arrived.clear()
        try:
            handled = await asyncio.to_thread(worker.handle_next)
        except Exception as error:  # nothing may end the worker
            told = {"wait_s": PAUSE_S, "reason": described(error)}
            LOGGER.error("the inbox cannot be used", exc_info=error, extra=told)
            await asyncio.sleep(PAUSE_S)
            continue
        if handled is not None:
            answered.ring()
            continue
        with suppress(TimeoutError):
            await asyncio.wait_for(_either(arrived, stop), timeout=PAUSE_S)


async def _tidy(worker: Worker, stop: asyncio.Event) -> None:
    """Erase what is kept no longer, each hour, beside the work; what failed waits for the next."""
    while not stop.is_set():
        try:
            await asyncio.to_thread(worker.tidy)
        except Exception as error:  # nothing may end it
            told = {"wait_s": TIDY_EVERY_S}
            LOGGER.error("what is kept no longer was not erased", exc_info=error, extra=told)
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), timeout=TIDY_EVERY_S)


async def _either(first: asyncio.Event, second: asyncio.Event) -> None:
    waits = [asyncio.ensure_future(event.wait()) for event in (first, second)]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
