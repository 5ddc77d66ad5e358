"""What machines of the operator ask: may visitors be sent here, and how is it going?"""

import hmac
import ipaddress

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response

from bot.metrics import CONTENT_TYPE, Metrics
from bot.settings import LOCAL
from bot.web.guard import host_in
from bottlenecks.readiness import Readiness
from bottlenecks.store import Database

# what a proxy adds: then the visitor is elsewhere, though the connection is from this machine
FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")


def router(database: Database, metrics: Metrics, token: str | None) -> APIRouter:
    """`/readyz` for everyone; `/metrics` for this machine, and for who knows `token`."""
    routes = APIRouter(include_in_schema=False)
    readiness = Readiness(database)

    @routes.get("/readyz")
    def ready() -> Response:
        causes = readiness.causes()
        if causes:
            return JSONResponse({"status": "not ready", "causes": causes}, status_code=503)
        return JSONResponse({"status": "ready"})

    @routes.get("/metrics")
    def figures(request: Request) -> Response:
        if not _knows(request, token) and not _is_here(request):
            return PlainTextResponse(
                "Only for this machine, or with METRICS_TOKEN as bearer token.\n",
                403 if token is None else 401,
                {} if token is None else {"www-authenticate": "Bearer"},
            )
        return Response(metrics.page(), headers={"content-type": CONTENT_TYPE})

    return routes


def _knows(request: Request, token: str | None) -> bool:
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if token is None or scheme.lower() != "bearer":
        return False
    return hmac.compare_digest(given.strip().encode(), token.encode())


def _is_here(request: Request) -> bool:
    """Whether the request was made on this machine, to this machine, with no proxy in between."""
    if request.client is None or any(name in request.headers for name in FORWARDED):
        return False
    try:
        address = ipaddress.ip_address(request.client.host)
    except ValueError:
        return False
    host = host_in(f"//{request.headers.get('host', '')}")
    return address.is_loopback and host in LOCAL
