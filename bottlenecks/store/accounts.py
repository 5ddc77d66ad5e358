"""People, their accounts on channels, and the practice they say they work in."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import bindparam, delete, select, update

from bottlenecks.models import AccessCode, Account, Conversation, Person, Practice
from bottlenecks.models_desk import DeskUser
from bottlenecks.models_reports import Feedback, Report
from bottlenecks.store.postgresql import take_turn
from bottlenecks.store.repository import SecretRepository, directly

# what is asked for each message is put together once
# with the person, who is asked for their region at once
_FIND = (
    select(Account, Person)
    .join(Person, Person.id == Account.person_id)
    .where(Account.channel == bindparam("channel"), Account.outside_hash == bindparam("hashed"))
)
_TALKED = select(Conversation.id).where(Conversation.account_id == bindparam("account")).limit(1)


@dataclass(frozen=True)
class AccountView:
    """An account."""

    id: str
    channel: str
    person_id: str
    address: str


@dataclass(frozen=True)
class PracticeMemory:
    """What is known of someone's practice: its name if given, and whether it was asked before."""

    name: str | None
    asked: bool


@dataclass(frozen=True)
class Profile:
    """Where someone works and as what, as far as they told.

    `region` is an id of regions.yml, or `=` and the name of another region; `role` an id of
    rollen.yml.
    """

    region: str | None = None
    role: str | None = None


class Accounts(SecretRepository):
    """Finds and makes accounts within one transaction."""

    def check_readable(self) -> None:
        """Decrypt one stored address.

        Raises:
            SecretKeyError: the data was written with another key.
        """
        address = self._session.scalar(select(Account.address).limit(1))
        if address is not None:
            self._cipher.decrypt(address)

    def find_or_create(self, channel: str, outside_id: str, address: str) -> AccountView:
        """The account of `outside_id` on `channel`; made, with a new person, at first contact."""
        hashed = self._cipher.hash_id(channel, outside_id)
        known = {"channel": channel, "hashed": hashed}
        found = self._session.scalar(_FIND, known)
        if found is None:
            # another process may be making it just now
            take_turn(self._session, "account", hashed)
            found = self._session.scalar(_FIND, known)
        if found is not None:
            return AccountView(found.id, channel, found.person_id, address)
        person = Person(id=self._new_id(), created_at=self._clock())
        self._session.add(person)
        self._session.flush()
        account = Account(
            id=self._new_id(),
            channel=channel,
            outside_hash=hashed,
            address=self._cipher.encrypt(address),
            person_id=person.id,
            created_at=self._clock(),
        )
        self._session.add(account)
        self._session.flush()
        return AccountView(account.id, channel, person.id, address)

    def has_talked(self, account_id: str) -> bool:
        """Whether a conversation was had with this account, as far as is known."""
        return directly(self._session).scalar(_TALKED, {"account": account_id}) is not None

    def practice_of(self, person_id: str) -> PracticeMemory:
        """The practice that this person gave, if any."""
        person = self._session.get_one(Person, person_id)
        practice = self._session.get(Practice, person.practice_id) if person.practice_id else None
        return PracticeMemory(practice.name if practice else None, person.practice_asked)

    def remember_practice(self, person_id: str, name: str | None) -> str | None:
        """Keep the practice's name (None: the person wants to stay anonymous); gives its id."""
        person = self._session.get_one(Person, person_id)
        person.practice_asked = True
        person.practice_id = self.practice_id(name) if name else None
        return person.practice_id

    def practice_id(self, name: str) -> str:
        """The id of the practice with this name (at most 200 characters), made when it is new."""
        name = name[:200]
        query = select(Practice.id).where(Practice.name == name)
        found = self._session.scalar(query)
        if found is None:
            take_turn(self._session, "practice", name)
            found = self._session.scalar(query)
        if found is not None:
            return found
        practice = Practice(id=self._new_id(), name=name, created_at=self._clock())
        self._session.add(practice)
        self._session.flush()
        return practice.id

    def profile_of(self, person_id: str) -> Profile:
        """Where this person works and as what."""
        person = self._session.get_one(Person, person_id)
        return Profile(person.region, person.role)

    def remember_profile(self, person_id: str, profile: Profile) -> None:
        """Keep it as it is now; None forgets."""
        person = self._session.get_one(Person, person_id)
        person.region = profile.region[:100] if profile.region else None
        person.role = profile.role

    def ids_of(self, person_id: str) -> list[str]:
        """The accounts of this person, on all channels."""
        return list(self._session.scalars(select(Account.id).where(Account.person_id == person_id)))

    def people_of(self, account_ids: Collection[str]) -> dict[str, str]:
        """The person of each of these accounts."""
        found = select(Account.id, Account.person_id).where(Account.id.in_(account_ids))
        return {account_id: person_id for account_id, person_id in self._session.execute(found)}

    def on_channel(self, person_id: str, channel: str) -> str | None:
        """The account of this person on a channel: the one made last."""
        query = (
            select(Account.id)
            .where(Account.person_id == person_id, Account.channel == channel)
            .order_by(Account.created_at.desc(), Account.id.desc())
        )
        return self._session.scalar(query.limit(1))

    def merge(self, person_id: str, into: str) -> None:
        """Two accounts prove to be of one person: what is known of `person_id` goes to `into`.

        What `into` told about themselves stays. Flows are merged by `Flows.merge`, before this.
        """
        old = self._session.get_one(Person, person_id)
        kept = self._session.get_one(Person, into)
        kept.region = kept.region or old.region
        kept.role = kept.role or old.role
        if not kept.practice_asked:
            kept.practice_asked, kept.practice_id = old.practice_asked, old.practice_id
        for table in (Account, Report, Feedback, DeskUser):
            self._session.execute(
                update(table).where(table.person_id == person_id).values(person_id=into)
            )
        # codes for linking are of no use any more; those that hand something over still are
        self._session.execute(
            delete(AccessCode).where(AccessCode.person_id == person_id, AccessCode.run_id.is_(None))
        )
        self._session.execute(
            update(AccessCode).where(AccessCode.person_id == person_id).values(person_id=into)
        )
        self._session.flush()
        self._session.delete(old)
        self._session.flush()
