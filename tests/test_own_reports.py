"""One's own reports: how they stand, adding to them, and withdrawing them."""

from bottlenecks.store import Database
from dialogues.assistant import Assistant
from tests.conftest import Talk
from tests.reporting import STORY, file_report


def test_someone_else_sees_nothing_of_a_report(
    talk: Talk, database: Database, assistant: Assistant
) -> None:
    reference = file_report(talk)
    other = Talk(database, assistant, "u2")
    for question in (
        "wat is de status van mijn melding?",
        f"wat is de status van {reference}?",
        f"ik wil iets toevoegen aan melding {reference}",
        f"trek melding {reference} in",
    ):
        seen = other.says(question)
        assert STORY not in seen
        assert "nog geen meldingen" in seen or "Ik vind geen open melding" in seen
    assert "Status: nieuw" in talk.says("wat is de status van mijn melding?")


def test_status_shows_the_own_report(talk: Talk) -> None:
    reference = file_report(talk)
    seen = talk.says(f"wat is de status van {reference.lower()}?")
    assert reference in seen and STORY in seen and "Nog geen reactie" in seen


def test_addition_is_kept(talk: Talk) -> None:
    reference = file_report(talk)
    talk.says("ik wil iets toevoegen aan mijn melding")
    assert f"{reference}: vandaag weer" in talk.says("vandaag weer geen plek")
    assert f"toegevoegd aan {reference}" in talk.taps("Toevoegen")
    assert "Toegevoegd op 02-03-2026: vandaag weer geen plek" in talk.says(
        "wat is de status van mijn melding?"
    )


def test_addition_to_one_of_two_reports(talk: Talk) -> None:
    first = file_report(talk)
    file_report(talk)
    assert "Aan welke melding" in talk.says("ik wil iets toevoegen aan mijn melding")
    talk.says(first)
    talk.says("vandaag weer geen plek")
    assert f"toegevoegd aan {first}" in talk.says("ja")


def test_withdrawal_needs_a_yes(talk: Talk) -> None:
    reference = file_report(talk)
    talk.says("trek mijn melding in")
    assert "Gestopt" in talk.says("nee, niet intrekken")
    assert "Status: nieuw" in talk.says("wat is de status van mijn melding?")
    talk.says("trek mijn melding in")
    assert f"{reference} is ingetrokken" in talk.says("ja")


def test_withdrawn_report_cannot_be_added_to(talk: Talk) -> None:
    reference = file_report(talk)
    talk.says("trek mijn melding in")
    talk.taps("Ja, intrekken")
    seen = talk.says(f"ik wil iets toevoegen aan melding {reference}")
    assert f"geen open melding {reference}" in seen
    assert "geen open meldingen" in talk.says("ik wil iets toevoegen aan mijn melding")


def test_unknown_reference(talk: Talk) -> None:
    assert "geen open melding KP-2026-0099" in talk.says("status van KP-2026-0099")
