"""The standard texts for answers, read from antwoorden.yml."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

FILE = Path(__file__).parent / "antwoorden.yml"


@dataclass(frozen=True)
class StandardText:
    """A text to begin an answer with.

    `status` is the choice of state that goes with it, as it stands in the form; empty for none.
    """

    id: str
    name: str
    text: str
    status: str


@cache
def standard_texts() -> tuple[StandardText, ...]:
    """The texts as they stand in antwoorden.yml."""
    data = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return tuple(
        StandardText(
            item["id"],
            item["naam"],
            " ".join(item["tekst"].split()),
            item.get("bij", ""),
        )
        for item in data["antwoorden"]
    )
