"""Messages that were not understood: how often in a row, what was offered, what to learn from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bottlenecks.privacy import screen
from bottlenecks.store.questions import UnclearDraft
from dialogues.turn import Turn
from knowledge import TopicKind
from nlu.topics import OUT_OF_SCOPE

KEPT_CANDIDATES = 5
# characters of a question that can become a report
MAX_KEPT = 1_000
# a topic that is less probable than this has nothing to do with a question
NEAR = 0.1

Missed = Literal["clarified", "declined"]


@dataclass(frozen=True)
class Unanswered:
    """The last question without an answer: screened, the topic nearest to it, its region."""

    text: str
    topic: str | None = None
    region: str | None = None


def offered(turn: Turn) -> Sequence[str]:
    """The topics that were offered since the last message that was understood."""
    return turn.slot("offered") or ()


def unanswered(turn: Turn) -> Unanswered | None:
    """The last question without an answer, which can become a report."""
    kept = turn.slot("unanswered")
    if not kept:
        return None
    # an earlier version kept only its text
    return Unanswered(kept) if isinstance(kept, str) else Unanswered(**kept)


def remember(turn: Turn, topics: Sequence[str] = ()) -> str | None:
    """Keep that this question had no answer, in the conversation; gives the topic nearest to it.

    `topics` are offered instead.
    """
    place = turn.understood.entities.place
    topic = next((id_ for id_ in topics if _is_subject(turn, id_)), None) or _nearest(turn)
    turn.slots["unanswered"] = {
        "text": screen(turn.incoming.text).text[:MAX_KEPT],
        "topic": topic,
        "region": place.region if place else None,
    }
    return topic


def missed(turn: Turn, outcome: Missed, topics: Sequence[str]) -> int:
    """Count a message that was not understood and keep it to learn from.

    `topics` are offered now. Gives how many messages in a row were not understood.
    """
    misses: int = (turn.slot("misses") or 0) + 1
    turn.slots["misses"] = misses
    turn.slots["offered"] = [*offered(turn), *topics]
    if turn.incoming.choice is None:
        turn.counted.append((remember(turn, topics) or OUT_OF_SCOPE, outcome))
        turn.slots["unclear"] = turn.desk.keep_unclear(
            UnclearDraft(
                screen(turn.incoming.text).text,
                outcome,
                None,
                turn.understood.confidence,
                _candidates(turn),
                turn.knowledge.revision,
            )
        )
    return misses


def resolved(turn: Turn, topic: str) -> None:
    """A message was understood: the count starts again, and the answer can be marked as wrong."""
    turn.slots["misses"] = 0
    turn.slots["offered"] = None
    if turn.knowledge.topic(topic).kind is not TopicKind.CONVERSATION:
        _chose(turn, topic)  # thanks, or a greeting, is no choice
    if turn.incoming.choice is None:
        turn.slots["asked"] = {
            "text": screen(turn.incoming.text).text,
            "confidence": turn.understood.confidence,
            "candidates": [list(candidate) for candidate in _candidates(turn)],
        }


def marked_wrong(turn: Turn) -> None:
    """Keep the question whose answer the person calls wrong."""
    asked = turn.slot("asked")
    if asked:
        # with what is said about it, it can become a report
        turn.slots["asked"] = {**asked, "wrong": screen(turn.incoming.text).text[:MAX_KEPT]}
        turn.desk.keep_unclear(
            UnclearDraft(
                asked["text"],
                "wrong",
                turn.slot("topic"),
                asked["confidence"],
                tuple((topic, confidence) for topic, confidence in asked["candidates"]),
                turn.knowledge.revision,
            )
        )


def _chose(turn: Turn, topic: str) -> None:
    question_id = turn.slot("unclear")
    if question_id is not None:
        turn.desk.chose(question_id, topic)
        turn.slots["unclear"] = None


def _is_subject(turn: Turn, topic_id: str) -> bool:
    topic = turn.knowledge.topics.get(topic_id)
    return topic is not None and topic.kind is not TopicKind.CONVERSATION


def _nearest(turn: Turn) -> str | None:
    """The subject that comes nearest to what was asked; None when nothing comes near."""
    for candidate in turn.understood.candidates:
        if _is_subject(turn, candidate.topic):
            return candidate.topic if candidate.confidence >= NEAR else None
    return None


def _candidates(turn: Turn) -> tuple[tuple[str, float], ...]:
    return tuple(
        (candidate.topic, round(candidate.confidence, 4))
        for candidate in turn.understood.candidates[:KEPT_CANDIDATES]
    )
