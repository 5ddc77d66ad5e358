"""Rasa within this process: its processor with our actions, one message at a time."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, TypeVar

import nlu.rasa_compat  # noqa: F401  (must come before rasa)

from rasa.core.actions.action import Action as RasaAction
from rasa.core.nlg.generator import NaturalLanguageGenerator
from rasa.core.processor import MessageProcessor
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from dialogues.actions import ACTIONS, Action
from dialogues.turn import current_turn

Result = TypeVar("Result")


class LocalAction(RasaAction):
    """An action of ours as Rasa sees it: it writes into the turn and reports what it said."""

    def __init__(self, name: str, action: Action) -> None:
        self._name = name
        self._action = action

    def name(self) -> str:
        """By which Rasa knows it."""
        return self._name

    async def run(
        self,
        output_channel: Any,
        nlg: Any,
        tracker: DialogueStateTracker,
        domain: Domain,
        metadata: dict[str, Any] | None = None,
    ) -> list[Event]:
        """Carry it out; what was said and the slots it set, as events (Rasa calls this)."""
        turn = current_turn()
        try:
            self._action(turn)
        except Exception as error:  # Rasa would swallow it: the turn must fail
            turn.error = error
            return []
        said = [BotUttered(reply.text) for reply in turn.replies]
        return [*said, *(SlotSet(name, value) for name, value in turn.slots.items())]


class Processor(MessageProcessor):
    """Rasa's processor with our actions in the same process, and no slots to extract."""

    async def _run_action(self, action: RasaAction, *args: Any, **kwargs: Any) -> bool:
        name = action.name()
        if name in ACTIONS:
            action = LocalAction(name, ACTIONS[name])
        return bool(await super()._run_action(action, *args, **kwargs))

    async def run_action_extract_slots(
        self, output_channel: Any, tracker: DialogueStateTracker
    ) -> DialogueStateTracker:
        """Nothing: our actions set the slots themselves."""
        return tracker


class NoTemplates(NaturalLanguageGenerator):
    """Texts come from knowledge/, not from Rasa's responses."""

    async def generate(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        """No text."""
        return None


def run(coroutine: Coroutine[Any, Any, Result]) -> Result:
    """Run a coroutine that never waits.

    Rasa's functions are coroutines, but nothing in them waits here (no server, no lock, no
    database of Rasa's); so a turn can run inside one database transaction.
    """
    try:
        coroutine.send(None)
    except StopIteration as stop:
        result: Result = stop.value
        return result
    coroutine.close()
    raise RuntimeError("Rasa waited for something: a turn must run without waiting")
