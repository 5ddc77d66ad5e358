"""The flow engine: from a state and an input to the next state. Knows no Rasa and no database.

An input (dialogues/flows/inputs.py) is what a button sends; typed text is first read into the same
form by `dialogues.flows.reading`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from dialogues.flows import inputs
from dialogues.flows.state import (
    Answer,
    FlowState,
    Lists,
    Mark,
    choices_of,
    first_open,
    is_over,
    shown,
)
from knowledge.flow_model import Flow, Step


class Move(StrEnum):
    """What became of an input; for the others than NEXT the state says no more than before."""

    NEXT = "next"
    DONE = "done"
    STOPPED = "stopped"
    UNCLEAR = "unclear"
    # a command that the runner carries out
    COMMAND = "command"
    # a choice at the summary that is the handler's
    ACTION = "action"


@dataclass(frozen=True)
class Stamp:
    """Who gives this input (number of the participant) and when (ISO 8601, UTC)."""

    by: int = 1
    at: str = ""


def value(state: FlowState, given: str) -> str:
    """What a button of the current step sends for `given`."""
    return f"{inputs.PREFIX}:{state.run}:{state.step}:{given}"


def given_by(state: FlowState, choice: str) -> str | None:
    """The input of a tapped button; None when it belongs to another step or run."""
    parts = choice.split(":", 3)
    if len(parts) != 4 or parts[:3] != [inputs.PREFIX, state.run, state.step]:
        return None
    return parts[3]


def begin(flow: Flow, run: str, answers: Mapping[str, Answer], stamp: Stamp) -> FlowState:
    """The state at the first step that has no answer yet."""
    marks = {step_id: Mark(stamp.by, stamp.at) for step_id in answers}
    step = first_open(flow, answers)
    return FlowState(flow.id, run, flow.version, step.id, dict(answers), marks)


def adapt(flow: Flow, state: FlowState, lists: Lists) -> FlowState:
    """The state for a flow whose steps were changed: answers that still fit are kept."""
    answers = {
        step.id: state.answers[step.id]
        for step in flow.steps
        if step.id in state.answers and _fits(step, state.answers[step.id], lists)
    }
    kept = {step_id: mark for step_id, mark in state.marks.items() if step_id in answers}
    moved = _moved(state, first_open(flow, answers).id, answers)
    return replace(moved, version=flow.version, marks=kept)


def advance(
    flow: Flow, state: FlowState, lists: Lists, given: str | None, stamp: Stamp
) -> tuple[Move, FlowState]:
    """Apply an input; None is one that was not understood."""
    step = flow.step(state.step)
    match given:
        case None:
            return Move.UNCLEAR, replace(state, misses=state.misses + 1)
        case inputs.STOP:
            return Move.STOPPED, state
        case inputs.BACK:
            return Move.NEXT, back(flow, state)
        case inputs.RESTART:
            return Move.NEXT, begin(flow, state.run, {}, stamp)
        case inputs.SKIP if step.skippable:
            return _after(flow, answered(flow, state, None, stamp))
        case inputs.REST:
            return _after(flow, _rest_left(flow, state, stamp))
        case inputs.LEAVE if step.id in state.answers:
            return _after(flow, _moved(state, first_open(flow, state.answers).id, state.answers))
        case inputs.CHANGE if step.kind == "bevestigen":
            return Move.NEXT, replace(state, choosing=True, misses=0)
    if given.startswith(f"{inputs.CHANGE}-"):
        return _change(flow, state, given.removeprefix(f"{inputs.CHANGE}-"))
    if given.startswith("!") and given != inputs.FINISH:
        return Move.COMMAND, state
    match step.kind:
        case "lezen":
            accepted: Answer = "gelezen" if given == inputs.READ else None
        case "bevestigen":
            return _confirm(step, state, given)
        case "meerkeuze":
            return _pick(flow, state, step, lists, given, stamp)
        case "opsomming":
            return _collect(flow, state, step, given, stamp)
        case _:
            accepted = _accepted(step, given, lists)
    if accepted is None:
        return Move.UNCLEAR, replace(state, misses=state.misses + 1)
    return _after(flow, answered(flow, state, accepted, stamp))


def answered(flow: Flow, state: FlowState, answer: Answer, stamp: Stamp) -> FlowState:
    """The current step gets an answer (None: it is left empty); on to the next open one."""
    step = flow.step(state.step)
    answers = {**state.answers, step.id: answer}
    marks = {**state.marks, step.id: Mark(stamp.by, stamp.at)}
    if step.back_to is not None:
        return _round_over(flow, replace(state, answers=answers, marks=marks), step.back_to)
    return replace(_moved(state, first_open(flow, answers).id, answers), marks=marks)


def _rest_left(flow: Flow, state: FlowState, stamp: Stamp) -> FlowState:
    """Every step from here on is left empty, as far as that is allowed."""
    # a flow without a summary is over when nothing is left to leave empty
    while not is_over(flow, state) and (
        (step := flow.step(state.step)).skippable or step.kind == "meerkeuze"
    ):
        state = answered(flow, state, None if step.skippable else state.picked, stamp)
    return state


def back(flow: Flow, state: FlowState, steps: int = 1) -> FlowState:
    """To the step before this one, or `steps` before it; answers stay until they are replaced.

    What was only read or ticked is walked again.
    """
    if state.choosing:
        return replace(state, choosing=False)
    if state.changing:
        return _moved(state, first_open(flow, state.answers).id, state.answers)
    before = earlier(flow, state)
    if not before:
        return state
    passed = before[-steps:]
    walked_again = {step.id for step in passed if step.kind in ("lezen", "taak")}
    answers = {key: value for key, value in state.answers.items() if key not in walked_again}
    return _moved(state, passed[0].id, answers)


def earlier(flow: Flow, state: FlowState) -> list[Step]:
    """The steps that are shown before the current one."""
    way = list(shown(flow, state.answers))
    ids = [step.id for step in way]
    return way[: ids.index(state.step)] if state.step in ids else []


def correct(flow: Flow, state: FlowState, step_id: str, answer: Answer, stamp: Stamp) -> FlowState:
    """An earlier answer is replaced, without leaving the current step unless it falls away."""
    answers = {**state.answers, step_id: answer}
    marks = {**state.marks, step_id: Mark(stamp.by, stamp.at)}
    visible = [step.id for step in shown(flow, answers)]
    open_now = first_open(flow, answers).id
    stay = state.step in visible and visible.index(state.step) <= visible.index(open_now)
    if not stay:
        return replace(_moved(state, open_now, answers), marks=marks)
    return replace(state, answers=answers, marks=marks, misses=0, choosing=False)


def emptied(flow: Flow, state: FlowState, step_id: str) -> FlowState:
    """An answer is taken away: its step is asked anew."""
    answers = {key: answer for key, answer in state.answers.items() if key != step_id}
    return _moved(state, first_open(flow, answers).id, answers)


def makes_document(flow: Flow) -> bool:
    """Whether the flow can give a document."""
    document = inputs.DOCUMENT.removeprefix("!")
    return any(choice.value == document for step in flow.steps for choice in step.choices)


def changeable(flow: Flow, state: FlowState) -> list[Step]:
    """The steps whose answer can be changed from the summary: those with a name in it."""
    return [step for step in shown(flow, state.answers) if step.summary_label]


def _moved(
    state: FlowState, step_id: str, answers: Mapping[str, Answer], *, changing: bool = False
) -> FlowState:
    # what was typed or ticked at a step that takes several is there again to go on with, also
    # when it was left before it was finished
    drafts = {key: value for key, value in state.drafts.items() if key != state.step}
    if state.picked and answers.get(state.step) != state.picked:
        drafts[state.step] = state.picked
    before = drafts.get(step_id, answers.get(step_id))
    return replace(
        state,
        step=step_id,
        answers=answers,
        drafts=drafts,
        picked=before if isinstance(before, tuple) else (),
        misses=0,
        choosing=False,
        changing=changing,
        asking="",
        trouble=state.trouble if step_id == state.step else "",
    )


def _change(flow: Flow, state: FlowState, step_id: str) -> tuple[Move, FlowState]:
    if step_id not in {step.id for step in changeable(flow, state)}:
        return Move.UNCLEAR, state
    # the summary comes back by itself: it is the first step that is open afterwards
    return Move.NEXT, _moved(state, step_id, state.answers, changing=True)


def _confirm(step: Step, state: FlowState, given: str) -> tuple[Move, FlowState]:
    if given == inputs.SEND:
        return Move.DONE, state
    if given == inputs.CANCEL:
        return Move.STOPPED, state
    if given in {choice.value for choice in step.choices}:
        return Move.ACTION, replace(state, misses=0)
    return Move.UNCLEAR, replace(state, misses=state.misses + 1)


def _accepted(step: Step, given: str, lists: Lists) -> str | None:
    """The answer that is kept for an input at a step that takes one; None: not understood."""
    if step.kind == "tekst":
        return given.removeprefix(inputs.TYPED).strip() or None
    if given in {choice.value for choice in choices_of(step, lists)}:
        return given
    return given if step.other and given.startswith(inputs.TYPED) and given.strip(" =") else None


def _pick(
    flow: Flow, state: FlowState, step: Step, lists: Lists, given: str, stamp: Stamp
) -> tuple[Move, FlowState]:
    order = [choice.value for choice in choices_of(step, lists)]
    picked = [value for value in state.picked if value in order]
    if given == inputs.FINISH:
        return _after(flow, answered(flow, state, tuple(picked), stamp))
    for change in given.split(","):
        name = change[1:]
        if name not in order or change[:1] not in (inputs.PICK, inputs.UNPICK):
            return Move.UNCLEAR, replace(state, misses=state.misses + 1)
        picked = [value for value in picked if value != name]
        if change.startswith(inputs.PICK):
            picked.append(name)
    return Move.NEXT, replace(state, picked=tuple(sorted(picked, key=order.index)), misses=0)


def _collect(
    flow: Flow, state: FlowState, step: Step, given: str, stamp: Stamp
) -> tuple[Move, FlowState]:
    if given == inputs.FINISH and (state.picked or step.skippable is None):
        return _after(flow, answered(flow, state, state.picked, stamp))
    if given == inputs.UNPICK and state.picked:
        return Move.NEXT, replace(state, picked=state.picked[:-1], misses=0)
    if given.startswith(inputs.REPLACE) and state.picked:
        picked = (*state.picked[:-1], given.removeprefix(inputs.REPLACE))
        return Move.NEXT, replace(state, picked=picked, misses=0)
    items = [item.strip() for item in given.removeprefix(inputs.TYPED).splitlines() if item.strip()]
    if not given.startswith(inputs.TYPED) or not items:
        return Move.UNCLEAR, replace(state, misses=state.misses + 1)
    picked = (*state.picked, *items)
    if step.at_most is not None and len(picked) >= step.at_most:
        return _after(flow, answered(flow, state, picked[: step.at_most], stamp))
    return Move.NEXT, replace(state, picked=picked, misses=0)


def _after(flow: Flow, state: FlowState) -> tuple[Move, FlowState]:
    return (Move.DONE if is_over(flow, state) else Move.NEXT), state


def _round_over(flow: Flow, state: FlowState, menu: str) -> FlowState:
    """Back at a menu: what was answered in this round is set apart, so that all can be chosen."""
    order = [step.id for step in flow.steps]
    start, end = order.index(menu), order.index(state.step)
    in_round = {
        step_id: answer
        for step_id, answer in state.answers.items()
        if start <= order.index(step_id) <= end
    }
    answers = {key: answer for key, answer in state.answers.items() if key not in in_round}
    return replace(_moved(state, menu, answers), rounds=(*state.rounds, in_round))


def _fits(step: Step, answer: Answer, lists: Lists) -> bool:
    """Whether an answer that was given to an earlier version of a step is still one."""
    values = {choice.value for choice in choices_of(step, lists)}
    match step.kind:
        case "keuze" | "taak":
            typed = isinstance(answer, str) and step.other and answer.startswith(inputs.TYPED)
            return answer in values or typed or (answer is None and bool(step.skippable))
        case "meerkeuze":
            return isinstance(answer, tuple) and set(answer) <= values
        case "opsomming":
            return isinstance(answer, tuple) or answer is None
        case "bevestigen":
            return False
        case _:
            return answer is None or isinstance(answer, str)
