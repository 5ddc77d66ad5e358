"""Questions outside a dialogue: given what a user typed, then what they saw."""

import pytest
from sqlalchemy import text

from bottlenecks.store import Database
from tests.conftest import Talk

HOME_CARE = "t:thuiszorg/vinden"


def labels(talk: Talk) -> list[str]:
    return [choice.label for reply in talk.replies for choice in reply.choices]


def test_more_gives_the_explanation_of_the_last_answer(talk: Talk) -> None:
    talk.says("mag ik zelf thuiszorg rondbellen?")
    assert "Het hoeft niet" in talk.says("meer")
    assert talk.replies[0].topic == "thuiszorg/zelf-bellen"


def test_more_by_button(talk: Talk) -> None:
    talk.says("mag ik zelf thuiszorg rondbellen?")
    assert "Het hoeft niet" in talk.taps("Meer uitleg")


def test_more_without_an_answer_before(talk: Talk) -> None:
    assert "Stel eerst een vraag" in talk.says("meer")


def test_related_topic_by_button(talk: Talk) -> None:
    talk.says("mag ik zelf thuiszorg rondbellen?")
    talk.taps("Niemand heeft plek, wie schakel ik in?")
    assert talk.replies[0].topic == "thuiszorg/zorgbemiddeling"


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("help", "Dit kan ik voor je doen"),
        ("hallo", "Ik ben Regiowijzer"),
        ("dank je wel", "Graag gedaan"),
        ("stop", "ik stop"),
        ("ben je een robot?", "computerprogramma, geen mens"),
        ("wat bewaar je van mij?", "Dit bewaar ik"),
        ("hoeveel paracetamol mag een kind?", "Ik geef geen medisch advies"),
        ("wie wint de eredivisie?", "Daar weet ik niets over"),
        ("een patiënt is bewusteloos", "Bel direct 112"),
    ],
)
def test_turns_of_conversation(talk: Talk, typed: str, seen: str) -> None:
    assert seen in talk.says(typed)


@pytest.mark.parametrize("typed", ["help", "hallo", "wie wint de eredivisie?"])
def test_menu_is_offered(talk: Talk, typed: str) -> None:
    talk.says(typed)
    assert "Een knelpunt melden" in labels(talk)
    assert "Hoe vind ik thuiszorg?" in labels(talk)


def test_feedback_is_kept_with_the_topic_and_screened(talk: Talk, database: Database) -> None:
    talk.says("wie coördineert het noodplan?")
    assert "bewaard" in talk.says("dit antwoord klopt niet, mail praktijk@voorbeeld.nl")
    with database.engine.begin() as connection:
        rows = connection.execute(text("select topic, text from feedback")).all()
    assert [row.topic for row in rows] == ["noodplan/coordinatie"]
    assert "klopt niet" in rows[0].text
    assert "voorbeeld.nl" not in rows[0].text


def test_human_without_a_known_region(talk: Talk) -> None:
    seen = talk.says("ik wil een mens spreken")
    assert "niet doorverbinden" in seen and "niet in welke regio" in seen


def test_human_in_a_known_region(talk: Talk) -> None:
    talk.says("hoe vind ik thuiszorg in Geleen?")
    assert "Meditta" in talk.says("ik wil een mens spreken")


def test_scope_warning_outside_the_region(talk: Talk) -> None:
    seen = talk.says("hoe vind ik thuiszorg in Geleen?")
    assert seen.startswith("Let op: dit is een afspraak van een andere regio (Utrecht)")
    assert "Westelijke Mijnstreek" in seen


def test_no_scope_warning_in_the_region(talk: Talk) -> None:
    seen = talk.says("hoe vind ik thuiszorg in Utrecht?")
    assert "bel je eerst" in seen and "Let op" not in seen


def test_region_is_remembered_for_the_next_question(talk: Talk) -> None:
    talk.says("hoe vind ik thuiszorg in Geleen?")
    assert "andere regio (Utrecht)" in talk.sends(HOME_CARE)


def test_unclear_question_offers_topics_and_then_the_menu(talk: Talk) -> None:
    assert "niet zeker wat je bedoelt" in talk.says("bellen met de regio")
    assert labels(talk)[-1] == "Geen van deze"
    assert len(labels(talk)) > 1
    assert "Hier heb ik nog geen antwoord op" in talk.says("bellen met de regio")
    assert "Een knelpunt melden" in labels(talk)
    assert "Iemand spreken" in labels(talk)


def test_answer_in_between_makes_the_first_failure_first_again(talk: Talk) -> None:
    talk.says("bellen met de regio")
    talk.says("wat is een harop?")
    assert "niet zeker wat je bedoelt" in talk.says("bellen met de regio")


def test_none_of_these(talk: Talk) -> None:
    talk.says("bellen met de regio")
    assert "Hier heb ik nog geen antwoord op" in talk.taps("Geen van deze")
    assert {"Hoe vind ik thuiszorg?", "Iemand spreken"} <= set(labels(talk))


def test_procedure_step_by_step_to_its_end(talk: Talk) -> None:
    talk.says("hoe vind ik thuiszorg in Utrecht?")
    talk.taps("Stap voor stap")
    seen = talk.replies[-1].text
    for said in ("Thuiszorg Voorbeeld", "nee geen plek", "zij bemiddelt", "nee", "weet ik niet"):
        assert "Stap " in seen
        seen = talk.says(said)
    talk.says("nee")
    assert "Klopt het?" in talk.says("nee, melden hoeft niet")
    talk.says("klaar")
    assert talk.replies[-1].step is None


def test_where_does_it_say_so_is_answered_inside_a_flow_too(talk: Talk) -> None:
    talk.says("wie coördineert het noodplan?")
    talk.says("ik wil een knelpunt melden")
    shown = talk.says("waar staat dat antwoord eigenlijk?")
    assert "handreiking" in shown
    assert "Waar gaat het knelpunt over?" in shown


def test_step_by_step_may_be_typed(talk: Talk) -> None:
    talk.says("hoe vind ik thuiszorg in Utrecht?")
    assert "Stap 1 van" in talk.says("stap voor stap")


@pytest.mark.parametrize("typed", ["verder", "terug", "stap voor stap"])
def test_a_step_without_a_procedure(talk: Talk, typed: str) -> None:
    assert "niet met stappen bezig" in talk.says(typed)
