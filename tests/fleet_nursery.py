"""Has the model in memory, and starts `serve` and `worker` as new processes: forked from this one.

`python -m tests.fleet_nursery` is told what to start in lines of JSON on standard input, and
answers each with the id of a process. Loading the model is most of what a start costs; this process
has served nothing, has no threads and no database open.
"""

import asyncio
import gc
import json
import os
import signal
import sys

import bot.alone  # noqa: F401  # loaded once, not by each process
import bot.metrics  # noqa: F401  # the same
import bot.web.running  # noqa: F401  # the same
from bot import working
from bot.application import load_assistant
from bot.opening import configure_logging, open_store
from bot.serve import serve
from bot.settings import Settings, load_settings
from dialogues.assistant import Assistant

STOPPED = "Stopped."


def main() -> None:
    """Start processes until standard input ends; then none is left."""
    assistant = load_assistant(Settings(_env_file=None))
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how they ended
    begun = []
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            _live(order, assistant)
        begun.append(pid)
        print(pid, flush=True)
    for pid in begun:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


def _live(order: dict[str, str], assistant: Assistant) -> None:
    """Be the process that was ordered; it ends here."""
    code = 1
    try:
        made = os.O_WRONLY | os.O_APPEND | os.O_CREAT
        files = (os.open(os.devnull, os.O_RDONLY), os.open(order["out"], made))
        for number, file in enumerate((*files, os.open(order["log"], made))):
            os.dup2(file, number)
        os.environ.clear()
        os.environ.update({name: value for name, value in order.items() if name.isupper()})
        settings = load_settings()
        configure_logging(settings)
        with open_store(settings) as database:
            if order["command"] == "worker":
                job = working.run(
                    settings, database, assistant, lambda: print("Ready.", flush=True)
                )
            else:
                job = serve(
                    settings, database, assistant, lambda url: print(f"Ready: {url}", flush=True)
                )
            asyncio.run(job)
        print(STOPPED, flush=True)
        code = 0
    except BaseException as error:  # to the log, and never on into the code of the nursery
        print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
    finally:
        os._exit(code)


if __name__ == "__main__":
    main()
