"""Slows down guessing of passwords: so many tries per account and per address, then wait."""

import ipaddress
import math
import time
from dataclasses import dataclass

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter, RateLimiter

PER_ACCOUNT = "5 per 15 minutes"
# a whole organisation can be behind one address, and all its tries count, also the right ones
PER_ADDRESS = "60 per 15 minutes"


@dataclass(frozen=True)
class Wait:
    """No try now, but after `seconds`.

    `kind` is what was tried too often ("account" or "adres"); `first` is True once per time of
    waiting, so that whoever keeps trying does not fill the audit log.
    """

    seconds: int
    kind: str
    first: bool

    def in_words(self) -> str:
        """What to tell whoever has to wait."""
        minutes = math.ceil(self.seconds / 60)
        unit = "minuut" if minutes == 1 else "minuten"
        return f"Er is te vaak geprobeerd in te loggen. Wacht {minutes} {unit} en probeer het dan."


class Throttle:
    """Counts tries in this process's memory, by the machine's own clock."""

    def __init__(self, per_account: str = PER_ACCOUNT, per_address: str = PER_ADDRESS) -> None:
        """Limits as the library `limits` writes them: "5 per 15 minutes"."""
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._limits = {"account": parse(per_account), "adres": parse(per_address)}

    def attempt(self, account: str, address: str) -> Wait | None:
        """Count a try for this account from this address; a `Wait` when there were too many.

        Counted before the password is looked at, so that many tries at once are not let through.
        """
        # the address first: who guesses from one place does not lock out more accounts than that
        for kind, key in (("adres", network_of(address)), ("account", account)):
            limit = self._limits[kind]
            if not self._limiter.hit(limit, kind, key):
                return self._wait(kind, key, limit)
        return None

    def succeeded(self, account: str) -> None:
        """Forget the tries for an account: its owner is in."""
        self._limiter.clear(self._limits["account"], "account", account)

    def _wait(self, kind: str, key: str, limit: RateLimitItem) -> Wait:
        told = parse(f"1 per {limit.get_expiry()} seconds")
        first = self._limiter.hit(told, "told", kind, key)
        return Wait(seconds_left(self._limiter, limit, kind, key), kind, first)


def seconds_left(limiter: RateLimiter, limit: RateLimitItem, *names: str) -> int:
    """After how many seconds what `names` stand for may be tried again; at least 1."""
    until = limiter.get_window_stats(limit, *names).reset_time
    return max(1, math.ceil(until - time.time()))


def network_of(address: str) -> str:
    """What one subscriber has: an IPv4 address, or the /64 of an IPv6 address."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 4:
        return address
    return str(ipaddress.ip_network((found, 64), strict=False))
