"""One process for all channels that are configured; now Telegram."""

import asyncio
import logging
import signal
from contextlib import suppress

from bot import telegram
from bot.application import Checkpoint, no_checkpoint
from bot.delivery import Delivery
from bot.settings import Settings
from bot.worker import Opened, Worker
from bottlenecks.store import Database
from dialogues.assistant import Assistant

LOGGER = logging.getLogger(__name__)
# how long the worker rests when something outside it fails, in seconds
PAUSE_S = 1.0
# how often what nobody needs any more is erased, in seconds
TIDY_EVERY_S = 3600.0


class NothingToServeError(Exception):
    """No channel is configured."""


def read_telegram(payload: str) -> Opened:
    """Read a stored Telegram update."""
    parsed = telegram.parse(payload)
    return Opened(
        parsed.outside_id,
        parsed.address,
        parsed.incoming,
        direct=parsed.direct,
        notice=telegram.PRIVACY_NOTICE,
    )


async def serve(
    settings: Settings,
    database: Database,
    assistant: Assistant,
    checkpoint: Checkpoint = no_checkpoint,
) -> None:
    """Run until the process is told to stop (SIGINT, SIGTERM) or a channel cannot go on.

    Raises:
        NothingToServeError: there is no Telegram token.
        PollingStopped: Telegram refused the token, or another process polls with it.
    """
    if settings.telegram_token is None:
        raise NothingToServeError(
            "no channel is configured: set TELEGRAM_TOKEN (from BotFather) in the environment "
            "or in .env, or try regiowijzer chat"
        )
    loop = asyncio.get_running_loop()
    stop, arrived, answered = asyncio.Event(), asyncio.Event(), asyncio.Event()
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError, RuntimeError):  # only the main thread may
            loop.add_signal_handler(signal_number, stop.set)

    def wake() -> None:
        loop.call_soon_threadsafe(arrived.set)

    channel = telegram.build(
        settings.telegram_token.get_secret_value(),
        database,
        wake,
        settings.telegram_api_url,
    )
    worker = Worker(database, assistant, {telegram.CHANNEL: read_telegram}, checkpoint)
    delivery = Delivery(database, channel.delivery, checkpoint)
    try:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(_work(worker, stop, arrived, answered))
            tasks.create_task(delivery.run(stop, answered))
            tasks.create_task(_poll(channel, stop))
    finally:
        await telegram.close(channel)


async def _poll(channel: telegram.Telegram, stop: asyncio.Event) -> None:
    try:
        await telegram.run_polling(channel, stop)
    finally:
        stop.set()


async def _work(
    worker: Worker, stop: asyncio.Event, arrived: asyncio.Event, answered: asyncio.Event
) -> None:
    """Handle updates until told to stop; a failing database is tried again."""
    loop = asyncio.get_running_loop()
    tidied_at = -TIDY_EVERY_S
    while not stop.is_set():
        arrived.clear()
        try:
            handled = await asyncio.to_thread(worker.handle_next)
            if handled is None and loop.time() - tidied_at >= TIDY_EVERY_S:
                await asyncio.to_thread(worker.tidy)
                tidied_at = loop.time()
        except Exception as error:  # noqa: BLE001  (nothing may end the worker)
            LOGGER.error("worker: %s", type(error).__name__)
            await asyncio.sleep(PAUSE_S)
            continue
        if handled is not None:
            answered.set()
            continue
        with suppress(TimeoutError):
            await asyncio.wait_for(_either(arrived, stop), timeout=PAUSE_S)


async def _either(first: asyncio.Event, second: asyncio.Event) -> None:
    waits = [asyncio.ensure_future(event.wait()) for event in (first, second)]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
