"""How fast someone may send: more is refused before anything of it is stored.

Counted in this process's memory, as one process serves; whoever it is about is never logged.
"""

import time

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from bottlenecks.desk.people.throttle import network_of, seconds_left

# an assistant in a hurry types 20 messages a minute at most; ticking boxes in a list goes faster,
# and a browser that was offline sends all that waited at once
PER_USER = 60
# several practices, each with several people, may share one address; it also bounds how many
# visitors a program can pretend to be
PER_ADDRESS = 600
# a private link holds too much chance to be guessed; this keeps a program from trying at all, and
# lets sixty people of one practice open theirs at the same time (looking and pressing the button)
INVITATIONS = "120 per 15 minutes"
# a code that one user types; twice as many as anybody needs who makes mistakes in copying it
CODES = "10 per 15 minutes"
# whoever goes too fast is told so this often; the rest is dropped without a word
TOLD = "1 per minute"
# how often those are forgotten who sent nothing lately, in seconds
FORGET_S = 60.0


class Pace:
    """Counts messages and opened invitations of one channel."""

    def __init__(self, per_user: int = PER_USER, per_address: int = PER_ADDRESS) -> None:
        """How many messages a minute one user, and one address, may send."""
        self._counted = MemoryStorage()
        self._limiter = MovingWindowRateLimiter(self._counted)
        self._forget_at = 0.0
        self._user = parse(f"{per_user} per minute")
        self._address = parse(f"{per_address} per minute")
        self._invitations = parse(INVITATIONS)
        self._codes = parse(CODES)
        self._told = parse(TOLD)

    def message(self, user: str, address: str | None = None) -> int:
        """Count a message; gives 0, or after how many seconds another one may be sent.

        `address` is the network address it came from; None where a channel has none.
        """
        self._forget()
        place = None if address is None else network_of(address)
        # the address is only looked at first: one user who goes too fast must not use up what all
        # others behind it may send, and made-up users must not fill the memory
        if place is not None and not self._limiter.test(self._address, "address", place):
            return self._left(self._address, "address", place)
        if not self._limiter.hit(self._user, "user", user):
            return self._left(self._user, "user", user)
        if place is not None and not self._limiter.hit(self._address, "address", place):
            return self._left(self._address, "address", place)
        return 0

    def invitation(self, address: str) -> int:
        """Count an opened invitation, right or wrong; gives 0, or how many seconds to wait."""
        place = network_of(address)
        if self._limiter.hit(self._invitations, "invitation", place):
            return 0
        return self._left(self._invitations, "invitation", place)

    def code(self, user: str) -> int:
        """Count a code of an invitation that a user sent; gives 0, or how many seconds to wait."""
        if self._limiter.hit(self._codes, "code", user):
            return 0
        return self._left(self._codes, "code", user)

    def may_be_told(self, user: str) -> bool:
        """Whether to tell this user that it goes too fast; True once a minute."""
        return self._limiter.hit(self._told, "told", user)

    def _forget(self) -> None:
        """Forget who sent nothing lately.

        The library keeps a list for everyone who ever sent something, and goes through all of them
        for each message.
        """
        now = time.monotonic()
        if now < self._forget_at:
            return
        self._forget_at = now + FORGET_S
        for key in [key for key, moments in list(self._counted.events.items()) if not moments]:
            self._counted.events.pop(key, None)

    def _left(self, limit: RateLimitItem, kind: str, key: str) -> int:
        return seconds_left(self._limiter, limit, kind, key)


def in_words(seconds: int) -> str:
    """How long to wait, in Dutch: "12 seconden", "3 minuten"."""
    if seconds < 120:
        return f"{seconds} seconde{'n' if seconds != 1 else ''}"
    return f"{-(-seconds // 60)} minuten"
