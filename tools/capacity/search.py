"""Tries numbers of workers until a morning peak goes well."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from tools.capacity.assumptions import Assumptions
from tools.capacity.intervals import Interval, interval
from tools.capacity.peak import Morning, Numbered
from tools.capacity.service import Service

# practices, and how many mornings of them are simulated: the larger ones vary less
RUNS = {50: 20, 500: 8, 5_000: 4}
# after so many, the others are left out when p95 is still so many times what is wanted
FIRST, FAR = 2, 3.0
# when so many workers are not enough, something else is wrong
MOST_WORKERS = 64
MOST_BOTS = 32

Mapper = Callable[[Sequence[Morning]], Iterable[Numbered]]
# Telegram takes whatever is sent
NO_LIMIT = 0


@dataclass(frozen=True)
class Row:
    """So many workers and bots, with the mornings that were simulated."""

    practices: int
    workers: int
    bots: int
    runs: tuple[Numbered, ...]

    def of(self, name: str) -> Interval:
        """A number of `Numbered` over the runs."""
        return interval([float(getattr(run, name)) for run in self.runs])

    def mean(self, name: str) -> float:
        """Its mean."""
        return self.of(name).mean


@dataclass(frozen=True)
class Found:
    """What a number of practices needs.

    `rows` are 1 to n workers (not each, where far too few) without Telegram's limit, as people who
    wait for Telegram would spare the workers; the last one is a worker more than `enough`. `bots`
    are 1 to n bots with enough workers. None where the most that is tried is not enough.
    """

    practices: int
    rows: tuple[Row, ...]
    enough: Row | None
    bots: tuple[Row, ...]
    bots_enough: Row | None


def search(
    practices: int,
    service: Service,
    peak: Assumptions,
    simulated: Mapper,
    runs: int | None = None,
    seed: int = 0,
) -> Found:
    """Try 1, 2, 3, ... workers, then bots; `simulated` runs mornings, perhaps side by side.

    Enough is when the upper end of the interval of the busiest five minutes' p95 is below
    `peak.wanted_s`.
    """
    times = runs or RUNS[practices]

    def row(workers: int, bots: int) -> Row:
        wanted = [
            Morning(practices, workers, bots, seed + run, service, peak) for run in range(times)
        ]
        found = tuple(simulated(wanted[:FIRST]))
        judged = [one.busiest if bots == NO_LIMIT else one.telegram for one in found]
        if min(judged) < FAR * peak.wanted_s:
            found += tuple(simulated(wanted[FIRST:]))
        return Row(practices, workers, bots, found)

    rows, enough = _least(lambda number: row(number, NO_LIMIT), MOST_WORKERS, "busiest", peak)
    if enough is None:
        return Found(practices, rows, None, (), None)
    more = row(enough.workers + 1, NO_LIMIT)
    least = enough.workers
    bots, bots_enough = _least(lambda number: row(least, number), MOST_BOTS, "telegram", peak)
    return Found(practices, (*rows, more), enough, bots, bots_enough)


def _least(
    row: Callable[[int], Row], most: int, name: str, peak: Assumptions
) -> tuple[tuple[Row, ...], Row | None]:
    """The rows that were tried, and the one of the least number that is good enough.

    Where p95 is far from what is wanted, the next numbers are passed over, a third more each time;
    they are tried after all when that went too far.
    """
    seen: dict[int, Row] = {}
    number = 1
    # the most that is not enough, and the least that is
    low, high = 0, most + 1
    while low + 1 < high:
        seen[number] = row(number)
        if seen[number].of(name).high < peak.wanted_s:
            high = number
        else:
            low = number
        is_far = seen[number].mean(name) >= FAR * peak.wanted_s
        step = max(1, number // 3) if is_far and high > most else 1
        number = min(low + step, most)
    rows = tuple(seen[one] for one in sorted(seen))
    return rows, next((one for one in rows if one.of(name).high < peak.wanted_s), None)
