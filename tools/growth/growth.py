"""Tables of how long things take at several sizes, and what grew more than the size did."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

# when the larger of two sizes takes less than this, it is as good as flat
FLAT_MS = 25.0
# the power of the size with which time grows: 0 is flat, 1 is linear; above it is noise up to here
LINEAR = 1.0
NOISE = 0.1


@dataclass(frozen=True)
class Took:
    """Milliseconds (medians): `whole` for all of it, of which `database` for its statements."""

    whole: float
    database: float | None = None


# by size, by name
Table = dict[int, dict[str, Took]]


def power(table: Mapping[int, Mapping[str, Took]], name: str) -> float:
    """The steepest power of the size with which time grew between two sizes next to each other."""
    found = [0.0]
    for small, large in pairwise(sorted(table)):
        before, after = table[small][name].whole, table[large][name].whole
        if after >= FLAT_MS:
            found.append(math.log(after / before) / math.log(large / small))
    return max(found)


def steep(table: Mapping[int, Mapping[str, Took]]) -> list[str]:
    """What grew more than linearly, beyond what noise explains."""
    return [name for name in _names(table) if power(table, name) > LINEAR + NOISE]


def as_text(table: Mapping[int, Mapping[str, Took]]) -> str:
    """One line for each name: the time at each size, and the power with which it grew."""
    sizes = sorted(table)
    lines = [f"{'':32}" + "".join(f"{size:>12,}" for size in sizes) + f"{'power':>8}"]
    for name in _names(table):
        times = "".join(f"{table[size][name].whole:>12.1f}" for size in sizes)
        lines.append(f"{name:32}{times}{power(table, name):>8.2f}")
    return "\n".join(lines)


def as_markdown(tables: Mapping[str, Mapping[int, Mapping[str, Took]]]) -> str:
    """The tables side by side, by what was measured."""
    columns = [(name, size) for name, table in tables.items() for size in sorted(table)]
    first = next(iter(tables.values()))
    head = "| page |" + "".join(f" {name}, {size:,} |" for name, size in columns)
    head += "".join(f" power, {name} |" for name in tables)
    lines = [head, "|---|" + "---:|" * (len(columns) + len(tables))]
    for name in _names(first):
        times = "".join(f" {tables[base][size][name].whole:.1f} |" for base, size in columns)
        powers = "".join(f" {power(table, name):.2f} |" for table in tables.values())
        lines.append(f"| {name} |{times}{powers}")
    return "\n".join(lines)


def _names(table: Mapping[int, Mapping[str, Took]]) -> Iterator[str]:
    yield from next(iter(table.values()))
