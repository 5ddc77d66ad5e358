"""Serves the web application until told to stop."""

import asyncio
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

import uvicorn
from starlette.types import ASGIApp

# how long pages that wait for messages get to end, in seconds
GRACE_S = 3


class WebServerError(Exception):
    """The address cannot be used; the message tells an operator what to do."""


class _Server(uvicorn.Server):
    """Leaves signals to the process that it is a part of."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def run(
    app: ASGIApp,
    host: str,
    port: int,
    stop: asyncio.Event,
    on_ready: Callable[[str], None] = lambda url: None,
    proxies: Sequence[str] = (),
) -> None:
    """Serve until `stop` is set; `on_ready` gets the address at which it can be reached here.

    `proxies` (addresses, networks) are believed when they tell where a browser is; nobody else.

    Raises:
        WebServerError: the port is in use, or may not be used.
    """
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listening = socket.create_server((host, port), family=family)
        # connections inherit it, and asyncio leaves it off where a socket was made this way: then
        # an answer of two parts waits 40 ms for the first to be acknowledged
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except OSError as error:
        raise WebServerError(
            f"port {port} of {host} cannot be used ({error.strerror}): stop what uses it, "
            "or set PORT to another one"
        ) from error
    server = _Server(
        uvicorn.Config(
            app,
            # its lines go where ours go; one per request would hold codes, which stand in addresses
            log_config=None,
            log_level="warning",
            access_log=False,
            server_header=False,
            lifespan="off",
            timeout_graceful_shutdown=GRACE_S,
            proxy_headers=bool(proxies),
            forwarded_allow_ips=list(proxies),
        )
    )
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        while not server.started and not serving.done():
            await asyncio.sleep(0.01)
        shown = "127.0.0.1" if host in ("0.0.0.0", "localhost") else host
        on_ready(f"http://{shown}:{listening.getsockname()[1]}")
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait((stopping, serving), return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
    finally:
        server.should_exit = True
        with suppress(asyncio.CancelledError):
            await serving
        listening.close()
