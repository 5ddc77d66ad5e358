"""Where people are in a flow, as plain data; and which steps that leaves to show."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from knowledge.flow_model import Conditions, Flow, FlowChoice, Step

Answer = str | tuple[str, ...] | None
Lists = Mapping[str, Sequence[FlowChoice]]

# no participant has this number
NOBODY = 0
# the answers to a task
DONE, LATER, NOT_APPLICABLE = "gedaan", "later", "nvt"
TASK_CHOICES = (
    FlowChoice(
        value=DONE,
        label="Gedaan",
        synonyms=(
            "klaar",
            "is gedaan",
            "heb ik gedaan",
            "al gedaan",
            "afgevinkt",
            "geregeld",
            "al gebeld",
            "al geregeld",
            "is gebeurd",
            "al gebeurd",
            "heb ik al",
        ),
    ),
    FlowChoice(
        value=LATER,
        label="Later",
        synonyms=(
            "straks",
            "nog niet",
            "nog niet gedaan",
            "niet gedaan",
            "doe ik later",
            "nu niet",
            "komt nog",
            "nog doen",
            "morgen",
            "doe ik morgen",
            "dat doe ik morgen",
            "volgende week",
            "is nog niet gedaan",
            "moet nog",
        ),
    ),
    FlowChoice(
        value=NOT_APPLICABLE,
        label="Niet van toepassing",
        synonyms=("nvt", "n.v.t.", "niet nodig", "geldt niet", "hoeft niet", "niet bij ons"),
    ),
)


@dataclass(frozen=True)
class Mark:
    """Who gave an answer (number of the participant) and when (ISO 8601, UTC)."""

    by: int
    at: str


@dataclass(frozen=True)
class FlowState:
    """Where someone is in a flow.

    `run` tells its buttons from those of an earlier run, `version` is that of the flow's steps.
    `picked` is what was ticked or typed so far at a step that takes several answers, `drafts` what
    was at such steps when they were left. `misses`
    counts answers in a row that were not understood. `choosing` is True while someone says which
    answer to change, `changing` while they change it. `rounds` are the answers of earlier rounds
    through a menu. `about` is the topic that a report points to. `trouble` is why the step cannot
    be done, as someone typed it. `sealed` is what was taken out of the texts, by number: its kind,
    the piece, sealed, and the number of who typed it; `restored` are the pieces that were put back
    (see `removed.py` here).
    `asking` is what was asked beside the step: which piece to remove, or to restore.
    """

    flow_id: str
    run: str
    version: str
    step: str
    answers: Mapping[str, Answer] = field(default_factory=dict)
    marks: Mapping[str, Mark] = field(default_factory=dict)
    picked: tuple[str, ...] = ()
    drafts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    misses: int = 0
    choosing: bool = False
    changing: bool = False
    rounds: tuple[Mapping[str, Answer], ...] = ()
    about: str | None = None
    trouble: str = ""
    sealed: Mapping[str, tuple[str, str, int]] = field(default_factory=dict)
    restored: tuple[str, ...] = ()
    asking: str = ""

    def as_data(self) -> dict[str, Any]:
        """Plain data for storage."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "FlowState":
        """The reverse of `as_data`; what an earlier version did not keep has its default."""
        known = {field.name for field in fields(cls)}
        kept = {name: value for name, value in data.items() if name in known}
        kept.setdefault("version", "")
        return cls(
            **{
                **kept,
                "answers": _answers(kept.get("answers", {})),
                "marks": {step: Mark(**mark) for step, mark in kept.get("marks", {}).items()},
                "picked": tuple(kept.get("picked", ())),
                "drafts": {key: tuple(value) for key, value in kept.get("drafts", {}).items()},
                "rounds": tuple(_answers(answers) for answers in kept.get("rounds", ())),
                "sealed": {key: _sealed(*one) for key, one in kept.get("sealed", {}).items()},
                "restored": tuple(kept.get("restored", ())),
            }
        )

    def text(self, step_id: str) -> str | None:
        """The answer to a step that takes one; None when there is none."""
        value = self.answers.get(step_id)
        return value if isinstance(value, str) else None

    def several(self, step_id: str) -> tuple[str, ...]:
        """The answers to a step that takes several."""
        value = self.answers.get(step_id)
        return value if isinstance(value, tuple) else ()


