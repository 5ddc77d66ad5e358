"""What people ask is counted by topic: once for each question, however they go on about it."""

import pytest

from bottlenecks.store import Database
from dialogues.assistant import Assistant
from tests.conftest import Clock, Talk
from tests.reports_from_the_chat import FOREIGN, HAROP, NEARLY, PRACTICE_SHUT


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
