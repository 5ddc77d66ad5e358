"""More words about what is taken out of a report: all at once, what a name is of, never mind."""

import pytest

from bottlenecks.store import Database
from dialogues.flows.piece_words import commanded
from tests.conftest import Talk
from tests.report_summary import ELSE, RESTORE, TAKE_OUT, at_summary, described, stored
from tests.reporting import step, until
from tests.reports_from_the_chat import answer_all, labels


@pytest.mark.parametrize(
    "typed", ["zet alles terug", "zet alle namen terug", "zet allebei terug", "de namen mogen erin"]
)
def test_all_comes_back_but_a_bsn(talk: Talk, typed: str) -> None:
    at_summary(talk)
    said = talk.says(typed)
    assert "Teruggezet" in said and "BSN zet ik niet terug" in said
    assert "voor Fatima Yilmaz ([BSN verwijderd]) en Sanne Bakker" in described(talk)


def test_all_of_a_kind_comes_back(talk: Talk) -> None:
    at_summary(talk, "Sanne Bakker belt met 06-12345678 en krijgt al weken geen antwoord")
    talk.says("zet alle telefoonnummers terug")
    assert described(talk).startswith("[naam verwijderd] belt met 06-12345678")
    talk.taps(RESTORE)
    talk.says("alles")
    assert described(talk).startswith("Sanne Bakker belt met 06-12345678")


def test_what_is_back_already_is_there(talk: Talk) -> None:
    at_summary(talk)
    talk.says("Sanne Bakker is geen naam")
    assert "Dat staat er al." in talk.says("Sanne Bakker is geen naam")


@pytest.mark.parametrize(
    "typed",
    ["Sanne Bakker is mijn collega", "Sanne Bakker is een wijkteam", "Bakker is een organisatie"],
)
def test_what_a_name_is_of_restores_it(talk: Talk, typed: str) -> None:
    at_summary(talk)
    assert "Teruggezet" in talk.says(typed)
    assert "Bakker geen plek" in described(talk)


def test_what_was_not_taken_out_is_no_name_of_anything(talk: Talk) -> None:
    at_summary(talk)
    assert "Teruggezet" not in talk.says("de thuiszorg is een wijkteam")


def test_a_whole_text_goes_and_is_asked_anew(talk: Talk, database: Database) -> None:
    at_summary(talk, "Het loket is al weken dicht en niemand belt terug")
    said = talk.says("haal de hele omschrijving weg")
    assert step(talk) == "wat" and "Je antwoord was" not in said
    assert "niemand belt terug" not in stored(database)
    talk.says("Het loket sluit elke dag om tien uur")
    assert described(talk).startswith("Het loket sluit")


@pytest.mark.parametrize("word", ["er", "de", "e"])
def test_a_word_of_any_text_stays(talk: Talk, word: str) -> None:
    before = at_summary(talk)
    assert "staat overal in je tekst" in talk.says(f"haal {word} weg")
    assert "[weggehaald]" not in before
    talk.says(ELSE)
    assert "meldt [weggehaald]" in described(talk)


@pytest.mark.parametrize("button", [TAKE_OUT, RESTORE])
@pytest.mark.parametrize("typed", ["laat maar", "laat maar zitten", "niks"])
def test_never_mind_closes_the_question_only(talk: Talk, button: str, typed: str) -> None:
    at_summary(talk)
    talk.taps(button)
    assert "Klopt dit?" in talk.says(typed)
    assert "Versturen" in labels(talk)


def test_a_mistyped_bsn_is_spoken_of_as_one(talk: Talk) -> None:
    summary = at_summary(talk, "Zij heeft BSN 12345678 en wacht al weken op een plek")
    assert "een BSN" in summary and "polisnummer" not in summary
    assert "[BSN verwijderd]" in described(talk)
    said = talk.says("zet 12345678 terug")
    assert "BSN zet ik niet terug" in said and "niet weggehaald" not in said


def test_a_command_is_no_answer_at_another_step(talk: Talk, database: Database) -> None:
    until(talk, "praktijk")
    assert "bij de samenvatting" in talk.says("zet alles terug")
    assert "bij de samenvatting" in talk.says("haal Jansen weg")
    assert step(talk) == "praktijk" and "Jansen" not in stored(database)
    assert "Praktijk: anoniem" in answer_all(talk)


@pytest.mark.parametrize(
    ("written", "piece"),
    [
        ("haal Envida weg", "Envida"),
        ("kun je Piet er weer in zetten?", ""),
        ("zet alles terug", "alles"),
        ("haal mijn gegevens weg", ""),
        ("haal mijn melding weg", ""),
        ("de patiënt moet weg uit het ziekenhuis en kan nergens heen", ""),
        ("thuiszorg kan weg", ""),
    ],
)
def test_a_message_that_can_only_be_about_a_piece(written: str, piece: str) -> None:
    assert commanded(written) == piece
