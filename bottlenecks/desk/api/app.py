"""Reports as JSON for an organisation's own reporting: read only, per token and its regions."""

from typing import Annotated, Any

from fastapi import FastAPI, HTTPException, Path, Query
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException as AnyHTTPException

from bottlenecks.dates import AMSTERDAM
from bottlenecks.desk.api.access import (
    PER_TOKEN,
    Asking,
    Pace,
    documented,
    not_valid,
    refused,
    unavailable,
)
from bottlenecks.desk.api.models import (
    EXAMPLE,
    CategoryOut,
    EventOut,
    PhaseOut,
    RegionOut,
    ReportOut,
    ReportsOut,
    ReportsQuery,
    ReportWithEventsOut,
    SeverityOut,
    StatusOut,
)
from bottlenecks.desk.context import DeskContext
from bottlenecks.lists import lists
from bottlenecks.store.report_api import ApiFilter, ApiReport
from bottlenecks.store.report_search import OTHER_REGION
from bottlenecks.workflow import DESK_LABELS, OPEN, Status

ABOUT = """
Reads the reports of bottlenecks in general practice that the regional organisations of your token
handle. Nothing can be changed here.

Every request needs a token, which gives the reports of some regions or of all. Names of practices,
texts of internal notes and names of officers are not in it: reporting does not need them.

Ids and names are Dutch, as the desk shows them. Moments are UTC.
"""


class _Api(FastAPI):
    """Says in its OpenAPI document which regions there are: they come from outside."""

    def openapi(self) -> dict[str, Any]:
        document = super().openapi()
        for parameter in document["paths"]["/reports"]["get"]["parameters"]:
            if parameter["name"] == "region":
                parameter["schema"]["items"]["enum"] = _known_regions(self.state.desk)
        return document


def api(desk: DeskContext, *, pace: str = PER_TOKEN) -> FastAPI:
    """An application of its own, to be mounted at /api/v1.

    Args:
        desk: what it reads from.
        pace: how often one token may ask, as the library `limits` writes it.
    """
    app = _Api(
        title="Regiowijzer: reports",
        version="1",
        description=ABOUT,
        # those pages load scripts from elsewhere
        docs_url=None,
        redoc_url=None,
        responses=documented(401, 429),
    )
    app.add_exception_handler(AnyHTTPException, refused)
    app.add_exception_handler(RequestValidationError, not_valid)
    app.add_exception_handler(DBAPIError, unavailable)
    app.state.desk = desk
    app.state.pace = Pace(pace)
    _add_reports(app, desk)
    _add_lists(app, desk)
    return app


def _add_reports(app: FastAPI, desk: DeskContext) -> None:
    @app.get("/reports", summary="Reports", responses=documented(422))
    def reports(asking: Asking, query: Annotated[ReportsQuery, Query()]) -> ReportsOut:
        """Reports in the order of filing, a page at a time.

        Each report is on one page only, also while new ones are filed: those come last.
        """
        if unknown := set(query.region) - set(_known_regions(desk)):
            raise HTTPException(422, f"query.region: unknown: {', '.join(sorted(unknown))}")
        wanted = ApiFilter(
            tuple(query.status),
            tuple(query.category),
            tuple(query.region),
            tuple(query.severity),
            query.since,
            query.until,
            query.changed_since,
        )
        with desk.database.reading() as work:
            read_at = work.now()
            found, more = work.api_reports.page(
                wanted, asking.scope, AMSTERDAM, after=query.after, limit=query.limit
            )
        asking.has_read("/reports", len(found))
        return ReportsOut(
            reports=[ReportOut.model_validate(_fields(report)) for report in found],
            next=found[-1].reference if more else None,
            read_at=read_at,
        )

    @app.get("/reports/{reference}", summary="One report", responses=documented(404, 422))
    def report(
        asking: Asking,
        reference: Annotated[str, Path(description="Its number.", examples=[EXAMPLE])],
    ) -> ReportWithEventsOut:
        """One report, and what happened to it."""
        with desk.database.reading() as work:
            found = work.api_reports.get(reference, asking.scope)
        if found is None:
            raise HTTPException(404, "There is no such report in the regions of your token.")
        report, events = found
        asking.has_read(report.reference, 1)
        return ReportWithEventsOut(
            **_fields(report), events=[EventOut.model_validate(event) for event in events]
        )


def _add_lists(app: FastAPI, desk: DeskContext) -> None:
    @app.get("/regions", summary="Regions")
    def regions(asking: Asking) -> list[RegionOut]:
        """The regions of which your token gives reports."""
        seen = desk.regions_of(asking.scope)
        asking.has_read("/regions", len(seen))
        return [RegionOut(id=id_, name=name) for id_, name in seen.items()]

    @app.get("/categories", summary="Categories")
    def categories(asking: Asking) -> list[CategoryOut]:
        """What a report can be about."""
        known = lists().categories.values()
        asking.has_read("/categories", len(known))
        return [CategoryOut.model_validate(entry) for entry in known]

    @app.get("/severities", summary="Severities")
    def severities(asking: Asking) -> list[SeverityOut]:
        """How serious a report can be, and the deadline that goes with it."""
        known = lists().severities.values()
        asking.has_read("/severities", len(known))
        return [SeverityOut.model_validate(entry) for entry in known]

    @app.get("/statuses", summary="States")
    def statuses(asking: Asking) -> list[StatusOut]:
        """The states of a report."""
        asking.has_read("/statuses", len(Status))
        return [
            StatusOut(id=status, name=DESK_LABELS[status], is_open=status in OPEN)
            for status in Status
        ]

    @app.get("/phases", summary="Current phases")
    def phases(asking: Asking) -> list[PhaseOut]:
        """The phase of scaling up that is in force, of each region of your token."""
        with desk.database.reading() as work:
            current = work.regional.phases()
        found = []
        for region in desk.regions:
            if not asking.scope.sees(region):
                continue
            view = current.get(region)
            found.append(
                PhaseOut(
                    region=region,
                    phase=view.phase if view else None,
                    name=desk.phases.get(view.phase or "") if view else None,
                    since=view.since if view else None,
                    notice=view.notice if view else None,
                    set_at=view.set_at if view else None,
                )
            )
        asking.has_read("/phases", len(found))
        return found


def _known_regions(desk: DeskContext) -> list[str]:
    return [*desk.regions, OTHER_REGION]


def _fields(report: ApiReport) -> dict[str, Any]:
    return {**vars(report), "is_open": report.status in OPEN}
