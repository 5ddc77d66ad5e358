"""What issue 8 wants, and whether it was measured."""

from collections.abc import Sequence
from dataclasses import dataclass

from tools.bench.results import Level, Setup

NOT_RUN = "not run"
TIMES = 10
P95_ONE_MS = 50
P95_HUNDRED_MS = 250
CPU_MS = 8
QUEUE_S = 1
READY_S = 5
MEMORY_MB = 350
THINK_S = 10.0
SUSTAINED = (1_000, THINK_S)
# who waits for an answer before thinking sends a little less than once in ten seconds
ENOUGH = 0.97
PLAIN, SQLITE = 1, 3


@dataclass(frozen=True)
class Target:
    """What is wanted, what was measured, and `yes`, `no` or `not run`."""

    what: str
    measured: str
    verdict: str


def targets(setups: Sequence[Setup]) -> list[Target]:
    """Every target with what was measured of Regiowijzer on SQLite."""
    by_number = {setup.number: setup for setup in setups}
    ours, plain = by_number.get(SQLITE), by_number.get(PLAIN)
    if ours is None or ours.not_run is not None:
        return [Target("all, with SQLite", NOT_RUN, NOT_RUN)]
    return [
        *_times(ours, plain),
        _p95("p95 with one conversation", ours.level(1, 0.0), P95_ONE_MS),
        _p95("p95 at 100 with time to think", ours.level(100, THINK_S), P95_HUNDRED_MS),
        _at_most("CPU per message", ours.cpu_ms_per_message, CPU_MS, "ms"),
        *_sustained(ours.level(*SUSTAINED)),
        _at_most("ready", ours.ready_s, READY_S, "s"),
        _at_most("memory (PSS)", ours.pss_mb, MEMORY_MB, "MB"),
    ]


def _times(ours: Setup, plain: Setup | None) -> list[Target]:
    if plain is None or plain.not_run is not None:
        what = f"{TIMES} times the messages per second of (1) at every load without think time"
        return [Target(what, NOT_RUN, NOT_RUN)]
    found = []
    for level in ours.levels:
        other = plain.level(level.conversations, level.think_s)
        if other is None:
            continue
        think = f", {level.think_s:.0f} s to think" if level.think_s else ""
        what = f"{TIMES} times the messages per second of (1) at {level.conversations:,}{think}"
        if level.think_s and other.per_second >= ENOUGH * level.conversations / level.think_s:
            found.append(Target(what, "both answer all that is offered", "does not apply"))
            continue
        times = level.per_second / max(other.per_second, 0.1)
        found.append(Target(what, f"{times:.1f} times", _verdict(times >= TIMES)))
    return found


def _sustained(level: Level | None) -> list[Target]:
    people, think_s = SUSTAINED
    offered = people / think_s
    rate = f"{offered:.0f} messages per second sustained with {people:,} conversations"
    age = f"oldest in the inbox then under {QUEUE_S} s"
    if level is None:
        return [Target(rate, NOT_RUN, NOT_RUN), Target(age, NOT_RUN, NOT_RUN)]
    answered = f"{level.per_second:.1f} per second"
    found = [Target(rate, answered, _verdict(level.per_second >= ENOUGH * offered))]
    oldest = level.queue_age_s
    if oldest is not None:
        found.append(Target(age, f"{oldest:.2f} s", _verdict(oldest < QUEUE_S)))
    return found


def _p95(what: str, level: Level | None, most: float) -> Target:
    return _at_most(what, None if level is None else level.p95_ms, most, "ms")


def _at_most(what: str, value: float | None, most: float, unit: str) -> Target:
    wanted = f"{what}: at most {most} {unit}"
    if value is None:
        return Target(wanted, NOT_RUN, NOT_RUN)
    return Target(wanted, f"{value:.1f} {unit}", _verdict(value <= most))


def _verdict(holds: bool) -> str:
    return "yes" if holds else "no"
