"""The steps of a flow change while people walk it: they are told, and keep what still fits."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings import ROOT
from bottlenecks.store import Database
from bottlenecks.store.database import random_id
from dialogues.assistant import Assistant
from knowledge import load
from nlu.training import MODEL_NAME
from tests.conftest import Talk

TOLD = "De stappen zijn intussen aangepast. Wat je al had ingevuld en nog past, staat er nog."
REPORT = "nergens thuiszorg te vinden in Geleen, al drie gebeld, graag melden"
WALKED, REPORTED = "thuiszorg-vinden.yml", "knelpunt-melden.yml"

Change = Callable[[dict[str, Any]], None]


@pytest.fixture
def changed(tmp_path: Path, assistant: Assistant) -> Callable[[str, Change | None], Assistant]:
    """An assistant that starts with a flow changed, or gone."""

    def make(file: str, change: Change | None) -> Assistant:
        folder = shutil.copytree(ROOT / "knowledge", tmp_path / "knowledge")
        path = Path(folder) / "flows" / file
        if change is None:
            path.unlink()
        else:
            flow = yaml.safe_load(path.read_text(encoding="utf-8"))
            change(flow)
            path.write_text(yaml.safe_dump(flow, allow_unicode=True), encoding="utf-8")
        knowledge = load(Path(folder))
        assert knowledge.revision != assistant.knowledge.revision
        return Assistant(ROOT / "models" / MODEL_NAME, knowledge, new_id=random_id)

    return make


Changed = Callable[[str, Change | None], Assistant]


def step(flow: dict[str, Any], step_id: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in flow["stappen"] if one["id"] == step_id)
    return found


def walking(talk: Talk) -> None:
    """In the middle of finding home care: one was called, and has no room."""
    talk.says("hoe vind ik thuiszorg in Utrecht?")
    talk.taps("Stap voor stap")
    talk.says("Thuiszorg Voorbeeld")
    talk.taps("Nee, geen plek")


def after(talk: Talk, database: Database, assistant: Assistant) -> Talk:
    """The same person, after the process was started again with what changed."""
    later = Talk(database, assistant, first_update=100)
    later.replies = talk.replies
    return later


def test_a_text_changed(talk: Talk, database: Database, changed: Changed) -> None:
    walking(talk)
    new = changed(WALKED, lambda flow: step(flow, "weg").update(tekst="Wie zoekt er nu verder?"))
    later = after(talk, database, new)
    said = later.taps("Ik bel zelf")  # a button from before, which still fits
    assert TOLD in said
    assert "Stap 4" in said
    assert TOLD not in later.says("overzicht")  # it is told once
    assert "Thuiszorg Voorbeeld" in later.says("overzicht")
    assert "Wie zoekt er nu verder?" in later.says("terug")


def test_the_step_that_was_asked_is_gone(talk: Talk, database: Database, changed: Changed) -> None:
    walking(talk)
    talk.taps("Zij bemiddelt")

    def without(flow: dict[str, Any]) -> None:
        flow["stappen"].remove(step(flow, "bemiddeling"))

    later = after(talk, database, changed(WALKED, without))
    said = later.says("gevonden")
    assert TOLD in said
    assert "Thuiszorg Voorbeeld" in later.says("overzicht")
    assert "Nee, geen plek" in later.says("overzicht")


def test_a_step_that_was_answered_has_another_name(
    talk: Talk, database: Database, changed: Changed
) -> None:
    walking(talk)

    def renamed(flow: dict[str, Any]) -> None:
        step(flow, "eerste")["id"] = "gebeld"

    later = after(talk, database, changed(WALKED, renamed))
    said = later.taps("Ik bel zelf")
    # it is asked, since its answer is that of a step that is no longer there
    assert TOLD in said
    assert "Typ hier haar naam" in said
    assert "Wie zoekt er verder?" in later.says("Thuiszorg Voorbeeld")


def test_a_choice_that_was_made_is_gone(talk: Talk, database: Database, changed: Changed) -> None:
    walking(talk)

    def fewer(flow: dict[str, Any]) -> None:
        asked = step(flow, "uitkomst")
        asked["keuzes"][1] |= {"waarde": "vol", "tekst": "Nee, zij zit vol"}
        for one in flow["stappen"]:
            for values in one.get("als", {}).values():
                values[:] = ["vol" if value == "geen-plek" else value for value in values]

    later = after(talk, database, changed(WALKED, fewer))
    said = later.taps("Ik bel zelf")
    assert TOLD in said
    assert "Kan deze organisatie de zorg geven?" in said
    assert "Wie zoekt er verder?" in later.taps("Nee, zij zit vol")


def test_a_flow_that_is_gone_leaves_nobody_stuck(
    talk: Talk, database: Database, changed: Changed
) -> None:
    walking(talk)
    later = after(talk, database, changed(WALKED, None))
    button = next(c.value for r in talk.replies for c in r.choices if c.label == "Ik bel zelf")
    assert later.sends(button).strip()
    assert "standaard eindverantwoordelijk" in later.says("wie coördineert het noodplan?")
    assert later.says("verder").strip()
    later.says(REPORT)
    later.taps("Hoog")
    later.taps("Anoniem melden")
    later.taps("Ja, graag")
    assert "KP-2026-0001" in later.taps("Versturen")


def test_a_report_keeps_what_was_filled_in(
    talk: Talk, database: Database, changed: Changed
) -> None:
    talk.says(REPORT)
    talk.taps("Hoog")
    talk.taps("Anoniem melden")

    def new_text(flow: dict[str, Any]) -> None:
        step(flow, "antwoord")["tekst"] = "Wil je bericht van de regio-organisatie?"

    later = after(talk, database, changed(REPORTED, new_text))
    summary = later.taps("Ja, graag")
    assert TOLD in summary
    assert "Hoog" in summary
    assert "al drie gebeld" in summary
    assert "KP-2026-0001" in later.taps("Versturen")
    with database.reading() as work:
        assert work.reports.count() == 1
