"""Flows on real channels: the plan as a file in Telegram, and from the terminal to Telegram."""

import io
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from docx import Document

from bot.serve import read_telegram
from bot.terminal import CHANNEL as TERMINAL
from bot.terminal import Terminal, read_payload
from bot.worker import Worker
from bottlenecks.store import Database
from dialogues.assistant import Assistant
from tests.conftest import Clock
from tests.serving import Serving, settings_for
from tests.telegram_api import FakeBotApi
from tests.telegram_users import FakeUser

CODE = re.compile(r"\b[A-Z2-9]{4}-[A-Z2-9]{4}\b")


@pytest.fixture
def serving(
    tmp_path: Path, api: FakeBotApi, database: Database, assistant: Assistant
) -> Iterator[Serving]:
    with Serving(settings_for(tmp_path, api), database, assistant) as running:
        yield running


def walk_checklist(user: FakeUser, button: str, counted: str) -> None:
    """Answer all seven tasks with one button; `counted` is what is then seen of their number."""
    user.says("buurpraktijk is ineens dicht, wat nu?")
    user.taps("Stap voor stap")
    for number in range(1, 8):
        user.taps(button)
        user.wait_for(counted.format(number))


def test_the_checklist_arrives_as_a_file(api: FakeBotApi, serving: Serving) -> None:
    anna = api.user(1)
    walk_checklist(anna, "Gedaan", "{} van 7 gedaan")
    anna.taps("Lijst als Word-bestand")
    api.wait_until(lambda: bool(api.documents.get(1)))
    name, content = api.documents[1][0]
    assert name.startswith("checklist-") and name.endswith(".docx")
    table = Document(io.BytesIO(content)).tables[0]
    assert [row.cells[0].text for row in table.rows[1:]] == ["☑"] * 7
    anna.wait_for("7 van 7 gedaan")


def test_a_file_that_could_not_be_sent_is_sent_again(
    api: FakeBotApi, serving: Serving, clock: Clock
) -> None:
    anna = api.user(1)
    walk_checklist(anna, "Later", "{} later")
    api.fail_next("sendDocument", 429, retry_after=1)
    anna.taps("Lijst als Word-bestand")
    for _ in range(100):
        clock.forward(60)  # the clock of the database stands still, and with it the next attempt
        if api.documents.get(1):
            break
        time.sleep(0.1)
    assert api.count("sendDocument") == 2
    said = [message.text for message in anna.messages]
    assert sum("Je kunt hem printen" in text for text in said) == 1


def test_from_the_terminal_to_telegram(
    api: FakeBotApi, serving: Serving, database: Database, assistant: Assistant
) -> None:
    screen = io.StringIO()
    worker = Worker(database, assistant, {TERMINAL: read_payload, "telegram": read_telegram})
    terminal = Terminal(database, worker, output=screen)
    terminal.say("buurpraktijk is ineens dicht, wat nu?")
    terminal.say("stap voor stap")
    terminal.say("gedaan")
    terminal.say("koppel")
    found = CODE.search(screen.getvalue())
    assert found is not None
    anna = api.user(1)
    anna.says(found.group())
    anna.taps("Ja, het is mijn code")
    anna.wait_for("Gekoppeld")
    anna.taps("Verder: Checklist: een praktijk valt weg")
    anna.wait_for("1 van 7 gedaan")
    anna.taps("Gedaan")
    anna.wait_for("2 van 7 gedaan")
    terminal.say("verder met de checklist")
    assert "2 van 7 gedaan" in screen.getvalue()
