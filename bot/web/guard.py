"""What holds for every page: headers that keep browsers safe, and requests that are refused."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from fastapi import FastAPI
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY_BYTES = 256 * 1024
# a plan of a region is a file; the page itself says how large it may be
UPLOAD_PATH = "/beheer/inhoud/plannen"
MAX_UPLOAD_BYTES = 12 * 1024 * 1024
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
HEADERS = {
    "content-security-policy": "default-src 'self'; img-src 'self' data:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
STATIC = ("/static/", "/chat/static/")
_PORT = re.compile(r"(:\d*)?", re.ASCII)
# what machines ask, often by an IP address: nothing that is somebody's stands there
ANY_HOST = frozenset({"/healthz", "/readyz", "/metrics"})
HTTPS_ONLY = "max-age=31536000; includeSubDomains"
MALFORMED_HOST = "Dit adres klopt niet. Kijk of er een typefout in staat."
UNKNOWN_HOST = "Deze server heet anders. Gebruik het adres dat je van je regio-organisatie kreeg."
FOREIGN = "Dit kwam van een andere website en is niet uitgevoerd. Ga terug en probeer het opnieuw."
TOO_LARGE = "Dit is te groot. Er is niets bewaard."
FILE_TOO_LARGE = (
    "Dit bestand is groter dan 10 MB. Er is niets bewaard. Ga terug, haal de afbeeldingen uit het "
    "bestand of deel het op, en probeer het opnieuw."
)


class Guard:
    """Refuses what no page of ours sends, and puts the headers on what goes out.

    It stands around the whole application, so that the headers are on its errors as well.
    A browser tells with a request that changes something where it comes from; another website
    cannot hide that. Programs that are no browser tell nothing, and pass.
    """

    def __init__(self, app: ASGIApp, hosts: Iterable[str], *, is_https: bool) -> None:
        """`hosts` are the names by which this server is reached, without port."""
        self._app = app
        self._hosts = frozenset(hosts)
        self._headers = (
            {**HEADERS, "strict-transport-security": HTTPS_ONLY} if is_https else HEADERS
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                # scripts and styles may be kept, if the browser asks whether they changed
                kept = scope["path"].startswith(STATIC)
                headers.setdefault("cache-control", "no-cache" if kept else "no-store")
            await send(message)

        headers = Headers(scope=scope)
        is_upload = scope["method"] == "POST" and scope["path"] == UPLOAD_PATH
        limit = MAX_UPLOAD_BYTES if is_upload else MAX_BODY_BYTES
        too_large = FILE_TOO_LARGE if is_upload else TOO_LARGE
        refused: tuple[int, str] | None = None
        host = host_in(f"//{headers.get('host', '')}")
        if host is None:
            refused = 400, MALFORMED_HOST
        elif host not in self._hosts and scope["path"] not in ANY_HOST:
            refused = 421, UNKNOWN_HOST
        elif scope["method"] not in SAFE_METHODS and _is_foreign(headers):
            refused = 403, FOREIGN
        elif int_or_zero(headers.get("content-length")) > limit:
            refused = 413, too_large
        if refused is not None:
            response = PlainTextResponse(refused[1], refused[0], {"connection": "close"})
            await response(scope, receive, send_safely)
            return
        await self._app(scope, _at_most(receive, limit, too_large), send_safely)


class GuardedApp(FastAPI):
    """An application with a `Guard` around it; `guarded_by` is set before the first request."""

    def guarded_by(self, hosts: Iterable[str], *, is_https: bool) -> None:
        """See `Guard`."""
        self._hosts, self._is_https = frozenset(hosts), is_https

    def build_middleware_stack(self) -> ASGIApp:
        """What answers a request: a middleware would stand inside what answers to errors."""
        return Guard(super().build_middleware_stack(), self._hosts, is_https=self._is_https)


def _is_foreign(headers: Headers) -> bool:
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    if origin is None:
        return False
    try:
        return urlsplit(origin).netloc != headers.get("host")
    except ValueError:
        return True  # no browser sends it


def host_in(url: str) -> str | None:
    """The name or address of the host in an URL, empty when it has none; None: it is malformed."""
    try:
        parts = urlsplit(url)
        _ = parts.port  # which is looked at only now
    except ValueError:
        return None
    name = parts.hostname or ""
    # what stands around the name is looked at here: what reads it later may take it otherwise
    beside = parts.netloc.lower().removeprefix(f"[{name}]" if ":" in name else name)
    return name if _PORT.fullmatch(beside) else None


def _at_most(receive: Receive, limit: int, told: str) -> Receive:
    """A body of unknown length is refused at the limit, by whoever reads it."""
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > limit:
            raise HTTPException(413, told)
        return message

    return counted


def int_or_zero(value: str | None) -> int:
    """A header's number; 0 when it is none."""
    return int(value) if value and value.isascii() and value.isdigit() else 0
