"""What a flow may need beside its steps; a flow that needs nothing is a plain `Handler`."""

from collections.abc import Mapping, Sequence

from dialogues.flows import failing
from dialogues.flows.state import Answer, FlowState, Lists
from dialogues.flows.view import Setting, summary_lines
from dialogues.reply import Reply
from dialogues.turn import Turn
from knowledge.flow_model import Flow, FlowChoice

Answers = Mapping[str, Answer]

UNKNOWN_REGION = "weet-niet"


class Handler:
    """Reads, shows and completes a flow. Subclasses change what is theirs."""

    def lists(self, turn: Turn, state: FlowState | None) -> Lists:
        """The lists of choices that steps name; `state` None: the flow has not begun."""
        return {}

    def prefill(self, turn: Turn, text: str) -> Answers | Reply:
        """Answers that the first message already holds; a Reply when the flow cannot begin."""
        return {}

    def fills(self, turn: Turn, flow: Flow, state: FlowState) -> Mapping[str, str]:
        """The values of the names between braces in the texts of the steps."""
        return {}

    def summary(self, turn: Turn, flow: Flow, state: FlowState, setting: Setting) -> str:
        """What was answered, as shown at the step that confirms, at the end and on request."""
        return "\n".join(summary_lines(flow, state, setting))

    def act(
        self, turn: Turn, flow: Flow, state: FlowState, action: str, setting: Setting
    ) -> Sequence[Reply] | None:
        """Carry out a choice of the summary step that is no end; None: it is not known."""
        return None

    def complete(self, turn: Turn, flow: Flow, state: FlowState, setting: Setting) -> Reply:
        """What to do and say when the flow is done."""
        summary = self.summary(turn, flow, state, setting)
        closing = flow.closing or "Dat waren alle stappen."
        return Reply(text=f"{closing}\n\n{summary}".strip(), topic=flow.id)

    def afterwards(self, turn: Turn, done: Reply) -> Sequence[Reply]:
        """What is said in messages of their own, after `done` said that the flow is done."""
        return ()

    def absorb(self, turn: Turn, text: str) -> Answers:
        """Answers that a story, typed instead of one answer, holds."""
        return {}

    def report(self, turn: Turn, flow: Flow, state: FlowState) -> Answers:
        """What a report of a bottleneck in this flow can already hold."""
        tried = "; ".join(_tried(flow, state))
        filled: dict[str, Answer] = {"wat": failing.description(flow, state)}
        if tried:
            filled["geprobeerd"] = tried
        return {**filled, **region_answer(turn)}

    def follow_up(
        self, turn: Turn, flow: Flow, state: FlowState, action: str
    ) -> tuple[str, Answers] | None:
        """The flow that begins when this one ends with `action`, with what it can already hold."""
        return None


def _tried(flow: Flow, state: FlowState) -> list[str]:
    return [
        str(step.summary_label)
        for step in flow.steps
        if step.summary_label and state.answers.get(step.id) == "gedaan"
    ]


def region_answer(turn: Turn) -> Answers:
    """The region of a report about what is going on in this conversation, when it is known."""
    return {"regio": turn.region} if turn.region else {}


def region_choices(turn: Turn) -> list[FlowChoice]:
    """The regions that are known, recognised by their towns as well."""
    return [
        FlowChoice(
            value=region.id,
            label=region.name,
            synonyms=(*region.aliases, *(place.lower() for place in region.places)),
        )
        for region in turn.knowledge.regions.values()
    ]
