"""What was measured, and the file `docs/performance.json` that other tools read.

The file is an object with these keys:

- `machine`: one line about it; `measured_at`: the day (ISO); `quick`: true when it was a quick run;
- `setups`: an object per setup, by its number as text ("1" to "5"). Each has

  - `name`; `not_run`: why it was not run, or null. Only with null are the others there:
  - `cpu_ms_per_message`: CPU milliseconds per message in our own processes (or Rasa's with its
    action server), without the load generator and the database;
  - `database_cpu_ms_per_message`: the same in the database's processes; 0 with SQLite;
  - `service_ms`: 21 quantiles (0%, 5%, ... 100%) of how long the handling of one message takes
    when nothing else happens, in milliseconds: what one worker is busy with it. For 3 to 5 it is
    what the service logs per update, for 1 and 2 the time of a response with one conversation;
  - `ready_s`, `rss_mb`, `pss_mb` (MB is a million bytes), `training_s`, `installed_mb`, `model_mb`;
    null where it does not apply or was not measured;
  - `levels`: a list, in order, of objects with `conversations`, `think_s`, `seconds` (measured),
    `messages` (sent in that time), `per_second` (answered in that time), `p50_ms`, `p95_ms`,
    `p99_ms`, `max_ms` (null when nobody sent anything), `unanswered`, `unexpected`, `cpu_ms`,
    `database_cpu_ms`, `load_cpu_ms` (per message) and `queue_age_s` (the oldest update that ever
    waited; null without an inbox).

- `shares`: percent of the time by part of setup 3 (see `tools.bench.shares`), or null;
- `command`: the figures of `regiowijzer bench`, an object of numbers (see `bot.bench.Figures`), or
  null when it was left out.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bot.bench import Figures
from tools.bench.load import Load, Measured


@dataclass(frozen=True)
class Level:
    """What one load led to; see the module's docstring."""

    conversations: int
    think_s: float
    seconds: float
    messages: int
    per_second: float
    p50_ms: float | None
    p95_ms: float | None
    p99_ms: float | None
    max_ms: float | None
    unanswered: int
    unexpected: int
    cpu_ms: float
    database_cpu_ms: float
    load_cpu_ms: float
    queue_age_s: float | None


@dataclass(frozen=True)
class Setup:
    """All that was measured of one setup; `not_run` says why there is nothing."""

    number: int
    name: str
    not_run: str | None = None
    cpu_ms_per_message: float | None = None
    database_cpu_ms_per_message: float | None = None
    service_ms: Sequence[float] = ()
    ready_s: float | None = None
    rss_mb: float | None = None
    pss_mb: float | None = None
    training_s: float | None = None
    installed_mb: float | None = None
    model_mb: float | None = None
    levels: Sequence[Level] = ()

    def level(self, conversations: int, think_s: float) -> Level | None:
        """What was measured with this load; None: it was not."""
        for level in self.levels:
            if (level.conversations, level.think_s) == (conversations, think_s):
                return level
        return None


@dataclass(frozen=True)
class Bench:
    """A whole run."""

    machine: str
    measured_at: str
    quick: bool
    setups: Sequence[Setup]
    command: Figures | None
    shares: Mapping[str, float] | None = None

    def as_json(self) -> dict[str, Any]:
        """As it is kept in `docs/performance.json`."""
        data = asdict(self)
        data["setups"] = {
            str(setup.number): _only_what_is_there(asdict(setup)) for setup in self.setups
        }
        return data

    def save(self, file: Path) -> None:
        """Write it."""
        text = json.dumps(self.as_json(), indent=1, ensure_ascii=False)
        file.write_text(f"{text}\n", encoding="utf-8")


def level_of(
    load: Load,
    measured: Measured,
    cpu_s: Mapping[str, float],
    queue_age_s: float | None,
) -> Level:
    """Figures of one load; `cpu_s` has the CPU seconds of `own`, `database` and `load`."""
    waits = [1000 * one.seconds for one in measured.samples]
    p50, p95, p99, most = (
        [round(float(q), 1) for q in np.quantile(waits, (0.5, 0.95, 0.99, 1.0))]
        if waits
        else [None] * 4
    )
    # what was handled in the time that the CPU was counted
    handled = max(1, measured.answered_in_time)
    unanswered = sum(one.answer.at is None for one in measured.samples)
    expected = sum(one.answer.is_expected for one in measured.samples)
    return Level(
        load.conversations,
        load.think_s,
        round(measured.seconds, 1),
        len(measured.samples),
        round(measured.answered_in_time / measured.seconds, 1),
        p50,
        p95,
        p99,
        most,
        unanswered,
        len(measured.samples) - unanswered - expected,
        round(1000 * cpu_s["own"] / handled, 2),
        round(1000 * cpu_s["database"] / handled, 2),
        round(1000 * cpu_s["load"] / handled, 2),
        queue_age_s,
    )


def quantiles(milliseconds: Sequence[float]) -> list[float]:
    """The 21 quantiles of `service_ms`; empty when nothing was measured."""
    if not milliseconds:
        return []
    return [round(float(q), 2) for q in np.quantile(milliseconds, np.linspace(0, 1, 21))]


def _only_what_is_there(setup: dict[str, Any]) -> dict[str, Any]:
    if setup["not_run"] is not None:
        return {name: setup[name] for name in ("number", "name", "not_run")}
    return setup
