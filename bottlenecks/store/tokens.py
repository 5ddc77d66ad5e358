"""Keys with which other programs read reports."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from bottlenecks.models_desk import ApiToken
from bottlenecks.roles import Scope
from bottlenecks.store.repository import SecretRepository

# how a key begins, so that whoever finds one in a file knows what it is
PREFIX = "rw_"
# a use within this time of the one before is not written again
USED_EVERY = timedelta(minutes=1)


class TokenNameTakenError(ValueError):
    """A key that still works has this name."""


@dataclass(frozen=True)
class TokenView:
    """A key as it may be shown; `name` is the program's, `created_by` an account's id."""

    id: str
    name: str
    scope: Scope
    created_by: str
    created_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None


class ApiTokens(SecretRepository):
    """Makes and checks keys within one transaction."""

    def make(self, name: str, scope: Scope, created_by: str) -> tuple[str, str]:
        """Make a key; gives its id, and the key itself, which cannot be read back later.

        Raises:
            TokenNameTakenError: a key that still works has this name.
        """
        name = name.strip()
        taken = select(ApiToken.id).where(ApiToken.name == name, ApiToken.revoked_at.is_(None))
        if self._session.scalar(taken.limit(1)) is not None:
            raise TokenNameTakenError(name)
        token = PREFIX + secrets.token_urlsafe(32)
        row = ApiToken(
            id=self._new_id(),
            name=name,
            token_hash=self._hash(token),
            all_regions=scope.all_regions,
            regions=sorted(scope.regions),
            created_by=created_by,
            created_at=self._clock(),
        )
        self._session.add(row)
        self._session.flush()
        return row.id, token

    def list(self) -> list[TokenView]:
        """All keys, newest first; those that were revoked as well."""
        rows = select(ApiToken).order_by(ApiToken.created_at.desc(), ApiToken.id)
        return [_view(row) for row in self._session.scalars(rows)]

    def revoke(self, token_id: str) -> TokenView:
        """Make a key useless from now on.

        Raises:
            LookupError: there is no such key.
        """
        row = self._session.get(ApiToken, token_id)
        if row is None:
            raise LookupError(token_id)
        row.revoked_at = row.revoked_at or self._clock()
        self._session.flush()
        return _view(row)

    def use(self, token: str) -> TokenView | None:
        """Whose key this is; None: nobody's, or it was revoked. Needs a transaction that writes."""
        row = self._session.scalar(select(ApiToken).where(ApiToken.token_hash == self._hash(token)))
        if row is None or row.revoked_at is not None:
            return None
        now = self._clock()
        if row.last_used_at is None or now - row.last_used_at >= USED_EVERY:
            row.last_used_at = now
        return _view(row)

    def _hash(self, token: str) -> str:
        return self._cipher.hash_id("api-token", token)


def _view(row: ApiToken) -> TokenView:
    return TokenView(
        row.id,
        row.name,
        Scope(row.all_regions, frozenset(row.regions)),
        row.created_by,
        row.created_at,
        row.revoked_at,
        row.last_used_at,
    )
