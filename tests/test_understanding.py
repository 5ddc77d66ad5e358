"""How well sentences are understood that their writer wrote without seeing the training data."""

import re
from collections import Counter
from pathlib import Path

import pytest

from dialogues.assistant import Assistant
from knowledge import load
from nlu.data import Sentence, held_out_sentences, training_sentences
from nlu.emergency import Danger, detector
from nlu.topics import CLARIFY_INTENT, OUT_OF_SCOPE

TESTS = Path(__file__).parent / "nlu"


def folded(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


@pytest.fixture(scope="module")
def outcomes(assistant: Assistant) -> list[tuple[Sentence, str, list[str]]]:
    """Every test sentence with what was decided and the topics that came near."""
    rows = []
    for sentence in held_out_sentences(TESTS):
        understood = assistant.understand(sentence.text)
        near = [candidate.topic for candidate in understood.candidates[:3]]
        rows.append((sentence, understood.topic, near))
    return rows


def test_topics_are_understood(outcomes: list[tuple[Sentence, str, list[str]]]) -> None:
    inside = [row for row in outcomes if row[0].topic != OUT_OF_SCOPE]
    first = sum(near[0] == s.topic or topic == s.topic for s, topic, near in inside) / len(inside)
    third = sum(s.topic in (*near, topic) for s, topic, near in inside) / len(inside)
    wrong = sum(topic not in (s.topic, CLARIFY_INTENT, OUT_OF_SCOPE) for s, topic, _ in inside)
    assert first >= 0.95
    assert third >= 0.98
    assert wrong / len(inside) <= 0.03


def test_out_of_scope_is_not_answered(outcomes: list[tuple[Sentence, str, list[str]]]) -> None:
    outside = [topic for s, topic, _ in outcomes if s.topic == OUT_OF_SCOPE]
    inside = [topic for s, topic, _ in outcomes if s.topic != OUT_OF_SCOPE]
    declined = sum(topic in (OUT_OF_SCOPE, CLARIFY_INTENT) for topic in outside)
    assert declined / len(outside) >= 0.94
    assert sum(topic == OUT_OF_SCOPE for topic in inside) / len(inside) <= 0.02


def test_every_topic_has_enough_varied_sentences() -> None:
    training = list(training_sentences())
    per_topic = Counter(s.topic for s in training)
    assert set(per_topic) == set(load().topics)
    assert min(per_topic.values()) >= 20
    assert per_topic[OUT_OF_SCOPE] >= 150
    voices: dict[str, set[str]] = {}
    for s in training:
        voices.setdefault(s.topic, set()).add(s.voice)
    assert min(len(v) for v in voices.values()) >= 6


def test_no_sentence_is_in_two_topics_or_in_training_and_test() -> None:
    training = list(training_sentences())
    seen: dict[str, str] = {}
    for sentence in training:
        key = folded(sentence.text) or sentence.text
        assert seen.setdefault(key, sentence.topic) == sentence.topic, sentence
    copies = [
        s.text
        for s in held_out_sentences(TESTS)
        if len(folded(s.text).split()) > 3 and folded(s.text) in seen
    ]
    assert copies == []


@pytest.mark.parametrize(
    ("text", "danger"),
    [
        ("patient reanimatie nu!", Danger.NOW),
        ("mijn patiënt is niet meer aanspreekbaar", Danger.NOW),
        ("er ligt iemand bewusteloos in de wachtkamer, is buiten bewustzijn", Danger.NOW),
        ("gisteren duurde het een uur voor de ambulance bij een reanimatie was", Danger.PAST),
        ("vorige week was er een hartstilstand en kwam niemand", Danger.PAST),
        ("de telefoon staat roodgloeiend", Danger.NONE),
        ("we zijn onbereikbaar", Danger.NONE),
    ],
)
def test_danger_now_is_told_from_danger_past(text: str, danger: Danger) -> None:
    assert detector().detect(text) is danger
