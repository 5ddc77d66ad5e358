"""The tables of the regional organisation's desk: people, sessions, phases, contacts, tokens."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bottlenecks.models import ID, Base


class DeskUser(Base):
    """Someone who works at the desk.

    `login` is their e-mail address in lower case. `regions` are ids of regions; `all_regions`
    stands above it. `password_hash` (argon2) is None for who signs in elsewhere (`oidc_subject`).
    `person_id` is this officer as someone who chats: there they can get signals.
    `is_example` marks the account of a demo.
    """

    __tablename__ = "desk_user"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    login: Mapped[str] = mapped_column(String(200), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    role: Mapped[str] = mapped_column(String(16))
    all_regions: Mapped[bool] = mapped_column(default=False)
    regions: Mapped[list[str]] = mapped_column(default=list)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    oidc_subject: Mapped[str | None] = mapped_column(String(200), unique=True)
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    is_active: Mapped[bool] = mapped_column(default=True)
    is_example: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    last_login_at: Mapped[datetime | None]


class DeskSession(Base):
    """A signed-in browser. Only the keyed hash of its cookie is kept."""

    __tablename__ = "desk_session"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("desk_user.id"), index=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]


class AuditEntry(Base):
    """Who did what at the desk. Never holds the text of a report."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_actor_id", "actor", "id"),
        Index("ix_audit_entry_action_id", "action", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor: Mapped[str] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(100))
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)


class RegionPhase(Base):
    """A phase that an officer set for a region; the latest one of a region counts.

    `phase` None: it is not known any more. `since` is the day from which it holds.
    """

    __tablename__ = "region_phase"
    __table_args__ = (Index("ix_region_phase_region_id", "region", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    region: Mapped[str] = mapped_column(String(32))
    phase: Mapped[str | None] = mapped_column(String(8))
    since: Mapped[date | None]
    notice: Mapped[str | None] = mapped_column(Text)
    set_by: Mapped[str] = mapped_column(ForeignKey("desk_user.id"))
    set_at: Mapped[datetime]


class ContactEntry(Base):
    """How someone is reached, as an officer filled it in; the latest one of a subject counts.

    `kind` is a key of `bottlenecks.contacts.KINDS`, `subject` the id of a region or insurer;
    `value` None empties it.
    """

    __tablename__ = "contact_entry"
    __table_args__ = (Index("ix_contact_entry_kind_subject_id", "kind", "subject", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(24))
    subject: Mapped[str] = mapped_column(String(40))
    value: Mapped[str | None] = mapped_column(Text)
    set_by: Mapped[str] = mapped_column(ForeignKey("desk_user.id"))
    set_at: Mapped[datetime]


class Broadcast(Base):
    """A message to everyone who told that they work in a region."""

    __tablename__ = "broadcast"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    region: Mapped[str] = mapped_column(String(32))
    text: Mapped[str] = mapped_column(Text)
    created_by: Mapped[str] = mapped_column(ForeignKey("desk_user.id"))
    created_at: Mapped[datetime] = mapped_column(index=True)


class ApiToken(Base):
    """A key with which another program reads reports. Only its keyed hash is kept."""

    __tablename__ = "api_token"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    all_regions: Mapped[bool] = mapped_column(default=False)
    regions: Mapped[list[str]] = mapped_column(default=list)
    created_by: Mapped[str] = mapped_column(ForeignKey("desk_user.id"))
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]


class Invitation(Base):
    """A private link for one practice to the chat in the browser. Only its keyed hash is kept."""

    __tablename__ = "invitation"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    practice_id: Mapped[str] = mapped_column(ForeignKey("practice.id"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_by: Mapped[str] = mapped_column(ForeignKey("desk_user.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
