"""The desk: answers that are wrong, as people said in the chat, and putting those remarks away."""

import re

import pytest

from bottlenecks.roles import Role, Scope
from bottlenecks.store import Database
from dialogues.assistant import Assistant
from tests.conftest import Talk
from tests.desk import Browser, add_officer, forms
from tests.desk_officers import MINES, at_the_desk, colleague
from tests.desk_questions import HAROP, WRONG, about
from tests.desk_reports import file_report
from tests.whole_site import sign_in


@pytest.fixture
def desk(database: Database, assistant: Assistant) -> Browser:
    return at_the_desk(database, assistant)


def test_what_was_said_stands_beside_the_answer_and_is_put_away(
    desk: Browser, talk: Talk, assistant: Assistant
) -> None:
    talk.says(HAROP)
    talk.says("dit antwoord klopt niet")
    desk.opens(WRONG)
    assert desk.sees("Wat is een harop?") and desk.sees("dit antwoord klopt niet")
    first_line = assistant.knowledge.topic("harop/wat-is").answer.split("\n")[0]
    assert first_line in desk.text
    assert desk.sees("Bron: ")
    [number] = re.findall(r'name="opmerking" value="([0-9]+)"', desk.page.text)
    desk.sends(WRONG, {"wat": "klaar"})
    assert desk.sees("vink een opmerking aan"), "nothing is ticked beforehand"
    desk.sends(WRONG, {"wat": "klaar", "opmerking": [number]})
    assert desk.sees("1 opmerking afgehandeld.") and desk.sees("Hier is niets te doen")
    desk.opens(f"{WRONG}?afgehandeld=ja")
    assert desk.sees("afgehandeld door Ada Jansen")
    desk.sends(WRONG, {"wat": "terug", "opmerking": [number]})
    assert desk.sees("1 opmerking teruggezet.")
    desk.opens(WRONG)
    assert desk.sees("dit antwoord klopt niet")


def test_a_remark_without_an_answer_before_it(desk: Browser, talk: Talk) -> None:
    talk.says("dit antwoord klopt niet")
    desk.opens(WRONG)
    assert desk.sees("Geen onderwerp")
    assert desk.sees("Dit werd gezegd zonder dat er net een antwoord was gegeven.")


def test_a_remark_shows_the_reports_of_its_topic(
    desk: Browser, talk: Talk, database: Database
) -> None:
    names = [file_report(database, f"Melding {number}") for number in range(4)]
    for name in names:
        about(database, name, "harop/wat-is")
    talk.says(HAROP)
    talk.says("dit antwoord klopt niet")
    desk.opens(WRONG)
    assert desk.sees(names[3]) and not desk.sees(names[0])
    assert desk.sees("Alle 4 meldingen")


def test_nothing_ticked_changes_nothing(desk: Browser, talk: Talk) -> None:
    talk.says("dit antwoord klopt niet")
    desk.opens(WRONG)
    desk.sends(WRONG, {"opmerking": None})
    assert desk.sees("Er is niets veranderd: vink een opmerking aan.")
    assert desk.sees("dit antwoord klopt niet")


def test_remarks_of_another_region_are_not_seen_or_put_away(
    desk: Browser, talk: Talk, database: Database
) -> None:
    talk.says("ik werk in Utrecht")
    talk.says(HAROP)
    talk.says("dit antwoord klopt niet")
    desk.opens(WRONG)
    sent = forms(desk.page)[WRONG]
    there = colleague(desk, database)
    there.opens(WRONG)
    assert there.sees("dit antwoord klopt niet")
    elsewhere = sign_in(
        desk.another(),
        database,
        add_officer(database, "cas@rho.example", Role.HANDLER, MINES, "Cas", password=None),
    )
    elsewhere.opens(WRONG)
    assert elsewhere.sees("Hier is niets te doen")
    token = forms(elsewhere.page)["/beheer/uitloggen"]["csrf_token"]
    elsewhere.client.post(WRONG, data={**sent, "csrf_token": token})
    desk.opens(WRONG)
    assert desk.sees("dit antwoord klopt niet")


def test_a_reader_puts_nothing_away(desk: Browser, talk: Talk, database: Database) -> None:
    talk.says("dit antwoord klopt niet")
    reader = colleague(desk, database, Role.READER, Scope(all_regions=True))
    reader.opens(WRONG)
    assert reader.sees("dit antwoord klopt niet")
    assert reader.client.post(WRONG, data=forms(reader.page)[WRONG]).status_code == 403
