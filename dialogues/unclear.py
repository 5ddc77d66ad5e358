"""Messages that were not understood: how often in a row, what was offered, what to learn from."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Literal

from bottlenecks.privacy import screen
from bottlenecks.store.questions import UnclearDraft
from dialogues.flows.words import command, folded, says_no, says_yes
from dialogues.turn import Turn
from knowledge import TopicKind
from nlu.topics import OUT_OF_SCOPE

KEPT_CANDIDATES = 5
# characters of a question that can become a report
MAX_KEPT = 1_000
# a topic that is less probable than this has nothing to do with a question
NEAR = 0.1
# a shorter one does not take the place of the question before it
MIN_QUESTION_WORDS = 3
_BARE = frozenset({"versturen", "verstuur", "verzenden", "menu"})
_NONE = re.compile(
    r"(?:nee )?(?:geen van (?:deze|die|dit|dat|allen|alle|beide|drieën|de drie)"
    r"(?: onderwerpen| vragen)?|geen enkele?|geen een|geen|niets van dit|(?:deze|die) niet"
    r"|niks hiervan|niets hiervan|geen hiervan)"
)

Missed = Literal["clarified", "declined"]


@dataclass(frozen=True)
class Unanswered:
    """The last question without an answer: screened, the topic nearest to it, its region.

    `typed` is what was typed last, which need not be a question; `step` is where in a flow.
    """

    text: str
    topic: str | None = None
    region: str | None = None
    typed: str = ""
    step: str | None = None


def offered(turn: Turn) -> Sequence[str]:
    """The topics that were offered since the last message that was understood."""
    return turn.slot("offered") or ()


def unanswered(turn: Turn) -> Unanswered | None:
    """The last question without an answer, which can become a report."""
    kept = _kept(turn)
    return kept if kept is not None and kept.text else None


def last_typed(turn: Turn) -> str | None:
    """What was typed last that was not understood, also when it is no question."""
    kept = _kept(turn)
    return (kept.typed or kept.text) if kept is not None else None


def last_said(turn: Turn) -> str:
    """What was said last in this conversation, by either side."""
    said = [one for one in turn.memory.events if one.get("event") in ("bot", "user")]
    return str(said[-1].get("text") or "") if said else ""


def step_now(turn: Turn) -> str | None:
    """Which step of which flow is asked now."""
    return f"{turn.flow.run_id[:8]}:{turn.flow.state.get('step')}" if turn.flow else None


def means_none(text: str) -> bool:
    """Whether a message says what the button "Geen van deze" says."""
    return _NONE.fullmatch(folded(text)) is not None


def _kept(turn: Turn) -> Unanswered | None:
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
    typed = screen(turn.incoming.text).text[:MAX_KEPT]
    in_row = bool(turn.memory.slots.get("misses"))
    before = unanswered(turn) if in_row else None
    few = len(typed.split()) < MIN_QUESTION_WORDS
    if _is_bare(turn.incoming.text) or (few and before is not None):
        kept = replace(before or Unanswered(""), typed=typed)
    else:
        # what was offered before and passed by is not what was meant
        passed_by = in_row and topic in (turn.memory.slots.get("offered") or ())
        region = place.region if place else None
        kept = Unanswered(typed, None if passed_by else topic, region, typed, step_now(turn))
    turn.slots["unanswered"] = asdict(kept)
    return topic


def _is_bare(text: str) -> bool:
    """Whether a message only agrees, refuses or steers: no question at all."""
    said = folded(text)
    if says_yes(text) or says_no(text) or means_none(text):
        return True
    return said in _BARE or command(text) is not None


def missed(turn: Turn, outcome: Missed, topics: Sequence[str]) -> int:
    """Count a message that was not understood and keep it to learn from.

    `topics` are offered now. Gives how many messages in a row were not understood.
    """
    misses: int = (turn.slot("misses") or 0) + 1
    turn.slots["misses"] = misses
    turn.slots["offered"] = [*offered(turn), *topics]
    if turn.incoming.choice is not None or says_no(turn.incoming.text):
        _no_topic(turn)
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


def _no_topic(turn: Turn) -> None:
    """The topics that came near were turned down: the question points to none of them."""
    kept = _kept(turn)
    if kept is not None:
        turn.slots["unanswered"] = asdict(replace(kept, topic=None))


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
