"""Groups of reports as they are read: rows of a list, one group, suggestions."""

from dataclasses import dataclass, field
from datetime import datetime

from bottlenecks.store.report_search import ReportRow
from bottlenecks.workflow import OPEN, Status


@dataclass(frozen=True)
class GroupRow:
    """A group as a line of a list. Moments are UTC.

    `reports`, `practices` (different ones; reports without one count as one practice together),
    `named_practices` (those that are known to differ), `regions` and the first and last report are
    of the reports that the reader may see; reports of no known region are in no region.
    """

    id: str
    number: int
    title: str
    status: Status
    forwarded_to: str | None
    owner_id: str | None
    reports: int
    practices: int
    named_practices: int
    regions: tuple[str, ...]
    first_report_at: datetime
    last_report_at: datetime
    updated_at: datetime
    version: int
    is_example: bool

    @property
    def is_open(self) -> bool:
        """Whether it is still worked on."""
        return self.status in OPEN


@dataclass(frozen=True)
class GroupEventView:
    """One thing that happened to a group.

    `kind` is created, joined, left, title (`text` is the new one), owner (`text` is the new owner's
    id, None for nobody), status, reply or note. `actor` is an officer's id, or "melder".
    `reference` is the report that joined or left, when the reader may see it.
    """

    at: datetime
    actor: str
    kind: str
    reference: str | None
    status_from: Status | None
    status_to: Status | None
    text: str | None


@dataclass(frozen=True)
class GroupView:
    """A group with its reports, newest first; `hidden` is how many the reader may not see."""

    row: GroupRow
    members: tuple[ReportRow, ...]
    hidden: int
    events: tuple[GroupEventView, ...]


@dataclass(frozen=True)
class GroupPage:
    """One page of a list of groups, and how many there are in all."""

    rows: tuple[GroupRow, ...]
    total: int


@dataclass(frozen=True)
class GroupSuggestion:
    """A group that a report may belong to; `alike` is its report that is most like it.

    `likeness` is from 0 to 1; `why` says in Dutch what they share. `less_sure`: they are of another
    category, and not very alike.
    """

    row: GroupRow
    likeness: float
    alike: ReportRow
    why: tuple[str, ...]
    less_sure: bool = False


@dataclass(frozen=True)
class ReportSuggestion:
    """A report of no group that may be about the same."""

    row: ReportRow
    likeness: float
    why: tuple[str, ...]
    less_sure: bool = False


@dataclass(frozen=True)
class MoreSuggestion:
    """A report of no group that may belong to one; `alike` is that group's report most like it."""

    row: ReportRow
    likeness: float
    alike: ReportRow
    why: tuple[str, ...]
    less_sure: bool = False


@dataclass(frozen=True)
class Suggestions:
    """What a report may belong to: of the same category first, then the likeliest."""

    groups: tuple[GroupSuggestion, ...] = field(default=())
    reports: tuple[ReportSuggestion, ...] = field(default=())


class AlreadyGroupedError(ValueError):
    """A report is in another group already: it has to leave that one first."""

    def __init__(self, reference: str, number: int) -> None:
        super().__init__(f"{reference} is in group {number} already")
        self.reference = reference
        self.number = number
