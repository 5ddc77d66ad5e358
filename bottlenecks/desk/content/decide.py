"""One proposal: what it changes, and what a colleague decides on it."""

from collections.abc import Callable, Mapping
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from bottlenecks.desk.content.access import PATH, address, approvers, changeable
from bottlenecks.desk.content.forms import DecisionForm
from bottlenecks.desk.content.judging import Judgement, differences, judge
from bottlenecks.desk.content.shelf import Shelf, from_plan, plans_of, take
from bottlenecks.desk.context import DeskContext
from bottlenecks.desk.pages import Pages
from bottlenecks.desk.reports.handling import screened
from bottlenecks.desk.session import Handler, Sent, SignedIn, form_for
from bottlenecks.proposals import (
    OPEN_PROPOSALS,
    STATUS_LABELS,
    DecisionError,
    ProposalChangedError,
    ProposalStatus,
    SamePersonError,
)
from bottlenecks.roles import Officer, Role
from bottlenecks.store import Work
from bottlenecks.store.proposal_views import ProposalView
from knowledge.data import canonical

CHANGED = "Dit voorstel, of de tekst die nu geldt, is net gewijzigd. Kijk opnieuw, en beslis dan."
FAULTS = "Dit voorstel kan niet worden goedgekeurd: de controle vond iets."
# does the change, and gives the line of the log and what is said to the officer
Act = Callable[[Work, ProposalView, DecisionForm, Judgement], tuple[str, str]]


def router(desk: DeskContext, pages: Pages) -> APIRouter:
    """The routes of a proposal."""
    routes = APIRouter()

    @routes.get(PATH + "/voorstel/{proposal}")
    def one(request: Request, officer: SignedIn, proposal: str) -> Response:
        return show(request, officer, proposal)

    @routes.post(PATH + "/voorstel/{proposal}/indienen")
    def propose(request: Request, officer: Handler, proposal: str, data: Sent) -> Response:
        def act(
            work: Work, view: ProposalView, form: DecisionForm, judged: Judgement
        ) -> tuple[str, str]:
            if judged.faults:
                raise DecisionError("Zo kan het nog niet worden ingediend: de controle vond iets.")
            if not view.reason:
                raise DecisionError("Schrijf eerst op waarom. Kies daarvoor: Wijzig de tekst.")
            work.content.propose(
                view.id, officer.scope, actor=officer.id, version=form.version.data or 0
            )
            return (
                "inhoud-voorgesteld",
                "Je voorstel is ingediend. Een collega moet het goedkeuren.",
            )

        return change(request, officer, proposal, data, act)

    @routes.post(PATH + "/voorstel/{proposal}/goedkeuren")
    def approve(request: Request, officer: Handler, proposal: str, data: Sent) -> Response:
        def act(
            work: Work, view: ProposalView, form: DecisionForm, judged: Judgement
        ) -> tuple[str, str]:
            if view.proposed_by != officer.id and judged.faults:
                raise DecisionError(FAULTS)
            work.content.approve(
                view.id,
                officer.scope,
                actor=officer.id,
                version=form.version.data or 0,
                instead_of=form.geldt.data or None,
            )
            return "inhoud-goedgekeurd", "Goedgekeurd. De assistent zegt dit vanaf nu."

        return change(request, officer, proposal, data, act)

    @routes.post(PATH + "/voorstel/{proposal}/afwijzen")
    def reject(request: Request, officer: Handler, proposal: str, data: Sent) -> Response:
        def act(
            work: Work, view: ProposalView, form: DecisionForm, judged: Judgement
        ) -> tuple[str, str]:
            if not form.waarom.data:
                raise DecisionError("Schrijf kort op waarom niet. Je collega leest dat.")
            clean = screened(str(form.waarom.data))
            work.content.reject(
                view.id,
                officer.scope,
                actor=officer.id,
                version=form.version.data or 0,
                why=clean.text,
            )
            said = "Afgewezen. Je collega ziet waarom."
            if clean.removed:
                said += f" Uit je uitleg is gehaald: {clean.removed_in_words}."
            return "inhoud-afgewezen", said

        return change(request, officer, proposal, data, act)

    @routes.post(PATH + "/voorstel/{proposal}/intrekken")
    def withdraw(request: Request, officer: Handler, proposal: str, data: Sent) -> Response:
        def act(
            work: Work, view: ProposalView, form: DecisionForm, judged: Judgement
        ) -> tuple[str, str]:
            work.content.withdraw(
                view.id, officer.scope, actor=officer.id, version=form.version.data or 0
            )
            return "inhoud-ingetrokken", "Ingetrokken. De assistent zegt wat hij al zei."

        return change(request, officer, proposal, data, act)

    def change(request: Request, officer: Officer, proposal: str, data: Any, act: Act) -> Response:
        form = form_for(request, DecisionForm, data)
        good = form.validate()
        try:
            # looked at beforehand, because the check takes a while; a later change is refused
            with desk.database.reading() as work:
                view = _view(work, officer, proposal)
                changeable(desk, officer, view.region or "")
                shelf, plans = take(desk, work, view.region), plans_of(work, view.region)
            if not good:
                raise DecisionError(_errors(form))
            judged = judge(shelf, view.topic, view.data, plans)
            with desk.database.work() as work:
                action, said = act(work, view, form, judged)
                work.audit.add(officer.id, action, view.topic, regio=view.region)
        except SamePersonError as error:
            return show(request, officer, proposal, form, problem=str(error), code=403)
        except DecisionError as error:
            return show(request, officer, proposal, form, problem=str(error), code=422)
        except ProposalChangedError:
            return show(request, officer, proposal, form, problem=CHANGED, code=422)
        return pages.done(f"{PATH}/voorstel/{proposal}", said)

    def show(
        request: Request,
        officer: Officer,
        proposal_id: str,
        form: DecisionForm | None = None,
        *,
        problem: str = "",
        code: int = 200,
    ) -> Response:
        with desk.database.reading() as work:
            view = _view(work, officer, proposal_id)
            shelf = take(desk, work, view.region)
            people = {one for one in (view.proposed_by, view.decided_by) if one}
            names = work.officers.names(people)
            live = work.content.current(view.topic, view.region)
            plans = plans_of(work, view.region)
            passages = from_plan(work, view)
            may_approve = approvers(work, officer, view.region)
        is_open = view.status in OPEN_PROPOSALS
        judged = judge(shelf, view.topic, view.data, plans) if is_open else _past(shelf, view)
        known = shelf.now.topics.get(view.topic)
        # what was seen has to be what is decided on, so the numbers are always the newest
        decision = form or form_for(request, DecisionForm)
        decision.version.data = view.version
        decision.geldt.data = live.id if live else ""
        mine = view.proposed_by == officer.id
        may = officer.may(Role.HANDLER) and officer.scope.sees(view.region) and is_open
        return pages.show(
            request,
            "content_proposal.html",
            officer=officer,
            status_code=code,
            path=PATH,
            view=view,
            title=known.title if known else view.topic,
            topic_address=address(view.topic, view.region) if known else PATH,
            status=STATUS_LABELS[view.status],
            judged=judged,
            passages=passages,
            now=shelf.data(view.topic) if known else {},
            may_approve=may_approve,
            form=decision,
            problem=problem,
            names=names,
            source=shelf.sources.get(view.source_id or ""),
            outdated=is_open and _is_outdated(shelf, view),
            may_decide=may and not mine and view.status is ProposalStatus.PROPOSED,
            may_edit=may,
            mine=mine,
            is_concept=view.status is ProposalStatus.CONCEPT,
            is_open=is_open,
        )

    return routes


