"""Flows that are put aside: what waits, how it is called, and going on with it."""

import re
from collections.abc import Sequence
from datetime import timedelta

from rapidfuzz import fuzz

from bottlenecks.store.flows import FlowView
from dialogues.flows.state import FlowState, progress
from dialogues.flows.view import tasks_text, when_text
from dialogues.flows.words import folded
from dialogues.reply import Choice, Reply
from dialogues.turn import Turn
from knowledge.flow_model import Flow

RESUME = "v:"
DROP = "weg:"
# "verder", with or without a name
GO_ON = "verder:"
# a flow that nobody touched for so long is put aside when its user comes back
QUIET_AFTER = timedelta(hours=8)
_GO_ON = re.compile(
    r"(?:ik wil |wil |kan ik |mag ik |kunnen we |laten we |laat me )?(?:nu |weer )?"
    r"(?:ga (?:nu |weer )?|gaan (?:we )?)?(?:verder|door|hervat|hervatten|doorgaan|verdergaan)"
    r"(?: gaan)?(?: (?:met|aan|in)(?P<name>(?: [\w-]+){1,5}))?"
)
_STOPWORDS = frozenset("de het een mijn ons onze dat dit die weer maar graag aub gaan".split())
# of 100: how much a name must be like that of a flow
_LIKE = 80
MAX_CHOICES = 5


def as_go_on(text: str) -> str | None:
    """The input for a message that asks to go on with something; None when it does not."""
    found = _GO_ON.fullmatch(folded(text))
    return GO_ON + (found["name"] or "").strip() if found else None


def wanted(turn: Turn, name: str) -> list[FlowView]:
    """The flows that wait and are meant by `name`; all that wait when it is empty."""
    waiting = turn.desk.flows.unfinished()
    if not _telling(name):
        return waiting
    scored = [(_likeness(flow, name), view) for view in waiting if (flow := _flow(turn, view))]
    best = max((score for score, _ in scored), default=0.0)
    return [view for score, view in scored if score == best and score >= _LIKE]


def choices(turn: Turn, views: Sequence[FlowView], *, label: str = "") -> tuple[Choice, ...]:
    """Buttons to go on with flows that wait; `label` instead of the name of the flow."""
    return tuple(
        Choice(label=label or f"Verder: {flow.title}"[:60], value=RESUME + view.run_id)
        for view in views[:MAX_CHOICES]
        if (flow := _flow(turn, view)) is not None
    )


def is_called(flow: Flow, name: str) -> bool:
    """Whether this is a name of the flow."""
    return _likeness(flow, name) >= _LIKE


def which(turn: Turn, views: Sequence[FlowView]) -> Reply:
    """Asks with which of several flows to go on."""
    lines = [f"- {_standing(turn, view)}" for view in views[:MAX_CHOICES]]
    return Reply(text="Waar wil je mee verder?\n" + "\n".join(lines), choices=choices(turn, views))


def put_aside(turn: Turn, flow: Flow) -> Reply:
    """Keep the running flow for later; says how to come back to it."""
    if turn.flow is not None:
        turn.desk.flows.put_aside(turn.flow.run_id)
        turn.take_up(None)
    name = flow.names[0] if flow.names else flow.title.lower()
    return Reply(
        text=f'Ik heb "{flow.title}" bewaard. Typ "verder met {name}" als je verder wilt.',
        topic=flow.id,
    )


def quiet(turn: Turn) -> Reply | None:
    """Put a flow aside that nobody touched for a long time, and say how far it was."""
    view = turn.flow
    if view is None or turn.desk.now() - view.touched_at < QUIET_AFTER:
        return None
    flow = _flow(turn, view)
    turn.desk.flows.put_aside(view.run_id)
    turn.take_up(None)
    turn.memory.slots.pop("switch", None)  # a question of long ago
    if flow is None:
        return None
    return Reply(
        text=f"Welkom terug. Dit stond nog open: {_standing(turn, view)}",
        choices=(
            *choices(turn, [view]),
            Choice(label="Weggooien", value=DROP + view.run_id),
        ),
        topic=flow.id,
    )


def _standing(turn: Turn, view: FlowView) -> str:
    flow = _flow(turn, view)
    if flow is None:
        return ""
    state = FlowState.from_data(view.state)
    when = when_text(view.touched_at.isoformat(), turn.desk.now())
    if state.step not in {step.id for step in flow.steps}:
        return f"{flow.title} (laatst {when})."
    number, total = progress(flow, state)
    tasks = tasks_text(flow, state)
    return (
        f"{flow.title}, stap {number} van {total}{f', {tasks}' if tasks else ''} (laatst {when})."
    )


def _flow(turn: Turn, view: FlowView) -> Flow | None:
    return turn.knowledge.flows.get(view.flow_id)


def _likeness(flow: Flow, name: str) -> float:
    names = (*flow.names, flow.title.lower())
    return max(fuzz.token_sort_ratio(_telling(name), folded(own)) for own in names)


def _telling(name: str) -> str:
    """The words of a name that tell flows apart."""
    return " ".join(word for word in name.split() if word not in _STOPWORDS)
