"""Replies, broadcasts and those who deliver them, on SQLite or PostgreSQL."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from uuid import uuid4

from sqlalchemy import delete

from bot import telegram
from bot.delivery import Delivery
from bottlenecks.crypto import Cipher
from bottlenecks.models import InboxItem, OutboxItem, SendingPause, SendingSlot
from bottlenecks.roles import EVERYWHERE, Role
from bottlenecks.store import Database, open_database
from bottlenecks.store.outbox import Outgoing
from bottlenecks.store.pace import Rate
from dialogues.reply import Reply
from tests.conftest import SECRET, Clock
from tests.postgres_server import empty_database
from tests.telegram_api import FakeBotApi

REGION = "utrecht"


@contextmanager
def opened(url: str, clock: Clock, times: int = 1) -> Iterator[list[Database]]:
    """The database, opened as so many processes would."""
    with ExitStack() as stack:
        yield [
            stack.enter_context(open_database(url, Cipher(SECRET), clock=clock))
            for _ in range(times)
        ]


def url_of(kind: str, server: str, folder: Path) -> str:
    """A new database: kind is sqlite or postgresql."""
    if kind == "sqlite":
        return f"sqlite:///{folder / 'outbox.db'}"
    name = f"outbox_{uuid4().hex}"
    empty_database(server, name).dispose()
    return f"{server.rsplit('/', 1)[0]}/{name}"


def emptied(databases: Sequence[Database]) -> Sequence[Database]:
    """The same, as if nothing was ever sent: opening a new one for each example takes long."""
    with databases[0].engine.begin() as connection:
        for table in (OutboxItem, InboxItem, SendingSlot, SendingPause):
            connection.execute(delete(table))
    return databases


def answer(database: Database, user_id: int, *texts: str) -> None:
    """Answers to a message of this user."""
    with database.work() as work:
        to = work.accounts.find_or_create(telegram.CHANNEL, str(user_id), str(user_id)).id
        work.inbox.receive(telegram.CHANNEL, uuid4().hex, "{}")
        received = work.inbox.next()
        assert received is not None
        work.inbox.done(received.id)
        for text in texts:
            work.outbox.add(to, Reply(text=text).model_dump_json(), received.id)


def broadcast(database: Database, user_ids: Sequence[int], text: str) -> str:
    """A message to all of these users; gives its id."""
    with database.work() as work:
        to = [
            work.accounts.find_or_create(telegram.CHANNEL, str(one), str(one)).id
            for one in user_ids
        ]
        officer = work.officers.add(f"{uuid4().hex}@rho.example", "Bo", Role.ADMIN, EVERYWHERE)
        sent = work.regional.begin_broadcast(REGION, text, created_by=officer)
        work.outbox.add_broadcast(to, Reply(text=text).model_dump_json(), sent)
    return sent


def counts(database: Database) -> dict[str, int]:
    """How many replies are in each status."""
    with database.reading() as work:
        return {status: work.outbox.count(status) for status in ("pending", "sent", "dead")}


def texts(api: FakeBotApi, user_id: int) -> list[str]:
    """What a user got."""
    return [sent.text for sent in api.user(user_id).messages]


class Noting:
    """A channel with Telegram's name that remembers what it delivered, in order."""

    name = telegram.CHANNEL

    def __init__(self, rate: Rate) -> None:
        """`rate` is what it takes."""
        self.rate = rate
        self.delivered: list[tuple[str, str]] = []

    async def deliver(self, item: Outgoing) -> None:
        """Remember the address and the text."""
        self.delivered.append((item.address, Reply.model_validate_json(item.payload).text))


async def over_telegram(
    api: FakeBotApi, databases: Sequence[Database], clock: Clock, rounds: int, step_s: float = 1.1
) -> list[int]:
    """Deliver by one process for each database, all at once, so many times; gives the totals."""
    channels = [telegram.build(api.token, one, lambda: None, api.url) for one in databases]
    deliveries = [
        Delivery(one, channel.delivery) for one, channel in zip(databases, channels, strict=True)
    ]
    totals = []
    try:
        for _ in range(rounds):
            totals.append(sum(await asyncio.gather(*(one.deliver_due() for one in deliveries))))
            clock.forward(step_s)
    finally:
        for channel in channels:
            await telegram.close(channel)
    return totals
