"""Telegram's 30 messages a second, of all processes; and broadcasts that delay no conversation."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, repeat
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bot import telegram
from bot.delivery import Delivery
from bottlenecks.store import Database
from bottlenecks.store.outbox import Outgoing
from bottlenecks.store.pace import LANES, SECOND, Lane, Rate
from dialogues.reply import File, Reply
from tests.conftest import Clock
from tests.deliveries import (
    Noting,
    answer,
    broadcast,
    counts,
    emptied,
    opened,
    over_telegram,
    texts,
    url_of,
)
from tests.query_plans import plans, statements
from tests.telegram_api import FakeBotApi

KINDS = ("sqlite", "postgresql")
MANY = 2500
TELEGRAM = Rate(telegram.PER_SECOND, telegram.BROADCASTS_PER_SECOND, telegram.messages_in)
SMALL = Rate(5, 3, lambda payload: int(Reply.model_validate_json(payload).text))


@dataclass
class Sent:
    """A reply that is on its way: nobody knows when, between these moments, it reaches Telegram."""

    lane: Lane
    messages: int
    began: datetime
    ended: datetime | None = None


@pytest.fixture(scope="module", params=KINDS)
def ticking(
    request: pytest.FixtureRequest, server: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Clock, list[Database]]]:
    """A database for many examples, on PostgreSQL as two processes open it, and its clock."""
    clock = Clock()
    url = url_of(request.param, server, tmp_path_factory.mktemp("pace"))
    with opened(url, clock, 1 if request.param == "sqlite" else 2) as databases:
        yield clock, databases


@settings(max_examples=8, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(
    replies=st.lists(st.tuples(st.sampled_from(LANES), st.integers(1, 3)), min_size=8, max_size=16),
    steps=st.lists(
        st.tuples(
            st.sampled_from([0.0, 0.2, 0.5, 1.0]), st.integers(0, 1), st.integers(0, 6)
        ),
        min_size=10,
        max_size=20,
    ),
    late=st.booleans(),
)  # fmt: skip
def test_no_second_has_more_messages_than_telegram_takes(
    ticking: tuple[Clock, list[Database]],
    replies: list[tuple[Lane, int]],
    steps: list[tuple[float, int, int]],
    late: bool,
) -> None:
    """Sending takes as long as it takes; `late`: what is sent arrives at the end of that."""
    clock, databases = ticking[0], emptied(ticking[1])
    sent: list[tuple[Sent, Outgoing]] = []
    for user, (lane, messages) in enumerate(replies):
        if lane == "broadcasts":
            broadcast(databases[0], [user], str(messages))
        else:
            answer(databases[0], user, str(messages))
    underway: list[tuple[Sent, Outgoing]] = []
    for wait_s, process, ending in chain(steps, repeat((1.0, 0, len(replies)))):
        if len(sent) == len(replies) and not underway:
            break
        clock.forward(wait_s)
        for one, item in underway[:ending]:
            one.ended = clock.now
            with databases[-1].work() as work:
                work.outbox.sent(item.id)
                work.outbox.let_go(item)
        del underway[:ending]
        busy = {item.id for _, item in underway}
        for lane in LANES:
            with databases[process % len(databases)].work() as work:
                due = work.outbox.due(telegram.CHANNEL, lanes=[lane], rate=SMALL)
            # on SQLite one process does not ask while it is sending: only here
            found = [item for item in due if item.id not in busy]
            new = [
                (Sent(lane, int(Reply.model_validate_json(item.payload).text), clock.now), item)
                for item in found
            ]
            underway += new
            sent += new
    assert counts(databases[0]) == {"pending": 0, "sent": len(replies), "dead": 0}
    for most, lanes in ((SMALL.per_second, LANES), (SMALL.broadcasts, LANES[1:])):
        at = sorted(
            (one.ended if late and one.ended else one.began, one.messages)
            for one, _ in sent
            if one.lane in lanes
        )
        for moment, _ in at:
            assert sum(count for when, count in at if moment - SECOND < when <= moment) <= most


@pytest.mark.parametrize("kind", KINDS)
def test_over_telegram_two_processes_send_thirty_a_second(
    server: str, api: FakeBotApi, clock: Clock, tmp_path: Path, kind: str
) -> None:
    people = range(1, 76)
    with opened(url_of(kind, server, tmp_path), clock, 1 if kind == "sqlite" else 2) as databases:
        for user in people:
            api.user(user).says("hoi")
            answer(databases[0], user, f"antwoord {user}")
        sent = asyncio.run(over_telegram(api, databases, clock, 4, step_s=1))
        assert sent == [30, 30, 15, 0]
        assert [texts(api, user) for user in people] == [[f"antwoord {user}"] for user in people]


def test_a_reply_counts_as_many_messages_as_it_has() -> None:
    long = Reply(text="\n\n".join(letter * 4000 for letter in "abc"))
    file = File.of("a.txt", "text/plain", b"x")
    assert telegram.messages_in(long.model_dump_json()) == 3
    assert telegram.messages_in(Reply(text="hoi", files=(file,)).model_dump_json()) == 2
    assert telegram.messages_in("no reply") == 1


def crowd(database: Database, number: int) -> list[str]:
    """The accounts of so many Telegram users, the addresses 1 and on."""
    with database.work() as work:
        return [
            work.accounts.find_or_create(telegram.CHANNEL, str(user), str(user)).id
            for user in range(1, number + 1)
        ]


@pytest.mark.parametrize("kind", KINDS)
def test_a_broadcast_to_thousands_does_not_stand_before_a_conversation(
    server: str, clock: Clock, tmp_path: Path, kind: str
) -> None:
    with opened(url_of(kind, server, tmp_path), clock) as [database]:
        people = crowd(database, MANY)
        broadcast_id = broadcast(database, [1], "aan 1")
        payload = Reply(text="aan allen").model_dump_json()
        with statements(database.engine) as made, database.work() as work:
            work.outbox.add_broadcast(people, payload, broadcast_id)
        assert len(made) <= 10
        answer(database, 1, "antwoord", "nog een")
        answer(database, 9, "antwoord")

        def deliver() -> list[tuple[str, str]]:
            channel = Noting(TELEGRAM)
            asyncio.run(Delivery(database, channel).deliver_due())
            clock.forward(1)
            return channel.delivered

        first = deliver()
        assert first[:2] == [("1", "antwoord"), ("9", "antwoord")]
        # a person who is being talked to is told later, and a second one waits for the first
        assert len(first) == 2 + 20 and not {"1", "9"} & {to for to, _ in first[2:]}
        second = deliver()
        assert second[0] == ("1", "nog een") and len(second) == 1 + 20
        assert len(deliver()) == 20
        for user in range(MANY - 40, MANY - 10):
            answer(database, user, "antwoord")
        # all of Telegram's pace is for answers, when there are so many
        assert [text for _, text in deliver()] == ["antwoord"] * 30

        with database.reading() as work:
            [seen] = work.regional.broadcasts()
        assert (seen.total, seen.waiting + seen.delivered) == (MANY + 1, MANY + 1)
        assert seen.delivered == 60

        with statements(database.engine) as asked, database.work() as work:
            for lane in LANES:
                work.outbox.due(telegram.CHANNEL, lanes=[lane], rate=TELEGRAM)
        with statements(database.engine) as counted, database.reading() as work:
            work.regional.broadcasts()
        queries = [one for one in asked if "FROM outbox JOIN account" in " ".join(one[0].split())]
        replies, broadcasts = plans(database, queries)
        assert "ix_outbox_waiting_replies" in replies
        assert "ix_outbox_waiting_broadcasts" in broadcasts
        [numbers] = plans(database, [one for one in counted if "outbox.status" in one[0]])
        assert "ix_outbox_waiting_of_account" in replies
        assert "ix_outbox_waiting_of_account" in broadcasts
        if kind == "sqlite":  # all rows here are of these broadcasts: PostgreSQL just reads them
            assert "ix_outbox_broadcast_id_status" in numbers
            assert "SCAN outbox" not in replies + broadcasts + numbers


def test_broadcasts_to_one_account_keep_their_order(database: Database, clock: Clock) -> None:
    for text in ("fase 2", "fase 3a"):
        broadcast(database, [1], text)
    channel = Noting(TELEGRAM)
    delivery = Delivery(database, channel)

    async def run() -> list[int]:
        delivered = []
        for _ in range(4):
            delivered.append(await delivery.deliver_due())
            clock.forward(0.6)
        return delivered

    assert asyncio.run(run()) == [1, 0, 1, 0]  # and at most one a second
    assert [text for _, text in channel.delivered] == ["fase 2", "fase 3a"]


def test_a_slow_broadcast_does_not_hold_up_an_answer(database: Database, clock: Clock) -> None:
    broadcast(database, [1, 2], "aan allen")

    class Slow(Noting):
        going = asyncio.Event()

        async def deliver(self, item: Outgoing) -> None:
            if "aan allen" in item.payload:
                await self.going.wait()
            await super().deliver(item)

    async def run() -> list[str]:
        channel = Slow(TELEGRAM)
        stop, wake = asyncio.Event(), asyncio.Event()
        delivery = Delivery(database, channel)
        running = asyncio.create_task(delivery.run(stop, wake))
        while not delivery._sending:
            await asyncio.sleep(0.01)
        await asyncio.to_thread(answer, database, 1, "antwoord")
        wake.set()
        while not channel.delivered:
            await asyncio.sleep(0.01)
        first = [text for _, text in channel.delivered]
        stop.set()
        channel.going.set()
        await running
        return first + [text for _, text in channel.delivered][len(first) :]

    assert asyncio.run(asyncio.wait_for(run(), 60)) == ["antwoord", "aan allen", "aan allen"]


def test_the_counts_tell_who_was_not_reached(
    api: FakeBotApi, database: Database, clock: Clock
) -> None:
    for user in (1, 2, 3):
        api.user(user).says("hoi")
    api.user(2).has_blocked = True
    broadcast(database, [1, 2, 3], "aan allen")
    api.user(3).says("hoi")
    answer(database, 3, "antwoord")
    asyncio.run(over_telegram(api, [database], clock, 1))
    with database.reading() as work:
        [seen] = work.regional.broadcasts(["utrecht"])
        assert work.regional.broadcasts(["drenthe"]) == []
    assert (seen.total, seen.delivered, seen.failed, seen.waiting) == (3, 1, 1, 1)
    asyncio.run(over_telegram(api, [database], clock, 1))
    with database.reading() as work:
        [seen] = work.regional.broadcasts()
    assert (seen.delivered, seen.failed, seen.waiting) == (2, 1, 0)
    assert texts(api, 3) == ["antwoord", "aan allen"]


@pytest.mark.parametrize("jump_s", [3600, -3600])
def test_a_clock_that_jumps_holds_up_nobody(database: Database, clock: Clock, jump_s: int) -> None:
    with database.work() as work:
        work.outbox.pause(telegram.CHANNEL, 30)
    for user in range(40):
        answer(database, user, "antwoord")

    def deliver() -> int:
        return asyncio.run(Delivery(database, Noting(TELEGRAM)).deliver_due())

    assert deliver() == 0
    clock.now += timedelta(seconds=jump_s)
    assert deliver() == 30
    clock.now -= timedelta(seconds=jump_s)
    clock.forward(2)
    assert deliver() == 0  # the clock is right again, and so is the pause
    clock.forward(30)
    assert deliver() == 10
    assert counts(database) == {"pending": 0, "sent": 40, "dead": 0}