def propose_back(
    desk: DeskContext,
    pages: Pages,
    officer: Officer,
    topic: str,
    region: str | None,
    why: str,
) -> Response:
    """Propose to go back to what the files say."""
    clean = screened(why)
    with desk.database.work() as work:
        shelf = take(desk, work, region)
        if (topic, region) not in shelf.live:
            raise HTTPException(404)
        proposal = work.content.add_concept(
            topic, region, None, base=shelf.base(topic), reason=clean.text, actor=officer.id
        )
        work.content.propose(proposal, officer.scope, actor=officer.id, version=1)
        work.audit.add(officer.id, "inhoud-voorgesteld", topic, regio=region, terug=True)
    said = "Je voorstel om terug te gaan is ingediend. Een collega moet het goedkeuren."
    return pages.done(f"{PATH}/voorstel/{proposal}", said)


def _view(work: Work, officer: Officer, proposal: str) -> ProposalView:
    view = work.content.get(proposal, officer.scope)
    if view is None:
        raise HTTPException(404)
    return view


def _past(shelf: Shelf, view: ProposalView) -> Judgement:
    """What a proposal changed when it was decided on, as far as that is known."""
    before = (view.base or {}).get("geldt")
    after: Mapping[str, Any] | None = view.data
    if after is None:
        after = (view.base or {}).get("bestand")
    if not isinstance(before, Mapping) or after is None:
        return Judgement(())
    return Judgement(differences(before, canonical(after), shelf))


def _is_outdated(shelf: Shelf, view: ProposalView) -> bool:
    """Whether another text is told by now than the one that the proposal was written against."""
    written = (view.base or {}).get("geldt")
    return (
        written is not None and view.topic in shelf.now.topics and written != shelf.data(view.topic)
    )


def _errors(form: DecisionForm) -> str:
    return " ".join(message for messages in form.errors.values() for message in messages)
