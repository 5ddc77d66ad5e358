"""The phases of scaling up: what each means, how two differ, and who is informed."""

from collections.abc import Callable, Mapping

from dialogues.flows.handlers.base import Handler
from dialogues.flows.state import FlowState, Lists
from dialogues.flows.view import Setting
from dialogues.situation import current_phase
from dialogues.turn import Turn
from knowledge.flow_model import Flow, FlowChoice
from knowledge.model import Phase

PARTS: Mapping[str, tuple[str, Callable[[Phase], str]]] = {
    "dagpraktijk": ("Dagpraktijk", lambda phase: phase.day_practice),
    "huisartsenpost": ("Huisartsenpost (HAP)", lambda phase: phase.post),
    "intern": ("Intern regelen", lambda phase: phase.inside),
    "extern": ("Extern afstemmen", lambda phase: phase.outside),
}
EVERYTHING = "alles"


class PhasesHandler(Handler):
    """Looks up the phases of the scaling plan."""

    def lists(self, turn: Turn, state: FlowState | None) -> Lists:
        """The phases, and the parties that the chosen phase informs."""
        phase = _phase(turn, state.text("informeerfase")) if state is not None else None
        return {
            "phases": [
                FlowChoice(
                    value=_value(phase_.id),
                    label=phase_.name,
                    synonyms=(phase_.id, f"fase {phase_.id}"),
                )
                for phase_ in turn.knowledge.phases.values()
            ],
            "parties": [
                FlowChoice(value=_party(name), label=name)
                for name in (phase.informed if phase else _all_parties(turn))
            ],
        }

    def fills(self, turn: Turn, flow: Flow, state: FlowState) -> Mapping[str, str]:
        """What the phases that were chosen mean."""
        fills = {"fase_nu": current_phase(turn)}
        phase = _phase(turn, state.text("fase"))
        if phase is not None:
            fills["uitleg_fase"] = _meaning(phase, state.text("voor-wie") or EVERYTHING)
        first = _phase(turn, state.text("eerste"))
        second = _phase(turn, state.text("tweede"))
        if first is not None and second is not None:
            fills["verschil"] = _difference(first, second)
        informed = _phase(turn, state.text("informeerfase"))
        if informed is not None:
            fills["informeren"] = _who_is_informed(informed)
        return fills

    def summary(self, turn: Turn, flow: Flow, state: FlowState, setting: Setting) -> str:
        """Per phase who was informed and who was not."""
        lines = []
        for answers in state.rounds:
            phase = _phase(turn, answers.get("informeerfase"))
            ticked = answers.get("partijen")
            if phase is None or not isinstance(ticked, tuple) or not phase.informed:
                continue
            lines.append(f"{phase.name}, geïnformeerd:")
            lines += [f"{'☑' if _party(name) in ticked else '☐'} {name}" for name in phase.informed]
        return "\n".join(lines)


def _value(phase_id: str) -> str:
    return f"fase-{phase_id}"


def _phase(turn: Turn, value: object) -> Phase | None:
    return turn.knowledge.phases.get(str(value or "").removeprefix("fase-"))


def _party(name: str) -> str:
    """A party's name as the value of a button."""
    return "".join(c if c.isalnum() else "-" for c in name.lower() if c.isascii())[:30]


def _all_parties(turn: Turn) -> list[str]:
    names = [name for phase in turn.knowledge.phases.values() for name in phase.informed]
    return list(dict.fromkeys(names))


def _meaning(phase: Phase, part: str) -> str:
    parts = [PARTS[part]] if part in PARTS else list(PARTS.values())
    lines = [f"{name}: {text(phase).strip()}" for name, text in parts]
    return "\n\n".join((phase.name, *lines))


def _difference(first: Phase, second: Phase) -> str:
    if first.id == second.id:
        return f"Je koos twee keer dezelfde fase.\n\n{_meaning(first, EVERYTHING)}"
    blocks = []
    for name, text in PARTS.values():
        one, other = text(first).strip(), text(second).strip()
        if one == other:
            blocks.append(f"{name}: geen verschil.")
        else:
            blocks.append(f"{name}\n- {first.name}: {one}\n- {second.name}: {other}")
    new = [party for party in second.informed if party not in first.informed]
    if new:
        blocks.append(f"Extra informeren bij fase {second.id}: {', '.join(new)}.")
    return "\n\n".join(blocks)


def _who_is_informed(phase: Phase) -> str:
    if not phase.informed:
        return f"Bij fase {phase.id} noemt het plan niemand om te informeren."
    return f"{phase.name}. Informeer volgens het plan deze partijen."
