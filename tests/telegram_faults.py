"""A bad wire between the bot and the fake Bot API: it hangs, breaks off, or is cut."""

import asyncio
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Literal
from urllib.parse import urlsplit

Fault = Literal["hang", "half", "reset"]


class BadWire:
    """A server that hands everything on to another; faults happen to what comes back.

    `hang`: the request arrives, its answer never comes. `half`: of the answer only the beginning
    comes, then that side is closed. `reset`: the connection is cut before the answer.
    """

    def __init__(self, target: str) -> None:
        """`target` is the address of the fake Bot API."""
        parts = urlsplit(target)
        self._target = (parts.hostname or "", parts.port or 0)
        self._faults: list[tuple[str, Fault]] = []
        self.happened: list[Fault] = []
        self.url = ""
        self._loop = asyncio.new_event_loop()
        self._closing = asyncio.Event()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="bad-wire", daemon=True)

    def break_next(self, method: str, fault: Fault, times: int = 1) -> None:
        """Let this happen to the answers of the next calls of `method`."""
        self._faults += [(method, fault)] * times

    def __enter__(self) -> "BadWire":
        self._thread.start()
        if not self._ready.wait(10):
            raise RuntimeError("the wire did not start")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._closing.set)
        self._thread.join(10)

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._run())

    async def _run(self) -> None:
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        self._ready.set()
        await self._closing.wait()
        server.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(*self._target)
        asked = b""

        def look(data: bytes) -> bytes:
            nonlocal asked
            asked = data if data.startswith((b"POST ", b"GET ")) else asked
            return data

        def answer(data: bytes) -> bytes | None:
            for place, (method, fault) in enumerate(self._faults):
                if f"/{method} ".encode() in asked.split(b"\r\n")[0] + b" ":
                    del self._faults[place]
                    self.happened.append(fault)
                    return self._broken(fault, data, writer)
            return data

        await asyncio.gather(
            _pump(reader, back, look), _pump(there, writer, answer), return_exceptions=True
        )
        for end in (writer, back):
            end.close()

    def _broken(self, fault: Fault, data: bytes, writer: asyncio.StreamWriter) -> bytes | None:
        if fault == "hang":
            return b""
        if fault == "half":
            writer.write(data[: len(data) - 10])
            writer.write_eof()
        else:
            writer.transport.abort()
        return None


async def _pump(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    change: Callable[[bytes], bytes | None],
) -> None:
    """Hand on what comes in, until it ends, or `change` gives None."""
    while data := await reader.read(65536):
        changed = change(data)
        if changed is None:
            return
        writer.write(changed)
        await writer.drain()
