"""The desk: a report is answered and followed, and its reporter hears of it."""

import pytest
import yaml

from bot.learn import corrected_as_yaml
from bottlenecks.store import Database
from dialogues.assistant import Assistant
from tests.conftest import Talk
from tests.desk import Browser
from tests.desk_officers import at_the_desk, colleague, form, hears, path
from tests.reporting import STORY, file_report


@pytest.fixture
def desk(database: Database, assistant: Assistant) -> Browser:
    return at_the_desk(database, assistant)


@pytest.fixture
def reference(talk: Talk) -> str:
    """A report from a practice in Utrecht that wants an answer."""
    return file_report(talk)


def test_a_report_stands_in_the_list_and_on_its_page(desk: Browser, reference: str) -> None:
    desk.opens("/beheer/meldingen")
    assert desk.sees(f"{reference} · Thuiszorg")
    assert desk.sees("Praktijk De Linde") and desk.sees("wil antwoord")
    desk.opens(path(reference))
    assert desk.sees(STORY) and desk.sees("drie organisaties benaderd")
    assert desk.sees("Melder heeft dit gemeld")


def test_an_answer_arrives_in_the_chat_and_the_reporter_reacts(
    desk: Browser, reference: str, talk: Talk
) -> None:
    desk.opens(path(reference))
    desk.sends(
        form(reference, "antwoord"), {"antwoord": "We bellen rond.", "status": "wacht-op-reactie"}
    )
    assert desk.sees("Verstuurd naar de melder.") and desk.sees("wordt bezorgd")
    told = hears(talk)
    assert "We bellen rond." in told and "wacht op een reactie" in told
    desk.opens(path(reference))
    assert desk.sees("bezorgd op 2 mrt 2026")
    talk.taps("Reageren")
    talk.says("vandaag weer niemand gevonden")
    assert reference in talk.taps("Toevoegen")
    desk.opens(path(reference))
    assert desk.sees("vandaag weer niemand gevonden")
    assert desk.sees("Melder reageerde: de melding is weer in behandeling")


def test_a_reaction_that_is_just_typed_is_not_lost(
    desk: Browser, reference: str, talk: Talk
) -> None:
    desk.opens(path(reference))
    question = {"antwoord": "Om hoeveel praktijken gaat het?", "status": "wacht-op-reactie"}
    desk.sends(form(reference, "antwoord"), question)
    hears(talk)
    talk.says("het gaat er om drie, allemaal hier")
    assert "het gaat er om drie" in talk.taps(f"Reactie op {reference}")
    talk.taps("Toevoegen")
    desk.opens("/beheer/meldingen?reactie=ja")
    assert desk.sees(reference) and desk.sees("nieuwe reactie")
    desk.opens(path(reference))
    desk.sends(form(reference, "antwoord"), {"antwoord": "Dank je."})
    desk.opens("/beheer/meldingen?reactie=ja")
    assert not desk.sees(reference)


def test_reacting_on_a_closed_report_leads_to_reopening(
    desk: Browser, reference: str, talk: Talk
) -> None:
    desk.opens(path(reference))
    desk.sends(form(reference, "antwoord"), {"antwoord": "We zoeken het uit."})
    hears(talk)
    late = next(c.value for c in talk.replies[-1].choices if c.label == "Reageren")
    desk.sends(form(reference, "antwoord"), {"status": "opgelost"})
    hears(talk)
    assert "al afgerond" in talk.sends(late)
    assert "Wat is er nog niet opgelost?" in talk.taps("Heropenen")


def test_a_solved_report_is_reopened_by_its_reporter(
    desk: Browser, reference: str, talk: Talk
) -> None:
    desk.opens(path(reference))
    desk.sends(form(reference, "antwoord"), {"status": "opgelost"})
    assert "afgerond: opgelost" in hears(talk)
    talk.taps("Heropenen")
    talk.says("er is nog steeds geen plek")
    assert "heropend" in talk.taps("Heropenen")
    desk.opens("/beheer/meldingen?status=heropend")
    assert desk.sees(reference)
    assert "opnieuw geopend" in talk.says("wat is de status van mijn melding?")


def test_a_typed_wish_to_reopen_is_understood(desk: Browser, reference: str, talk: Talk) -> None:
    desk.opens(path(reference))
    desk.sends(form(reference, "antwoord"), {"status": "afgewezen"})
    assert desk.sees("Leg de melder uit waarom je de melding afwijst.")
    reason = {"status": "afgewezen", "antwoord": "Hier gaan wij niet over."}
    desk.sends(form(reference, "antwoord"), reason)
    assert "Ben je het er niet mee eens?" in hears(talk)
    assert "Wat is er nog niet opgelost?" in talk.says("ik wil mijn melding heropenen")


