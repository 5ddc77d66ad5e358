"""Danger now is recognised wherever it is typed; stories of the past are not broken off."""

from collections import Counter
from pathlib import Path

import pytest
import yaml

from dialogues.assistant import Assistant
from dialogues.understanding import Understood
from nlu.danger import POSSIBLE, SURE, Danger, danger_in, danger_sentences, tells_of_past
from nlu.similarity import NEAR, SeenTexts
from nlu.topics import EMERGENCY
from tests.conftest import Talk
from tests.reporting import step, until

SENTENCES = yaml.safe_load((Path(__file__).parent / "danger.yml").read_text(encoding="utf-8"))
NOW: list[str] = SENTENCES["nu"]
OTHER: list[str] = SENTENCES["niet"]
# reports of bottlenecks full of clinical words, and danger now in such words
REPORTS_NOW: list[str] = SENTENCES["meldingen-nu"]
REPORTS: list[str] = SENTENCES["meldingen-niet"]
# share of dangers at which 112 must be named
FLOOR = 0.99


def names_112(understood: Understood) -> bool:
    """Whether 112 comes first, or in a line: its topic, its danger, or the likeliest topic."""
    likeliest = understood.candidates[0].topic
    return EMERGENCY in (understood.topic, likeliest) or understood.danger >= POSSIBLE


def test_112_is_named_when_there_is_danger_now(assistant: Assistant) -> None:
    dangers = NOW + REPORTS_NOW
    missed = [text for text in dangers if not names_112(assistant.understand(text))]
    assert len(missed) <= (1 - FLOOR) * len(dangers), missed


def test_most_dangers_come_before_everything_else(assistant: Assistant) -> None:
    dangers = NOW + REPORTS_NOW
    first = [text for text in dangers if assistant.understand(text).topic == EMERGENCY]
    assert len(first) >= 0.85 * len(dangers), sorted(set(dangers) - set(first))


def test_no_story_is_broken_off(assistant: Assistant) -> None:
    assert [text for text in OTHER if assistant.understand(text).topic == EMERGENCY] == []


@pytest.mark.parametrize(
    "text",
    [
        "patient wil dood en crisisdienst neemt niet op",
        "pt is suïcidaal, wie kan ik bellen",
        "suicidale patient en nergens plek",
        "saturatie 82 en geen ambulance beschikbaar",
        "mw heeft sepsis, opname lukt niet, seh vol",
    ],
)
def test_what_may_be_danger_whatever_else_is_said(assistant: Assistant, text: str) -> None:
    assert names_112(assistant.understand(text))


def test_hardly_any_report_is_taken_for_danger(assistant: Assistant) -> None:
    taken = [text for text in REPORTS if assistant.understand(text).topic == EMERGENCY]
    assert len(taken) <= 0.03 * len(REPORTS), taken


def test_few_stories_get_the_line(assistant: Assistant) -> None:
    stories = OTHER + REPORTS
    lines = [text for text in stories if names_112(assistant.understand(text))]
    assert len(lines) <= 0.15 * len(stories), lines


@pytest.mark.parametrize("text", NOW[::6])
def test_a_flow_goes_on_at_the_same_step(talk: Talk, text: str) -> None:
    talk.says("ik wil een knelpunt melden")
    talk.says("thuiszorg")
    assert "112" in talk.says(text)
    assert step(talk) == "regio"


def test_what_is_told_of_danger_stands_in_the_report(talk: Talk) -> None:
    until(talk, "wat")
    seen = talk.says("geen thuiszorg te vinden en nu ademt hij bijna niet meer, sat 70 en blauw")
    assert "Bel direct 112" in seen and "staat in je melding" in seen
    assert step(talk) != "wat"
    assert "Je antwoord was: geen thuiszorg te vinden en nu ademt hij" in talk.says("terug")


@pytest.mark.parametrize("text", OTHER[::6])
def test_a_report_keeps_its_story(talk: Talk, text: str) -> None:
    talk.says("ik wil een knelpunt melden")
    talk.says("thuiszorg")
    talk.says("Utrecht")
    seen = talk.says(text)
    assert "Bel direct 112" not in seen
    assert seen.count("Is er nu direct gevaar") <= 1


@pytest.mark.parametrize(
    ("text", "probability", "surely_ours", "danger"),
    [
        ("patient reanimatie nu!", 0.99, False, Danger.NOW),
        ("patient reanimatie nu!", SURE - 0.01, False, Danger.POSSIBLE),
        ("patient reanimatie nu!", POSSIBLE - 0.01, False, Danger.NONE),
        ("help, de praktijk hiernaast is dicht, wat nu", 0.99, True, Danger.POSSIBLE),
        ("vorige week was er een hartstilstand en kwam niemand", 0.99, False, Danger.POSSIBLE),
    ],
)
def test_what_is_done_with_a_probability(
    text: str, probability: float, surely_ours: bool, danger: Danger
) -> None:
    assert danger_in(text, probability, surely_ours=surely_ours) is danger


@pytest.mark.parametrize(
    ("text", "past"),
    [
        ("gisteren duurde het een uur voor de ambulance bij een reanimatie was", True),
        ("er was een hartstilstand en er kwam niemand", True),
        ("een moeder kwam net binnen, haar kind krijgt geen lucht", False),
        ("ze was aan het praten en ligt nu te schokken, ze ademt niet", False),
    ],
)
def test_what_is_over_is_told_from_what_goes_on(text: str, past: bool) -> None:
    assert tells_of_past(text) is past


def test_many_voices_and_no_copies_of_the_test_sentences() -> None:
    training = list(danger_sentences())
    counts = Counter((sentence.voice, sentence.now) for sentence in training)
    assert sum(now for _, now in counts) >= 6 and min(counts.values()) >= 40
    seen = SeenTexts()
    for sentence in training:
        seen.add(sentence.text, sentence.voice)
    texts = (*NOW, *OTHER, *REPORTS_NOW, *REPORTS)
    near = [text for text in texts if (found := seen.nearest(text)) and found[2] > NEAR]
    assert near == []
