"""Several processes deliver on PostgreSQL: each reply once, in order, also when one is killed."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import telegram
from bot.delivery import Delivery
from bot.settings import ROOT
from bottlenecks.store import Database
from bottlenecks.store.pace import LANES, LEASE
from dialogues.reply import Reply
from tests.conftest import SECRET, Clock
from tests.deliveries import (
    answer,
    broadcast,
    counts,
    emptied,
    opened,
    over_telegram,
    texts,
    url_of,
)
from tests.telegram_api import FakeBotApi

LEASE_S = LEASE.total_seconds()
USERS = 4


@pytest.fixture(scope="module")
def both(server: str) -> Iterator[tuple[Clock, list[Database]]]:
    """A database for many examples, as two processes open it, and its clock."""
    clock = Clock()
    with opened(url_of("postgresql", server, Path()), clock, 2) as databases:
        yield clock, databases


@settings(max_examples=12, deadline=None)
@given(
    said=st.lists(st.tuples(st.integers(0, USERS - 1), st.booleans()), min_size=1, max_size=12),
    failing=st.lists(st.sampled_from([500, 429, "drop"]), max_size=3),
)
def test_each_reply_is_sent_once_and_in_order(
    both: tuple[Clock, list[Database]],
    said: list[tuple[int, bool]],
    failing: list[int | str],
) -> None:
    clock, databases = both[0], emptied(both[1])
    with FakeBotApi() as api:
        for user in range(USERS):
            api.user(user + 1).says("hoi")
        expected: dict[tuple[int, bool], list[str]] = {}
        for number, (user, to_all) in enumerate(said):
            expected.setdefault((user, to_all), []).append(f"{to_all} {number}")
            if to_all:
                broadcast(databases[0], [user + 1], f"{to_all} {number}")
            else:
                answer(databases[0], user + 1, f"{to_all} {number}")
        for fault in failing:
            api.fail_next("sendMessage", fault, retry_after=3 if fault == 429 else None)
        rounds = 3 * len(said) + 10
        totals = asyncio.run(over_telegram(api, databases, clock, rounds, step_s=10))
        assert sum(totals) == len(said)
        assert counts(databases[0]) == {"pending": 0, "sent": len(said), "dead": 0}
        for user in range(USERS):
            got = texts(api, user + 1)
            for to_all in (False, True):
                of_kind = [text for text in got if text.startswith(str(to_all))]
                assert of_kind == expected.get((user, to_all), [])


def test_what_one_looks_at_is_passed_over_by_another(server: str, clock: Clock) -> None:
    with opened(url_of("postgresql", server, Path()), clock, 2) as (one, other):
        for user in (1, 2, 3):
            answer(one, user, "een", "twee")
        with one.work() as here, other.work() as there:
            mine = here.outbox.due(telegram.CHANNEL, 2)
            theirs = there.outbox.due(telegram.CHANNEL)
        assert [item.address for item in mine] == ["1", "2"]
        # of 1 and 2 the second reply waits for the first, which somebody else is sending
        assert [item.address for item in theirs] == ["3"]
        with other.work() as there:
            assert there.outbox.due(telegram.CHANNEL) == []


def test_a_lease_is_renewed_ends_and_is_given_up(server: str, clock: Clock) -> None:
    with opened(url_of("postgresql", server, Path()), clock, 2) as (one, other):
        answer(one, 1, "een")

        def found(database: Database) -> int:
            with database.work() as work:
                return len(work.outbox.due(telegram.CHANNEL))

        with one.work() as work:
            [item] = work.outbox.due(telegram.CHANNEL)
        clock.forward(LEASE_S - 10)
        with one.work() as work:
            work.outbox.keep([item])
        clock.forward(LEASE_S - 10)
        assert found(other) == 0
        clock.forward(10)
        assert found(other) == 1
        assert found(one) == 0
        with other.work() as work:
            work.outbox.let_go(item)
        assert found(one) == 1
        clock.forward(-3600)  # the clock is put back: nobody waits an hour for that
        with one.work() as work:
            [again] = work.outbox.due(telegram.CHANNEL)
            work.outbox.sent(again.id)
        with other.work() as work:  # who held it before comes back from its sleep
            assert work.outbox.postpone(item.id, "TimedOut")
            work.outbox.give_up(item.id, "Forbidden")
        assert counts(one) == {"pending": 0, "sent": 1, "dead": 0}


def test_a_killed_process_hands_over(server: str, api: FakeBotApi) -> None:
    clock = Clock()
    clock.now = datetime.now(UTC)  # as the process that is killed
    url = url_of("postgresql", server, Path())
    with opened(url, clock) as [database]:
        for user in (7, 8):
            api.user(user).says("hoi")
            answer(database, user, "een", "twee")
        broadcast(database, [7, 8], "aan allen")
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.stuck_delivery", url, SECRET],
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        assert process.stdout is not None
        taken = {int(process.stdout.readline()) for _ in range(2)}
        process.kill()
        process.wait(30)
        process.stdout.close()
        assert len(taken) == 2
        assert asyncio.run(over_telegram(api, [database], clock, 1)) == [0]
        assert api.count("sendMessage") == 0
        # its clock may have run on while it was starting: what it took is free by then
        clock.now = datetime.now(UTC)
        clock.forward(LEASE_S)
        assert asyncio.run(over_telegram(api, [database], clock, 5))[:3] == [2, 2, 2]
        for user in (7, 8):
            assert texts(api, user) == ["een", "twee", "aan allen"]
        assert counts(database)["pending"] == 0


def test_another_process_goes_on_in_the_middle_of_a_reply(
    server: str, api: FakeBotApi, clock: Clock
) -> None:
    api.user(7).says("hoi")
    with opened(url_of("postgresql", server, Path()), clock, 2) as (one, other):
        with one.work() as work:
            long = Reply(text="\n\n".join(letter * 4000 for letter in "abc"))
            to = work.accounts.find_or_create(telegram.CHANNEL, "7", "7").id
            work.outbox.add(to, long.model_dump_json())
        failing = _FailsAtSecond(api)
        assert asyncio.run(failing.deliver(one)) == 0
        assert [text[0] for text in texts(api, 7)] == ["a"]
        assert asyncio.run(over_telegram(api, [other], clock, 2)) == [0, 1]
        assert [text[0] for text in texts(api, 7)] == ["a", "b", "c"]


class _FailsAtSecond:
    """Telegram takes the first message and fails at the second."""

    def __init__(self, api: FakeBotApi) -> None:
        self._api = api

    async def deliver(self, database: Database) -> int:
        """Deliver once."""
        channel = telegram.build(self._api.token, database, lambda: None, self._api.url)
        send = channel.bot.send_message

        async def fail_after(*given: object, **named: object) -> object:
            sent = await send(*given, **named)  # type: ignore[arg-type]
            self._api.fail_next("sendMessage", 500)
            return sent

        object.__setattr__(channel.bot, "send_message", fail_after)
        try:
            return await Delivery(database, channel.delivery).deliver_due(*LANES)
        finally:
            await telegram.close(channel)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_reply_waits_after_a_429_in_every_process(
    server: str, api: FakeBotApi, clock: Clock, tmp_path: Path, kind: str
) -> None:
    for user in (7, 8):
        api.user(user).says("hoi")
    with opened(url_of(kind, server, tmp_path), clock, 1 if kind == "sqlite" else 2) as databases:
        answer(databases[0], 7, "een")
        api.fail_next("sendMessage", 429, retry_after=30)
        assert asyncio.run(over_telegram(api, databases[:1], clock, 1, step_s=1)) == [0]
        answer(databases[0], 8, "twee")
        assert asyncio.run(over_telegram(api, databases[-1:], clock, 1, step_s=28)) == [0]
        assert asyncio.run(over_telegram(api, databases, clock, 1, step_s=1)) == [0]
        assert api.count("sendMessage") == 1
        assert asyncio.run(over_telegram(api, databases[-1:], clock, 1)) == [2]
        assert (texts(api, 7), texts(api, 8)) == (["een"], ["twee"])


def test_on_sqlite_nothing_waits_for_a_process_that_is_gone(
    api: FakeBotApi, clock: Clock, tmp_path: Path
) -> None:
    url = url_of("sqlite", "", tmp_path)
    api.user(7).says("hoi")
    with opened(url, clock) as [database]:
        answer(database, 7, "een")
        with database.work() as work:
            assert len(work.outbox.due(telegram.CHANNEL)) == 1
    with opened(url, clock) as [database]:
        assert asyncio.run(over_telegram(api, [database], clock, 1)) == [1]
    assert texts(api, 7) == ["een"]
