"""The tables. Texts are screened before they come here; payloads and addresses are encrypted."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Date,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    String,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

# names of constraints are fixed, so that migrations can refer to them on every database
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC; SQLite gives it back without a zone, so the zone is put back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse moments without a zone: they would mean something else on another machine."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a stored moment needs a time zone")
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """Base of all tables."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {
        datetime: UtcDateTime,
        date: Date,
        dict[str, Any]: JSON,
        list[str]: JSON,
        list[dict[str, Any]]: JSON,
    }


ID = String(32)


class Practice(Base):
    """A practice as reporters call it."""

    __tablename__ = "practice"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    created_at: Mapped[datetime]


class Person(Base):
    """Someone who talks to the assistant: a random id, and what they told about themselves."""

    __tablename__ = "person"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    practice_id: Mapped[str | None] = mapped_column(ForeignKey("practice.id"))
    practice_asked: Mapped[bool] = mapped_column(default=False)
    region: Mapped[str | None] = mapped_column(String(100), index=True)
    role: Mapped[str | None] = mapped_column(String(24))
    created_at: Mapped[datetime]


class Account(Base):
    """A person on a channel. The outside id is only kept as a keyed hash."""

    __tablename__ = "account"
    __table_args__ = (UniqueConstraint("channel", "outside_hash"),)

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    channel: Mapped[str] = mapped_column(String(16))
    outside_hash: Mapped[str] = mapped_column(String(64))
    address: Mapped[bytes] = mapped_column(LargeBinary)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime]
    invitation_id: Mapped[str | None] = mapped_column(ForeignKey("invitation.id"))


class Conversation(Base):
    """A conversation of an account; `slots` is what Rasa remembers of it."""

    __tablename__ = "conversation"
    __table_args__ = (Index("ix_conversation_account_id_created_at", "account_id", "created_at"),)

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    slots: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]
    last_at: Mapped[datetime]


class ConversationEvent(Base):
    """One Rasa event of a conversation, its text screened."""

    __tablename__ = "conversation_event"
    # the latest ones of a conversation are read, however long it is
    __table_args__ = (Index("ix_conversation_event_conversation_id_id", "conversation_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"))
    data: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]


class FlowRun(Base):
    """A flow that people are in, or were in: `state` is the engine's, with screened answers."""

    __tablename__ = "flow_run"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    flow_id: Mapped[str] = mapped_column(String(60))
    status: Mapped[str] = mapped_column(String(16))
    knowledge_revision: Mapped[str] = mapped_column(String(16))
    state: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class FlowParticipant(Base):
    """Someone who takes part in a flow: `number` tells the participants of one flow apart.

    `conversation_id` is where they walk it now; None while they have put it aside. Who left keeps
    their number, because what they did bears it.
    """

    __tablename__ = "flow_participant"
    __table_args__ = (UniqueConstraint("run_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[str] = mapped_column(ForeignKey("flow_run.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    number: Mapped[int]
    conversation_id: Mapped[str | None] = mapped_column(ForeignKey("conversation.id"), index=True)
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None]


class AccessCode(Base):
    """A code that is typed elsewhere: to link a channel, or to take over a flow (`run_id`).

    Only its keyed hash is kept; it works once, until `expires_at`.
    """

    __tablename__ = "access_code"

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    run_id: Mapped[str | None] = mapped_column(ForeignKey("flow_run.id"), index=True)
    expires_at: Mapped[datetime]


class InboxItem(Base):
    """An update that came in. Its payload is encrypted, and erased when it is done.

    `sender` is a keyed hash, as of an account, of whoever sent it (empty: not known); erased with
    the payload. `set_aside_at` is when it failed for the last time; `failed` ones are erased a
    while later.
    """

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("channel", "update_id"),
        Index("ix_inbox_status_id", "status", "id"),
        Index("ix_inbox_status_sender_id", "status", "sender", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(16))
    update_id: Mapped[str] = mapped_column(String(64))
    status: Mapped[str] = mapped_column(String(16))
    sender: Mapped[str] = mapped_column(String(64), default="", server_default="")
    payload: Mapped[bytes | None] = mapped_column(LargeBinary)
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(String(200))
    received_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    set_aside_at: Mapped[datetime | None]


def _index_where(name: str, condition: str, *columns: str) -> Index:
    """An index of only the rows of which this is true."""
    return Index(name, *columns, sqlite_where=text(condition), postgresql_where=text(condition))


class OutboxItem(Base):
    """A reply to deliver. Its payload is encrypted, and erased when it is delivered.

    `channel` is its account's. A process that is sending it keeps it until `claimed_until`;
    `sent_messages` of the messages that it consists of were sent when the last attempt failed.
    `set_aside_at` is when it was given up; `dead` ones are erased a while later.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_status_not_before", "status", "not_before"),
        Index("ix_outbox_account_id_id", "account_id", "id"),
        Index("ix_outbox_broadcast_id_status", "broadcast_id", "status"),
        # few rows wait, among all that ever were there
        _index_where("ix_outbox_waiting_of_account", "status = 'pending'", "account_id", "id"),
        _index_where(
            "ix_outbox_waiting_replies",
            "status = 'pending' AND broadcast_id IS NULL",
            "channel",
            "id",
        ),
        _index_where(
            "ix_outbox_waiting_broadcasts",
            "status = 'pending' AND broadcast_id IS NOT NULL",
            "channel",
            "id",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    channel: Mapped[str] = mapped_column(String(16))
    inbox_id: Mapped[int | None] = mapped_column(ForeignKey("inbox.id"), index=True)
    broadcast_id: Mapped[str | None] = mapped_column(ForeignKey("broadcast.id"))
    status: Mapped[str] = mapped_column(String(16))
    payload: Mapped[bytes | None] = mapped_column(LargeBinary)
    attempts: Mapped[int] = mapped_column(default=0)
    sent_messages: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(String(200))
    not_before: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    set_aside_at: Mapped[datetime | None]


class SendingSlot(Base):
    """One of the messages that a channel takes a second; see `bottlenecks.store.pace`."""

    __tablename__ = "sending_slot"

    channel: Mapped[str] = mapped_column(String(16), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    free_at: Mapped[datetime]


class SendingPause(Base):
    """That a channel asked to wait, at `since`: nothing is sent over it before `until`."""

    __tablename__ = "sending_pause"

    channel: Mapped[str] = mapped_column(String(16), primary_key=True)
    since: Mapped[datetime]
    until: Mapped[datetime]


class WebMessage(Base):
    """One message of a conversation in the browser, to show it again; encrypted, texts screened.

    `outbox_id` is the reply that it delivers (None: what the user said); `read_at` is when a page
    showed it first.
    """

    __tablename__ = "web_message"
    # ids never come back: a page that is open asks for what came after the last one it has
    __table_args__ = (
        Index("ix_web_message_account_id_id", "account_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    outbox_id: Mapped[int | None] = mapped_column(ForeignKey("outbox.id"), unique=True)
    payload: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(index=True)
    read_at: Mapped[datetime | None]
