"""What the assistant offers or is asked outside its steps, answered in words."""

import pytest

from tests.conftest import Talk
from tests.reporting import step
from tests.reports_from_the_chat import labels


@pytest.mark.parametrize("typed", ["ja", "ja graag", "doe maar"])
def test_yes_to_an_offer_to_report_begins_one(talk: Talk, typed: str) -> None:
    assert "Wil je een knelpunt melden?" in talk.says("ik wil mijn melding intrekken")
    talk.says(typed)
    assert step(talk) == "soort"


def test_no_to_an_offer_to_report(talk: Talk) -> None:
    talk.says("ik wil mijn melding intrekken")
    assert "ik meld niets" in talk.says("nee")
    talk.says("ja")
    assert step(talk) is None


@pytest.mark.parametrize("typed", ["haal Envida weg", "zet alles terug"])
def test_pieces_are_of_a_report_only(talk: Talk, typed: str) -> None:
    said = talk.says(typed)
    assert "bij de samenvatting van een melding" in said
    assert "Een knelpunt melden" not in labels(talk)
