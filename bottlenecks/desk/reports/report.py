"""The page of one report: all that happened, and what an officer can do."""

from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from bottlenecks.dates import AMSTERDAM
from bottlenecks.desk.context import DeskContext
from bottlenecks.desk.groups.panel import belonging
from bottlenecks.desk.pages import Pages, ago, deadline
from bottlenecks.desk.questions.topic_names import topic_name
from bottlenecks.desk.reports import filters
from bottlenecks.desk.reports.forms import (
    NOBODYS,
    AnswerForm,
    CorrectionForm,
    NoteForm,
    OwnerForm,
    TopicForm,
    forms_of,
)
from bottlenecks.desk.reports.handling import Step, handle, screened, take_if_nobodys
from bottlenecks.desk.reports.inbox import PATH, wanted_in
from bottlenecks.desk.reports.standard_texts import standard_texts
from bottlenecks.desk.reports.timeline import FIELDS, entries
from bottlenecks.desk.session import DeskForm, Handler, Sent, SignedIn
from bottlenecks.roles import Officer
from bottlenecks.store import Work
from bottlenecks.store.report_desk import CaseView, ChangedMeanwhileError
from bottlenecks.store.report_rows import REFERENCE
from bottlenecks.workflow import (
    DESK_LABELS,
    MoveNotAllowedError,
    Status,
)

CHANGED = (
    "Deze melding is net gewijzigd, door een collega of in een ander venster. Hieronder staat de "
    "melding zoals die nu is. Wat jij typte, staat er nog: kijk of het klopt en sla het op."
)
# where one was in the list: the reports before and after
AROUND = ("vorige", "volgende")


