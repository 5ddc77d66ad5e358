"""Random walks through whole conversations: on Telegram and in the browser, with the real model.

Every message goes the way of a real one: read by its channel, stored, handled by the worker, and
its replies shown as the channel shows them.
"""

import asyncio
import itertools
import json
import re
import tempfile
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

from hypothesis import seed
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from bot.application import load_assistant
from bot.serve import read_telegram
from bot.settings import load_settings
from bot.telegram import render
from bot.telegram_format import MAX_BUTTONS, MAX_TEXT_UNITS
from bot.web.channel import CHANNEL, Watchers, read_web
from bot.web.context import ChatContext
from bot.web.incoming import Sent, take
from bot.web.pages import Pages
from bot.web.show import show
from bot.worker import Worker
from bottlenecks.crypto import Cipher
from bottlenecks.store import Database, open_database
from bottlenecks.store.inbox import Received
from dialogues.assistant import Assistant
from dialogues.reply import MAX_VALUE_BYTES, Reply
from tools.fuzz.running import Tried, in_time, settings_for
from tools.fuzz.texts import VALID_BSN, sentences

# messages in one conversation, and conversations in one database
STEPS = 50
CONVERSATIONS = 40
_BSN = re.compile("|".join(VALID_BSN))
_buttons = st.one_of(
    st.text(st.characters(), max_size=70),
    st.sampled_from(
        (
            "v:0123456789abcdef0123456789abcdef",
            "weg:",
            "erbij:KP-2026-0001:1",
            "apart:KP-2026-0001:1",
            "los:KP-2026-0001:1",
            "t:bestaat/niet",
            "f:abc123:wat:!terug",
            "f:::",
            "verder:",
        )
    ),
)
_odd_updates = st.sampled_from(
    (
        {"photo": [{"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9}]},
        {"sticker": {"file_id": "f", "file_unique_id": "u", "type": "regular", "width": 1,
                     "height": 1, "is_animated": False, "is_video": False}},
        {"location": {"longitude": 5.8, "latitude": 50.9}},
        {"text": ""},
        {"caption": "kijk"},
    )
)  # fmt: skip


class Strict(Worker):
    """A worker that does not try again: what goes wrong, goes on to the fuzzing."""

    def _failed(self, received: Received, error: Exception) -> None:
        with self._database.work() as work:
            work.inbox.done(received.id)
        raise error


@dataclass
class Person:
    """Who takes part; `offered` are the buttons of the last reply, `seen` all that there were."""

    number: int
    is_web: bool
    offered: list[tuple[str, int | None]] = field(default_factory=list)
    seen: list[tuple[str, int | None]] = field(default_factory=list)


class World:
    """The whole assistant, with its own clock and a database that is thrown away."""

    def __init__(self, database: Database, assistant: Assistant, clock: "Clock") -> None:
        """The database stays open."""
        self.clock = clock
        self.messages = 0
        self._database = database
        self._worker = Strict(database, assistant, {"telegram": read_telegram, CHANNEL: read_web})
        self._chat = ChatContext(
            database,
            database.cipher,
            assistant.knowledge,
            lambda: None,
            Watchers(),
            asyncio.Event(),
        )
        self._pages = Pages()
        self._ids = itertools.count(1)

    def person(self, *, is_web: bool) -> Person:
        """Somebody new."""
        return Person(next(self._ids), is_web)

    def types(self, person: Person, text: str) -> None:
        """A typed message; there must be an answer."""
        if not person.is_web:
            return self.sends(person, {"text": text or "x"})
        self._goes_by_web(person, Sent(f"n{next(self._ids)}", text or "x", None, None))
        return self._answers(person, must_answer=True)

    def taps(self, person: Person, value: str, under: int | None) -> None:
        """A button; there must be an answer, also when it is an old one or somebody else's."""
        if person.is_web:
            value = value.encode("utf-8", "replace").decode()  # as forms are read
            self._goes_by_web(person, Sent(f"n{next(self._ids)}", "", value, under))
            return self._answers(person, must_answer=True)
        query = {"id": "1", "chat_instance": "1", "data": value, "from": _user(person)}
        message = {"message_id": 3, "date": 1, "chat": _chat_of(person), "text": "x"}
        self._receive({"callback_query": query | {"message": message}})
        return self._answers(person, must_answer=True)

    def sends(self, person: Person, content: dict[str, Any]) -> None:
        """A message on Telegram with any content."""
        message = {"message_id": 3, "date": 1, "chat": _chat_of(person), "from": _user(person)}
        self._receive({"message": message | content})
        self._answers(person, must_answer=bool(content.get("text")))

    def _receive(self, update: dict[str, Any]) -> None:
        number = next(self._ids)
        with self._database.work() as work:
            payload = json.dumps({"update_id": number} | update)
            work.inbox.receive("telegram", str(number), payload)

    def _goes_by_web(self, person: Person, sent: Sent) -> None:
        with self._database.work() as work:
            take(work, self._chat, f"visitor-{person.number}", sent)

    def _answers(self, person: Person, *, must_answer: bool) -> None:
        """Handle what came in, and look at the replies as the person sees them."""
        self.messages += 1
        with in_time():
            while self._worker.handle_next() is not None:
                pass
        replies = 0
        channel = CHANNEL if person.is_web else "telegram"
        while True:
            with self._database.work() as work:
                due = work.outbox.due(channel)
                for item in due:
                    reply = Reply.model_validate_json(item.payload)
                    work.outbox.sent(item.id)
                    check(reply)
                    replies += 1
                    under = None
                    if person.is_web:
                        work.mailbox.add_reply(item.account_id, item.id, item.payload)
                        latest = work.mailbox.latest(item.account_id, 10)
                        under = latest[-1].id
                        for shown in show(latest, on_top=True, titles=self._chat.titles):
                            assert self._pages.fragment(shown).strip()
                    if reply.choices:
                        person.offered = [(choice.value, under) for choice in reply.choices]
                        person.seen += person.offered
            if not due:
                break
        assert replies or not must_answer, "no answer"


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        """Nine o'clock on a Monday."""
        self.now = datetime(2026, 3, 2, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        """The current moment."""
        return self.now


def check(reply: Reply) -> None:
    """A reply says something, no BSN that was typed, and fits in Telegram's messages."""
    assert reply.text.strip(), "empty reply"
    assert not _BSN.search(reply.text), "a BSN in a reply"
    parts = render(reply)
    assert parts
    for text, keyboard in parts:
        assert 0 < len(text.strip().encode("utf-16-le")) // 2 <= MAX_TEXT_UNITS
        rows = keyboard.inline_keyboard if keyboard else ()
        assert sum(len(row) for row in rows) <= MAX_BUTTONS
        for button in (button for row in rows for button in row):
            assert button.text.strip()
            assert 0 < len(str(button.callback_data).encode()) <= MAX_VALUE_BYTES
    assert all(file.as_bytes() for file in reply.files)


def _user(person: Person) -> dict[str, Any]:
    return {"id": person.number, "is_bot": False, "first_name": "U"}


def _chat_of(person: Person) -> dict[str, Any]:
    return {"id": person.number, "type": "private", "first_name": "U"}


class Conversation(RuleBasedStateMachine):
    """Three people, who type and tap at random."""

    world: ClassVar[World]

    def __init__(self) -> None:
        """Three new people: two on Telegram, one in the browser."""
        super().__init__()
        self.people = [self.world.person(is_web=number == 1) for number in range(3)]

    @rule(who=st.integers(0, 2), text=sentences())
    def types(self, who: int, text: str) -> None:
        """Somebody types."""
        self.world.types(self.people[who], text)

    @rule(who=st.integers(0, 2), text=sentences())
    def types_more(self, who: int, text: str) -> None:
        """The same: it happens more often than the rest."""
        self.world.types(self.people[who], text)

    @rule(who=st.integers(0, 2), place=st.integers(0, 20))
    def taps(self, who: int, place: int) -> None:
        """Somebody taps a button of the last reply that has any."""
        self._taps(who, self.people[who].offered, place)

    @rule(who=st.integers(0, 2), place=st.integers(0, 20))
    def taps_more(self, who: int, place: int) -> None:
        """The same: it happens more often than the rest."""
        self._taps(who, self.people[who].offered, place)

    @rule(who=st.integers(0, 2), place=st.integers(0, 500))
    def taps_an_old_button(self, who: int, place: int) -> None:
        """Any button that this person ever saw."""
        self._taps(who, self.people[who].seen, place)

    @rule(who=st.integers(0, 2), whose=st.integers(0, 2), place=st.integers(0, 500))
    def sends_a_button_of_somebody_else(self, who: int, whose: int, place: int) -> None:
        """A button that somebody else saw."""
        self._taps(who, self.people[whose].seen, place)

    @rule(who=st.integers(0, 2), value=_buttons)
    def sends_a_button_that_never_was(self, who: int, value: str) -> None:
        """A value that no button has."""
        self.world.taps(self.people[who], value, None)

    @rule(content=_odd_updates)
    def sends_no_text(self, content: dict[str, Any]) -> None:
        """A photo, a sticker, a place."""
        self.world.sends(self.people[0], content)

    @rule(hours=st.sampled_from((0.01, 1, 9, 30, 24 * 40, -1)))
    def time_passes(self, hours: float) -> None:
        """The clock goes on, or is put back."""
        self.world.clock.now += timedelta(hours=hours)

    def _taps(self, who: int, buttons: list[tuple[str, int | None]], place: int) -> None:
        if not buttons:
            return self.world.types(self.people[who], "help")
        value, under = buttons[place % len(buttons)]
        return self.world.taps(self.people[who], value, under)


def converse(
    messages: int, first_seed: int, assistant: Assistant | None = None, steps: int = STEPS
) -> Tried:
    """Send so many messages; raises with the shortest conversation that goes wrong."""
    assistant = assistant or load_assistant(load_settings())
    began, sent = time.monotonic(), 0
    for chunk in itertools.count():
        if sent >= messages:
            return Tried("conversations", sent, time.monotonic() - began)
        conversations = min(CONVERSATIONS, -(-(messages - sent) // steps))
        with tempfile.TemporaryDirectory() as folder:
            clock = Clock()
            url = f"sqlite:///{Path(folder) / 'fuzz.db'}"
            with open_database(url, Cipher("x" * 40), clock=clock) as database:
                world = World(database, assistant, clock)
                machine = type("Conversation", (Conversation,), {"world": world})
                seed(first_seed + chunk)(machine)
                run_state_machine_as_test(machine, settings=settings_for(conversations, steps))
        sent += world.messages
    raise AssertionError("unreachable")
