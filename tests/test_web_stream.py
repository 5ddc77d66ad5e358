"""What streams to a chat page that is open, over a real connection."""

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import httpx
import pytest

from bot.web import server, stream
from bottlenecks.store import Database
from dialogues.assistant import Assistant
from dialogues.reply import Reply
from tests.web_visitors import Site, Visitor, put, read_page


@pytest.fixture
def site(database: Database, assistant: Assistant) -> Site:
    return Site(database, assistant)


@pytest.fixture
def anna(site: Site) -> Visitor:
    return Visitor(site)


@contextmanager
def served(site: Site) -> Iterator[str]:
    """The application on a port of its own; gives its address."""
    started: list[str] = []
    loops: list[asyncio.AbstractEventLoop] = []

    async def run() -> None:
        loops.append(asyncio.get_running_loop())
        await server.run(site.app, "127.0.0.1", 0, site.stop, started.append)

    thread = threading.Thread(target=lambda: asyncio.run(run()))
    thread.start()
    while not started and thread.is_alive():
        time.sleep(0.01)
    try:
        yield started[0]
    finally:
        loops[0].call_soon_threadsafe(site.stop.set)
        thread.join(10)
    assert not thread.is_alive()


@contextmanager
def listening(url: str, visitor: Visitor, **options: object) -> Iterator[Iterator[tuple[int, str]]]:
    """An open page: gives the messages that stream to it, each with its id and text."""
    cookies = {"regiowijzer_gesprek": visitor.http.cookies["regiowijzer_gesprek"]}
    with (
        httpx.Client(base_url=url, cookies=cookies, timeout=10) as client,
        client.stream("GET", "/chat/stroom", **options) as response,  # type: ignore[arg-type]
    ):
        assert response.headers["content-type"].startswith("text/event-stream")

        def events() -> Iterator[tuple[int, str]]:
            event: dict[str, str] = {}
            for line in response.iter_lines():
                if line:
                    name, _, value = line.partition(": ")
                    event[name] = event.get(name, "") + value + "\n"
                elif "id" in event:
                    [message] = read_page(event["data"])
                    assert message.id == int(event["id"])
                    yield message.id, message.text
                    event = {}
                else:
                    event = {}

        yield events()


def test_an_open_page_gets_what_is_new(site: Site, anna: Visitor) -> None:
    anna.says("hallo")
    last = anna.messages[-1].id
    with served(site) as url, listening(url, anna, params={"na": last}) as events:
        put(site, anna, Reply(text="Je melding is in behandeling."))
        id_, text = next(events)
        assert id_ > last and "in behandeling" in text
        put(site, anna, Reply(text="Je melding is opgelost."))
        assert "opgelost" in next(events)[1]


def test_what_nobody_told_of_is_seen_at_the_next_look(
    site: Site, anna: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "LOOK_S", 0.5)
    anna.says("hallo")
    last = anna.messages[-1].id
    with served(site) as url, listening(url, anna, params={"na": last}) as events:
        # a process that is killed between committing and telling
        monkeypatch.setattr(site.watchers, "notify", lambda account_id: None)
        put(site, anna, Reply(text="Je melding is opgelost."))
        assert "opgelost" in next(events)[1]


def test_after_a_lost_connection_nothing_is_missed_or_repeated(site: Site, anna: Visitor) -> None:
    anna.says("hallo")
    last = anna.messages[-1].id
    for number in range(3):
        put(site, anna, Reply(text=f"bericht {number}"))
    with served(site) as url:
        with listening(url, anna, params={"na": last}) as events:
            got, _ = next(events)
        headers = {"Last-Event-ID": str(got)}
        with listening(url, anna, params={"na": last}, headers=headers) as events:
            assert ["bericht 1" in next(events)[1], "bericht 2" in next(events)[1]] == [True] * 2


def test_nobody_gets_anothers_messages(site: Site, anna: Visitor) -> None:
    bert = Visitor(site)
    bert.says("hallo")
    anna.says("hallo")
    last = max(anna.messages[-1].id, bert.messages[-1].id)
    with served(site) as url, listening(url, bert, params={"na": last}) as events:
        put(site, anna, Reply(text="voor Anna"))
        put(site, bert, Reply(text="voor Bert"))
        assert "voor Bert" in next(events)[1]


def test_open_pages_do_not_hold_up_the_end_of_the_process(site: Site, anna: Visitor) -> None:
    anna.says("hallo")
    with ExitStack() as pages:
        with served(site) as url:
            pages.enter_context(listening(url, anna, params={"na": 999}))
            begun = time.monotonic()
        assert time.monotonic() - begun < 2.5
