"""The flows about finding home care, choosing measures, and phones that keep ringing."""

from collections.abc import Mapping, Sequence

from bottlenecks.store.accounts import Profile
from dialogues.flows import failing
from dialogues.flows.handlers.base import Answers, Handler, region_answer, region_choices
from dialogues.flows.state import Answer, FlowState, Lists, label_of
from dialogues.flows.view import Setting
from dialogues.profile import role_choices
from dialogues.reply import Reply
from dialogues.situation import current_phase
from dialogues.turn import Turn
from knowledge import Knowledge
from knowledge.flow_model import Flow, FlowChoice

REPORT = "knelpunt/melden"
PLAN = "noodplan/opstellen"
# the choice that ends in the interview for a plan
TO_PLAN = "noodplan"
# of finding home care: whoever is here has done what the procedure asks
_LAST_STEPS = ("zorgbemiddeling", "melden", "controle")


class ReportingHandler(Handler):
    """A procedure that can end in a report, when its step `melden` is answered with yes."""

    def follow_up(
        self, turn: Turn, flow: Flow, state: FlowState, action: str
    ) -> tuple[str, Answers] | None:
        """The report, when it is wanted."""
        if state.answers.get("melden") == "ja":
            return REPORT, self.report(turn, flow, state)
        return None


class HomeCareHandler(ReportingHandler):
    """Finding home care: keeps who was called, and can end in a report of what was tried."""

    def lists(self, turn: Turn, state: FlowState | None) -> Lists:
        """The insurers of the guide's first appendix."""
        return {
            "insurers": [
                FlowChoice(value=insurer.id, label=insurer.name, synonyms=insurer.aliases)
                for insurer in turn.knowledge.insurers.values()
            ]
        }

    def fills(self, turn: Turn, flow: Flow, state: FlowState) -> Mapping[str, str]:
        """How the insurer's care mediation is reached."""
        return {
            "verzekeraar": _care_mediation(turn.knowledge, state.text("verzekeraar")),
        }

    def report(self, turn: Turn, flow: Flow, state: FlowState) -> Answers:
        """A report about home care, with who was called and what came of it."""
        step = flow.step(state.step)
        said = "Thuiszorg zoeken lukt niet, ook niet met de afgesproken werkwijze."
        if step.id not in _LAST_STEPS:
            said = f'Thuiszorg zoeken lukt niet (bij de stap "{step.summary_label}").'
        filled: dict[str, Answer] = {
            "soort": "thuiszorg",
            "wat": failing.with_reason(said, state),
        }
        tried = "; ".join(_tried(turn, flow, state))
        if tried:
            filled["geprobeerd"] = tried
        return {**filled, **region_answer(turn)}


class OverflowHandler(ReportingHandler):
    """Phones that keep ringing: can end in a report of the pressure."""

    def fills(self, turn: Turn, flow: Flow, state: FlowState) -> Mapping[str, str]:
        """The phase that is in force, as far as it is known."""
        return {"fase_nu": current_phase(turn)}

    def report(self, turn: Turn, flow: Flow, state: FlowState) -> Answers:
        """A report about telephony; what is the matter is asked."""
        tried = [
            label_of(flow.step("vraag"), str(answers["vraag"]), {})
            for answers in state.rounds
            if answers.get("vraag") in ("meteen", "bandje")
        ]
        filled: dict[str, Answer] = {"soort": "telefonie"}
        if state.trouble:
            filled["wat"] = failing.description(flow, state)
        if tried:
            filled["geprobeerd"] = "Adviezen bekeken: " + ", ".join(dict.fromkeys(tried))
        return {**filled, **region_answer(turn)}


