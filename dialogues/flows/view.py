"""How a step of a flow looks: its text, its progress, its buttons and its summary."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bottlenecks.dates import AMSTERDAM
from dialogues.flows import engine, failing, inputs
from dialogues.flows.state import (
    DONE,
    LATER,
    NOT_APPLICABLE,
    Answer,
    FlowState,
    Lists,
    choices_of,
    label_of,
    progress,
    shown,
)
from dialogues.reply import Choice, Reply, SourceLine
from knowledge.flow_model import Flow, Step

MAX_LABEL = 60
BOXES = {DONE: "☑", LATER: "☐", NOT_APPLICABLE: "–"}
STATES = {DONE: "gedaan", LATER: "later", NOT_APPLICABLE: "niet van toepassing"}
OPEN = "☐"
# begins a report of a step that cannot be done
FAILS = "Lukt niet: melden"


@dataclass(frozen=True)
class Setting:
    """What a step is shown with beside its state.

    `fills` are the values of names between braces in its text; `texts` the titles of the
    ready-to-use texts, by id; `me` is the number of the participant who looks, `together` whether
    there are more; `now` is the moment, UTC; `beside` are the buttons at a summary about what goes
    into a report or stays out of it.
    """

    lists: Lists
    now: datetime
    sources: Sequence[SourceLine] = ()
    fills: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    me: int = 1
    together: bool = False
    beside: Sequence[tuple[str, str]] = ()


def show(
    flow: Flow,
    state: FlowState,
    setting: Setting,
    *,
    summary: str = "",
    lead: str = "",
    text: str = "",
) -> Reply:
    """The current step as a message. `text` stands in for the step's own (asked differently)."""
    step = flow.step(state.step)
    body = filled(text or step.text, setting)
    parts = [
        lead,
        _position(flow, state),
        body,
        _duty(step),
        _so_far(step, state, setting),
        summary if step.kind == "bevestigen" else "",
    ]
    return Reply(
        text="\n\n".join(part.strip() for part in parts if part.strip()),
        choices=tuple(
            Choice(label=label[:MAX_LABEL], value=engine.value(state, given))
            for label, given in _buttons(flow, state, step, setting)
        ),
        sources=tuple(setting.sources),
        topic=flow.id,
        flow=flow.id,
        step=step.id,
    )


def filled(text: str, setting: Setting) -> str:
    """A text with the values of the names between braces."""
    for name, value in setting.fills.items():
        text = text.replace("{" + name + "}", value)
    # a name without a value leaves no hole
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def collected(flow: Flow, state: FlowState, setting: Setting) -> str:
    """What is said, instead of the whole step again, after a tick or another item."""
    step = flow.step(state.step)
    if step.kind == "meerkeuze":
        picked = answer_text(step, state.picked, setting) if state.picked else "nog niets"
        return f'Gekozen: {picked}.\n\nTik meer aan, of kies "Klaar".'
    count = len(state.picked)
    limit = f" van hoogstens {step.at_most}" if step.at_most else ""
    return f'Genoteerd: {count}{limit}. Typ de volgende, of kies "Klaar".'


def summary_lines(flow: Flow, state: FlowState, setting: Setting) -> list[str]:
    """Everything that was answered, by the names that the steps give it; rounds first."""
    lines = []
    for answers in state.rounds:
        steps = [step for step in flow.steps if step.id in answers and step.summary_label]
        lines += [_line(step, answers[step.id], setting) for step in steps]
    for step in shown(flow, state.answers):
        if not step.summary_label:
            continue
        if step.kind == "taak":
            lines.append(_task_line(step, state, setting))
        elif step.id in state.answers:
            lines.append(_line(step, state.answers[step.id], setting))
    return list(dict.fromkeys(lines))


def answer_text(step: Step, answer: Answer, setting: Setting) -> str:
    """An answer in words, on one line."""
    if answer is None or answer == ():
        if step.kind == "meerkeuze":
            return "niets gekozen"
        # "nog open", "nog afspreken": what the button said
        said = (step.skippable or "").lower()
        return said if said.startswith("nog") else "niet ingevuld"
    values = answer if isinstance(answer, tuple) else (answer,)
    return "; ".join(label_of(step, value, setting.lists) for value in values)


def when_text(at: str, now: datetime) -> str:
    """A moment (ISO 8601) as people say it: the time, with the day when that is not today."""
    moment = datetime.fromisoformat(at).astimezone(AMSTERDAM)
    if moment.date() == now.astimezone(AMSTERDAM).date():
        return f"{moment:%H:%M}"
    return f"{moment.day}-{moment.month} {moment:%H:%M}"


def tasks_text(flow: Flow, state: FlowState) -> str:
    """How many tasks are done, and how many were put off; empty for a flow without tasks."""
    tasks = [step for step in shown(flow, state.answers) if step.kind == "taak"]
    if len(tasks) < 2:
        return ""
    values = [state.answers.get(step.id) for step in tasks]
    done, later, not_here = (values.count(one) for one in (DONE, LATER, NOT_APPLICABLE))
    parts = [f"{done} van {len(tasks)} gedaan"]
    parts += [f"{later} later"] if later else []
    parts += [f"{not_here} niet van toepassing"] if not_here else []
    return ", ".join(parts)


