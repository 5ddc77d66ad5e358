"""The flow at hand in a turn: reading it from the desk, showing its step, keeping its state."""

from dataclasses import dataclass, replace
from typing import Any

from dialogues import rendering
from dialogues.flows import engine, inputs, removed, view
from dialogues.flows.handlers import handler_of
from dialogues.flows.handlers.base import Handler
from dialogues.flows.state import FlowState, label_of, shown
from dialogues.flows.words import says_no, says_yes
from dialogues.turn import Turn
from knowledge.flow_model import Flow, Step

# the step that was shown last in this conversation: a colleague may have moved on since
SEEN = "seen"


@dataclass(frozen=True)
class Running:
    """The flow at hand with everything to go on with it."""

    flow: Flow
    state: FlowState
    handler: Handler
    stamp: engine.Stamp

    @property
    def step(self) -> Step:
        """The step that is asked now."""
        return self.flow.step(self.state.step)


def running(turn: Turn) -> Running | None:
    """The flow that runs in this conversation; None when there is none, or it is known no more."""
    current = turn.flow
    flow = turn.knowledge.flows.get(current.flow_id) if current else None
    if current is None or flow is None:
        return None
    state = FlowState.from_data(current.state)
    return Running(flow, state, handler_of(flow), stamp(turn, current.me))


def adapted(turn: Turn, run: Running) -> tuple[Running, str]:
    """The flow with its steps as they are now, and what to say when they were changed."""
    if run.state.version == run.flow.version:
        return run, ""
    state = engine.adapt(run.flow, run.state, run.handler.lists(turn, run.state))
    said = " De stappen zijn intussen aangepast. Wat je al had ingevuld en nog past, staat er nog."
    return replace(run, state=state), said


def show(turn: Turn, run: Running, *, lead: str = "", text: str = "") -> None:
    """Show the step and keep the state; `text` stands in for the step's own."""
    shown_with, state = setting(turn, run), removed.plain_state(run.state)
    summary = (
        run.handler.summary(turn, run.flow, state, shown_with)
        if run.step.kind == "bevestigen"
        else ""
    )
    turn.say(view.show(run.flow, state, shown_with, summary=summary, lead=lead, text=text))
    keep(turn, run)


def show_again(turn: Turn, lead: str) -> None:
    """Show the running flow's step once more, after something that came in between."""
    run = running(turn)
    if run is not None:
        run, changed = adapted(turn, run)
        show(turn, run, lead=lead + changed)


def keep(turn: Turn, run: Running) -> None:
    """Store the state as it is; a flow that is not stored yet begins here."""
    data: dict[str, Any] = removed.pruned(run.state).as_data()
    current = turn.flow
    if current is None:
        current = turn.desk.flows.start(run.flow.id, turn.knowledge.revision, data)
    else:
        turn.desk.flows.save(current.run_id, data, turn.knowledge.revision)
    turn.take_up(replace(current, state=data))
    turn.slots[SEEN] = _place(current.run_id, run.state)


def moved_on(turn: Turn, run: Running) -> bool:
    """Whether a colleague is at another step than the one that was shown here."""
    current, seen = turn.flow, turn.slot(SEEN)
    if current is None or current.participants < 2 or not seen:
        return False
    return bool(seen != _place(current.run_id, run.state))


def end(turn: Turn, outcome: str) -> None:
    """End the flow, for all who take part."""
    if turn.flow is not None:
        turn.desk.flows.end(turn.flow.run_id, outcome)
    turn.take_up(None)


def setting(turn: Turn, run: Running) -> view.Setting:
    """What the current step is shown with."""
    current = turn.flow
    me = current.me if current else 1
    others = any(mark.by != me for mark in run.state.marks.values())
    return view.Setting(
        lists=run.handler.lists(turn, run.state),
        now=turn.desk.now(),
        sources=rendering.sources_of(run.step.sources, turn.knowledge),
        fills=run.handler.fills(turn, run.flow, run.state),
        texts={text.id: text.title for text in turn.knowledge.texts.values()},
        me=me,
        together=others or (current is not None and current.participants > 1),
        beside=beside_buttons(run),
    )


def beside_buttons(run: Running) -> list[tuple[str, str]]:
    """The buttons at a summary about what is taken out of a report, as far as they make sense."""
    if run.step.kind != "bevestigen" or not removed.can_restore(run.flow):
        return []
    written = any(run.state.text(step.id) for step in run.flow.steps if step.kind == "tekst")
    buttons = [("Meer weghalen", inputs.TAKE_OUT)] if written else []
    # a practice that is known is filled in: that may not take away the choice to leave it out
    if run.state.text(inputs.PRACTICE):
        buttons.insert(0, ("Anoniem melden", inputs.ANONYMOUS))
    if removed.restorable(run.state, run.stamp.by):
        buttons.append(("Iets terugzetten", inputs.RESTORE))
    return buttons


def stamp(turn: Turn, number: int) -> engine.Stamp:
    """Who answers now, and when."""
    return engine.Stamp(number, turn.desk.now().isoformat(timespec="seconds"))


def filled_in(turn: Turn, run: Running) -> str:
    """What is filled in before the first step, in a few words; empty when nothing is."""
    lists = run.handler.lists(turn, run.state)
    parts = []
    for step in shown(run.flow, run.state.answers):
        answer = removed.plain(run.state.text(step.id) or "")
        if step.summary_label and run.state.answers.get(step.id):
            label = step.summary_label.lower()
            chosen = label_of(step, answer, lists) if answer and step.kind == "keuze" else ""
            if step.id == inputs.PRACTICE:
                chosen = f'{answer}, of typ "anoniem"'
            parts.append(f"{label} ({chosen})" if chosen else label)
    if not parts:
        return ""
    return f"Dit heb ik al ingevuld: {', '.join(parts)}. Je ziet het straks in de samenvatting."


def answered_in_words(turn: Turn, run: Running, text: str, given: str) -> str:
    """How an answer was understood, when that is not plain from what was typed."""
    lists = run.handler.lists(turn, run.state)
    if run.step.kind == "bevestigen" and given == inputs.CHANGE:
        unsent = "Er is nog niets verstuurd. " if removed.can_restore(run.flow) else ""
        return f"{unsent}Wat wil je aanpassen?"
    if run.step.kind == "tekst" and given.startswith(inputs.TYPED) and not run.flow.at_once:
        return f"Genoteerd bij {run.step.summary_label}." if run.step.summary_label else ""
    if run.step.kind not in ("keuze", "taak") or given.startswith(("!", inputs.TYPED)):
        return ""
    label = label_of(run.step, given, lists)
    if label.lower() in text.lower() or says_yes(text) or says_no(text):
        return ""
    return f"{run.step.summary_label or 'Gekozen'}: {label}."


def _place(run_id: str, state: FlowState) -> str:
    return f"{run_id[:8]}:{state.step}:{len(state.rounds)}"
