"""A reporter is asked whether their report belongs to a group: right after it was sent."""

import pytest

from bottlenecks.roles import EVERYWHERE
from bottlenecks.store import Database
from bottlenecks.workflow import Status
from dialogues.assistant import Assistant
from tests.conftest import Clock, Talk
from tests.desk import add_officer
from tests.groups_of_reports import (
    NO_HOME_CARE,
    QUESTION,
    TITLE,
    group,
    own_group,
    report,
    reports,
    send,
)


@pytest.fixture
def number(database: Database) -> int:
    """A group of five reports in Utrecht."""
    return group(database, reports(database))


def test_the_question_comes_in_a_message_after_the_confirmation(talk: Talk, number: int) -> None:
    send(talk)
    confirmation, question = talk.replies
    assert "Het meldingsnummer is KP-2026-0006." in confirmation.text
    assert QUESTION not in confirmation.text
    assert QUESTION in question.text and TITLE in question.text
    assert [choice.label for choice in question.choices] == ["Ja, hoort erbij", "Nee, iets anders"]


@pytest.mark.parametrize("answer", ["Ja, hoort erbij", "ja", "ja graag", "hoort erbij"])
def test_a_report_joins(talk: Talk, database: Database, number: int, answer: str) -> None:
    send(talk)
    said = talk.taps(answer) if answer.startswith("Ja,") else talk.says(answer)
    assert "KP-2026-0006 hoort er nu bij." in said
    assert own_group(database, "KP-2026-0006") == number


@pytest.mark.parametrize("answer", ["Nee, iets anders", "nee", "iets anders"])
def test_a_report_stays_by_itself_and_is_not_suggested_again(
    talk: Talk, database: Database, number: int, answer: str
) -> None:
    send(talk)
    said = talk.taps(answer) if answer.startswith("Nee,") else talk.says(answer)
    assert "blijft op zichzelf staan" in said
    assert own_group(database, "KP-2026-0006") is None
    with database.reading() as work:
        assert not work.groups.suggest("KP-2026-0006", EVERYWHERE).groups
        assert work.groups.offer("KP-2026-0006") is None


def test_who_joins_takes_status_and_owner_of_the_group(
    talk: Talk, database: Database, number: int
) -> None:
    with database.work() as work:
        row = work.groups.get(number, EVERYWHERE)
        assert row is not None
        work.groups.move(
            number, EVERYWHERE, Status.IN_PROGRESS, actor="melder", version=row.row.version
        )
    send(talk)
    assert "Status: in behandeling." in talk.says("ja")
    assert "in behandeling" in talk.says("wat is de status van mijn melding?")


def test_another_message_goes_on_as_usual(talk: Talk, database: Database, number: int) -> None:
    send(talk)
    assert talk.says("wat is een harop?") and talk.replies[-1].topic == "harop/wat-is"
    assert own_group(database, "KP-2026-0006") is None


def test_the_button_still_works_later(talk: Talk, database: Database, number: int) -> None:
    send(talk)
    button = talk.replies[-1].choices[0].value
    talk.says("ik wil een knelpunt melden")
    assert "hoort er nu bij" in talk.sends(button)
    assert talk.replies[-1].step == "soort", "and the flow that runs is shown again"
    assert own_group(database, "KP-2026-0006") == number


def test_yes_after_a_long_time_answers_something_else(
    talk: Talk, database: Database, number: int, clock: Clock
) -> None:
    send(talk)
    clock.forward(9 * 3600)
    talk.says("ja")
    assert own_group(database, "KP-2026-0006") is None


def test_a_yes_in_a_flow_that_began_meanwhile_is_for_that_flow(
    talk: Talk, database: Database, number: int
) -> None:
    send(talk)
    talk.says("ik wil een knelpunt melden")
    assert "hoort er nu bij" not in talk.says("ja")
    assert own_group(database, "KP-2026-0006") is None


def test_a_group_that_was_closed_meanwhile_cannot_be_joined(
    talk: Talk, database: Database, number: int
) -> None:
    send(talk)
    with database.work() as work:
        view = work.groups.get(number, EVERYWHERE)
        assert view is not None
        work.groups.move(
            number, EVERYWHERE, Status.SOLVED, actor="melder", version=view.row.version
        )
    assert "Dat kan niet meer" in talk.says("ja")
    assert own_group(database, "KP-2026-0006") is None


