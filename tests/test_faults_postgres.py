"""PostgreSQL is restarted in the middle of conversations: all goes on, once, by itself."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from bottlenecks.crypto import Cipher
from bottlenecks.store import open_database
from dialogues.assistant import Assistant
from tests.conftest import SECRET
from tests.postgres_server import Server, empty_database, restartable
from tests.serving import Serving, settings_for
from tests.telegram_api import FakeBotApi

REPORT = "nergens thuiszorg te vinden in Geleen, al drie gebeld, graag melden"
USERS = 6


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with restartable() as running:
        yield running


@pytest.mark.parametrize("way", ["fast", "immediate"])
def test_a_restart_loses_and_doubles_nothing(
    server: Server, tmp_path: Path, assistant: Assistant, way: str
) -> None:
    empty_database(server.url, way).dispose()
    url = f"{server.url.rsplit('/', 1)[0]}/{way}"
    with (
        FakeBotApi() as api,
        open_database(url, Cipher(SECRET)) as database,
    ):
        settings = settings_for(tmp_path, api)
        users = [api.user(number) for number in range(1, USERS + 1)]
        with Serving(settings, database, assistant) as serving:
            for user in users:
                user.says(REPORT)
            for label in ("Hoog", "Anoniem melden", "Ja, graag"):
                for user in users:
                    user.taps(label, timeout=30)
            restarting = threading.Thread(target=server.restart, args=(way,))
            restarting.start()
            for user in users:
                user.taps("Versturen", timeout=30)
            for user in users:
                user.wait_for("KP-", timeout=60)
            restarting.join()
            server.restart(way)  # and once more, while nobody does anything
            for user in users:
                user.says("wie coördineert het noodplan?")
            for user in users:
                user.wait_for("standaard eindverantwoordelijk", timeout=60)
            api.wait_acknowledged(60)
            serving.settle(60)
        with database.reading() as work:
            assert work.reports.count() == USERS
            assert (work.inbox.count("failed"), work.outbox.count("dead")) == (0, 0)
        with database.engine.connect() as connection:
            asked = "SELECT coalesce(sum(attempts), 0) FROM inbox"
            assert connection.execute(text(asked)).scalar() == 0
    for user in users:
        # a reply of which the record was lost in the restart may come twice
        texts = {message.text for message in user.messages if "KP-" in message.text}
        assert len(texts) == 1


def test_the_next_message_finds_a_server_that_was_away(
    server: Server, assistant: Assistant
) -> None:
    empty_database(server.url, "away").dispose()
    with open_database(f"{server.url.rsplit('/', 1)[0]}/away", Cipher(SECRET)) as database:
        with database.work() as work:
            work.inbox.receive("test", "1", "een")
        server.restart("immediate")
        with database.work() as work:
            assert work.inbox.count("new") == 1
