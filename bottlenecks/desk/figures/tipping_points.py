"""The plan's tipping points (kantelpunten), each with what speaks to it: reports and signals."""

from dataclasses import dataclass
from datetime import date, timedelta

from bottlenecks.dates import AMSTERDAM
from bottlenecks.desk.reports import filters
from bottlenecks.roles import Scope
from bottlenecks.store import Work
from bottlenecks.store.figures import Count, Selection
from bottlenecks.store.report_search import ReportFilter
from bottlenecks.store.signals import SignalView
from knowledge import Knowledge
from knowledge.model import TippingPoint

DAYS = 7


@dataclass(frozen=True)
class PointLine:
    """A tipping point with the last seven days, the seven before, and the signals that are on.

    `query` is of the list of the reports of the last seven days.
    """

    point: TippingPoint
    now: Count
    before: Count
    signals: list[SignalView]
    query: str


def tipping_points(
    knowledge: Knowledge, region: str | None, scope: Scope, work: Work, today: date
) -> list[PointLine]:
    """All tipping points, in the order of the plan; `region` narrows what is counted."""
    week = timedelta(days=DAYS)
    these = Selection(today - week + timedelta(days=1), today, region=region)
    before = Selection(these.since - week, these.until - week, region=region)
    signals = [
        signal
        for signal in work.signals.open(scope)
        if region is None or signal.region in (None, region)
    ]

    def count(point: TippingPoint, days: Selection) -> Count:
        return work.figures.of_kinds(point.categories, point.severities, days, scope, AMSTERDAM)

    return [
        PointLine(
            point,
            count(point, these),
            count(point, before),
            [signal for signal in signals if _speaks_to(signal, point)],
            _query(point, these),
        )
        for point in knowledge.tipping_points.values()
    ]


def _speaks_to(signal: SignalView, point: TippingPoint) -> bool:
    """Whether a rule is about the kinds of a point; one about everything speaks to none."""
    severities = set(signal.severities) & set(point.severities)
    return bool(set(signal.categories) & set(point.categories)) and (
        bool(severities) or not signal.severities or not point.severities
    )


def _query(point: TippingPoint, days: Selection) -> str:
    return filters.to_query(
        ReportFilter(
            categories=point.categories,
            severities=point.severities,
            regions=() if days.region is None else (days.region,),
            since=days.since,
            until=days.until,
        )
    )