def test_someone_elses_report_cannot_be_moved(
    talk: Talk, database: Database, assistant: Assistant, number: int
) -> None:
    send(talk)
    other = Talk(database, assistant, "u2")
    other.says("hallo")
    assert "Dat kan niet meer" in other.sends(f"erbij:KP-2026-0006:{number}")
    other.sends(f"apart:KP-2026-0006:{number}")
    with database.reading() as work:
        assert work.groups.offer("KP-2026-0006") is not None
    assert own_group(database, "KP-2026-0006") is None


@pytest.mark.parametrize("value", ["erbij:", "erbij:KP-2026-0006:99999999999", "apart:x:y"])
def test_a_mangled_button_does_nothing(talk: Talk, number: int, value: str) -> None:
    send(talk)
    assert "werkt niet meer" in talk.sends(value)


@pytest.mark.parametrize(
    "problem",
    [
        "de assistente is ziek en er is geen waarnemer, wil dit melden in Utrecht",
        "nergens thuiszorg te vinden in Geleen, alles zit vol, wil dit melden",
    ],
)
def test_another_subject_or_another_region_is_not_asked(
    talk: Talk, number: int, problem: str
) -> None:
    assert QUESTION not in send(talk, problem)


def test_without_groups_nothing_is_asked(talk: Talk, database: Database) -> None:
    reports(database)
    assert QUESTION not in send(talk)


def test_fewer_than_five_practices_are_not_counted_aloud(talk: Talk, database: Database) -> None:
    four = reports(database)[:4]
    group(database, four)
    said = send(talk)
    assert "praktijken" not in said and f'Al eerder gemeld: "{TITLE}"' in said


def test_five_practices_are(talk: Talk, number: int) -> None:
    assert f'5 praktijken meldden ook: "{TITLE}". {QUESTION}' in send(talk)


def test_the_second_report_of_the_same_person_is_asked_too(talk: Talk, database: Database) -> None:
    first = report(database, "Geen thuiszorg te vinden in Utrecht, alles is vol")
    group(database, [first])
    assert QUESTION in send(talk)


def test_anonymous_reports_are_never_counted_aloud_as_practices(
    talk: Talk, database: Database
) -> None:
    four = reports(database)[:4]
    unnamed = [report(database, NO_HOME_CARE[4], f"a{number}") for number in range(3)]
    number = group(database, [*four, *unnamed])
    with database.reading() as work:
        view = work.groups.get(number, EVERYWHERE)
    assert view is not None and (view.row.practices, view.row.named_practices) == (5, 4)
    assert "praktijken" not in send(talk)


# the organisation put it in a group while the question stood


def put_in(database: Database, number: int, reference: str = "KP-2026-0006") -> None:
    ada = add_officer(database)
    with database.work() as work:
        work.groups.add(number, reference, EVERYWHERE, actor=ada)


@pytest.mark.parametrize("answer", ["nee", "Nee, iets anders"])
def test_no_takes_a_report_out_that_the_organisation_put_in(
    talk: Talk, database: Database, number: int, answer: str
) -> None:
    send(talk)
    put_in(database, number)
    said = talk.taps(answer) if "," in answer else talk.says(answer)
    assert f'Je regio-organisatie (RHO) had deze melding al gezet bij: "{TITLE}".' in said
    assert "staat weer op zichzelf" in said and "blijft op zichzelf" not in said
    assert own_group(database, "KP-2026-0006") is None


def test_yes_to_what_the_organisation_did_already(
    talk: Talk, database: Database, number: int
) -> None:
    send(talk)
    put_in(database, number)
    said = talk.says("ja")
    assert "KP-2026-0006 hoort er al bij." in said and "had dat al gedaan" in said
    assert own_group(database, "KP-2026-0006") == number


@pytest.mark.parametrize("answer", ["ja", "nee"])
def test_a_report_that_was_put_in_another_group_stays_there(
    talk: Talk, database: Database, number: int, answer: str
) -> None:
    send(talk)
    other = group(database, [report(database, "De avondzorg in Utrecht valt uit", "u8")], "Avond")
    put_in(database, other)
    said = talk.says(answer)
    assert 'heeft je melding KP-2026-0006 gezet bij: "Avond".' in said
    assert own_group(database, "KP-2026-0006") == other
    assert "staat weer op zichzelf" in talk.taps("KP-2026-0006 hoort er niet bij")
    assert own_group(database, "KP-2026-0006") is None


def test_who_joined_can_still_say_no(talk: Talk, database: Database, number: int) -> None:
    send(talk)
    no = talk.replies[-1].choices[1].value
    talk.says("ja")
    said = talk.sends(no)
    assert "staat weer op zichzelf" in said and "RHO" not in said
    assert own_group(database, "KP-2026-0006") is None
