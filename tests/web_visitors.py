"""Visitors of the chat in the browser, without a browser: what they do, and what they see."""

import asyncio
import re
import threading
from dataclasses import dataclass, field
from html.parser import HTMLParser

from starlette.testclient import TestClient

from bot.delivery import Delivery
from bot.settings import Settings
from bot.web.app import create_app
from bot.web.channel import CHANNEL, Watchers, WebDelivery, read_web
from bot.web.context import Access
from bot.worker import Worker
from bottlenecks.store import Database
from dialogues.assistant import Assistant
from dialogues.reply import Reply

JSON = {"Accept": "application/json"}


@dataclass
class Seen:
    """A message on a page. `buttons` goes from label to value; `is_live`: they are unfolded."""

    id: int
    is_said: bool
    text: str = ""
    buttons: dict[str, str] = field(default_factory=dict)
    is_live: bool = False
    files: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)


class _Page(HTMLParser):
    """Reads the messages of a page or fragment."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[Seen] = []
        self._depth = 0
        self._button: str | None = None
        self._label = ""
        self._skipped = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "div":
            self._depth += self._depth > 0
            classes = given.get("class", "").split()
            if "line" in classes:
                self.messages.append(
                    Seen(int(given["data-id"]), "said" in classes, is_live="live" in classes)
                )
                self._depth = 1
        if self._depth < 1:
            return
        folded = tag == "summary" and given.get("class") != "source-line"
        if folded or given.get("class") in ("sr-only", "time", "day"):
            self._skipped = tag
        if tag == "button" and "value" in given:
            self._button, self._label = given["value"], ""
        if tag == "a":
            kind = self.messages[-1].files if "download" in given else self.messages[-1].links
            kind.append(given["href"])
        if tag in ("p", "li", "br", "dt", "dd"):
            self.messages[-1].text += "\n"

    def handle_endtag(self, tag: str) -> None:
        if tag == "div":
            self._depth -= self._depth > 0
        if tag == self._skipped:
            self._skipped = ""
        if tag == "button" and self._button is not None and self._depth > 0:
            self.messages[-1].buttons[self._label.strip()] = self._button
            self._button = None

    def handle_data(self, data: str) -> None:
        if self._depth < 1 or self._skipped:
            return
        if self._button is not None:
            self._label += data
        else:
            self.messages[-1].text += data


def read_page(html: str) -> list[Seen]:
    """The messages of a page or fragment."""
    page = _Page()
    page.feed(html)
    for message in page.messages:
        lines = (line.strip() for line in message.text.split("\n"))
        message.text = "\n".join(line for line in lines if line)
    return page.messages


class Site:
    """The web application on a database, answering at once, or when told (`answers`)."""

    def __init__(
        self, database: Database, assistant: Assistant, *, access: Access = "open"
    ) -> None:
        self.database = database
        self.answers_at_once = True
        self.watchers = Watchers()
        self.stop = asyncio.Event()
        channel = WebDelivery(database, self.watchers)
        self._worker = Worker(database, assistant, {CHANNEL: read_web}, stored=[channel])
        self._delivery = Delivery(database, channel)
        settings = Settings(_env_file=None, telegram_token=None, chat_access=access)
        self.app = create_app(
            settings,
            database,
            assistant.knowledge,
            watchers=self.watchers,
            on_received=self._received,
            on_reply=lambda: None,
            stop=self.stop,
        )

    def answer(self) -> None:
        """Answer all that waits, and deliver the answers."""
        while self._worker.handle_next() is not None:
            pass

        async def deliver() -> None:
            while await self._delivery.deliver_due():
                pass

        asyncio.run(deliver())

    def _received(self) -> None:
        if self.answers_at_once:
            # the application's own event loop waits meanwhile
            thread = threading.Thread(target=self.answer)
            thread.start()
            thread.join()


class Visitor:
    """A browser that visits the chat."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.http = TestClient(site.app, base_url="http://localhost", follow_redirects=False)
        self._number = 0

    def opens(self) -> str:
        """Open the chat, and give the page."""
        return self.http.get("/chat").text

    @property
    def messages(self) -> list[Seen]:
        """What stands on the page when it is opened now."""
        return read_page(self.opens())

    @property
    def last(self) -> str:
        """The text of the latest message."""
        return self.messages[-1].text

    @property
    def said(self) -> list[str]:
        """What the visitor said, as it is shown."""
        return [message.text for message in self.messages if message.is_said]

    def says(self, text: str) -> str:
        """Type a text, and give what is answered."""
        return self.sends(tekst=text)

    def taps(self, label: str) -> str:
        """Tap a button that is on the screen, and give what is answered."""
        for message in reversed(self.messages):
            if message.is_live and label in message.buttons:
                return self.sends(keuze=message.buttons[label], van=str(message.id))
        raise AssertionError(f"no button {label!r} in {[m.buttons for m in self.messages]}")

    def sends(self, **fields: str) -> str:
        """Send what a page with scripts sends, and give the answer: all messages after it."""
        shown = self.messages
        self._number += 1
        fields = {"id": f"n{self._number}", **fields}
        response = self.http.post("/chat/bericht", data=fields, headers=JSON)
        assert response.status_code == 200, response.text
        last = response.json()["id"] or (shown[-1].id if shown else 0)
        return "\n".join(m.text for m in self.messages if m.id > last and not m.is_said)


def put(site: Site, visitor: Visitor, reply: Reply) -> None:
    """Someone else's message reaches this visitor's chat."""
    token = visitor.http.cookies["regiowijzer_gesprek"]
    with site.database.work() as work:
        account = work.accounts.find_or_create(CHANNEL, token, "browser")
        work.outbox.add(account.id, reply.model_dump_json())
    site.answer()


def code_in(text: str) -> str:
    """The code to type elsewhere that stands in a text."""
    found = re.search(r"\b[A-Z2-9]{4}-[A-Z2-9]{4}\b", text)
    assert found is not None, text
    return found.group()
