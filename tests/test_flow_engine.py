"""The flow engine by itself: conditions, progress, going back, and steps that were changed."""

from typing import Any

import pytest

from dialogues.flows import engine, inputs
from dialogues.flows.state import FlowState, Mark, progress, shown, visible_only
from knowledge.flow_model import Flow

STAMP = engine.Stamp(2, "2026-03-02T09:00:00+00:00")
YES_NO = [{"waarde": "ja", "tekst": "Ja"}, {"waarde": "nee", "tekst": "Nee"}]


def flow(*steps: dict[str, Any]) -> Flow:
    return Flow.model_validate({"id": "wijk/stappen", "titel": "Stappen", "stappen": list(steps)})


def step(id_: str, kind: str = "tekst", **more: Any) -> dict[str, Any]:
    label = {"in_samenvatting": id_.capitalize()} if kind not in ("lezen", "bevestigen") else {}
    choices = {"keuzes": YES_NO} if kind in ("keuze", "meerkeuze") else {}
    return {"id": id_, "soort": kind, "tekst": f"Vraag {id_}?", **label, **choices, **more}


BRANCHING = flow(
    step("lukt", "keuze"),
    step("waarom", als={"lukt": ["nee"]}),
    step("naam"),
    step("klopt", "bevestigen", keuzes=[{"waarde": "versturen", "tekst": "Klaar"}]),
)


def begun(of: Flow, **answers: Any) -> FlowState:
    return engine.begin(of, "abc123", answers, STAMP)


def given(of: Flow, state: FlowState, *inputs: str) -> FlowState:
    for one in inputs:
        _, state = engine.advance(of, state, {}, one, STAMP)
    return state


def test_a_step_is_asked_only_when_its_condition_holds() -> None:
    assert given(BRANCHING, begun(BRANCHING), "ja").step == "naam"
    assert given(BRANCHING, begun(BRANCHING), "nee").step == "waarom"


def test_progress_counts_the_longest_way_that_is_open() -> None:
    state = begun(BRANCHING)
    assert progress(BRANCHING, state) == (1, 4)
    assert progress(BRANCHING, given(BRANCHING, state, "ja")) == (2, 3)
    assert progress(BRANCHING, given(BRANCHING, state, "nee")) == (2, 4)


def test_an_answer_that_falls_away_is_not_used_but_not_lost() -> None:
    state = given(BRANCHING, begun(BRANCHING), "nee", "=geen plek", "=De Linde")
    changed = engine.correct(BRANCHING, state, "lukt", "ja", STAMP)
    assert [s.id for s in shown(BRANCHING, changed.answers)] == ["lukt", "naam", "klopt"]
    assert "waarom" not in visible_only(BRANCHING, changed).answers
    back = engine.correct(BRANCHING, changed, "lukt", "nee", STAMP)
    assert back.answers["waarom"] == "geen plek"


def test_going_back_keeps_the_answers() -> None:
    state = given(BRANCHING, begun(BRANCHING), "nee", "=geen plek", "=De Linde")
    twice = engine.back(BRANCHING, state, 2)
    assert twice.step == "waarom"
    assert twice.answers["naam"] == "De Linde"
    assert given(BRANCHING, twice, inputs.LEAVE).step == "klopt"


def test_what_was_typed_at_a_list_survives_leaving_it() -> None:
    listing = flow(step("naam"), step("wie", "opsomming"), step("klaar"))
    state = given(listing, begun(listing), "=De Linde", "=RHO", "=Hagro")
    away = given(listing, state, inputs.BACK)
    assert away.step == "naam"
    assert given(listing, away, inputs.LEAVE).picked == ("RHO", "Hagro")


def test_a_menu_can_be_chosen_from_again_and_remembers_its_rounds() -> None:
    menu = flow(
        step("vraag", "keuze"),
        step("lees", "lezen", als={"vraag": ["ja"]}, daarna="vraag"),
        step("klopt", "bevestigen", als={"vraag": ["nee"]}),
    )
    state = given(menu, begun(menu), "ja", inputs.READ)
    assert (state.step, state.rounds[0]["vraag"]) == ("vraag", "ja")
    assert given(menu, state, "nee").step == "klopt"


@pytest.mark.parametrize(
    ("changed", "at", "kept"),
    [
        # a step that is new is asked
        ((step("lukt", "keuze"), step("nieuw"), step("naam")), "nieuw", {"lukt", "naam"}),
        # an answer that is no longer one of the choices is asked again
        (
            (step("lukt", "keuze", keuzes=[{"waarde": "soms", "tekst": "Soms"}]), step("naam")),
            "lukt",
            {"naam"},
        ),
        # a step that is gone takes its answer along
        ((step("naam"), step("later")), "later", {"naam"}),
    ],
)
def test_steps_that_changed_keep_the_answers_that_still_fit(
    changed: tuple[dict[str, Any], ...], at: str, kept: set[str]
) -> None:
    state = given(BRANCHING, begun(BRANCHING), "ja", "=De Linde")
    new = flow(*changed)
    assert state.version != new.version
    adapted = engine.adapt(new, state, {})
    assert adapted.step == at
    assert set(adapted.answers) == kept == set(adapted.marks)
    assert adapted.version == new.version


def test_who_answered_and_when_is_kept() -> None:
    state = given(BRANCHING, begun(BRANCHING), "ja")
    assert state.marks["lukt"] == Mark(2, STAMP.at)


@pytest.mark.parametrize("tap", ["", "x", "f:abc123:naam:ja", "f:zzz:lukt:ja", "f:abc123:lukt"])
def test_a_button_of_another_step_or_run_is_no_input(tap: str) -> None:
    assert engine.given_by(begun(BRANCHING), tap) is None


def test_state_of_an_earlier_version_can_be_read() -> None:
    old = {"flow_id": "a/b", "run": "1", "step": "naam", "answers": {"naam": "x"}, "history": []}
    assert FlowState.from_data(old).answers == {"naam": "x"}
