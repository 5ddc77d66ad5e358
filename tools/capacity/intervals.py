"""Numbers of several runs as a mean with its confidence interval."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Interval:
    """A mean over runs, with half the width of its 95% confidence interval."""

    mean: float
    half: float

    @property
    def high(self) -> float:
        """The upper end."""
        return self.mean + self.half

    def holds(self, value: float) -> bool:
        """Whether `value` lies within."""
        return abs(value - self.mean) <= self.half


def interval(values: Sequence[float]) -> Interval:
    """The interval of independent runs, by Student's t; one run has an unbounded one.

    Raises:
        ValueError: there are no values.
    """
    if not values:
        raise ValueError("no runs")
    found = np.asarray(values, dtype=float)
    if len(found) < 2:
        return Interval(float(found[0]), math.inf)
    factor = float(stats.t.ppf((1 + CONFIDENCE) / 2, len(found) - 1))
    return Interval(float(found.mean()), factor * float(found.std(ddof=1)) / math.sqrt(len(found)))
