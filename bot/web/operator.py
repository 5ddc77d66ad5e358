"""What machines of the operator ask: may visitors be sent here, and how is it going?"""

import hmac
import ipaddress
import logging
import threading
import time
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from sqlalchemy.exc import SQLAlchemyError

from bot.metrics import CONTENT_TYPE, Metrics
from bot.settings import LOCAL
from bottlenecks.store import Database
from bottlenecks.store.schema import newest_revision

LOGGER = logging.getLogger(__name__)

# an update is handled in well under a second: after this long nobody is handling them
STUCK_S = 60.0
# the check writes to the disk: however often it is asked for, it is done this often at most
CHECK_EVERY_S = 5.0
# what a proxy adds: then the visitor is elsewhere, though the connection is from this machine
FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")


class Readiness:
    """Tells whether the service works, by trying what it needs."""

    def __init__(self, database: Database) -> None:
        """`database` is written to at a check."""
        self._database = database
        self._newest = newest_revision()
        self._lock = threading.Lock()
        self._checked_at = -CHECK_EVERY_S
        self._causes = ["not checked yet"]

    def causes(self) -> list[str]:
        """Why it does not work; nothing when it does. At most a few seconds old."""
        # a check may wait for a locked database: others get what was found last
        if self._lock.acquire(blocking=False):
            try:
                if time.monotonic() - self._checked_at >= CHECK_EVERY_S:
                    self._causes = self._check()
                    self._checked_at = time.monotonic()
            finally:
                self._lock.release()
        return self._causes

    def _check(self) -> list[str]:
        causes = []
        try:
            with self._database.reading() as work:
                revision = work.health.revision()
                waiting = next(queue for queue in work.health.queues() if queue.status == "new")
        except SQLAlchemyError as error:
            LOGGER.error("readiness: reading: %s", type(error).__name__)
            return ["the database cannot be read"]
        if revision != self._newest:
            causes.append(f"the database has schema {revision}, this version needs {self._newest}")
        if waiting.oldest_s > STUCK_S:
            causes.append(f"the oldest message has waited for {waiting.oldest_s:.0f} seconds")
        try:
            with self._database.work() as work:
                work.health.write()
        except SQLAlchemyError as error:
            LOGGER.error("readiness: writing: %s", type(error).__name__)
            causes.append("the database cannot be written to")
        return causes


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
    host = urlsplit(f"//{request.headers.get('host', '')}").hostname
    return address.is_loopback and host in LOCAL
