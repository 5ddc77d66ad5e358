"""How hypothesis is run: many chunks with a seed each, and nothing kept on disk."""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.strategies import SearchStrategy

# hypothesis remembers what it tried within a chunk: one of a million would fill the memory
CHUNK = 10_000
# an input that takes longer is one that breaks something
LONGEST_S = 30.0


def settings_for(examples: int, steps: int = 50) -> settings:
    """Settings with which hypothesis only looks for a failure, and makes it small."""
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )


@contextmanager
def in_time() -> Iterator[None]:
    """What takes too long, fails; only in the main thread of a process."""

    def give_up(*_: object) -> None:
        raise TimeoutError(f"more than {LONGEST_S:.0f} s")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, LONGEST_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@dataclass(frozen=True)
class Parser:
    """A parser with inputs for it; `check` raises when it does what it may not do.

    `share` is how many of a thousand inputs it gets.
    """

    name: str
    share: int
    inputs: SearchStrategy[Any]
    check: Callable[[Any], None]


@dataclass(frozen=True)
class Tried:
    """How many inputs were tried, and how long that took."""

    name: str
    number: int
    seconds: float


def try_out(parser: Parser, number: int, first_seed: int) -> Tried:
    """Try so many inputs; raises with the smallest input on which the parser fails."""
    tried, chunk, began = 0, 0, time.monotonic()
    while tried < number:
        before = tried

        @seed(first_seed + chunk)
        @settings_for(min(CHUNK, number - tried))
        @given(parser.inputs)
        def one(value: Any) -> None:
            nonlocal tried
            tried += 1
            with in_time():
                parser.check(value)

        one()
        if tried == before:
            raise RuntimeError(f"there are no inputs for {parser.name}")
        chunk += 1
    return Tried(parser.name, tried, time.monotonic() - began)
