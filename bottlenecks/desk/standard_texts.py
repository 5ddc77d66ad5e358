"""The standard texts for answers, read from antwoorden.yml."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from bottlenecks.workflow import Status

FILE = Path(__file__).parent / "antwoorden.yml"


@dataclass(frozen=True)
class StandardText:
    """A text to begin an answer with; `status` is the state that goes with it."""

    id: str
    name: str
    text: str
    status: Status | None


@cache
def standard_texts() -> tuple[StandardText, ...]:
    """The texts as they stand in antwoorden.yml."""
    data = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return tuple(
        StandardText(
            item["id"],
            item["naam"],
            " ".join(item["tekst"].split()),
            Status(item["bij"]) if item.get("bij") else None,
        )
        for item in data["antwoorden"]
    )
