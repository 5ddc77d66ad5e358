"""How well sentences are understood that their writer wrote without seeing the training data."""

from collections import Counter, defaultdict

import pytest
import yaml

from bot.measure import FLOORS, SENTENCES
from dialogues.assistant import Assistant
from knowledge import load
from nlu.data import HERE, held_out_sentences, training_sentences
from nlu.evaluation import broken_floors, evaluate, figures
from nlu.similarity import NEAR, SeenTexts
from nlu.topics import OUT_OF_SCOPE


def test_no_floor_is_broken(assistant: Assistant) -> None:
    measured = figures(evaluate(held_out_sentences(SENTENCES), assistant.understand))
    floors = yaml.safe_load(FLOORS.read_text(encoding="utf-8"))["floors"]
    assert broken_floors(measured, floors) == []


def test_every_topic_has_enough_varied_sentences() -> None:
    training = list(training_sentences())
    per_topic = Counter(s.topic for s in training)
    assert set(per_topic) == set(load().topics)
    assert min(per_topic.values()) >= 45
    assert per_topic[OUT_OF_SCOPE] >= 800
    voices = defaultdict(set)
    for s in training:
        voices[s.topic].add(s.voice)
    assert min(len(v) for v in voices.values()) >= 6


def test_every_voice_is_described() -> None:
    described = yaml.safe_load((HERE / "voices.yml").read_text(encoding="utf-8"))
    of_their_own = tuple(described["voices"]) + ("contrast", "groep-", "buiten-")
    assert [s.voice for s in training_sentences() if not s.voice.startswith(of_their_own)] == []


def test_every_topic_has_enough_test_sentences() -> None:
    per_topic = Counter(s.topic for s in held_out_sentences(SENTENCES))
    assert set(per_topic) == set(load().topics)
    assert min(per_topic.values()) >= 8
    assert per_topic[OUT_OF_SCOPE] >= 200


def test_no_sentence_is_a_near_copy_of_another_voice_or_topic() -> None:
    seen = SeenTexts()
    copies = []
    for s in training_sentences():
        nearest = seen.nearest(s.text)
        if nearest and nearest[2] > NEAR and nearest[1] != f"{s.topic} {s.voice}":
            copies.append((s, nearest))
        seen.add(s.text, f"{s.topic} {s.voice}")
    assert copies == []


def test_no_test_sentence_is_a_near_copy_of_a_training_sentence() -> None:
    seen = SeenTexts()
    for s in training_sentences():
        seen.add(s.text, s.topic)
    nearest = [(s, seen.nearest(s.text)) for s in held_out_sentences(SENTENCES)]
    assert [(s, found) for s, found in nearest if found and found[2] > NEAR] == []


@pytest.mark.parametrize("place", ["Heerlen", "Geleen", "de Westelijke Mijnstreek", "Zeist", "Urk"])
@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("hoe vind ik thuiszorg", "thuiszorg/vinden"),
        ("niemand heeft plek, wie schakel ik in", "thuiszorg/zorgbemiddeling"),
        ("wanneer schalen we op", "opschaling/kantelpunten"),
        ("wie besluit om op te schalen", "opschaling/besluit"),
        ("buurpraktijk is dicht, wat nu", "noodplan/checklist-tijdens"),
        ("wat is een harop", "harop/wat-is"),
    ],
)
def test_a_place_does_not_change_what_is_asked(
    assistant: Assistant, question: str, topic: str, place: str
) -> None:
    assert assistant.understand(f"{question} in {place}?").topic == topic
    assert assistant.understand(f"Ik werk in {place}. {question}?").topic == topic
