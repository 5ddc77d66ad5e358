"""What is not understood: given what a user typed, then what they saw and what was kept of it."""

from pathlib import Path

import pytest

from bottlenecks.store import Database
from bottlenecks.store.questions import UnclearView
from dialogues.assistant import Assistant
from tests.conftest import Clock, Talk

UNKNOWN = "Daar weet ik niets over"
UNSURE = "Ik weet niet zeker wat je bedoelt"
SECOND = "Hier heb ik nog geen antwoord op"
THIRD = "Ik kom er niet uit. Een mens kan je beter helpen"
NONE_OF_THESE = "Geen van deze"
FOREIGN = "wie wint de eredivisie?"
HAROP = "wat is een harop?"
VAGUE = ["noodplan", "thuiszorg", "Thuiszorg?", "iets over het noodplan"]


def labels(talk: Talk) -> list[str]:
    return [choice.label for reply in talk.replies for choice in reply.choices]


def kept(database: Database) -> list[UnclearView]:
    with database.work() as work:
        return work.questions.export()


# what people type


@pytest.mark.parametrize(
    "typed",
    [
        "hoe vind ik home care for my patient?",
        "can you help me met de patiënt?",
        "12",
        "0",
        "Mientje",
        "dr. Mientje",
        "je bent echt waardeloos",
        "rot op",
        "???",
        "asdfghjkl",
    ],
)
def test_an_honest_reply_with_a_way_on(talk: Talk, typed: str) -> None:
    seen = talk.says(typed)
    assert UNKNOWN in seen or UNSURE in seen
    assert labels(talk)
    assert not any(reply.sources for reply in talk.replies)


def test_an_insult_gets_a_calm_reply(talk: Talk) -> None:
    seen = talk.says("wat een waardeloze rotbot ben jij")
    assert "computerprogramma" in seen or UNKNOWN in seen or UNSURE in seen
    assert "rotbot" not in seen


@pytest.mark.parametrize("typed", VAGUE)
def test_one_vague_word_gives_choices(talk: Talk, typed: str) -> None:
    assert UNSURE in talk.says(typed)
    assert labels(talk)[-1] == NONE_OF_THESE
    assert 2 <= len(labels(talk)) <= 4
    assert len(set(labels(talk))) == len(labels(talk))


def test_a_word_that_is_clear_by_itself_is_answered(talk: Talk) -> None:
    talk.says("harop")
    assert talk.replies[0].topic == "harop/wat-is"


def test_choosing_one_answers_it(talk: Talk) -> None:
    talk.says("thuiszorg")
    talk.taps("Hoe vind ik thuiszorg?")
    assert talk.replies[0].topic == "thuiszorg/vinden"
    assert talk.replies[0].sources


def test_typing_the_label_of_a_choice_answers_it_too(talk: Talk) -> None:
    talk.says("thuiszorg")
    talk.says("hoe vind ik thuiszorg")
    assert talk.replies[0].topic == "thuiszorg/vinden"


# a way out


def test_none_of_these_gives_the_menu_and_a_person(talk: Talk) -> None:
    talk.says("noodplan")
    assert SECOND in talk.taps(NONE_OF_THESE)
    assert {"Een knelpunt melden", "Hoe vind ik thuiszorg?", "Iemand spreken"} <= set(labels(talk))
    assert NONE_OF_THESE not in labels(talk)


@pytest.mark.parametrize("typed", [*VAGUE[:2], "bellen met de regio"])
def test_never_the_same_choices_twice_in_a_row(talk: Talk, typed: str) -> None:
    talk.says(typed)
    first = set(labels(talk)) - {NONE_OF_THESE}
    talk.taps(NONE_OF_THESE)
    talk.says(typed)
    again = set(labels(talk)) - {NONE_OF_THESE}
    assert first and again and not first & again


@pytest.mark.parametrize("typed", ["thuiszorg", FOREIGN, "Mientje"])
def test_second_and_third_failure(talk: Talk, typed: str) -> None:
    talk.says(typed)
    assert SECOND in talk.says(typed)
    assert "Iemand spreken" in labels(talk)
    assert THIRD in talk.says(typed)
    assert labels(talk)[0] == "Iemand spreken"
    assert "niet doorverbinden" in talk.taps("Iemand spreken")


def test_failures_of_different_kinds_count_together(talk: Talk) -> None:
    talk.says("noodplan")
    assert SECOND in talk.says(FOREIGN)
    assert THIRD in talk.says("hoe laat gaat de trein naar Parijs?")


def test_a_person_is_still_offered_after_the_third(talk: Talk) -> None:
    for _ in range(5):
        seen = talk.says(FOREIGN)
    assert THIRD in seen


def test_success_makes_the_next_failure_the_first(talk: Talk) -> None:
    talk.says("thuiszorg")
    first = labels(talk)
    talk.says("thuiszorg")
    talk.says(HAROP)
    assert UNSURE in talk.says("thuiszorg")
    assert labels(talk) == first


