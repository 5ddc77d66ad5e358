"""Private links and codes with which practices come into the chat, when it is not open."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from sqlalchemy import func, select

from bottlenecks.models import Account, Practice
from bottlenecks.models_desk import Invitation
from bottlenecks.store.accounts import Accounts
from bottlenecks.store.repository import SecretRepository

TOKEN_BYTES = 24
_TOKEN = r"[\w-]{32}"
_TYPED = re.compile(_TOKEN, re.ASCII)
_IN_LINK = re.compile(rf"\S*(?:/uitnodiging/|[?&]start=)({_TOKEN})/?", re.ASCII)


@dataclass(frozen=True)
class InvitationView:
    """A link: for which practice, and until when it works (UTC).

    `created_by` is the id of an officer; `accounts` is how many browsers and Telegram users came
    in with it.
    """

    id: str
    practice: str
    created_by: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    accounts: int

    def works_at(self, moment: datetime) -> bool:
        """Whether the link lets people in at this moment."""
        return self.revoked_at is None and moment < self.expires_at


def invitation_in(text: str) -> str | None:
    """The code of an invitation, when a text is nothing but that code, or a link that holds it."""
    text = text.strip()
    link = _IN_LINK.fullmatch(text)
    if link is not None:
        return link[1]
    # in a code there is always a capital or a digit; a long word is no code
    return text if _TYPED.fullmatch(text) and re.search(r"[A-Z0-9]", text) else None


class Invitations(SecretRepository):
    """Makes, checks and revokes invitations within one transaction."""

    @cached_property
    def _accounts(self) -> Accounts:
        return Accounts(self._session, self._cipher, self._clock, self._new_id)

    def make(self, practice_name: str, created_by: str, valid: timedelta) -> str:
        """A new link for a practice; gives its token, which cannot be read back later."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        now = self._clock()
        invitation = Invitation(
            id=self._new_id(),
            practice_id=self._accounts.practice_id(practice_name.strip()),
            token_hash=self._hash(token),
            created_by=created_by,
            created_at=now,
            expires_at=now + valid,
        )
        self._session.add(invitation)
        self._session.flush()
        return token

    def list(self) -> Sequence[InvitationView]:
        """All invitations, newest first."""
        accounts = (
            select(func.count())
            .where(Account.invitation_id == Invitation.id)
            .correlate(Invitation)
            .scalar_subquery()
        )
        query = (
            select(Invitation, Practice.name, accounts)
            .join(Practice, Practice.id == Invitation.practice_id)
            .order_by(Invitation.created_at.desc(), Invitation.id)
        )
        return [_view(*row) for row in self._session.execute(query).all()]

    def revoke(self, invitation_id: str) -> bool:
        """Close the link, also for who came in with it; False when there was nothing to close."""
        invitation = self._session.get(Invitation, invitation_id)
        if invitation is None or invitation.revoked_at is not None:
            return False
        invitation.revoked_at = self._clock()
        return True

    def look_up(self, token: str) -> InvitationView | None:
        """The invitation of this token; None: unknown, revoked or expired."""
        found = self._session.execute(
            select(Invitation, Practice.name)
            .join(Practice, Practice.id == Invitation.practice_id)
            .where(Invitation.token_hash == self._hash(token))
        ).one_or_none()
        if found is None:
            return None
        view = _view(found[0], found[1], 0)
        return view if view.works_at(self._clock()) else None

    def accept(self, account_id: str, invitation_id: str) -> None:
        """Let this account in for as long as the invitation works."""
        self._session.get_one(Account, account_id).invitation_id = invitation_id

    def admits(self, account_id: str) -> bool:
        """Whether this account came in with an invitation that still works."""
        found = self._session.scalar(
            select(Invitation.id)
            .join(Account, Account.invitation_id == Invitation.id)
            .where(
                Account.id == account_id,
                Invitation.revoked_at.is_(None),
                Invitation.expires_at > self._clock(),
            )
        )
        return found is not None

    def _hash(self, token: str) -> str:
        return self._cipher.hash_id("invitation", token)


def _view(row: Invitation, practice: str, accounts: int) -> InvitationView:
    return InvitationView(
        row.id,
        practice,
        row.created_by,
        row.created_at,
        row.expires_at,
        row.revoked_at,
        accounts,
    )
