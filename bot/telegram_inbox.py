"""Stores what comes from Telegram; part of `bot.telegram`, which is what to import."""

import asyncio
import logging
import re
import time
from collections.abc import Callable, Coroutine
from typing import Any

from telegram import CallbackQuery, Message, Update
from telegram.ext import ExtBot

from bot.limits import Pace
from bottlenecks.store import Database
from bottlenecks.store.outage import described

LOGGER = logging.getLogger(__name__)

CHANNEL = "telegram"
MAX_PAUSE_S = 60.0
# what is older waited at Telegram while this process was away, and says nothing of how fast
# someone types: none of it may be lost
FRESH_S = 60.0
# how long after the first dropped update their number is logged
DROPS_LOGGED_AFTER_S = 60.0

TOO_FAST = (
    "Je stuurt veel berichten achter elkaar. Wat je nu stuurt, lees ik niet. Wacht een minuut en "
    "stuur het dan opnieuw."
)
ONLY_PRIVATE = "Stuur me een privébericht. In een groep bewaar ik niets."


class TelegramInbox(asyncio.Queue[object]):
    """Takes updates from the Updater: stored before Telegram may forget them, never queued."""

    def __init__(
        self,
        database: Database,
        bot: ExtBot[Any],
        wake: Callable[[], None],
        pace: Pace | None = None,
    ) -> None:
        """`wake` is called, on the event loop, after an update was stored."""
        super().__init__()
        self._pace = pace or Pace()
        self._dropped = 0
        self._database = database
        self._bot = bot
        self._wake = wake
        self._tasks: set[asyncio.Task[None]] = set()

    async def put(self, item: object) -> None:
        """Store an update. Returns only when that is done, however long it takes.

        Of a user who goes too fast nothing is stored; it is told so once a minute.
        """
        if not isinstance(item, Update):
            return
        query, chat = item.callback_query, item.effective_chat
        if chat is not None and chat.type != chat.PRIVATE:
            if query is not None:
                self._in_background(self._bot.answer_callback_query(query.id))
            elif item.message is not None and self._is_addressed(item.message):
                if self._goes_too_fast(item):
                    self._drop()
                else:
                    self._in_background(self._bot.send_message(chat.id, ONLY_PRIVATE))
            return
        if self._goes_too_fast(item):
            if chat is not None and self._pace.may_be_told(str(chat.id)):
                self._in_background(self._bot.send_message(chat.id, TOO_FAST))
            self._drop()
            return
        pause_s = 0.5
        while True:
            try:
                await asyncio.to_thread(self._store, item)
                break
            except Exception as error:  # any other end would lose the update or end the polling
                told: dict[str, object] = {"channel": CHANNEL, "wait_s": pause_s}
                told["update_id"] = item.update_id
                told["reason"] = described(error)
                LOGGER.error("update not stored", exc_info=error, extra=told)
                await asyncio.sleep(pause_s)
                pause_s = min(pause_s * 2, MAX_PAUSE_S)
        if query is not None:
            self._in_background(self._bot.answer_callback_query(query.id))
            self._in_background(self._disarm(query))
        self._wake()

    async def drain(self) -> None:
        """Wait for the small requests that run in the background."""
        self._log_dropped()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _goes_too_fast(self, update: Update) -> bool:
        """Count an update of a user, unless it waited at Telegram."""
        user, message = update.effective_user, update.message or update.edited_message
        if user is None:
            return False
        if message is not None:
            sent_at = (message.edit_date or message.date).timestamp()
            if time.time() - sent_at > FRESH_S:
                return False
        return self._pace.message(str(user.id)) > 0

    def _drop(self) -> None:
        self._dropped += 1
        if self._dropped == 1:
            asyncio.get_running_loop().call_later(DROPS_LOGGED_AFTER_S, self._log_dropped)

    def _log_dropped(self) -> None:
        if self._dropped:
            told = {"channel": CHANNEL, "number": self._dropped}
            LOGGER.warning("updates dropped, sent too fast", extra=told)
            self._dropped = 0

    def _store(self, update: Update) -> None:
        user = update.effective_user
        sender = None if user is None else str(user.id)
        with self._database.work() as work:
            work.inbox.receive(CHANNEL, str(update.update_id), update.to_json(), sender)

    def _is_addressed(self, message: Message) -> bool:
        """Whether a message in a group is meant for this bot."""
        text, name = (message.text or message.caption or "").lower(), self._bot.username.lower()
        if text.startswith("/"):
            command = text.split()[0]
            return "@" not in command or command.endswith(f"@{name}")
        replied = message.reply_to_message
        answers_bot = replied and replied.from_user and replied.from_user.id == self._bot.id
        return bool(answers_bot) or re.search(rf"@{re.escape(name)}\b", text) is not None

    async def _disarm(self, query: CallbackQuery) -> None:
        """Take the buttons away from under the message whose button was tapped."""
        if query.message is not None:
            await self._bot.edit_message_reply_markup(
                chat_id=query.message.chat.id, message_id=query.message.message_id
            )

    def _in_background(self, request: Coroutine[Any, Any, object]) -> None:
        async def attempt() -> None:
            try:
                await request
            except Exception as error:  # nothing depends on it
                LOGGER.info("small request failed", exc_info=error, extra={"channel": CHANNEL})

        task = asyncio.create_task(attempt())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
