"""Figures as a file for Excel: what leaves the organisation, so small numbers are hidden."""

import io
from collections.abc import Iterator
from datetime import datetime

from fastapi.responses import Response

from bottlenecks.dates import AMSTERDAM
from bottlenecks.desk.figures.tables import (
    ELSEWHERE_NAME,
    TABLES,
    published_groups,
    published_table,
    short_day,
    table_of,
)
from bottlenecks.desk.pages import Pages, category, file_headers, severity
from bottlenecks.desk.reports.export import CSV, XLSX
from bottlenecks.desk.spreadsheet import Cell, Column, write_csv, write_xlsx
from bottlenecks.roles import Scope
from bottlenecks.small_counts import (
    EXPLANATION,
    SIGN,
    Published,
    is_small,
    published,
)
from bottlenecks.store import Work
from bottlenecks.store.figures import ELSEWHERE, Count, Duration, Selection

TITLE = "Cijfers"
MEDIA_TYPES = {"csv": CSV, "xlsx": XLSX}
COLUMNS = (
    Column("onderdeel", 22),
    Column("wat", 44, wraps=True),
    Column("meldingen", 12),
    Column("praktijken", 12),
    Column("helft binnen (uren)", 20),
    Column("9 van de 10 binnen (uren)", 26),
)
# as many as anybody reads; what is in none of them is a line of its own
GROUPS = 25


def rows(selection: Selection, scope: Scope, work: Work, pages: Pages) -> Iterator[list[Cell]]:
    """The lines of the file, `COLUMNS` wide."""
    yield from _about(selection, pages)
    figures, these = work.figures, (selection, scope, AMSTERDAM)
    [total] = published([figures.total(*these)])
    yield _counted("alles", "alle meldingen", total)
    for name in TABLES:
        table = table_of(name, selection, scope, work, pages)
        for label, count in published_table(table, scope, work):
            yield _counted(table.title.lower(), label, count)
    yield _duration("eerste antwoord", "vanaf de melding", figures.first_answer(*these))
    yield _duration("oplossing", "vanaf de melding", figures.solution(*these))
    groups = figures.groups(*these, limit=GROUPS)
    if groups:
        rest = figures.outside([group.number for group in groups], *these)
        names = [*(f"{group.number}. {group.title}" for group in groups), "geen van deze groepen"]
        for name, count in published_groups(names, groups, rest, selection, scope, work):
            yield _counted("groep", name, count)


def response(lines: Iterator[list[Cell]], extension: str, now: datetime) -> Response:
    """The file, to be kept under a name with the day."""
    file = io.BytesIO()
    if extension == "csv":
        write_csv(file, COLUMNS, lines, AMSTERDAM)
    else:
        write_xlsx(file, COLUMNS, lines, AMSTERDAM, title=TITLE, made_at=now)
    name = f"cijfers-{now.astimezone(AMSTERDAM):%Y-%m-%d}.{extension}"
    return Response(file.getvalue(), media_type=MEDIA_TYPES[extension], headers=file_headers(name))


def _about(selection: Selection, pages: Pages) -> Iterator[list[Cell]]:
    days = f"{short_day(selection.since)} t/m {short_day(selection.until)}"
    yield _told("periode", days)
    if selection.region is not None:
        known = selection.region != ELSEWHERE
        yield _told("regio", pages.region(selection.region) if known else ELSEWHERE_NAME)
    if selection.category is not None:
        yield _told("soort", category(selection.category))
    if selection.severity is not None:
        yield _told("ernst", severity(selection.severity))
    yield _told("toelichting", EXPLANATION)


def _told(what: str, text: str) -> list[Cell]:
    return [what, text, None, None, None, None]


def _counted(part: str, what: str, count: Published) -> list[Cell]:
    hidden = count.reports is None
    numbers: list[Cell] = [SIGN, SIGN] if hidden else [count.reports, count.practices]
    return [part, what, *numbers, None, None]


def _duration(part: str, what: str, duration: Duration) -> list[Cell]:
    """Without how many reports it is over: from all of them, the rest could be computed."""
    if duration.median is None or duration.ninetieth is None:
        return [part, what, None, None, None, None]
    if is_small(Count("", duration.number, duration.practices)):
        return [part, what, None, None, SIGN, SIGN]
    return [part, what, None, None, round(duration.median, 1), round(duration.ninetieth, 1)]
