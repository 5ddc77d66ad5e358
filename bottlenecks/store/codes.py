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

# no letters or digits that look alike; 31 ** 8 codes, so that guessing one in its time is hopeless
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
LENGTH = 8
LINK_VALID = timedelta(minutes=15)
HANDOVER_VALID = timedelta(hours=24)
PATTERN = re.compile(
    rf"(?<![A-Z0-9])([{ALPHABET}]{{4}})-([{ALPHABET}]{{4}})(?![A-Z0-9])", re.IGNORECASE
)


@dataclass(frozen=True)
class CodeView:
    """What a code stands for: its maker, and the flow that is handed over (None: linking)."""

    person_id: str
    run_id: str | None


def code_in(text: str) -> str | None:
    """The code that stands in a text, in its stored form; None when there is none."""
    found = PATTERN.search(text)
    return f"{found[1]}-{found[2]}".upper() if found else None


class Codes:
    """Makes and redeems codes within one transaction."""

    def __init__(self, session: Session, cipher: Cipher, clock: Callable[[], datetime]) -> None:
        """See `Work`."""
        self._session = session
        self._cipher = cipher
        self._clock = clock

    def make(self, person_id: str, run_id: str | None = None) -> str:
        """A new code, such as AB2C-D3EF: to link a channel, or to hand over the flow `run_id`."""
        letters = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        code = f"{letters[:4]}-{letters[4:]}"
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

    def redeem(self, code: str) -> CodeView | None:
        """What the code stands for; it works once. None: unknown, used or expired."""
        self._session.execute(delete(AccessCode).where(AccessCode.expires_at < self._clock()))
        found = self._session.get(AccessCode, self._hash(code))
        if found is None:
            return None
        view = CodeView(found.person_id, found.run_id)
        self._session.delete(found)
        self._session.flush()
        return view

    def _hash(self, code: str) -> str:
        return self._cipher.hash_id("code", code)
