"""What a channel is: a way to reach people, and what can go wrong with it."""

from typing import Protocol, runtime_checkable

from bottlenecks.store import Work
from bottlenecks.store.outbox import Outgoing
from bottlenecks.store.pace import Rate


class DeliveryError(Exception):
    """A channel could not deliver a reply; the message never holds the reply or the address."""


class RetryLater(DeliveryError):
    """It may work later.

    Attributes:
        wait_s: after so many seconds, when the channel said so.
        sent_messages: so many of the reply's messages were sent, by this attempt and earlier ones.
        for_all: whether the channel wants nothing at all before then, from any process.
    """

    def __init__(
        self,
        reason: str,
        wait_s: float | None = None,
        *,
        sent_messages: int = 0,
        for_all: bool = False,
    ) -> None:
        """`reason` is for the log: a kind of error."""
        super().__init__(reason)
        self.wait_s = wait_s
        self.sent_messages = sent_messages
        self.for_all = for_all


class Unreachable(DeliveryError):
    """It will never work: the receiver blocked the bot or left, or the reply is refused."""


class Channel(Protocol):
    """A way to reach people."""

    name: str

    async def deliver(self, item: Outgoing) -> None:
        """Send the reply of `item`, a `dialogues.reply.Reply` as JSON, to its address.

        Raises:
            DeliveryError: it was not delivered.
        """
        ...


@runtime_checkable
class PacedChannel(Channel, Protocol):
    """A channel that takes only so many messages a second, of all processes together."""

    rate: Rate


@runtime_checkable
class StoredChannel(Channel, Protocol):
    """A channel whose receivers look for themselves, in the database.

    A reply is put there and marked as sent in one transaction: it is there once, whatever happens.
    An answer is put there in the transaction that makes it, unless something else waits before it.
    """

    def put(self, work: Work, account_id: str, outbox_id: int, payload: str) -> None:
        """Have the receiver find the reply when the transaction is committed.

        Raises:
            Unreachable: it will never work.
        """
        ...

    def tell(self, account_id: str) -> None:
        """It was committed; may be called from any thread."""
        ...
