"""A setup of the bench: how it is started, and what is measured of it while it runs."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import psutil

from tools.bench.people import RestPerson, WebPerson


@dataclass(frozen=True)
class Service:
    """A setup that is ready.

    `own` are the processes that it consists of, `database` those of its database server;
    `metrics` is the address of its figures for Prometheus, if it has one.
    """

    url: str
    person: type[WebPerson] | type[RestPerson]
    ready_s: float
    own: Sequence[psutil.Process]
    database: Sequence[psutil.Process] = field(default_factory=tuple)
    metrics: str | None = None
    # milliseconds that each update took so far, as the service itself says
    service_ms: Callable[[], list[float]] | None = None


@dataclass(frozen=True)
class Cost:
    """What a setup takes before it runs: seconds to train, and MB on the disk."""

    training_s: float | None
    installed_mb: float | None
    model_mb: float | None


class NotRunError(Exception):
    """A setup cannot be run here; the message says why, in one line."""


class Candidate(Protocol):
    """One of the five setups."""

    number: int
    name: str

    def prepare(self, folder: Path) -> Cost:
        """Do what comes before starting, once; `folder` is its own, and gone afterwards.

        Raises:
            NotRunError: it cannot be run here.
        """

    def running(self, folder: Path, *, logs_updates: bool) -> AbstractContextManager[Service]:
        """Start it; `logs_updates`: it tells how long each update takes, if it can."""
