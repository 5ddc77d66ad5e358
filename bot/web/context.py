"""What the chat gets from outside."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from bot.limits import Pace
from bot.web.channel import Watchers
from bottlenecks.crypto import Cipher
from bottlenecks.store import Database
from knowledge import Knowledge

Access = Literal["open", "invited"]


@dataclass(frozen=True)
class ChatContext:
    """All that the pages of the chat need.

    Attributes:
        database: where everything is kept.
        cipher: for keyed hashes of what pages send.
        knowledge: tells at which step contact data are asked for.
        wake: called, from any thread, after a message was put in the inbox.
        watchers: the pages that wait for messages; the same that `WebDelivery` has.
        stop: set when the process is told to stop; streams end then.
        access: `open`, or only for who was `invited`.
        secure_cookies: cookies only over https; False on loopback.
        pace: how fast visitors may send.
    """

    database: Database
    cipher: Cipher
    knowledge: Knowledge
    wake: Callable[[], None]
    watchers: Watchers
    stop: asyncio.Event
    access: Access = "open"
    secure_cookies: bool = False
    pace: Pace = field(default_factory=Pace)

    @property
    def titles(self) -> dict[str, str]:
        """What the texts that can be copied are called."""
        return {text.text.strip(): text.title for text in self.knowledge.texts.values()}
