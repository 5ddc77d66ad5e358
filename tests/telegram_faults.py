"""A bad wire between the bot and the fake Bot API: it hangs, breaks off, or is cut."""

import asyncio
from collections.abc import Callable
from typing import Literal
from urllib.parse import urlsplit

from tests.loop_thread import LoopThread

Fault = Literal["hang", "half", "reset"]


class BadWire(LoopThread):
    """A server that hands everything on to another; faults happen to what comes back.

    `hang`: the request arrives, its answer never comes. `half`: of the answer only the beginning
    comes, then that side is closed. `reset`: the connection is cut before the answer.
    """

    def __init__(self, target: str) -> None:
        """`target` is the address of the fake Bot API."""
        super().__init__("bad-wire")
        parts = urlsplit(target)
        self._target = (parts.hostname or "", parts.port or 0)
        self._faults: list[tuple[str, Fault]] = []
        self.happened: list[Fault] = []

    def break_next(self, method: str, fault: Fault, times: int = 1) -> None:
        """Let this happen to the answers of the next calls of `method`."""
        self._faults += [(method, fault)] * times

    async def run(self) -> None:
        """Hand on what comes."""
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.listening(server.sockets[0].getsockname()[1])
        await self.closing.wait()
        server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

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
