"""The shape of a step-by-step flow as data (knowledge/flows/*.yml)."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class FlowChoice(_Entry):
    """A button of a step: the value kept, the label shown, and words that mean the same."""

    value: str = Field(alias="waarde", pattern=r"^[a-z0-9-]{1,24}$")
    label: str = Field(alias="tekst", max_length=60)
    synonyms: tuple[str, ...] = Field(alias="ook", default=())


class StepSource(_Entry):
    """The place in a source document that a step rests on."""

    document: str
    section: str = Field(alias="onderdeel")


class Step(_Entry):
    """One step of a flow.

    kind: `lezen` shows a text and waits for "verder"; `keuze` asks for one of its choices;
    `tekst` asks for free text (screened before it is kept); `bevestigen` shows a summary and asks
    what to do. `list_name` names a list of choices that code supplies (regions, categories,
    own reports). `skippable` steps may be left empty. `other` allows typed text beside the
    choices of a `keuze`. `summary_label` is the name of the answer in the summary.
    """

    id: str = Field(pattern=r"^[a-z-]{1,16}$")
    kind: Literal["lezen", "keuze", "tekst", "bevestigen"] = Field(alias="soort")
    text: str = Field(alias="tekst", min_length=3)
    again: str | None = Field(alias="opnieuw", default=None)
    choices: tuple[FlowChoice, ...] = Field(alias="keuzes", default=())
    list_name: str | None = Field(alias="lijst", default=None)
    skippable: str | None = Field(alias="overslaan", default=None)
    other: bool = Field(alias="vrij", default=False)
    summary_label: str | None = Field(alias="in_samenvatting", default=None)
    sources: tuple[StepSource, ...] = Field(alias="bron", default=())


class Flow(_Entry):
    """A procedure walked step by step; `id` is the topic that starts it.

    `handler` names the code that prepares and completes the flow (dialogues/flows/handlers);
    None for a procedure that is only read step by step.
    """

    id: str
    title: str = Field(alias="titel")
    handler: str | None = Field(alias="afhandeling", default=None)
    steps: Annotated[tuple[Step, ...], Field(alias="stappen", min_length=1)]
    closing: str | None = Field(alias="slot", default=None)

    def step(self, step_id: str) -> Step:
        """The step with this id.

        Raises:
            KeyError: the flow has no such step.
        """
        for step in self.steps:
            if step.id == step_id:
                return step
        raise KeyError(step_id)

    def position(self, step_id: str) -> int:
        """Index of the step, from 0."""
        return next(i for i, step in enumerate(self.steps) if step.id == step_id)
