"""When conversations begin in a morning peak, and how many messages each has."""

import math
from dataclasses import dataclass
from random import Random

from tools.capacity.assumptions import Assumptions


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation: its first message at `start_s`, on Telegram or in a browser."""

    start_s: float
    messages: int
    on_telegram: bool = False


def morning(practices: int, peak: Assumptions, chance: Random) -> list[Talk]:
    """All conversations of one peak, by their beginning.

    A Poisson number of them, each at a moment of its own with the density of the rate: that is a
    non-homogeneous Poisson process.
    """
    people = practices * peak.people_per_practice
    talks = []
    for _ in range(poisson(people * peak.conversations_per_person, chance)):
        if chance.random() < peak.burst_share:
            start = _until(chance, peak.burst_mean_s, peak.peak_s)
        else:
            start = chance.uniform(0, peak.peak_s)
        talks.append(_talk(start, peak.messages_per_conversation, peak, chance))
    for _ in range(poisson(people * peak.phase_share, chance)):
        left = peak.peak_s - peak.phase_change_at_s
        start = peak.phase_change_at_s + _until(chance, peak.phase_mean_s, left)
        talks.append(_talk(start, peak.phase_messages, peak, chance))
    return sorted(talks, key=lambda talk: talk.start_s)


def poisson(mean: float, chance: Random) -> int:
    """A Poisson number: how many exponential times fit in `mean`."""
    count, passed = 0, chance.expovariate(1)
    while passed < mean:
        count += 1
        passed += chance.expovariate(1)
    return count


def homogeneous(rate: float, until_s: float, chance: Random) -> list[Talk]:
    """One-message conversations of a Poisson process of `rate` per second."""
    talks, now = [], chance.expovariate(rate)
    while now < until_s:
        talks.append(Talk(now, 1))
        now += chance.expovariate(rate)
    return talks


def _until(chance: Random, mean_s: float, most_s: float) -> float:
    """An exponential time, given that it is below `most_s`."""
    return -mean_s * math.log(1 - chance.random() * -math.expm1(-most_s / mean_s))


def _talk(start: float, mean: float, peak: Assumptions, chance: Random) -> Talk:
    return Talk(start, geometric(mean, chance), chance.random() < peak.telegram_share)


def geometric(mean: float, chance: Random) -> int:
    """A number of at least 1 with this mean."""
    if mean <= 1:
        return 1
    return 1 + int(math.log(1 - chance.random()) / math.log(1 - 1 / mean))
