"""What officers set for a region is what the assistant tells: the phase, and who is reached how."""

import pytest

from bottlenecks.roles import Role, Scope
from bottlenecks.store import Database
from dialogues.assistant import Assistant
from tests.conftest import Talk
from tests.desk import Browser, add_officer
from tests.desk_officers import at_the_desk
from tests.whole_site import sign_in

MINES = "westelijke-mijnstreek"
PHASE = f"/beheer/fase/{MINES}"
NOTICE = "Het callcenter zit op de huisartsenpost in Sittard."


@pytest.fixture
def desk(database: Database, assistant: Assistant) -> Browser:
    return at_the_desk(database, assistant)


def set_phase(desk: Browser, phase: str = "3a", **more: str) -> None:
    desk.opens(PHASE)
    desk.sends(PHASE, {"fase": phase, "sinds": "2026-03-01", "bericht": NOTICE, **more})
    assert desk.sees("Klopt dit?")
    desk.sends(PHASE)


def test_a_phase_is_confirmed_and_told(desk: Browser, talk: Talk) -> None:
    assert "is hier niet bekend" in talk.says("welke fasen zijn er in Geleen?")
    set_phase(desk)
    assert desk.sees("De fase van Westelijke Mijnstreek is ingesteld.")
    said = talk.says("welke fasen zijn er in Geleen?")
    assert "In Westelijke Mijnstreek geldt nu fase 3a, sinds 1 maart 2026" in said
    assert NOTICE in said


def test_nothing_holds_before_the_second_confirmation(desk: Browser, talk: Talk) -> None:
    desk.opens(PHASE)
    desk.sends(PHASE, {"fase": "3a", "sinds": "2026-03-01"})
    assert desk.sees("Klopt dit?")
    assert "is hier niet bekend" in talk.says("welke fasen zijn er in Geleen?")


def test_a_phase_is_told_at_a_greeting_and_with_the_crisis_team(desk: Browser, talk: Talk) -> None:
    set_phase(desk)
    talk.says("ik ben huisarts in Geleen")
    assert "geldt nu fase 3a" in talk.says("hallo")
    assert "geldt nu fase 3a" in talk.says("wat is de stand bij het crisisteam?")


def test_without_a_region_it_tells_what_is_known(desk: Browser, talk: Talk) -> None:
    set_phase(desk)
    said = talk.says("welke fasen zijn er?")
    assert "In welke regio je werkt, weet ik niet. Dit is ingevuld:" in said
    assert "In Westelijke Mijnstreek geldt nu fase 3a" in said


def test_a_phase_that_is_taken_back_is_not_known_any_more(desk: Browser, talk: Talk) -> None:
    set_phase(desk)
    set_phase(desk, "")
    assert "is hier niet bekend" in talk.says("welke fasen zijn er in Geleen?")


def test_a_day_to_come_is_refused(desk: Browser) -> None:
    desk.opens(PHASE)
    desk.sends(PHASE, {"fase": "3a", "sinds": "2026-03-09"})
    assert desk.page.status_code == 422
    assert desk.sees("Deze dag is nog niet geweest.")


def test_a_day_left_empty_is_asked_for(desk: Browser) -> None:
    desk.opens(PHASE)
    desk.sends(PHASE, {"fase": "3a", "sinds": ""})
    assert desk.page.status_code == 422
    assert desk.sees("Vul in sinds wanneer deze fase geldt.")


def test_going_back_keeps_what_was_filled_in(desk: Browser) -> None:
    desk.opens(PHASE)
    desk.sends(PHASE, {"fase": "3a", "sinds": "2026-03-01", "bericht": NOTICE})
    desk.sends(PHASE, {"terug": "ja"})
    assert desk.sees("Fase van Westelijke Mijnstreek")
    assert NOTICE in desk.page.text and 'value="2026-03-01"' in desk.page.text


def test_the_regions_people_are_told_and_counted(
    desk: Browser, database: Database, assistant: Assistant
) -> None:
    there, elsewhere = Talk(database, assistant, "anna"), Talk(database, assistant, "bert")
    there.says("ik werk in Geleen")
    elsewhere.says("ik werk in Utrecht")
    set_phase(desk, stuur="y")
    assert desk.sees("Het bericht gaat naar 1 persoon.")
    assert desk.sees("0 van 1")
    told = there.receives()
    assert "geldt nu fase 3a (aanvullend callcenter), sinds 01-03-2026" in told and NOTICE in told
    elsewhere.replies = []
    assert elsewhere.receives() == ""
    desk.opens("/beheer/fase")
    assert desk.sees("1 van 1")


def test_contacts_are_told(desk: Browser, talk: Talk) -> None:
    talk.says("ik werk in Utrecht")
    assert "nog niet ingevuld" in talk.says("ik wil iemand spreken")
    desk.opens("/beheer/contact/regio/utrecht")
    desk.sends(
        "/beheer/contact/regio/utrecht",
        {
            "rho": "bel 030 123 45 67",
            "personen": "crisiscoördinator, kantooruren",
            "leestijden": "werkdagen",
        },
    )
    said = talk.says("ik wil iemand spreken")
    assert "Voor Utrecht: bel 030 123 45 67" in said
    assert "crisiscoördinator" in said and "Meldingen worden gelezen: werkdagen" in said


def test_care_mediation_of_an_insurer_is_told(desk: Browser, talk: Talk) -> None:
    desk.opens("/beheer/contact/zorgverzekeraars")
    desk.sends("/beheer/contact/zorgverzekeraars", {"v-cz": "bel 088 000 11 22"})
    talk.says("hoe vind ik thuiszorg?")
    assert "Zorgbemiddeling van CZ: bel 088 000 11 22" in talk.says("en bij CZ?")


def test_who_changed_a_contact_is_kept(desk: Browser) -> None:
    for value in ("eerst", "later"):
        desk.opens("/beheer/contact/regio/utrecht")
        desk.sends("/beheer/contact/regio/utrecht", {"rho": value})
    desk.opens("/beheer/contact")
    assert desk.sees("Ada Jansen Regio-organisatie bereiken, Utrecht later")
    assert desk.sees("Ada Jansen Regio-organisatie bereiken, Utrecht eerst")


@pytest.mark.parametrize("address", [PHASE, f"/beheer/contact/regio/{MINES}"])
def test_another_region_is_not_changed(desk: Browser, database: Database, address: str) -> None:
    scope = Scope(regions=frozenset({"utrecht"}))
    officer = add_officer(database, "bo@rho.example", Role.HANDLER, scope, password=None)
    other = sign_in(desk.another(), database, officer)
    assert other.client.get(address).status_code == 403
    assert other.client.post(address, data={}).status_code == 403
    other.opens("/beheer/fase")
    assert other.sees("Utrecht") and not other.sees("Westelijke Mijnstreek")
