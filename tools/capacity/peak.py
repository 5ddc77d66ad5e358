"""One simulated morning, boiled down to the numbers that are kept."""

from dataclasses import dataclass
from random import Random

import numpy as np
from numpy.typing import NDArray

from tools.capacity.arrivals import morning
from tools.capacity.assumptions import Assumptions
from tools.capacity.service import Service
from tools.capacity.simulation import Bucket, Office, Outcome

WINDOW_S = 300.0
MINUTE_S = 60.0
# fewer messages than this in a window say nothing about its p95
LEAST = 40

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Morning:
    """What to simulate."""

    practices: int
    workers: int
    bots: int
    seed: int
    service: Service
    peak: Assumptions


@dataclass(frozen=True)
class Numbered:
    """What came of one morning: seconds, shares, counts.

    `busiest` is the p95 of the five minutes in which it was highest, `telegram` the same for
    answers over Telegram with its limit in it. The last two are per minute from 8:00.
    """

    messages: int
    p50: float
    p95: float
    p99: float
    busiest: float
    telegram: float
    used: float
    used_busiest: float
    mean_queue: float
    longest_queue: int
    per_s: tuple[float, ...]
    telegram_per_s: tuple[float, ...]


def simulate(morning_of: Morning) -> Numbered:
    """One run. The same seed has the same conversations, however many workers there are."""
    seed, peak, service = morning_of.seed, morning_of.peak, morning_of.service
    talks = morning(morning_of.practices, peak, Random(f"talks {seed}"))
    office = Office(
        morning_of.workers,
        service.draws(Random(f"service {seed}")),
        Random(f"people {seed}"),
        peak,
        [Bucket(peak.telegram_per_s, peak.telegram_per_s) for _ in range(morning_of.bots)],
        service.part_draws(Random(f"parts {seed}")),
    )
    return numbers(office.run(talks), morning_of.workers, peak.peak_s, service.mean_parts)


def numbers(outcome: Outcome, workers: int, peak_s: float, parts: float) -> Numbered:
    """The numbers of a run; `parts` is Telegram messages per answer."""
    arrived, answered = np.array(outcome.arrived_s), np.array(outcome.answered_s)
    queued, sent = np.array(outcome.queued_s), np.array(outcome.sent_s)
    telegram = np.array(outcome.on_telegram, dtype=bool)
    busy = answered - queued
    ended = max(peak_s, float((arrived + answered).max()))
    per_window = _summed(arrived + queued, busy, WINDOW_S) / (workers * WINDOW_S)
    p50, p95, p99 = (float(one) for one in np.quantile(answered, (0.5, 0.95, 0.99)))
    return Numbered(
        len(arrived),
        p50,
        p95,
        p99,
        _busiest(arrived, answered),
        _busiest(arrived[telegram], sent[telegram]),
        float(busy.sum()) / (workers * ended),
        min(float(per_window.max()), 1.0),
        float(queued.sum()) / ended,
        max(outcome.waiting),
        _per_minute(arrived, np.ones_like(arrived), peak_s),
        _per_minute(arrived, telegram * parts, peak_s),
    )


def _busiest(arrived: Numbers, took: Numbers) -> float:
    """The highest p95 of all windows with enough messages; of the whole when none has."""
    if not len(took):
        return 0.0
    window = (arrived // WINDOW_S).astype(int)
    found = [
        float(np.quantile(took[window == one], 0.95))
        for one in np.unique(window)
        if (window == one).sum() >= LEAST
    ]
    return max(found, default=float(np.quantile(took, 0.95)))


def _summed(at: Numbers, weights: Numbers, width_s: float) -> Numbers:
    return np.bincount((at // width_s).astype(int), weights).astype(float)


def _per_minute(at: Numbers, weights: Numbers, peak_s: float) -> tuple[float, ...]:
    minutes = int(peak_s // MINUTE_S)
    found = np.zeros(minutes)
    summed = _summed(at, weights, MINUTE_S)[:minutes] / MINUTE_S
    found[: len(summed)] = summed
    return tuple(float(one) for one in found)
