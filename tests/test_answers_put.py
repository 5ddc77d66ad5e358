"""An answer in the browser is put where it is read in the transaction that makes it."""

import asyncio

import pytest
from sqlalchemy import text

from bot.delivery import Delivery
from bot.meter import Delivered, NoMeter
from bot.web.channel import ADDRESS, CHANNEL, Watchers, WebDelivery, as_payload, read_web
from bot.worker import Worker
from bottlenecks.store import Database
from bottlenecks.store.mailbox import Message
from dialogues.assistant import Assistant
from dialogues.reply import Incoming, Reply

TOKEN = "t" * 43
QUESTION = "wie coördineert het noodplan?"


class Told(Watchers):
    """Remembers whose page was told."""

    def __init__(self) -> None:
        super().__init__()
        self.accounts: list[str] = []

    def notify(self, account_id: str) -> None:
        self.accounts.append(account_id)
        super().notify(account_id)


class Counted(NoMeter):
    """Remembers what was delivered."""

    def __init__(self) -> None:
        self.delivered_on: list[tuple[str, str]] = []

    def delivered(self, channel: str, result: Delivered) -> None:
        self.delivered_on.append((channel, result))


class Room:
    """A worker and the browser of one visitor."""

    def __init__(self, database: Database, assistant: Assistant) -> None:
        self.database = database
        self.watchers, self.meter = Told(), Counted()
        self.rung = 0
        self.channel = WebDelivery(database, self.watchers)
        self.worker = Worker(
            database,
            assistant,
            {CHANNEL: read_web},
            meter=self.meter,
            stored=[self.channel],
            ring=self._ring,
        )
        with database.work() as work:
            self.account_id = work.accounts.find_or_create(CHANNEL, TOKEN, ADDRESS).id

    def asks(self, number: int) -> None:
        payload = as_payload(TOKEN, Incoming(text=QUESTION))
        with self.database.work() as work:
            work.inbox.receive(CHANNEL, str(number), payload, TOKEN)

    @property
    def replies(self) -> list[Message]:
        with self.database.reading() as work:
            return work.mailbox.latest(self.account_id)

    def count(self, status: str) -> int:
        with self.database.reading() as work:
            return work.outbox.count(status)

    def _ring(self) -> None:
        self.rung += 1


@pytest.fixture
def room(database: Database, assistant: Assistant) -> Room:
    return Room(database, assistant)


def test_it_is_there_when_the_message_was_handled(room: Room) -> None:
    room.asks(1)
    assert room.worker.handle_next() is not None
    [reply] = room.replies
    assert "geen enkele partij is standaard" in reply.payload
    assert (room.count("pending"), room.count("sent")) == (0, 1)
    assert room.watchers.accounts == [room.account_id]
    assert room.meter.delivered_on == [(CHANNEL, "delivered")]
    assert room.rung == 0  # there is nothing for anybody to deliver
    with room.database.engine.connect() as connection:
        kept = connection.execute(text("SELECT payload, sent_at FROM outbox")).one()
    assert kept.payload is None and kept.sent_at is not None


def test_what_waits_for_the_same_account_goes_first(room: Room) -> None:
    with room.database.work() as work:
        work.outbox.add(room.account_id, Reply(text="Van je RHO").model_dump_json())
    room.asks(1)
    room.worker.handle_next()
    assert room.replies == [] and room.count("pending") == 2
    assert room.watchers.accounts == [] and room.rung == 1
    delivery = Delivery(room.database, room.channel)

    async def deliver() -> None:
        while await delivery.deliver_due():
            pass

    asyncio.run(deliver())
    first, second = room.replies
    assert "Van je RHO" in first.payload and "standaard" in second.payload


def test_what_cannot_be_put_is_not_handled(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise RuntimeError("no room")

    monkeypatch.setattr(room.channel, "put", refuse)
    room.asks(1)
    room.worker.handle_next()
    assert room.replies == [] and room.count("pending") == room.count("sent") == 0
    assert room.watchers.accounts == [] and room.meter.delivered_on == []
    monkeypatch.undo()
    room.worker.handle_next()
    assert len(room.replies) == 1 and room.count("sent") == 1
