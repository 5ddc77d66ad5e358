"""What makes Rasa faster here; what it does stays the same.

Each change can be undone: tests/test_conversations.py plays all conversations both ways.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import nlu.rasa_compat  # noqa: F401  (must come before rasa)

from rasa.shared.core.events import Event

_AS_WRITTEN = Event.resolve_by_type
_KINDS: dict[str, type[Event]] = {}
# a turn has four events
_EVENTS = 8


def apply() -> None:
    """Make the changes; safe to call twice."""
    setattr(Event, "resolve_by_type", staticmethod(_resolve_by_type))  # noqa: B010  # mypy refuses to assign a method


def undo() -> None:
    """Have Rasa as it was written."""
    setattr(Event, "resolve_by_type", staticmethod(_AS_WRITTEN))  # noqa: B010  # mypy refuses to assign a method


def recent(events: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """What Rasa is told of a conversation: its last turns, as a rule of ours is about one.

    It makes states of all that it is told, several times for each message. Slots are told apart.
    """
    return events[-_EVENTS:] if Event.resolve_by_type is _resolve_by_type else events


def _resolve_by_type(type_name: str, default: type[Event] | None = None) -> type[Event] | None:
    """The class of an event: remembered, where Rasa goes through all classes for each event."""
    found = _KINDS.get(type_name)
    if found is None:
        found = _AS_WRITTEN(type_name, default)
        if found is not None and found is not default:
            _KINDS[type_name] = found
    return found
