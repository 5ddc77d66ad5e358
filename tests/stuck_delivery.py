"""A process that takes replies to deliver and never sends them: it is there to be killed."""

import asyncio
import sys

from bot import telegram
from bot.delivery import Delivery
from bottlenecks.crypto import Cipher
from bottlenecks.store import open_database
from bottlenecks.store.outbox import Outgoing
from bottlenecks.store.pace import Rate


class Stuck:
    """Says what it was given, and stays with it."""

    name = telegram.CHANNEL
    rate = Rate(telegram.PER_SECOND, telegram.BROADCASTS_PER_SECOND, telegram.messages_in)

    async def deliver(self, item: Outgoing) -> None:
        """Never ends."""
        print(item.id, flush=True)
        await asyncio.Event().wait()


async def main(url: str, secret: str) -> None:
    """Deliver what is in the database at `url`."""
    with open_database(url, Cipher(secret)) as database:
        await Delivery(database, Stuck()).run(asyncio.Event(), asyncio.Event())


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
