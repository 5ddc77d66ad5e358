"""Plays the conversations of tests/conversations (see its README) and checks what is seen.

Each is played again with Rasa as it was written: nlu/rasa_speed.py changes nothing of it.
"""

import itertools
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import text

from bottlenecks.crypto import Cipher
from bottlenecks.store import Database, open_database
from dialogues.assistant import Assistant
from nlu import rasa_speed
from tests.conftest import SECRET, Clock, Talk

FOLDER = Path(__file__).parent / "conversations"
# a code, anew each time
MADE_UP = re.compile(r"\b[A-Z2-9]{4}-[A-Z2-9]{4}\b")
MEANINGS = {
    "typt",
    "tikt",
    "ziet",
    "ziet_niet",
    "stap",
    "knoppen",
    "geen_knop",
    "wie",
    "code",
    "uren_later",
    "herstart",
    "late_knop",
    "onthoudt_knop",
    "meldingen",
    "bestand",
}


def conversations() -> list[Any]:
    """Every conversation of every file, by the name that a failure shows."""
    found = []
    for path in sorted(FOLDER.glob("*.yml")):
        for conversation in yaml.safe_load(path.read_text(encoding="utf-8")):
            name = f"{path.stem}: {conversation['gesprek']}"
            found.append(pytest.param(conversation["beurten"], id=name))
    return found


class Play:
    """One conversation, with everyone in it, on one database."""

    def __init__(self, folder: Path, assistant: Assistant, clock: Clock) -> None:
        self.url = f"sqlite:///{folder / 'test.db'}"
        self.assistant = assistant
        self.clock = clock
        self.people: dict[str, Talk] = {}
        self.ids = itertools.count(1)
        self.database = self.open()
        self.code = ""
        self.button = ""
        self.updates = 0
        self.said: list[tuple[str, str, list[str]]] = []
        self.kept: list[tuple[Any, ...]] = []

    def open(self) -> Database:
        # what is of the same moment is ordered by id: the same each time a conversation is played
        return open_database(
            self.url, Cipher(SECRET), clock=self.clock, new_id=lambda: f"{next(self.ids):032x}"
        )

    def restart(self) -> None:
        self.database.close()
        self.database = self.open()
        for name, before in list(self.people.items()):
            self.updates += 1000
            self.people[name] = Talk(self.database, self.assistant, name, self.updates)
            self.people[name].replies = before.replies

    def talk(self, name: str) -> Talk:
        if name not in self.people:
            self.people[name] = Talk(self.database, self.assistant, name)
        return self.people[name]

    def turn(self, turn: dict[str, Any]) -> None:
        assert set(turn) <= MEANINGS, f"unknown words: {set(turn) - MEANINGS}"
        if turn.get("herstart"):
            self.restart()
        if hours := turn.get("uren_later"):
            self.clock.forward(hours * 3600)
        talk = self.talk(turn.get("wie", "jij"))
        if label := turn.get("onthoudt_knop"):
            self.button = next(
                c.value for reply in talk.replies for c in reply.choices if c.label == label
            )
        if (typed := turn.get("typt")) is not None:
            talk.says(str(typed).replace("{code}", self.code))
        if (label := turn.get("tikt")) is not None:
            talk.taps(label)
        if turn.get("late_knop"):
            talk.sends(self.button)
        for reply in talk.replies:
            labels = [choice.label for choice in reply.choices]
            self.said.append((talk.user, MADE_UP.sub("code", reply.text), labels))
        self.check(turn, talk)

    def keep(self) -> None:
        """Note what is kept of what Rasa did."""
        with self.database.engine.connect() as connection:
            for (data,) in connection.execute(text("SELECT data FROM conversation_event")):
                event = json.loads(data)
                typed = MADE_UP.sub("code", str(event.get("text")))
                self.kept.append((event["event"], event.get("name"), typed, event.get("policy")))

    def check(self, turn: dict[str, Any], talk: Talk) -> None:
        seen = "\n".join(reply.text for reply in talk.replies)
        labels = [choice.label for reply in talk.replies for choice in reply.choices]
        for pattern in _several(turn.get("ziet")):
            assert re.search(pattern, seen, re.IGNORECASE), f"{pattern!r} not in:\n{seen}"
        for pattern in _several(turn.get("ziet_niet")):
            assert not re.search(pattern, seen, re.IGNORECASE), f"{pattern!r} in:\n{seen}"
        if "stap" in turn:
            step = talk.replies[-1].step if talk.replies else None
            assert (step or "geen") == turn["stap"], f"at step {step}:\n{seen}"
        for label in _several(turn.get("knoppen")):
            assert label in labels, f"no button {label!r} among {labels}"
        for label in _several(turn.get("geen_knop")):
            assert label not in labels
        if turn.get("code"):
            found = MADE_UP.search(seen)
            assert found, f"no code in:\n{seen}"
            self.code = found.group()
        if "meldingen" in turn:
            with self.database.work() as work:
                assert work.reports.count() == turn["meldingen"]
        if name := turn.get("bestand"):
            files = [file for reply in talk.replies for file in reply.files]
            assert [file for file in files if re.search(name, file.name)], files
            assert all(len(file.as_bytes()) > 1000 for file in files)


def _several(value: Any) -> list[str]:
    if value is None:
        return []
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]


def played(turns: list[dict[str, Any]], folder: Path, assistant: Assistant) -> Play:
    """What came of a conversation; its database is closed."""
    folder.mkdir()
    play = Play(folder, assistant, Clock())
    try:
        for turn in turns:
            play.turn(turn)
        play.keep()
    finally:
        play.database.close()
    return play


@pytest.fixture
def rasa_as_written() -> Iterator[Callable[[], None]]:
    """Undoes what makes Rasa faster, until the end of the test."""
    yield rasa_speed.undo
    rasa_speed.apply()


@pytest.mark.parametrize("turns", conversations())
def test_conversation(
    turns: list[dict[str, Any]],
    tmp_path: Path,
    assistant: Assistant,
    rasa_as_written: Callable[[], None],
) -> None:
    play = played(turns, tmp_path / "faster", assistant)
    rasa_as_written()
    again = played(turns, tmp_path / "as_written", assistant)
    assert (again.said, again.kept) == (play.said, play.kept)
    assert play.said
    assert play.kept
