"""Tells whoever is waiting which stage of the training has begun."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Listener = Callable[[str], None]

_listener: ContextVar[Listener | None] = ContextVar("training_listener", default=None)


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Call `listener` with the name of each stage that begins within the block."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


@contextmanager
def step(name: str) -> Iterator[None]:
    """A stage of the training; `name` is shown to the user, in Dutch."""
    listener = _listener.get()
    if listener is not None:
        listener(name)
    yield
