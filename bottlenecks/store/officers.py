"""Who works at the desk, and which browsers are signed in."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from bottlenecks.models_desk import DeskSession, DeskUser
from bottlenecks.roles import Officer, Role, Scope
from bottlenecks.store.repository import SecretRepository

# a signed-in browser is signed out after so long without a page, and after so long in any case
IDLE = timedelta(hours=2)
LONGEST = timedelta(hours=12)
# a page within this time of the one before does not write again when it was seen
SEEN_EVERY = timedelta(minutes=1)


class LoginTakenError(ValueError):
    """Another account has this login."""


class LastAdminError(ValueError):
    """Nobody would be left who can manage the accounts; `is_any_left`: those of some regions."""

    def __init__(self, officer_id: str, *, is_any_left: bool) -> None:
        """The account that would have been changed."""
        super().__init__(officer_id)
        self.is_any_left = is_any_left


@dataclass(frozen=True)
class OfficerView:
    """An account of the desk, for the page on which they are managed.

    `person_id` is who they are in the chat, if they told.
    """

    officer: Officer
    is_active: bool
    is_example: bool
    has_password: bool
    created_at: datetime
    last_login_at: datetime | None
    person_id: str | None = None


class Officers(SecretRepository):
    """Reads and writes accounts and sessions within one transaction."""

    def add(
        self,
        login: str,
        name: str,
        role: Role,
        scope: Scope,
        *,
        password_hash: str | None = None,
        is_example: bool = False,
    ) -> str:
        """Make an account and give its id; `login` is an e-mail address.

        Raises:
            LoginTakenError: there is one already.
        """
        if self._by_login(login) is not None:
            raise LoginTakenError(login)
        user = DeskUser(
            id=self._new_id(),
            login=_folded(login),
            name=name.strip(),
            role=role.value,
            all_regions=scope.all_regions,
            regions=sorted(scope.regions),
            password_hash=password_hash,
            is_example=is_example,
            created_at=self._clock(),
        )
        self._session.add(user)
        self._session.flush()
        return user.id

    def change(
        self, officer_id: str, *, name: str, role: Role, scope: Scope, is_active: bool
    ) -> None:
        """Change an account; one that is no longer active is signed out everywhere.

        Raises:
            LookupError: there is no such account.
            LastAdminError: nobody would be left to manage the accounts, or those of all regions.
        """
        # two administrators who lower each other at once must not both succeed
        admins = select(DeskUser.id).where(DeskUser.role == Role.ADMIN.value)
        self._session.execute(admins.with_for_update())
        user = self._get(officer_id)
        managed_all = user.role == Role.ADMIN.value and user.is_active and user.all_regions
        user.name, user.role, user.is_active = name.strip(), role.value, is_active
        user.all_regions, user.regions = scope.all_regions, sorted(scope.regions)
        self._session.flush()
        left = select(DeskUser.all_regions).where(
            DeskUser.role == Role.ADMIN.value, DeskUser.is_active.is_(True)
        )
        found = self._session.scalars(left).all()
        if not found or (managed_all and not any(found)):
            raise LastAdminError(officer_id, is_any_left=bool(found))
        if not is_active:
            self.sign_out_everywhere(officer_id)

    def set_password(self, officer_id: str, password_hash: str) -> None:
        """Set the password, and sign the account out everywhere.

        Raises:
            LookupError: there is no such account.
        """
        self._get(officer_id).password_hash = password_hash
        self.sign_out_everywhere(officer_id)

    def link(self, officer_id: str, person_id: str | None) -> None:
        """Keep who an officer is in the chat; None: that is not known any more.

        Raises:
            LookupError: there is no such account.
        """
        self._get(officer_id).person_id = person_id
        self._session.flush()

    def all(self) -> list[OfficerView]:
        """All accounts, by name."""
        users = self._session.scalars(select(DeskUser).order_by(DeskUser.name, DeskUser.id))
        return [self._view(user) for user in users]

    def get(self, officer_id: str) -> OfficerView | None:
        """The account with this id."""
        user = self._session.get(DeskUser, officer_id)
        return self._view(user) if user else None

    def handlers(self) -> list[Officer]:
        """Who may own a report: active accounts above reader, by name."""
        views = (view for view in self.all() if view.is_active)
        return [view.officer for view in views if view.officer.may(Role.HANDLER)]

    def names(self, ids: Collection[str]) -> dict[str, str]:
        """Names of accounts by id."""
        rows = self._session.execute(
            select(DeskUser.id, DeskUser.name).where(DeskUser.id.in_(list(ids)))
        )
        return {id_: name for id_, name in rows}

    def password_of(self, login: str) -> tuple[str, str | None] | None:
        """Id and password hash of an active account; None: there is none."""
        user = self._by_login(login)
        return (user.id, user.password_hash) if user is not None and user.is_active else None

    def of_provider(self, subject: str, login: str | None) -> Officer | None:
        """The active account of who signed in at a provider.

        `login` is their e-mail address where the provider says that it is verified: it ties the
        account to `subject` the first time.
        """
        user = self._session.scalar(select(DeskUser).where(DeskUser.oidc_subject == subject))
        if user is None and login is not None:
            user = self._by_login(login)
            if user is not None and user.oidc_subject is None:
                user.oidc_subject = subject
            elif user is not None:
                return None
        return _officer(user) if user is not None and user.is_active else None

    def sign_in(self, officer_id: str) -> str:
        """Begin a session; gives the token for the cookie."""
        now = self._clock()
        self._session.execute(delete(DeskSession).where(DeskSession.created_at < now - LONGEST))
        token = secrets.token_urlsafe(32)
        self._session.add(
            DeskSession(
                token_hash=self._hash(token), user_id=officer_id, created_at=now, last_seen_at=now
            )
        )
        self._get(officer_id).last_login_at = now
        self._session.flush()
        return token

    def signed_in(self, token: str) -> tuple[Officer, bool] | None:
        """Who this token is of, and whether `seen` should be called; None: nobody any more."""
        found = self._session.get(DeskSession, self._hash(token))
        now = self._clock()
        if found is None or now - found.last_seen_at > IDLE or now - found.created_at > LONGEST:
            return None
        user = self._session.get_one(DeskUser, found.user_id)
        if not user.is_active:
            return None
        return _officer(user), now - found.last_seen_at > SEEN_EVERY

    def seen(self, token: str) -> None:
        """Keep that this browser asked for a page now."""
        found = self._session.get(DeskSession, self._hash(token))
        if found is not None:
            found.last_seen_at = self._clock()

    def sign_out(self, token: str) -> None:
        """End a session."""
        self._session.execute(
            delete(DeskSession).where(DeskSession.token_hash == self._hash(token))
        )

    def sign_out_everywhere(self, officer_id: str) -> None:
        """End all sessions of an account."""
        self._session.execute(delete(DeskSession).where(DeskSession.user_id == officer_id))

    def has_active_example(self) -> bool:
        """Whether the account of a demo, whose password is public, can be used."""
        example = select(DeskUser.id).where(
            DeskUser.is_example.is_(True), DeskUser.is_active.is_(True)
        )
        return self._session.scalar(example.limit(1)) is not None

    def _by_login(self, login: str) -> DeskUser | None:
        return self._session.scalar(select(DeskUser).where(DeskUser.login == _folded(login)))

    def _get(self, officer_id: str) -> DeskUser:
        user = self._session.get(DeskUser, officer_id)
        if user is None:
            raise LookupError(officer_id)
        return user

    def _hash(self, token: str) -> str:
        return self._cipher.hash_id("desk-session", token)

    def _view(self, user: DeskUser) -> OfficerView:
        return OfficerView(
            _officer(user),
            user.is_active,
            user.is_example,
            user.password_hash is not None,
            user.created_at,
            user.last_login_at,
            user.person_id,
        )


def _officer(user: DeskUser) -> Officer:
    scope = Scope(user.all_regions, frozenset(user.regions))
    return Officer(user.id, user.login, user.name, Role(user.role), scope)


def _folded(login: str) -> str:
    return login.strip().lower()
