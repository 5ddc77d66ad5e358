"""`--check`: a short real load on real workers, beside what the simulation says of it."""

import heapq
import multiprocessing
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event
from random import Random

import numpy as np

from bot.application import load_assistant
from bot.settings import load_settings
from bot.worker import Opened, Worker
from bottlenecks.crypto import Cipher
from bottlenecks.store import Database, open_database
from tools import postgres_server
from tools.capacity.arrivals import Talk
from tools.capacity.assumptions import Assumptions
from tools.capacity.measure import SECRET, quantiles
from tools.capacity.service import Service
from tools.capacity.simulation import Office
from tools.capacity.talking import BETWEEN, CHANNEL, Person, open_line, scripts

PEOPLE = 30
USED = 0.6
ABOUT_S = 40.0
RUNS = 200
LOOK_S = 0.002
SHARES = (0.5, 0.95, 0.99)

# who, and when its handling began and ended, by the clock that all processes share
Handled = tuple[str, float, float]


class CheckError(Exception):
    """The load could not be held; the message tells why."""


@dataclass(frozen=True)
class Check:
    """Answer times in milliseconds at p50, p95 and p99: real, and in 95% of simulated runs."""

    workers: int
    people: int
    messages: int
    per_s: float
    used: float
    mean_service_ms: float
    real_ms: tuple[float, ...]
    low_ms: tuple[float, ...]
    high_ms: tuple[float, ...]

    def as_data(self) -> dict[str, object]:
        """For the file of measurements."""
        return asdict(self)


def check(service: Service, workers: int = 1) -> Check:
    """Hold a load that keeps `workers` processes busy for about 60%, on PostgreSQL.

    Raises:
        CheckError: PostgreSQL is not installed, or a worker did not come up.
    """
    think_s = PEOPLE * service.mean_s / (USED * workers)
    most = max(2, round(ABOUT_S / think_s))
    if not postgres_server.INSTALLED:
        raise CheckError("PostgreSQL is not installed: nothing to check on")
    with postgres_server.running() as server:
        sent, handled = _held(server.url, workers, think_s, most)
    took, busy = [], []
    for name, moments in sent.items():
        done = sorted(one for one in handled if one[0] == name)
        if len(done) != len(moments):
            raise CheckError(f"{len(moments)} messages, but {len(done)} handled")
        took += [end - at for at, (_, _, end) in zip(moments, done, strict=True)]
        busy += [end - began for _, began, end in done]
    first = min(one for moments in sent.values() for one in moments)
    lasted = max(end for _, _, end in handled) - first
    starts = [(moments[0] - first, len(moments)) for moments in sent.values()]
    simulated = _simulated(starts, busy, think_s, workers)
    low, high = np.quantile(simulated, (0.025, 0.975), axis=0)
    return Check(
        workers,
        PEOPLE,
        len(took),
        len(took) / lasted,
        sum(busy) / (workers * lasted),
        1000 * sum(busy) / len(busy),
        _ms(np.quantile(took, SHARES)),
        _ms(low),
        _ms(high),
    )


def _ms(seconds: Iterable[float]) -> tuple[float, ...]:
    return tuple(round(1000 * float(one), 1) for one in seconds)


def _simulated(
    starts: Sequence[tuple[float, int]], busy_s: Sequence[float], think_s: float, workers: int
) -> list[list[float]]:
    """p50, p95 and p99 in seconds of many runs with the same people."""
    service = Service("check", "", "", quantiles(busy_s), 0)
    peak = Assumptions(think_least_s=0, think_mean_s=think_s, hasty_share=0)
    talks = [Talk(start, messages) for start, messages in sorted(starts)]
    found = []
    for seed in range(RUNS):
        office = Office(workers, service.draws(Random(f"s{seed}")), Random(f"p{seed}"), peak)
        answered = office.run(talks).answered_s
        found.append([float(one) for one in np.quantile(answered, SHARES)])
    return found


def _held(
    url: str, workers: int, think_s: float, most: int
) -> tuple[dict[str, list[float]], list[Handled]]:
    """Hold the conversations: when each person sent, and what the workers did."""
    spawn = multiprocessing.get_context("spawn")
    stop, handled = spawn.Event(), spawn.Queue()
    ready = [spawn.Event() for _ in range(workers)]
    with open_database(url, Cipher(SECRET)) as database:
        # as daemons, so that none outlives this process
        running = [
            spawn.Process(target=_work, args=(url, one, stop, handled), daemon=True)
            for one in ready
        ]
        for process in running:
            process.start()
        try:
            if not all(one.wait(120) for one in ready):
                raise CheckError("a worker did not come up in two minutes")
            sent = _talk(database, think_s, most, Random(8))
        finally:
            stop.set()
        found = [one for _ in running for one in handled.get(timeout=60)]
        for process in running:
            process.join(60)
    return sent, found


def _talk(database: Database, think_s: float, most: int, chance: Random) -> dict[str, list[float]]:
    lines = scripts()
    people = {
        f"u{number}": Person(f"u{number}", lines[number % len(lines)][:most])
        for number in range(PEOPLE)
    }
    now = time.monotonic()
    due = [(now + chance.uniform(0, think_s), name) for name in people]
    heapq.heapify(due)
    sent: defaultdict[str, list[float]] = defaultdict(list)
    with database.work() as work:
        accounts = {work.accounts.find_or_create(CHANNEL, name, name).id: name for name in people}
    waits: set[str] = set()
    while due or waits:
        while due and due[0][0] <= time.monotonic():
            _, name = heapq.heappop(due)
            with database.work() as work:
                people[name].say(work)
            sent[name].append(time.monotonic())
            waits.add(name)
        for name in _read(database, people, accounts) & waits:
            waits.discard(name)
            if people[name].has_more:
                heapq.heappush(due, (time.monotonic() + chance.expovariate(1 / think_s), name))
        time.sleep(LOOK_S)
    return dict(sent)


def _read(database: Database, people: dict[str, Person], accounts: dict[str, str]) -> set[str]:
    """Take every reply that waits; gives who saw one."""
    seen = set()
    while True:
        with database.work() as work:
            items = work.outbox.due(CHANNEL)
            for item in items:
                seen.add(accounts[item.account_id])
                people[accounts[item.account_id]].read(item.payload)
                work.outbox.sent(item.id)
        if not items:
            return seen


def _work(url: str, ready: Event, stop: Event, handled: "Queue[list[Handled]]") -> None:
    """A worker process: handles what waits until told to stop."""
    names: list[str] = []

    def opened(payload: str) -> Opened:
        names.append(payload.partition(BETWEEN)[0])
        return open_line(payload)

    found: list[Handled] = []
    assistant = load_assistant(load_settings())
    with open_database(url, Cipher(SECRET)) as database:
        worker = Worker(database, assistant, {CHANNEL: opened})
        ready.set()
        while not stop.is_set():
            began = time.monotonic()
            if worker.handle_next() is None:
                time.sleep(LOOK_S)
            else:
                found.append((names[-1], began, time.monotonic()))
        handled.put(found)
