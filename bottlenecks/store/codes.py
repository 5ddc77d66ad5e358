"""Codes that someone gets in one place and types in another."""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from bottlenecks.crypto import Cipher
from bottlenecks.models import AccessCode

# no letters or digits that look alike; more than a thousand million codes, so that guessing one in
# its time is hopeless. Letters and digits alternate, so that no word ("Maas-Waal") looks like one.
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
DIGITS = "23456789"
LINK_VALID = timedelta(minutes=15)
HANDOVER_VALID = timedelta(hours=24)
_PART = f"[{LETTERS}][{DIGITS}][{LETTERS}][{DIGITS}]"
PATTERN = re.compile(rf"(?<![A-Z0-9])({_PART})[- ]?({_PART})(?![A-Z0-9])", re.IGNORECASE)


@dataclass(frozen=True)
class CodeView:
    """What a code stands for: its maker, and the flow that is handed over (None: linking)."""

    person_id: str
    run_id: str | None


def code_in(text: str) -> str | None:
    """The code that stands in a text, in its stored form; None when there is none."""
    found = PATTERN.search(text)
    return f"{found[1]}-{found[2]}".upper() if found else None


def masked(text: str) -> str:
    """A text in which codes cannot be read; what is kept of a conversation holds none."""
    return PATTERN.sub("[code]", text)


class Codes:
    """Makes codes and uses them up within one transaction."""

    def __init__(self, session: Session, cipher: Cipher, clock: Callable[[], datetime]) -> None:
        """See `Work`."""
        self._session = session
        self._cipher = cipher
        self._clock = clock

    def make(self, person_id: str, run_id: str | None = None) -> str:
        """A new code, such as A2B3-C4D5: to link a channel, or to hand over the flow `run_id`."""
        signs = "".join(secrets.choice(LETTERS) + secrets.choice(DIGITS) for _ in range(4))
        code = f"{signs[:4]}-{signs[4:]}"
        valid = LINK_VALID if run_id is None else HANDOVER_VALID
        self._session.add(
            AccessCode(
                code_hash=self._hash(code),
                person_id=person_id,
                run_id=run_id,
                expires_at=self._clock() + valid,
            )
        )
        self._session.flush()
        return code

    def look_up(self, code: str) -> CodeView | None:
        """What the code stands for, without using it; None: unknown, used or expired."""
        self._session.execute(delete(AccessCode).where(AccessCode.expires_at < self._clock()))
        found = self._session.get(AccessCode, self._hash(code))
        return CodeView(found.person_id, found.run_id) if found else None

    def use(self, code: str) -> bool:
        """Use the code up; False when it was used already."""
        used = self._session.execute(
            delete(AccessCode)
            .where(AccessCode.code_hash == self._hash(code))
            .returning(AccessCode.code_hash)
        )
        return used.first() is not None

    def _hash(self, code: str) -> str:
        return self._cipher.hash_id("code", code)
