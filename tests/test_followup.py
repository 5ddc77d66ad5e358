"""Short follow-ups: given what a user asked before and typed now, then what they saw."""

import pytest

from tests.conftest import Talk

SHARED_CARE = "wat gebeurt er met de anderhalvelijnszorg?"


def topic(talk: Talk) -> str | None:
    return talk.replies[0].topic


def labels(talk: Talk) -> list[str]:
    return [choice.label for reply in talk.replies for choice in reply.choices]


# phases


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("en fase 3c?", "opschaling/fase-3c"),
        ("en 3d?", "opschaling/fase-3d"),
        ("en fase drie bee dan?", "opschaling/fase-3b"),
        ("fase twee", "opschaling/fase-2"),
        ("en fase 3?", "opschaling/fasen"),  # which part is not said: all of them
    ],
)
def test_another_phase(talk: Talk, typed: str, asked: str) -> None:
    talk.says("wat is fase 3a?")
    assert topic(talk) == "opschaling/fase-3a"
    talk.says(typed)
    assert topic(talk) == asked


def test_a_phase_after_small_talk(talk: Talk) -> None:
    talk.says("wat is fase 3a?")
    talk.says("dank je wel")
    talk.says("en fase 3c?")
    assert topic(talk) == "opschaling/fase-3c"


# parties and insurers


def test_what_it_means_for_one_party(talk: Talk) -> None:
    talk.says("wat is fase 3a?")
    seen = talk.says("wat betekent dat voor de apotheek?")
    assert seen.startswith('Over de apotheek staat bij "Fase 3a, het aanvullend callcenter"')
    assert "Recepten gaan naar de eigen apotheek" in seen
    assert "januari-februari 2022" in seen
    assert "kantooruren" not in seen
    assert talk.replies[0].sources


def test_a_party_of_which_nothing_is_said(talk: Talk) -> None:
    talk.says("wat is fase 3a?")
    seen = talk.says("en voor de gemeente?")
    assert "staat niets over de gemeente" in seen
    assert "callcenter vangt" not in seen and "apothe" not in seen


def test_the_whole_answer_is_one_tap_away(talk: Talk) -> None:
    talk.says("wat is fase 3a?")
    talk.says("en voor de gemeente?")
    assert "kantooruren" in talk.taps("Hele antwoord")


def test_one_party_after_another(talk: Talk) -> None:
    talk.says("wat is fase 3a?")
    talk.says("en voor de gemeente?")
    assert talk.says("en voor de apotheek?").startswith("Over de apotheek")
    assert topic(talk) == "opschaling/fase-3a"


def test_the_longer_explanation_counts_too(talk: Talk) -> None:
    talk.says("wat is fase 3a?")
    assert "voor allebei open" in talk.says("en voor de hap?")


def test_an_insurer(talk: Talk) -> None:
    talk.says("wat is zorgbemiddeling?")
    assert topic(talk) == "thuiszorg/zorgbemiddeling"
    seen = talk.says("en bij CZ?")
    assert "zorgverzekeraar van je patiënt" in seen
    assert "Hoe je zorgbemiddeling van CZ bereikt, is hier nog niet ingevuld" in seen
    assert "zorgbemiddeling van Zilveren Kruis" in talk.says("en achmea?")


def test_an_urgency(talk: Talk) -> None:
    talk.says("welke urgenties schalen we af?")
    assert "U1, U2 en U3" in talk.says("en U3?")
    assert topic(talk) == "opschaling/urgentie"


# places


def test_a_region_that_the_answer_names(talk: Talk) -> None:
    talk.says(SHARED_CARE)
    seen = talk.says("en in de Westelijke Mijnstreek?")
    assert seen.startswith("Over Westelijke Mijnstreek staat bij")
    assert "Anders Beter" in seen
    assert "PlusPunt" not in seen and "stadspoli" not in seen


def test_then_a_place_where_it_does_not_hold(talk: Talk) -> None:
    talk.says(SHARED_CARE)
    talk.says("en in de Westelijke Mijnstreek?")
    seen = talk.says("en in Utrecht?")
    assert seen.startswith("Wat daarover is afgesproken in Utrecht, weet ik niet.")
    assert "een afspraak van Zuid-Limburg" in seen
    assert topic(talk) == "opschaling/anderhalvelijnszorg"


def test_a_town_stands_for_its_region(talk: Talk) -> None:
    talk.says(SHARED_CARE)
    assert "PlusPunt" in talk.says("en in heerlen?")


