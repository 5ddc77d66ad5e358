"""Which report belongs to which group: suggestions side by side, decided by people."""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from bottlenecks.desk import pages as words
from bottlenecks.desk.context import DeskContext
from bottlenecks.desk.groups.forms import MemberForm, NewGroupForm, references_in
from bottlenecks.desk.groups.handling import begin
from bottlenecks.desk.pages import Pages
from bottlenecks.desk.reports.handling import screened
from bottlenecks.desk.reports.inbox import PAGE_SIZE
from bottlenecks.desk.reports.inbox import PATH as REPORTS
from bottlenecks.desk.session import EXPIRED, Handler, Sent, SignedIn, form_for
from bottlenecks.roles import Officer
from bottlenecks.store import Work
from bottlenecks.store.group_views import AlreadyGroupedError, GroupRow, GroupView
from bottlenecks.store.report_desk import CaseView

PATH = "/beheer/groepen"
# a larger number is of no group, and too large for a database
HIGHEST = 2**31 - 1
SUGGESTED = 6
MORE = 10


def router(desk: DeskContext, pages: Pages) -> APIRouter:
    """The routes by which reports join and leave groups, and groups begin."""
    routes = APIRouter()

    @routes.get(PATH + "/nieuw")
    def new(request: Request, officer: Handler) -> Response:
        chosen = references_in(request.query_params.getlist("melding"))[:PAGE_SIZE]
        return new_page(request, officer, chosen)

    def new_page(
        request: Request,
        officer: Officer,
        chosen: Sequence[str],
        *,
        data: Any = None,
        problem: str = "",
        ticked: Sequence[str] | None = None,
    ) -> Response:
        with desk.database.reading() as work:
            found = [work.cases.get(reference, officer.scope) for reference in chosen]
            cases = [case for case in found if case is not None]
            grouped = _groups_of(work, officer, cases)
        form = form_for(request, NewGroupForm, data, titel=_title(cases, pages))
        if data is not None:
            form.validate()
        return pages.show(
            request,
            "group_new.html",
            officer=officer,
            status_code=200 if data is None else 422,
            form=form,
            problem=problem,
            cases=cases,
            grouped=grouped,
            ticked=[case.reference for case in cases if case.reference not in grouped]
            if ticked is None
            else ticked,
        )

    @routes.post(PATH + "/nieuw")
    def make(request: Request, officer: Handler, data: Sent) -> Response:
        ticked = references_in(data.getlist("melding"))[:PAGE_SIZE]
        shown = references_in(data.getlist("getoond"))[:PAGE_SIZE] or ticked

        def again(problem: str = "") -> Response:
            return new_page(request, officer, shown, data=data, problem=problem, ticked=ticked)

        form = form_for(request, NewGroupForm, data)
        if not form.validate():
            return again()
        if not ticked:
            return again("Vink minstens één melding aan.")
        try:
            return _begin(officer, form, ticked)
        except AlreadyGroupedError as error:
            return again(already_in(error))
        except LookupError as error:
            return again(not_there(error))

    @routes.get(PATH + "/bij/{reference}")
    def beside(request: Request, officer: SignedIn, reference: str) -> Response:
        return beside_page(request, officer, reference)

    def beside_page(
        request: Request,
        officer: Officer,
        reference: str,
        *,
        data: Any = None,
        problem: str = "",
        ticked: Sequence[str] | None = None,
    ) -> Response:
        """A report beside those that it may belong to."""
        with desk.database.work() as work:
            case = _case(work, officer, reference)
            own = work.groups.of(reference, officer.scope)
            found = work.groups.suggest(reference, officer.scope, limit=SUGGESTED)
            read = [one.alike.reference for one in found.groups]
            read += [one.row.reference for one in found.reports]
            work.audit.add(officer.id, "melding-vergeleken", reference, meldingen=read)
        form = form_for(request, NewGroupForm, data, titel=_title([case], pages))
        if data is not None:
            form.validate()
        return pages.show(
            request,
            "group_beside.html",
            officer=officer,
            status_code=200 if data is None else 422,
            case=case,
            own=own,
            found=found,
            form=form,
            problem=problem,
            ticked=[one.row.reference for one in found.reports if not one.less_sure]
            if ticked is None
            else ticked,
        )

    @routes.post(PATH + "/bij/{reference}")
    def make_from(request: Request, officer: Handler, reference: str, data: Sent) -> Response:
        ticked = references_in(data.getlist("melding"))[:PAGE_SIZE]

        def again(problem: str = "") -> Response:
            return beside_page(
                request, officer, reference, data=data, problem=problem, ticked=ticked
            )

        form = form_for(request, NewGroupForm, data)
        if not form.validate():
            return again()
        try:
            return _begin(officer, form, [reference, *(one for one in ticked if one != reference)])
        except AlreadyGroupedError as error:
            return again(already_in(error))
        except LookupError as error:
            return again(not_there(error))

    def _begin(officer: Officer, form: NewGroupForm, references: Sequence[str]) -> Response:
        clean = screened(str(form.titel.data))
        with desk.database.work() as work:
            number, told = begin(work, desk, officer, clean.text, references)
            work.audit.add(
                officer.id, "groep-gemaakt", f"groep {number}", meldingen=list(references)
            )
        desk.wake()
        said = f"Groep {number} is gemaakt."
        if told:
            said += f" {_told(told)} van een nieuwe status."
        if clean.removed:
            said += f" Uit de titel is gehaald: {clean.removed_in_words}."
        return pages.done(f"{PATH}/{number}", said)

    @routes.get(PATH + "/{number:int}/meer")
    def more(request: Request, officer: SignedIn, number: int) -> Response:
        with desk.database.work() as work:
            view = group_of(work, officer, number)
            found = work.groups.more(number, officer.scope, limit=MORE)
            read = [one.row.reference for one in found]
            work.audit.add(officer.id, "groep-vergeleken", f"groep {number}", meldingen=read)
        return pages.show(request, "group_more.html", officer=officer, row=view.row, found=found)

    @routes.post(PATH + "/{number:int}/eraf")
    def leave(request: Request, officer: Handler, number: int, data: Sent) -> Response:
        form = form_for(request, MemberForm, data)
        if not form.validate():
            return pages.done(back_to(data, number), _wrong(form), kind="alarm")
        reference = str(form.melding.data)
        try:
            with desk.database.work() as work:
                work.groups.remove(number, reference, officer.scope, actor=officer.id)
                work.audit.add(officer.id, "melding-uit-groep", reference, groep=number)
                is_left = work.groups.get(number, officer.scope) is not None
        except LookupError as error:
            raise HTTPException(404) from error
        said = f"{reference} hoort niet meer bij groep {number}. De status blijft zoals die is."
        gone = not is_left and form.naar.data != "melding"
        return pages.done(PATH if gone else back_to(data, number), said)

    @routes.post(PATH + "/{number:int}/niet")
    def refuse(request: Request, officer: Handler, number: int, data: Sent) -> Response:
        form = form_for(request, MemberForm, data)
        if not form.validate():
            return pages.done(back_to(data, number), _wrong(form), kind="alarm")
        reference = str(form.melding.data)
        with desk.database.work() as work:
            group_of(work, officer, number)
            _case(work, officer, reference)
            work.groups.refuse(number, reference, actor=officer.id)
            work.audit.add(officer.id, "melding-niet-in-groep", reference, groep=number)
        return pages.done(
            back_to(data, number),
            f"Bewaard: {reference} hoort niet bij groep {number}. Dit wordt niet meer voorgesteld.",
        )

    return routes


