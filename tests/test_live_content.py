"""What was approved is said at the next message: per region, in a flow, and never at any cost."""

from dataclasses import replace
from typing import Any

import pytest

from bottlenecks.models_content import Proposal
from bottlenecks.roles import EVERYWHERE, Role
from bottlenecks.store import Database
from dialogues.assistant import Assistant
from knowledge import Knowledge
from knowledge.data import as_data
from knowledge.overlay import LiveText, MisfitError, fitted, overlaid
from tests.conftest import Talk

TOPIC = "noodplan/coordinatie"
QUESTION = "wie coördineert het noodplan?"
CARE = "thuiszorg/zelf-bellen"


@pytest.fixture
def approve(database: Database, assistant: Assistant) -> Any:
    """Makes another text live, as officers do: `approve(topic, region, field=value)`."""
    with database.work() as work:
        one, other = (
            work.officers.add(f"{name}@rho.example", name, Role.HANDLER, EVERYWHERE)
            for name in ("ada", "bo")
        )

    def make(topic: str, region: str | None = None, **fields: Any) -> str:
        data = None if fields.get("back") else as_data(assistant.knowledge.topic(topic)) | fields
        with database.work() as work:
            made = work.content.add_concept(topic, region, data, actor=one)
            before = work.content.current(topic, region)
            work.content.propose(made, EVERYWHERE, actor=one, version=1)
            work.content.approve(
                made,
                EVERYWHERE,
                actor=other,
                version=2,
                instead_of=before.id if before else None,
            )
        return made

    return make


def test_it_is_said_at_the_next_message_and_no_longer_after_going_back(
    talk: Talk, approve: Any
) -> None:
    assert "geen enkele partij" in talk.says(QUESTION)
    approve(TOPIC, antwoord="Dat doet vanaf nu de RHO.")
    assert talk.says(QUESTION).startswith("Dat doet vanaf nu de RHO.")
    approve(TOPIC, antwoord="Toch de gemeente.")
    assert talk.says(QUESTION).startswith("Toch de gemeente.")
    approve(TOPIC, back=True)
    assert "geen enkele partij" in talk.says(QUESTION)


def test_a_change_while_a_flow_runs(talk: Talk, approve: Any) -> None:
    talk.says("buurpraktijk is ineens dicht, wat nu?")
    talk.taps("Stap voor stap")
    step = talk.taps("Gedaan")
    approve(TOPIC, antwoord="Dat doet vanaf nu de RHO.")
    said = talk.says(QUESTION)
    assert "Dat doet vanaf nu de RHO." in said
    assert step.splitlines()[-1] in said, "the flow goes on at the same step"
    assert "2 van 7 gedaan" in talk.taps("Gedaan") or "2 van 7 gedaan" in talk.says("overzicht")


def test_a_change_of_the_topic_of_the_flow_itself(talk: Talk, approve: Any) -> None:
    talk.says("buurpraktijk is ineens dicht, wat nu?")
    talk.taps("Stap voor stap")
    approve("noodplan/checklist-tijdens", titel="Een praktijk is dicht", antwoord="Doe de lijst.")
    assert talk.taps("Gedaan")
    assert "1 van 7 gedaan" in talk.says("overzicht")


def test_the_text_of_the_persons_region_wins(
    database: Database, assistant: Assistant, approve: Any
) -> None:
    approve(TOPIC, antwoord="Voor iedereen nieuw.")
    approve(TOPIC, "utrecht", antwoord="In Utrecht doet Ada dat.")
    here, there, nowhere = (Talk(database, assistant, name) for name in ("anna", "bert", "carl"))
    here.says("ik werk in Utrecht")
    there.says("ik werk in Geleen")
    assert "In Utrecht doet Ada dat." in here.says(QUESTION)
    assert "Voor iedereen nieuw." in there.says(QUESTION)
    assert "Voor iedereen nieuw." in nowhere.says(QUESTION)


def test_the_region_that_is_asked_about_wins_from_the_persons(talk: Talk, approve: Any) -> None:
    approve(TOPIC, "utrecht", antwoord="In Utrecht doet Ada dat.")
    talk.says("ik werk in Geleen")
    assert "In Utrecht doet Ada dat." in talk.says("wie coördineert het noodplan in Utrecht?")


def test_a_regions_text_is_used_in_a_flow_too(talk: Talk, approve: Any) -> None:
    approve(TOPIC, "utrecht", antwoord="In Utrecht doet Ada dat.")
    talk.says("ik werk in Utrecht")
    talk.says("buurpraktijk is ineens dicht, wat nu?")
    talk.taps("Stap voor stap")
    assert "In Utrecht doet Ada dat." in talk.says(QUESTION)


