"""Tries numbers of workers until a morning peak goes well."""

from collections.abc import Callable, Iterable, Iterator, Sequence
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

    `rows` are 1 to n workers without Telegram's limit, as people who wait for Telegram would spare
    the workers; the last one is a worker more than `enough`. `bots` are 1 to n bots with enough
    workers. None where the most that is tried is not enough.
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

    def workers() -> Iterator[Row]:
        return (row(number, NO_LIMIT) for number in range(1, MOST_WORKERS + 1))

    rows, enough = _until(workers(), "busiest", peak.wanted_s)
    if enough is None:
        return Found(practices, tuple(rows), None, (), None)
    more = row(enough.workers + 1, NO_LIMIT)
    limited = (row(enough.workers, number) for number in range(1, MOST_BOTS + 1))
    bots, bots_enough = _until(limited, "telegram", peak.wanted_s)
    return Found(practices, (*rows, more), enough, tuple(bots), bots_enough)


def _until(rows: Iterator[Row], name: str, wanted_s: float) -> tuple[Sequence[Row], Row | None]:
    """Rows up to and with the first that is good enough."""
    seen = []
    for row in rows:
        seen.append(row)
        if row.of(name).high < wanted_s:
            return seen, row
    return seen, None
