"""Holds the simulation against theory."""

from dataclasses import dataclass
from random import Random

from tools.capacity.arrivals import homogeneous
from tools.capacity.assumptions import Assumptions
from tools.capacity.intervals import Interval, interval
from tools.capacity.simulation import Bucket, Draw, Office
from tools.capacity.theory import mean_wait_md1, mean_wait_mmc

RUNS = 12
UNTIL_S = 3_000.0
# the queue is empty at the beginning: what comes before this does not count
WARM_UP_S = 200.0


@dataclass(frozen=True)
class Theory:
    """Mean seconds of waiting: what theory says, and what was simulated."""

    name: str
    expected: float
    simulated: Interval


def compare(runs: int = RUNS, until_s: float = UNTIL_S) -> list[Theory]:
    """M/M/1, M/M/3, M/D/1 at a worker, and M/D/1 at Telegram's limit."""
    service_s = 0.2
    found = []
    for workers, used in ((1, 0.7), (3, 0.8)):
        rate = workers * used / service_s
        waits = [_worker_wait(workers, rate, True, seed, until_s) for seed in range(runs)]
        expected = mean_wait_mmc(workers, rate, service_s)
        found.append(Theory(f"M/M/{workers}, {used:.0%} busy", expected, interval(waits)))
    waits = [_worker_wait(1, 3.5, False, seed, until_s) for seed in range(runs)]
    found.append(Theory("M/D/1, 70% busy", mean_wait_md1(3.5, service_s), interval(waits)))
    waits = [_telegram_wait(4.0, seed, until_s) for seed in range(runs)]
    expected = mean_wait_md1(4.0, service_s)
    found.append(Theory("M/D/1 at the bot, 80% busy", expected, interval(waits)))
    return found


def _worker_wait(workers: int, rate: float, random: bool, seed: int, until_s: float) -> float:
    chance = Random(f"theory {seed}")
    draw: Draw = (lambda: chance.expovariate(5.0)) if random else (lambda: 0.2)
    office = Office(workers, draw, Random(0), Assumptions())
    outcome = office.run(homogeneous(rate, until_s, Random(f"arrivals {seed}")))
    pairs = zip(outcome.arrived_s, outcome.queued_s, strict=True)
    return _mean([wait for at, wait in pairs if at > WARM_UP_S])


def _telegram_wait(rate: float, seed: int, until_s: float) -> float:
    """Waiting at a bot that sends 5 a second and saves nothing up."""
    bot = Bucket(5.0, 1)
    arrived = [talk.start_s for talk in homogeneous(rate, until_s, Random(f"bot {seed}"))]
    return _mean([bot.send(at) - at for at in arrived if at > WARM_UP_S])


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)
