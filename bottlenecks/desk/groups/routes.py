"""The page of a group of reports: who handles it, and one answer to everyone at once."""

from collections.abc import Callable, Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from bottlenecks.desk.context import DeskContext
from bottlenecks.desk.groups import listing, members
from bottlenecks.desk.groups.forms import (
    GroupAnswerForm,
    GroupNoteForm,
    GroupOwnerForm,
    MemberForm,
    TitleForm,
    group_forms,
)
from bottlenecks.desk.groups.handling import (
    Plan,
    answer_all,
    becomes_owner,
    cases_of,
    let_in,
    plan,
)
from bottlenecks.desk.groups.members import PATH, already_in, back_to, group_of, not_there
from bottlenecks.desk.groups.timeline import group_entries, people_of
from bottlenecks.desk.pages import Pages
from bottlenecks.desk.reports.forms import NOBODYS
from bottlenecks.desk.reports.handling import Step, screened
from bottlenecks.desk.reports.standard_texts import standard_texts
from bottlenecks.desk.session import DeskForm, Handler, Sent, SignedIn
from bottlenecks.roles import Officer
from bottlenecks.signals import reports_in_words
from bottlenecks.store import Work
from bottlenecks.store.group_views import AlreadyGroupedError, GroupView
from bottlenecks.store.report_desk import ChangedMeanwhileError
from bottlenecks.workflow import DESK_LABELS, MoveNotAllowedError, Status

CONFIRMED = "ja"
CHANGED = (
    "Deze groep is net gewijzigd, door een collega, een melder of in een ander venster. Hieronder "
    "staat de groep zoals die nu is. Wat jij typte, staat er nog: kijk of het klopt."
)
NOT_ALL = (
    "Bij deze groep horen ook meldingen van andere regio's. Alleen wie die ook ziet, kan titel, "
    "eigenaar, status en antwoord van de hele groep wijzigen."
)


