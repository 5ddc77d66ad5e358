"""What the assistant knows: read it, find it, say that it is still true."""

from collections.abc import Mapping

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from bottlenecks.desk.content import decide, edit, export
from bottlenecks.desk.content.access import (
    PATH,
    address,
    changeable,
    check_known,
    region_wanted,
    regions_of,
)
from bottlenecks.desk.content.forms import BackForm, ReviewForm
from bottlenecks.desk.content.shelf import Shelf, found, take
from bottlenecks.desk.context import DeskContext
from bottlenecks.desk.pages import Pages
from bottlenecks.desk.session import Handler, Sent, SignedIn, form_for
from bottlenecks.roles import Officer
from bottlenecks.store.content import sees
from knowledge import Topic

# what the list can be narrowed to
STATES = {
    "": "Alle onderwerpen",
    "bekijken": "Te lang niet bekeken",
    "gewijzigd": "Hier gewijzigd",
    "voorstel": "Met een voorstel of concept",
    "fout": "Iemand zei: klopt niet",
}


def router(desk: DeskContext, pages: Pages) -> APIRouter:
    """The routes of this part of the desk."""
    routes = APIRouter()

    @routes.get(PATH)
    def overview(
        request: Request,
        officer: SignedIn,
        zoek: str = "",
        regio: str | None = None,
        stand: str = "",
    ) -> Response:
        region = region_wanted(desk, officer, regio)
        with desk.database.reading() as work:
            shelf = take(desk, work, region)
            proposals = work.content.open(officer.scope)
            wrong = work.topics.wrong_counts(officer.scope)
            reports = work.topics.report_counts(officer.scope)
            names = work.officers.names({by for _, by in shelf.looked.values()})
        waiting = {view.topic for view in proposals if view.region in (None, region)}
        chosen = [
            topic
            for topic in found(list(shelf.now.topics.values()), zoek[:200])
            if _is_in(stand, topic, shelf, waiting, wrong)
        ]
        return pages.show(
            request,
            "content.html",
            officer=officer,
            path=PATH,
            shelf=shelf,
            subjects=_by_subject(chosen),
            number=len(chosen),
            proposals=proposals,
            waiting=waiting,
            wrong=wrong,
            reports=reports,
            names=names,
            regions=regions_of(desk, officer),
            states=STATES,
            wanted={"zoek": zoek, "regio": region or "", "stand": stand},
            due=sum(shelf.is_due(id_) for id_ in shelf.now.topics),
            misfits=[
                view
                for view in shelf.live.values()
                if view.id in shelf.misfits and sees(officer.scope, view.region)
            ],
            titles=_titles(shelf),
            review_days=desk.review_days,
        )

    @routes.get(PATH + "/onderwerp/{topic:path}")
    def one(request: Request, officer: SignedIn, topic: str, regio: str | None = None) -> Response:
        return _topic_page(request, officer, topic, region_wanted(desk, officer, regio))

    def _topic_page(
        request: Request,
        officer: Officer,
        topic_id: str,
        region: str | None,
        back: BackForm | None = None,
    ) -> Response:
        with desk.database.reading() as work:
            shelf = take(desk, work, region)
            if topic_id not in shelf.now.topics:
                raise HTTPException(404)
            proposals = work.content.open(officer.scope, topic=topic_id)
            decided = work.content.decided(officer.scope, topic=topic_id)
            reports = work.topics.reports_of(topic_id, officer.scope)
            wrong = [
                one for one in work.topics.wrong_answers(officer.scope) if one.topic == topic_id
            ]
            handled = sum(
                one.topic == topic_id
                for one in work.topics.wrong_answers(officer.scope, handled=True)
            )
            people = {view.proposed_by for view in (*proposals, *decided)}
            people |= {view.decided_by for view in decided} | {
                by for _, by in shelf.looked.values()
            }
            names = work.officers.names({one for one in people if one})
        variants = [
            key[1]
            for key in shelf.live
            if key[0] == topic_id and key[1] and sees(officer.scope, key[1])
        ]
        return pages.show(
            request,
            "content_topic.html",
            officer=officer,
            status_code=200 if back is None else 422,
            path=PATH,
            shelf=shelf,
            topic=shelf.now.topic(topic_id),
            view=shelf.changed(topic_id),
            misfit=shelf.misfit(topic_id),
            moved_on=shelf.file_moved_on(topic_id),
            looked=shelf.last_look(topic_id),
            is_due=shelf.is_due(topic_id),
            variants=variants,
            proposals=proposals,
            decided=decided,
            reports=reports,
            wrong=wrong,
            handled=handled,
            names=names,
            regions=regions_of(desk, officer),
            may_change=officer.scope.sees(region),
            own=shelf.live.get((topic_id, region)),
            back=back or form_for(request, BackForm, regio=region or ""),
            review=form_for(request, ReviewForm, regio=region or ""),
            review_days=desk.review_days,
        )

    @routes.post(PATH + "/gezien/{topic:path}")
    def review(request: Request, officer: Handler, topic: str, data: Sent) -> Response:
        form = form_for(request, ReviewForm, data)
        region = changeable(desk, officer, str(form.regio.data or ""))
        check_known(desk, topic)
        if not form.validate():
            return _topic_page(request, officer, topic, region)
        with desk.database.work() as work:
            work.content.review(topic, region, by=officer.id)
            work.audit.add(officer.id, "inhoud-bekeken", topic, regio=region)
        return pages.done(address(topic, region), "Bewaard: deze tekst klopt nog.")

    @routes.post(PATH + "/terug/{topic:path}")
    def back(request: Request, officer: Handler, topic: str, data: Sent) -> Response:
        form = form_for(request, BackForm, data)
        region = changeable(desk, officer, str(form.regio.data or ""))
        check_known(desk, topic)
        if not form.validate():
            return _topic_page(request, officer, topic, region, form)
        return decide.propose_back(
            desk, pages, officer, topic, region, str(form.waarom.data).strip()
        )

    routes.include_router(export.router(desk, pages))
    routes.include_router(edit.router(desk, pages))
    routes.include_router(decide.router(desk, pages))
    return routes


def _is_in(
    state: str, topic: Topic, shelf: Shelf, waiting: set[str], wrong: Mapping[str | None, int]
) -> bool:
    match state:
        case "bekijken":
            return shelf.is_due(topic.id)
        case "gewijzigd":
            return shelf.changed(topic.id) is not None or bool(shelf.misfit(topic.id))
        case "voorstel":
            return topic.id in waiting
        case "fout":
            return topic.id in wrong
    return True


def _by_subject(topics: list[Topic]) -> dict[str, list[Topic]]:
    subjects: dict[str, list[Topic]] = {}
    for topic in topics:
        subjects.setdefault(topic.subject, []).append(topic)
    return subjects


def _titles(shelf: Shelf) -> dict[str, str]:
    return {topic.id: topic.title for topic in shelf.now.topics.values()}
