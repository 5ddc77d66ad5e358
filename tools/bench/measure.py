"""Measures one setup: starts it, puts every load on it, and counts what that takes."""

import asyncio
import os
import tempfile
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import psutil
from prometheus_client.parser import text_string_to_metric_families

from tools.bench.load import Load, Measured, NoAnswerError, drive, hold_one
from tools.bench.people import people, session
from tools.bench.processes import NotReadyError, cpu_s, memory
from tools.bench.results import Level, Setup, level_of, quantiles
from tools.bench.service import Candidate, Cost, NotRunError, Service

THINK_S = 10.0
# the level from which the one figure of CPU per message is taken: busy, and nothing queues long
TYPICAL = 10
# how often the age of the queue is asked for while a load runs
LOOK_EVERY_S = 1.0


@dataclass(frozen=True)
class Plan:
    """Which loads are put on, and how many seconds handling is timed with one conversation."""

    loads: Sequence[Load]
    service_s: float


def plan(conversations: Sequence[int], *, quick: bool) -> Plan:
    """The loads: without think time up to 100 conversations, with think time from 100 on."""
    short, long, longest = (4.0, 12.0, 15.0) if quick else (10.0, 30.0, 60.0)
    loads = [Load(number, 0.0, short) for number in conversations if number <= 100]
    for number in conversations:
        if number >= 100:
            loads.append(Load(number, THINK_S, longest if number > 100 else long))
    return Plan(loads, 4.0 if quick else 12.0)


def measure(candidate: Candidate, plan: Plan, say: Callable[[str], None]) -> Setup:
    """Run a setup through the plan; a setup that cannot run says why."""
    with tempfile.TemporaryDirectory(prefix=f"bench{candidate.number}-") as name:
        folder = Path(name)
        try:
            say(f"({candidate.number}) {candidate.name}")
            cost = candidate.prepare(folder)
            return _measure(candidate, cost, folder, plan, say)
        except (NotRunError, NotReadyError, NoAnswerError) as error:
            say(f"    not run: {error}")
            return Setup(candidate.number, candidate.name, not_run=str(error))


def _measure(
    candidate: Candidate, cost: Cost, folder: Path, plan: Plan, say: Callable[[str], None]
) -> Setup:
    with candidate.running(folder, logs_updates=True) as service:
        service_ms = asyncio.run(_service_ms(service, plan.service_s))
    with candidate.running(folder, logs_updates=False) as service:
        say(f"    ready in {service.ready_s:.1f} s")
        levels = asyncio.run(_levels(service, plan.loads, say))
        used = memory(service.own)
    typical = min(levels, key=lambda level: (level.think_s, abs(level.conversations - TYPICAL)))
    return Setup(
        candidate.number,
        candidate.name,
        cpu_ms_per_message=typical.cpu_ms,
        database_cpu_ms_per_message=typical.database_cpu_ms,
        service_ms=quantiles(service_ms),
        ready_s=round(service.ready_s, 2),
        rss_mb=round(used.rss_mb, 1),
        pss_mb=round(used.pss_mb, 1),
        training_s=_rounded(cost.training_s),
        installed_mb=_rounded(cost.installed_mb),
        model_mb=_rounded(cost.model_mb),
        levels=levels,
    )


async def _service_ms(service: Service, seconds: float) -> list[float]:
    """How long handling takes with nobody else: as the service tells, or as the only user sees."""
    known = 0

    def begin() -> None:
        nonlocal known
        known = len(service.service_ms()) if service.service_ms else 0

    async with session() as http:
        await hold_one(people(service.person, http, service.url)())
        load = Load(1, 0.0, seconds)
        measured = await drive(load, people(service.person, http, service.url), on_begin=begin)
    if service.service_ms is not None:
        return service.service_ms()[known:]
    return [1000 * one.seconds for one in measured.samples]


async def _levels(
    service: Service, loads: Sequence[Load], say: Callable[[str], None]
) -> list[Level]:
    levels = []
    async with session() as http:
        await hold_one(people(service.person, http, service.url)())
        for number, load in enumerate(loads):
            level = await _level(service, http, load, number)
            say(f"    {described(level)}")
            levels.append(level)
    return levels


async def _level(service: Service, http: aiohttp.ClientSession, load: Load, number: int) -> Level:
    ourselves = psutil.Process(os.getpid())
    before: dict[str, float] = {}
    spent: dict[str, float] = {}
    ages: list[float] = []

    def counted() -> dict[str, float]:
        times = ourselves.cpu_times()
        return {
            "own": cpu_s(service.own),
            "database": cpu_s(service.database),
            "load": times.user + times.system,
        }

    def begin() -> None:
        ages.clear()
        before.update(counted())

    def end() -> None:
        spent.update({name: value - before[name] for name, value in counted().items()})
        if watch is not None:
            watch.cancel()

    watch = None
    if service.metrics is not None:
        watch = asyncio.create_task(_watch(service.metrics, ages))
    measured: Measured = await drive(
        load,
        people(service.person, http, service.url),
        seed=number + 1,
        on_begin=begin,
        on_end=end,
    )
    return level_of(load, measured, spent, round(max(ages), 2) if ages else None)


async def _watch(metrics: str, ages: list[float]) -> None:
    """Keep how long the oldest update waits, each second."""
    while True:
        ages.append(await asyncio.to_thread(_queue_age_s, metrics))
        await asyncio.sleep(LOOK_EVERY_S)


def _queue_age_s(metrics: str) -> float:
    with urllib.request.urlopen(metrics, timeout=60) as response:
        page = response.read().decode()
    for family in text_string_to_metric_families(page):
        if family.name != "regiowijzer_queue_oldest_seconds":
            continue
        for sample in family.samples:
            if (sample.labels["queue"], sample.labels["status"]) == ("inbox", "new"):
                return float(sample.value)
    return 0.0


def described(level: Level) -> str:
    """A level in one line."""
    think = f", {level.think_s:.0f} s to think" if level.think_s else ""
    age = f", queue {level.queue_age_s:.1f} s" if level.queue_age_s is not None else ""
    odd = "".join(
        f", {number} {what}"
        for number, what in ((level.unanswered, "unanswered"), (level.unexpected, "unexpected"))
        if number
    )
    return (
        f"{level.conversations} conversations{think}: {level.per_second:.1f}/s, "
        f"p50 {level.p50_ms}, p95 {level.p95_ms}, p99 {level.p99_ms} ms, "
        f"CPU {level.cpu_ms:.1f} + {level.database_cpu_ms:.1f} ms{age}{odd}"
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