def router(desk: DeskContext, pages: Pages) -> APIRouter:
    """The routes of groups; with the list, and which report belongs where."""
    routes = APIRouter()
    routes.include_router(listing.router(desk, pages))
    routes.include_router(members.router(desk, pages))

    def show(
        request: Request,
        officer: Officer,
        number: int,
        *,
        data: Any = None,
        sent: type[DeskForm] | None = None,
        problem: str = "",
        status_code: int = 200,
        view: GroupView | None = None,
    ) -> Response:
        """The page; the form `sent` shows what was filled in (`data`). `view`: it was just read."""
        with desk.database.reading() as work:
            view = view or group_of(work, officer, number)
            handlers = work.officers.handlers()
            names = work.officers.names(people_of(view))
        forms = group_forms(request, view, handlers, data, sent)
        if sent is not None and status_code == 422 and not problem:
            forms[sent].validate()
            problem = " ".join(text for texts in forms[sent].errors.values() for text in texts)
        return pages.show(
            request,
            "group.html",
            officer=officer,
            status_code=status_code,
            problem=problem,
            view=view,
            row=view.row,
            owner=names.get(view.row.owner_id or "", ""),
            entries=group_entries(view, names),
            not_all=NOT_ALL,
            answer=forms[GroupAnswerForm],
            title=forms[TitleForm],
            ownership=forms[GroupOwnerForm],
            note=forms[GroupNoteForm],
            member=forms[MemberForm],
            texts=standard_texts(),
        )

    def change(
        request: Request,
        officer: Officer,
        number: int,
        data: Sent,
        kind: type[DeskForm],
        act: Callable[[Work, Any], str],
    ) -> Response:
        """Carry out a form: `act` gives what to say when it is done."""

        def again(problem: str = "") -> Response:
            return show(
                request, officer, number, data=data, sent=kind, problem=problem, status_code=422
            )

        with desk.database.reading() as work:
            view = group_of(work, officer, number)
            form = group_forms(request, view, work.officers.handlers(), data, kind)[kind]
        if not form.validate():
            return again()
        try:
            with desk.database.work() as work:
                said = act(work, form)
        except ChangedMeanwhileError:
            return again(CHANGED)
        except PermissionError:
            return again(NOT_ALL)
        except MoveNotAllowedError as error:
            was, wanted = DESK_LABELS[error.current], DESK_LABELS[error.wanted]
            return again(f"Van {was} kan deze groep niet naar {wanted}.")
        except AlreadyGroupedError as error:
            return again(already_in(error))
        except LookupError as error:
            return again(not_there(error))
        desk.wake()
        tone = "warn" if said.startswith("Er is niets veranderd") else "good"
        return pages.done(back_to(data, number), said, kind=tone)

    @routes.get(PATH + "/{number:int}")
    def group(request: Request, officer: SignedIn, number: int) -> Response:
        with desk.database.work() as work:
            view = group_of(work, officer, number)
            read = [member.reference for member in view.members]
            work.audit.add(officer.id, "groep-gelezen", f"groep {number}", meldingen=read)
        return show(request, officer, number, view=view)

    @routes.post(PATH + "/{number:int}/antwoord")
    def answer(request: Request, officer: Handler, number: int, data: Sent) -> Response:
        if data.get("terug"):
            return show(request, officer, number, data=data, sent=GroupAnswerForm)
        if data.get("bevestigd") != CONFIRMED:
            return confirm(request, officer, number, data)

        def act(work: Work, form: GroupAnswerForm) -> str:
            step = _step(form)
            planned, taken = answer_all(work, desk, officer, number, step, form.version.data or 0)
            work.audit.add(
                officer.id,
                "groep-behandeld",
                f"groep {number}",
                status=form.status.data,
                antwoord=bool(step.reply),
                verstuurd=len(planned.messages),
                meldingen=len(planned.moved),
            )
            return _said(planned, step) + (" Je bent nu eigenaar." if taken else "")

        return change(request, officer, number, data, GroupAnswerForm, act)

    def confirm(request: Request, officer: Officer, number: int, data: Sent) -> Response:
        """Who gets what and which reports change, before anything is sent."""
        with desk.database.reading() as work:
            view = group_of(work, officer, number)
            form = group_forms(request, view, work.officers.handlers(), data, GroupAnswerForm)[
                GroupAnswerForm
            ]
            step = _step(form) if form.validate() else None
            cases = cases_of(work, officer, view) if step else []
            planned = plan(work, cases, step) if step else None
        if step is None or planned is None:
            return show(request, officer, number, data=data, sent=GroupAnswerForm, status_code=422)
        is_changed = form.version.data != view.row.version
        if view.hidden or is_changed:
            return show(
                request,
                officer,
                number,
                data=data,
                sent=GroupAnswerForm,
                problem=NOT_ALL if view.hidden else CHANGED,
                status_code=422,
            )
        clean = screened(str(form.antwoord.data or ""))
        return pages.show(
            request,
            "group_confirm.html",
            officer=officer,
            row=view.row,
            form=form,
            reply=clean.text,
            removed=clean.removed_in_words,
            to=step.to,
            organisation=step.organisation,
            receivers=reporters(len(planned.messages)),
            told=", ".join(planned.told),
            message=planned.messages[0].notice.text if planned.messages else "",
            example=planned.example.text if planned.example else "",
            takes=becomes_owner(officer, view.row, cases),
            moved=reports_in_words(len(planned.moved)),
            silent=_by_reason(planned.silent),
            unmoved=_by_reason(planned.unmoved),
        )

    @routes.post(PATH + "/{number:int}/titel")
    def rename(request: Request, officer: Handler, number: int, data: Sent) -> Response:
        def act(work: Work, form: TitleForm) -> str:
            clean = screened(str(form.titel.data))
            work.groups.rename(
                number, officer.scope, clean.text, actor=officer.id, version=form.version.data or 0
            )
            work.audit.add(officer.id, "groep-gewijzigd", f"groep {number}", titel=clean.text)
            removed = clean.removed_in_words
            return "De titel is gewijzigd." + (f" Eruit gehaald: {removed}." if removed else "")

        return change(request, officer, number, data, TitleForm, act)

    @routes.post(PATH + "/{number:int}/eigenaar")
    def owner(request: Request, officer: Handler, number: int, data: Sent) -> Response:
        def act(work: Work, form: GroupOwnerForm) -> str:
            chosen = None if form.eigenaar.data == NOBODYS else form.eigenaar.data
            work.groups.assign(
                number, officer.scope, chosen, actor=officer.id, version=form.version.data or 0
            )
            work.audit.add(officer.id, "groep-gewijzigd", f"groep {number}", eigenaar=chosen)
            return "De eigenaar van de groep en van alle meldingen erin is gewijzigd."

        return change(request, officer, number, data, GroupOwnerForm, act)

    @routes.post(PATH + "/{number:int}/notitie")
    def note(request: Request, officer: Handler, number: int, data: Sent) -> Response:
        def act(work: Work, form: GroupNoteForm) -> str:
            clean = screened(str(form.notitie.data))
            work.groups.note(number, officer.scope, actor=officer.id, kind="note", text=clean.text)
            work.audit.add(officer.id, "groep-notitie", f"groep {number}")
            removed = clean.removed_in_words
            return "Notitie bewaard." + (f" Eruit gehaald: {removed}." if removed else "")

        return change(request, officer, number, data, GroupNoteForm, act)

    @routes.post(PATH + "/{number:int}/erbij")
    def add(request: Request, officer: Handler, number: int, data: Sent) -> Response:
        def act(work: Work, form: MemberForm) -> str:
            reference = str(form.melding.data)
            view = group_of(work, officer, number)
            if reference in {member.reference for member in view.members}:
                return f"Er is niets veranderd: {reference} hoort al bij deze groep."
            before = work.cases.get(reference, officer.scope)
            case, told = let_in(work, desk, officer, view.row, reference)
            work.audit.add(officer.id, "melding-in-groep", reference, groep=number)
            said = f"{reference} hoort nu bij groep {number}."
            if before is not None and before.status is not case.status:
                said += f" Status: {DESK_LABELS[case.status]}."
            return said + (" De melder krijgt daar bericht van." if told else "")

        return change(request, officer, number, data, MemberForm, act)

    @routes.get(PATH + "/{number:int}/{action}")
    def back(number: int, action: str) -> Response:
        # the address of a form that was shown again, opened anew
        return RedirectResponse(f"{PATH}/{number}", status_code=303)

    return routes


def reporters(number: int) -> str:
    """So many reporters, in words."""
    return "1 melder" if number == 1 else f"{number} melders"


def _step(form: GroupAnswerForm) -> Step:
    status, _, organisation = str(form.status.data or "").partition(":")
    return Step(
        reply=screened(str(form.antwoord.data or "")).text or None,
        to=Status(status) if status else None,
        organisation=organisation or None,
    )


def _said(planned: Plan, step: Step) -> str:
    parts = []
    if planned.messages:
        parts.append(f"Verstuurd naar {reporters(len(planned.messages))}.")
    elif step.reply:
        parts.append("Bewaard. Er was niemand om het naar te sturen.")
    if step.to is not None:
        parts.append(f"Status: {DESK_LABELS[step.to]} ({reports_in_words(len(planned.moved))}).")
    return " ".join(parts)


def _by_reason(reasons: Mapping[str, str]) -> list[tuple[str, str]]:
    """Reasons, each with the references that it is the reason of."""
    found: dict[str, list[str]] = {}
    for reference, why in sorted(reasons.items()):
        found.setdefault(why, []).append(reference)
    return [(why, ", ".join(references)) for why, references in found.items()]