def _sealed(kind: str, piece: str, by: int = NOBODY) -> tuple[str, str, int]:
    """What was taken out; before it was kept who typed it, that could have been anyone."""
    return kind, piece, by


def _answers(data: Mapping[str, Any]) -> dict[str, Answer]:
    return {
        step: tuple(value) if isinstance(value, list | tuple) else value
        for step, value in data.items()
    }


def choices_of(step: Step, lists: Lists) -> Sequence[FlowChoice]:
    """The choices of a step: its own, those of the list it names, or those of every task."""
    if step.kind == "taak":
        return TASK_CHOICES
    return lists[step.list_name] if step.list_name else step.choices


def shown(flow: Flow, answers: Mapping[str, Answer]) -> Iterator[Step]:
    """The steps whose conditions hold, in order.

    A condition looks at an earlier step; one that is not shown, or not answered, has no value.
    """
    values: dict[str, Answer] = {}
    for step in flow.steps:
        if _holds(step.only_if, values, wanted=True) and _holds(step.unless, values, wanted=False):
            values[step.id] = answers.get(step.id)
            yield step


def _holds(conditions: Conditions, values: Mapping[str, Answer], *, wanted: bool) -> bool:
    for step_id, allowed in conditions.items():
        value = values.get(step_id)
        given = value if isinstance(value, tuple) else (value,)
        if any(one in allowed for one in given) is not wanted:
            return False
    return True


def first_open(flow: Flow, answers: Mapping[str, Answer]) -> Step:
    """The step to show next: the first without an answer; a summary is always open."""
    step = flow.steps[-1]
    for step in shown(flow, answers):
        if step.id not in answers or step.kind == "bevestigen":
            return step
    return step


def progress(flow: Flow, state: FlowState) -> tuple[int, int]:
    """Which step this is (from 1), of how many at most.

    Later answers may leave steps out: the longest way that is still open counts.
    """
    way = [step.id for step in shown(flow, state.answers)]
    position = way.index(state.step) + 1 if state.step in way else len(way)
    return position, max(_longest(flow, dict(state.answers)), position)


def _longest(flow: Flow, answers: dict[str, Answer]) -> int:
    """The number of steps on the longest way that these answers leave open."""
    way = list(shown(flow, answers))
    decisive = {step_id for step in flow.steps for step_id in (*step.only_if, *step.unless)}
    for step in way:
        if step.id in decisive and step.id not in answers:
            values = {
                value
                for other in flow.steps
                for condition in (other.only_if, other.unless)
                for value in condition.get(step.id, ())
            }
            # an answer that no condition names is a way too
            return max(
                _longest(flow, {**answers, step.id: value}) for value in (*sorted(values), "")
            )
    return len(way)


def visible_only(flow: Flow, state: FlowState) -> FlowState:
    """The state without answers to steps that later answers made fall away."""
    visible = {step.id for step in shown(flow, state.answers)}
    kept = {step_id: answer for step_id, answer in state.answers.items() if step_id in visible}
    return replace(state, answers=kept)


def is_over(flow: Flow, state: FlowState) -> bool:
    """Whether every step that is shown has an answer, and no summary waits to be confirmed."""
    step = first_open(flow, state.answers)
    return step.id in state.answers and step.kind != "bevestigen"


def label_of(step: Step, value: str, lists: Lists) -> str:
    """An answer as a user sees it: the label of the choice, or what was typed."""
    for choice in choices_of(step, lists):
        if choice.value == value:
            return choice.label
    return value.removeprefix("=")
