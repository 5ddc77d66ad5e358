"""From what was not answered, or did not work, to a report; and what people ask is counted."""

import pytest

from bottlenecks.roles import EVERYWHERE
from bottlenecks.store import Database
from bottlenecks.store.report_desk import CaseView
from dialogues.assistant import Assistant
from tests.conftest import Clock, Talk

FOREIGN = "wie wint de eredivisie?"
HAROP = "wat is een harop?"
# declined, but near to a topic
NEARLY = "wat is het telefoonnummer van de meldkamer"
REPORT_IT = "Deze vraag melden"
FAILS = "Lukt niet: melden"
PRACTICE_SHUT = "buurpraktijk is ineens dicht, wat nu?"


def labels(talk: Talk) -> list[str]:
    return [choice.label for reply in talk.replies for choice in reply.choices]


def finish(talk: Talk) -> str:
    """Answer what is still asked in a report, and send it; gives the summary."""
    answers = {
        "soort": "iets anders",
        "regio": "Utrecht",
        "geprobeerd": "nog niets",
        "ernst": "laag",
        "praktijk": "anoniem",
        "antwoord": "nee",
    }
    while (step := talk.replies[-1].step) != "controle":
        assert step in answers, f"unexpected step {step}"
        talk.says(answers[step])
    summary = talk.replies[-1].text
    talk.taps("Versturen")
    assert talk.replies[-1].reference
    return summary


def filed(talk: Talk, database: Database) -> CaseView:
    """The report that was sent last."""
    reference = talk.replies[-1].reference
    assert reference is not None
    with database.reading() as work:
        case = work.cases.get(reference, EVERYWHERE)
    assert case is not None
    return case


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


# what people ask is counted


def counts(database: Database) -> dict[str, tuple[int, int, int]]:
    """By topic: answered, clarified, declined."""
    with database.reading() as work:
        found = work.topics.per_week().topics
    return {one.topic: (one.total, one.clarified, one.declined) for one in found}


def test_each_answered_message_counts_once(talk: Talk, database: Database) -> None:
    talk.says(HAROP)
    talk.says(HAROP)
    assert counts(database) == {"harop/wat-is": (2, 0, 0)}


def test_going_on_about_an_answer_does_not_count_again(talk: Talk, database: Database) -> None:
    talk.says(PRACTICE_SHUT)
    talk.says("meer")
    talk.says("stap voor stap")
    talk.taps("Gedaan")
    talk.taps("Leg uit")
    assert counts(database) == {"noodplan/checklist-tijdens": (1, 0, 0)}


def test_the_whole_answer_after_a_part_of_it_does_not_count_again(
    talk: Talk, database: Database
) -> None:
    talk.says("hoe vind ik thuiszorg?")
    talk.says("en in Geleen?")
    talk.taps("Hele antwoord")
    assert counts(database) == {"thuiszorg/vinden": (2, 0, 0)}


def test_two_questions_in_a_message_count_for_both(talk: Talk, database: Database) -> None:
    talk.says("wat is een harop? en wie coördineert het noodplan?")
    assert counts(database) == {"harop/wat-is": (1, 0, 0), "noodplan/coordinatie": (1, 0, 0)}


def test_a_question_in_between_counts(talk: Talk, database: Database) -> None:
    talk.says(PRACTICE_SHUT)
    talk.taps("Stap voor stap")
    talk.says(HAROP)
    assert counts(database)["harop/wat-is"] == (1, 0, 0)


def test_what_was_clarified_or_declined_counts_with_what_came_nearest(
    talk: Talk, database: Database
) -> None:
    talk.says("thuiszorg")
    talk.taps("Hoe vind ik thuiszorg?")
    talk.says(NEARLY)
    talk.says(FOREIGN)
    assert counts(database) == {
        "thuiszorg/vinden": (1, 1, 0),
        "noodplan/contact": (0, 0, 1),
        "buiten-bereik": (0, 0, 1),
    }


def test_none_of_these_does_not_count_again(talk: Talk, database: Database) -> None:
    talk.says("thuiszorg")
    talk.taps("Geen van deze")
    assert counts(database) == {"thuiszorg/vinden": (0, 1, 0)}


@pytest.mark.parametrize("typed", ["hallo", "dank je wel", "help", "dit klopt niet", "stop"])
def test_small_talk_does_not_count(talk: Talk, database: Database, typed: str) -> None:
    talk.says(typed)
    assert counts(database) == {}


def test_people_and_weeks_are_counted_together(
    talk: Talk, database: Database, assistant: Assistant, clock: Clock
) -> None:
    talk.says(HAROP)
    Talk(database, assistant, "u2", 100).says(HAROP)
    clock.forward(7 * 86_400)
    talk.says(HAROP)
    with database.reading() as work:
        [found] = work.topics.per_week(2).topics
    assert found.answered == (2, 1)


def test_a_message_that_fails_is_not_counted(
    talk: Talk, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("disk full")

    with monkeypatch.context() as broken:
        broken.setattr("bot.worker._save", fail)
        talk.says(HAROP)
    assert counts(database) == {}
