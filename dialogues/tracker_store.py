"""Rasa's tracker store: it reads and writes the turn at hand, whose transaction keeps it."""

from __future__ import annotations

from typing import Any

import nlu.rasa_compat  # noqa: F401  (must come before rasa)

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bottlenecks.privacy import screen
from bottlenecks.store.codes import masked
from bottlenecks.store.conversations import taken_out
from dialogues.turn import current_turn
from nlu import rasa_speed

# letters of the beginning and of the end of a reply that are kept
_END = 80


class TurnTrackerStore(TrackerStore):
    """Gives Rasa the conversation of the current turn, and takes its new events back."""

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The conversation so far: its slots, and its recent events."""
        memory = current_turn().memory
        slots = [SlotSet(name, value) for name, value in memory.slots.items()]
        told = rasa_speed.recent(memory.events)
        events = [event for data in told if (event := Event.from_parameters(data))]
        tracker = DialogueStateTracker.from_events(
            sender_id, [*events, *slots], self.domain.slots, domain=self.domain
        )
        tracker.known_events = len(tracker.events)
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Hand the new events, screened, to the turn."""
        turn = current_turn()
        known = getattr(tracker, "known_events", 0)
        new = list(tracker.events)[known:]
        last_said = next((one for one in reversed(new) if isinstance(one, BotUttered)), None)
        turn.new_events = [
            taken_out(data, turn.unkept)
            for event in new
            if not isinstance(event, BotUttered) or event is last_said
            if (data := _kept(event)) is not None
        ]
        turn.memory.slots = {
            name: taken_out(slot.value, turn.unkept)
            for name, slot in tracker.slots.items()
            if slot.value is not None and name in turn.memory.slots | turn.slots
        }

    async def keys(self) -> list[str]:
        """Nothing lists conversations through Rasa."""
        return []


def _kept(event: Event) -> dict[str, Any] | None:
    """What is stored of an event: texts screened, and of the understanding only its outcome.

    Slots are stored as they end. Of a reply, how it begins and ends tells what "ja" answers; all of
    it stands in the outbox until it is delivered.
    """
    if not isinstance(event, UserUttered | ActionExecuted | SessionStarted | BotUttered):
        return None
    data: dict[str, Any] = event.as_dict()
    data["metadata"] = {}
    if isinstance(event, UserUttered):
        text = masked(screen(event.text or "").text)
        intent = {"name": event.intent.get("name"), "confidence": event.intent.get("confidence")}
        data["text"] = text
        data["parse_data"] = {"text": text, "intent": intent, "entities": []}
    elif isinstance(event, BotUttered):
        said = event.text or ""
        if len(said) > 2 * _END:
            said = f"{said[:_END]} ... {said[-_END:]}"
        data["text"] = masked(screen(said).text)
        data["data"] = {}
    return data


def empty_store() -> TurnTrackerStore:
    """A store for Rasa to be loaded with; the domain is set when the model is."""
    return TurnTrackerStore(Domain.empty())
