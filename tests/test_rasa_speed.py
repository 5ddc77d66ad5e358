"""What makes Rasa faster gives what Rasa gives; tests/test_conversations.py plays it both ways."""

import nlu.rasa_compat  # noqa: F401  (must come before rasa)

import pytest
from rasa.shared.core.events import Event

from nlu import rasa_speed


def test_it_can_be_undone() -> None:
    rasa_speed.undo()
    as_written = Event.resolve_by_type
    rasa_speed.apply()
    assert Event.resolve_by_type is not as_written
    assert Event.resolve_by_type("user") is as_written("user")
    with pytest.raises(ValueError, match="unheard"):
        Event.resolve_by_type("unheard")
    assert Event.resolve_by_type("unheard", Event) is Event
    with pytest.raises(ValueError, match="unheard"):
        Event.resolve_by_type("unheard")


def test_rasa_is_told_the_last_turns_of_a_long_conversation() -> None:
    events = [{"event": "user", "number": number} for number in range(40)]
    rasa_speed.apply()
    assert list(rasa_speed.recent(events)) == events[-8:]
    rasa_speed.undo()
    try:
        assert list(rasa_speed.recent(events)) == events
    finally:
        rasa_speed.apply()
