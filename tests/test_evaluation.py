"""Measuring understanding, on cases made by hand."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import pytest
import yaml

from nlu.data import Sentence
from nlu.decision import Candidate
from nlu.evaluation import (
    Case,
    Figures,
    broken_floors,
    calibration_error,
    confusions,
    evaluate,
    figures,
    read_figures,
    worst,
    write_figures,
)
from nlu.evaluation_report import page
from nlu.topics import CLARIFY_INTENT, OUT_OF_SCOPE

PLAN, CARE, HARP = "noodplan/definitie", "thuiszorg/vinden", "harop/wat-is"
FLOORS = Path(__file__).parent / "floors.yml"


def case(asked: str, decided: str, *ranking: tuple[str, float], text: str = "wat is dat?") -> Case:
    return Case(Sentence(text, asked), decided, tuple(Candidate(*pair) for pair in ranking))


RIGHT = case(PLAN, PLAN, (PLAN, 0.9), (CARE, 0.05))
RIGHT_SECOND = case(PLAN, CARE, (CARE, 0.8), (PLAN, 0.1), (HARP, 0.05))
RIGHT_FOURTH = case(PLAN, CARE, (CARE, 0.7), (HARP, 0.1), ("a/b", 0.08), (PLAN, 0.05))
CLARIFIED_RIGHT = case(PLAN, CLARIFY_INTENT, (PLAN, 0.4), (CARE, 0.3))
CLARIFIED_WRONG = case(PLAN, CLARIFY_INTENT, (CARE, 0.4), (PLAN, 0.3))
DECLINED = case(PLAN, OUT_OF_SCOPE, (OUT_OF_SCOPE, 0.6), (PLAN, 0.3))
OUTSIDE_DECLINED = case(OUT_OF_SCOPE, OUT_OF_SCOPE, (OUT_OF_SCOPE, 0.9), (PLAN, 0.02))
OUTSIDE_CLARIFIED = case(OUT_OF_SCOPE, CLARIFY_INTENT, (PLAN, 0.3), (OUT_OF_SCOPE, 0.2))
OUTSIDE_ANSWERED = case(OUT_OF_SCOPE, CARE, (CARE, 0.7), (OUT_OF_SCOPE, 0.2))
INSIDE = [RIGHT, RIGHT_SECOND, RIGHT_FOURTH, CLARIFIED_RIGHT, CLARIFIED_WRONG]
OUTSIDE = [OUTSIDE_DECLINED, OUTSIDE_CLARIFIED, OUTSIDE_ANSWERED, OUTSIDE_DECLINED]


# figures


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("right_first", 0.4),  # answered, and first of the ones to choose from
        ("right_in_three", 0.8),  # all but the one that came fourth
        ("answered_right", 0.2),
        ("answered_wrong", 0.4),
        ("clarified", 0.4),
        ("declined", 0.0),
        ("out_of_scope_seen", 0.75),
        ("out_of_scope_declined", 0.5),
    ],
)
def test_each_figure(name: str, value: float) -> None:
    assert asdict(figures(INSIDE + OUTSIDE))[name] == value


def test_a_declined_question_of_ours_is_counted() -> None:
    measured = figures([DECLINED, RIGHT, OUTSIDE_DECLINED])
    assert measured.declined == 0.5
    assert measured.right_first == 0.5
    assert measured.answered_wrong == 0
    assert measured.out_of_scope_declined == 1


def test_what_happens_to_our_questions_adds_up_to_one() -> None:
    measured = figures([*INSIDE, DECLINED, *OUTSIDE])
    parts = (
        measured.answered_right + measured.answered_wrong + measured.clarified + measured.declined
    )
    assert parts == pytest.approx(1, abs=0.001)


def test_a_decision_above_the_ranking_counts_as_answered() -> None:
    """Danger now is decided without a candidate that says so."""
    danger = case("gesprek/spoed", "gesprek/spoed", (CARE, 0.6), (PLAN, 0.2))
    measured = figures([danger, OUTSIDE_DECLINED])
    assert (measured.right_first, measured.right_in_three, measured.answered_right) == (1, 1, 1)


@pytest.mark.parametrize("cases", [[], INSIDE, OUTSIDE])
def test_sentences_of_both_kinds_are_needed(cases: list[Case]) -> None:
    with pytest.raises(ValueError, match="in scope and out of scope"):
        figures(cases)


@dataclass(frozen=True)
class Answer:
    topic: str
    confidence: float
    candidates: tuple[Candidate, ...]


def test_every_sentence_is_understood_once_and_in_order() -> None:
    seen = []

    def understand(text: str) -> Answer:
        seen.append(text)
        return Answer(PLAN, 0.8, (Candidate(PLAN, 0.8),))

    sentences = [Sentence("wat is een noodplan?", PLAN), Sentence("wat eten we?", OUT_OF_SCOPE)]
    first, second = evaluate(sentences, understand)
    assert seen == ["wat is een noodplan?", "wat eten we?"]
    assert (first.sentence, first.decided, first.answered_wrong) == (sentences[0], PLAN, False)
    assert second.answered_wrong


# calibration


def at(confidence: float, right: int, wrong: int) -> list[Case]:
    """Cases with this confidence in the best candidate, of which so many are right."""
    hit = case(PLAN, PLAN, (PLAN, confidence))
    miss = case(CARE, PLAN, (PLAN, confidence))
    return [hit] * right + [miss] * wrong


@pytest.mark.parametrize(
    ("cases", "error"),
    [
        (at(1.0, right=5, wrong=0), 0.0),
        (at(0.8, right=8, wrong=2), 0.0),
        (at(0.8, right=8, wrong=2) + at(0.5, right=1, wrong=1), 0.0),
        (at(1.0, right=0, wrong=5), 1.0),
        (at(0.9, right=0, wrong=4), 0.9),
        (at(0.2, right=4, wrong=0), 0.8),
        # too sure in one step does not make up for too unsure in another
        (at(0.95, right=0, wrong=1) + at(0.05, right=1, wrong=0), 0.95),
        # the steps count by their number of sentences
        (at(0.8, right=8, wrong=2) + at(0.3, right=10, wrong=0), 0.35),
    ],
)
def test_calibration_error(cases: list[Case], error: float) -> None:
    assert calibration_error(cases) == pytest.approx(error)


def test_calibration_error_without_any_ranking_is_nothing() -> None:
    assert calibration_error([case(PLAN, PLAN)]) == 0


# confusions and worst cases


def test_confusions_most_frequent_first() -> None:
    cases = [RIGHT, RIGHT_SECOND, CLARIFIED_WRONG, OUTSIDE_ANSWERED, CLARIFIED_RIGHT]
    assert confusions(cases) == [(PLAN, CARE, 2), (OUT_OF_SCOPE, CARE, 1)]


def test_no_confusions_when_all_is_right() -> None:
    assert confusions([RIGHT, OUTSIDE_DECLINED]) == []


def test_a_declined_question_is_confused_with_out_of_scope() -> None:
    assert confusions([DECLINED]) == [(PLAN, OUT_OF_SCOPE, 1)]


def test_worst_are_the_sure_wrong_answers_then_what_was_not_answered() -> None:
    cases = [CLARIFIED_WRONG, RIGHT, DECLINED, OUTSIDE_CLARIFIED, RIGHT_FOURTH, RIGHT_SECOND]
    assert worst(cases) == [RIGHT_SECOND, RIGHT_FOURTH, DECLINED, CLARIFIED_WRONG]


def test_an_out_of_scope_sentence_that_was_answered_is_among_the_worst() -> None:
    assert worst([OUTSIDE_ANSWERED, OUTSIDE_DECLINED, OUTSIDE_CLARIFIED]) == [OUTSIDE_ANSWERED]


def test_worst_is_cut_off() -> None:
    assert worst([CLARIFIED_WRONG, RIGHT_FOURTH, RIGHT_SECOND], length=1) == [RIGHT_SECOND]
    assert len(worst([RIGHT_SECOND] * 50)) == 30


# floors

MEASURED = Figures(
    right_first=0.9,
    right_in_three=0.95,
    answered_right=0.8,
    answered_wrong=0.05,
    clarified=0.1,
    declined=0.05,
    out_of_scope_seen=0.9,
    out_of_scope_declined=0.8,
    calibration_error=0.04,
)


@pytest.mark.parametrize("name", asdict(MEASURED))
def test_a_figure_that_is_just_good_enough(name: str) -> None:
    assert broken_floors(MEASURED, {name: asdict(MEASURED)[name]}) == []


@pytest.mark.parametrize(
    ("name", "floor", "words"),
    [
        ("right_first", 0.91, "right_first is 90.0%, must be at least 91.0%"),
        ("right_in_three", 0.951, "right_in_three is 95.0%, must be at least 95.1%"),
        ("out_of_scope_seen", 1.0, "out_of_scope_seen is 90.0%, must be at least 100.0%"),
        ("answered_wrong", 0.04, "answered_wrong is 5.0%, must be at most 4.0%"),
        ("declined", 0.0, "declined is 5.0%, must be at most 0.0%"),
        ("clarified", 0.099, "clarified is 10.0%, must be at most 9.9%"),
        ("calibration_error", 0.03, "calibration_error is 4.0%, must be at most 3.0%"),
    ],
)
def test_a_broken_floor_in_words(name: str, floor: float, words: str) -> None:
    assert broken_floors(MEASURED, {name: floor}) == [words]


def test_only_the_broken_floors_are_named() -> None:
    broken = broken_floors(
        MEASURED, {"right_first": 0.5, "answered_wrong": 0.01, "answered_right": 0.99}
    )
    assert [line.split()[0] for line in broken] == ["answered_wrong", "answered_right"]


def test_better_than_the_floor_in_both_directions() -> None:
    better = replace(MEASURED, right_first=1.0, answered_wrong=0.0)
    assert broken_floors(better, {"right_first": 0.9, "answered_wrong": 0.05}) == []


def test_a_floor_for_something_that_is_not_measured() -> None:
    with pytest.raises(ValueError, match=r"no figure precision; there are: .*right_first"):
        broken_floors(MEASURED, {"right_first": 0.5, "precision": 0.5})


def test_the_committed_floors_are_of_existing_figures() -> None:
    floors = yaml.safe_load(FLOORS.read_text(encoding="utf-8"))["floors"]
    assert floors
    perfect = figures([*at(1.0, right=1, wrong=0), case(OUT_OF_SCOPE, OUT_OF_SCOPE)])
    assert broken_floors(perfect, floors) == []


def test_figures_are_kept_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "figures.json"
    assert read_figures(path) == {}
    write_figures(MEASURED, path)
    assert read_figures(path) == asdict(MEASURED)


# the page


def report(cases: Sequence[Case], floors: dict[str, float] | None = None) -> str:
    return page(cases, {"right_first": 0.123}, floors or {}, "nl_voorbeeld 1.2.3")


def test_page_names_every_figure_and_the_pipeline() -> None:
    html = report(INSIDE + OUTSIDE)
    for name in asdict(MEASURED):
        assert f"<td>{name}</td>" in html
    assert "nl_voorbeeld 1.2.3" in html
    assert "9 test sentences" in html
    assert "12.3%" in html  # the committed figure


def test_page_escapes_a_sentence() -> None:
    odd = case(PLAN, CARE, (CARE, 0.8), text='<script>alert("x")</script> & <b>wat nu?</b>')
    html = report([odd, *OUTSIDE])
    assert "<script>" not in html and "<b>wat" not in html
    assert "&lt;script&gt;" in html and "&lt;b&gt;wat nu?&lt;/b&gt;" in html


def test_page_shows_confusions_and_worst_cases() -> None:
    html = report([RIGHT_SECOND, CLARIFIED_WRONG, *OUTSIDE])
    assert f"<title>{PLAN} → {CARE}: 2</title>" in html
    assert "The worst 3" in html


def test_page_without_any_confusion() -> None:
    html = report([RIGHT, OUTSIDE_DECLINED])
    assert "<p>None.</p>" in html and "<svg" not in html
    assert "The worst 0" in html


def test_page_marks_a_broken_floor() -> None:
    cases = [RIGHT, CLARIFIED_RIGHT, *OUTSIDE]
    assert 'class="number broken"' not in report(cases, {"clarified": 0.5})
    broken = report(cases, {"clarified": 0.4, "right_first": 1.0})
    assert broken.count('class="number broken"') == 1
    assert "at most 40.0%" in broken and "at least 100.0%" in broken
