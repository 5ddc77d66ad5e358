"""What was taken out of a report: the reporter sees it, takes more out, or puts something back."""

import json
import re

import pytest
from sqlalchemy import text

from bot.telegram import render
from bot.telegram_format import marks
from bot.web.blocks import Span, linked
from bottlenecks.store import Database
from dialogues.reply import MAX_VALUE_BYTES, Reply
from tests.conftest import Talk
from tests.report_summary import (
    RESTORE,
    STORY,
    TAKE_OUT,
    at_summary,
    described,
    stored,
)
from tests.reporting import step, until
from tests.reports_from_the_chat import answer_all, filed, finish, labels


def test_the_summary_shows_what_was_taken_out(talk: Talk) -> None:
    seen = at_summary(talk)
    assert described(talk) == (
        "De thuiszorg had voor [naam verwijderd] ([BSN verwijderd]) en [naam verwijderd] "
        "geen plek, meldt kletspoot"
    )
    assert "uit je tekst gehaald: 2 namen en een BSN." in seen
    assert {TAKE_OUT, RESTORE} <= set(labels(talk))


def test_nothing_to_restore_has_no_button(talk: Talk) -> None:
    assert "uit je tekst gehaald" not in at_summary(talk, "Niemand neemt de telefoon op")
    assert TAKE_OUT in labels(talk) and RESTORE not in labels(talk)
    at_bsn = talk.says("omschrijving moet zijn: bel 999904498")
    assert "[BSN verwijderd]" in at_bsn and RESTORE not in labels(talk)


def test_a_piece_comes_back_by_its_button(talk: Talk, database: Database) -> None:
    at_summary(talk)
    asked = talk.taps(RESTORE)
    assert labels(talk) == ["Fatima Yilmaz (naam)", "Sanne Bakker (naam)", "Terug"]
    assert "BSN zet ik niet terug" in asked and "Yilmaz" not in asked
    assert "Teruggezet" in talk.taps("Fatima Yilmaz (naam)")
    assert described(talk).startswith(
        "De thuiszorg had voor Fatima Yilmaz ([BSN verwijderd]) en [naam verw"
    )
    assert "uit je tekst gehaald: een naam en een BSN." in talk.replies[-1].text
    talk.taps("Versturen")
    assert filed(talk, database).description.startswith(
        "De thuiszorg had voor Fatima Yilmaz ([BSN verwijderd]) en"
    )


@pytest.mark.parametrize(
    "typed",
    [
        "Fatima Yilmaz is geen naam",
        "fatima yilmaz is geen naam maar een wijk",
        "zet Fatima Yilmaz terug",
        "Zet Fatima Yilmaz maar weer terug.",
        "nee, Fatima Yilmaz mag blijven staan",
        'je kunt "Fatima Yilmaz" terugzetten',
    ],
)
def test_a_piece_comes_back_by_typed_words(talk: Talk, typed: str) -> None:
    at_summary(talk)
    assert "Teruggezet" in talk.says(typed)
    assert "Fatima Yilmaz ([BSN" in described(talk)


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("Fatima is geen patiënt", "voor Fatima [naam verwijderd] ([BSN"),
        ("zet Yilmaz terug", "voor [naam verwijderd] Yilmaz ([BSN"),
    ],
)
def test_only_the_named_word_of_a_piece_comes_back(talk: Talk, typed: str, seen: str) -> None:
    at_summary(talk)
    assert "Teruggezet" in talk.says(typed)
    assert seen in described(talk)
    assert "Teruggezet" in talk.says("zet fatima yilmaz terug")
    assert "voor Fatima Yilmaz ([BSN" in described(talk)


def test_which_piece_is_asked_when_that_is_not_said(talk: Talk) -> None:
    at_summary(talk)
    talk.says("zet de naam terug")
    assert "Sanne Bakker (naam)" in labels(talk)
    assert "Teruggezet" in talk.says("2")
    assert "Sanne Bakker geen plek" in described(talk)
    assert "Teruggezet" in talk.says("zet de naam terug")
    assert "Fatima Yilmaz" in described(talk)
    assert RESTORE not in labels(talk)


def test_what_was_not_taken_out_is_not_restored(talk: Talk, database: Database) -> None:
    at_summary(talk)
    assert "heb ik niet weggehaald" in talk.says("zet Xandra terug")
    assert "Xandra" not in stored(database)
    assert "Klopt dit?" in talk.taps("Terug")


@pytest.mark.parametrize("typed", ["zet het BSN terug", "zet 999904498 terug", "999904498 mag in"])
def test_a_bsn_never_comes_back(talk: Talk, database: Database, typed: str) -> None:
    at_summary(talk)
    assert "BSN zet ik niet terug" in talk.says(typed)
    assert "[BSN verwijderd]" in described(talk)
    assert "999904498" not in stored(database)


def test_a_mistyped_bsn_is_not_kept_either(talk: Talk, database: Database) -> None:
    at_summary(talk, "Zij heeft BSN 999904499 en wacht al weken op een plek")
    assert "verwijderd]" in described(talk) and RESTORE not in labels(talk)


def test_the_originals_are_sealed_and_gone_when_the_report_is_sent(
    talk: Talk, database: Database
) -> None:
    at_summary(talk)
    kept = stored(database)
    assert "#1]" in kept and "Yilmaz" not in kept and "Sanne Bakker" not in kept
    with database.engine.begin() as connection:
        sealed = json.loads(connection.execute(text("select state from flow_run")).scalar_one())
        assert len(sealed["sealed"]) == 2  # the two names
    talk.taps("Versturen")
    with database.engine.begin() as connection:
        assert connection.execute(text("select state from flow_run")).scalar_one() == "{}"
    assert "#1]" not in stored(database)


