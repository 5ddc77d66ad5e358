"""The list of groups: those with most reports first."""

from collections.abc import Mapping
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response

from bottlenecks.desk.context import DeskContext
from bottlenecks.desk.groups.members import PATH
from bottlenecks.desk.pages import Pages
from bottlenecks.desk.reports import filters
from bottlenecks.desk.reports.inbox import options, wanted_in
from bottlenecks.desk.session import SignedIn

PAGE_SIZE = 50


def router(desk: DeskContext, pages: Pages) -> APIRouter:
    """The route of the list."""
    routes = APIRouter()

    @routes.get(PATH)
    def overview(request: Request, officer: SignedIn) -> Response:
        wanted = wanted_in(request, officer, desk)
        page = filters.page_of(request.query_params)
        chosen = {
            "zoek": wanted.words,
            "regio": next(iter(wanted.regions), ""),
            "soort": next(iter(wanted.categories), ""),
            "status": "" if wanted.statuses else filters.ANY_STATUS,
        }
        with desk.database.reading() as work:
            found = work.groups.page(
                officer.scope,
                open_only=bool(wanted.statuses),
                words=wanted.words,
                region=chosen["regio"] or None,
                category=chosen["soort"] or None,
                offset=(page - 1) * PAGE_SIZE,
                limit=PAGE_SIZE,
            )
            names = work.officers.names({row.owner_id for row in found.rows if row.owner_id})
        return pages.show(
            request,
            "groups.html",
            officer=officer,
            rows=found.rows,
            total=found.total,
            names=names,
            chosen=chosen,
            narrowed=any(chosen[name] for name in ("zoek", "regio", "soort")),
            options=options(desk, officer, []),
            page=page,
            last_page=max(1, -(-found.total // PAGE_SIZE)),
            query=lambda **changes: _query(chosen, **changes),
            page_query=lambda number: _query(chosen, pagina=number),
        )

    return routes


def _query(chosen: Mapping[str, str], *, pagina: int = 1, **changes: str) -> str:
    pairs: dict[str, str | int] = {**chosen, **changes}
    if pagina > 1:
        pairs["pagina"] = pagina
    return urlencode({name: value for name, value in pairs.items() if value})