def _position(flow: Flow, state: FlowState) -> str:
    number, total = progress(flow, state)
    tasks = tasks_text(flow, state)
    return f"Stap {number} van {total}" + (f" ({tasks})" if tasks else "")


def _duty(step: Step) -> str:
    lines = [f"Wie: {step.who}"] if step.who else []
    lines += [f"Wanneer: {step.when}"] if step.when else []
    return "\n".join(lines)


def _so_far(step: Step, state: FlowState, setting: Setting) -> str:
    """What was given at this step already."""
    if step.kind == "opsomming":
        return "\n".join(f"{number}. {item}" for number, item in enumerate(state.picked, 1))
    if step.id not in state.answers or step.kind in ("lezen", "bevestigen", "meerkeuze"):
        return ""
    answer = state.answers[step.id]
    said = STATES.get(str(answer)) if step.kind == "taak" else None
    return f"Je antwoord was: {said or answer_text(step, answer, setting)}"


def _line(step: Step, answer: Answer, setting: Setting) -> str:
    if isinstance(answer, tuple) and len(answer) > 1:
        items = "\n".join(f"- {label_of(step, value, setting.lists)}" for value in answer)
        return f"{step.summary_label}:\n{items}"
    return f"{step.summary_label}: {answer_text(step, answer, setting)}"


def _task_line(step: Step, state: FlowState, setting: Setting) -> str:
    value = str(state.answers.get(step.id) or "")
    details = [] if value in ("", DONE) else [STATES[value]]
    mark = state.marks.get(step.id)
    if mark is not None and mark.at and value:
        if setting.together:
            details.append("jij" if mark.by == setting.me else f"collega {mark.by}")
        details.append(when_text(mark.at, setting.now))
    tail = f" ({', '.join(details)})" if details else ""
    return f"{BOXES.get(value, OPEN)} {step.summary_label}{tail}"


def _buttons(
    flow: Flow, state: FlowState, step: Step, setting: Setting
) -> Iterator[tuple[str, str]]:
    if state.choosing:
        for other in engine.changeable(flow, state):
            yield str(other.summary_label), f"{inputs.CHANGE}-{other.id}"
        yield "Terug", inputs.BACK
        return
    yield from _answers(step, state, setting)
    if step.kind == "bevestigen":
        yield from _changes(flow, state)
        yield from setting.beside
        if state.about:
            yield "Onderwerp weghalen", inputs.NO_TOPIC
    elif step.id in state.answers:
        yield "Zo laten", inputs.LEAVE
    if step.skippable and not state.picked:
        yield step.skippable, inputs.SKIP
    for text_id in step.texts:
        yield setting.texts.get(text_id, text_id), inputs.READY_TEXT + text_id
    if step.explanation:
        yield "Leg uit", inputs.EXPLAIN
    if failing.can_be_reported(flow, step):
        yield FAILS, inputs.REPORT
    if state.changing or (engine.earlier(flow, state) and step.kind != "bevestigen"):
        yield "Terug", inputs.BACK
    yield "Stoppen", inputs.STOP


def _answers(step: Step, state: FlowState, setting: Setting) -> Iterator[tuple[str, str]]:
    """The buttons that answer the step."""
    match step.kind:
        case "lezen":
            yield "Verder", inputs.READ
        case "meerkeuze":
            for choice in choices_of(step, setting.lists):
                ticked = choice.value in state.picked
                sign = inputs.UNPICK if ticked else inputs.PICK
                yield f"{BOXES[DONE] if ticked else OPEN} {choice.label}", sign + choice.value
            yield f"Klaar ({len(state.picked)} gekozen)", inputs.FINISH
        case "opsomming":
            if state.picked or not step.skippable:
                yield "Klaar", inputs.FINISH
            if state.picked:
                yield "Laatste weghalen", inputs.UNPICK
        case _:
            for choice in choices_of(step, setting.lists):
                yield choice.label, choice.value


def _changes(flow: Flow, state: FlowState) -> Iterator[tuple[str, str]]:
    """Buttons to change an answer: of tasks those that wait, of many answers one for all."""
    steps = engine.changeable(flow, state)
    tasks = [step for step in steps if step.kind == "taak"]
    for step in tasks:
        if state.answers.get(step.id) == LATER:
            yield f"Nu doen: {step.summary_label}", f"{inputs.CHANGE}-{step.id}"
    if len(steps) > inputs.MAX_CHANGE_BUTTONS or tasks:
        yield "Iets aanpassen", inputs.CHANGE
        return
    for step in steps:
        yield f"{step.summary_label} aanpassen", f"{inputs.CHANGE}-{step.id}"
