"""`regiowijzer serve`, killed at a given point: `python -m tests.crash.serve_and_die POINT N`.

POINT is before-commit, after-commit, before-send or after-send; the process kills itself the
N-th time it gets there, without any chance to clean up. Settings come from the environment.
"""

import asyncio
import itertools
import os
import signal
import sys

from bot.application import load_assistant
from bot.opening import configure_logging, open_store
from bot.serve import serve
from bot.settings import load_settings


def main(point: str, times: int) -> None:
    """Serve until `point` is reached for the `times`-th time."""
    reached = itertools.count(1)

    def checkpoint(name: str) -> None:
        if name == point and next(reached) == times:
            os.kill(os.getpid(), signal.SIGKILL)

    settings = load_settings()
    configure_logging(settings)
    with open_store(settings) as database:
        asyncio.run(serve(settings, database, load_assistant(settings), checkpoint))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
