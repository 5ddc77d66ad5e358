"""Propose another text for a topic: the form, what it changes, and whether that is right."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from bottlenecks.desk.content.access import (
    PATH,
    address,
    approvers,
    changeable,
    check_known,
    region_wanted,
    regions_of,
)
from bottlenecks.desk.content.forms import TopicForm, values
from bottlenecks.desk.content.judging import Judgement, judge
from bottlenecks.desk.content.shelf import Shelf, from_plan, plans_of, take
from bottlenecks.desk.context import DeskContext
from bottlenecks.desk.pages import Pages
from bottlenecks.desk.reports.handling import screened
from bottlenecks.desk.session import Handler, Sent, form_for
from bottlenecks.proposals import OPEN_PROPOSALS, DecisionError, ProposalChangedError
from bottlenecks.roles import Officer
from bottlenecks.store import Work
from bottlenecks.store.content_sources import PlanPassage
from bottlenecks.store.proposal_views import ProposalView
from knowledge.check_text import MAX_ANSWER_CHARS, MAX_EQUAL_WORDS, MAX_MORE_CHARS
from knowledge.model import NATIONAL

# what a button of the form asks for; without one it is only shown what changes
SHOW, ROWS, CONCEPT, PROPOSE = "bekijk", "rijen", "concept", "voorstel"
UNCHANGED = "Er is niets veranderd: dit zegt de assistent al."
CHANGED = (
    "Een collega wijzigde dit voorstel net, of besloot erover. Wat jij typte, staat er nog. "
    "Bewaar je opnieuw, dan vervangt jouw tekst die van je collega."
)
LOOK = "Kijk eerst wat er bij 'Let op' staat. Klopt het? Dien het dan nog eens in."


@dataclass(frozen=True)
class Draft:
    """What is being edited: a topic for a region, from nothing or from an open proposal.

    `plans` are the texts of the region's own plans, `passages` what one says about this topic.
    """

    topic: str
    shelf: Shelf
    proposal: ProposalView | None
    plans: Mapping[str, str]
    passages: Sequence[PlanPassage] = ()

    @property
    def data(self) -> Mapping[str, Any]:
        """The text to begin with."""
        if self.proposal is not None and self.proposal.data is not None:
            return self.proposal.data
        return self.shelf.data(self.topic)

    @property
    def action(self) -> str:
        """Where the form goes."""
        if self.proposal is not None:
            return f"{PATH}/voorstel/{self.proposal.id}/wijzig"
        return f"{PATH}/wijzig/{self.topic}"


def router(desk: DeskContext, pages: Pages) -> APIRouter:
    """The routes of the form."""
    routes = APIRouter()

    @routes.get(PATH + "/wijzig/{topic:path}")
    def edit(request: Request, officer: Handler, topic: str, regio: str | None = None) -> Response:
        check_known(desk, topic)
        region = changeable(desk, officer, region_wanted(desk, officer, regio) or "")
        if regio is None and region is None:
            region = _home(topic, officer)
        return show(request, officer, _new(topic, region), None)

    @routes.post(PATH + "/wijzig/{topic:path}")
    def save(request: Request, officer: Handler, topic: str, data: Sent) -> Response:
        check_known(desk, topic)
        region = changeable(desk, officer, str(data.get("regio") or ""))
        return handle(request, officer, _new(topic, region), data)

    @routes.get(PATH + "/voorstel/{proposal}/wijzig")
    def edit_again(request: Request, officer: Handler, proposal: str) -> Response:
        return show(request, officer, _again(officer, proposal), None)

    @routes.post(PATH + "/voorstel/{proposal}/wijzig")
    def save_again(request: Request, officer: Handler, proposal: str, data: Sent) -> Response:
        return handle(request, officer, _again(officer, proposal), data)

    def _home(topic: str, officer: Officer) -> str | None:
        """The region that a text is about, if the officer may change it there."""
        with desk.database.reading() as work:
            scope = take(desk, work, None).now.topic(topic).scope
        for region in desk.knowledge.regions.values():
            if scope in (region.name, region.area) and region.id in regions_of(desk, officer):
                return region.id
        return None

    def _new(topic: str, region: str | None) -> Draft:
        with desk.database.reading() as work:
            return Draft(topic, take(desk, work, region), None, plans_of(work, region))

    def _again(officer: Officer, proposal_id: str) -> Draft:
        with desk.database.reading() as work:
            proposal = work.content.get(proposal_id, officer.scope)
            if proposal is None or proposal.topic not in desk.knowledge.topics:
                raise HTTPException(404)
            changeable(desk, officer, proposal.region or "")
            shelf, plans = take(desk, work, proposal.region), plans_of(work, proposal.region)
            return Draft(proposal.topic, shelf, proposal, plans, from_plan(work, proposal))

    def handle(request: Request, officer: Officer, draft: Draft, data: FormData) -> Response:
        form = _form(request, desk, officer, draft, data)
        action = str(data.get("doe") or SHOW)
        good = form.validate()
        if action == ROWS:
            return show(request, officer, draft, form, rows=True)
        new = form.topic_data(draft.data)
        judged = judge(draft.shelf, draft.topic, new, draft.plans)
        if action not in (CONCEPT, PROPOSE):
            return show(request, officer, draft, form, judged, code=200 if good else 422)
        clean = screened(str(form.reden.data or ""))
        problem = _problem(form, judged, action)
        if problem or not good:
            return show(request, officer, draft, form, judged, problem=problem, code=422)
        if action == PROPOSE and judged.warnings and data.get("gezien") != judged.seen:
            return show(request, officer, draft, form, judged, problem=LOOK, code=422)
        try:
            with desk.database.work() as work:
                proposal_id = _keep(work, officer, draft, form, new, clean.text or None)
                if action == PROPOSE:
                    version = _version(work, officer, proposal_id)
                    work.content.propose(
                        proposal_id, officer.scope, actor=officer.id, version=version
                    )
                done = "inhoud-voorgesteld" if action == PROPOSE else "inhoud-concept"
                work.audit.add(officer.id, done, draft.topic, regio=draft.shelf.region)
        except DecisionError as error:
            return show(request, officer, draft, form, judged, problem=str(error), code=422)
        except ProposalChangedError:
            draft = _again(officer, draft.proposal.id if draft.proposal else "")
            form.version.data = draft.proposal.version if draft.proposal else None
            return show(request, officer, draft, form, judged, problem=CHANGED, code=422)
        said = (
            "Je voorstel is ingediend. Een collega moet het goedkeuren."
            if action == PROPOSE
            else "Bewaard als concept. De assistent zegt het nog niet."
        )
        if clean.removed:
            said += f" Uit je toelichting is gehaald: {clean.removed_in_words}."
        return pages.done(f"{PATH}/voorstel/{proposal_id}", said)

    def show(
        request: Request,
        officer: Officer,
        draft: Draft,
        form: TopicForm | None,
        judged: Judgement | None = None,
        *,
        problem: str = "",
        rows: bool = False,
        code: int = 200,
    ) -> Response:
        with desk.database.reading() as work:
            others = [
                view
                for view in work.content.open(officer.scope, topic=draft.topic)
                if draft.proposal is None or view.id != draft.proposal.id
            ]
            may_approve = approvers(work, officer, draft.shelf.region)
        if draft.proposal is not None and draft.proposal.status not in OPEN_PROPOSALS:
            problem = problem or "Over dit voorstel is al besloten. Wijzigen kan niet meer."
        form = form or _form(request, desk, officer, draft, None)
        return pages.show(
            request,
            "content_edit.html",
            officer=officer,
            status_code=code,
            path=PATH,
            draft=draft,
            topic=draft.shelf.now.topic(draft.topic),
            form=form,
            judged=judged,
            problem=problem,
            rows=rows,
            marks=_marks(judged),
            others=[view for view in others if view.region == draft.shelf.region],
            back=(
                f"{PATH}/voorstel/{draft.proposal.id}"
                if draft.proposal
                else address(draft.topic, draft.shelf.region)
            ),
            max_answer=MAX_ANSWER_CHARS,
            max_more=MAX_MORE_CHARS,
            max_equal=MAX_EQUAL_WORDS,
            may_approve=may_approve,
        )

    return routes


def _form(
    request: Request, desk: DeskContext, officer: Officer, draft: Draft, data: FormData | None
) -> TopicForm:
    proposal, shelf = draft.proposal, draft.shelf
    form = form_for(
        request,
        TopicForm,
        data,
        **values(draft.data, shelf.region),
        reden=(proposal.reason if proposal else None) or "",
        version=proposal.version if proposal else None,
    )
    offered = regions_of(desk, officer)
    if proposal is not None:
        here = proposal.region or ""
        offered = {here: offered.get(here, here)}
    regions = desk.knowledge.regions.values()
    areas = {name for region in regions for name in (region.area, region.name)}
    with desk.database.reading() as work:
        own = {row.id: row.region for row in work.content_sources.all()}
    form.offering(
        regions=offered,
        areas={NATIONAL: NATIONAL, **{area: area for area in sorted(areas)}},
        # the plan of another region is no source for this one
        sources={
            id_: source.title
            for id_, source in shelf.now.sources.items()
            if own.get(id_) in (None, shelf.region)
        },
        topics={
            topic.id: f"{topic.title} ({topic.subject})"
            for topic in shelf.now.topics.values()
            if topic.id != draft.topic
        },
    )
    return form


def _problem(form: TopicForm, judged: Judgement, action: str) -> str:
    """Why this cannot be kept, or not be sent in."""
    if not judged.diff:
        return UNCHANGED
    personal = form.personal_data()
    if personal:
        return f"In de tekst staat iets dat lijkt op: {personal}. Haal dat weg."
    if action == PROPOSE and judged.faults:
        return (
            "Zo kan het nog niet worden ingediend: de controle vond iets. "
            "Verbeter het, of bewaar het als concept."
        )
    if action == PROPOSE and not form.reden.data:
        return "Schrijf kort op waarom je dit wijzigt. Je collega leest dat."
    return ""


def _marks(judged: Judgement | None) -> dict[str, list[str]]:
    """What the check found, by the field in which it can be mended."""
    marks: dict[str, list[str]] = {}
    for fault in judged.told if judged else ():
        if fault.field:
            marks.setdefault(fault.field, []).append(fault.text)
    return marks


def _keep(
    work: Work,
    officer: Officer,
    draft: Draft,
    form: TopicForm,
    new: Mapping[str, Any],
    reason: str | None,
) -> str:
    base = draft.shelf.base(draft.topic)
    if draft.proposal is None:
        return work.content.add_concept(
            draft.topic, draft.shelf.region, new, base=base, reason=reason, actor=officer.id
        )
    work.content.rewrite(
        draft.proposal.id,
        officer.scope,
        new,
        actor=officer.id,
        version=form.version.data or 0,
        base=base,
        reason=reason,
    )
    return draft.proposal.id


def _version(work: Work, officer: Officer, proposal_id: str) -> int:
    view = work.content.get(proposal_id, officer.scope)
    return view.version if view is not None else 0
