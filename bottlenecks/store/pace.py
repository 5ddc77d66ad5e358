"""How many messages a second a channel takes, of all processes together.

A channel that allows 30 messages a second has 30 slots in the database. Who sends takes a slot
before, and gives it back after; it is free again a second later. So between two messages of one
slot there is always more than a second, and no second has more messages than there are slots,
however long sending takes and whichever process sends.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute, Session

from bottlenecks.models import SendingPause, SendingSlot

# answers and messages to one person, or messages to a whole region
Lane = Literal["replies", "broadcasts"]
LANES: tuple[Lane, ...] = ("replies", "broadcasts")

# what a process took is its own for so long; a living one says in time that it still has it
LEASE = timedelta(seconds=30)
SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Rate:
    """What a channel takes: messages a second in all, and of broadcasts at most a part of that.

    `messages` tells how many messages the channel makes of a payload.
    """

    per_second: int
    broadcasts: int
    messages: Callable[[str], int]

    def of(self, lane: Lane) -> int:
        """How many messages a second this lane may have at most."""
        return self.broadcasts if lane == "broadcasts" else self.per_second


def is_over(
    until: InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None], now: datetime
) -> ColumnElement[bool]:
    """Whether a lease that runs until then has ended; also when the clock was put back since.

    Machines whose clocks differ by less than `LEASE` do not take that for a clock put back.
    """
    return or_(until <= now, until > now + 2 * LEASE)


class Slots:
    """Hands out the slots of a channel within one transaction."""

    def __init__(self, session: Session, clock: Callable[[], datetime]) -> None:
        """See `Work`."""
        self._session = session
        self._clock = clock

    def take(self, channel: str, rate: Rate, lane: Lane, wanted: int) -> list[int]:
        """At most so many free slots, which nobody else gets before the transaction ends.

        They are free still: `hold` the ones that are used. Broadcasts have the slots with the low
        numbers, and replies take the others first.
        """
        query = (
            select(SendingSlot.number)
            .where(
                SendingSlot.channel == channel,
                SendingSlot.number < rate.of(lane),
                is_over(SendingSlot.free_at, self._clock()),
            )
            .order_by(SendingSlot.number if lane == "broadcasts" else SendingSlot.number.desc())
            .limit(wanted)
            .with_for_update(skip_locked=True)
        )
        found = list(self._session.scalars(query))
        if len(found) < wanted and self._make(channel, rate):
            found = list(self._session.scalars(query))
        return found

    def hold(self, channel: str, numbers: Sequence[int]) -> None:
        """Keep slots for who is sending, until they are given back or the lease ends."""
        self._set(channel, numbers, self._clock() + LEASE)

    def give_back(self, channel: str, numbers: Sequence[int]) -> None:
        """What they were taken for was sent, or it failed, just now."""
        self._set(channel, numbers, self._clock() + SECOND)

    def pause(self, channel: str, wait_s: float) -> None:
        """Have all processes send nothing for so many seconds; a longer pause stays."""
        now = self._clock()
        until = now + timedelta(seconds=wait_s)
        self._insert(SendingPause, [{"channel": channel, "since": now, "until": now}])
        self._session.execute(
            update(SendingPause)
            .where(
                SendingPause.channel == channel,
                or_(SendingPause.until < until, SendingPause.since > now + LEASE),
            )
            .values(since=now, until=until)
        )

    def is_paused(self, channel: str) -> bool:
        """Whether the channel asked everyone to wait; not when the clock was put back since."""
        now = self._clock()
        query = select(SendingPause.channel).where(
            SendingPause.channel == channel,
            SendingPause.until > now,
            SendingPause.since <= now + LEASE,
        )
        return self._session.scalar(query) is not None

    def _make(self, channel: str, rate: Rate) -> bool:
        """Make the slots that are not there yet; False when all are."""
        counted = select(func.count()).where(
            SendingSlot.channel == channel, SendingSlot.number < rate.per_second
        )
        if self._session.scalar(counted) == rate.per_second:
            return False
        now = self._clock()
        self._insert(
            SendingSlot,
            [
                {"channel": channel, "number": number, "free_at": now}
                for number in range(rate.per_second)
            ],
        )
        return True

    def _set(self, channel: str, numbers: Sequence[int], free_at: datetime) -> None:
        if not numbers:
            return
        self._session.execute(
            update(SendingSlot)
            .where(SendingSlot.channel == channel, SendingSlot.number.in_(numbers))
            .values(free_at=free_at)
        )

    def _insert(
        self,
        table: type[SendingSlot] | type[SendingPause],
        rows: Sequence[dict[str, object]],
    ) -> None:
        """Insert rows, except those that are there already, also of another process just now."""
        is_postgres = self._session.get_bind().dialect.name == "postgresql"
        insert = postgresql.insert if is_postgres else sqlite.insert
        self._session.execute(insert(table).values(rows).on_conflict_do_nothing())
