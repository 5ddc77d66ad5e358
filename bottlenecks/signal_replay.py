"""What a rule would have done over a past time, with the reports that came in then."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bottlenecks.dates import day_of, monday
from bottlenecks.signals import REST, Condition, Seen, Standing, Verdict, judge


@dataclass(frozen=True)
class Told:
    """A message that would have gone out; `again`: the signal was known, and grew."""

    at: datetime
    region: str | None
    reports: int
    again: bool


@dataclass(frozen=True)
class Week:
    """A week by its Monday: how many reports counted, and how many messages went out."""

    monday: date
    reports: int
    messages: int


@dataclass(frozen=True)
class Replay:
    """What a rule would have done: its messages, oldest first, and the same per week."""

    told: tuple[Told, ...]
    reports: int
    weeks: tuple[Week, ...]


def replay(
    condition: Condition, reports: Iterable[Seen], since: datetime, until: datetime
) -> Replay:
    """What a rule would have done from `since` until `until`.

    Args:
        condition: the rule.
        reports: what came in, also in the time before `since` in which a report still counts;
            what the rule does not count is left out here.
        since: messages before this moment are not given, but do keep later ones from repeating.
        until: the last moment that is looked at.
    """
    arrived: dict[str | None, list[Seen]] = {}
    counted: list[datetime] = []
    for report in sorted(reports, key=lambda one: (one.at, one.serial)):
        if condition.matches(report) and report.at <= until:
            arrived.setdefault(condition.key(report.region), []).append(report)
            if report.at >= since:
                counted.append(report.at)
    told = [
        one
        for region, these in arrived.items()
        for one in _tellings(condition, region, these, until)
        if one.at >= since
    ]
    told.sort(key=lambda one: (one.at, one.region or ""))
    return Replay(tuple(told), len(counted), _weeks(counted, told, since, until))


def _tellings(
    condition: Condition, region: str | None, reports: list[Seen], until: datetime
) -> Iterator[Told]:
    """The messages about one region; `reports` by time. Looks only where something can change."""
    window, more_than = condition.window, condition.more_than
    standing: Standing | None = None
    came = left = 0  # so many reports came in, and so many of them count no longer
    while came < len(reports) or left < came:
        if came == len(reports):
            now = reports[left].at + window
        elif left == came:
            now = reports[came].at
        else:
            now = min(reports[came].at, reports[left].at + window)
        is_open = standing is not None and standing.is_open
        if standing is not None and is_open and came - left > standing.reports:
            # it grew, and may be told when it rested
            now = min(now, standing.told_at + REST)
        if now > until:
            return
        while came < len(reports) and reports[came].at <= now:
            came += 1
        while left < came and reports[left].at + window <= now:
            left += 1
        if came - left <= more_than and not is_open:
            continue  # it was not true, and is not
        newest = reports[came - 1].serial if came > left else 0
        verdict = judge(condition, standing, came - left, newest, now)
        if verdict.is_told:
            standing = Standing(came - left, newest, now, True)
            yield Told(now, region, came - left, verdict is Verdict.AGAIN)
        elif standing is not None and verdict is not Verdict.NOTHING:
            standing = replace(standing, is_open=verdict is Verdict.RESUME)


def _weeks(
    counted: list[datetime], told: list[Told], since: datetime, until: datetime
) -> tuple[Week, ...]:
    """Every week of the time, also those in which nothing happened."""
    first, last = monday(day_of(since)), monday(day_of(until))
    mondays = [first + timedelta(weeks=n) for n in range((last - first).days // 7 + 1)]
    reports = dict.fromkeys(mondays, 0)
    messages = dict.fromkeys(mondays, 0)
    for at in counted:
        reports[monday(day_of(at))] += 1
    for one in told:
        messages[monday(day_of(one.at))] += 1
    return tuple(Week(week, reports[week], messages[week]) for week in mondays)
