"""The flow engine: from a state and an input to the next state. Knows no Rasa and no database."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

from dialogues.reply import Choice, Reply, SourceLine
from knowledge.flow_model import Flow, FlowChoice, Step

CHANGE = "wijzig-"
SEND = "versturen"
PREFIX = "f"


class Move(StrEnum):
    """What became of an input."""

    NEXT = "next"
    DONE = "done"
    STOPPED = "stopped"
    UNCLEAR = "unclear"
    LATE = "late"


@dataclass(frozen=True)
class FlowState:
    """Where someone is in a flow. `run` tells its buttons from those of an earlier run."""

    flow_id: str
    run: str
    step: str
    answers: Mapping[str, str | None] = field(default_factory=dict)
    history: tuple[str, ...] = ()
    removed: str = ""

    def as_data(self) -> dict[str, Any]:
        """Plain data for storage."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "FlowState":
        """The reverse of `as_data`."""
        return cls(**{**data, "history": tuple(data.get("history", ()))})


Lists = Mapping[str, Sequence[FlowChoice]]


def choices_of(step: Step, lists: Lists) -> Sequence[FlowChoice]:
    """The choices of a step: its own, or those of the list it names."""
    return lists[step.list_name] if step.list_name else step.choices


def begin(flow: Flow, run: str, answers: Mapping[str, str | None]) -> FlowState:
    """The state at the first step that has no answer yet."""
    state = FlowState(flow.id, run, flow.steps[0].id, dict(answers))
    return replace(state, step=_first_open(flow, state.answers))


def advance(
    flow: Flow, state: FlowState, lists: Lists, *, text: str = "", choice: str | None = None
) -> tuple[Move, FlowState]:
    """Apply what the user typed (`text`, screened) or tapped (`choice`, a button's value)."""
    step = flow.step(state.step)
    if choice is not None:
        parts = choice.split(":", 3)
        if len(parts) != 4 or parts[0] != PREFIX or parts[1] != state.run or parts[2] != step.id:
            return Move.LATE, state
        given = parts[3]
    else:
        given = _as_command(text, step) or ""
    if given == "stop":
        return Move.STOPPED, state
    if given == "terug":
        return Move.NEXT, _back(flow, state)
    if given == "overslaan" and step.skippable:
        return Move.NEXT, _answered(flow, state, step, None)
    if step.kind == "bevestigen":
        if choice is None and _folded(text) in {"nee", "toch niet", "nee toch niet", "liever niet"}:
            # a summary with fields asks what to change; a plain question is answered
            changeable = any(other.summary_label for other in flow.steps)
            return (Move.UNCLEAR if changeable else Move.STOPPED), state
        given = (
            given
            or _field_named(flow, text)
            or _confirmed(text, _confirm_choices(flow, step))
            or ""
        )
        return _confirm(flow, state, given)
    if step.kind == "lezen":
        if given == "verder":
            last = flow.position(step.id) + 1 == len(flow.steps)
            return (Move.DONE if last else Move.NEXT), _answered(flow, state, step, "gelezen")
        return Move.UNCLEAR, state
    options = choices_of(step, lists)
    value = given or _match(text, options)
    if value in {option.value for option in options}:
        return Move.NEXT, _answered(flow, state, step, value)
    written = text.strip()
    if step.other and written.isdigit():
        return Move.UNCLEAR, state  # a number that is not on the list, no name
    if written and choice is None and (step.kind == "tekst" or step.other):
        return Move.NEXT, _answered(flow, state, step, ("=" + written) if step.other else written)
    return Move.UNCLEAR, state


def show(
    flow: Flow,
    state: FlowState,
    lists: Lists,
    sources: Sequence[SourceLine] = (),
    *,
    summary: str = "",
    lead: str = "",
    again: bool = False,
) -> Reply:
    """The current step as a message, with its progress and its ways out."""
    step = flow.step(state.step)
    position = f"Stap {flow.position(step.id) + 1} van {len(flow.steps)}"
    text = step.again if again and step.again else step.text
    body = "\n\n".join(part for part in (lead, f"{position}. {text.strip()}", summary) if part)
    options: list[tuple[str, str]] = []
    if step.kind == "bevestigen":
        options += [(option.label, option.value) for option in _confirm_choices(flow, step)]
    elif step.kind == "lezen":
        options.append(("Verder", "verder"))
    else:
        options += [(option.label, option.value) for option in choices_of(step, lists)]
    if step.skippable:
        options.append((step.skippable, "overslaan"))
    if state.history and step.kind != "bevestigen":
        options.append(("Terug", "terug"))
    options.append(("Stoppen", "stop"))
    return Reply(
        text=body,
        choices=tuple(
            Choice(label=label, value=f"{PREFIX}:{state.run}:{step.id}:{value}")
            for label, value in options
        ),
        sources=tuple(sources),
        topic=flow.id,
        flow=flow.id,
        step=step.id,
    )


