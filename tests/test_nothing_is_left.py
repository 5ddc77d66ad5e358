"""A patient's data typed in a question and in a report: afterwards they stand nowhere.

The bytes are searched of the database, of its WAL and shared memory, and of all that was logged at
the most talkative level, on each channel.
"""

import io
import logging
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from bot.logs import OURS
from bot.terminal import CHANNEL as TERMINAL
from bot.terminal import Terminal, read_payload
from bot.worker import Worker
from bottlenecks.store import Database
from dialogues.assistant import Assistant
from tests.conftest import Talk
from tests.serving import Serving, settings_for
from tests.telegram_api import FakeBotApi
from tests.web_visitors import Site, Visitor

# made up; the BSN passes the eleven-test
BSN, PHONE, NAME = "999904498", "0612345678", "Fatima Yilmaz"
# screening takes it for a name, the reporter puts it back
RESTORED = "Sanne Bakker"
# screening misses it, the reporter has it taken out
MISSED = "kletspoot"
# stands in the report: whoever finds it, looks in the right place
CONTROL = "kenmerkwoord"
QUESTION = f"hoe vind ik thuiszorg voor {NAME}, bsn 9999.04.498, tel 06-12 34 56 78?"
STORY = f"Het loket {CONTROL} is dicht voor {NAME} ({BSN}, {PHONE}), zegt {RESTORED} van {MISSED}"

# what one does, and with what: typing or tapping, and what is then seen
STEPS = (
    ("says", QUESTION, "Dat bewaar ik niet|Die bewaar ik niet"),
    ("says", "ik wil een knelpunt melden", "Waar gaat het knelpunt over"),
    ("says", "thuiszorg", "In welke regio"),
    ("says", "Utrecht", "Wat is er aan de hand"),
    ("says", STORY, "geprobeerd"),
    ("says", "nog niets", "Hoe ernstig"),
    ("says", "laag", "welke praktijk"),
    ("says", "anoniem", "antwoord van de regio"),
    ("says", "nee", r"voor \[naam verwijderd\] \(\[BSN verwijderd\], \[telefoonnummer verw"),
    ("taps", "Iets terugzetten", "Wat moet terug"),
    ("taps", f"{RESTORED} (naam)", f"zegt {RESTORED} van"),
    ("says", f"{MISSED} moet er ook uit", r"van \[weggehaald\]"),
    ("says", f"zet {BSN} terug", "BSN zet ik niet terug"),
    ("taps", "Versturen", "meldingsnummer"),
)

Do = Callable[[str, str, str], None]


@contextmanager
def in_telegram(folder: Path, database: Database, assistant: Assistant) -> Iterator[Do]:
    """A user of Telegram, with the service as it runs in production."""
    with FakeBotApi() as api, Serving(settings_for(folder, api), database, assistant):
        anna = api.user(1)

        def do(way: str, what: str, seen: str) -> None:
            getattr(anna, way)(what)
            expected = re.compile(seen)
            api.wait_until(lambda: any(expected.search(one.text) for one in anna.messages[-2:]))

        yield do


@contextmanager
def in_the_browser(folder: Path, database: Database, assistant: Assistant) -> Iterator[Do]:
    """A visitor of the chat on the web."""
    anna = Visitor(Site(database, assistant))

    def do(way: str, what: str, seen: str) -> None:
        assert re.search(seen, getattr(anna, way)(what))

    yield do


@contextmanager
def at_a_terminal(folder: Path, database: Database, assistant: Assistant) -> Iterator[Do]:
    """The chat in a terminal."""
    output = io.StringIO()
    terminal = Terminal(
        database, Worker(database, assistant, {TERMINAL: read_payload}), output=output
    )

    def do(way: str, what: str, seen: str) -> None:
        output.truncate(output.seek(0))
        labels = [choice.label for choice in terminal.choices]
        terminal.say(what if way == "says" else f"/kies {labels.index(what) + 1}")
        assert re.search(seen, output.getvalue())

    yield do


@contextmanager
def through_the_queues(folder: Path, database: Database, assistant: Assistant) -> Iterator[Do]:
    """Inbox, worker and outbox alone."""
    talk = Talk(database, assistant)

    def do(way: str, what: str, seen: str) -> None:
        assert re.search(seen, getattr(talk, way)(what))

    yield do


@contextmanager
def all_logged() -> Iterator[io.StringIO]:
    """What every library logs, from every thread."""
    output = io.StringIO()
    handler = logging.StreamHandler(output)
    handler.setFormatter(logging.Formatter("%(name)s %(levelname)s %(message)s"))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    # a command that another test ran in this process may have set them
    ours = {name: logging.getLogger(name).level for name in OURS}
    for name in ours:
        logging.getLogger(name).setLevel(logging.DEBUG)
    try:
        yield output
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
        for name, before in ours.items():
            logging.getLogger(name).setLevel(before)


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if "test.db" in path.name}


def found_in(raw: bytes) -> list[str]:
    """Which of the planted data stand in these bytes, however they are written."""
    plain = raw.lower()
    # without what may stand between digits
    joined = re.sub(rb"[\s./()-]", b"", plain)
    names = [NAME, *NAME.split()]
    return [
        *(one for one in names if one.lower().encode() in plain),
        *(one for one in (BSN, PHONE, PHONE[1:]) if one.encode() in joined),
    ]


CHANNELS = (in_telegram, in_the_browser, at_a_terminal, through_the_queues)


@pytest.mark.parametrize("channel", CHANNELS, ids=lambda one: one.__name__)
def test_a_patients_data_stand_nowhere(
    channel: Callable[[Path, Database, Assistant], Iterator[Do]],
    tmp_path: Path,
    database: Database,
    assistant: Assistant,
) -> None:
    with all_logged() as log, channel(tmp_path, database, assistant) as do:
        seen_before: list[str] = []
        for way, what, seen in STEPS:
            do(way, what, seen)
            seen_before += found_in(files(tmp_path)["test.db-wal"])
        # not even for a moment, in what was written ahead
        assert seen_before == []
    before = files(tmp_path)
    assert CONTROL.encode() in before["test.db-wal"], "this test looks in the wrong place"
    assert {name: found_in(raw) for name, raw in before.items()} == dict.fromkeys(before, [])
    with closing(sqlite3.connect(tmp_path / "test.db")) as connection:
        busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        assert not busy
    after = files(tmp_path)
    assert CONTROL.encode() in after["test.db"] and RESTORED.encode() in after["test.db"]
    assert {name: found_in(raw) for name, raw in after.items()} == dict.fromkeys(after, [])
    # what the reporter pointed at was written before they did; now it is gone
    assert MISSED.encode() not in b"".join(after.values())
    assert log.getvalue(), "nothing was logged at all"
    assert found_in(log.getvalue().encode()) == []
    assert MISSED not in log.getvalue()


def test_the_search_finds_what_is_there() -> None:
    """However it is written."""
    for written in ("bsn 9999.04.498", "06-12 34 56 78", "06 (12) 345678", "FATIMA", "yilmaz"):
        assert found_in(written.encode())
    assert found_in(b"geen gegevens 12") == []
