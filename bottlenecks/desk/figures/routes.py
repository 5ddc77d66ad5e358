"""Figures: counts, times and tipping points, with pictures."""

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from bottlenecks.dates import AMSTERDAM
from bottlenecks.desk.context import DeskContext
from bottlenecks.desk.figures import file
from bottlenecks.desk.figures.query import PERIODS, THIS_YEAR, Asked, asked_in, reports_query
from bottlenecks.desk.figures.tables import (
    ELSEWHERE_NAME,
    TABLES,
    WEEK,
    Table,
    short_day,
    since_first_report,
    table_of,
    took,
)
from bottlenecks.desk.figures.tipping_points import tipping_points
from bottlenecks.desk.groups.members import PATH as GROUPS
from bottlenecks.desk.pages import Pages
from bottlenecks.desk.reports.inbox import PATH as REPORTS
from bottlenecks.desk.session import SignedIn
from bottlenecks.desk.signals.routes import PATH as SIGNALS
from bottlenecks.lists import lists
from bottlenecks.roles import Officer
from bottlenecks.store import Work
from bottlenecks.store.figures import ELSEWHERE
from bottlenecks.workflow import Status
from knowledge.model import Source

PATH = "/beheer/cijfers"
# the topic that tells of the tipping points
POINTS = "opschaling/kantelpunten"
LARGEST = 10
SVG = "image/svg+xml"
# a picture brings its own look along, and may do nothing else
SVG_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
NARROW = "smal=ja"


def router(desk: DeskContext, pages: Pages) -> APIRouter:
    """The routes of this part of the desk."""
    routes = APIRouter()
    point_sources = _point_sources(desk)

    def shown_table(name: str, asked: Asked, officer: Officer, work: Work) -> Table:
        table = table_of(name, asked.selection, officer.scope, work, pages)
        if asked.period != THIS_YEAR:
            return table
        # what came before the desk was there says nothing
        return since_first_report(table, work.figures.first_day(officer.scope, AMSTERDAM))

    @routes.get(PATH)
    def page(request: Request, officer: SignedIn) -> Response:
        with desk.database.reading() as work:
            asked = _asked(request, desk, officer, work)
            figures, these = work.figures, (asked.selection, officer.scope, AMSTERDAM)
            shown = {
                "total": figures.total(*these),
                "before": figures.total(asked.before, officer.scope, AMSTERDAM),
                "first_answer": figures.first_answer(*these),
                "solution": figures.solution(*these),
                "groups": figures.groups(*these, limit=LARGEST),
                "tables": [shown_table(name, asked, officer, work) for name in TABLES],
                "points": tipping_points(
                    desk.knowledge, asked.selection.region, officer.scope, work, work.today()
                ),
            }
        solved = (Status.SOLVED,)
        return pages.show(
            request,
            "figures.html",
            status_code=422 if asked.problem else 200,
            officer=officer,
            asked=asked,
            query=asked.query(),
            narrow=NARROW,
            reports=f"{REPORTS}?{reports_query(asked.selection)}",
            solved=f"{REPORTS}?{reports_query(asked.selection, statuses=solved)}",
            reports_path=REPORTS,
            days=f"{short_day(asked.selection.since)} t/m {short_day(asked.selection.until)}",
            periods={name: (text, asked.query(period=name)) for name, text in PERIODS.items()},
            regions=_regions(desk, officer),
            categories={one.id: one.name for one in lists().categories.values()},
            severities={one.id: one.name for one in lists().severities.values()},
            point_sources=point_sources,
            point_topic=desk.knowledge.topics.get(POINTS),
            signals_path=SIGNALS,
            groups_path=GROUPS,
            took=took,
            **shown,
        )

    @routes.get(PATH + "/{name}.svg")
    def picture(name: str, request: Request, officer: SignedIn) -> Response:
        from bottlenecks.desk.figures import charts  # here, because its library is large

        if name not in TABLES:
            raise HTTPException(404)
        with desk.database.reading() as work:
            asked = _asked(request, desk, officer, work)
            table = shown_table(name, asked, officer, work)
        draw = charts.per_week if name == WEEK else charts.ranked
        bars = [charts.Bar(line.label, line.reports, line.practices) for line in table.lines]
        narrow = NARROW in request.url.query.split("&")
        return Response(
            draw(table.title, bars, narrow=narrow),
            media_type=SVG,
            headers={"Content-Security-Policy": SVG_POLICY},
        )

    @routes.get(PATH + "/cijfers.{extension}")
    def download(extension: str, request: Request, officer: SignedIn) -> Response:
        if extension not in file.MEDIA_TYPES:
            raise HTTPException(404)
        with desk.database.reading() as work:
            asked = _asked(request, desk, officer, work)
            lines = list(file.rows(asked.selection, officer.scope, work, pages))
            now = work.now()
        if asked.problem:
            return page(request, officer)
        with desk.database.work() as work:
            subject = f"cijfers.{extension}"
            work.audit.add(officer.id, "cijfers-opgehaald", subject, filter=asked.query())
        return file.response(iter(lines), extension, now)

    return routes


def _asked(request: Request, desk: DeskContext, officer: Officer, work: Work) -> Asked:
    return asked_in(request.query_params, work.today(), _regions(desk, officer))


def _regions(desk: DeskContext, officer: Officer) -> dict[str, str]:
    """The regions that can be chosen, by id."""
    seen = desk.regions_of(officer.scope)
    return seen | ({ELSEWHERE: ELSEWHERE_NAME} if officer.scope.all_regions else {})


def _point_sources(desk: DeskContext) -> list[Source]:
    """The documents that tipping points come from."""
    points = desk.knowledge.tipping_points.values()
    documents = dict.fromkeys(ref.document for point in points for ref in point.sources)
    return [desk.knowledge.sources[name] for name in documents]
