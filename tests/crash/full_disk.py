"""Handles messages until no file may grow any more: `python -m tests.crash.full_disk`.

The limit is the system's own (RLIMIT_FSIZE). Prints, as JSON, what was said and how many messages
waited when the disk was full; then there is room again, and it goes on.
"""

import json
import resource

from bot.application import load_assistant
from bot.opening import open_store
from bot.settings import load_settings
from bot.worker import Opened, Worker
from bottlenecks.store import Database
from bottlenecks.store.outage import described, is_outage
from dialogues.reply import Incoming

MESSAGES = 20
ROOM = 600_000


def main() -> None:
    """Fill the disk, and go on when there is room."""
    settings = load_settings()
    with open_store(settings) as database:
        openers = {"test": lambda text: Opened("u1", "u1", Incoming(text=text))}
        worker = Worker(database, load_assistant(settings), openers)
        with database.work() as work:
            for number in range(MESSAGES):
                work.inbox.receive("test", str(number), "wie coördineert het noodplan?")
        wal = settings.data_dir / "regiowijzer.db-wal"
        _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (wal.stat().st_size + ROOM, hard))
        said = ""
        try:
            while worker.handle_next() is not None:
                pass
        except Exception as error:
            if not is_outage(error):
                raise
            said = described(error)
        waiting, replies = counts(database)
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
        while worker.handle_next() is not None:
            pass
        print(json.dumps({"said": said, "waiting": waiting, "replies": replies}))


def counts(database: Database) -> tuple[int, int]:
    """How many messages wait, and how many replies there are."""
    with database.reading() as work:
        return work.inbox.count("new"), work.outbox.count("pending")


if __name__ == "__main__":
    main()
