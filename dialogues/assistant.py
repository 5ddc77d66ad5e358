"""The assistant: it understands a message with Rasa, and answers it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import nlu.rasa_compat  # noqa: F401  (must come before rasa)

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.lock_store import InMemoryLockStore

from bottlenecks.privacy import joined_phone_numbers
from dialogues import commands, complaints, my_data, patient_data
from dialogues.flows import parking
from dialogues.flows.failing import OF_REPORTS
from dialogues.flows.handlers import joining, just_sent
from dialogues.flows.words import folded, stripped
from dialogues.rasa_processor import NoTemplates, Processor, run
from dialogues.regional import layered
from dialogues.rendering import NO_STEP, TOPIC, WALK
from dialogues.reply import Incoming, Reply
from dialogues.report_reading import ReportReading, read_report
from dialogues.situation import PHASES, asks_now
from dialogues.titles import titled
from dialogues.tracker_store import empty_store
from dialogues.turn import Desk, Memory, Turn, enter_turn
from dialogues.understanding import Understood, understand
from knowledge import Knowledge
from nlu import rasa_speed
from nlu.components import DANGER
from nlu.danger import POSSIBLE
from nlu.decision import Candidate
from nlu.report_model import ReportModel
from nlu.topics import EMERGENCY, TAP_INTENT, intent_of, topic_of
from nlu.training import REPORTS_NAME

MAX_TEXT = 4_000
TOO_LONG = (
    "Je bericht is erg lang. Ik heb alleen de eerste 4.000 tekens gelezen. "
    "Zet je vraag liefst in een of twee zinnen."
)
TOO_LONG_FOR_REPORT = (
    "Je bericht is erg lang. Alleen de eerste 4.000 tekens staan in je melding. Staat het "
    "belangrijkste erin? Je ziet het bij de samenvatting."
)
POSSIBLE_DANGER = "Is er nu direct gevaar? Bel 112."
EMPTY = "Ik zie geen tekst. Typ je vraag, of typ help."


class AssistantError(Exception):
    """The assistant cannot be loaded; the message tells an operator what to do."""


class Assistant:
    """Answers one message at a time. Has no state of its own between messages."""

    def __init__(
        self,
        model: Path,
        knowledge: Knowledge,
        *,
        new_id: Callable[[], str],
    ) -> None:
        """Load the trained model.

        Raises:
            AssistantError: the model file is missing or damaged.
        """
        self._knowledge = knowledge
        self._new_id = new_id
        rasa_speed.apply()
        store = empty_store()
        try:
            self._processor = Processor(model, store, InMemoryLockStore(), NoTemplates())
            self._reports = ReportModel.load(model.parent / REPORTS_NAME)
        except Exception as error:
            raise AssistantError(
                f"model {model} cannot be loaded ({type(error).__name__}): run regiowijzer train"
            ) from error
        store.domain = self._processor.domain

    @property
    def knowledge(self) -> Knowledge:
        """What this assistant answers from."""
        return self._knowledge

    def understand(self, text: str, last_topic: str | None = None) -> Understood:
        """What a text asks, its probability, and the topics that come near.

        `last_topic` is the topic answered before it, for short follow-ups.
        """
        return understand(_cleaned(text)[:MAX_TEXT], last_topic, self._knowledge, self._parse)

    def read_report(self, text: str) -> ReportReading:
        """What the text of a report says: category, region and severity."""
        return read_report(_cleaned(text)[:MAX_TEXT], self._knowledge, self._reports)

    def respond(self, incoming: Incoming, memory: Memory, desk: Desk) -> Turn:
        """Handle one message; what changed is in the turn, for the caller to keep.

        Raises:
            Exception: whatever went wrong in an action; nothing may be kept then.
        """
        facts = desk.regional()
        turn = Turn(incoming, memory, self._knowledge, desk, self._new_id, self.read_report)
        region = turn.region
        turn.knowledge = layered(self._knowledge, facts, region)
        text = _cleaned(incoming.text)
        if incoming.choice is None and not text:
            turn.say(Reply(text=EMPTY))
            return turn
        too_long = len(text) > MAX_TEXT
        text = text[:MAX_TEXT]
        welcome = parking.quiet(turn)
        if incoming.choice is None:
            about_me = my_data.answered(turn, text)
            about_sent = about_me or joining.typed(turn, text, self.understand)
            about_sent = about_sent or commands.offered(turn, text)
            button = about_sent or _as_button(text, memory, self._knowledge)
            if button is None and my_data.was_just_asked(turn):
                if titled(text, turn.knowledge, self._knowledge) is None:
                    button = my_data.unclear(text, self.understand)
            incoming = button or incoming
        sent = just_sent.take(turn)
        turn.slots.clear()
        # what runs is what is stored: a colleague, or another channel, may have ended it
        memory.slots.pop("flow", None)
        if memory.flow is not None:
            memory.slots["flow"] = memory.flow.flow_id
        turn.incoming = Incoming(text=text, choice=incoming.choice)
        named = titled(text, turn.knowledge, self._knowledge)
        if incoming.choice is not None:
            turn.understood = self._tapped(incoming.choice)
        elif named is not None and memory.flow is None:
            turn.understood = self._tapped(TOPIC + named)  # a button's label, typed
        else:
            # after a message that was not understood, a short one may go on about anything
            last_topic = None if memory.slots.get("misses") else memory.slots.get("topic")
            turn.understood = self.understand(text, last_topic)
            sure = (
                PHASES
                if asks_now(text)
                else complaints.TOPIC
                if complaints.made(turn, text)
                else None
            )
            if sure is not None:
                turn.understood = replace(turn.understood, topic=sure, confidence=1.0, asked=())
        place = turn.understood.entities.place
        if place is not None and place.region != region:  # it is answered for that place
            turn.knowledge = layered(self._knowledge, facts, place.region)
        message = UserMessage(
            text or "(knop)",
            CollectingOutputChannel(),
            sender_id=memory.conversation_id,
            parse_data=_as_parsed(text, turn.understood),
            input_channel="regiowijzer",
        )
        walked = memory.flow
        leave = enter_turn(turn)
        try:
            run(self._processor.handle_message(message))
        finally:
            leave()
        if turn.error is not None:
            raise turn.error
        desk.count(turn.counted)
        if not turn.replies:
            raise RuntimeError(f"no action answered {turn.understood.topic}")
        just_sent.keep(turn, sent, is_answered=joining.is_answered(turn, sent))
        _name_112(turn)
        patient_data.tell(turn, walked)
        if welcome is not None and turn.flow is None:
            turn.replies.insert(0, welcome)
        if too_long:
            turn.replies.insert(0, Reply(text=TOO_LONG_FOR_REPORT if _kept(turn) else TOO_LONG))
        return turn

    def _parse(self, text: str) -> Understood:
        # text that begins with "/" would be taken for an intent
        # groups of digits are no words: "06 12" would look like a time, or like 112
        message = UserMessage(joined_phone_numbers(text).lstrip("/ ") or "-")
        parsed = run(self._processor.parse_message(message))
        return Understood(
            topic_of(parsed["intent"]["name"]),
            float(parsed["intent"]["confidence"]),
            tuple(
                Candidate(topic_of(entry["name"]), float(entry["confidence"]))
                for entry in parsed.get("intent_ranking", ())
            ),
            danger=float(parsed.get(DANGER) or 0.0),
        )

    def _tapped(self, choice: str) -> Understood:
        # one's own data are asked for by buttons, but programs that read decisions see the subject
        topic = my_data.TOPIC if choice.startswith(my_data.PREFIX) else choice.removeprefix(TOPIC)
        if not choice.startswith((TOPIC, my_data.PREFIX)) or topic not in self._knowledge.topics:
            topic = TAP_INTENT
        return Understood(topic, 1.0, (Candidate(topic, 1.0),))


def _as_parsed(text: str, understood: Understood) -> dict[str, Any]:
    """What was understood, in the form in which Rasa expects it from its own parser."""
    return {
        "text": text,
        "intent": {"name": intent_of(understood.topic), "confidence": understood.confidence},
        "entities": [],
        "intent_ranking": [
            {"name": intent_of(candidate.topic), "confidence": candidate.confidence}
            for candidate in understood.candidates
        ],
    }


def _as_button(text: str, memory: Memory, knowledge: Knowledge) -> Incoming | None:
    """What is typed as it stands on a button; None when it is something else."""
    in_flow = memory.flow is not None
    missed = bool(memory.slots.get("misses"))
    if value := commands.typed(text, knowledge, in_flow=in_flow, missed=missed):
        return Incoming(text=text, choice=value)
    if in_flow:
        return None
    words = stripped(folded(text))
    if words in ("meer", "meer uitleg"):
        return Incoming(choice="meer")
    if words in ("stap voor stap", "stappen", "stapsgewijs"):
        flow = knowledge.flows.get(memory.slots.get("topic") or "")
        walkable = flow is not None and not flow.at_once
        return Incoming(choice=WALK + flow.id if flow and walkable else NO_STEP)
    if words in ("volgende", "terug", "vorige"):
        return Incoming(choice=NO_STEP)
    return None


def _kept(turn: Turn) -> bool:
    """Whether what was typed went into a report."""
    return turn.flow is not None and turn.flow.flow_id.startswith(OF_REPORTS)


def _name_112(turn: Turn) -> None:
    """One line first, for who may tell of danger."""
    candidates = turn.understood.candidates
    likeliest = candidates[0].topic if candidates and turn.incoming.choice is None else ""
    told = turn.understood.danger >= POSSIBLE or likeliest == EMERGENCY
    if told and not any("112" in reply.text for reply in turn.replies):
        first = turn.replies[0]
        turn.replies[0] = first.model_copy(update={"text": f"{POSSIBLE_DANGER}\n\n{first.text}"})


def _cleaned(text: str) -> str:
    """Text without control characters and direction marks; white space folded at the ends."""
    return "".join(c for c in text if c.isprintable() or c in "\n\t ").strip()