def test_choosing_is_a_success(talk: Talk) -> None:
    talk.says(FOREIGN)
    talk.taps("Hoe vind ik thuiszorg?")
    assert UNKNOWN in talk.says(FOREIGN)


# what is kept to learn from


def test_a_declined_question_is_kept(talk: Talk, database: Database, clock: Clock) -> None:
    talk.says(FOREIGN)
    [question] = kept(database)
    assert (question.text, question.outcome) == (FOREIGN, "declined")
    assert (question.topic, question.chosen) == (None, None)
    assert question.candidates[0][0] == "buiten-bereik"
    assert 0 < question.confidence <= 1
    assert question.created_at == clock.now


def test_a_clarified_question_with_what_was_chosen(talk: Talk, database: Database) -> None:
    talk.says("thuiszorg")
    assert kept(database)[0].chosen is None
    talk.taps("Hoe vind ik thuiszorg?")
    [question] = kept(database)
    assert (question.text, question.outcome) == ("thuiszorg", "clarified")
    assert question.chosen == "thuiszorg/vinden"
    assert "thuiszorg/vinden" in dict(question.candidates)


def test_what_is_chosen_from_the_menu_after_declining(talk: Talk, database: Database) -> None:
    talk.says(FOREIGN)
    talk.taps("Hoe vind ik thuiszorg?")
    assert [question.chosen for question in kept(database)] == ["thuiszorg/vinden"]


def test_only_the_first_choice_counts(talk: Talk, database: Database) -> None:
    talk.says("thuiszorg")
    talk.taps("Hoe vind ik thuiszorg?")
    talk.says(HAROP)
    assert [question.chosen for question in kept(database)] == ["thuiszorg/vinden"]


def test_none_of_these_is_not_yet_a_choice(talk: Talk, database: Database) -> None:
    talk.says("noodplan")
    talk.taps(NONE_OF_THESE)
    assert [question.chosen for question in kept(database)] == [None]


def test_what_is_chosen_after_none_of_these(talk: Talk, database: Database) -> None:
    talk.says("noodplan")
    talk.taps(NONE_OF_THESE)
    talk.taps("Een praktijk valt weg, wat nu?")
    assert [question.chosen for question in kept(database)] == ["noodplan/checklist-tijdens"]


def test_a_courtesy_is_no_choice(talk: Talk, database: Database) -> None:
    talk.says("bellen met de regio")
    talk.says("dank je wel")
    assert [question.chosen for question in kept(database)] == [None]


def test_a_question_marked_wrong(talk: Talk, database: Database) -> None:
    talk.says("wie coördineert het noodplan?")
    assert kept(database) == []
    talk.says("dit antwoord klopt niet")
    [question] = kept(database)
    assert (question.text, question.outcome) == ("wie coördineert het noodplan?", "wrong")
    assert question.topic == "noodplan/coordinatie"


@pytest.mark.parametrize(
    ("typed", "then", "outcome"),
    [
        ("bak een taart voor bsn 999990019, mail mientje@voorbeeld.nl", None, "declined"),
        (
            "wie coördineert het noodplan? bsn 999990019 mientje@voorbeeld.nl",
            "dit antwoord klopt niet",
            "wrong",
        ),
    ],
)
def test_personal_data_is_removed_from_what_is_kept(
    talk: Talk, database: Database, typed: str, then: str | None, outcome: str
) -> None:
    talk.says(typed)
    if then:
        talk.says(then)
    [question] = kept(database)
    assert question.outcome == outcome
    assert "999990019" not in question.text and "voorbeeld.nl" not in question.text
    assert "[BSN verwijderd]" in question.text and "[e-mailadres verwijderd]" in question.text


def test_personal_data_is_in_no_file_of_the_database(talk: Talk, tmp_path: Path) -> None:
    talk.says("bak een taart voor bsn 999990019, mail mientje@voorbeeld.nl")
    content = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"BSN verwijderd" in content
    assert b"999990019" not in content and b"mientje@voorbeeld" not in content


@pytest.mark.parametrize("typed", [HAROP, "hallo", "help", "een patiënt is bewusteloos", "stop"])
def test_nothing_is_kept_of_what_was_answered(talk: Talk, database: Database, typed: str) -> None:
    assert UNKNOWN not in talk.says(typed)
    assert kept(database) == []


def test_nothing_is_kept_of_a_report(talk: Talk, database: Database) -> None:
    talk.says("ik wil een knelpunt melden")
    talk.says("dat weet ik eigenlijk niet zo goed")
    assert talk.replies[-1].step == "soort"
    assert kept(database) == []


def test_questions_of_two_people_do_not_mix(
    talk: Talk, database: Database, assistant: Assistant
) -> None:
    other = Talk(database, assistant, user="u2", first_update=100)
    talk.says("thuiszorg")
    other.says("noodplan")
    talk.taps("Hoe vind ik thuiszorg?")
    chosen = {question.text: question.chosen for question in kept(database)}
    assert chosen == {"thuiszorg": "thuiszorg/vinden", "noodplan": None}
