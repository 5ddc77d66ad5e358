"""Messages that were not understood: how often in a row, what was offered, what to learn from."""

from collections.abc import Sequence

from bottlenecks.privacy import screen
from bottlenecks.store.questions import Outcome, UnclearDraft
from dialogues.turn import Turn
from knowledge import TopicKind

KEPT_CANDIDATES = 5
# characters of a question that can become a report
MAX_KEPT = 1_000


def offered(turn: Turn) -> Sequence[str]:
    """The topics that were offered since the last message that was understood."""
    return turn.slot("offered") or ()


def missed(turn: Turn, outcome: Outcome, topics: Sequence[str]) -> int:
    """Count a message that was not understood and keep it to learn from.

    `topics` are offered now. Gives how many messages in a row were not understood.
    """
    misses: int = (turn.slot("misses") or 0) + 1
    turn.slots["misses"] = misses
    turn.slots["offered"] = [*offered(turn), *topics]
    if turn.incoming.choice is None:
        turn.slots["unanswered"] = screen(turn.incoming.text).text[:MAX_KEPT]
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


def _candidates(turn: Turn) -> tuple[tuple[str, float], ...]:
    return tuple(
        (candidate.topic, round(candidate.confidence, 4))
        for candidate in turn.understood.candidates[:KEPT_CANDIDATES]
    )