def _confirm_choices(flow: Flow, step: Step) -> Sequence[FlowChoice]:
    changes = [
        FlowChoice(value=CHANGE + other.id, label=f"{other.summary_label} aanpassen")
        for other in flow.steps
        if other.summary_label
    ]
    return [*step.choices, *changes]


def _confirm(flow: Flow, state: FlowState, given: str | None) -> tuple[Move, FlowState]:
    if given == SEND:
        return Move.DONE, state
    if given and given.startswith(CHANGE):
        wanted = given.removeprefix(CHANGE)
        if any(step.id == wanted for step in flow.steps):
            history = (*state.history, state.step)
            return Move.NEXT, replace(state, step=wanted, history=history)
    return Move.UNCLEAR, state


def _field_named(flow: Flow, text: str) -> str | None:
    """The one field whose name stands in the text: "regio klopt niet" asks to change it."""
    words = _folded(text).split()
    named = [s.id for s in flow.steps if s.summary_label and s.summary_label.lower() in words]
    return CHANGE + named[0] if len(named) == 1 else None


def _folded(text: str) -> str:
    return re.sub(r"[^\w\s-]", "", text.lower()).strip()


def _answered(flow: Flow, state: FlowState, step: Step, value: str | None) -> FlowState:
    answers = {**state.answers, step.id: value}
    return replace(
        state,
        answers=answers,
        step=_first_open(flow, answers),
        history=(*state.history, step.id),
    )


def _first_open(flow: Flow, answers: Mapping[str, str | None]) -> str:
    for step in flow.steps:
        if step.id not in answers or step.kind == "bevestigen":
            return step.id
    return flow.steps[-1].id


def _back(flow: Flow, state: FlowState) -> FlowState:
    if not state.history:
        return state
    previous = state.history[-1]
    answers = {key: value for key, value in state.answers.items() if key != previous}
    return replace(state, step=previous, history=state.history[:-1], answers=answers)


def _as_command(text: str, step: Step) -> str | None:
    """The few words that mean the same at every step."""
    words = _folded(text).replace("-", "")
    if words in {"stop", "stoppen", "annuleer", "annuleren", "stop maar"}:
        return "stop"
    if words in {"terug", "vorige"}:
        return "terug"
    if step.skippable and words in {
        *("overslaan", "geen", "nee", "sla over", "nvt", "anoniem"),
        step.skippable.lower(),
    }:
        return "overslaan"
    if step.kind == "lezen" and words in {"verder", "volgende", "ok", "ja", "oke"}:
        return "verder"
    return None


_NOT_YET = re.compile(r"\b(?:niet|nee|geen|nog|maar|wacht|behalve|fout)\b", re.IGNORECASE)


def _confirmed(text: str, options: Sequence[FlowChoice]) -> str | None:
    """As `_match`, but "dit klopt niet" and "ja, maar" do not confirm."""
    value = _match(text, options)
    return None if value == SEND and _NOT_YET.search(text) else value


def _match(text: str, options: Sequence[FlowChoice]) -> str | None:
    """The one choice that a typed text means: its number, its label, or a word for it."""
    words = _folded(text)
    if not words:
        return None
    if words.isdigit():
        return options[int(words) - 1].value if 0 < int(words) <= len(options) else None
    exact = [o.value for o in options if words in {o.label.lower(), o.value, *o.synonyms}]
    if exact:
        return exact[0]
    found = {
        option.value
        for option in options
        for name in (option.label.lower(), *option.synonyms)
        if re.search(rf"\b{re.escape(name)}\b", words)
    }
    return found.pop() if len(found) == 1 else None
