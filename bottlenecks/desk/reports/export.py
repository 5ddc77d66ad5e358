"""The reports that a filter gives, all of them, as a file for Excel."""

from collections.abc import Callable, Iterator, Mapping
from tempfile import TemporaryFile
from typing import IO

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse

from bottlenecks.dates import AMSTERDAM
from bottlenecks.desk.context import DeskContext
from bottlenecks.desk.pages import Pages, category, file_headers, severity, status
from bottlenecks.desk.reports import filters
from bottlenecks.desk.session import SignedIn
from bottlenecks.desk.spreadsheet import Cell, Column, write_csv, write_xlsx
from bottlenecks.roles import Officer
from bottlenecks.store import Work
from bottlenecks.store.report_search import ReportRow
from bottlenecks.workflow import ORGANISATIONS

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TITLE = "Meldingen"
CHUNK_BYTES = 64 * 1024

COLUMNS = (
    Column("nummer", 14),
    Column("gemeld op", 17),
    Column("soort", 24),
    Column("regio", 22),
    Column("ernst", 9),
    Column("status", 17),
    Column("doorgezet naar", 17),
    Column("praktijk", 26),
    Column("antwoord gewenst", 17),
    Column("eigenaar", 22),
    Column("termijn", 17),
    Column("omschrijving", 70, wraps=True),
    Column("al geprobeerd", 40, wraps=True),
    Column("voorbeeld", 10),
)

Write = Callable[[IO[bytes], Iterator[list[Cell]], Work], None]


def router(desk: DeskContext, pages: Pages) -> APIRouter:
    """The two downloads; they take the same query as the inbox."""
    routes = APIRouter()

    @routes.get("/beheer/meldingen/export.csv")
    def as_csv(request: Request, officer: SignedIn) -> Response:
        def write(file: IO[bytes], rows: Iterator[list[Cell]], work: Work) -> None:
            write_csv(file, COLUMNS, rows, AMSTERDAM)

        return _download(desk, pages, request, officer, "csv", CSV, write)

    @routes.get("/beheer/meldingen/export.xlsx")
    def as_xlsx(request: Request, officer: SignedIn) -> Response:
        def write(file: IO[bytes], rows: Iterator[list[Cell]], work: Work) -> None:
            write_xlsx(file, COLUMNS, rows, AMSTERDAM, title=TITLE, made_at=work.now())

        return _download(desk, pages, request, officer, "xlsx", XLSX, write)

    return routes


def _download(
    desk: DeskContext,
    pages: Pages,
    request: Request,
    officer: Officer,
    extension: str,
    media_type: str,
    write: Write,
) -> Response:
    wanted = filters.from_query(request.query_params, officer.id, regions=desk.regions)
    # on disk, without a name: a slow download keeps no database connection, and whoever breaks
    # it off leaves nothing behind
    file = TemporaryFile()
    try:
        with desk.database.reading() as work:
            found = work.search.page(wanted, officer.scope, AMSTERDAM, offset=0, limit=1)
            with desk.database.work() as writing:
                writing.audit.add(
                    officer.id,
                    "export",
                    f"meldingen.{extension}",
                    filter=filters.to_query(wanted),
                    rijen=found.total,
                )
            owners = {view.officer.id: view.officer.name for view in work.officers.all()}
            rows = work.search.all(wanted, officer.scope, AMSTERDAM)
            write(file, (_cells(row, pages, owners) for row in rows), work)
            name = f"meldingen-{work.now().astimezone(AMSTERDAM):%Y-%m-%d}.{extension}"
        size = file.tell()
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return StreamingResponse(
        _chunks(file),
        media_type=media_type,
        headers={**file_headers(name), "Content-Length": str(size)},
    )


def _cells(row: ReportRow, pages: Pages, owners: Mapping[str, str]) -> list[Cell]:
    return [
        row.reference,
        row.created_at,
        category(row.category),
        pages.region(row.region or row.region_other),
        severity(row.severity),
        status(row.status),
        ORGANISATIONS.get(row.forwarded_to or "", row.forwarded_to),
        row.practice,
        _yes_or_no(row.answer_wanted),
        owners.get(row.owner_id or ""),
        row.due_at,
        row.description,
        row.tried,
        _yes_or_no(row.is_example),
    ]


def _yes_or_no(value: bool) -> str:
    return filters.YES if value else filters.NO


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(CHUNK_BYTES):
            yield chunk
