"""What the API takes and gives, as its developers read it in the OpenAPI document."""

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from bottlenecks.lists import lists
from bottlenecks.store.report_rows import REFERENCE
from bottlenecks.workflow import Status

DEFAULT_LIMIT, MOST = 100, 500
EXAMPLE = "KP-2026-0001"

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(_DAY.pattern + r"[Tt ][0-9:.,]+([Zz]|[+-][0-9:]+)")


def _written_as(form: re.Pattern[str], what: str) -> BeforeValidator:
    """Refuse what pydantic would take as well, such as a number of seconds."""

    def check(value: Any) -> Any:
        if isinstance(value, str) and not form.fullmatch(value):
            raise ValueError(f"write {what}")
        return value

    return BeforeValidator(check)


def _one_of(known: Callable[[], Iterable[str]]) -> tuple[AfterValidator, Any]:
    """One of the ids of a list that stands in a file."""

    def check(value: str) -> str:
        if value not in known():
            raise ValueError(f"choose one of {', '.join(known())}")
        return value

    def describe(schema: dict[str, Any]) -> None:
        schema["enum"] = list(known())

    return AfterValidator(check), Field(json_schema_extra=describe)


Day = Annotated[date, _written_as(_DAY, "a day as 2026-11-28")]
Moment = Annotated[AwareDatetime, _written_as(_MOMENT, "a moment as 2026-11-28T14:05:00Z")]
Category = Annotated[str, *_one_of(lambda: lists().categories)]
Severity = Annotated[str, *_one_of(lambda: lists().severities)]


class ReportsQuery(BaseModel):
    """What narrows a list of reports; different names combine, one name repeated adds to it."""

    model_config = ConfigDict(extra="forbid")

    status: list[Status] = Field([], description="Only these states. Repeat to allow several.")
    category: list[Category] = Field([], description="Only these categories, see /categories.")
    region: list[str] = Field(
        [],
        description="Only these regions, see /regions; `elders` is a region that is not in the "
        "list. A region outside the scope of your token gives nothing.",
    )
    severity: list[Severity] = Field([], description="Only these severities, see /severities.")
    since: Day | None = Field(None, description="Filed on or after this day (Europe/Amsterdam).")
    until: Day | None = Field(None, description="Filed on or before this day (Europe/Amsterdam).")
    changed_since: Moment | None = Field(
        None, description="Filed or changed at or after this moment (RFC 3339, with a zone)."
    )
    after: str | None = Field(
        None,
        pattern=f"^{REFERENCE.pattern}$",
        description="The `next` of the page before: reports filed after this one.",
        examples=[EXAMPLE],
    )
    limit: int = Field(DEFAULT_LIMIT, ge=1, le=MOST, description="How many reports at most.")


class _Read(BaseModel):
    """Read from a view of the store with the same names."""

    model_config = ConfigDict(from_attributes=True)


class ReportOut(_Read):
    """A report. It has no name of a practice: reporting does not need it."""

    reference: str = Field(description="Its number, which never changes.", examples=[EXAMPLE])
    category: str = Field(description="Id of /categories.")
    region: str | None = Field(description="Id of /regions; null: not one of them.")
    region_other: str | None = Field(description="What the reporter typed for another region.")
    severity: str = Field(description="Id of /severities.")
    status: Status = Field(description="Id of /statuses.")
    is_open: bool = Field(description="Whether it is not yet solved, rejected or withdrawn.")
    forwarded_to: str | None = Field(
        description="Id of the organisation that it is with (roaz, verzekeraar, lhv), while its "
        "status is doorgezet."
    )
    description: str = Field(
        description="What is wrong, in the reporter's words. Personal data were removed where "
        "they were recognised; names are not recognised."
    )
    tried: str | None = Field(description="What the reporter tried already.")
    answer_wanted: bool = Field(description="Whether the reporter wants an answer.")
    created_at: datetime = Field(description="When it was filed (UTC).")
    updated_at: datetime = Field(description="When something last happened to it (UTC).")
    due_at: datetime | None = Field(
        description="By when the regional organisation wants its reporter to hear something (UTC); "
        "null while others are at it, or it is closed."
    )
    is_example: bool = Field(description="Made up, for a demonstration: leave it out of figures.")


class ReportsOut(BaseModel):
    """One page of reports, in the order in which they were filed."""

    reports: list[ReportOut] = Field(description="The reports of this page, oldest first.")
    next: str | None = Field(description="Ask with this `after` for the next page; null: the last.")
    read_at: datetime = Field(description="When this page was read (UTC).")


class EventOut(_Read):
    """Something that happened to a report. Texts and people are left out."""

    at: datetime = Field(description="When (UTC).")
    kind: str = Field(
        description="created, status (it went to another state), addition (the reporter added "
        "something), reply (to the reporter), note (internal), owner (someone else handles it), "
        "correction (of a field), group (it joined or left a group of reports), or topic (it "
        "points to another topic)."
    )
    status_from: Status | None = Field(description="The state before; only of a move.")
    status_to: Status | None = Field(description="The state after; only of a move.")
    field: str | None = Field(description="What was corrected: category, region or severity.")


class ReportWithEventsOut(ReportOut):
    """A report, and what happened to it."""

    events: list[EventOut] = Field(description="What happened, oldest first.")


class RegionOut(BaseModel):
    """A region that your token gives."""

    id: str
    name: str


class CategoryOut(_Read):
    """What a report is about."""

    id: str
    name: str


class SeverityOut(_Read):
    """How serious a report is."""

    id: str
    name: str
    explanation: str
    hours: int = Field(
        description="The deadline: so many hours after a report, and after each answer to it."
    )


class StatusOut(BaseModel):
    """A state of a report."""

    id: Status
    name: str
    is_open: bool = Field(description="Whether a report in this state is not yet closed.")


class PhaseOut(BaseModel):
    """The phase of scaling up that is in force in a region."""

    region: str = Field(description="Id of /regions.")
    phase: str | None = Field(description="Id of the phase; null: nobody set it, it is not known.")
    name: str | None = Field(description="Its name.")
    since: date | None = Field(description="The day on which it began.")
    notice: str | None = Field(description="What the regional organisation says about it.")
    set_at: datetime | None = Field(description="When it was set (UTC).")


class Problem(BaseModel):
    """Why a request was refused (RFC 9457)."""

    type: str = Field(examples=["about:blank"])
    title: str = Field(examples=["Not Found"])
    status: int = Field(examples=[404])
    detail: str = Field(description="What is wrong, for a person.")
