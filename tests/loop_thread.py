"""A server for tests, in a thread and event loop of its own for as long as a block lasts."""

import asyncio
import threading
from types import TracebackType
from typing import Self

START_S = 10


class LoopThread:
    """Base of such a server: `run` listens, calls `listening`, and ends when `closing` is set."""

    def __init__(self, name: str) -> None:
        """`name` is that of the thread; nothing is started before the block."""
        self.url = ""
        self.closing = asyncio.Event()
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, name=name, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        if not self._ready.wait(START_S):
            raise RuntimeError(f"{self._thread.name} did not start")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self.closing.set)
        self._thread.join(START_S)

    async def run(self) -> None:
        """Serve until `closing` is set."""
        raise NotImplementedError

    def listening(self, port: int) -> None:
        """From now on it can be reached, at this port of loopback."""
        self.url = f"http://127.0.0.1:{port}"
        self._ready.set()

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self.run())
        finally:
            self._loop.close()
