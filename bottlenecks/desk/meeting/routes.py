"""The report for the ROAZ table or the weekly meeting, as a Word document."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from bottlenecks.dates import AMSTERDAM
from bottlenecks.desk.context import DeskContext
from bottlenecks.desk.meeting import quotes
from bottlenecks.desk.meeting.access import PATH, found, saved
from bottlenecks.desk.meeting.content import make, period, regions
from bottlenecks.desk.meeting.forms import (
    PERIODS,
    USUAL,
    MeetingForm,
    RemoveForm,
    StartForm,
    draft_of,
    quote_field,
    quote_problem,
    typed_quotes,
    values_of,
    whole_weeks,
)
from bottlenecks.desk.pages import Pages, file_headers
from bottlenecks.desk.reports import filters
from bottlenecks.desk.reports.handling import screened
from bottlenecks.desk.session import Handler, Sent, SignedIn, form_for
from bottlenecks.roaz_document import HEADINGS, lines_of
from bottlenecks.roles import Officer, Role
from bottlenecks.store import Work
from bottlenecks.store.figures import Selection
from bottlenecks.store.meeting_reports import MeetingDraft, MeetingView
from bottlenecks.store.report_desk import ChangedMeanwhileError

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TITLE = "Knelpunten in de huisartsenzorg"
AUDIENCE = "ROAZ-overleg"
# groups that are ticked in a new report, and that can be ticked
LARGEST, OFFERED = 5, 25
CHANGED = (
    "Dit verslag is net gewijzigd, door een collega of in een ander venster. Wat jij invulde, "
    "staat hieronder nog. Sla het opnieuw op als het zo moet worden."
)
# what the buttons of the form lead to
AHEAD = {"bekijken": "/bekijken", "citaten": "/citaten"}


def router(desk: DeskContext, pages: Pages) -> APIRouter:
    """The routes of this part of the desk."""
    routes = APIRouter()
    routes.include_router(quotes.router(desk, pages))

    @routes.get(PATH)
    def overview(request: Request, officer: SignedIn) -> Response:
        return _overview(request, officer, _start_form(request, officer, None))

    @routes.post(PATH)
    def begin(request: Request, officer: Handler, data: Sent) -> Response:
        form = _start_form(request, officer, data)
        if not form.validate():
            return _overview(request, officer, form, status_code=422)
        since, until = form.days()
        audience = screened(str(form.voor.data))
        draft = MeetingDraft(
            TITLE,
            audience.text,
            officer.name,
            since,
            until,
            regions=form.regions(officer.scope),
        )
        with desk.database.reading() as work:
            largest = work.figures.groups(
                Selection(since, until), draft.scope(officer.scope), AMSTERDAM, limit=LARGEST
            )
        draft = replace(draft, groups=tuple(sorted(group.number for group in largest)))
        with desk.database.work() as work:
            draft_id = work.meeting_reports.add(draft, actor=officer.id)
            work.audit.add(officer.id, "verslag-begonnen", draft.title, **_told(draft))
        said = "Je verslag is begonnen. Vul het aan; wat je opslaat, vind je hier terug."
        return pages.done(f"{PATH}/{draft_id}", said)

    @routes.get(PATH + "/{draft_id}")
    def edit(request: Request, officer: SignedIn, draft_id: str) -> Response:
        if not officer.may(Role.HANDLER):
            return RedirectResponse(f"{PATH}/{draft_id}/bekijken", status_code=303)
        return _form_page(request, officer, draft_id, None)

    @routes.post(PATH + "/{draft_id}")
    def save(request: Request, officer: Handler, draft_id: str, data: Sent) -> Response:
        with desk.database.reading() as work:
            view = found(work, officer, draft_id)
            practices = work.meeting_reports.practice_names()
        form = _form(request, officer, view, data)
        quotes = typed_quotes(view.draft, data)
        if not form.validate() or quote_problem(quotes):
            return _form_page(request, officer, draft_id, data)
        references = [one.reference for one in quotes]
        with desk.database.reading() as work:
            reports = work.meeting_reports.quotable(
                references, view.draft, officer.scope, AMSTERDAM
            )
        known = {one.reference for one in view.draft.quotes} | reports.keys()
        quotes = [one for one in quotes if one.reference in known]
        draft, removed = draft_of(form, quotes, reports, practices, officer.scope)
        try:
            with desk.database.work() as work:
                work.meeting_reports.change(
                    draft_id,
                    officer.scope,
                    draft,
                    actor=officer.id,
                    version=int(form.versie.data or 0),
                )
                work.audit.add(officer.id, "verslag-gewijzigd", draft.title, **_told(draft))
        except ChangedMeanwhileError:
            return _form_page(request, officer, draft_id, data, problem=CHANGED)
        except LookupError as error:
            raise HTTPException(404) from error
        ahead = AHEAD.get(str(data.get("verder") or ""), "")
        return saved(pages, f"{PATH}/{draft_id}{ahead}", "Opgeslagen.", removed)

    @routes.get(PATH + "/{draft_id}/bekijken")
    def look(request: Request, officer: SignedIn, draft_id: str) -> Response:
        with desk.database.reading() as work:
            view = found(work, officer, draft_id)
            made = make(work, desk, pages, officer, view.draft)
            names = work.officers.names({view.updated_by})
        return pages.show(
            request,
            "roaz_preview.html",
            officer=officer,
            path=PATH,
            view=view,
            content=made.document,
            warnings=made.warnings,
            headings=HEADINGS,
            lines_of=lines_of,
            names=names,
        )

    @routes.get(PATH + "/{draft_id}/verslag.docx")
    def download(officer: SignedIn, draft_id: str) -> Response:
        from bottlenecks.roaz_word import write  # here, because its library is large

        with desk.database.reading() as work:
            view = found(work, officer, draft_id)
            made = make(work, desk, pages, officer, view.draft)
        file = write(made.document)
        with desk.database.work() as work:
            work.audit.add(officer.id, "verslag-opgehaald", view.draft.title, **_told(view.draft))
        name = f"verslag-{view.draft.since}-tot-en-met-{view.draft.until}.docx"
        return Response(file, media_type=DOCX, headers=file_headers(name))

    @routes.post(PATH + "/{draft_id}/weggooien")
    def remove(request: Request, officer: Handler, draft_id: str, data: Sent) -> Response:
        if not form_for(request, RemoveForm, data).validate():
            return _form_page(request, officer, draft_id, None, problem="Probeer het opnieuw.")
        with desk.database.work() as work:
            view = found(work, officer, draft_id)
            work.meeting_reports.remove(draft_id, officer.scope)
            work.audit.add(officer.id, "verslag-weggegooid", view.draft.title, **_told(view.draft))
        return pages.done(PATH, f"Weggegooid: {view.draft.title}, {period(view.draft)}.")

    def _told(draft: MeetingDraft) -> Mapping[str, Any]:
        """What the audit log keeps; no quotes, no other texts."""
        return {
            "periode": period(draft),
            "regios": regions(draft, pages),
            "groepen": list(map(str, draft.groups)),
            "citaten": [one.reference for one in draft.quotes],
        }

    def _start_form(request: Request, officer: Officer, data: FormData | None) -> StartForm:
        with desk.database.reading() as work:
            today = work.today()
        offered = desk.regions_of(officer.scope)
        asked = request.query_params
        since, until = filters.day_in(asked.get("van", "")), filters.day_in(asked.get("tot", ""))
        if since is None or until is None:
            since, until = whole_weeks(_weeks(request) or USUAL, today)
        values: dict[str, Any] = {"voor": AUDIENCE, "vanaf": since, "tot": until}
        if asked.get("regio") in offered:
            values["regio"] = [asked["regio"]]
        form = form_for(request, StartForm, data, **values)
        form.offering(offered, today)
        return form

    def _weeks(request: Request) -> int | None:
        """How many whole weeks are asked for; None for days of one's own."""
        asked = request.query_params
        wanted = asked.get("weken", "" if "van" in asked else str(USUAL))
        return next((number for number in PERIODS if str(number) == wanted), None)

    def _overview(
        request: Request, officer: Officer, form: StartForm, *, status_code: int = 200
    ) -> Response:
        with desk.database.reading() as work:
            views = work.meeting_reports.latest(officer.scope)
            names = work.officers.names({view.updated_by for view in views})
        return pages.show(
            request,
            "roaz.html",
            officer=officer,
            status_code=status_code,
            path=PATH,
            form=form,
            views=views,
            names=names,
            period=period,
            regions=lambda draft: regions(draft, pages),
            periods=PERIODS,
            weeks=_weeks(request),
        )

    def _form(
        request: Request, officer: Officer, view: MeetingView, data: FormData | None
    ) -> MeetingForm:
        with desk.database.reading() as work:
            today = work.today()
            offered = _offered_groups(work, officer, view.draft)
        form = form_for(request, MeetingForm, data, versie=view.version, **values_of(view.draft))
        form.offering(desk.regions_of(officer.scope), today)
        form.groep.choices = list(offered.items())
        # a group that is not there any more, or not to be seen
        form.groep.data = [number for number in form.groep.data or () if number in offered]
        return form

    def _offered_groups(work: Work, officer: Officer, draft: MeetingDraft) -> dict[int, str]:
        """The groups that can be ticked, by number: the largest, and those that are."""
        counted = work.figures.groups(
            Selection(draft.since, draft.until),
            draft.scope(officer.scope),
            AMSTERDAM,
            limit=OFFERED,
        )
        offered = {
            group.number: f"{group.number}. {group.title} (meldingen: {group.reports}, "
            f"praktijken: {group.practices})"
            for group in counted
        }
        for number in draft.groups:
            group = None if number in offered else work.groups.get(number, officer.scope)
            if group is not None:
                offered[number] = f"{number}. {group.row.title}"
        return offered

    def _form_page(
        request: Request,
        officer: Officer,
        draft_id: str,
        data: FormData | None,
        *,
        problem: str = "",
    ) -> Response:
        """The form; what was sent stays in it, with what is wrong with it."""
        with desk.database.reading() as work:
            view = found(work, officer, draft_id)
            names = work.officers.names({view.updated_by})
            quotes = typed_quotes(view.draft, data)
            reports = work.meeting_reports.quotable(
                [one.reference for one in quotes], view.draft, officer.scope, AMSTERDAM
            )
        form = _form(request, officer, view, data)
        if data is not None:
            form.validate()
            # whoever sends it again has seen that it was changed
            form.versie.data = form.versie.raw_data = None
            form.versie.process_data(view.version)
        return pages.show(
            request,
            "roaz_edit.html",
            officer=officer,
            status_code=422 if data is not None or problem else 200,
            path=PATH,
            view=view,
            form=form,
            quotes=quotes,
            quote_field=quote_field,
            quote_problem=quote_problem(quotes),
            reports=reports,
            names=names,
            problem=problem,
            remove=form_for(request, RemoveForm),
        )

    return routes
