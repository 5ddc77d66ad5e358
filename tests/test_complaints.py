"""Someone says that an answer is wrong, and why, in one message."""

import pytest

from bottlenecks.store import Database
from tests.conftest import Talk
from tests.reports_from_the_chat import answer_all, remarks

QUESTION = "wie coördineert het noodplan?"


@pytest.mark.parametrize(
    "said",
    [
        "dit klopt niet, bij ons doet de burgemeester het",
        "klopt niet, de verzekeraar betaalt dat niet meer",
        "nee dat antwoord klopt echt niet: de gemeente doet het",
    ],
)
def test_the_reason_is_kept_with_it(talk: Talk, database: Database, said: str) -> None:
    talk.says(QUESTION)
    assert "bewaard" in talk.says(said)
    assert remarks(database) == [("noodplan/coordinatie", said)]


def test_a_question_is_no_complaint(talk: Talk, database: Database) -> None:
    talk.says(QUESTION)
    talk.says("klopt het dat niemand dat coördineert?")
    assert remarks(database) == []


def test_danger_goes_first(talk: Talk, database: Database) -> None:
    talk.says(QUESTION)
    assert "112" in talk.says("dit klopt niet, er ligt hier nu iemand bewusteloos")
    assert remarks(database) == []


def test_a_second_report_waits_until_the_first_is_sent(talk: Talk) -> None:
    talk.says("ik wil een knelpunt melden: de faxlijn van de apotheek is de hele dag bezet")
    answer_all(talk)
    said = talk.says("knelpunt: computers starten niet op, inloggen in het HIS lukt niet")
    assert "Verstuur eerst deze melding" in said and "Klopt dit?" in said
    assert "Het meldingsnummer is" in talk.taps("Versturen")
