"""Walks every flow at random: nobody is ever stuck, and the summary is what was entered."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.ask import NobodysDesk
from dialogues.assistant import Assistant
from dialogues.flows import engine, inputs, reading, view
from dialogues.flows.handlers import NAMES, handler_of
from dialogues.flows.state import FlowState, Lists, choices_of, is_over, progress, shown
from dialogues.reply import MAX_VALUE_BYTES, Incoming
from dialogues.turn import Memory, Turn
from knowledge import load
from knowledge.flow_model import Flow, FlowChoice

KNOWLEDGE = load()
FLOWS = sorted(KNOWLEDGE.flows)
STAMP = engine.Stamp(1, "2026-03-02T09:00:00+00:00")
REPORTS = [FlowChoice(value="kp-2026-0001", label="KP-2026-0001 Thuiszorg")]
WAYS_OUT = {"Stoppen"}


def lists_of(flow: Flow, state: FlowState | None, turn: Turn) -> Lists:
    found = dict(handler_of(flow).lists(turn, state))
    for name in ("own_open_reports", "own_closed_reports"):
        if name in found:
            found[name] = REPORTS
    return found


@pytest.fixture
def turn(assistant: Assistant) -> Turn:
    return Turn(
        Incoming(text="x"),
        Memory("test"),
        KNOWLEDGE,
        NobodysDesk(),
        lambda: "f" * 32,
        assistant.read_report,
    )


def shown_step(flow: Flow, state: FlowState, turn: Turn) -> tuple[view.Setting, list[str]]:
    """The step as it is shown, with the inputs of its buttons."""
    setting = view.Setting(lists=lists_of(flow, state, turn), now=datetime.now(UTC))
    reply = view.show(flow, state, setting)
    for choice in reply.choices:
        assert len(choice.value.encode()) <= MAX_VALUE_BYTES
        assert choice.label.strip()
    labels = {choice.label for choice in reply.choices}
    assert labels & (WAYS_OUT | {"Terug"}), "no way out"
    assert len(labels) == len(reply.choices), "two buttons look the same"
    number, total = progress(flow, state)
    assert 1 <= number <= total
    assert f"Stap {number} van {total}" in reply.text
    sent = [engine.given_by(state, choice.value) for choice in reply.choices]
    return setting, [given for given in sent if given is not None]


@settings(max_examples=60, deadline=None)
@given(data=st.data(), flow_id=st.sampled_from(FLOWS))
def test_any_walk_can_go_on_and_its_answers_are_kept(data: Any, flow_id: str) -> None:
    turn = _turn()
    flow = KNOWLEDGE.flows[flow_id]
    state = engine.begin(flow, "abc123", {}, STAMP)
    entered: dict[str, Any] = {}
    for _ in range(data.draw(st.integers(1, 40))):
        setting, buttons = shown_step(flow, state, turn)
        typed = [f"={word}" for word in ("iets", "drie gebeld", "2")]
        given = data.draw(st.sampled_from([*buttons, *typed]))
        before = state
        move, state = engine.advance(flow, state, setting.lists, given, STAMP)
        assert FlowState.from_data(state.as_data()) == state
        if move in (engine.Move.STOPPED, engine.Move.DONE):
            break
        if move is engine.Move.UNCLEAR:
            assert state.answers == before.answers
            assert state.step == before.step
        for step_id, answer in state.answers.items():
            if before.answers.get(step_id, "?") != answer:
                entered[step_id] = answer
        # what is kept is what was entered last, and nothing that was not entered
        assert all(entered.get(step_id) == answer for step_id, answer in state.answers.items())
    lines = "\n".join(view.summary_lines(flow, state, setting))
    for step in shown(flow, state.answers):
        answer = state.answers.get(step.id)
        if step.summary_label and answer and step.kind not in ("taak", "lezen"):
            values = answer if isinstance(answer, tuple) else (answer,)
            for value in values:
                labels = {c.value: c.label for c in choices_of(step, setting.lists)}
                assert labels.get(value, value.removeprefix("=")) in lines


@settings(max_examples=40, deadline=None)
@given(data=st.data(), flow_id=st.sampled_from(FLOWS))
def test_from_anywhere_the_first_choice_leads_to_the_end(data: Any, flow_id: str) -> None:
    """Whoever always answers something gets to the end; a menu ends with its last choice."""
    turn = _turn()
    flow = KNOWLEDGE.flows[flow_id]
    state = engine.begin(flow, "abc123", {}, STAMP)
    menus = {step.back_to for step in flow.steps if step.back_to}
    for _ in range(60):
        setting, _ = shown_step(flow, state, turn)
        step = flow.step(state.step)
        options = [choice.value for choice in choices_of(step, setting.lists)]
        match step.kind:
            case "lezen":
                answer = inputs.READ
            case "tekst":
                answer = "=iets"
            case "meerkeuze" | "opsomming":
                answer = inputs.FINISH
            case "bevestigen":
                answer = inputs.SEND
            case _:
                answer = options[-1] if step.id in menus else data.draw(st.sampled_from(options))
        move, state = engine.advance(flow, state, setting.lists, answer, STAMP)
        if move is engine.Move.UNCLEAR and step.kind == "opsomming":
            move, state = engine.advance(flow, state, setting.lists, inputs.SKIP, STAMP)
        assert move is not engine.Move.UNCLEAR, (step.id, answer)
        if move is engine.Move.DONE:
            return
        assert not is_over(flow, state)
    raise AssertionError("no end after sixty answers")


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=60), flow_id=st.sampled_from(FLOWS), data=st.data())
def test_any_text_is_read_without_harm(text: str, flow_id: str, data: Any) -> None:
    turn = _turn()
    flow = KNOWLEDGE.flows[flow_id]
    step = data.draw(st.sampled_from(flow.steps))
    state = FlowState(flow.id, "abc123", flow.version, step.id)
    lists = lists_of(flow, state, turn)
    for loosely in (False, True):
        given_ = reading.read(flow, state, lists, text, loosely=loosely)
        move, after = engine.advance(flow, state, lists, given_, STAMP)
        assert after.step in {step.id for step in flow.steps}


@pytest.mark.parametrize("flow_id", FLOWS)
def test_every_choice_is_understood_by_its_label_and_its_number(flow_id: str, turn: Turn) -> None:
    flow = KNOWLEDGE.flows[flow_id]
    for step in flow.steps:
        if step.kind not in ("keuze", "taak"):
            continue
        state = FlowState(flow.id, "abc123", flow.version, step.id)
        lists = lists_of(flow, state, turn)
        for number, choice in enumerate(choices_of(step, lists), 1):
            for text in (choice.label, choice.label.lower(), str(number), f"optie {number}"):
                given_ = reading.read(flow, state, lists, text, loosely=False)
                assert given_ == choice.value, (step.id, text, given_)
            for text in choice.synonyms:
                given_ = reading.read(flow, state, lists, text, loosely=True)
                assert given_ == choice.value, (step.id, text, given_)


def test_every_flow_names_a_handler_that_is_there() -> None:
    assert {flow.handler for flow in KNOWLEDGE.flows.values() if flow.handler} == NAMES


def _turn() -> Turn:
    return Turn(
        Incoming(text="x"), Memory("test"), KNOWLEDGE, NobodysDesk(), lambda: "f" * 32, _no_reading
    )


def _no_reading(text: str) -> Any:
    raise AssertionError("nothing is read from a report here")
