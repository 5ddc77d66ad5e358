"""Figures as they are shown: names instead of ids, and the reports that each of them counts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bottlenecks.dates import AMSTERDAM, SHORT_MONTHS
from bottlenecks.desk.figures.query import reports_query
from bottlenecks.desk.pages import Pages, category, severity
from bottlenecks.lists import lists
from bottlenecks.roles import Scope
from bottlenecks.small_counts import Counted, Published, published_lines
from bottlenecks.store import Work
from bottlenecks.store.figures import ELSEWHERE, Count, Field, GroupCount, Selection

WEEK = "week"
FIELDS: dict[str, Field] = {"soort": "category", "regio": "region", "ernst": "severity"}
# what is counted by, and the heading of what it is called
TABLES = {
    WEEK: ("Per week", "Week vanaf"),
    "soort": ("Per soort", "Soort"),
    "regio": ("Per regio", "Regio"),
    "ernst": ("Per ernst", "Ernst"),
}
# of these the order says nothing about which is more
ORDERED = (WEEK, "ernst")
ELSEWHERE_NAME = "andere regio of onbekend"
# with more weeks, a day and a month come twice
MOST_WEEKS_WITHOUT_YEAR = 52


@dataclass(frozen=True)
class Line:
    """A count in a table, and the selection of the reports that it counts."""

    label: str
    reports: int
    practices: int
    selection: Selection

    @property
    def query(self) -> str:
        """The query of the list of these reports."""
        return reports_query(self.selection)


@dataclass(frozen=True)
class Table:
    """Counts that add up to all reports of a selection."""

    name: str
    title: str
    heading: str
    lines: list[Line]


def table_of(name: str, selection: Selection, scope: Scope, work: Work, pages: Pages) -> Table:
    """The counts by `name`, a key of `TABLES`."""
    title, heading = TABLES[name]
    if name == WEEK:
        counts = work.figures.per_week(selection, scope, AMSTERDAM)
        with_year = len(counts) > MOST_WEEKS_WITHOUT_YEAR
        lines = [_week(count, selection, with_year=with_year) for count in counts]
    else:
        field = FIELDS[name]
        counts = work.figures.per(field, selection, scope, AMSTERDAM)
        if field == "severity":
            counts = _gravest_first(counts)
        lines = [_line(count, field, selection, pages) for count in counts]
    return Table(name, title, heading, lines)


def since_first_report(table: Table, first: date | None) -> Table:
    """A table of weeks without those that ended before the day of the first report of all."""
    if first is None or table.name != WEEK:
        return table
    return replace(table, lines=[one for one in table.lines if one.selection.until >= first])


def published_table(table: Table, scope: Scope, work: Work) -> list[tuple[str, Published]]:
    """The lines of a table as they may leave the organisation, small numbers hidden."""

    def together(places: Sequence[int]) -> int:
        selections = [table.lines[place].selection for place in places]
        return work.figures.practices_within(selections, scope, AMSTERDAM)

    labels = [line.label for line in table.lines]
    return published_lines(labels, table.lines, together, is_ranked=table.name not in ORDERED)


def published_groups(
    names: Sequence[str],
    groups: Sequence[GroupCount],
    rest: Count,
    selection: Selection,
    scope: Scope,
    work: Work,
) -> list[tuple[str, Published]]:
    """The same of groups; `names` are theirs, and then how `rest` is called: all the others."""
    numbers = [group.number for group in groups]

    def together(places: Sequence[int]) -> int:
        return work.figures.practices_of_groups(
            [numbers[place] for place in places if place < len(numbers)],
            selection,
            scope,
            AMSTERDAM,
            outside=numbers if len(numbers) in places else None,
        )

    parts: list[Counted] = [*groups, rest]
    return published_lines(names, parts, together, is_ranked=True)


def short_day(day: date, *, with_year: bool = True) -> str:
    """A day in a table: 9 mrt 2026, or 9 mrt."""
    shown = f"{day.day} {SHORT_MONTHS[day.month - 1]}"
    return f"{shown} {day.year}" if with_year else shown


def took(hours: float) -> str:
    """How long something took, in the unit that says most: "40 minuten", "5 uur", "3,5 dagen"."""
    if hours < 1:
        minutes = max(round(hours * 60), 1)
        return "1 minuut" if minutes == 1 else f"{minutes} minuten"
    if hours < 48:
        return f"{hours:.0f} uur"
    days = f"{hours / 24:.1f}".removesuffix(".0").replace(".", ",")
    return f"{days} dagen"


def _week(count: Count, selection: Selection, *, with_year: bool) -> Line:
    monday = date.fromisoformat(count.key)
    # the reports of a week that is selected in part
    first = max(monday, selection.since)
    last = min(monday + timedelta(days=6), selection.until)
    label = short_day(first, with_year=with_year)
    return Line(label, count.reports, count.practices, replace(selection, since=first, until=last))


def _line(count: Count, field: Field, selection: Selection, pages: Pages) -> Line:
    match field:
        case "category":
            label, narrowed = category(count.key), replace(selection, category=count.key)
        case "severity":
            label, narrowed = severity(count.key), replace(selection, severity=count.key)
        case _:
            known = count.key != ELSEWHERE
            label = pages.region(count.key) if known else ELSEWHERE_NAME
            narrowed = replace(selection, region=count.key)
    return Line(label, count.reports, count.practices, narrowed)


def _gravest_first(counts: list[Count]) -> list[Count]:
    order = list(lists().severities)
    return sorted(counts, key=lambda one: order.index(one.key) if one.key in order else len(order))
