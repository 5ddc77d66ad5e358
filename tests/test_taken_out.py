"""A reporter takes more out of a report than was found."""

import pytest

from bottlenecks.privacy.pieces import places, without
from bottlenecks.store import Database
from tests.conftest import Talk
from tests.report_summary import ELSE, RESTORE, TAKE_OUT, at_summary, described, stored
from tests.reporting import until
from tests.reports_from_the_chat import answer_all, filed, labels


@pytest.mark.parametrize("way", ["button", "typed", "must", "delete"])
def test_more_is_taken_out_everywhere(talk: Talk, database: Database, way: str) -> None:
    until(talk, "wat")
    talk.says(f"Het loket {ELSE} is dicht en {ELSE.upper()} sluit vroeg, kletspootje ook")
    talk.says(f"met {ELSE} gebeld")
    answer_all(talk)
    assert ELSE in stored(database)
    match way:
        case "button":
            assert "Welk woord" in talk.taps(TAKE_OUT)
            done = talk.says(ELSE)
        case "typed":
            done = talk.says(f"haal {ELSE} weg")
        case "must":
            done = talk.says(f"{ELSE} moet er ook uit")
        case _:
            done = talk.says(f"verwijder {ELSE}")
    assert "Weggehaald" in done
    assert "Omschrijving: Het loket [weggehaald] is dicht en [weggehaald] sluit vroeg" in done
    assert "kletspootje ook" in done  # not half a word
    assert "Al geprobeerd: met [weggehaald] gebeld" in done
    assert "3 stukken die jij aanwees" in done
    # it is not in what was said before either
    assert ELSE not in stored(database).lower().replace("kletspootje", "")
    talk.taps("Versturen")
    assert filed(talk, database).description.startswith("Het loket [weggehaald] is dicht")


def test_half_a_word_goes_when_it_is_typed_so(talk: Talk) -> None:
    at_summary(talk)
    talk.taps(TAKE_OUT)
    assert "meldt [weggehaald]poot" in talk.says("klets")


def test_what_is_not_in_the_text_is_asked_again(talk: Talk, database: Database) -> None:
    before = at_summary(talk)
    talk.taps(TAKE_OUT)
    assert "vind ik niet in je tekst" in talk.says("Pietersen")
    assert "Weggehaald" in talk.says(ELSE)
    assert "Pietersen" not in stored(database)
    assert "uit je tekst gehaald: 2 namen" in before


def test_asking_ends_with_back_a_question_or_a_command(talk: Talk) -> None:
    at_summary(talk)
    talk.taps(TAKE_OUT)
    assert "Klopt dit?" in talk.taps("Terug")
    talk.taps(TAKE_OUT)
    assert "Klopt dit?" in talk.says("nee")
    talk.taps(TAKE_OUT)
    assert "harop" in talk.says("wat is een harop?").lower()
    # the question about a piece is over: this is a message at the summary
    assert "nog niets verstuurd" in talk.says(f"{ELSE} {ELSE}")
    talk.taps(RESTORE)
    talk.says("versturen")
    assert talk.replies[0].reference


def test_what_was_taken_out_by_hand_comes_back(talk: Talk) -> None:
    at_summary(talk)
    talk.says(f"haal {ELSE} weg")
    talk.taps(RESTORE)
    talk.taps(f"{ELSE} (door jou weggehaald)")
    assert f"meldt {ELSE}" in described(talk)


def test_what_was_restored_stays_and_what_was_taken_out_stays_out(talk: Talk) -> None:
    at_summary(talk)
    talk.says("Fatima Yilmaz is geen naam")
    talk.says(f"haal {ELSE} weg")
    talk.taps("Omschrijving aanpassen")
    talk.says(f"Fatima Yilmaz belde over {ELSE}, Sanne Bakker niet, en dat al weken")
    assert described(talk).startswith(
        "Fatima Yilmaz belde over [weggehaald], [naam verwijderd] niet"
    )
    talk.says("voeg toe: Fatima Yilmaz belt morgen, zei Sanne Bakker")
    assert described(talk).endswith("Fatima Yilmaz belt morgen, zei [naam verwijderd]")
    # two places, one name
    talk.taps(RESTORE)
    assert [one for one in labels(talk) if "naam" in one] == ["Sanne Bakker (naam)"]
    talk.taps("Sanne Bakker (naam)")
    assert described(talk).count("Sanne Bakker") == 2


@pytest.mark.parametrize(
    ("written", "piece", "result"),
    [
        ("Jan belt, jan wacht", "Jan", "X belt, X wacht"),
        ("in januari belt Janssen", "jan", "in januari belt Janssen"),
        ("mw. de  Wit wacht", "de Wit", "mw. X wacht"),
        ("[naam verwijderd] is een naam", "naam", "[naam verwijderd] is een X"),
        ("[naam verwijderd#12] verwijderd", "verwijderd", "[naam verwijderd#12] X"),
        ("Jan's moeder (Jan)", "Jan", "X's moeder (X)"),
        ("a.b+c is weg", "a.b+c", "X is weg"),
        ("niets", "...", "niets"),
    ],
)
def test_a_piece_goes_by_whole_words(written: str, piece: str, result: str) -> None:
    assert without(written, piece, instead="X") == result


def test_a_part_of_a_word_goes_exactly_as_typed() -> None:
    assert places("Janssen en janssen", "Jans", part_of_word=True) == [(0, 4)]
    assert places("Janssen", "Ja", part_of_word=True) == []