def test_who_wants_no_answer_hears_replies_but_no_moves(
    desk: Browser, database: Database, talk: Talk
) -> None:
    talk.says("geen plek in het elv in heel Utrecht, al vier keer gebeld, wil dit melden")
    talk.taps("Midden")
    talk.taps("Anoniem melden")
    talk.taps("Nee, niet nodig")
    talk.taps("Versturen")
    desk.opens(path("KP-2026-0001"))
    desk.sends(form("KP-2026-0001", "antwoord"), {"status": "in-behandeling"})
    assert hears(talk) == ""
    desk.opens(path("KP-2026-0001"))
    desk.sends(form("KP-2026-0001", "antwoord"), {"antwoord": "Er is plek."})
    assert "Er is plek." in hears(talk)


def test_forwarding_names_the_organisation(desk: Browser, reference: str, talk: Talk) -> None:
    desk.opens(path(reference))
    desk.sends(form(reference, "antwoord"), {"status": "doorgezet:roaz"})
    assert "doorgezet naar: ROAZ" in hears(talk)
    assert desk.sees("doorgezet naar ROAZ")


def test_personal_data_of_an_answer_is_taken_out(desk: Browser, reference: str, talk: Talk) -> None:
    desk.opens(path(reference))
    text = "Het gaat om BSN 999900006. Bel de organisatie op 030 123 45 67."
    desk.sends(form(reference, "antwoord"), {"antwoord": text})
    assert desk.sees("Uit je antwoord is gehaald: BSN.")
    told = hears(talk)
    assert "999900006" not in told and "030 123 45 67" in told


def test_a_note_is_for_colleagues_alone(desk: Browser, reference: str, talk: Talk) -> None:
    desk.opens(path(reference))
    desk.sends(form(reference, "notitie"), {"notitie": "Bespreken in het overleg"})
    assert desk.sees("Bespreken in het overleg")
    assert hears(talk) == ""
    assert "Bespreken" not in talk.says("wat is de status van mijn melding?")


def test_an_empty_note_is_refused_and_said_so(desk: Browser, reference: str) -> None:
    desk.opens(path(reference))
    desk.sends(form(reference, "notitie"), {"notitie": ""})
    assert desk.page.status_code == 422
    assert desk.sees("Typ eerst een notitie.")


def test_two_officers_do_not_overwrite_each_other(
    desk: Browser, database: Database, reference: str
) -> None:
    other = colleague(desk, database)
    desk.opens(path(reference))
    other.opens(path(reference))
    other.sends(form(reference, "antwoord"), {"status": "in-behandeling"})
    desk.sends(form(reference, "antwoord"), {"antwoord": "Mijn antwoord", "status": "opgelost"})
    assert desk.sees("Deze melding is net gewijzigd")
    assert desk.sees("Mijn antwoord"), "what was typed is still there"
    desk.sends(form(reference, "antwoord"))
    assert desk.sees("Verstuurd naar de melder.") and desk.sees("opgelost")


def test_corrections_are_kept_and_move_the_deadline(
    desk: Browser, database: Database, reference: str
) -> None:
    desk.opens(path(reference))
    changed = {"soort": "elv-opname", "ernst": "hoog", "regio": "westelijke-mijnstreek"}
    desk.sends(form(reference, "gegevens"), changed)
    assert desk.sees("wijzigde soort: Thuiszorg → ELV of opname")
    assert desk.sees("wijzigde ernst: Midden → Hoog")
    assert desk.sees("wijzigde regio: Utrecht → Westelijke Mijnstreek")
    assert desk.sees("nog 24 uur")
    with database.reading() as work:
        assert [case.reference for case in work.cases.corrected()] == [reference]


def test_who_handles_a_report_owns_it(desk: Browser, reference: str) -> None:
    desk.opens(path(reference))
    desk.sends(form(reference, "antwoord"), {"status": "in-behandeling"})
    assert desk.sees("Ada Jansen pakte dit op") and desk.sees("Je bent nu eigenaar.")
    desk.opens("/beheer/meldingen?eigenaar=ik")
    assert desk.sees(reference)
    desk.opens("/beheer/meldingen?eigenaar=geen")
    assert not desk.sees(reference)


def test_markup_in_a_report_is_shown_as_text(desk: Browser, database: Database) -> None:
    from tests.desk_reports import file_report as file

    name = file(database, "<script>alert(1)</script> & <b>vet</b>")
    desk.opens(path(name))
    assert "<script>alert(1)" not in desk.page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in desk.page.text


def test_a_corrected_report_is_exported_to_learn_from(
    desk: Browser, database: Database, reference: str
) -> None:
    desk.opens(path(reference))
    desk.sends(form(reference, "gegevens"), {"soort": "elv-opname", "ernst": "hoog"})
    with database.reading() as work:
        document = yaml.safe_load(corrected_as_yaml(work.cases.corrected()))
    assert document["meldingen"] == [
        {"tekst": STORY, "soort": "elv-opname", "regio": "utrecht", "ernst": "hoog"}
    ]
