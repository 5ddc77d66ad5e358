"""The page of the system: does it work, what waits, and what was set aside."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import Response
from wtforms import HiddenField

from bottlenecks.desk.context import DeskContext
from bottlenecks.desk.operator import facts
from bottlenecks.desk.pages import Pages
from bottlenecks.desk.session import EXPIRED, Admin, DeskForm, ForbiddenError, Sent, form_for
from bottlenecks.readiness import Readiness
from bottlenecks.roles import Officer
from bottlenecks.store.dead_letters import kept_until, read_reference

SYSTEM = "/beheer/systeem"
SHOWN = 50
GONE = "Dit bericht is er niet meer, of het is al opnieuw geprobeerd."


def operator(officer: Admin) -> Officer:
    """Who manages the whole system; a FastAPI dependency.

    Raises:
        ForbiddenError: an administrator of some regions.
    """
    if not officer.scope.all_regions:
        raise ForbiddenError("Dit mag alleen een beheerder van alle regio's.")
    return officer


Operator = Annotated[Officer, Depends(operator)]


class SetAsideForm(DeskForm):
    """What is to be tried again; `tot` is until when the page knew what was set aside."""

    tot = HiddenField()

    def until(self) -> datetime | None:
        """That moment; None when it is none."""
        try:
            moment = datetime.fromisoformat(str(self.tot.data))
        except ValueError:
            return None
        return moment if moment.tzinfo is not None else None


def router(desk: DeskContext, pages: Pages) -> APIRouter:
    """The routes of the page."""
    routes = APIRouter()
    readiness = Readiness(desk.database)

    @routes.get(SYSTEM)
    def overview(request: Request, officer: Operator) -> Response:
        checks = facts.tried(readiness.checks())
        with desk.database.reading() as work:
            letters = work.dead_letters.latest(SHOWN)
            # a clock that was set back must not keep one from being tried again
            until = max([work.now(), *(letter.set_aside_at for letter in letters)])
            return pages.show(
                request,
                "system.html",
                officer=officer,
                checks=checks,
                queues=facts.waiting(work.health.queues()),
                letters=letters,
                erased=work.dead_letters.erased(SHOWN),
                can_replay=work.dead_letters.can_replay(),
                until=until.isoformat(),
                kept_until=kept_until,
                what_it_is=facts.what_it_is,
                what_went_wrong=facts.what_went_wrong,
                known=facts.system(desk, work),
            )

    @routes.post(f"{SYSTEM}/opnieuw")
    def replay_all(request: Request, officer: Operator, data: Sent) -> Response:
        form = form_for(request, SetAsideForm, data)
        until = form.until()
        if not form.validate() or until is None:
            return pages.done(SYSTEM, EXPIRED, kind="alarm")
        with desk.database.work() as work:
            number = work.dead_letters.replay_all(until)
            if number:
                work.audit.add(officer.id, "berichten-opnieuw", str(number))
        if not number:
            return pages.done(SYSTEM, "Er is niets dat opnieuw kan.", kind="warn")
        desk.wake()
        return pages.done(SYSTEM, f"{_messages(number)} opnieuw geprobeerd.")

    @routes.post(SYSTEM + "/{reference}/opnieuw")
    def replay(request: Request, officer: Operator, data: Sent, reference: str) -> Response:
        queue, id_ = _known(reference)
        form = form_for(request, SetAsideForm, data)
        until = form.until()
        if not form.validate() or until is None:
            return pages.done(SYSTEM, EXPIRED, kind="alarm")
        with desk.database.work() as work:
            done = work.dead_letters.replay(queue, id_, until)
            if done:
                work.audit.add(officer.id, "bericht-opnieuw", reference)
        if not done:
            return pages.done(SYSTEM, GONE, kind="warn")
        desk.wake()
        return pages.done(SYSTEM, f"{reference} wordt opnieuw geprobeerd.")

    @routes.post(SYSTEM + "/{reference}/weggooien")
    def discard(request: Request, officer: Operator, data: Sent, reference: str) -> Response:
        queue, id_ = _known(reference)
        if not form_for(request, SetAsideForm, data).validate():
            return pages.done(SYSTEM, EXPIRED, kind="alarm")
        with desk.database.work() as work:
            done = work.dead_letters.discard(queue, id_)
            if done:
                work.audit.add(officer.id, "bericht-weggegooid", reference)
        if not done:
            return pages.done(SYSTEM, GONE, kind="warn")
        return pages.done(SYSTEM, f"{reference} is weggegooid.")

    return routes


def _known(reference: str) -> tuple[str, int]:
    found = read_reference(reference)
    if found is None:
        raise HTTPException(404)
    return found


def _messages(number: int) -> str:
    return "1 bericht wordt" if number == 1 else f"{number} berichten worden"
