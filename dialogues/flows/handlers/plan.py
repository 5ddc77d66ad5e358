"""The flows that give a document: the draft emergency plan and the checklist."""

from collections.abc import Sequence

from dialogues.flows import parking, sharing
from dialogues.flows.handlers.base import Handler
from dialogues.flows.state import FlowState, Lists
from dialogues.flows.view import Setting
from dialogues.reply import Reply
from dialogues.turn import Turn
from knowledge.flow_model import Flow, FlowChoice


class ChecklistHandler(Handler):
    """The tasks when a practice has dropped out; the list can be printed or handed over."""

    def act(
        self, turn: Turn, flow: Flow, state: FlowState, action: str, setting: Setting
    ) -> Sequence[Reply] | None:
        """The list as a Word document, or a code for a colleague."""
        if action == "doorgeven":
            return [sharing.hand_over(turn)]
        if action == "document":
            # here, because the library behind it is large and seldom needed
            from dialogues.documents import checklist

            file = checklist.document(turn.knowledge, flow, state, setting)
            return [
                Reply(text="Hier is de lijst. Je kunt hem printen of doorsturen.", files=(file,))
            ]
        return None


class PlanHandler(Handler):
    """The interview that produces a draft emergency plan."""

    def lists(self, turn: Turn, state: FlowState | None) -> Lists:
        """The measures of the guide."""
        return {
            "measures": [
                FlowChoice(value=measure.id, label=measure.name, synonyms=measure.aliases)
                for measure in turn.knowledge.measures.values()
            ]
        }

    def act(
        self, turn: Turn, flow: Flow, state: FlowState, action: str, setting: Setting
    ) -> Sequence[Reply] | None:
        """The plan as a Word document or as text; keep it for later; hand it over."""
        # here, because the library behind it is large and seldom needed
        from dialogues.documents import plan

        match action:
            case "document":
                file = plan.document(turn.knowledge, flow, state, setting)
                return [
                    Reply(
                        text="Hier is je concept. Wat nog open is, staat erin als nog open.",
                        files=(file,),
                    )
                ]
            case "tekst":
                return [Reply(text=plan.as_text(turn.knowledge, flow, state, setting))]
            case "bewaren":
                return [parking.put_aside(turn, flow)]
            case "doorgeven":
                return [sharing.hand_over(turn)]
        return None
