"""A topic as plain data, in the one form in which it is kept, compared and written to a file."""

from collections.abc import Mapping
from typing import Any

from knowledge.lines import tidy
from knowledge.model import NATIONAL, Topic

# the order of the files
ORDER = (
    "id",
    "soort",
    "titel",
    "geldt_voor",
    "bron",
    "gedateerd",
    "antwoord",
    "meer",
    "toegespitst",
    "feiten",
    "verwant",
)
_DEFAULTS = {"geldt_voor": NATIONAL, "waar": "antwoord"}


def as_data(topic: Topic) -> dict[str, Any]:
    """A topic as data."""
    return canonical(topic.model_dump(mode="json", by_alias=True))


def canonical(data: Mapping[str, Any]) -> dict[str, Any]:
    """The same data without what is empty or goes without saying, and with tidy texts.

    What does not fit a topic stays in it, for the check to find.
    """
    known = {name: data[name] for name in ORDER if name in data}
    others = {name: value for name, value in data.items() if name not in known}
    cleaned: dict[str, Any] = _cleaned({**known, **others})
    return cleaned


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return tidy(value)
    if isinstance(value, list | tuple):
        return [_cleaned(part) for part in value]
    if isinstance(value, Mapping):
        cleaned = {str(name): _cleaned(part) for name, part in value.items()}
        return {
            name: part
            for name, part in cleaned.items()
            if part not in (None, "", [], {}) and part != _DEFAULTS.get(name)
        }
    return value