def group_of(work: Work, officer: Officer, number: int) -> GroupView:
    """A group as this officer sees it; the page for what is not there otherwise."""
    view = work.groups.get(number, officer.scope) if number <= HIGHEST else None
    if view is None:
        raise HTTPException(404)
    return view


def back_to(data: Sent, number: int) -> str:
    """Where one was when the form was sent."""
    named = references_in([data.get("melding")])
    match data.get("naar"):
        case "melding" if named:
            return f"{REPORTS}/{named[0]}"
        case "naast" if named:
            return f"{PATH}/bij/{named[0]}"
        case "meer":
            return f"{PATH}/{number}/meer"
    return f"{PATH}/{number}"


def already_in(error: AlreadyGroupedError) -> str:
    """What is said when a report is in another group."""
    return (
        f"{error.reference} hoort al bij groep {error.number}. "
        "Haal de melding daar eerst weg, of laat hem daar."
    )


def not_there(error: LookupError) -> str:
    """What is said when a report cannot be found."""
    return f"Melding {error.args[0]} is er niet, of je mag die niet zien."


def _title(cases: Sequence[CaseView], pages: Pages) -> str:
    """A title to begin with: what the first report is about, and where."""
    if not cases:
        return ""
    name = words.category(cases[0].category)
    [place, *others] = {case.region or case.region_other for case in cases}
    return f"{name} in {pages.region(place)}" if place and not others else name


def _groups_of(work: Work, officer: Officer, cases: Sequence[CaseView]) -> dict[str, GroupRow]:
    """The group that each of these is in, by reference."""
    found = {case.reference: work.groups.of(case.reference, officer.scope) for case in cases}
    return {reference: row for reference, row in found.items() if row is not None}


def _case(work: Work, officer: Officer, reference: str) -> CaseView:
    case = work.cases.get(reference, officer.scope)
    if case is None:
        raise HTTPException(404)
    return case


def _told(number: int) -> str:
    return "1 melder krijgt bericht" if number == 1 else f"{number} melders krijgen bericht"


def _wrong(form: MemberForm) -> str:
    texts = form.errors.get("csrf_token") or [t for found in form.errors.values() for t in found]
    return " ".join(texts) or EXPIRED
