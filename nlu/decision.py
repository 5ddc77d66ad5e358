"""Answer, ask or decline: what to do with the probabilities of a message."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from nlu.topics import OUT_OF_SCOPE


class Outcome(StrEnum):
    """What the assistant does with a message."""

    ANSWER = "answer"
    CLARIFY = "clarify"
    DECLINE = "decline"


@dataclass(frozen=True)
class Candidate:
    """A topic and its probability, from 0 to 1."""

    topic: str
    confidence: float


@dataclass(frozen=True)
class Thresholds:
    """Probabilities from which to act; the values in use stand in config.yml.

    A message is answered when its best topic reaches `answer`; it is declined when out-of-scope
    is best, or when the best topic stays under `clarify`; else the user is asked to choose.
    `decline` is how sure out-of-scope must be while another topic comes near.
    """

    answer: float = 0.45
    clarify: float = 0.12
    decline: float = 0.5


def decide(ranking: Sequence[Candidate], thresholds: Thresholds) -> Outcome:
    """What to do with a message whose topics are ranked best first."""
    best = ranking[0]
    if best.topic == OUT_OF_SCOPE:
        runner_up = ranking[1].confidence if len(ranking) > 1 else 0.0
        unsure = best.confidence < thresholds.decline and runner_up >= thresholds.clarify
        return Outcome.CLARIFY if unsure else Outcome.DECLINE
    if best.confidence >= thresholds.answer:
        return Outcome.ANSWER
    return Outcome.CLARIFY if best.confidence >= thresholds.clarify else Outcome.DECLINE
