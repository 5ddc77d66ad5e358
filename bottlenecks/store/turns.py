"""Lets the threads of a process write to SQLite one after the other, in the order they came.

SQLite has one writer at a time. Who finds it busy looks again after ever longer pauses, so that
those who wait longest may wait on; here each is told when it is its turn.
"""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """A lock that is handed to who waits for it longest."""

    def __init__(self) -> None:
        """Nobody has it."""
        self._guard = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._is_taken = False

    @contextmanager
    def one(self, patience_s: float) -> Iterator[bool]:
        """Have the turn during the block; False when it did not come within `patience_s`."""
        has_it = self._take(patience_s)
        try:
            yield has_it
        finally:
            if has_it:
                self._pass_on()

    def _take(self, patience_s: float) -> bool:
        with self._guard:
            if not self._is_taken:
                self._is_taken = True
                return True
            mine = threading.Lock()
            mine.acquire()
            self._waiting.append(mine)
        if mine.acquire(timeout=patience_s):
            return True
        with self._guard:
            if mine in self._waiting:
                self._waiting.remove(mine)
                return False
            return True  # it came just now

    def _pass_on(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._is_taken = False
