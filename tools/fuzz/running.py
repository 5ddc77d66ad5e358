"""How hypothesis is run: many chunks with a seed each, and nothing kept on disk."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.strategies import SearchStrategy

# hypothesis remembers what it tried within a chunk: one of a million would fill the memory
CHUNK = 10_000


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
            parser.check(value)

        one()
        if tried == before:
            raise RuntimeError(f"there are no inputs for {parser.name}")
        chunk += 1
    return Tried(parser.name, tried, time.monotonic() - began)
