"""Scripted users of the fake Bot API."""

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bottlenecks.store.outbox import Outgoing

if TYPE_CHECKING:
    from tests.telegram_api import FakeBotApi

Json = dict[str, Any]

BOT: Json = {"id": 1, "is_bot": True, "first_name": "Regiowijzer", "username": "regiowijzer_bot"}


def outgoing(payload: str, address: str = "7") -> Outgoing:
    """A reply as the outbox hands it out, for the private chat `address`."""
    return Outgoing(1, "account", "telegram", address, payload, 0)


@dataclass
class SentMessage:
    """A message of the bot. `buttons` goes from label to value, and empties when disarmed."""

    message_id: int
    text: str
    labels: tuple[str, ...] = ()
    buttons: dict[str, str] = field(default_factory=dict)
    at: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        """Keep the first buttons, for users who see an old screen."""
        self.original = dict(self.buttons)


class FakeUser:
    """A user with a private chat; `has_blocked` makes sending to them fail."""

    def __init__(self, api: "FakeBotApi", user_id: int) -> None:
        """Use `FakeBotApi.user`."""
        self._api = api
        self._seen = 0
        self._last_id = 0
        self.id = user_id
        self.has_blocked = False

    @property
    def messages(self) -> list[SentMessage]:
        """All messages of the bot to this user."""
        with self._api.changed:
            return list(self._api.chats.get(self.id, []))

    def says(self, text: str) -> int:
        """Type a message; returns the update id."""
        content: Json = {"text": text}
        if text.startswith("/"):
            length = len(text.split()[0])
            content["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        return self.sends(content)

    def sends(self, content: Json) -> int:
        """Send a message with any content, such as `{"sticker": ...}`."""
        return self._api.push("message", self._message(content, self._private()))

    def sends_photo(self, caption: str = "") -> int:
        """Send a photo."""
        photo = {"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9}
        return self.sends({"photo": [photo], "caption": caption})

    def edits(self, text: str) -> int:
        """Edit the last message."""
        message = self._message({"text": text, "edit_date": int(time.time())}, self._private())
        message["message_id"] = self._last_id
        return self._api.push("edited_message", message)

    def says_in_group(self, text: str, group_id: int = -500) -> int:
        """Type a message in a group the bot is in."""
        chat = {"id": group_id, "type": "group", "title": "G"}
        return self._api.push("message", self._message({"text": text}, chat))

    def taps(self, label: str, timeout: float = 10, old: bool = False) -> int:
        """Tap the button in the latest message that has it; with `old`, also a disarmed one."""

        def find() -> tuple[SentMessage, str] | None:
            for message in reversed(self._api.chats.get(self.id, [])):
                buttons = message.original if old else message.buttons
                if label in buttons:
                    return message, buttons[label]
            return None

        with self._api.changed:
            found = self._api.changed.wait_for(find, timeout)
            if found is None:
                raise AssertionError(f"user {self.id} has no button {label!r}")
            message, data = found
            query = {
                "id": str(self._api.new_id()),
                "from": self._as_json(),
                "chat_instance": "1",
                "data": data,
                "message": {
                    "message_id": message.message_id,
                    "date": int(time.time()),
                    "chat": self._private(),
                    "from": BOT,
                    "text": message.text,
                },
            }
        return self._api.push("callback_query", query)

    def wait_for(self, substring: str, timeout: float = 10) -> str:
        """Wait for a message with `substring`, after the one waited for last; returns its text."""
        found: list[str] = []

        def find() -> bool:
            messages = self._api.chats.get(self.id, [])
            for place in range(self._seen, len(messages)):
                if substring in messages[place].text:
                    self._seen = place + 1
                    found.append(messages[place].text)
                    return True
            return False

        with self._api.changed:
            if not self._api.changed.wait_for(find, timeout):
                unseen = [m.text for m in self._api.chats.get(self.id, [])[self._seen :]]
                raise AssertionError(f"user {self.id} waited for {substring!r}, got {unseen!r}")
        return found[0]

    def _private(self) -> Json:
        return {"id": self.id, "type": "private", "first_name": f"U{self.id}"}

    def _as_json(self) -> Json:
        return {"id": self.id, "is_bot": False, "first_name": f"U{self.id}"}

    def _message(self, content: Json, chat: Json) -> Json:
        with self._api.changed:
            message_id = self._api.new_id()
            self._last_id = message_id
            self._api.chats.setdefault(chat["id"], [])
        shown = {"message_id": message_id, "date": int(time.time()), "chat": chat}
        return shown | {"from": self._as_json()} | content
