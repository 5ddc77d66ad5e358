"""People who hold the example conversations of docs/voorbeelden, through inbox and outbox."""

from collections.abc import Sequence
from uuid import uuid4

import yaml

from bot.settings import ROOT
from bot.telegram import render
from bot.worker import Opened
from bottlenecks.store import Work
from dialogues.reply import Choice, Incoming, Reply

CHANNEL = "capacity"
SCRIPTS = ROOT / "docs" / "voorbeelden" / "gesprekken.yml"
# a line of a script that taps the button with this label
TAP = "!"
BETWEEN = "|"


def scripts() -> list[list[str]]:
    """The lines of every example conversation."""
    found = yaml.safe_load(SCRIPTS.read_text(encoding="utf-8"))
    return [[str(line) for line in script["regels"]] for script in found.values()]


def open_line(payload: str) -> Opened:
    """Read back what `Person.say` stored."""
    user, _, incoming = payload.partition(BETWEEN)
    return Opened(user, user, Incoming.model_validate_json(incoming))


class Person:
    """Somebody with a script, and the buttons last shown."""

    def __init__(self, name: str, lines: Sequence[str]) -> None:
        """`name` is the account."""
        self.name = name
        self._lines = list(lines)
        self._buttons: dict[str, str] = {}

    @property
    def has_more(self) -> bool:
        """Whether there is a next line."""
        return bool(self._lines)

    def say(self, work: Work) -> None:
        """Store the next line in the inbox."""
        line = self._lines.pop(0)
        incoming = Incoming(text=line)
        if line.startswith(TAP):
            incoming = Incoming(choice=self._buttons[line.removeprefix(TAP)])
        payload = f"{self.name}{BETWEEN}{incoming.model_dump_json()}"
        work.inbox.receive(CHANNEL, uuid4().hex, payload)

    def read(self, payload: str) -> int:
        """See a reply; gives of how many Telegram messages it is."""
        reply = Reply.model_validate_json(payload)
        buttons: Sequence[Choice] = reply.choices
        self._buttons |= {choice.label: choice.value for choice in buttons}
        return len(render(reply)) + len(reply.files)
