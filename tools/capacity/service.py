"""Measured service times: read from docs/performance.json, or from our own measurement."""

import json
import os
import platform
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

from bot.settings import ROOT

PERFORMANCE = ROOT / "docs" / "performance.json"
MEASURED = ROOT / "docs" / "capacity.json"
POSTGRESQL = "postgresql"
# so many equally likely service times stand for the distribution
STEPS = 2_000


class NoServiceTimesError(Exception):
    """There is nothing to simulate with; the message tells what to do."""


@dataclass(frozen=True)
class Service:
    """How long a worker is busy with one message.

    `quantiles` are pairs of a share (0 to 1) and milliseconds above 0, rising; `parts` tells how
    often an answer was so many Telegram messages.
    """

    setup: str
    machine: str
    source: str
    quantiles: tuple[tuple[float, float], ...]
    cpu_ms: float
    parts: tuple[tuple[int, int], ...] = ((1, 1),)

    @property
    def mean_s(self) -> float:
        """Mean seconds per message."""
        return sum(self.at((step + 0.5) / STEPS) for step in range(STEPS)) / STEPS / 1000

    @property
    def mean_parts(self) -> float:
        """Telegram messages per answer."""
        return sum(size * times for size, times in self.parts) / sum(n for _, n in self.parts)

    def at(self, share: float) -> float:
        """The service time below which this share lies, in milliseconds.

        Between two quantiles it grows by the same factor per step: a straight line up to the
        longest time would make long times more common than they are.
        """
        place = bisect_right(self.quantiles, share, key=lambda one: one[0])
        if place == 0 or place == len(self.quantiles):
            return self.quantiles[min(place, len(self.quantiles) - 1)][1]
        (low, short), (high, long) = self.quantiles[place - 1 : place + 1]
        part = (share - low) / (high - low)
        return float(short ** (1 - part) * long**part)

    def draws(self, chance: Random) -> Callable[[], float]:
        """A source of service times in seconds."""
        table = [self.at((step + 0.5) / STEPS) / 1000 for step in range(STEPS)]
        return lambda: table[int(chance.random() * STEPS)]

    def part_draws(self, chance: Random) -> Callable[[], int]:
        """A source of numbers of Telegram messages per answer."""
        sizes, weights = zip(*self.parts, strict=True)
        many = [size for size, times in zip(sizes, weights, strict=True) for _ in range(times)]
        return lambda: many[int(chance.random() * len(many))]


def machine() -> str:
    """This machine, as the figures name it."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [one for one in info.read_text().splitlines() if one.startswith("model name")]
        model = names[0].partition(":")[2].strip() if names else model
    return f"{os.cpu_count()} cores {model} ({platform.machine()})"


def load(performance: Path = PERFORMANCE, measured: Path = MEASURED) -> Service:
    """The service times of a worker on PostgreSQL; of `performance` where it has them.

    The number of Telegram messages per answer is always of our own measurement.

    Raises:
        NoServiceTimesError: neither file has them.
    """
    own = from_file(measured)
    bench = from_file(performance)
    if own is None and bench is None:
        raise NoServiceTimesError(
            f"no service times in {performance} or {measured}: "
            "measure them with make capacity ARGS=--measure"
        )
    if bench is None or own is None:
        return bench or own  # type: ignore[return-value]  # one of them is there
    return replace(bench, parts=own.parts)


def from_file(path: Path, name: str = POSTGRESQL) -> Service | None:
    """The first setup that has `name` in its name; None without a file or service times in it.

    The form of the file is that of `docs/performance.json`, see `tools.bench`.

    Raises:
        NoServiceTimesError: the file is there, but cannot be read like that.
    """
    if not path.exists():
        return None
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        for found in data["setups"].values():
            if name in found["name"].lower() and found.get("service_ms"):
                return _service(found, str(data["machine"]), path)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NoServiceTimesError(f"{path} has no service times as expected: {error!r}") from error
    return None


def _service(found: Mapping[str, Any], machine: str, path: Path) -> Service:
    times = [float(ms) for ms in found["service_ms"]]
    if len(times) < 2 or times != sorted(times) or times[0] <= 0:
        raise ValueError("service_ms must be rising times above 0")
    return Service(
        str(found["name"]),
        machine,
        path.name,
        tuple((step / (len(times) - 1), ms) for step, ms in enumerate(times)),
        float(found["cpu_ms_per_message"]),
        tuple((int(size), int(times)) for size, times in found.get("parts", {"1": 1}).items()),
    )


def keep(services: Sequence[Service], check: Mapping[str, Any] | None, path: Path) -> None:
    """Write what was measured; a `check` that was kept stays when there is no new one."""
    before = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    setups: dict[str, Any] = {
        str(number): {
            "name": one.setup,
            "service_ms": [round(ms, 3) for _, ms in one.quantiles],
            "cpu_ms_per_message": round(one.cpu_ms, 3),
            "parts": {str(size): times for size, times in one.parts},
        }
        for number, one in enumerate(services, 1)
    }
    data = {
        "machine": services[0].machine if services else before.get("machine"),
        "setups": setups or before.get("setups", {}),
        "check": check or before.get("check"),
    }
    path.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


def kept_check(path: Path = MEASURED) -> Mapping[str, Any] | None:
    """The real load that was held last, as `tools.capacity.load.Check`; None: there is none."""
    if not path.exists():
        return None
    found: Mapping[str, Any] | None = json.loads(path.read_text(encoding="utf-8")).get("check")
    return found


def is_of(service: Service, here: str) -> bool:
    """Whether these times were measured on the machine `here`, see `machine`.

    The bench says more of it than `machine` does: the cores and their model must be the same.
    """
    cores, _, model = here.partition(" cores ")
    name = model.rpartition(" (")[0]
    return service.machine.startswith(f"{cores} cores") and name in service.machine
