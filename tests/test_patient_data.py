"""A patient's data in an ordinary question: answered, not kept, and told kindly."""

from pathlib import Path

import pytest
import yaml
from sqlalchemy import text

from bottlenecks.store import Database
from dialogues.patient_data import seen_in
from tests.conftest import Talk
from tests.reporting import until

BSN = "999904498"
TOLD = "Stuur liever geen gegevens van patiënten."
SENTENCES = Path(__file__).parent / "nlu"
# of ordinary sentences at most so many get the line
AT_MOST = 0.005


def ordinary() -> list[str]:
    """Every sentence on which understanding is measured."""
    files = [yaml.safe_load(path.read_text("utf-8")) for path in sorted(SENTENCES.glob("*.yml"))]
    return [str(sentence) for data in files for told in data.values() for sentence in told]


def test_it_is_answered_and_told(talk: Talk, database: Database) -> None:
    seen = talk.says(f"wat is een harop? het gaat om BSN {BSN}")
    assert "harop" in seen.lower()
    assert seen.endswith(f"Ik zag een BSN in je bericht. Dat bewaar ik niet. {TOLD}")
    with database.engine.begin() as connection:
        kept = connection.execute(text("select data from conversation_event")).all()
        slots = connection.execute(text("select slots from conversation")).all()
    assert "BSN verwijderd" in str(kept) and BSN not in str(kept) + str(slots)


def test_a_name_is_die_and_not_dat(talk: Talk) -> None:
    seen = talk.says("wat is een harop? het gaat om mw. Fatima Yilmaz")
    assert "Ik zag een naam in je bericht. Die bewaar ik niet." in seen


def test_each_time_and_all_kinds_at_once(talk: Talk) -> None:
    for _ in range(2):
        seen = talk.says(f"wat is een harop? voor mw. Bakker, {BSN}, 06-12345678")
        assert "Ik zag een naam, een BSN en een telefoonnummer in je bericht." in seen
        assert "Die bewaar ik niet." in seen
    assert TOLD not in talk.says("wat is een harop?")


@pytest.mark.parametrize(
    "typed",
    [
        "ik werk bij Huisartsenpraktijk Jansen in Geleen",
        "ik ben huisarts in Utrecht",
        "heeft Careyn of Buurtzorg plek in Utrecht?",
        "kan ik Zuyderland bellen?",
        "hoe bereik ik De Zorgboog?",
        "hallo, ik ben Jan de Vries",
        "groeten, Annemarie Bakker",
    ],
)
def test_organisations_and_ones_own_name_are_not_told(talk: Talk, typed: str) -> None:
    assert TOLD not in talk.says(typed)


@pytest.mark.parametrize(
    ("typed", "kinds"),
    [
        ("mw. Jansen zoekt thuiszorg", ["een naam"]),
        ("mevrouw de wit zoekt thuiszorg", ["een naam"]),
        ("hoe vind ik thuiszorg voor Fatima El Amrani?", ["een naam"]),
        ("patiënt Yilmaz moet naar de ggz", ["een naam"]),
        ("hij woont op Dorpsstraat 12 in Zeist", ["een adres"]),
        ("mail piet@voorbeeld.nl", ["een e-mailadres"]),
        ("een man geboren 3-4-1951", ["een geboortedatum"]),
        # taken out, but not sure enough to speak of
        ("Wie heeft er gewonnen, MVV of Roda?", []),
        ("collega van de post", []),
    ],
)
def test_of_names_only_those_that_are_sure(typed: str, kinds: list[str]) -> None:
    assert seen_in(typed) == kinds


def test_an_answer_in_a_flow_is_not_told(talk: Talk) -> None:
    talk.says("noodplan maken")
    talk.taps("Stap voor stap")
    assert TOLD not in talk.says("Voorbeeldpraktijk in Zeist")
    assert TOLD not in talk.says("Sinds maandag is er geen huisarts")
    talk.taps("Hagro")
    talk.taps("Overslaan")
    # the step that asks for numbers
    assert TOLD not in talk.says("RHO, Annemarie Bakker coördineert, 030-1234567")


def test_a_report_shows_it_in_its_summary_instead(talk: Talk) -> None:
    until(talk, "wat")
    assert TOLD not in talk.says(f"Het loket is dicht voor Fatima Yilmaz, {BSN}")


def test_a_question_during_a_flow_is_told(talk: Talk) -> None:
    until(talk, "ernst")
    seen = talk.says(f"wat is een harop? mijn patiënt {BSN} vraagt het")
    assert "Ik zag een BSN" in seen and talk.replies[-1].step == "ernst"


def test_what_began_a_report_but_is_not_in_it_is_told(talk: Talk) -> None:
    assert "Ik zag een BSN" in talk.says(f"ik wil een knelpunt melden, {BSN}")


def test_a_button_is_not_told(talk: Talk) -> None:
    talk.says("hallo")
    assert TOLD not in talk.sends("t:harop/wat-is")


def test_few_ordinary_sentences_get_the_line() -> None:
    sentences = ordinary()
    told = [sentence for sentence in sentences if seen_in(sentence)]
    assert len(sentences) > 1_700
    assert len(told) <= AT_MOST * len(sentences), told
