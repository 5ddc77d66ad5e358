"""The shape of a step-by-step flow as data (knowledge/flows/*.yml)."""

import hashlib
from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Conditions = Mapping[str, tuple[str, ...]]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class FlowChoice(_Entry):
    """A button of a step: the value kept, the label shown, and words that mean the same.

    `remark` goes with the choice in summaries and documents: the conditions of a measure.
    """

    value: str = Field(alias="waarde", pattern=r"^[a-z0-9-]{1,30}$")
    label: str = Field(alias="tekst", max_length=60)
    synonyms: tuple[str, ...] = Field(alias="ook", default=())
    remark: str | None = Field(alias="toelichting", default=None)


class StepSource(_Entry):
    """The place in a source document that a step rests on."""

    document: str
    section: str = Field(alias="onderdeel")


class Step(_Entry):
    """One step of a flow.

    kind: `lezen` shows a text and waits for "verder"; `keuze` asks for one of its choices;
    `meerkeuze` for any number of them; `tekst` asks for free text (screened before it is kept);
    `opsomming` collects several, at most `at_most`; `taak` is something to do, that is ticked,
    put off or found not to apply; `bevestigen` shows a summary and asks what to do.

    `list_name` names a list of choices that code supplies (regions, categories, own reports).
    `skippable` steps may be left empty; it is the label of that button, and `skip_words` mean the
    same, as "weet ik niet" does unless `skip_unknown` is False. `other` allows typed text beside
    the choices of a `keuze`. `summary_label` is the name of the answer in summaries.
    `explanation` is what "wat bedoel je?" shows. `only_if` and `unless` tie the step to earlier
    answers: step id -> values. `back_to` is a step to return to after this one, so that a menu
    can be chosen from again. `who` and `when` belong to a `taak`. `texts` are ids of ready-to-use
    texts (teksten.yml) offered here. `contacts` keeps phone numbers and e-mail addresses in the
    text, because those of organisations are asked for. `can_fail` offers to report that a step
    cannot be done, as every `taak` does.
    """

    id: str = Field(pattern=r"^[a-z-]{1,16}$")
    kind: Literal["lezen", "keuze", "meerkeuze", "tekst", "opsomming", "taak", "bevestigen"] = (
        Field(alias="soort")
    )
    text: str = Field(alias="tekst", min_length=3)
    again: str | None = Field(alias="opnieuw", default=None)
    explanation: str | None = Field(alias="uitleg", default=None)
    choices: tuple[FlowChoice, ...] = Field(alias="keuzes", default=())
    list_name: str | None = Field(alias="lijst", default=None)
    skippable: str | None = Field(alias="overslaan", default=None)
    skip_words: tuple[str, ...] = Field(alias="overslaan_ook", default=())
    skip_unknown: bool = Field(alias="weet_niet_slaat_over", default=True)
    other: bool = Field(alias="vrij", default=False)
    at_most: int | None = Field(alias="hoogstens", default=None, ge=1)
    summary_label: str | None = Field(alias="in_samenvatting", default=None)
    only_if: Conditions = Field(alias="als", default_factory=dict)
    unless: Conditions = Field(alias="behalve_als", default_factory=dict)
    back_to: str | None = Field(alias="daarna", default=None)
    who: str | None = Field(alias="wie", default=None)
    when: str | None = Field(alias="wanneer", default=None)
    texts: tuple[str, ...] = Field(alias="teksten", default=())
    contacts: bool = Field(alias="contactgegevens", default=False)
    can_fail: bool = Field(alias="kan_mislukken", default=False)
    sources: tuple[StepSource, ...] = Field(alias="bron", default=())


class Flow(_Entry):
    """A procedure walked step by step; `id` is the topic that starts it.

    `handler` names the code that prepares and completes the flow (dialogues/flows/handlers);
    None for a procedure that needs none. `names` are words by which people call it when they come
    back ("verder met het noodplan"). `at_once` starts it as soon as its topic is asked for; other
    flows are first answered as a whole, with a button to walk them. `kept` keeps the answers when
    someone stops, so that they can go on later. `command` marks a flow that no topic starts.
    `opening` is said before the first step, `closing` after the last.
    """

    id: str
    title: str = Field(alias="titel")
    names: tuple[str, ...] = Field(alias="namen", default=())
    handler: str | None = Field(alias="afhandeling", default=None)
    at_once: bool = Field(alias="meteen", default=False)
    kept: bool = Field(alias="bewaren", default=False)
    command: bool = Field(alias="zonder_onderwerp", default=False)
    steps: Annotated[tuple[Step, ...], Field(alias="stappen", min_length=1)]
    opening: str | None = Field(alias="begin", default=None)
    closing: str | None = Field(alias="slot", default=None)

    @cached_property
    def version(self) -> str:
        """A short hash over the flow as it is now; changes when any step changes."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:8]

    def step(self, step_id: str) -> Step:
        """The step with this id.

        Raises:
            KeyError: the flow has no such step.
        """
        for step in self.steps:
            if step.id == step_id:
                return step
        raise KeyError(step_id)
