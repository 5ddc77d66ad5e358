"""Slows down guessing of passwords: so many tries, then wait.

Few tries for an account from one network, so that who guesses elsewhere does not keep its owner
out. Many more for an account from everywhere, and these do not count for a network from which
somebody came in with the right password before.
"""

import ipaddress
import math
import threading
import time
from dataclasses import dataclass

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter, RateLimiter

# for one account, from one network
PER_PLACE = "5 per 15 minutes"
# for one account, from all networks where nobody got in yet
PER_ACCOUNT = "50 per hour"
# a whole organisation can be behind one address, and all its tries count, also the right ones
PER_ADDRESS = "60 per 15 minutes"
# of so many pairs of account and network it is known that somebody got in
REMEMBERED = 10_000


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

    def __init__(
        self,
        per_place: str = PER_PLACE,
        per_account: str = PER_ACCOUNT,
        per_address: str = PER_ADDRESS,
    ) -> None:
        """Limits as the library `limits` writes them: "5 per 15 minutes"."""
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._place, self._account = parse(per_place), parse(per_account)
        self._address = parse(per_address)
        # in order of when somebody got in there last
        self._known: dict[tuple[str, str], None] = {}
        self._knowing = threading.Lock()

    def attempt(self, account: str, address: str) -> Wait | None:
        """Count a try for this account from this address; a `Wait` when there were too many.

        Counted before the password is looked at, so that many tries at once are not let through.
        """
        network = network_of(address)
        # what is refused at one limit does not count for the next: who guesses from one place
        # uses up little of what an account may have from everywhere
        counted: list[tuple[str, RateLimitItem, tuple[str, ...]]] = [
            ("adres", self._address, (network,)),
            ("account", self._place, (account, network)),
        ]
        if (account, network) not in self._known:
            counted.append(("account", self._account, (account,)))
        for kind, limit, names in counted:
            if not self._limiter.hit(limit, kind, *names):
                return self._wait(kind, limit, names)
        return None

    def succeeded(self, account: str, address: str) -> None:
        """Forget the tries for an account from this address: its owner is in there."""
        network = network_of(address)
        self._limiter.clear(self._place, "account", account, network)
        with self._knowing:
            self._known.pop((account, network), None)
            self._known[account, network] = None
            while len(self._known) > REMEMBERED:
                del self._known[next(iter(self._known))]

    def _wait(self, kind: str, limit: RateLimitItem, names: tuple[str, ...]) -> Wait:
        told = parse(f"1 per {limit.get_expiry()} seconds")
        first = self._limiter.hit(told, "told", kind, *names)
        return Wait(seconds_left(self._limiter, limit, kind, *names), kind, first)


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
