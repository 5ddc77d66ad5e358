"""Puts the pages of the desk together."""

from pathlib import Path
from urllib.parse import urlencode, urlsplit

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException

from bottlenecks.desk import outage
from bottlenecks.desk.api.app import api
from bottlenecks.desk.content import plans
from bottlenecks.desk.content import routes as content
from bottlenecks.desk.context import DeskContext
from bottlenecks.desk.figures import routes as figures
from bottlenecks.desk.groups import routes as groups
from bottlenecks.desk.meeting import routes as meeting
from bottlenecks.desk.operator import routes as operator
from bottlenecks.desk.pages import Pages
from bottlenecks.desk.people import access, account, audit_page, oidc, signing_in
from bottlenecks.desk.people import routes as people
from bottlenecks.desk.questions import routes as questions
from bottlenecks.desk.regions import contact, phase
from bottlenecks.desk.reports import export, inbox, report
from bottlenecks.desk.session import ForbiddenError, SignedOutError, signed_in
from bottlenecks.desk.signals import routes as signals

ROOT = "/beheer"
STATIC = Path(__file__).parent / "static"
# in this order: an address that is fixed comes before one that ends in a reference
MODULES = (
    signing_in,
    oidc,
    account,
    export,
    inbox,
    report,
    groups,
    figures,
    meeting,
    questions,
    plans,
    content,
    signals,
    phase,
    contact,
    people,
    access,
    audit_page,
    operator,
)
API = "/api/v1"

NOT_FOUND = "Deze pagina of melding bestaat niet, of je mag hem niet zien."
FAILED = "Er ging hier iets mis. Wat je invulde is niet bewaard. Ga terug en probeer het opnieuw."
NOT_SHOWN = "Er ging hier iets mis. Probeer het zo opnieuw."


def add_desk(app: FastAPI, desk: DeskContext) -> None:
    """Add the desk's pages, and what is shown when one cannot be, to an application."""
    pages = Pages(desk)
    app.state.desk = desk
    for module in MODULES:
        app.include_router(module.router(desk, pages), include_in_schema=False)

    app.mount(API, api(desk), name="api")

    @app.get(ROOT, include_in_schema=False)
    def start() -> Response:
        return RedirectResponse("/beheer/meldingen", status_code=303)

    def problem(request: Request, code: int, heading: str, text: str) -> Response:
        in_desk = request.url.path.startswith(ROOT)
        try:
            officer = signed_in(request) if in_desk else None
        except SignedOutError:
            officer = None
        return pages.show(
            request,
            "problem.html",
            officer=officer,
            status_code=code,
            heading=heading,
            text=text,
            back="/beheer/meldingen" if in_desk else "/chat",
            back_text="Naar de meldingen" if in_desk else "Naar de chat",
        )

    def failed(request: Request) -> str:
        # who only opened a page filled in nothing
        return NOT_SHOWN if request.method in ("GET", "HEAD") else FAILED

    def signed_out(request: Request, error: Exception) -> Response:
        # whoever sent a form goes back to the page that it stood on
        sent = request.method != "GET"
        page = _page(request.headers.get("referer", "") if sent else str(request.url))
        query = {"naar": page} if page.startswith(ROOT + "/") else {}
        if sent:
            query["typte"] = "ja"
        return RedirectResponse(f"/beheer/inloggen?{urlencode(query)}", status_code=303)

    def forbidden(request: Request, error: Exception) -> Response:
        return problem(request, 403, "Geen toegang", str(error))

    def http_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if error.status_code == 404:
            return problem(request, 404, "Niet gevonden", NOT_FOUND)
        if error.status_code == 413:
            return problem(request, 413, "Dit is te groot", error.detail)
        return problem(request, error.status_code, "Dat lukt niet", failed(request))

    app.add_exception_handler(SignedOutError, signed_out)
    app.add_exception_handler(ForbiddenError, forbidden)
    app.add_exception_handler(HTTPException, http_error)
    app.add_exception_handler(
        RequestValidationError,
        lambda request, _: problem(request, 422, "Dat lukt niet", failed(request)),
    )
    app.add_exception_handler(DBAPIError, outage.handler(pages))
    app.add_exception_handler(
        Exception, lambda request, _: problem(request, 500, "Er ging iets mis", failed(request))
    )


def _page(url: str) -> str:
    """The path and query of an address; empty when it is malformed."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return parts.path + (f"?{parts.query}" if parts.query else "")
