"""The page on which an officer picks reports to quote."""

from collections.abc import Sequence
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response
from starlette.datastructures import QueryParams

from bottlenecks.dates import AMSTERDAM
from bottlenecks.desk.context import DeskContext
from bottlenecks.desk.meeting.access import PATH, found, saved
from bottlenecks.desk.meeting.content import chosen_groups, period, regions
from bottlenecks.desk.meeting.forms import QuoteForm
from bottlenecks.desk.pages import Pages
from bottlenecks.desk.reports import filters
from bottlenecks.desk.session import EXPIRED, Handler, Sent, form_for
from bottlenecks.lists import lists
from bottlenecks.quotes import quotable
from bottlenecks.roles import Officer
from bottlenecks.store import Work
from bottlenecks.store.meeting_reports import MeetingDraft, Quote
from bottlenecks.store.report_search import Order, ReportFilter, ReportRow
from bottlenecks.workflow import Status

A_PAGE = 20
MOST = 20
FULL = f"Er staan al {MOST} citaten in dit verslag. Haal er eerst een weg."
KEPT = frozenset({"zoek", "soort", "groep", "pagina"})


def router(desk: DeskContext, pages: Pages) -> APIRouter:
    """The routes of the page."""
    routes = APIRouter()

    @routes.get(PATH + "/{draft_id}/citaten")
    def choose(request: Request, officer: Handler, draft_id: str) -> Response:
        return _page(request, officer, draft_id)

    @routes.post(PATH + "/{draft_id}/citaten")
    def quote(request: Request, officer: Handler, draft_id: str, data: Sent) -> Response:
        form = form_for(request, QuoteForm, data)
        if not form.validate():
            return _page(request, officer, draft_id, problem=EXPIRED)
        reference = str(form.melding.data)
        with desk.database.reading() as work:
            view = found(work, officer, draft_id)
            draft = view.draft
            reports = work.meeting_reports.quotable([reference], draft, officer.scope, AMSTERDAM)
            practices = work.meeting_reports.practice_names()
        if reference not in reports:
            raise HTTPException(404)
        if len(draft.quotes) >= MOST:
            return _page(request, officer, draft_id, problem=FULL)
        report = reports[reference]
        clean = quotable(report.description, practices, report.practice)
        try:
            with desk.database.work() as work:
                is_new = work.meeting_reports.quote(
                    draft_id, officer.scope, Quote(reference, clean.text), actor=officer.id
                )
                if is_new:
                    work.audit.add(officer.id, "melding-geciteerd", reference, verslag=draft.title)
        except LookupError as error:
            raise HTTPException(404) from error
        said = f"Het citaat uit {reference} staat in je verslag. Daar kun je het nog inkorten."
        url = f"{PATH}/{draft_id}/citaten?{_kept(request.query_params)}"
        return saved(pages, url, said, clean.removed)

    def _page(request: Request, officer: Officer, draft_id: str, *, problem: str = "") -> Response:
        asked = request.query_params
        with desk.database.reading() as work:
            view = found(work, officer, draft_id)
            draft = view.draft
            counted, _ = chosen_groups(work, draft, draft.scope(officer.scope))
            groups = {one.number: one.title for one in counted}
            words, kind = asked.get("zoek", "")[:200], asked.get("soort", "")
            chosen = next((one for one in groups if str(one) == asked.get("groep")), None)
            page = filters.page_of(asked)
            if chosen is None:
                rows, total = _searched(work, officer, draft, words, kind, page)
            else:
                group = work.groups.get(chosen, officer.scope)
                members = [row.reference for row in group.members] if group else []
                inside = work.meeting_reports.quotable(members, draft, officer.scope, AMSTERDAM)
                rows, total = _picked(list(inside.values()), words, kind, page)
        return pages.show(
            request,
            "roaz_quotes.html",
            officer=officer,
            status_code=422 if problem else 200,
            path=PATH,
            view=view,
            rows=rows,
            total=total,
            page=page,
            last_page=max(-(-total // A_PAGE), 1),
            quoted={one.reference for one in draft.quotes},
            groups=groups,
            kinds={one.id: one.name for one in lists().categories.values()},
            words=words,
            kind=kind,
            group=chosen,
            query=_kept(asked),
            page_query=lambda number: _kept(asked, page=number),
            period=period(draft),
            regions=regions(draft, pages),
            form=form_for(request, QuoteForm),
            problem=problem,
        )

    return routes


def _searched(
    work: Work, officer: Officer, draft: MeetingDraft, words: str, kind: str, page: int
) -> tuple[Sequence[ReportRow], int]:
    """The reports of a page, the gravest first, and how many there are."""
    wanted = ReportFilter(
        statuses=tuple(one for one in Status if one is not Status.WITHDRAWN),
        categories=(kind,) if kind in lists().categories else (),
        regions=draft.regions,
        since=draft.since,
        until=draft.until,
        words=words,
        order=Order.SEVERITY,
    )
    first = (page - 1) * A_PAGE
    found = work.search.page(wanted, officer.scope, AMSTERDAM, offset=first, limit=A_PAGE)
    return found.rows, found.total


def _picked(
    rows: list[ReportRow], words: str, kind: str, page: int
) -> tuple[Sequence[ReportRow], int]:
    """The same, of the reports of a group."""
    looked_for = words.casefold().split()
    order = list(lists().severities)
    inside = [
        row
        for row in rows
        if kind in ("", row.category)
        and all(word in row.description.casefold() for word in looked_for)
    ]
    inside.sort(key=lambda row: row.created_at, reverse=True)
    inside.sort(key=lambda row: order.index(row.severity))
    return inside[(page - 1) * A_PAGE : page * A_PAGE], len(inside)


def _kept(asked: QueryParams, **changes: int) -> str:
    """The query of the list as it is looked at."""
    pairs = {name: value for name, value in asked.items() if name in KEPT and value}
    if "page" in changes:
        pairs["pagina"] = str(changes["page"])
    return urlencode(pairs)
