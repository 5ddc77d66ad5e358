"""Delivery of replies, over Telegram against a fake Bot API, and over any channel."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy.exc import OperationalError

from bot import telegram
from bot.channel import RetryLater, Unreachable
from bot.delivery import Delivery
from bottlenecks.crypto import Cipher
from bottlenecks.store import Database, Work, open_database
from bottlenecks.store.outbox import Outgoing
from dialogues.reply import Reply
from tests.telegram_api import FakeBotApi
from tests.telegram_users import outgoing


class Clock:
    """A clock that a test can put forward."""

    def __init__(self) -> None:
        self.now = datetime(2025, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def database(tmp_path: Path, clock: Clock) -> Iterator[Database]:
    with open_database(f"sqlite:///{tmp_path}/t.db", Cipher("x" * 40), clock=clock) as opened:
        yield opened


def add_reply(database: Database, user_id: int, *replies: Reply | str) -> None:
    """Answers to a message; what was not asked for comes at most once a second."""
    with database.work() as work:
        account = work.accounts.find_or_create(telegram.CHANNEL, str(user_id), str(user_id))
        work.inbox.receive(telegram.CHANNEL, uuid4().hex, "{}")
        received = work.inbox.next()
        assert received is not None
        work.inbox.done(received.id)
        for item in replies:
            reply = Reply(text=item) if isinstance(item, str) else item
            work.outbox.add(account.id, reply.model_dump_json(), received.id)


def deliver(api: FakeBotApi, database: Database, times: int = 1) -> list[int]:
    async def run() -> list[int]:
        channel = telegram.build(api.token, database, lambda: None, api.url)
        delivery = Delivery(database, channel.delivery)
        try:
            return [await delivery.deliver_due() for _ in range(times)]
        finally:
            await telegram.close(channel)

    return asyncio.run(run())


def counts(database: Database) -> dict[str, int]:
    with database.work() as work:
        return {status: work.outbox.count(status) for status in ("pending", "sent", "dead")}


def texts(api: FakeBotApi, user_id: int) -> list[str]:
    return [sent.text for sent in api.user(user_id).messages]


def test_order_is_kept_per_chat(api: FakeBotApi, database: Database, clock: Clock) -> None:
    for user_id in (7, 8):
        api.user(user_id).says("hoi")
        add_reply(database, user_id, "een", "twee", "drie")
    api.fail_next("sendMessage", 500)
    assert deliver(api, database, 4) == [1, 1, 1, 0]
    clock.now += timedelta(seconds=2)
    assert deliver(api, database, 4) == [1, 1, 1, 0]
    assert texts(api, 7) == texts(api, 8) == ["een", "twee", "drie"]


def test_retry_after_is_honoured(api: FakeBotApi, database: Database, clock: Clock) -> None:
    api.user(7).says("hoi")
    add_reply(database, 7, "een")
    api.fail_next("sendMessage", 429, retry_after=30)
    assert deliver(api, database) == [0]
    clock.now += timedelta(seconds=29)
    assert deliver(api, database) == [0]
    assert api.count("sendMessage") == 1
    clock.now += timedelta(seconds=1)
    assert deliver(api, database) == [1]
    assert texts(api, 7) == ["een"]


@pytest.mark.parametrize("fault", [500, "drop", 401])
def test_failure_then_success(
    api: FakeBotApi, database: Database, clock: Clock, fault: int | str
) -> None:
    api.user(7).says("hoi")
    add_reply(database, 7, "een")
    api.fail_next("sendMessage", fault)
    assert deliver(api, database) == [0]
    assert counts(database) == {"pending": 1, "sent": 0, "dead": 0}
    clock.now += timedelta(minutes=10)
    assert deliver(api, database) == [1]
    assert texts(api, 7) == ["een"]


def test_unreachable_is_given_up(
    api: FakeBotApi, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    api.user(7).says("hoi")
    api.user(7).has_blocked = True
    add_reply(database, 7, "een geheim")
    add_reply(database, 99, "nooit geschreven")
    api.user(8).says("hoi")
    add_reply(database, 8, "twee")
    assert deliver(api, database, 2) == [1, 0]
    assert counts(database) == {"pending": 0, "sent": 1, "dead": 2}
    assert texts(api, 8) == ["twee"]
    assert "geheim" not in caplog.text


def test_parts_that_were_sent_are_not_sent_again(api: FakeBotApi, database: Database) -> None:
    api.user(7).says("hoi")
    long = Reply(text="a" * 4000 + "\n\n" + "b" * 4000)

    async def run() -> None:
        channel = telegram.build(api.token, database, lambda: None, api.url)
        send = channel.bot.send_message

        async def fail_second(chat_id: int, text: str, **options: Any) -> Any:
            if text.startswith("b") and not api.count("sendMessage") > 1:
                api.fail_next("sendMessage", 500)
            return await send(chat_id, text, **options)

        object.__setattr__(channel.bot, "send_message", fail_second)
        item = outgoing(long.model_dump_json())
        with pytest.raises(RetryLater) as failed:
            await channel.delivery.deliver(item)
        sent = failed.value.sent_messages
        await channel.delivery.deliver(replace(item, sent_messages=sent))
        with pytest.raises(Unreachable):
            await channel.delivery.deliver(outgoing("no reply"))
        await telegram.close(channel)

    asyncio.run(run())
    assert [text[0] for text in texts(api, 7)] == ["a", "b"]


class Recorder:
    """A channel that fails as told and remembers what it delivered."""

    name = telegram.CHANNEL

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.delivered: list[str] = []

    async def deliver(self, item: Outgoing) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.delivered.append(Reply.model_validate_json(item.payload).text)


def test_not_sent_again_when_recording_failed(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_reply(database, 7, "een")
    channel, real, calls = Recorder(), database.work, [0]

    @contextmanager
    def work() -> Iterator[Work]:
        calls[0] += 1
        if calls[0] == 2:
            raise OperationalError("update", {}, Exception("disk full"))
        with real() as opened:
            yield opened

    monkeypatch.setattr(database, "work", work)

    async def run() -> None:
        delivery = Delivery(database, channel)
        with pytest.raises(OperationalError):
            await delivery.deliver_due()
        assert await delivery.deliver_due() == 1

    asyncio.run(run())
    assert channel.delivered == ["een"]


def test_too_many_failures_set_a_reply_aside(database: Database, clock: Clock) -> None:
    add_reply(database, 7, "een", "twee")
    channel = Recorder(*[ValueError("unknown")] * 11)

    async def run() -> None:
        delivery = Delivery(database, channel)
        for _ in range(12):
            await delivery.deliver_due()
            clock.now += timedelta(hours=1)

    asyncio.run(run())
    assert channel.delivered == ["twee"]
    assert counts(database) == {"pending": 0, "sent": 1, "dead": 1}


def test_run_delivers_when_woken_and_stops(database: Database) -> None:
    channel = Recorder()

    async def run() -> None:
        stop, wake = asyncio.Event(), asyncio.Event()
        delivery = Delivery(database, channel)
        task = asyncio.create_task(delivery.run(stop, wake))
        await asyncio.to_thread(add_reply, database, 7, "een", "twee")
        wake.set()
        for _ in range(500):
            if counts(database)["sent"] == 2:
                break
            await asyncio.sleep(0.02)
        stop.set()
        await asyncio.wait_for(task, 10)

    asyncio.run(run())
    assert channel.delivered == ["een", "twee"]


def test_reply_that_telegram_refuses_is_given_up(api: FakeBotApi, database: Database) -> None:
    api.user(7).says("hoi")
    add_reply(database, 7, "een", "daarna")
    api.fail_next("sendMessage", 400)
    assert deliver(api, database, 2) == [0, 1]
    assert texts(api, 7) == ["daarna"]
    assert counts(database)["dead"] == 1


def test_answer_lost_after_sending_is_sent_at_least_once(
    api: FakeBotApi, database: Database, clock: Clock
) -> None:
    api.user(7).says("hoi")
    add_reply(database, 7, "een")
    api.fail_next("sendMessage", "drop answer")
    assert deliver(api, database) == [0]
    clock.now += timedelta(seconds=2)
    assert deliver(api, database) == [1]
    assert texts(api, 7) == ["een", "een"]
