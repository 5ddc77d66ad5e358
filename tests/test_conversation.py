"""Whole conversations: given what a user typed, then what they saw."""

from tests.conftest import Talk


def test_answer_names_its_source(talk: Talk) -> None:
    assert "standaard eindverantwoordelijk" in talk.says("wie coördineert het noodplan?")
    assert talk.replies[0].sources[0].publisher == "LHV en InEen"
    assert "handreiking" in talk.says("waar staat dat?")


def test_report_from_first_message_to_withdrawal(talk: Talk) -> None:
    talk.says("al drie organisaties gebeld, nergens thuiszorg te vinden in Geleen, graag melden")
    talk.taps("Hoog")
    talk.taps("Anoniem melden")
    summary = talk.taps("Ja, graag")
    assert "Westelijke Mijnstreek" in summary
    assert "al drie organisaties gebeld" in summary
    assert "KP-2026-0001" in talk.taps("Versturen")
    assert "nieuw" in talk.says("wat is de status van mijn melding?")
    talk.says("trek mijn melding in")
    assert "ingetrokken" in talk.taps("Ja, intrekken")
