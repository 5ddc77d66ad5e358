"""Conversations at the same time, on one database, while the service is killed and restarted."""

import re
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random

import httpx2

from bot.opening import open_store
from bot.settings import ROOT, Settings
from bottlenecks.roles import EVERYWHERE, Role
from bottlenecks.store import Database
from tests.chaos.conversation import Conversation
from tests.chaos.officer import OfficerAtWork
from tests.chaos.outcome import Outcome, outcomes, queue_problems
from tests.chaos.people import PATIENCE_S, Person, TelegramPerson, WebPerson
from tests.chaos.services import Life, Nursery
from tests.serving import environment
from tests.telegram_api import FakeBotApi
from tests.webhook_sender import WebhookSender

AT_RANDOM = "at a random moment"
# a random moment comes up as often as this many of the named points
RANDOM_SHARE = 4
# how often a point is passed at most until the service dies there: less at what happens less often
PASSES = 8
DESK = "desk"
SELDOM = {DESK: 1, "anything else": 2, "web": 3}
# a point that is not reached in this time: it is killed where it is
REACHED_WITHIN_S = 8.0
LONGEST_RANDOM_S = 3.0
SETTLED_WITHIN_S = 60.0
QUEUE = re.compile(r'regiowijzer_queue_length\{.*"(new|pending)"')
# more would hardly let them talk: a start takes a second or two
KILLS = 10
# the last of them are kept for the desk, which has work only when reports have come
DESK_KILLS = 3
WORK_WITHIN_S = 60.0
HOST = "127.0.0.1"
PUBLIC_HOST = "regiowijzer.example"
SECRET = "s" * 40


@dataclass(frozen=True)
class Kill:
    """The service was killed: when, where, and during which conversations."""

    at: float
    point: str
    during: tuple[Conversation, ...]


class Deck:
    """Points in random order, each as often as the others: once, or again and again."""

    def __init__(self, chance: Random, named: Sequence[str], *, once: bool = False) -> None:
        """`named` are the points; see `tests.crash.points`."""
        self._chance = chance
        self._all = [*named, *[AT_RANDOM] * RANDOM_SHARE]
        self._once = once
        self._left = chance.sample(list(named), len(named)) if once else []

    @property
    def is_empty(self) -> bool:
        """Whether all were drawn that are drawn only once."""
        return self._once and not self._left

    def draw(self, may_come: Callable[[str], bool]) -> str:
        """The next one that may come; those that may not are kept for later."""
        while True:
            for place, point in enumerate(self._left):
                if may_come(point):
                    return self._left.pop(place)
            if self._once:
                return AT_RANDOM
            self._left += self._chance.sample(self._all, len(self._all))

    def put_back(self, point: str) -> None:
        """It did not come to that."""
        if point != AT_RANDOM:
            self._left.append(point)


@dataclass(frozen=True)
class Plan:
    """How many people there are, and how much is done to them.

    `first` numbers the conversations. A point is passed at most `passes` times until the service
    dies there; it dies no more than `kills` times, the last `desk_kills` of them at the desk.
    """

    first: int = 1
    telegram: int = 5
    web: int = 3
    webhook: bool = False
    kills: int = KILLS
    passes: int = PASSES
    desk_kills: int = DESK_KILLS


