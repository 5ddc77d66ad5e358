"""Taking updates from Telegram, against a fake Bot API: stored first, acknowledged after."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from bot import telegram
from bot.telegram_format import EDITED, ONLY_TEXT
from bottlenecks.crypto import Cipher
from bottlenecks.store import Database, Work, open_database
from dialogues.reply import Choice, Incoming, Reply
from tests.telegram_api import FakeBotApi
from tests.telegram_users import outgoing


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with open_database(f"sqlite:///{tmp_path}/t.db", Cipher("x" * 40)) as opened:
        yield opened


def polling(
    api: FakeBotApi, database: Database, script: Callable[[telegram.Telegram], Awaitable[None]]
) -> int:
    """Run `script` while updates are polled; returns how often a stored update woke us."""
    woken = 0

    def wake() -> None:
        nonlocal woken
        woken += 1

    async def run() -> None:
        channel = telegram.build(api.token, database, wake, api.url)
        stop = asyncio.Event()
        task = asyncio.create_task(telegram.run_polling(channel, stop))
        try:
            await asyncio.wait_for(script(channel), 30)
        finally:
            stop.set()
            await asyncio.wait_for(task, 30)
            await telegram.close(channel)

    asyncio.run(run())
    return woken


def stored(database: Database) -> list[telegram.Parsed]:
    """Take out all that was stored."""
    found = []
    with database.work() as work:
        while item := work.inbox.next(telegram.CHANNEL):
            found.append(telegram.parse(item.payload))
            work.inbox.done(item.id)
    return found


def test_updates_are_stored_and_acknowledged(api: FakeBotApi, database: Database) -> None:
    user = api.user(7)
    user.says("een")
    user.sends_photo()

    async def script(_: telegram.Telegram) -> None:
        await asyncio.to_thread(api.wait_acknowledged)
        user.edits("twee")
        await asyncio.to_thread(api.wait_acknowledged)
        api.deliver_again()
        user.says("drie")
        await asyncio.to_thread(api.wait_acknowledged)

    assert polling(api, database, script) == 5
    assert [(item.incoming, item.direct) for item in stored(database)] == [
        (Incoming(text="een"), None),
        (None, ONLY_TEXT),
        (None, EDITED),
        (Incoming(text="drie"), None),
    ]
    assert {command["command"] for command in api.commands} >= {"start", "melden"}


def test_nothing_is_acknowledged_before_it_is_stored(
    api: FakeBotApi, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, seen, failing = database.work, [], [2]

    @contextmanager
    def work() -> Iterator[Work]:
        seen.append(api.acknowledged)
        if failing[0]:
            failing[0] -= 1
            raise OperationalError("insert", {}, Exception("disk full"))
        with real() as opened:
            yield opened
        with real() as opened:
            assert opened.inbox.count("new") == 1
        seen.append(api.acknowledged)

    monkeypatch.setattr(database, "work", work)
    sent: list[int] = []

    async def script(_: telegram.Telegram) -> None:
        sent.append(api.user(7).says("een"))
        await asyncio.to_thread(api.wait_acknowledged)

    assert polling(api, database, script) == 1
    assert len(seen) == 4
    assert max(seen) < sent[0] == api.acknowledged


def test_stop_while_the_database_fails_leaves_the_update_at_telegram(
    api: FakeBotApi, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = threading.Event()

    @contextmanager
    def work() -> Iterator[Work]:
        tried.set()
        raise OperationalError("insert", {}, Exception("disk full"))
        yield

    async def script(_: telegram.Telegram) -> None:
        api.user(7).says("een")
        assert await asyncio.to_thread(tried.wait, 10)

    with monkeypatch.context() as patch:
        patch.setattr(database, "work", work)
        assert polling(api, database, script) == 0

    async def again(_: telegram.Telegram) -> None:
        await asyncio.to_thread(api.wait_acknowledged)

    assert polling(api, database, again) == 1
    assert [item.incoming for item in stored(database)] == [Incoming(text="een")]


def test_groups_are_answered_and_not_kept(api: FakeBotApi, database: Database) -> None:
    async def script(channel: telegram.Telegram) -> None:
        user = api.user(7)
        user.says_in_group("zomaar een gesprek")
        user.says_in_group("/start@andere_bot")
        user.says_in_group("/start")
        user.says_in_group("@regiowijzer_bot wat nu?")
        await asyncio.to_thread(api.wait_acknowledged)
        await channel.inbox.drain()

    assert polling(api, database, script) == 0
    assert [sent.text for sent in api.chats[-500]] == [telegram.ONLY_PRIVATE] * 2
    assert stored(database) == []


def test_tap_is_answered_and_disarms_its_keyboard(api: FakeBotApi, database: Database) -> None:
    user = api.user(7)
    reply = Reply(text="Kies", choices=(Choice(label="Ja", value="t:a/ja"),))

    async def script(channel: telegram.Telegram) -> None:
        user.says("hoi")
        await asyncio.to_thread(api.wait_acknowledged)
        await channel.delivery.deliver(outgoing(reply.model_dump_json()))
        user.taps("Ja")
        # the second tap comes from a screen that still shows the button
        user.taps("Ja", old=True)
        await asyncio.to_thread(api.wait_until, lambda: len(api.answered) == 2)
        await asyncio.to_thread(api.wait_until, lambda: not user.messages[0].buttons)

    polling(api, database, script)
    taps = [item.incoming for item in stored(database)[1:]]
    assert taps == [Incoming(choice="t:a/ja")] * 2


def test_polling_survives_errors(
    api: FakeBotApi, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    api.fail_next("getMe", 500)
    api.fail_next("getUpdates", 502)
    api.fail_next("getUpdates", "drop")

    async def script(_: telegram.Telegram) -> None:
        api.user(7).says("een geheim")
        await asyncio.to_thread(api.wait_acknowledged, 20)

    assert polling(api, database, script) == 1
    assert api.token not in caplog.text
    assert "geheim" not in caplog.text


@pytest.mark.parametrize("when", ["at start", "later"])
def test_refused_token(
    api: FakeBotApi, database: Database, caplog: pytest.LogCaptureFixture, when: str
) -> None:
    api.fail_next("getMe" if when == "at start" else "getUpdates", 401)

    async def script(_: telegram.Telegram) -> None:
        await asyncio.to_thread(api.wait_until, lambda: not any(api._faults.values()))
        await asyncio.sleep(0.2)

    with pytest.raises(telegram.PollingStopped, match="refuses") as raised:
        polling(api, database, script)
    assert api.token not in str(raised.value) + caplog.text
