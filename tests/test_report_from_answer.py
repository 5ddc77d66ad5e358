"""From what was not answered, or did not work, to a report."""

import pytest

from bottlenecks.store import Database
from tests.conftest import Talk
from tests.reports_from_the_chat import (
    FAILS,
    FOREIGN,
    HAROP,
    NEARLY,
    PRACTICE_SHUT,
    REPORT_IT,
    filed,
    finish,
    labels,
)

# a question without an answer


def test_a_question_can_be_reported_at_its_first_decline(talk: Talk, database: Database) -> None:
    talk.says(NEARLY)
    assert labels(talk)[-1] == REPORT_IT
    assert "al ingevuld: omschrijving" in talk.taps(REPORT_IT)
    summary = finish(talk)
    assert "Onderwerp: " in summary
    case = filed(talk, database)
    assert case.description == f'Vraag waar de assistent geen antwoord op had: "{NEARLY}"'
    assert case.topic == "noodplan/contact"


def test_a_question_far_from_everything_points_to_nothing(talk: Talk, database: Database) -> None:
    talk.says(FOREIGN)
    talk.taps(REPORT_IT)
    assert "Onderwerp: " not in finish(talk)
    assert filed(talk, database).topic is None


def test_none_of_these_becomes_a_report_of_the_question(talk: Talk, database: Database) -> None:
    talk.says("thuiszorg")
    talk.taps("Geen van deze")
    talk.taps(REPORT_IT)
    assert "Onderwerp: " not in finish(talk)
    case = filed(talk, database)
    assert '"thuiszorg"' in case.description
    # the topic that came near was just turned down
    assert case.topic is None


def test_the_region_in_the_question_is_filled_in(talk: Talk, database: Database) -> None:
    talk.says("wie wint de voetbalwedstrijd in Geleen?")
    assert "regio (Westelijke Mijnstreek)" in talk.taps(REPORT_IT)
    finish(talk)
    assert filed(talk, database).region == "westelijke-mijnstreek"


@pytest.mark.parametrize("typed", [REPORT_IT, "meld deze vraag", "ik wil die vraag melden"])
def test_reporting_a_question_can_be_typed(talk: Talk, typed: str) -> None:
    talk.says(FOREIGN)
    assert "al ingevuld: omschrijving" in talk.says(typed)


def test_personal_data_does_not_come_along(talk: Talk, database: Database) -> None:
    talk.says("bak een taart voor bsn 999990019")
    talk.taps(REPORT_IT)
    finish(talk)
    assert "999990019" not in filed(talk, database).description


def test_a_question_of_an_earlier_version_can_still_be_reported(
    talk: Talk, database: Database
) -> None:
    talk.says(FOREIGN)
    with database.work() as work:
        account = work.accounts.find_or_create("test", talk.user, talk.user)
        conversation = work.conversations.latest_of(account.id)
        # as conversations were kept before reports had a topic
        slots = {**conversation.slots, "unanswered": "wie betaalt dat?"}
        work.conversations.add_events(conversation.id, [], slots)
    talk.sends("m:vraag")
    finish(talk)
    assert '"wie betaalt dat?"' in filed(talk, database).description


def test_beginning_again_forgets_where_the_report_came_from(talk: Talk, database: Database) -> None:
    talk.says(NEARLY)
    talk.taps(REPORT_IT)
    talk.says("opnieuw")
    talk.taps("Ja, opnieuw beginnen")
    talk.says("iets anders")
    talk.says("Utrecht")
    talk.says("De fax is kapot")
    assert "Onderwerp: " not in finish(talk)
    assert filed(talk, database).topic is None


def test_the_topic_outlives_going_back_and_a_break(talk: Talk, database: Database) -> None:
    talk.says(NEARLY)
    talk.taps(REPORT_IT)
    talk.says("iets anders")
    talk.says("terug")
    talk.says("later verder")
    talk.says("verder met mijn melding")
    finish(talk)
    assert filed(talk, database).topic == "noodplan/contact"


# an answer that is wrong


def test_a_wrong_answer_becomes_a_report_with_what_was_said(talk: Talk, database: Database) -> None:
    talk.says(HAROP)
    talk.says("dit antwoord klopt niet")
    talk.taps("Dit melden")
    finish(talk)
    case = filed(talk, database)
    assert case.topic == "harop/wat-is"
    assert HAROP in case.description and "dit antwoord klopt niet" in case.description


# a step that does not work


def test_a_task_that_cannot_be_done_becomes_a_report(talk: Talk, database: Database) -> None:
    talk.says(PRACTICE_SHUT)
    talk.taps("Stap voor stap")
    talk.taps("Gedaan")
    assert FAILS in labels(talk)
    talk.taps(FAILS)
    summary = finish(talk)
    case = filed(talk, database)
    assert "lukt dit niet: Partijen bij elkaar halen" in case.description
    assert case.tried == "Patiënten informeren"
    assert case.topic == "noodplan/checklist-tijdens"
    assert "Onderwerp: Een praktijk valt weg, wat nu?" in summary
    # the checklist waits where it was
    talk.says("verder met de checklist")
    assert talk.replies[-1].step == "betrekken"


def test_a_task_is_offered_to_report_once(talk: Talk) -> None:
    talk.says(PRACTICE_SHUT)
    talk.taps("Stap voor stap")
    for nonsense in ("blorf", "krwzzl", "pfffrt"):
        talk.says(nonsense)
    assert labels(talk).count(FAILS) == 1
    assert "Iemand spreken" in labels(talk)


def test_that_a_step_fails_can_be_typed(talk: Talk) -> None:
    talk.says(PRACTICE_SHUT)
    talk.taps("Stap voor stap")
    assert "al ingevuld: omschrijving" in talk.says("dit lukt niet: melden")


@pytest.mark.parametrize(
    "ways",
    [(FAILS,), ("Nee, geen plek", "Ja, meld dit knelpunt", "Klaar")],
    ids=["with one tap", "at the end of the steps"],
)
def test_no_home_care_found_becomes_a_report(
    talk: Talk, database: Database, ways: tuple[str, ...]
) -> None:
    talk.says("hoe vind ik thuiszorg in Utrecht?")
    talk.taps("Stap voor stap")
    talk.says("Thuiszorg Voorbeeld")
    talk.taps("Nee, geen plek")
    talk.says("zij zoekt")
    talk.taps("Nee, geen plek")
    talk.taps("Weet ik niet")
    assert talk.replies[-1].step == "zorgbemiddeling"
    for label in ways:
        talk.taps(label)
    finish(talk)
    case = filed(talk, database)
    assert (case.topic, case.category, case.region) == ("thuiszorg/vinden", "thuiszorg", "utrecht")
    assert case.tried is not None and "Thuiszorg Voorbeeld" in case.tried


def test_a_question_without_an_answer_in_between_can_be_reported(
    talk: Talk, database: Database
) -> None:
    talk.says(PRACTICE_SHUT)
    talk.taps("Stap voor stap")
    assert "Daar heb ik geen antwoord op" in talk.says("wie wint de eredivisie dit jaar?")
    talk.taps(REPORT_IT)
    finish(talk)
    assert "eredivisie" in filed(talk, database).description


def test_an_ordinary_report_points_to_nothing(talk: Talk, database: Database) -> None:
    talk.says(HAROP)
    talk.says("ik wil een knelpunt melden")
    talk.says("iets anders")
    talk.says("Utrecht")
    talk.says("De fax is kapot")
    finish(talk)
    assert filed(talk, database).topic is None