def test_a_typed_title_works_old_and_new(talk: Talk, approve: Any) -> None:
    old = "Mag ik zelf thuiszorg rondbellen?"
    approve(CARE, titel="Zelf bellen, mag dat?", antwoord="Ja hoor, in Utrecht (27 januari 2022).")
    for title in (old, "Zelf bellen, mag dat?", "zelf bellen, mag dat"):
        talk.says(title)
        assert talk.replies[0].topic == CARE, title
        assert "Ja hoor" in talk.replies[0].text


def test_a_title_of_one_region_is_typed_there(
    database: Database, assistant: Assistant, approve: Any
) -> None:
    approve(CARE, "utrecht", titel="Bellen in Utrecht")
    talk = Talk(database, assistant)
    talk.says("ik werk in Utrecht")
    talk.says("Bellen in Utrecht")
    assert talk.replies[0].topic == CARE
    assert talk.says("hoe vind ik thuiszorg?")
    assert "Bellen in Utrecht" in {c.label for reply in talk.replies for c in reply.choices}


@pytest.mark.parametrize(
    "damage",
    [
        {"onbekend": "veld"},
        {"titel": None},
        {"soort": "gesprek"},
        {"id": "gesprek/help"},
        {"bron": [{"document": "weg", "onderdeel": "1"}]},
        {"verwant": ["noodplan/weg"]},
        {"antwoord": ["een", "lijst"]},
    ],
)
def test_what_no_longer_fits_falls_back(
    database: Database, talk: Talk, approve: Any, damage: dict[str, Any]
) -> None:
    made = approve(TOPIC, antwoord="Dat doet vanaf nu de RHO.")
    with database.work() as work:
        row = work._session.get(Proposal, made)
        assert row is not None and row.data is not None
        row.data = {**row.data, **damage}
    assert "geen enkele partij" in talk.says(QUESTION)


def test_a_topic_that_is_gone_breaks_nothing(database: Database, talk: Talk, approve: Any) -> None:
    made = approve(TOPIC, antwoord="Dat doet vanaf nu de RHO.")
    with database.work() as work:
        row = work._session.get(Proposal, made)
        assert row is not None
        row.topic = "noodplan/weg"
    assert "geen enkele partij" in talk.says(QUESTION)


def text(knowledge: Knowledge, region: str | None, answer: str) -> LiveText:
    data = as_data(knowledge.topic(TOPIC)) | {"antwoord": answer}
    return LiveText(f"{region}-{answer}", TOPIC, region, data)


def test_layers_in_order(assistant: Assistant) -> None:
    files = assistant.knowledge
    own = files.topic(TOPIC).model_copy(update={"answer": "bestand utrecht"})
    files = replace(files, variants={"utrecht": {TOPIC: own}})
    everyone = text(files, None, "iedereen")
    there = text(files, "utrecht", "goedgekeurd utrecht")

    def said(region: str | None, *texts: LiveText) -> str:
        return overlaid(files, texts, region).topic(TOPIC).answer

    assert said(None).startswith("Dat staat vooraf niet vast")
    assert said(None, everyone, there) == "iedereen"
    assert said("utrecht") == "bestand utrecht"
    assert said("utrecht", everyone) == "bestand utrecht"
    assert said("utrecht", everyone, there) == "goedgekeurd utrecht"
    assert said("westelijke-mijnstreek", everyone, there) == "iedereen"


def test_nothing_approved_is_the_files_themselves(assistant: Assistant) -> None:
    assert overlaid(assistant.knowledge, ()) is assistant.knowledge


def test_why_it_does_not_fit_is_told(assistant: Assistant) -> None:
    live = LiveText("x", TOPIC, None, {"id": TOPIC, "soort": "antwoord", "titel": "X"})
    with pytest.raises(
        MisfitError, match="titel: moet minstens 3 tekens hebben; antwoord: ontbreekt"
    ):
        fitted(live, assistant.knowledge)


def test_a_text_may_name_one_region_of_an_area(talk: Talk, approve: Any) -> None:
    approve(
        CARE,
        "westelijke-mijnstreek",
        geldt_voor="Westelijke Mijnstreek",
        antwoord="In de Westelijke Mijnstreek bel je het meldpunt.",
    )
    said = talk.says("hoeveel thuiszorgorganisaties mag ik zelf bellen in Geleen?")
    assert "bel je het meldpunt" in said and "andere regio" not in said
