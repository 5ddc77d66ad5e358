"""Wakes the tasks of the event loop, from any thread; they wait for the first of several events."""

import asyncio
from collections.abc import Callable


class Bells:
    """Tells tasks, from any thread, that there is something to do."""

    def __init__(self) -> None:
        """Belongs to the event loop that runs."""
        self._loop = asyncio.get_running_loop()
        self._events: list[asyncio.Event] = []
        # tells the other processes; see `bot.listening`
        self.forward: Callable[[], None] = lambda: None

    def new(self) -> asyncio.Event:
        """An event that `ring` sets."""
        return self.add(asyncio.Event())

    def add(self, event: asyncio.Event) -> asyncio.Event:
        """Have `ring` set this event as well."""
        self._events.append(event)
        return event

    def ring(self) -> None:
        """Set all events, here and in the other processes."""
        self.ring_here()
        self.forward()

    def ring_here(self) -> None:
        """Set all events of this process."""
        for event in self._events:
            self._loop.call_soon_threadsafe(event.set)


async def first_of(timeout_s: float, *events: asyncio.Event) -> None:
    """Wait until one of the events is set, at most `timeout_s` seconds."""
    waits = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(waits, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
