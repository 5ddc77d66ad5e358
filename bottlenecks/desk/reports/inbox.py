"""The inbox: reports that a filter gives, and changes of several at once."""

from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from wtforms import SelectField
from wtforms.validators import Optional

from bottlenecks.dates import AMSTERDAM
from bottlenecks.desk.context import DeskContext
from bottlenecks.desk.pages import Pages, ago, deadline
from bottlenecks.desk.questions.topic_names import topic_name
from bottlenecks.desk.reports import filters
from bottlenecks.desk.reports.forms import NOBODYS, status_choices
from bottlenecks.desk.reports.handling import Step, handle, take_if_nobodys
from bottlenecks.desk.session import DeskForm, Handler, Sent, SignedIn, form_for
from bottlenecks.lists import lists
from bottlenecks.roles import Officer
from bottlenecks.signals import reports_in_words
from bottlenecks.store import Work
from bottlenecks.store.report_search import NOBODY, OTHER_REGION, Order, ReportFilter, ReportRow
from bottlenecks.workflow import DESK_LABELS, OPEN, MoveNotAllowedError, Status

PAGE_SIZE = 50
PATH = "/beheer/meldingen"
ORDER_LABELS = {
    Order.DEADLINE: "Termijn (te laat bovenaan)",
    Order.SEVERITY: "Ernst",
    Order.NEWEST: "Nieuwste eerst",
    Order.OLDEST: "Oudste eerst",
    Order.CHANGED: "Laatst gewijzigd",
}


class BulkForm(DeskForm):
    """What happens to the reports that were ticked."""

    status = SelectField("Status", validators=[Optional()])
    eigenaar = SelectField("Eigenaar", validators=[Optional()])


@dataclass(frozen=True)
class Line:
    """A report in the list, with what depends on the moment."""

    row: ReportRow
    age: str
    is_late: bool
    due: str
    owner: str


@dataclass(frozen=True)
class Tab:
    """A link above the list that shows reports in some states."""

    name: str
    query: str
    count: int
    is_shown: bool