def router(desk: DeskContext, pages: Pages) -> APIRouter:
    """The routes of one report."""
    routes = APIRouter()

    def show(
        request: Request,
        officer: Officer,
        reference: str,
        *,
        data: Any = None,
        sent: type[DeskForm] | None = None,
        problem: str = "",
    ) -> Response:
        """The page; the form `sent` shows what was filled in (`data`)."""
        wanted = wanted_in(request, officer, desk)
        with desk.database.reading() as work:
            case = _case(work, officer, reference)
            before, after = _around(request) or work.search.neighbours(
                wanted, officer.scope, AMSTERDAM, reference
            )
            handlers = work.officers.handlers()
            names = work.officers.names(_people(case))
            belongs = belonging(work, officer, reference)
            now = work.now()
        due, late = deadline(case.due_at, now)
        forms = forms_of(request, desk, case, handlers, data, sent)
        if sent is not None and not problem:
            forms[sent].validate()
        return pages.show(
            request,
            "report.html",
            officer=officer,
            status_code=422 if sent is not None else 200,
            problem=problem or _refusal(forms, sent),
            case=case,
            is_late=late,
            due=due or "geen",
            age=ago(case.created_at, now),
            owner=names.get(case.owner_id or "", ""),
            entries=entries(case, names, pages.region, partial(topic_name, desk.knowledge)),
            answer=forms[AnswerForm],
            note=forms[NoteForm],
            ownership=forms[OwnerForm],
            correction=forms[CorrectionForm],
            pointing=forms[TopicForm],
            topic_name=topic_name(desk.knowledge, case.topic),
            topic_is_known=case.topic in desk.knowledge.topics,
            belongs=belongs,
            texts=standard_texts(),
            query=filters.to_query(wanted),
            before=before,
            after=after,
        )

    def change(
        request: Request,
        officer: Officer,
        reference: str,
        data: Sent,
        kind: type[DeskForm],
        act: Callable[[Work, CaseView, Any], str],
    ) -> Response:
        """Carry out a form: `act` gives what to say when it is done."""
        with desk.database.reading() as work:
            case = _case(work, officer, reference)
            handlers = work.officers.handlers()
        form = forms_of(request, desk, case, handlers, data, kind)[kind]
        if not form.validate():
            return show(request, officer, reference, data=data, sent=kind)
        try:
            with desk.database.work() as work:
                said = act(work, _case(work, officer, reference), form)
        except ChangedMeanwhileError:
            return show(request, officer, reference, data=data, sent=kind, problem=CHANGED)
        except MoveNotAllowedError as error:
            problem = (
                f"Van {DESK_LABELS[error.current]} kan deze melding niet naar "
                f"{DESK_LABELS[error.wanted]}."
            )
            return show(request, officer, reference, data=data, sent=kind, problem=problem)
        desk.wake()
        around = {name: str(data.get(name) or "") for name in AROUND}
        query = "&".join(filter(None, (_list_query(request), urlencode(around))))
        with desk.database.reading() as work:
            if work.cases.get(reference, officer.scope) is None:
                return pages.done(PATH, f"{said} {reference} hoort nu bij een andere regio.")
        following = str(data.get("volgende") or "")
        if data.get("verder") and REFERENCE.fullmatch(following):
            return pages.done(f"{PATH}/{following}?{_list_query(request)}", f"{reference}: {said}")
        tone = "warn" if said.startswith("Er is niets veranderd") else "good"
        return pages.done(f"{PATH}/{reference}?{query}", said, kind=tone)

    @routes.get(PATH + "/{reference}")
    def report(request: Request, officer: SignedIn, reference: str) -> Response:
        page = show(request, officer, reference)
        with desk.database.work() as work:
            work.audit.add(officer.id, "melding-gelezen", reference)
        return page

    @routes.get(PATH + "/{reference}/{action}")
    def back(reference: str, action: str) -> Response:
        # the address of a form that was shown again, opened anew
        return RedirectResponse(f"{PATH}/{reference}", status_code=303)

    @routes.post(PATH + "/{reference}/antwoord")
    def answer(request: Request, officer: Handler, reference: str, data: Sent) -> Response:
        def act(work: Work, case: CaseView, form: AnswerForm) -> str:
            status, _, organisation = str(form.status.data or "").partition(":")
            text = str(form.antwoord.data or "").strip()
            if not text and not status:
                return "Er is niets veranderd: typ een antwoord of kies een status."
            clean = screened(text)
            step = Step(
                reply=clean.text or None,
                to=Status(status) if status else None,
                organisation=organisation or None,
                version=form.version.data,
            )
            told = handle(work, desk, officer, case, step)
            taken = take_if_nobodys(work, officer, case)
            work.audit.add(
                officer.id,
                "melding-behandeld",
                reference,
                status=" ".join(filter(None, (status, organisation))),
                antwoord=bool(text),
            )
            said = "Verstuurd naar de melder." if told else "Opgeslagen."
            if text and case.account_id is None:
                said = "Opgeslagen. Deze melder kan geen antwoord krijgen."
            if step.to is not None:
                said += f" Status: {DESK_LABELS[step.to]}."
            if taken:
                said += " Je bent nu eigenaar."
            if clean.removed:
                said += f" Uit je antwoord is gehaald: {clean.removed_in_words}."
            return said

        return change(request, officer, reference, data, AnswerForm, act)

    @routes.post(PATH + "/{reference}/notitie")
    def note(request: Request, officer: Handler, reference: str, data: Sent) -> Response:
        def act(work: Work, case: CaseView, form: NoteForm) -> str:
            clean = screened(str(form.notitie.data))
            work.cases.note(reference, officer.scope, actor=officer.id, text=clean.text)
            work.audit.add(officer.id, "notitie", reference)
            removed = clean.removed_in_words
            return "Notitie bewaard." + (f" Eruit gehaald: {removed}." if removed else "")

        return change(request, officer, reference, data, NoteForm, act)

    @routes.post(PATH + "/{reference}/eigenaar")
    def owner(request: Request, officer: Handler, reference: str, data: Sent) -> Response:
        def act(work: Work, case: CaseView, form: OwnerForm) -> str:
            owner = None if form.eigenaar.data == NOBODYS else form.eigenaar.data
            work.cases.assign(
                reference, officer.scope, owner, actor=officer.id, version=form.version.data
            )
            work.audit.add(officer.id, "eigenaar", reference, eigenaar=owner)
            return "De eigenaar is gewijzigd."

        return change(request, officer, reference, data, OwnerForm, act)

    @routes.post(PATH + "/{reference}/gegevens")
    def correct(request: Request, officer: Handler, reference: str, data: Sent) -> Response:
        def act(work: Work, case: CaseView, form: CorrectionForm) -> str:
            changed = work.cases.correct(
                reference,
                officer.scope,
                actor=officer.id,
                version=form.version.data,
                category=str(form.soort.data),
                region=form.regio.data or None,
                severity=str(form.ernst.data),
            )
            if not changed:
                return "Er is niets veranderd."
            fields = ", ".join(FIELDS[name] for name in changed)
            work.audit.add(officer.id, "melding-gecorrigeerd", reference, velden=fields)
            return "De gegevens zijn aangepast."

        return change(request, officer, reference, data, CorrectionForm, act)

    @routes.post(PATH + "/{reference}/onderwerp")
    def point(request: Request, officer: Handler, reference: str, data: Sent) -> Response:
        def act(work: Work, case: CaseView, form: TopicForm) -> str:
            topic = form.onderwerp.data or None
            if not work.topics.point(
                reference, officer.scope, topic, actor=officer.id, version=form.version.data
            ):
                return "Er is niets veranderd."
            work.audit.add(officer.id, "onderwerp-gekozen", reference, onderwerp=topic)
            return "Het onderwerp is aangepast."

        return change(request, officer, reference, data, TopicForm, act)

    return routes


def _around(request: Request) -> tuple[str | None, str | None] | None:
    """The reports before and after this one in the list as it was when it was opened."""
    if not any(name in request.query_params for name in AROUND):
        return None
    found = [request.query_params.get(name, "") for name in AROUND]
    before, after = (name if REFERENCE.fullmatch(name) else None for name in found)
    return before, after


def _list_query(request: Request) -> str:
    """The list that the report was opened from."""
    kept = [pair for pair in request.query_params.multi_items() if pair[0] not in AROUND]
    return urlencode(kept)


def _case(work: Work, officer: Officer, reference: str) -> CaseView:
    case = work.cases.get(reference, officer.scope)
    if case is None:
        raise HTTPException(404)
    return case


def _people(case: CaseView) -> set[str]:
    """Ids of officers that the page names."""
    ids = {event.actor for event in case.events} | {case.owner_id}
    for event in case.events:
        if event.kind == "owner":
            ids |= {event.value_from, event.value_to}
    return {one for one in ids if one}


def _refusal(forms: dict[type[DeskForm], Any], sent: type[DeskForm] | None) -> str:
    if sent is None:
        return ""
    errors: dict[str, list[str]] = forms[sent].errors
    return " ".join(message for messages in errors.values() for message in messages)
