"""One-shot questions: each a conversation of its own that keeps nothing."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from bottlenecks.crypto import MIN_SECRET_LENGTH, Cipher
from bottlenecks.privacy import screen
from bottlenecks.retention import Period, periods
from bottlenecks.store.accounts import PracticeMemory, Profile
from bottlenecks.store.flows import FlowView
from bottlenecks.store.group_views import GroupRow
from bottlenecks.store.my_data import OwnData
from bottlenecks.store.questions import UnclearDraft
from bottlenecks.store.reports import Draft, ReportView
from bottlenecks.store.topics import Asked
from dialogues.assistant import Assistant
from dialogues.regional import RegionalFacts
from dialogues.reply import Incoming
from dialogues.turn import Memory, Redeemed, Turn
from knowledge import TopicKind
from nlu.topics import CLARIFY_INTENT, OUT_OF_SCOPE

MIN_CANDIDATES = 3


class NobodysFlows:
    """Flows that are kept nowhere: a single message can begin one, and it ends there."""

    def start(self, flow_id: str, revision: str, state: Mapping[str, Any]) -> FlowView:
        """Begin it for this message."""
        return FlowView("ask", flow_id, revision, state, 1, 1, datetime.now(UTC))

    def save(self, run_id: str, state: Mapping[str, Any], revision: str) -> None:
        """Nothing is kept."""

    def put_aside(self, run_id: str) -> None:
        """Nothing is kept."""

    def take_up(self, run_id: str) -> FlowView | None:
        """There is none."""
        return None

    def end(self, run_id: str, outcome: str) -> None:
        """Nothing was kept."""

    def leave(self, run_id: str) -> None:
        """Nothing was kept."""

    def unfinished(self) -> list[FlowView]:
        """None."""
        return []

    def hand_over(self, run_id: str) -> str:
        """A single message has nothing to hand over."""
        raise LookupError("a one-shot question has no flow")

    def link(self) -> str:
        """A single message is of nobody."""
        raise LookupError("a one-shot question is of nobody")

    def redeem(self, code: str, *, confirmed: bool = False) -> Redeemed | None:
        """No code is known."""
        return None


class NobodysDesk:
    """The desk of someone without reports; a first message cannot file, add or withdraw."""

    def __init__(self) -> None:
        """Nothing is kept between messages."""
        self.flows = NobodysFlows()
        self._cipher = Cipher(secrets.token_urlsafe(MIN_SECRET_LENGTH))

    def now(self) -> datetime:
        """The current moment."""
        return datetime.now(UTC)

    def profile(self) -> Profile:
        """Not known."""
        return Profile()

    def remember_profile(self, profile: Profile) -> bool:
        """A one-shot question keeps nothing."""
        return False

    def practice(self) -> PracticeMemory:
        """Not known."""
        return PracticeMemory(None, asked=False)

    def file(self, draft: Draft, practice: str | None) -> str:
        """A single message cannot confirm a report."""
        raise LookupError("a one-shot question files nothing")

    def own(self) -> list[ReportView]:
        """None."""
        return []

    def similar_group(self, reference: str) -> GroupRow | None:
        """There is no report."""
        return None

    def join(self, reference: str, number: int) -> str | None:
        """There is no report."""
        raise LookupError(reference)

    def leave_group(self, reference: str, number: int) -> None:
        """There is no report."""
        raise LookupError(reference)

    def keep_apart(self, reference: str, number: int) -> None:
        """There is no report."""
        raise LookupError(reference)

    def add_text(self, reference: str, text: str) -> None:
        """There is no report."""
        raise LookupError(reference)

    def regional(self) -> RegionalFacts:
        """The files of knowledge/ alone."""
        return RegionalFacts()

    def reopen(self, reference: str, text: str) -> None:
        """There is no report."""
        raise LookupError(reference)

    def withdraw(self, reference: str) -> None:
        """There is no report."""
        raise LookupError(reference)

    def add_feedback(self, topic: str | None, text: str) -> bool:
        """A one-shot question keeps nothing."""
        return False

    def keep_unclear(self, question: UnclearDraft) -> int | None:
        """A one-shot question keeps nothing."""
        return None

    def chose(self, question_id: int, topic: str) -> None:
        """Nothing was kept."""

    def count(self, asked: Sequence[tuple[str, Asked]]) -> None:
        """A one-shot question is not counted."""

    def periods(self) -> Sequence[Period]:
        """As they are when the settings say nothing else."""
        return periods()

    def own_data(self) -> OwnData | None:
        """A one-shot question keeps nothing."""
        return None

    def erase_all(self) -> None:
        """Nothing was kept."""

    def seal(self, text: str) -> str:
        """With a key that is gone when this message is answered."""
        return self._cipher.encrypt(text).decode()

    def unseal(self, sealed: str) -> str:
        """What `seal` gave, read."""
        return self._cipher.decrypt(sealed.encode())

    def take_out(self, piece: str, *, part_of_word: bool = False) -> None:
        """Nothing was kept."""


def ask(assistant: Assistant, text: str) -> Turn:
    """Answer one question, keeping nothing."""
    return assistant.respond(Incoming(text=text), Memory("ask"), NobodysDesk())


def as_json(assistant: Assistant, text: str) -> dict[str, Any]:
    """The answer to `text` with what it was decided on, for programs.

    Keys: text, decision (answer, clarify, flow, smalltalk, out_of_scope), topic (None only for
    clarify), confidence, candidates (at least three topics, best first), reply, sources, entities,
    asked (the topics of all questions, in a message with several).
    """
    turn = ask(assistant, text)
    understood = turn.understood
    topic = understood.topic or OUT_OF_SCOPE
    decision = _decision(assistant, topic)
    ranked = [c for c in understood.candidates if c.topic in assistant.knowledge.topics]
    candidates = [{"topic": c.topic, "confidence": round(c.confidence, 4)} for c in ranked]
    for other in (topic, OUT_OF_SCOPE, "gesprek/help", "gesprek/mens", "gesprek/groet"):
        if len(candidates) < MIN_CANDIDATES and other not in {c["topic"] for c in candidates}:
            candidates.append({"topic": other, "confidence": 0.0})
    if decision != "clarify" and candidates[0]["topic"] != topic:
        # a decision above the ranking (danger now, nothing but digits) comes first
        candidates = [c for c in candidates if c["topic"] != topic]
        candidates.insert(0, {"topic": topic, "confidence": round(understood.confidence, 4)})
    return {
        "text": text,
        "decision": decision,
        "topic": None if decision == "clarify" else topic,
        "confidence": round(understood.confidence, 4),
        "candidates": candidates,
        "reply": [reply.text for reply in turn.replies],
        "sources": _sources(turn),
        "entities": understood.entities.as_data(),
        "asked": list(understood.asked),
    }


def report_as_json(assistant: Assistant, text: str) -> dict[str, Any]:
    """What the text of a report says, for programs.

    Keys: text, category, region (None: no region of ours), severity, confidence (of each of the
    three), unsure (which of the three a reporter would be asked), redacted (the text without
    personal data), found (what was removed from it: kind and text).
    """
    screened = screen(text)
    read = assistant.read_report(text)
    guesses = {"category": read.category, "region": read.region, "severity": read.severity}
    return {
        "text": text,
        **{name: guess.label or None for name, guess in guesses.items()},
        "confidence": {name: round(guess.confidence, 4) for name, guess in guesses.items()},
        "unsure": list(read.unsure),
        "redacted": screened.text,
        "found": [{"kind": one.kind, "text": one.text} for one in screened.found],
    }


def _decision(assistant: Assistant, topic: str) -> str:
    if topic == CLARIFY_INTENT or topic not in assistant.knowledge.topics:
        return "clarify"
    if topic == OUT_OF_SCOPE:
        return "out_of_scope"
    kind = assistant.knowledge.topic(topic).kind
    return {
        TopicKind.ANSWER: "answer",
        TopicKind.FLOW: "flow",
        TopicKind.CONVERSATION: "smalltalk",
    }[kind]


def _sources(turn: Turn) -> Sequence[dict[str, str]]:
    seen = dict.fromkeys(source for reply in turn.replies for source in reply.sources)
    return [source.model_dump() for source in seen]
