"""The terminal as a channel: typed lines through the same inbox and outbox as Telegram."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO
from uuid import uuid4

from bot.worker import Opened, Worker
from bottlenecks.store import Database
from bottlenecks.store.outbox import Outgoing
from dialogues.privacy_statement import READ_MORE
from dialogues.reply import Choice, File, Incoming, Reply, source_lines

CHANNEL = "terminal"
# everyone at this terminal is one person, so that reports can be followed later
LOCAL_USER = "local"
PICK = "/kies"
WELCOME = (
    "Regiowijzer. Typ je vraag in gewone taal; kies een knop door het nummer te typen.\n"
    'Typ "help" voor wat ik kan, Ctrl-D om te sluiten. Typ geen gegevens van patiënten.\n'
    f"{READ_MORE}\n"
)


def read_payload(payload: str) -> Opened:
    """Read back what `Terminal` stored."""
    data = json.loads(payload)
    return Opened(
        LOCAL_USER,
        LOCAL_USER,
        Incoming(text=data["text"], choice=data["choice"]),
        conversation_id=data["conversation"],
        fresh=data["fresh"],
    )


class Terminal:
    """One conversation at the terminal."""

    def __init__(
        self,
        database: Database,
        worker: Worker,
        *,
        conversation_id: str | None = None,
        as_json: bool = False,
        output: TextIO = sys.stdout,
        folder: Path | None = None,
    ) -> None:
        """`conversation_id` continues an earlier conversation; `as_json` is for programs.

        Files that go with replies are written to `folder`; None: the current folder.
        """
        self._database = database
        self._worker = worker
        self._conversation_id = conversation_id
        self._fresh = conversation_id is None
        self._as_json = as_json
        self._output = output
        self._folder = folder or Path()
        self._choices: tuple[Choice, ...] = ()

    @property
    def conversation_id(self) -> str | None:
        """The id with which this conversation can be continued, once something was said."""
        return self._conversation_id

    @property
    def choices(self) -> tuple[Choice, ...]:
        """The buttons on the screen; a number picks one."""
        return self._choices

    def knows_conversation(self) -> bool:
        """Whether the conversation to continue is there."""
        if self._conversation_id is None:
            return True
        with self._database.work() as work:
            account = work.accounts.find_or_create(CHANNEL, LOCAL_USER, LOCAL_USER)
            return work.conversations.get(self._conversation_id, account.id) is not None

    def resume(self) -> None:
        """Handle what an earlier process left: stored lines first, then undelivered replies."""
        self._worker.tidy()
        while self._worker.handle_next() is not None:
            pass
        replies = list(self._deliver())
        if replies:
            self._show(replies)

    def say(self, line: str) -> None:
        """Handle one typed line and show the replies."""
        incoming = self._read(line)
        if incoming is None:
            self._show(
                [
                    Reply(
                        text="Die keuze is er niet. Typ het nummer van een knop hierboven.",
                        choices=self._choices,
                    )
                ]
            )
            return
        payload = {
            "text": incoming.text,
            "choice": incoming.choice,
            "conversation": self._conversation_id,
            "fresh": self._fresh,
        }
        with self._database.work() as work:
            work.inbox.receive(CHANNEL, uuid4().hex, json.dumps(payload))
        while self._worker.handle_next() is not None:
            pass
        if self._fresh:
            self._fresh = False
            with self._database.work() as work:
                account = work.accounts.find_or_create(CHANNEL, LOCAL_USER, LOCAL_USER)
                self._conversation_id = work.conversations.latest_of(account.id).id
        self._show(list(self._deliver()))

    def _read(self, line: str) -> Incoming | None:
        """A line as typed text, or as a tap: `/kies 2`, or just `2` when there are buttons."""
        words = line.split()
        number = ""
        if words and words[0] == PICK:
            number = words[1] if len(words) == 2 else "?"
        elif self._choices and not self._as_json and line.strip().isdigit():
            number = line.strip()
        if not number:
            return Incoming(text=line)
        if not number.isdigit() or not 0 < int(number) <= len(self._choices):
            return None
        return Incoming(choice=self._choices[int(number) - 1].value)

    def _deliver(self) -> Iterator[Reply]:
        while True:
            with self._database.work() as work:
                due: list[Outgoing] = work.outbox.due(CHANNEL)
            if not due:
                return
            for item in due:
                yield Reply.model_validate_json(item.payload)
                with self._database.work() as work:
                    work.outbox.sent(item.id)

    def _show(self, replies: list[Reply]) -> None:
        # numbers run on over the replies, so that every button can be picked
        self._choices = tuple(choice for reply in replies for choice in reply.choices)
        if self._as_json:
            self._output.write(json.dumps(self._merged(replies), ensure_ascii=False) + "\n")
        else:
            first = 1
            for reply in replies:
                self._output.write(as_text(reply, first) + "\n")
                first += len(reply.choices)
                for file in reply.files:
                    self._output.write(f"\nBewaard als: {self._written(file)}\n")
        self._output.flush()

    def _written(self, file: File) -> Path:
        """Write a file; one with the same name is kept, and the new one numbered."""
        self._folder.mkdir(parents=True, exist_ok=True)
        wanted = self._folder / Path(file.name).name
        path, number = wanted, 1
        while path.exists():
            number += 1
            path = wanted.with_stem(f"{wanted.stem}-{number}")
        path.write_bytes(file.as_bytes())
        return path

    def _merged(self, replies: list[Reply]) -> dict[str, object]:
        """All replies to one line as one object."""

        def last(name: str) -> str | None:
            found = [getattr(reply, name) for reply in replies if getattr(reply, name)]
            return found[-1] if found else None

        return {
            "reply": [reply.text for reply in replies],
            "choices": [choice.model_dump() for choice in self._choices],
            "sources": [source.model_dump() for reply in replies for source in reply.sources],
            "topic": last("topic"),
            "flow": replies[-1].flow if replies else None,
            "step": replies[-1].step if replies else None,
            "reference": last("reference"),
            "files": [str(self._written(file)) for reply in replies for file in reply.files],
            "conversation": self._conversation_id,
        }


def as_text(reply: Reply, first: int = 1) -> str:
    """A reply as lines for a terminal: text, source, choices numbered from `first`."""
    text = f"-----\n{reply.text}\n-----" if reply.copyable else reply.text
    lines = ["", text]
    if reply.sources:
        lines += ["", *(f"Bron: {line}" for line in source_lines(reply.sources))]
    if reply.choices:
        lines.append("")
        numbered = enumerate(reply.choices, first)
        lines += [f"  [{index}] {choice.label}" for index, choice in numbered]
    return "\n".join(lines)
