"""Pairs of reports that people labelled: about the same bottleneck, or not."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import yaml

from bottlenecks.likeness import Described

FOLDER = Path(__file__).parent.parent / "tests" / "groups"
FIRST_DAY = datetime(2026, 1, 5, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Pair:
    """Two reports, and whether they are about the same bottleneck."""

    a: Described
    b: Described
    is_same: bool


def read_pairs(name: str) -> list[Pair]:
    """The pairs of tests/groups/`name`.yml."""
    return list(_pairs(yaml.safe_load((FOLDER / f"{name}.yml").read_text(encoding="utf-8"))))


def strangers(pairs: list[Pair], number: int) -> list[Pair]:
    """Reports of different pairs: nobody labelled them, but they are hardly ever about the same."""
    chance = Random(1)
    reports = list({one.text: one for pair in pairs for one in (pair.a, pair.b)}.values())
    known = {(pair.a.text, pair.b.text) for pair in pairs}
    found = []
    while len(found) < number:
        a, b = chance.sample(reports, 2)
        if (a.text, b.text) not in known and (b.text, a.text) not in known:
            found.append(Pair(a, b, False))
    return found


def _pairs(data: dict[str, Any]) -> Iterator[Pair]:
    for pair in data["paren"]:
        yield Pair(_described(pair["a"]), _described(pair["b"]), bool(pair["zelfde"]))


def _described(report: dict[str, Any]) -> Described:
    at = FIRST_DAY + timedelta(days=report["dag"])
    return Described(report["tekst"], report["soort"], report["regio"], at)
