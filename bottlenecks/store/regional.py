"""What officers set for a region: the phase of scaling up, contacts, and messages to everyone."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from bottlenecks.contacts import KINDS
from bottlenecks.models import Account, OutboxItem, Person, WebMessage
from bottlenecks.models_desk import Broadcast, ContactEntry, RegionPhase
from bottlenecks.store.repository import Repository, directly

# what is asked for each message is put together once
_PHASES = select(
    RegionPhase.id,
    RegionPhase.region,
    RegionPhase.phase,
    RegionPhase.since,
    RegionPhase.notice,
    RegionPhase.set_by,
    RegionPhase.set_at,
).where(RegionPhase.id.in_(select(func.max(RegionPhase.id)).group_by(RegionPhase.region)))
_CONTACTS = select(
    ContactEntry.kind,
    ContactEntry.subject,
    ContactEntry.value,
    ContactEntry.set_by,
    ContactEntry.set_at,
).where(
    ContactEntry.id.in_(
        select(func.max(ContactEntry.id)).group_by(ContactEntry.kind, ContactEntry.subject)
    )
)


@dataclass(frozen=True)
class PhaseView:
    """A phase that was set for a region; `phase` None: it is not known. Moments are UTC."""

    id: int
    region: str
    phase: str | None
    since: date | None
    notice: str | None
    set_by: str
    set_at: datetime


@dataclass(frozen=True)
class ContactView:
    """What was filled in last about one subject; `value` None: it was emptied."""

    kind: str
    subject: str
    value: str | None
    set_by: str
    set_at: datetime


@dataclass(frozen=True)
class BroadcastView:
    """A message to a region, and what became of it, in receivers.

    `failed` were given up; `waiting` are still to be sent, or being sent. `read` counts only
    channels that tell (`can_tell` receivers are on such a channel).
    """

    id: str
    region: str
    text: str
    created_by: str
    created_at: datetime
    total: int
    delivered: int
    failed: int
    waiting: int
    can_tell: int
    read: int


class Regional(Repository):
    """Reads and writes what holds for a region, within one transaction."""

    def set_phase(
        self,
        region: str,
        phase: str | None,
        *,
        since: date | None,
        notice: str | None,
        set_by: str,
    ) -> None:
        """Set the phase that is in force; earlier ones are kept."""
        self._session.add(
            RegionPhase(
                region=region,
                phase=phase,
                since=since,
                notice=notice,
                set_by=set_by,
                set_at=self._clock(),
            )
        )
        self._session.flush()

    def phases(self) -> dict[str, PhaseView]:
        """What was set last, by region."""
        rows = directly(self._session).execute(_PHASES)
        return {row.region: PhaseView(*row) for row in rows}

    def phase_history(self, region: str, limit: int = 20) -> list[PhaseView]:
        """What was set for a region, newest first."""
        rows = self._session.scalars(
            select(RegionPhase)
            .where(RegionPhase.region == region)
            .order_by(RegionPhase.id.desc())
            .limit(limit)
        )
        return [_phase(row) for row in rows]

    def fill_in(self, kind: str, subject: str, value: str | None, *, set_by: str) -> bool:
        """Fill in a contact; False when that is what it was. Earlier values are kept.

        Raises:
            ValueError: there is no such kind.
        """
        if kind not in KINDS:
            raise ValueError(f"unknown kind of contact {kind}")
        known = self.contacts().get((kind, subject))
        if (known.value if known else None) == value:
            return False
        self._session.add(
            ContactEntry(
                kind=kind, subject=subject, value=value, set_by=set_by, set_at=self._clock()
            )
        )
        self._session.flush()
        return True

    def contacts(self) -> dict[tuple[str, str], ContactView]:
        """What was filled in last, by kind and subject."""
        rows = directly(self._session).execute(_CONTACTS)
        return {(row.kind, row.subject): ContactView(*row) for row in rows}

    def contact_history(self, limit: int = 50) -> list[ContactView]:
        """What was filled in, newest first."""
        rows = self._session.scalars(
            select(ContactEntry).order_by(ContactEntry.id.desc()).limit(limit)
        )
        return [_contact(row) for row in rows]

    def people_in(self, region: str) -> list[str]:
        """One account of everyone who told that they work in `region`: the one made last."""
        rows = self._session.execute(
            select(Account.person_id, Account.id)
            .join(Person, Person.id == Account.person_id)
            .where(Person.region == region, Account.channel != "terminal")
            .order_by(Account.created_at, Account.id)
        )
        return list({person: account for person, account in rows}.values())

    def begin_broadcast(self, region: str, text: str, *, created_by: str) -> str:
        """Keep that a message goes to a region; gives the id to put in the outbox with it."""
        broadcast = Broadcast(
            id=self._new_id(),
            region=region,
            text=text,
            created_by=created_by,
            created_at=self._clock(),
        )
        self._session.add(broadcast)
        self._session.flush()
        return broadcast.id

    def broadcasts(
        self, regions: Collection[str] | None = None, limit: int = 10
    ) -> list[BroadcastView]:
        """Messages to some regions, or to any, newest first, with what became of them."""
        query = select(Broadcast).order_by(Broadcast.created_at.desc(), Broadcast.id).limit(limit)
        if regions is not None:
            query = query.where(Broadcast.region.in_(regions))
        rows = self._session.scalars(query).all()
        ids = [row.id for row in rows]
        became = self._by_status(ids)
        read = self._read(ids)
        return [_broadcast(row, became[row.id], read.get(row.id, (0, 0))) for row in rows]

    def _by_status(self, ids: Collection[str]) -> dict[str, dict[str, int]]:
        """How many receivers of each broadcast are in each status, from the index alone."""
        found: dict[str, dict[str, int]] = {one: {} for one in ids}
        counted = self._session.execute(
            select(OutboxItem.broadcast_id, OutboxItem.status, func.count())
            .where(OutboxItem.broadcast_id.in_(ids))
            .group_by(OutboxItem.broadcast_id, OutboxItem.status)
        )
        for broadcast_id, status, number in counted.tuples():
            if broadcast_id is not None:
                found[broadcast_id][status] = number
        return found

    def _read(self, ids: Collection[str]) -> dict[str, tuple[int, int]]:
        """How many receivers can tell that they read it, and how many did."""
        counted = self._session.execute(
            select(
                OutboxItem.broadcast_id, func.count(WebMessage.id), func.count(WebMessage.read_at)
            )
            .join(WebMessage, OutboxItem.id == WebMessage.outbox_id)
            .where(OutboxItem.broadcast_id.in_(ids))
            .group_by(OutboxItem.broadcast_id)
        )
        return {one: (can_tell, read) for one, can_tell, read in counted.tuples() if one}


def _broadcast(row: Broadcast, became: dict[str, int], read: tuple[int, int]) -> BroadcastView:
    return BroadcastView(
        row.id,
        row.region,
        row.text,
        row.created_by,
        row.created_at,
        sum(became.values()),
        became.get("sent", 0),
        became.get("dead", 0) + became.get("erased", 0),
        became.get("pending", 0),
        *read,
    )


def _phase(row: RegionPhase) -> PhaseView:
    return PhaseView(row.id, row.region, row.phase, row.since, row.notice, row.set_by, row.set_at)


def _contact(row: ContactEntry) -> ContactView:
    return ContactView(row.kind, row.subject, row.value, row.set_by, row.set_at)
