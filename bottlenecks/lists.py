"""The choices of a report (categories, severities), read from lists.yml."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

FILE = Path(__file__).parent / "lists.yml"


@dataclass(frozen=True)
class ListEntry:
    """A choice: `id` is stored, `name` is shown; `words` recognise it in a text.

    `hours` is the deadline of a severity: so many hours after the report, and after each answer,
    the regional organisation wants to let the reporter hear something.
    """

    id: str
    name: str
    explanation: str = ""
    words: tuple[str, ...] = ()
    hours: int = 0


@dataclass(frozen=True)
class Lists:
    """Categories and severities by id, in the order in which they are shown.

    `follow_up_hours` is how long a report may wait for its reporter or another organisation.
    """

    categories: dict[str, ListEntry]
    severities: dict[str, ListEntry]
    follow_up_hours: int

    def recognise_category(self, text: str) -> str | None:
        """The one category whose words occur in `text`; None when none or several do."""
        lowered = text.lower()
        found = {
            entry.id
            for entry in self.categories.values()
            for word in entry.words
            # short words are abbreviations and must stand alone
            if re.search(rf"\b{re.escape(word)}" + (r"\b" if len(word) <= 4 else ""), lowered)
        }
        return found.pop() if len(found) == 1 else None


@cache
def lists() -> Lists:
    """The lists as they stand in lists.yml."""
    data = yaml.safe_load(FILE.read_text(encoding="utf-8"))

    def entries(key: str) -> dict[str, ListEntry]:
        return {
            item["id"]: ListEntry(
                item["id"],
                item["naam"],
                item.get("uitleg", ""),
                tuple(item.get("ook", ())),
                item.get("termijn_uren", 0),
            )
            for item in data[key]
        }

    return Lists(entries("categorieen"), entries("ernst"), data["opvolgen_uren"])