class Round:
    """One database, one fake Telegram, people who chat and an officer."""

    def __init__(
        self, folder: Path, nursery: Nursery, deck: Deck, chance: Random, plan: Plan
    ) -> None:
        """`folder` gets the database and a log; `deck` is where the service dies."""
        self._folder = folder
        self._nursery = nursery
        self._deck = deck
        self._chance = chance
        self._plan = plan
        self._calm = threading.Event()
        self._ended = threading.Event()
        self.kills: list[Kill] = []
        self.problems: list[str] = []

    def run(self) -> list[Outcome]:
        """Run it; what was done and went wrong is in `kills` and `problems` too."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with ExitStack() as stack:
            api = stack.enter_context(FakeBotApi())
            port = _free_port()
            url = f"http://{HOST}:{port}"
            env = self._environment(api, port)
            settings = _settings(env)
            with open_store(settings) as database:
                cookie = self._officer(database)
            if self._plan.webhook:
                stack.enter_context(WebhookSender(api, url))
            conversations = [
                Conversation(person, Random(self._chance.random()), True, self._calm, number)
                for number, person in self._people(api, url)
            ]
            officer = OfficerAtWork(url, cookie, conversations)
            try:
                self._hold(conversations, officer, env)
            finally:
                self._ended.set()
                self._calm.set()
                officer.stop()
            arrived = {str(chat): list(messages) for chat, messages in api.chats.items()}
            updates = sum(conversation.person.updates for conversation in conversations)
            self.problems += queue_problems(settings.data_dir / "regiowijzer.db", updates)
            with open_store(settings) as database:
                return outcomes(self._folder, settings, database, conversations, arrived)

    def _hold(
        self, conversations: Sequence[Conversation], officer: OfficerAtWork, env: dict[str, str]
    ) -> None:
        """Let them talk, kill meanwhile, and at last leave the service alone."""
        threads = [
            threading.Thread(target=conversation.hold, daemon=True)
            for conversation in conversations
        ]
        for thread in threads:
            thread.start()
        officer.start()
        while len(self.kills) < self._plan.kills and not self._deck.is_empty:
            at_desk = len(self.kills) >= self._plan.kills - self._plan.desk_kills
            may_come = _is_at_desk if at_desk else partial(_may_come, conversations, officer)
            point = self._deck.draw(may_come)
            self._live_until(point, conversations, env)
            if all(one.waits_for_calm for one in conversations):
                break
        last = self._nursery.start(self._folder, env)
        try:
            self._wait_for(conversations)
            self._calm.set()
            for thread in threads:
                thread.join(PATIENCE_S)
            self._settle(env)
        finally:
            last.kill()

    def _live_until(
        self, point: str, conversations: Sequence[Conversation], env: dict[str, str]
    ) -> None:
        """One life of the service, killed at `point`."""
        most = [most for word, most in SELDOM.items() if word in point]
        times = self._chance.randint(1, min([self._plan.passes, *most]))
        if point == AT_RANDOM:
            life = self._nursery.start(self._folder, env)
            died = life.ends_within(self._chance.uniform(0, LONGEST_RANDOM_S))
        else:
            life = self._nursery.start(self._folder, env, point, times)
            within_s = WORK_WITHIN_S if DESK in point else REACHED_WITHIN_S
            died = self._reached(life, conversations, within_s)
        life.kill()
        if died and life.ended != -9:
            raise AssertionError(f"the service ended with {life.ended}: see {self._folder}")
        if not died:
            self._deck.put_back(point)
        during = tuple(one for one in conversations if not one.waits_for_calm)
        self.kills.append(Kill(time.monotonic(), point if died else AT_RANDOM, during))

    def _reached(self, life: Life, conversations: Sequence[Conversation], within_s: float) -> bool:
        """Whether it dies at its point; not when nobody is talking any more, or it takes long."""
        end = time.monotonic() + within_s
        while time.monotonic() < end:
            if life.ends_within(0.1):
                return True
            if all(one.waits_for_calm for one in conversations):
                return False
        return False

    def _wait_for(self, conversations: Sequence[Conversation]) -> None:
        end = time.monotonic() + PATIENCE_S
        while not all(one.waits_for_calm for one in conversations) and time.monotonic() < end:
            time.sleep(0.05)

    def _settle(self, env: dict[str, str]) -> None:
        """Wait until nothing waits in the queues."""
        end = time.monotonic() + SETTLED_WITHIN_S
        while time.monotonic() < end:
            try:
                page = httpx2.get(f"http://{HOST}:{env['PORT']}/metrics").text
            except httpx2.HTTPError:
                page = ""
            waiting = [line for line in page.splitlines() if QUEUE.match(line)]
            if waiting and all(line.endswith(" 0.0") for line in waiting):
                return
            time.sleep(0.1)
        self.problems.append("messages or replies still wait at the end")

    def _people(self, api: FakeBotApi, url: str) -> Iterator[tuple[int, Person]]:
        plan = self._plan
        for place in range(plan.telegram + plan.web):
            number = plan.first + place
            if place < plan.telegram:
                yield number, TelegramPerson(api, number)
            else:
                yield number, WebPerson(url, self._ended)

    def _officer(self, database: Database) -> str:
        """Make an officer, and give the cookie of their session."""
        with database.work() as work:
            officer = work.officers.add("ada@rho.example", "Ada", Role.HANDLER, EVERYWHERE)
            token = work.officers.sign_in(officer)
        name = "__Host-regiowijzer" if self._plan.webhook else "regiowijzer_beheer"
        return f"{name}={token}"

    def _environment(self, api: FakeBotApi, port: int) -> dict[str, str]:
        more = {}
        if self._plan.webhook:
            more = {
                "TELEGRAM_WEBHOOK_SECRET": SECRET,
                "PUBLIC_URL": f"https://{PUBLIC_HOST}",
                # WEB_HOST is this machine: no proxy tells who asks
            }
        return environment(
            self._folder / "data",
            TELEGRAM_TOKEN=api.token,
            TELEGRAM_API_URL=api.url,
            PORT=str(port),
            CHAT_PER_MINUTE="100000",
            CHAT_PER_MINUTE_ADDRESS="1000000",
            **more,
        )


def _is_at_desk(point: str) -> bool:
    return DESK in point


def _may_come(conversations: Sequence[Conversation], officer: OfficerAtWork, point: str) -> bool:
    """Whether somebody is doing what leads to this point."""
    talking = {one.person.channel for one in conversations if not one.waits_for_calm}
    if _is_at_desk(point):
        return officer.has_work
    return ("web " not in point or "web" in talking) and (
        "Telegram" not in point or "telegram" in talking
    )


def _settings(env: dict[str, str]) -> Settings:
    """The settings of the service, for this process."""
    return Settings(
        _env_file=None,
        data_dir=Path(env["DATA_DIR"]),
        database_url=env["DATABASE_URL"],
        model_dir=ROOT / "models",
    )


def _free_port() -> int:
    with socket.create_server((HOST, 0)) as server:
        port: int = server.getsockname()[1]
        return port
