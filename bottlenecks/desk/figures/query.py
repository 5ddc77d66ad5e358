"""What figures are asked for, as it stands in the URL: `?periode=12&regio=utrecht&ernst=hoog`.

Days that are typed (`van`, `tot`) go before a period; a last day that is still to come is today.
What is not known is ignored, but days that cannot be are told, because figures of other days would
be taken for those.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from bottlenecks.dates import monday
from bottlenecks.desk.reports import filters
from bottlenecks.lists import lists
from bottlenecks.store.figures import Selection
from bottlenecks.store.report_search import ReportFilter

PERIODS = {"maand": "deze maand", "4": "4 weken", "12": "12 weken", "jaar": "dit jaar"}
USUAL = "12"
THIS_MONTH = "maand"
THIS_YEAR = "jaar"
MOST_DAYS = 5 * 366
NAMES = {"region": "regio", "category": "soort", "severity": "ernst"}

NO_DAY = "Vul twee dagen in, zoals 2026-03-31."
WRONG_WAY = "De eerste dag ligt na de laatste. Draai ze om."
TOO_LONG = "Kies hoogstens vijf jaar."
TO_COME = "Deze dagen zijn nog niet geweest."


@dataclass(frozen=True)
class Asked:
    """What a URL asks for: `period` is None for days that were typed, as `since` and `until`.

    `problem` says what is wrong with those; the selection is then that of the usual period.
    """

    selection: Selection
    period: str | None
    since: str
    until: str
    problem: str | None = None

    def query(self, **changes: Any) -> str:
        """The query of a URL that asks for this, without "?".

        Args:
            changes: fields that get another value there: `period`, or one of the selection.
        """
        period = changes.pop("period", self.period)
        shown = replace(self.selection, **changes)
        pairs = {"periode": period} if period else {"van": self.since, "tot": self.until}
        pairs |= {NAMES[name]: getattr(shown, name) for name in NAMES}
        return urlencode({name: value for name, value in pairs.items() if value})

    @property
    def before(self) -> Selection:
        """As many days, right before these."""
        since = self.selection.since
        first = since - timedelta(days=self.number_of_days)
        return replace(self.selection, since=first, until=since - timedelta(days=1))

    @property
    def number_of_days(self) -> int:
        """How many days are asked for."""
        return (self.selection.until - self.selection.since).days + 1


def asked_in(params: QueryParams, today: date, regions: Collection[str]) -> Asked:
    """What a URL asks for on a day; `regions` can be chosen, others are ignored."""
    chosen = {
        "region": _known(params.get("regio", ""), regions),
        "category": _known(params.get("soort", ""), lists().categories),
        "severity": _known(params.get("ernst", ""), lists().severities),
    }
    period = _known(params.get("periode", ""), PERIODS) or USUAL
    usual = _days(period, today)
    typed = params.get("van", "").strip(), params.get("tot", "").strip()
    if typed in (("", ""), tuple(day.isoformat() for day in usual)):
        return _asked(usual, chosen, period)
    since, until = (filters.day_in(day) for day in typed)
    if since is None or until is None:
        problem = NO_DAY
    elif since > until:
        problem = WRONG_WAY
    elif since > today:
        problem = TO_COME
    elif (min(until, today) - since).days > MOST_DAYS:
        problem = TOO_LONG
    else:
        return _asked((since, min(until, today)), chosen, None)
    # what was typed stays, to be put right
    return replace(_asked(usual, chosen, period), since=typed[0], until=typed[1], problem=problem)


def reports_query(selection: Selection, **changes: Any) -> str:
    """The query of the list of reports that a figure counts, in whatever state they are.

    Args:
        selection: what was counted.
        changes: fields of the list's filter that get another value.
    """
    wanted = ReportFilter(
        categories=_one(selection.category),
        regions=_one(selection.region),
        severities=_one(selection.severity),
        since=selection.since,
        until=selection.until,
    )
    return filters.to_query(wanted, **changes)


def _days(period: str, today: date) -> tuple[date, date]:
    """This week and those before it, or the month or year so far."""
    if period == THIS_MONTH:
        return today.replace(day=1), today
    if period == THIS_YEAR:
        return today.replace(month=1, day=1), today
    return monday(today) - timedelta(weeks=int(period) - 1), today


def _asked(days: tuple[date, date], chosen: Mapping[str, str | None], period: str | None) -> Asked:
    since, until = days
    return Asked(Selection(since, until, **chosen), period, since.isoformat(), until.isoformat())


def _known(value: str, known: Collection[str]) -> str | None:
    return value if value in known else None


def _one(value: str | None) -> tuple[str, ...]:
    return () if value is None else (value,)