@pytest.mark.parametrize("way", ["stop", "weggooien"])
def test_the_originals_are_gone_when_the_flow_is_dropped(
    talk: Talk, database: Database, way: str
) -> None:
    at_summary(talk)
    talk.says("stop")
    if way == "stop":
        # kept to go on with later, and restored then
        talk.says("verder met mijn melding")
        assert "Teruggezet" in talk.says("zet Sanne Bakker terug")
        return
    talk.taps("Weggooien")
    with database.engine.begin() as connection:
        assert connection.execute(text("select state from flow_run")).scalar_one() == "{}"


def test_an_answer_before_says_only_its_marker(talk: Talk) -> None:
    at_summary(talk)
    asked = talk.taps("Omschrijving aanpassen")
    assert "Je antwoord was: De thuiszorg had voor [naam verwijderd] ([BSN verwijderd])" in asked


def test_a_correction_of_one_name_finds_it(talk: Talk) -> None:
    at_summary(talk)
    talk.says("niet Sanne Bakker maar Sanne Visser")
    talk.taps(RESTORE)
    assert labels(talk)[:2] == ["Fatima Yilmaz (naam)", "Sanne Visser (naam)"]


def test_a_step_that_fails_keeps_what_was_taken_out(talk: Talk, database: Database) -> None:
    talk.says("buurpraktijk is ineens dicht, wat nu?")
    talk.taps("Stap voor stap")
    talk.says("kan niet, Fatima Yilmaz heeft geen lijst met adressen")
    talk.taps("Lukt niet: melden")
    assert "[naam verwijderd] heeft geen lijst met adressen" in answer_all(talk)
    assert "Yilmaz" not in stored(database)
    talk.says("zet Fatima Yilmaz terug")
    talk.taps("Versturen")
    assert "Fatima Yilmaz heeft geen lijst met adressen" in filed(talk, database).description


def test_a_report_told_at_once(talk: Talk, database: Database) -> None:
    talk.says(f"knelpunt: {STORY}")
    answer_all(talk)
    talk.says("Fatima Yilmaz is geen naam")
    talk.taps("Versturen")
    assert "Fatima Yilmaz (" in filed(talk, database).description


def test_additions_and_reopening(talk: Talk, database: Database) -> None:
    at_summary(talk, "Er is al weken geen plek voor ouderen")
    talk.taps("Versturen")
    reference = talk.replies[-1].reference
    talk.says("ik wil iets toevoegen aan mijn melding")
    seen = talk.says("vandaag belde Fatima Yilmaz weer")
    assert f"{reference}: vandaag belde [naam verwijderd] weer" in seen
    assert "uit je tekst gehaald: een naam" in seen
    talk.says("zet Fatima Yilmaz terug")
    talk.taps("Toevoegen")
    assert "vandaag belde Fatima Yilmaz weer" in [
        event.text for event in filed(talk, database).events
    ]


def test_withdrawing_has_no_texts_to_change(talk: Talk) -> None:
    at_summary(talk)
    talk.taps("Versturen")
    talk.says("ik wil mijn melding intrekken")
    assert step(talk) == "controle"
    assert not {TAKE_OUT, RESTORE} & set(labels(talk))


def test_a_colleague_elsewhere_in_words_of_other_flows(talk: Talk) -> None:
    """These words mean nothing of the kind where no report is at its summary."""
    talk.says("buurpraktijk is ineens dicht, wat nu?")
    talk.taps("Stap voor stap")
    assert "niet in je tekst" not in talk.says("verwijder Bakker")
    talk.says("stop")
    until(talk, "wat")
    assert "niet in je tekst" not in talk.says("haal de wachtlijst weg, dat helpt ons al weken")


def test_buttons_fit_telegram(talk: Talk) -> None:
    at_summary(talk)
    talk.taps(RESTORE)
    for choice in talk.replies[-1].choices:
        assert len(choice.value.encode()) <= MAX_VALUE_BYTES and len(choice.label) <= 60


def test_the_practice_name_can_be_restored(talk: Talk, database: Database) -> None:
    until(talk, "praktijk")
    talk.says("Voorbeeldpraktijk Sanne Bakker")
    seen = talk.says("nee")
    assert re.search(r"^Praktijk: .*\[naam verwijderd\]", seen, re.MULTILINE)
    talk.says("zet de naam terug")
    assert "Praktijk: Voorbeeldpraktijk Sanne Bakker" in talk.replies[-1].text
    finish(talk)


def test_the_browser_shows_a_mark() -> None:
    assert linked("voor [naam verwijderd], bel 030-1234567") == (
        Span("voor "),
        Span("[naam verwijderd]", is_mark=True),
        Span(", bel "),
        Span("030-1234567", "tel:+31301234567"),
    )


def test_telegram_shows_it_in_bold() -> None:
    [(written, _)] = render(Reply(text="😀 voor [BSN verwijderd] en [weggehaald]"))
    bold = [(one.type, one.offset, one.length) for one in marks(written)]
    units = written.encode("utf-16-le")
    assert [kind for kind, _, _ in bold] == ["bold", "bold"]
    assert [units[2 * at : 2 * (at + size)].decode("utf-16-le") for _, at, size in bold] == [
        "[BSN verwijderd]",
        "[weggehaald]",
    ]
    assert marks("niets [anders]") == []
