"""The Telegram channel: with the other modules `telegram_*`, all that knows Telegram."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from telegram import BotCommand, LinkPreviewOptions, Update
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)
from telegram.ext import AIORateLimiter, ExtBot, Updater

from bot.channel import RetryLater, Unreachable
from bot.limits import Pace
from bot.menu import COMMANDS
from bot.telegram_format import Parsed, marks, parse, render
from bot.telegram_inbox import CHANNEL, MAX_PAUSE_S, ONLY_PRIVATE, TOO_FAST, TelegramInbox
from bottlenecks.store import Database
from bottlenecks.store.outbox import Outgoing
from bottlenecks.store.pace import Rate
from dialogues.privacy_statement import READ_MORE
from dialogues.reply import Reply

__all__ = [
    "CHANNEL",
    "ONLY_PRIVATE",
    "PRIVACY_NOTICE",
    "TOO_FAST",
    "Parsed",
    "PollingStopped",
    "Telegram",
    "TelegramDelivery",
    "TelegramInbox",
    "build",
    "close",
    "parse",
    "render",
    "run_polling",
    "run_webhook",
]

LOGGER = logging.getLogger(__name__)

API_ROOT = "https://api.telegram.org"
POLL_TIMEOUT_S = 30
ALLOWED_UPDATES = (Update.MESSAGE, Update.EDITED_MESSAGE, Update.CALLBACK_QUERY)
# what Telegram takes of one bot, and what broadcasts may use of that: the rest is left to answers
PER_SECOND = 30
BROADCASTS_PER_SECOND = 20
# a refused token is the operator's to mend: replies wait, and do not count it as an attempt
TOKEN_PAUSE_S = 300.0

TOKEN_REFUSED = "Telegram refuses the bot's token: check it, or have @BotFather make a new one"
PRIVACY_NOTICE = (
    "Let op: wat je hier typt, gaat via de servers van Telegram. Typ dus geen patiëntgegevens: "
    "geen namen, geboortedata, BSN, adressen of telefoonnummers van patiënten.\n\n" + READ_MORE
)


class PollingStopped(Exception):
    """Telegram can no longer be polled; the message tells an operator what to do."""


class TelegramDelivery:
    """Sends replies; a `bot.channel.Channel`."""

    name = CHANNEL

    def __init__(self, bot: ExtBot[Any]) -> None:
        """`bot` sends."""
        self._bot = bot
        self.rate = Rate(PER_SECOND, BROADCASTS_PER_SECOND, messages_in)

    async def deliver(self, item: Outgoing) -> None:
        """Send a reply; its messages that an earlier attempt sent are not sent again."""
        sent = item.sent_messages
        try:
            reply = Reply.model_validate_json(item.payload)
            parts = render(reply)
            chat_id = int(item.address)
            for text, keyboard in parts[sent:]:
                await self._bot.send_message(
                    chat_id,
                    text,
                    entities=marks(text) or None,
                    reply_markup=keyboard,
                    link_preview_options=LinkPreviewOptions(is_disabled=True),
                )
                sent += 1
            for file in reply.files[max(0, sent - len(parts)) :]:
                await self._bot.send_document(chat_id, file.as_bytes(), filename=file.name)
                sent += 1
        except RetryAfter as error:
            # Telegram does not say whether it means this chat or the bot: everyone waits
            wait_s = _seconds(error)
            raise RetryLater("RetryAfter", wait_s, sent_messages=sent, for_all=True) from error
        except InvalidToken as error:
            raise RetryLater("InvalidToken", TOKEN_PAUSE_S, sent_messages=sent) from error
        except (Forbidden, BadRequest, ChatMigrated, ValidationError, ValueError) as error:
            raise Unreachable(type(error).__name__) from error
        except TelegramError as error:
            raise RetryLater(type(error).__name__, sent_messages=sent) from error


def messages_in(payload: str) -> int:
    """How many messages Telegram gets for a reply; 1 for what is none, which will be refused."""
    try:
        reply = Reply.model_validate_json(payload)
        return len(render(reply)) + len(reply.files)
    except ValueError:
        return 1


def _seconds(error: RetryAfter) -> float:
    """How long Telegram asks to wait."""
    # the public attribute warns that its type will change, whatever one does with it
    return error._retry_after.total_seconds()


@dataclass(frozen=True)
class Telegram:
    """The parts of the channel that belong together."""

    bot: ExtBot[Any]
    inbox: TelegramInbox
    updater: Updater
    delivery: TelegramDelivery

    @property
    def name(self) -> str | None:
        """By which people find the bot; None until Telegram was reached."""
        try:
            return self.bot.username
        except RuntimeError:
            return None


def build(
    token: str,
    database: Database,
    wake: Callable[[], None],
    api_root: str = API_ROOT,
    pace: Pace | None = None,
) -> Telegram:
    """Make the parts, where an event loop runs; no request is sent yet."""
    # these log the token, in URLs, or what people wrote
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("telegram").setLevel(logging.CRITICAL)
    # a second line behind the rate that all processes keep; trying again is the outbox's work
    limiter = AIORateLimiter(max_retries=0)
    bot: ExtBot[Any] = ExtBot(token, f"{api_root.rstrip('/')}/bot", rate_limiter=limiter)
    inbox = TelegramInbox(database, bot, wake, pace)
    return Telegram(bot, inbox, Updater(bot, inbox), TelegramDelivery(bot))


async def run_polling(telegram: Telegram, stop: asyncio.Event) -> None:
    """Take updates until `stop` is set; waits for Telegram as long as it cannot be reached.

    Raises:
        PollingStopped: Telegram refuses the token, or polling ended by itself.
    """
    stopping = asyncio.create_task(stop.wait())
    running = asyncio.create_task(_poll(telegram))
    try:
        await asyncio.wait((stopping, running), return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            running.result()
    except InvalidToken:
        # `from None`: the library's message holds the token
        raise PollingStopped(TOKEN_REFUSED) from None
    finally:
        stopping.cancel()
        running.cancel()
        await asyncio.wait((stopping, running))
        if telegram.updater.running:
            with suppress(Exception):  # it raises again what ended the polling
                await telegram.updater.stop()
        await telegram.inbox.drain()


async def run_webhook(telegram: Telegram, url: str, secret: str, stop: asyncio.Event) -> None:
    """Have Telegram send updates to `url`, with `secret` in a header, until `stop` is set.

    The web application takes them. They wait at Telegram while this process is away, so Telegram
    is not told to stop.

    Raises:
        PollingStopped: Telegram refuses the token.
    """
    stopping = asyncio.create_task(stop.wait())
    telling = asyncio.create_task(_tell_webhook(telegram, url, secret))
    try:
        await asyncio.wait((stopping, telling), return_when=asyncio.FIRST_COMPLETED)
        if telling.done():
            telling.result()
        await stopping
    except InvalidToken:
        raise PollingStopped(TOKEN_REFUSED) from None  # the library's message holds the token
    finally:
        stopping.cancel()
        telling.cancel()
        await asyncio.wait((stopping, telling))
        await telegram.inbox.drain()


async def close(telegram: Telegram) -> None:
    """Close the connections; after polling and delivery have stopped."""
    await telegram.updater.shutdown()
    await telegram.bot.shutdown()


async def _poll(telegram: Telegram) -> None:
    """Start polling and watch it."""
    await _until_reached(telegram.updater.initialize)
    await _show_commands(telegram.bot)
    before = asyncio.all_tasks()

    async def start() -> None:
        await telegram.updater.start_polling(
            timeout=POLL_TIMEOUT_S,
            allowed_updates=ALLOWED_UPDATES,
            error_callback=_log_polling_error,
        )

    await _until_reached(start)
    LOGGER.info("polling Telegram")
    # the Updater tells nobody when its task ends
    for task in asyncio.all_tasks() - before:
        if task.get_name() == "Updater:start_polling:polling_task":
            await asyncio.wait((task,))
            if not task.cancelled() and isinstance(task.exception(), InvalidToken):
                task.result()
    raise PollingStopped("polling Telegram ended unexpectedly: start regiowijzer again")


async def _tell_webhook(telegram: Telegram, url: str, secret: str) -> None:
    """Tell Telegram where to send updates."""
    await _until_reached(telegram.bot.initialize)
    await _show_commands(telegram.bot)

    async def tell() -> None:
        await telegram.bot.set_webhook(url, secret_token=secret, allowed_updates=ALLOWED_UPDATES)

    await _until_reached(tell)
    LOGGER.info("Telegram sends updates to the webhook")


async def _show_commands(bot: ExtBot[Any]) -> None:
    with suppress(TelegramError):
        await bot.set_my_commands(
            [BotCommand(name, about) for name, (_, about) in COMMANDS.items()]
        )


async def _until_reached(action: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Try until Telegram answers; a refused token is not tried again."""
    pause_s = 1.0
    while True:
        try:
            return await action()
        except InvalidToken:
            raise
        except TelegramError as error:
            told = {"channel": CHANNEL, "wait_s": pause_s}
            LOGGER.warning("Telegram not reached", exc_info=error, extra=told)
        await asyncio.sleep(pause_s)
        pause_s = min(pause_s * 2, MAX_PAUSE_S)


def _log_polling_error(error: TelegramError) -> None:
    LOGGER.warning("polling Telegram failed", exc_info=error, extra={"channel": CHANNEL})
