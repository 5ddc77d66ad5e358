"""The question whether to erase all: what it lists, and how it is answered."""

import pytest

from dialogues.my_data import NO, QUESTION, YES
from tests.conftest import Talk
from tests.my_data import CHECKLIST, DONE
from tests.reporting import file_report
from tests.reports_from_the_chat import labels

WIPE = "verwijder mijn gegevens"


def test_only_what_is_kept_is_listed(talk: Talk) -> None:
    asked = talk.says(WIPE)
    for absent in ("wat ik over jou weet", "open stappen", "fout antwoord", "melding"):
        assert absent not in asked
    assert "dit gesprek" in asked
    talk.says("nee")
    talk.says("ik werk in Utrecht")
    talk.says(CHECKLIST)
    talk.taps("Stap voor stap")
    asked = talk.says(WIPE)
    assert "wat ik over jou weet: regio\n" in asked and "open stappen" in asked


def test_reports_that_stay_can_be_withdrawn_first(talk: Talk) -> None:
    reference = file_report(talk)
    asked = talk.says(WIPE)
    assert f"je melding ({reference})" in asked and "zonder link naar jou" in asked
    assert "Trek hem eerst in als je dat wilt: daarna kan het niet meer." in asked
    talk.taps("Melding intrekken")
    talk.taps("Ja, intrekken")
    assert "Trek hem" not in talk.says(WIPE)


def test_a_practice_is_not_called_so_twice(talk: Talk) -> None:
    file_report(talk)
    shown = talk.says("mijn gegevens")
    assert "Over jezelf: Praktijk De Linde; tot je het verwijdert" in shown


@pytest.mark.parametrize("typed", ["misschien", "bananen", "wie wint de eredivisie?"])
def test_an_unclear_answer_is_asked_again(talk: Talk, typed: str) -> None:
    talk.says(WIPE)
    assert QUESTION in talk.says(typed)
    assert {YES, NO} <= set(labels(talk))
    assert DONE in talk.says("ja doe maar")


def test_a_question_in_between_is_answered(talk: Talk) -> None:
    talk.says(WIPE)
    said = talk.says("wie coördineert het noodplan?")
    assert QUESTION not in said and "noodplan" in said.lower()


@pytest.mark.parametrize("typed", ["ja doe maar", "Ja, doe maar!", "ja dat wil ik"])
def test_words_that_agree(talk: Talk, typed: str) -> None:
    talk.says(WIPE)
    assert DONE in talk.says(typed)
