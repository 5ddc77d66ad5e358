"""What takes the content away: all changes as a patch, and the topics that have to be looked at."""

from tempfile import TemporaryFile

from fastapi import APIRouter
from fastapi.responses import Response

from bottlenecks.dates import AMSTERDAM
from bottlenecks.desk.content.access import PATH, region_wanted
from bottlenecks.desk.content.shelf import take
from bottlenecks.desk.context import DeskContext
from bottlenecks.desk.pages import Pages, file_headers, moment
from bottlenecks.desk.session import SignedIn
from bottlenecks.desk.spreadsheet import Cell, Column, write_csv
from bottlenecks.store.content import sees
from knowledge.edit import Change, EditError, file_of, patch

COLUMNS = (
    Column("onderwerp", 30),
    Column("titel", 45),
    Column("geldt voor", 16),
    Column("bestand", 20),
    Column("laatst bekeken", 17),
    Column("door", 24),
)
NO_FIT = "De wijzigingen passen niet meer in de bestanden. Vraag je beheerder om hulp."
NO_CHANGES = "Er zijn geen wijzigingen op de bestanden."


def router(desk: DeskContext, pages: Pages) -> APIRouter:
    """The two downloads."""
    routes = APIRouter()

    @routes.get(PATH + "/wijzigingen.patch")
    def changes(officer: SignedIn) -> Response:
        with desk.database.work() as work:
            shelf = take(desk, work, None)
            wanted = [
                Change(view.data or {}, view.region)
                for view in shelf.live.values()
                if view.id not in shelf.misfits and sees(officer.scope, view.region)
            ]
            try:
                text = patch(wanted, shelf.sources)
            except EditError:
                return pages.done(PATH, NO_FIT, kind="alarm")
            if not text:
                return pages.done(PATH, NO_CHANGES, kind="warn")
            work.audit.add(officer.id, "inhoud-opgehaald", "wijzigingen")
            made = moment(work.now())
        head = f"Inhoud van Regiowijzer, zoals die gold op {made}. Toepassen met: git apply\n\n"
        return _file((head + text).encode(), "text/x-diff", "regiowijzer-inhoud.patch")

    @routes.get(PATH + "/te-bekijken.csv")
    def overdue(officer: SignedIn, regio: str | None = None) -> Response:
        region = region_wanted(desk, officer, regio)
        with desk.database.work() as work:
            shelf = take(desk, work, region)
            names = work.officers.names({by for _, by in shelf.looked.values()})
            work.audit.add(officer.id, "inhoud-opgehaald", "te-bekijken", regio=region)
            rows: list[list[Cell]] = []
            for topic in shelf.now.topics.values():
                if shelf.is_due(topic.id):
                    last = shelf.last_look(topic.id)
                    rows.append(
                        [
                            topic.id,
                            topic.title,
                            topic.scope,
                            file_of(topic.id),
                            last.at if last else "nooit",
                            names.get(last.by, "onbekend") if last else "",
                        ]
                    )
        with TemporaryFile() as file:
            write_csv(file, COLUMNS, rows, AMSTERDAM)
            file.seek(0)
            return _file(file.read(), "text/csv; charset=utf-8", "te-bekijken.csv")

    return routes


def _file(content: bytes, kind: str, name: str) -> Response:
    return Response(content, media_type=kind, headers=file_headers(name))
