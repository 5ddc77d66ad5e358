"""The made-up plan of tests/plans/voorbeeldplan.yml, and a long one with many tables."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from knowledge.plan import Plan
from tools.plan_documents import Part

FILE = Path(__file__).parent.parent / "tests" / "plans" / "voorbeeldplan.yml"
MONTHS = "januari februari maart april mei juni juli augustus september oktober".split()


@dataclass(frozen=True)
class Piece:
    """A text of the plan, with the topics that it is about."""

    text: str
    topics: frozenset[str]


@cache
def example_parts() -> tuple[Part, ...]:
    """The plan, to make a file of."""
    return tuple(part for entry in _entries() for part in _parts(entry))


@cache
def example_pieces() -> tuple[Piece, ...]:
    """The texts of the plan, with what they are about."""
    return tuple(piece for entry in _entries() for piece in _pieces(entry))


def long_parts(appendices: int = 40) -> list[Part]:
    """The plan with appendices full of tables behind it: of rooms, keys and supplies."""
    parts = list(example_parts())
    for number in range(1, appendices + 1):
        parts.append(Part(f"{number + 8} Bijlage over gebouw {number}", level=1))
        parts.append(Part(f"Gebouw {number} heeft {number + 3} kamers en een lift. " * 6))
        rows = [("Nummer", "Kamer", "Wat er ligt", "Wanneer geteld")]
        for room in range(1, 26):
            rows.append(
                (
                    f"{number}.{room}",
                    f"Kamer {room} op verdieping {room % 4}",
                    f"{room * 3} stoelen, {room} lampen en een kast met papier en kopjes",
                    f"{room} {MONTHS[room % 10]}",
                )
            )
        parts.append(Part(rows=tuple(rows)))
    return parts


def topics_of(plan: Plan) -> list[frozenset[str]]:
    """The right topics of each passage of a file that was made of the plan."""
    return [
        frozenset(
            topic
            for piece in example_pieces()
            if _bare(piece.text) in _bare(passage.text)
            for topic in piece.topics
        )
        for passage in plan.passages
    ]


def _bare(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def _entries() -> list[Mapping[str, Any]]:
    entries: list[Mapping[str, Any]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))["delen"]
    return entries


def _parts(entry: Mapping[str, Any]) -> Iterator[Part]:
    if "kop" in entry:
        yield Part(entry["kop"], level=entry["niveau"])
    yield from (Part(text) for text in entry.get("tekst", ()))
    yield from (Part(text, is_item=True) for text in entry.get("punten", ()))
    if "tabel" in entry:
        yield Part(rows=tuple(tuple(row) for row in entry["tabel"]))


def _pieces(entry: Mapping[str, Any]) -> Iterator[Piece]:
    topics = frozenset(entry.get("onderwerpen", ()))
    for text in (*entry.get("tekst", ()), *entry.get("punten", ())):
        yield Piece(text, topics)
    rows = entry.get("tabel", ())[1:]
    of_rows = entry.get("onderwerpen_per_rij", [()] * len(rows))
    for row, about in zip(rows, of_rows, strict=True):
        yield Piece(row[1], frozenset(about))
