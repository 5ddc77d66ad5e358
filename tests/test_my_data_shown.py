"""What is kept about a person is shown when they ask, and erased only when they confirm it."""

import pytest

from bottlenecks.models import (
    FlowParticipant,
    FlowRun,
)
from bottlenecks.store import Database
from dialogues.assistant import Assistant
from dialogues.my_data import CONFIRM, CONFIRM_VALID, NO, QUESTION
from tests.conftest import Clock, Talk
from tests.my_data import CHECKLIST, DONE, linked
from tests.reporting import STORY, file_report, until
from tests.rows import rows


@pytest.mark.parametrize(
    "asked",
    [
        "wat bewaar je van mij",
        "Welke gegevens heb je van mij?",
        "mijn gegevens",
        "wat weet je van mij?",
        "inzage",
        "ik wil mijn gegevens inzien",
    ],
)
def test_what_is_kept_is_shown(talk: Talk, asked: str) -> None:
    talk.says("ik ben huisarts in Utrecht")
    reference = file_report(talk)
    seen = talk.says(asked)
    assert seen.startswith("Dit bewaar ik van jou:")
    for part in (
        "regio Utrecht en functie huisarts, Praktijk De Linde",
        f"Meldingen: 1 ({reference}); een afgesloten melding tot 2 jaar",
        "Open stappen en lijsten: geen",
        "sinds 2 maart 2026; tot 30 dagen na het laatste bericht",
        "welke van jou zijn, kan ik niet zien; tot 90 dagen",
    ):
        assert part in seen
    assert len(talk.replies) == 1, "one answer, not two"
    assert [one.label for one in talk.replies[0].choices][0] == "Verwijder mijn gegevens"


def test_what_is_kept_grows_with_what_is_said(
    talk: Talk, database: Database, assistant: Assistant, clock: Clock
) -> None:
    assert "Over jezelf: niets" in talk.says("mijn gegevens")
    assert "Berichten van jou: 2, sinds 2 maart 2026" in talk.says("mijn gegevens")
    clock.forward(86_400)
    talk.says(CHECKLIST)
    talk.taps("Stap voor stap")
    seen = talk.says("mijn gegevens")
    assert "Berichten van jou: 5, sinds 2 maart 2026" in seen
    assert "Open stappen en lijsten: 1; tot 90 dagen" in seen
    other = Talk(database, assistant, "u2")
    linked(talk, other)
    other.says("wie coördineert het noodplan?")
    other.says("dit klopt niet")
    seen = talk.says("mijn gegevens")
    assert "Open stappen en lijsten: 1" in seen and "Wat je zei over een fout antwoord: 1" in seen


def test_in_a_flow_it_is_shown_and_the_flow_goes_on(talk: Talk) -> None:
    until(talk, "wat")
    seen = talk.says("wat bewaar je van mij")
    assert "Dit bewaar ik van jou" in seen and "Terug naar waar je was." in seen
    assert talk.replies[-1].step == "wat"
    seen = talk.says("privacy")
    assert "Wie is verantwoordelijk?" in seen and talk.replies[-1].step == "wat"


def test_in_a_flow_no_means_that_the_flow_goes_on(talk: Talk, database: Database) -> None:
    until(talk, "wat")
    talk.says("verwijder mijn gegevens")
    assert "Goed, ik laat alles staan." in talk.taps(NO)
    assert talk.replies[-1].step == "wat"
    assert QUESTION in talk.says("verwijder mijn gegevens")
    assert "Goed, ik laat alles staan." in talk.says("nee")
    talk.says(STORY)
    assert rows(database, FlowRun) == 1


@pytest.mark.parametrize("agreed", ["ja", "ja, verwijder alles", "wis alles maar"])
def test_it_is_confirmed_by_typing(talk: Talk, database: Database, agreed: str) -> None:
    until(talk, "wat")
    for asked in ("vergeet mij", "wis alles over mij"):
        assert QUESTION in talk.says(asked)
    assert DONE in talk.says(agreed)
    assert rows(database, FlowParticipant) == 0


def test_nothing_is_erased_without_a_fresh_yes(talk: Talk, clock: Clock) -> None:
    file_report(talk)
    talk.says("verwijder mijn gegevens")
    talk.says("wat is een noodplan?")
    assert DONE not in talk.says("ja")
    assert QUESTION in talk.says("ja, verwijder alles"), "asked again"
    value = talk.replies[-1].choices[0].value
    clock.forward(CONFIRM_VALID.total_seconds() + 1)
    assert QUESTION in talk.sends(value)
    for broken in (CONFIRM, CONFIRM + "x", CONFIRM + "9" * 40, CONFIRM + "²"):
        assert QUESTION in talk.sends(broken)
    assert "Meldingen: 1" in talk.says("mijn gegevens")
