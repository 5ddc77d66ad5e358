"""The audit log: who read, exported or changed what."""

from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response

from bottlenecks.desk.context import DeskContext
from bottlenecks.desk.pages import Pages
from bottlenecks.desk.people.audit_words import ACTIONS, API, SPECIAL, AuditWords
from bottlenecks.desk.session import Admin

LOG = "/beheer/logboek"
PAGE_SIZE = 50
# the database knows no higher ones
LAST_ID = 2**31 - 1


def router(desk: DeskContext, pages: Pages) -> APIRouter:
    """The page of the log."""
    routes = APIRouter()

    @routes.get(LOG)
    def log(
        request: Request, officer: Admin, wie: str = "", wat: str = "", voor: str = ""
    ) -> Response:
        before = min(int(voor), LAST_ID) if voor.isascii() and voor.isdecimal() else None
        # the database refuses what cannot be in it
        wie, wat = (value.replace("\x00", "") for value in (wie, wat))
        with desk.database.reading() as work:
            found = work.audit.latest(
                PAGE_SIZE + 1,
                before_id=before,
                actor=wie[:64],
                action=wat[:40],
                scope=officer.scope,
            )
            accounts = [view.officer for view in work.officers.all()]
            keys = [key for key in work.tokens.list() if officer.scope.covers(key.scope)]
        people = {one.id: one.name for one in accounts}
        colleagues = [one.id for one in accounts if officer.scope.covers(one.scope)]
        programs = sorted({key.name for key in keys}, key=str.casefold)
        words = AuditWords(people, {**desk.regions, **desk.insurers})
        shown = found[:PAGE_SIZE]
        filters = {name: value for name, value in (("wie", wie), ("wat", wat)) if value}
        older = None
        if len(found) > PAGE_SIZE:
            older = f"{LOG}?{urlencode(filters | {'voor': str(shown[-1].id)})}"
        actors = [*colleagues, *(API + name for name in programs), *SPECIAL]
        return pages.show(
            request,
            "audit.html",
            officer=officer,
            lines=[words.line(entry) for entry in shown],
            actors={actor: words.actor(actor) for actor in actors},
            actions=ACTIONS,
            who=wie,
            what=wat,
            older=older,
            newest=f"{LOG}?{urlencode(filters)}" if before is not None else None,
            is_filtered=bool(filters),
        )

    return routes
