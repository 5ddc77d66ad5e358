"""Puts the pages of the desk together."""

from pathlib import Path
from urllib.parse import urlencode, urlsplit

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException

from bottlenecks.desk import (
    access,
    account,
    audit_page,
    contact,
    content,
    export,
    figures,
    groups,
    inbox,
    oidc,
    people,
    phase,
    plans,
    questions,
    report,
    roaz,
    signals,
    signing_in,
)
from bottlenecks.desk.api import api
from bottlenecks.desk.context import DeskContext
from bottlenecks.desk.pages import Pages
from bottlenecks.desk.session import ForbiddenError, SignedOutError, signed_in

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
    roaz,
    questions,
    plans,
    content,
    signals,
    phase,
    contact,
    people,
    access,
    audit_page,
)
API = "/api/v1"

NOT_FOUND = "Deze pagina of melding bestaat niet, of je mag hem niet zien."
FAILED = "Er ging hier iets mis. Wat je invulde is niet bewaard. Ga terug en probeer het opnieuw."


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

    def signed_out(request: Request, error: Exception) -> Response:
        # whoever sent a form goes back to the page that it stood on
        sent = request.method != "GET"
        page = urlsplit(request.headers.get("referer", "")) if sent else request.url
        query = {}
        if page.path.startswith(ROOT + "/"):
            query["naar"] = page.path + (f"?{page.query}" if page.query else "")
        if sent:
            query["typte"] = "ja"
        return RedirectResponse(f"/beheer/inloggen?{urlencode(query)}", status_code=303)

    def forbidden(request: Request, error: Exception) -> Response:
        return problem(request, 403, "Geen toegang", str(error))

    def http_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if error.status_code == 404:
            return problem(request, 404, "Niet gevonden", NOT_FOUND)
        return problem(request, error.status_code, "Dat lukt niet", FAILED)

    app.add_exception_handler(SignedOutError, signed_out)
    app.add_exception_handler(ForbiddenError, forbidden)
    app.add_exception_handler(HTTPException, http_error)
    app.add_exception_handler(
        RequestValidationError, lambda request, _: problem(request, 422, "Dat lukt niet", FAILED)
    )
    app.add_exception_handler(
        Exception, lambda request, _: problem(request, 500, "Er ging iets mis", FAILED)
    )
