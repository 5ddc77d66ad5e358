"""Sends what is new in a mailbox to an open page, as server-sent events."""

import asyncio
from collections.abc import AsyncIterator

from bot.bells import first_of
from bot.web.channel import Watchers
from bot.web.context import ChatContext
from bot.web.pages import Pages
from bot.web.show import CONTEXT, show
from bot.web.visitor import visitor_of
from bottlenecks.store import Database

# it is told of what is new; it looks so often in case that was lost, and whether the visitor is
# still let in (which is asked before anything is shown as well)
LOOK_S = 60.0
# where another process may be gone before it told
LOOK_SHARED_S = 25.0
HEARTBEAT_S = 15.0
RETRY_MS = 1500
# how many messages are read at once
MOST = 100
# several replies to one message come shortly after each other
QUIET_S = 0.25


async def events(chat: ChatContext, pages: Pages, token: str, after: int) -> AsyncIterator[str]:
    """The messages after `after`, then each new one; a heartbeat while nothing comes.

    Ends when the process stops, and with the event `dicht` when the visitor is let in no longer.
    """
    loop = asyncio.get_running_loop()
    look_s = LOOK_SHARED_S if chat.database.is_shared else LOOK_S
    yield f"retry: {RETRY_MS}\n\n"
    said_at = loop.time()
    account_id = await asyncio.to_thread(_account_of, chat, token)
    if account_id is None:
        return
    with chat.watchers.watch(account_id) as bell:
        look_at = 0.0
        while not chat.stop.is_set():
            if bell.is_set() or loop.time() >= look_at:
                bell.clear()
                look_at = loop.time() + look_s
                fragments = await asyncio.to_thread(_new, chat, pages, token, after)
                if fragments is None:
                    yield "event: dicht\ndata:\n\n"
                    return
                for message_id, html in fragments:
                    yield _event(message_id, html)
                    after, said_at = message_id, loop.time()
                # what comes while it looks sets the bell, so a short list is complete
                if len(fragments) == MOST:
                    look_at = 0.0
                    continue
            if loop.time() - said_at >= HEARTBEAT_S:
                yield "event: hartslag\ndata:\n\n"
                said_at = loop.time()
            rest_s = min(HEARTBEAT_S, max(0.0, look_at - loop.time()))
            await first_of(rest_s, bell, chat.stop)


async def answered(
    database: Database, watchers: Watchers, account_id: str, after: int, timeout_s: float
) -> None:
    """Wait until there are replies after the message `after`, and no more seem to come."""
    loop = asyncio.get_running_loop()
    end = loop.time() + timeout_s
    seen = after
    with watchers.watch(account_id) as bell:
        while (left_s := end - loop.time()) > 0:
            bell.clear()
            latest = await asyncio.to_thread(_latest_reply, database, account_id, after)
            if seen < latest:
                seen = latest
            elif seen > after:
                return
            await first_of(min(left_s, QUIET_S), bell)


def _account_of(chat: ChatContext, token: str) -> str | None:
    with chat.database.reading() as work:
        return visitor_of(work, token, chat.access).account_id


def _new(chat: ChatContext, pages: Pages, token: str, after: int) -> list[tuple[int, str]] | None:
    """New messages as fragments; None when the visitor is let in no longer."""
    with chat.database.reading() as work:
        visitor = visitor_of(work, token, chat.access)
        if visitor.account_id is None or not visitor.admitted:
            return None
        messages = work.mailbox.since(visitor.account_id, after, MOST)
        if not messages:
            return []
        before = work.mailbox.before(visitor.account_id, messages[0].id, CONTEXT)
    shown = show(messages, before=before, titles=chat.titles)
    return [(one.id, pages.fragment(one)) for one in shown]


def _latest_reply(database: Database, account_id: str, after: int) -> int:
    with database.reading() as work:
        ids = [m.id for m in work.mailbox.since(account_id, after) if not m.is_said]
    return ids[-1] if ids else after


def _event(message_id: int, html: str) -> str:
    data = "".join(f"data: {line}\n" for line in html.splitlines())
    return f"id: {message_id}\n{data}\n"