def router(desk: DeskContext, pages: Pages) -> APIRouter:
    """The routes of the inbox."""
    routes = APIRouter()

    @routes.get(PATH)
    def inbox(request: Request, officer: SignedIn) -> Response:
        wanted = wanted_in(request, officer, desk)
        page = filters.page_of(request.query_params)
        with desk.database.reading() as work:
            found = work.search.page(
                wanted, officer.scope, AMSTERDAM, offset=(page - 1) * PAGE_SIZE, limit=PAGE_SIZE
            )
            handlers = work.officers.handlers()
            names = work.officers.names({row.owner_id for row in found.rows if row.owner_id})
            now = work.now()
        return pages.show(
            request,
            "inbox.html",
            officer=officer,
            wanted=wanted,
            query=filters.to_query(wanted),
            lines=[_line(row, names, now) for row in found.rows],
            total=found.total,
            everywhere=sum(found.counts.values()),
            everywhere_query=filters.to_query(wanted, statuses=()),
            quick=_quick(wanted, officer, desk),
            tabs=_tabs(wanted, found.counts),
            page=page,
            last_page=max(1, -(-found.total // PAGE_SIZE)),
            page_query=lambda number: filters.to_query(wanted, page=number),
            options=options(desk, officer, handlers),
            narrowed=_narrowed(wanted),
            panel_open=_panel_open(wanted, officer),
            bulk=_bulk_form(request, handlers),
        )

    @routes.post(PATH)
    def bulk(request: Request, officer: Handler, data: Sent) -> Response:
        with desk.database.reading() as work:
            form = _bulk_form(request, work.officers.handlers(), data)
        here = f"{PATH}?{request.url.query}"
        if not form.validate():
            return pages.done(
                here, " ".join(form.errors.get("csrf_token", ["Kies opnieuw."])), kind="alarm"
            )
        chosen = [str(one) for one in data.getlist("melding")][:PAGE_SIZE]
        if not chosen:
            return pages.done(here, "Je hebt geen melding aangevinkt.", kind="warn")
        if data.get("groep"):
            query = urlencode([("melding", one) for one in chosen])
            return RedirectResponse(f"/beheer/groepen/nieuw?{query}", status_code=303)
        if not form.status.data and not form.eigenaar.data:
            return pages.done(here, "Kies een status of een eigenaar.", kind="warn")
        changed, refused = _change_all(desk, officer, chosen, form)
        desk.wake()
        text = f"{reports_in_words(changed)} aangepast."
        if refused:
            text += f" Niet aangepast: {', '.join(refused)}. Daar kan deze stap niet."
        return pages.done(here, text, kind="warn" if refused else "good")

    return routes


def wanted_in(request: Request, officer: Officer, desk: DeskContext) -> ReportFilter:
    """The filter that the URL asks for."""
    return filters.from_query(request.query_params, officer.id, regions=desk.regions)


def options(desk: DeskContext, officer: Officer, handlers: list[Officer]) -> dict[str, object]:
    """What can be chosen from in the filter."""
    seen = desk.regions_of(officer.scope)
    if officer.scope.all_regions:
        seen[OTHER_REGION] = "andere regio of onbekend"
    return {
        "categories": {entry.id: entry.name for entry in lists().categories.values()},
        "severities": {entry.id: entry.name for entry in lists().severities.values()},
        "regions": seen,
        "owners": {
            officer.id: "ik",
            NOBODY: "niemand",
            **{one.id: one.name for one in handlers if one.id != officer.id},
        },
        "orders": ORDER_LABELS,
    }


def _bulk_form(request: Request, handlers: list[Officer], data: Sent | None = None) -> BulkForm:
    form = form_for(request, BulkForm, data)
    # who is turned away hears why, so that is done one by one
    offered = (Status.IN_PROGRESS, Status.WAITING, Status.FORWARDED, Status.SOLVED)
    form.status.choices = [("", "status…"), *status_choices(offered)]
    form.eigenaar.choices = [
        ("", "eigenaar…"),
        (NOBODYS, "niemand"),
        *((one.id, one.name) for one in handlers),
    ]
    return form


def _change_all(
    desk: DeskContext, officer: Officer, references: list[str], form: BulkForm
) -> tuple[int, list[str]]:
    """How many reports changed, and which could not; each in a transaction of its own."""
    status, _, organisation = str(form.status.data or "").partition(":")
    owner = str(form.eigenaar.data or "")
    changed, refused = 0, []
    for reference in references:
        try:
            with desk.database.work() as work:
                _change(work, desk, officer, reference, status, organisation, owner)
            changed += 1
        except (LookupError, MoveNotAllowedError):
            refused.append(reference)
    return changed, refused


def _change(
    work: Work,
    desk: DeskContext,
    officer: Officer,
    reference: str,
    status: str,
    organisation: str,
    owner: str,
) -> None:
    case = work.cases.get(reference, officer.scope)
    if case is None:
        raise LookupError(reference)
    if status and Status(status) is not case.status:
        handle(
            work, desk, officer, case, Step(to=Status(status), organisation=organisation or None)
        )
        if not owner:
            take_if_nobodys(work, officer, case)
    if owner:
        new_owner = None if owner == NOBODYS else owner
        known = work.officers.get(new_owner) if new_owner else None
        if known is not None and not known.officer.scope.sees(case.region):
            raise LookupError(reference)
        work.cases.assign(reference, officer.scope, new_owner, actor=officer.id)
    work.audit.add(officer.id, "melding-gewijzigd", reference, status=status, eigenaar=owner)


def _line(row: ReportRow, names: dict[str, str], now: datetime) -> Line:
    due, late = deadline(row.due_at, now)
    return Line(row, ago(row.created_at, now), late, due, names.get(row.owner_id or "", ""))


def _tabs(wanted: ReportFilter, counts: dict[Status, int]) -> list[Tab]:
    groups: list[tuple[str, tuple[Status, ...]]] = [
        ("Openstaand", tuple(status for status in Status if status in OPEN)),
        ("Alle", ()),
        *((DESK_LABELS[status].capitalize(), (status,)) for status in Status),
    ]
    return [
        Tab(
            name,
            filters.to_query(wanted, statuses=statuses),
            sum(counts.get(status, 0) for status in statuses or tuple(Status)),
            set(statuses) == set(wanted.statuses),
        )
        for name, statuses in groups
    ]


def _quick(wanted: ReportFilter, officer: Officer, desk: DeskContext) -> list[Tab]:
    """Filters of one click, that can be taken off again."""
    mine, nobodys = wanted.owner == officer.id, wanted.owner == NOBODY
    about = f"Onderwerp: {topic_name(desk.knowledge, wanted.topic)}"
    # it comes from the page of a topic, and is not chosen here
    topics = [Tab(about, filters.to_query(wanted, topic=None), 0, True)] if wanted.topic else []
    return [
        *topics,
        Tab("Van mij", filters.to_query(wanted, owner=None if mine else officer.id), 0, mine),
        Tab(
            "Zonder eigenaar",
            filters.to_query(wanted, owner=None if nobodys else NOBODY),
            0,
            nobodys,
        ),
        Tab(
            "Nieuwe reactie",
            filters.to_query(wanted, has_reaction=not wanted.has_reaction),
            0,
            wanted.has_reaction,
        ),
        Tab("Te laat", filters.to_query(wanted, overdue=not wanted.overdue), 0, wanted.overdue),
    ]


def _panel_open(wanted: ReportFilter, officer: Officer) -> bool:
    """Whether a filter of the panel is used: not one that stands above it."""
    quick = (None, NOBODY, officer.id)
    return _narrowed(
        replace(
            wanted,
            words="",
            topic=None,
            overdue=False,
            has_reaction=False,
            owner=None if wanted.owner in quick else wanted.owner,
        )
    )


def _narrowed(wanted: ReportFilter) -> bool:
    return wanted != ReportFilter(statuses=wanted.statuses, order=wanted.order)
