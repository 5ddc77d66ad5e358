"""Conversations through the real inbox, worker and outbox, and how long each message takes."""

import time
from collections.abc import Sequence

from bottlenecks.store import Database
from dialogues.assistant import Assistant
from nlu.data import held_out_sentences
from nlu.topics import OUT_OF_SCOPE
from tests.conftest import Talk
from tools.growth.topics import ROOT

# what somebody says again and again: questions, follow-ups, a clarification, what is not known
# here, and a report that is begun and stopped
CYCLE = (
    "wie coördineert het noodplan?",
    "waar staat dat?",
    "meer",
    "hoe vind ik thuiszorg in Utrecht?",
    "dank je wel",
    "wat is de status van mijn melding?",
    "noodplan",
    "wat kost een consult van 20 minuten?",
    "ik wil een knelpunt melden",
    "stop",
)


def says(talk: Talk, text: str) -> float:
    """Say something; gives the milliseconds until all replies were taken from the outbox."""
    began = time.perf_counter()
    talk.says(text)
    took = (time.perf_counter() - began) * 1000
    if not talk.replies:
        raise RuntimeError(f"nothing answered {text!r}")
    return took


def long_conversation(database: Database, assistant: Assistant, messages: int) -> list[float]:
    """How long each message of one conversation takes."""
    other = Talk(database, assistant, "warm-up")
    for text in CYCLE:  # what is loaded at first use does not count
        says(other, text)
    talk = Talk(database, assistant, "long")
    return [says(talk, CYCLE[n % len(CYCLE)]) for n in range(messages)]


def side_by_side(
    talks: Sequence[Talk], texts: Sequence[str]
) -> tuple[list[list[float]], list[list[str]]]:
    """How long each text takes in each of these conversations, in turn; and what was answered."""
    took: list[list[float]] = [[] for _ in talks]
    said: list[list[str]] = [[] for _ in talks]
    for text in texts:
        for place, talk in enumerate(talks):
            took[place].append(says(talk, text))
            said[place].append(talk.replies[-1].text)
    return took, said


def questions(number: int) -> list[str]:
    """Questions that no model learned from, spread over the topics."""
    asked = [
        one.text
        for one in held_out_sentences(ROOT / "tests" / "nlu")
        if one.topic != OUT_OF_SCOPE and not one.topic.startswith("gesprek/")
    ]
    step = len(asked) / number
    return [asked[int(place * step)] for place in range(number)]
