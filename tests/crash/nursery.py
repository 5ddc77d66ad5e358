"""Has the model in memory, and starts `serve` in new processes: `python -m tests.crash.nursery`.

Loading the model is most of what a start costs, so each service is forked from this process, which
has served nothing, has no threads and no database open. It is told what to start in lines of JSON
on standard input, and says in lines of JSON what became of it.
"""

import asyncio
import gc
import itertools
import json
import os
import select
import signal
import sys
from typing import Any

from sqlalchemy import Engine, Insert, event

import bot.metrics
import bot.web.running
import bot.web.telegram_webhook  # noqa: F401  # loaded once, not by each service
from bot.application import load_assistant
from bot.opening import configure_logging, open_store
from bot.serve import serve
from bot.settings import Settings, load_settings
from bottlenecks.crypto import Cipher
from bottlenecks.models import OutboxItem, WebMessage
from dialogues.assistant import Assistant
from tests.crash.points import install

LOOK_EVERY_S = 0.01


def main() -> None:
    """Start services until standard input ends; then none is left."""
    assistant = load_assistant(Settings(_env_file=None))
    gc.freeze()
    running: dict[int, int] = {}
    _tell({"ready": True})
    unread = b""
    while True:
        if select.select([sys.stdin], [], [], LOOK_EVERY_S if running else None)[0]:
            received = os.read(sys.stdin.fileno(), 65536)
            if not received:
                break
            *orders, unread = (unread + received).split(b"\n")
            for order in map(json.loads, orders):
                pid = os.fork()
                if pid == 0:
                    _live(order, assistant)
                running[pid] = order["id"]
                _tell({"id": order["id"], "pid": pid})
        while running:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                break
            _tell({"id": running.pop(pid), "ended": os.waitstatus_to_exitcode(status)})
    for pid in running:
        os.kill(pid, signal.SIGKILL)


def _tell(message: dict[str, Any]) -> None:
    os.write(sys.stdout.fileno(), json.dumps(message).encode() + b"\n")


def _live(order: dict[str, Any], assistant: Assistant) -> None:
    """Serve as ordered, in this new process, which ends here."""
    code = 1
    try:
        log = os.open(order["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        nothing = os.open(os.devnull, os.O_RDWR)
        for number, file in enumerate((nothing, nothing, log)):
            os.dup2(file, number)
        os.environ.clear()
        os.environ.update(order["environment"])
        live(order["point"], order["times"], order["ledger"], assistant)
        code = 0
    except BaseException as error:  # to the log, and never on into the code of the nursery
        print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
    finally:
        os._exit(code)


def live(point: str | None, times: int, ledger: str, assistant: Assistant) -> None:
    """Serve until `point` is reached for the `times`-th time, and die there without any warning.

    `ledger` is a file that gets every reply as it is written to the database.
    """
    reached = itertools.count(1)

    def at(name: str) -> None:
        if name == point and next(reached) == times:
            os.kill(os.getpid(), signal.SIGKILL)

    install(at)
    settings = load_settings()
    configure_logging(settings)
    with open_store(settings) as database:
        _write_down_replies(database.engine, database.cipher, ledger)
        asyncio.run(serve(settings, database, assistant))


def _write_down_replies(engine: Engine, cipher: Cipher, ledger: str) -> None:
    """Outside the database, which erases a reply when it was delivered."""
    file = os.open(ledger, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def executed(
        _connection: object, statement: Any, _many: object, values: Any, _how: object, result: Any
    ) -> None:
        if not isinstance(statement, Insert) or "payload" not in values:
            return
        # in the browser an answer is put where it is read, in the transaction that makes it
        if statement.table.name == WebMessage.__tablename__:
            number = values["outbox_id"]
        elif statement.table.name == OutboxItem.__tablename__:
            number = result.inserted_primary_key[0]
        else:
            return
        if number is None or values["payload"] is None:
            return
        reply = cipher.decrypt(values["payload"])
        line = {"id": number, "account": values["account_id"], "reply": reply}
        os.write(file, json.dumps(line).encode() + b"\n")

    event.listen(engine, "after_execute", executed)


if __name__ == "__main__":
    main()
