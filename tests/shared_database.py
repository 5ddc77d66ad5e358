"""What is done in several transactions of one database at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from bottlenecks.store import Database, Work

AT_ONCE = 4
Given = TypeVar("Given")


def at_once(database: Database, does: Callable[[Work, int], Given]) -> list[Given]:
    """What `does` gives in several transactions that begin at the same time."""
    together = Barrier(AT_ONCE)

    def one(number: int) -> Given:
        with database.work() as work:
            work.health.revision()  # connected
            together.wait(30)
            return does(work, number)

    with ThreadPoolExecutor(AT_ONCE) as several:
        return list(several.map(one, range(AT_ONCE)))
