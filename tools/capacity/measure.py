"""`--measure`: how long the real worker is busy with each message, on SQLite and PostgreSQL."""

import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bot.application import load_assistant
from bot.settings import load_settings
from bot.worker import Worker
from bottlenecks.crypto import Cipher
from bottlenecks.store import Database, open_database
from dialogues.assistant import Assistant
from tools import postgres_server
from tools.capacity.service import Service, machine
from tools.capacity.talking import CHANNEL, Person, open_line, scripts

SECRET = "c" * 40
# how often every example conversation is held
ROUNDS = 5
SHARES = tuple(step / 100 for step in range(101))


def measure(rounds: int = ROUNDS) -> list[Service]:
    """Service times on SQLite, and on PostgreSQL where it is installed; about a minute."""
    assistant = load_assistant(load_settings())
    found = []
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'capacity.db'}"
        found.append(_measured("Regiowijzer, SQLite", url, assistant, rounds))
    if postgres_server.INSTALLED:
        with postgres_server.running() as server:
            found.append(_measured("Regiowijzer, PostgreSQL", server.url, assistant, rounds))
    return found


def quantiles(times_s: Sequence[float]) -> tuple[tuple[float, float], ...]:
    """Pairs of a share and the milliseconds below which it lies."""
    values = np.quantile(np.asarray(times_s) * 1000, SHARES)
    return tuple((share, float(ms)) for share, ms in zip(SHARES, values, strict=True))


def _measured(setup: str, url: str, assistant: Assistant, rounds: int) -> Service:
    """Hold the conversations one after the other, and time the handling of each message."""
    busy_s: list[float] = []
    cpu_s = 0.0
    parts: Counter[int] = Counter()
    with open_database(url, Cipher(SECRET)) as database:
        worker = Worker(database, assistant, {CHANNEL: open_line})
        hold(database, worker, Person("warm-up", scripts()[0]))
        for number in range(rounds):
            for which, lines in enumerate(scripts()):
                person = Person(f"{number}-{which}", lines)
                for busy, cpu, sent in hold(database, worker, person):
                    busy_s.append(busy)
                    cpu_s += cpu
                    parts[sent] += 1
    return Service(
        setup,
        machine(),
        "our own measurement",
        quantiles(busy_s),
        1000 * cpu_s / len(busy_s),
        tuple(sorted(parts.items())),
    )


def hold(database: Database, worker: Worker, person: Person) -> list[tuple[float, float, int]]:
    """Per message: seconds, seconds of CPU in this process, Telegram messages in the answer."""
    found = []
    while person.has_more:
        with database.work() as work:
            person.say(work)
        began, began_cpu = time.perf_counter(), time.process_time()
        worker.handle_next()
        busy, cpu = time.perf_counter() - began, time.process_time() - began_cpu
        sent = 0
        while True:
            with database.work() as work:
                due = work.outbox.due(CHANNEL)
                for item in due:
                    sent += person.read(item.payload)
                    work.outbox.sent(item.id)
            if not due:
                break
        found.append((busy, cpu, max(sent, 1)))
    return found
