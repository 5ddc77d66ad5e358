"""Rules that warn officers: when one comes true, when it is told, and what it would have done.

All of it is plain counting over reports: `bottlenecks.store.signals` counts in the database, and
`bottlenecks.signal_replay` over the past. Both decide with `judge`, so that a replay shows what
would have happened.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, NamedTuple

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from bottlenecks.lists import lists
from bottlenecks.roles import Scope

MAX_MORE_THAN = 1_000
MAX_DAYS = 84
# a signal is told again at most so often
REST = timedelta(days=1)
HIGH = "hoog"
# the channels by which officers hear of a signal away from the desk
MAIL = "email"
TELEGRAM = "telegram"
UNKNOWN_REGION = "regio niet bekend"

_Ids = Annotated[tuple[str, ...], AfterValidator(lambda ids: tuple(sorted(set(ids))))]


class Condition(BaseModel):
    """When a rule is true: more than so many reports like this within so many days.

    What is empty does not narrow; `regions` are ids. `per_region` counts each region by itself.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    categories: _Ids = ()
    severities: _Ids = ()
    regions: _Ids = ()
    per_region: bool = True
    more_than: int = Field(default=5, ge=0, le=MAX_MORE_THAN)
    days: int = Field(default=7, ge=1, le=MAX_DAYS)

    @property
    def tells_each(self) -> bool:
        """Whether every new report is told, because each one alone is grave enough."""
        return self.more_than == 0 and self.severities == (HIGH,)

    @property
    def window(self) -> timedelta:
        """How long a report counts."""
        return timedelta(days=self.days)

    def matches(self, report: "Seen") -> bool:
        """Whether a report counts for this rule."""
        return (
            (not self.categories or report.category in self.categories)
            and (not self.severities or report.severity in self.severities)
            and (not self.regions or report.region in self.regions)
        )

    def key(self, region: str | None) -> str | None:
        """What a report of this region is counted under."""
        return region if self.per_region else None

    def shown_to(self, scope: Scope, region: str | None) -> bool:
        """Whether a signal of this rule, for `region`, may be seen by who has this scope."""
        if region is not None:
            return scope.sees(region)
        if scope.all_regions:
            return True
        # counted over regions together: only for who sees them all
        return not self.per_region and self.is_within(scope)

    def is_within(self, scope: Scope) -> bool:
        """Whether it is about nothing but what `scope` sees: then it may be changed."""
        return scope.all_regions or (
            bool(self.regions) and all(scope.sees(region) for region in self.regions)
        )

    def concerns(self, scope: Scope) -> bool:
        """Whether signals of this rule could be shown to who has this scope."""
        if scope.all_regions:
            return True
        if not self.regions:
            return self.per_region
        return any(scope.sees(region) for region in self.regions)


class Seen(NamedTuple):
    """What a rule looks at of a report; a tuple, because a replay has tens of thousands of them."""

    serial: int
    at: datetime
    region: str | None
    category: str
    severity: str


@dataclass(frozen=True)
class Standing:
    """What is known of a signal: how many reports, and the newest of them, when last told."""

    reports: int
    last_serial: int
    told_at: datetime
    is_open: bool


class Verdict(StrEnum):
    """What to do with a signal now."""

    NOTHING = "nothing"
    BEGIN = "begin"
    AGAIN = "again"
    RESUME = "resume"
    END = "end"

    @property
    def is_told(self) -> bool:
        """Whether people hear of it."""
        return self in (Verdict.BEGIN, Verdict.AGAIN)


def judge(
    condition: Condition, standing: Standing | None, reports: int, newest: int, now: datetime
) -> Verdict:
    """Decide about a rule in one region.

    Nothing is repeated while nothing changes: it is told again only when more reports count than
    when it was last told, and at most once a `REST`; a rule that `tells_each` tells every new one.

    Args:
        condition: the rule.
        standing: its latest signal there; None: there was none.
        reports: how many reports count now.
        newest: the serial of the newest of them; 0 for none.
        now: the moment.
    """
    if reports <= condition.more_than:
        return Verdict.END if standing is not None and standing.is_open else Verdict.NOTHING
    if standing is None:
        return Verdict.BEGIN
    rested = now - standing.told_at >= REST
    if condition.tells_each:
        is_more = newest > standing.last_serial or reports > standing.reports
    else:
        is_more = rested and reports > standing.reports
    if standing.is_open:
        return Verdict.AGAIN if is_more else Verdict.NOTHING
    if rested or (condition.tells_each and is_more):
        return Verdict.BEGIN
    # it was over for less than a day: nobody is told of it twice
    return Verdict.RESUME


def subject_in_words(condition: Condition, regions: Mapping[str, str]) -> str:
    """What reports a rule counts: "over Thuiszorg met ernst Hoog in Utrecht"."""
    known = lists()
    parts = []
    if condition.categories:
        names = [
            known.categories[id_].name if id_ in known.categories else id_
            for id_ in condition.categories
        ]
        parts.append(f"over {_either(names)}")
    if condition.severities:
        ordered = [id_ for id_ in known.severities if id_ in condition.severities]
        names = [known.severities[id_].name.lower() for id_ in ordered]
        parts.append(f"met ernst {_either(names)}")
    if condition.regions:
        parts.append(f"in {_either([regions.get(id_, id_) for id_ in condition.regions])}")
    return " ".join(parts)


def in_words(condition: Condition, regions: Mapping[str, str]) -> str:
    """A rule as an officer reads it: "Meer dan 5 meldingen over Thuiszorg binnen 7 dagen"."""
    subject = subject_in_words(condition, regions)
    about = f" {subject}" if subject else ""
    if condition.tells_each:
        return f"Elke nieuwe melding{about}"
    number = condition.more_than
    many = f"Meer dan {reports_in_words(number)}" if number else "Eén melding of meer"
    place = ""
    if len(condition.regions) != 1:
        place = ", per regio geteld" if condition.per_region else ", alle regio's bij elkaar geteld"
        if condition.regions and not condition.per_region:
            place = ", deze regio's bij elkaar geteld"
    return f"{many}{about} binnen {days_in_words(condition.days)}{place}"


def days_in_words(days: int) -> str:
    """A number of days: "1 dag", "7 dagen"."""
    return "1 dag" if days == 1 else f"{days} dagen"


def reports_in_words(number: int) -> str:
    """A number of reports: "1 melding", "6 meldingen"."""
    return "1 melding" if number == 1 else f"{number} meldingen"


def place_in_words(condition: Condition, region: str | None, regions: Mapping[str, str]) -> str:
    """Where a signal is: the name of its region, or what was counted together."""
    if region is not None:
        return regions.get(region, region)
    if condition.per_region:
        return UNKNOWN_REGION
    if condition.regions:
        return " en ".join(regions.get(id_, id_) for id_ in condition.regions)
    return "alle regio's"


def _either(names: list[str]) -> str:
    """An enumeration of which one counts: "Utrecht, Geleen of Stein"."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} of {names[-1]}"
