"""What many tests share: the trained assistant, a temporary database, a conversation."""

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from bot.application import load_assistant
from bot.settings import Settings
from bot.worker import Opened, Worker
from bottlenecks.crypto import Cipher
from bottlenecks.store import Database, open_database
from dialogues.assistant import Assistant
from dialogues.reply import Incoming, Reply
from nlu.training import is_current
from tests.postgres_server import empty_database, running
from tests.telegram_api import FakeBotApi

SECRET = "x" * 40


class Clock:
    """A clock that tests move by hand."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class Talk:
    """A conversation of one user, through inbox, worker and outbox as in production."""

    def __init__(
        self, database: Database, assistant: Assistant, user: str = "u1", first_update: int = 1
    ) -> None:
        self.database = database
        self.user = user
        self.worker = Worker(database, assistant, {"test": self._open})
        self.replies: list[Reply] = []
        self._numbers = itertools.count(first_update)

    def _open(self, payload: str) -> Opened:
        user, _, rest = payload.partition("|")
        return Opened(user, user, Incoming.model_validate_json(rest))

    def says(self, text: str) -> str:
        """Type a text; gives the texts of all replies."""
        return self._send(Incoming(text=text))

    def taps(self, label: str) -> str:
        """Tap the button with this label on the latest reply that has buttons."""
        for reply in reversed(self.replies):
            for choice in reply.choices:
                if choice.label == label:
                    return self._send(Incoming(choice=choice.value))
        raise AssertionError(f"no button {label!r} in {[r.choices for r in self.replies]}")

    def sends(self, value: str) -> str:
        """Send a button's value, also one that is not on the screen."""
        return self._send(Incoming(choice=value))

    def _send(self, incoming: Incoming) -> str:
        with self.database.work() as work:
            update = f"{self.user}-{next(self._numbers)}"
            work.inbox.receive("test", update, f"{self.user}|{incoming.model_dump_json()}")
        while self.worker.handle_next() is not None:
            pass
        self.replies = []
        return self.receives()

    def receives(self) -> str:
        """Take what waits to be delivered; gives the texts of all replies since a message."""
        while True:
            with self.database.work() as work:
                due = work.outbox.due("test")
                for item in due:
                    self.replies.append(Reply.model_validate_json(item.payload))
                    work.outbox.sent(item.id)
            if not due:
                return "\n".join(reply.text for reply in self.replies)


def pytest_sessionstart(session: pytest.Session) -> None:
    """Train the model once, before the processes that run the tests begin."""
    settings = Settings(_env_file=None)
    if not hasattr(session.config, "workerinput") and not is_current(settings.model_dir):
        load_assistant(settings)


@pytest.fixture(scope="session")
def assistant() -> Assistant:
    """The assistant with the repository's own model, trained when needed."""
    return load_assistant(Settings(_env_file=None))


@pytest.fixture
def clock() -> Clock:
    """9 o'clock on Monday 2 March 2026, UTC."""
    return Clock()


@pytest.fixture
def database(tmp_path: Path, clock: Clock) -> Iterator[Database]:
    """An empty SQLite database."""
    url = f"sqlite:///{tmp_path / 'test.db'}"
    with open_database(url, Cipher(SECRET), clock=clock) as opened:
        yield opened


@pytest.fixture
def api() -> Iterator[FakeBotApi]:
    """Telegram's stand-in."""
    with FakeBotApi() as running_api:
        yield running_api


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """URL of an empty PostgreSQL server on loopback."""
    with running() as url:
        yield url


@pytest.fixture
def shared_url(server: str) -> str:
    """Where an empty PostgreSQL database is, of one test alone."""
    name = f"db{uuid4().hex}"
    empty_database(server, name).dispose()
    return f"{server.rsplit('/', 1)[0]}/{name}"


@pytest.fixture
def shared(shared_url: str) -> Iterator[Database]:
    """That database, open here as it may be in several processes."""
    with open_database(shared_url, Cipher(SECRET)) as opened:
        yield opened


@pytest.fixture
def talk(database: Database, assistant: Assistant) -> Talk:
    """A conversation of a new user."""
    return Talk(database, assistant)
