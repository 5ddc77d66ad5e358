"""People who chat while the service is killed: over Telegram, and in a browser."""

import secrets
import threading
import time
from collections.abc import Callable
from typing import Protocol, TypeVar
from uuid import uuid4

import httpx2

from bot.web.channel import CHANNEL as WEB
from bot.web.visitor import COOKIE
from tests.telegram_api import FakeBotApi
from tests.telegram_users import FakeUser
from tests.web_visitors import JSON, Seen, read_page

T = TypeVar("T")
# a service that is killed all the time answers late; who waits longer than this waits in vain
PATIENCE_S = 180.0
LOOK_EVERY_S = 0.15
# before each thing done over Telegram; who chats in a browser looks at the page meanwhile
THINK_S = 0.2


class Person(Protocol):
    """Somebody with a conversation. Each thing done waits until it can be done."""

    channel: str
    outside_id: str
    # how many messages and taps were sent
    updates: int

    def says(self, text: str) -> None:
        """Type a message."""
        ...

    def taps(self, label: str, twice: bool = False) -> None:
        """Tap the button; `twice` as who is in a hurry does."""
        ...

    def waits_for(self, *texts: str) -> str:
        """Wait for a message with these texts, after the one waited for last; gives all of it."""
        ...

    def has(self, text: str) -> bool:
        """Whether any message holds this text."""
        ...


class TelegramPerson:
    """Over Telegram: what they do waits there until the service fetched it."""

    channel = "telegram"

    def __init__(self, api: FakeBotApi, user_id: int) -> None:
        """A new user."""
        self._user: FakeUser = api.user(user_id)
        self.outside_id = str(user_id)
        self.updates = 0

    def says(self, text: str) -> None:
        """See `Person`."""
        time.sleep(THINK_S)
        self._user.says(text)
        self.updates += 1

    def taps(self, label: str, twice: bool = False) -> None:
        """See `Person`."""
        time.sleep(THINK_S)
        self._user.taps(label, PATIENCE_S)
        if twice:
            self._user.taps(label, PATIENCE_S, old=True)
        self.updates += 1 + twice

    def waits_for(self, *texts: str) -> str:
        """See `Person`."""
        while True:
            found = self._user.wait_for(texts[0], PATIENCE_S)
            if all(text in found for text in texts):
                return found

    def has(self, text: str) -> bool:
        """See `Person`."""
        return any(text in message.text for message in self._user.messages)


class WebPerson:
    """In a browser: its page sends a message again, with the same id, until it is answered."""

    channel = WEB

    def __init__(self, url: str, ended: threading.Event) -> None:
        """`ended`: nothing is tried any more."""
        self.outside_id = secrets.token_urlsafe(32)
        self.updates = 0
        self._http = httpx2.Client(
            base_url=url, headers={"Cookie": f"{COOKIE}={self.outside_id}"}, timeout=10
        )
        self._ended = ended
        self._seen = 0

    def says(self, text: str) -> None:
        """See `Person`."""
        self._sends(tekst=text)

    def taps(self, label: str, twice: bool = False) -> None:
        """See `Person`."""

        def find() -> Seen | None:
            live = [message for message in self._messages() if message.is_live]
            return next((message for message in reversed(live) if label in message.buttons), None)

        message = self._until(find, f"button {label!r}")
        for _ in range(1 + twice):
            self._sends(keuze=message.buttons[label], van=str(message.id))

    def waits_for(self, *texts: str) -> str:
        """See `Person`."""

        def find() -> Seen | None:
            for message in self._messages():
                is_new = message.id > self._seen and not message.is_said
                if is_new and all(text in message.text for text in texts):
                    return message
            return None

        message = self._until(find, repr(texts))
        self._seen = message.id
        return message.text

    def has(self, text: str) -> bool:
        """See `Person`."""
        return any(text in message.text for message in self._messages() if not message.is_said)

    def _messages(self) -> list[Seen]:
        try:
            response = self._http.get("/chat")
        except httpx2.HTTPError:
            return []
        return read_page(response.text) if response.status_code == 200 else []

    def _sends(self, **fields: str) -> None:
        fields["id"] = uuid4().hex

        def send() -> bool | None:
            try:
                response = self._http.post("/chat/bericht", data=fields, headers=JSON)
            except httpx2.HTTPError:
                return None
            if response.status_code >= 500:
                return None
            if response.status_code != 200:
                raise AssertionError(f"refused: {response.status_code} {response.text}")
            return True

        self._until(send, "an answer to what was sent")
        self.updates += 1

    def _until(self, attempt: Callable[[], T | None], what: str) -> T:
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end and not self._ended.is_set():
            found = attempt()
            if found is not None:
                return found
            time.sleep(LOOK_EVERY_S)
        raise AssertionError(f"waited in vain for {what}")