class MeasuresHandler(Handler):
    """Choosing measures: what is available leads to a short list with conditions."""

    def lists(self, turn: Turn, state: FlowState | None) -> Lists:
        """What can be available, and the measures that this makes possible."""
        measures = list(turn.knowledge.measures.values())
        available = state.several("beschikbaar") if state is not None else ()
        chosen = state.several("gekozen") if state is not None else ()
        # nothing is available yet: then every measure can still be looked at; what was chosen
        # before stays on the list
        possible = [m for m in measures if m.id in (*available, *chosen)] or measures
        return {
            "available": [
                FlowChoice(value=m.id, label=m.available, synonyms=m.aliases) for m in measures
            ],
            "possible": [
                FlowChoice(value=m.id, label=m.name, synonyms=m.aliases) for m in possible
            ],
        }

    def fills(self, turn: Turn, flow: Flow, state: FlowState) -> Mapping[str, str]:
        """The short list with the conditions of each measure."""
        wanted = [choice.value for choice in self.lists(turn, state)["possible"]]
        text = conditions_text(turn.knowledge, wanted)
        if not state.several("beschikbaar"):
            text = "Je koos niets dat er al is. Daarom zie je alle maatregelen.\n\n" + text
        elif state.text("omvang") == "groot":
            text += "\n\nBij een groot tekort helpt één maatregel misschien niet genoeg."
        return {"voorwaarden": text}

    def summary(self, turn: Turn, flow: Flow, state: FlowState, setting: Setting) -> str:
        """The answers, and the chosen measures with their conditions."""
        base = super().summary(turn, flow, state, setting)
        chosen = conditions_text(turn.knowledge, state.several("gekozen"))
        return "\n\n".join(part for part in (base, chosen) if part)

    def act(
        self, turn: Turn, flow: Flow, state: FlowState, action: str, setting: Setting
    ) -> Sequence[Reply] | None:
        """Putting the measures in a plan ends this flow: see `follow_up`."""
        return [] if action == TO_PLAN else None

    def follow_up(
        self, turn: Turn, flow: Flow, state: FlowState, action: str
    ) -> tuple[str, Answers] | None:
        """The interview for a plan, with the measures in it."""
        if action == TO_PLAN:
            return PLAN, {"activiteiten": state.several("gekozen")}
        return None


class ProfileHandler(Handler):
    """Where someone works and as what."""

    def lists(self, turn: Turn, state: FlowState | None) -> Lists:
        """The regions and the roles."""
        return {
            "regions": region_choices(turn),
            "roles": role_choices(turn.knowledge),
        }

    def prefill(self, turn: Turn, text: str) -> Answers | Reply:
        """Nothing: what is known is shown and asked again."""
        return {}

    def complete(self, turn: Turn, flow: Flow, state: FlowState, setting: Setting) -> Reply:
        """Remember it; what was left out is forgotten."""
        turn.slots["region"] = None
        if not turn.desk.remember_profile(Profile(state.text("regio"), state.text("functie"))):
            return Reply(text="Bij een losse vraag bewaar ik niets.")
        return super().complete(turn, flow, state, setting)


def conditions_text(knowledge: Knowledge, measure_ids: Sequence[str]) -> str:
    """Measures with their conditions, as a list."""
    return "\n\n".join(
        f"{measure.name}\n" + "\n".join(f"- {condition}" for condition in measure.conditions)
        for id_ in measure_ids
        if (measure := knowledge.measures.get(id_)) is not None
    )


def _care_mediation(knowledge: Knowledge, value: str | None) -> str:
    ask = "Vraag het je regio-organisatie (RHO)."
    if value is None:
        return f"Hoe je zorgbemiddeling bereikt, verschilt per zorgverzekeraar. {ask}"
    insurer = knowledge.insurers.get(value)
    name = insurer.name if insurer else value.removeprefix("=")
    if insurer is not None and insurer.contact:
        return f"Zorgbemiddeling van {name}: {insurer.contact}"
    return f"Hoe je zorgbemiddeling van {name} bereikt, is hier nog niet ingevuld. {ask}"


def _tried(turn: Turn, flow: Flow, state: FlowState) -> list[str]:
    """What was tried, in the order in which the procedure asks for it."""
    lists = HomeCareHandler().lists(turn, state)
    lines = []
    first = state.text("eerste")
    outcome = state.text("uitkomst")
    if outcome:
        said = label_of(flow.step("uitkomst"), outcome, lists)
        lines.append(f"gebeld met {first or 'een organisatie'}: {said.lower()}")
    for step_id, what in (("bemiddeling", "bemiddeling"), ("bemiddeling-na", "bemiddeling")):
        if state.answers.get(step_id) == "niets":
            lines.append(f"{what} door de organisatie: geen plek")
    if called := state.several("zelf-gebeld"):
        lines.append(f"zelf gebeld ({len(called)}): {', '.join(called)}")
    if outcome := state.text("zorgbemiddeling"):
        insurer = state.text("verzekeraar")
        name = label_of(flow.step("verzekeraar"), insurer, lists) if insurer else "de verzekeraar"
        said = label_of(flow.step("zorgbemiddeling"), outcome, lists).lower()
        lines.append(f"zorgbemiddeling van {name}: {said}")
    return lines
