"""Passwords of officers: which are good enough, how they are kept (argon2), and one-time ones."""

import re
import secrets
import threading
import unicodedata
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MIN_LENGTH = 12
MAX_LENGTH = 200
# fewer different characters than this is a row of the same ones
MIN_DIFFERENT = 5
# shorter parts of a name ("de", "Jan") are in too many words
MIN_NAME_PART = 4
ONCE_LASTS = timedelta(days=7)
ONCE = "eenmalig"
# no l, o, 0 or 1: they are mistaken for each other when someone types them over
ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"

# the library's own choice: RFC 9106 for machines with little memory, 64 MiB at a time
_HASHER = PasswordHasher()
# so that many logins at once cannot take all memory
_AT_ONCE = threading.BoundedSemaphore(4)


class Weakness(StrEnum):
    """Why a password is refused; the value says so on screen."""

    SHORT = f"Neem minstens {MIN_LENGTH} tekens."
    LONG = f"Neem hoogstens {MAX_LENGTH} tekens."
    PERSONAL = "Neem een wachtwoord zonder je naam, je e-mailadres of 'regiowijzer' erin."
    PLAIN = "Neem een wachtwoord met meer verschillende tekens."


def weakness(password: str, login: str, name: str) -> Weakness | None:
    """Why this password is refused for who has this login and name; None: it is good enough."""
    password = _normal(password)
    if len(password) < MIN_LENGTH:
        return Weakness.SHORT
    if len(password) > MAX_LENGTH:
        return Weakness.LONG
    if len(set(password)) < MIN_DIFFERENT:
        return Weakness.PLAIN
    own_words = {"regiowijzer", *re.split(r"[\W_]+", _normal(f"{login.split('@')[0]} {name}"))}
    folded = password.casefold()
    if any(len(word) >= MIN_NAME_PART and word.casefold() in folded for word in own_words):
        return Weakness.PERSONAL
    return None


def hash_password(password: str) -> str:
    """The form in which a password is stored."""
    with _AT_ONCE:
        return _HASHER.hash(_normal(password))


def hash_once(password: str, until: datetime) -> str:
    """The form in which a password is stored that serves once, until a moment.

    Who signs in with it must choose their own first; see `is_once`.
    """
    return f"{ONCE}|{int(until.timestamp())}|{hash_password(password)}"


def verify(password: str, stored: str | None, now: datetime) -> bool:
    """Whether this is the password that is stored, and still serves at `now`.

    Takes as long when there is none (`stored` None), so that nobody can tell from the time
    whether an account exists.
    """
    until, found = _parts(stored) if stored is not None else (None, _nobodys())
    with _AT_ONCE:
        try:
            right = _HASHER.verify(found, _normal(password[: 2 * MAX_LENGTH]))
        except (VerificationError, InvalidHashError):
            return False
    return bool(right) and stored is not None and (until is None or now.timestamp() < until)


def is_once(stored: str) -> bool:
    """Whether a stored password was handed out, to be replaced at the first login."""
    return _parts(stored)[0] is not None


def needs_rehash(stored: str) -> bool:
    """Whether a stored password should be stored anew, because it is kept more safely now."""
    return _HASHER.check_needs_rehash(_parts(stored)[1])


def new_password() -> str:
    """A random password that can be typed over: four groups of four."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(4))


def _parts(stored: str) -> tuple[int | None, str]:
    if not stored.startswith(f"{ONCE}|"):
        return None, stored
    _, until, found = stored.split("|", 2)
    return int(until), found


@cache
def _nobodys() -> str:
    return hash_password(secrets.token_urlsafe())


def _normal(text: str) -> str:
    """One form for letters that keyboards send in several (an e and its accent)."""
    return unicodedata.normalize("NFKC", text)