def test_what_holds_everywhere_holds_there(talk: Talk) -> None:
    talk.says("wie coördineert het noodplan?")
    seen = talk.says("en in Geleen?")
    assert seen.startswith("Dit geldt landelijk, dus ook daar (Westelijke Mijnstreek)")
    assert "standaard eindverantwoordelijk" in seen


@pytest.mark.parametrize("typed", ["en in Utrecht?", "en in Zeist?"])
def test_a_place_in_the_region_of_the_procedure_keeps_all_steps(talk: Talk, typed: str) -> None:
    talk.says("hoe vind ik thuiszorg?")
    assert "maximaal drie andere aanbieders" in talk.says(typed)


# what is no follow-up


@pytest.mark.parametrize(
    ("before", "typed", "asked"),
    [
        ("wat is fase 3a?", "wie coördineert het noodplan?", "noodplan/coordinatie"),
        ("wat is fase 3a?", "hoe vind ik thuiszorg in Geleen?", "thuiszorg/vinden"),
        ("wat is fase 3a?", "wat doet de zorgverzekeraar?", "noodplan/rol-zorgverzekeraar"),
        (
            "wie doen er mee aan het noodplan?",
            "wat doet de RHO bij een acuut tekort?",
            "noodplan/rol-rho",
        ),
        ("wie doen er mee aan het noodplan?", "wat is fase 3a?", "opschaling/fase-3a"),
    ],
)
def test_a_question_that_stands_by_itself(talk: Talk, before: str, typed: str, asked: str) -> None:
    talk.says(before)
    talk.says(typed)
    assert topic(talk) == asked
    assert "Over " not in talk.replies[0].text[:5]


@pytest.mark.parametrize("typed", ["en in Geleen?", "en voor de apotheek?", "en bij CZ?"])
def test_a_follow_up_on_nothing_is_not_answered(talk: Talk, typed: str) -> None:
    seen = talk.says(typed)
    assert "Daar weet ik niets over" in seen or "niet zeker wat je bedoelt" in seen
    assert labels(talk)


def test_a_phase_needs_nothing_before_it(talk: Talk) -> None:
    talk.says("en fase 3c?")
    assert topic(talk) == "opschaling/fase-3c"


# inside a report


@pytest.mark.parametrize("typed", ["en fase 3c?", "en in Geleen?", "en voor de apotheek?"])
def test_a_follow_up_inside_a_report_leaves_it_at_its_step(talk: Talk, typed: str) -> None:
    talk.says("wat is fase 3a?")
    talk.says("ik wil een knelpunt melden")
    seen = talk.says(typed)
    assert "Terug naar waar je was" in seen
    assert talk.replies[-1].step == "soort"
    talk.says("ggz")
    assert talk.replies[-1].step == "regio"


def test_another_phase_is_answered_inside_a_report(talk: Talk) -> None:
    talk.says("wat is fase 3a?")
    talk.says("ik wil een knelpunt melden")
    assert "geen vaste drempel voor fase 3c" in talk.says("en fase 3c?")


@pytest.mark.parametrize(
    ("typed", "about"),
    [("wat betekent dat voor de apotheek?", "Over de apotheek"), ("en voor de gemeente?", "niets")],
)
def test_a_detail_is_answered_inside_a_report(talk: Talk, typed: str, about: str) -> None:
    talk.says("wat is fase 3a?")
    talk.says("ik wil een knelpunt melden")
    talk.says(typed)
    assert about in talk.replies[0].text
    assert "kantooruren" not in talk.replies[0].text


def test_ours_is_the_region_that_was_named_before(talk: Talk) -> None:
    talk.says("ik werk in Geleen, wat is fase 2?")
    talk.says("wat gebeurt er met de anderhalvelijnszorg?")
    assert "Anders Beter" in talk.says("en bij ons?")


@pytest.mark.parametrize("typed", ["en fase 4?", "wat is fase 5 in het opschaalplan"])
def test_a_phase_that_no_plan_knows(talk: Talk, typed: str) -> None:
    talk.says("wat is fase 3a?")
    seen = talk.says(typed)
    assert "ken ik niet uit het plan" in seen
    assert topic(talk) == "opschaling/fasen"


def test_a_question_of_its_own_is_no_follow_up(talk: Talk) -> None:
    talk.says("wat is fase 1?")
    talk.says("hoe vind ik thuiszorg in Maastricht?")
    assert topic(talk) == "thuiszorg/vinden"
