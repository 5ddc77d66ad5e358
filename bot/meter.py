"""What worker and deliveries tell of their work, to whoever counts it."""

from typing import Literal, Protocol

Delivered = Literal["delivered", "postponed", "given_up"]


class Meter(Protocol):
    """Counts what happens; never learns who or what it is about. Called from any thread."""

    def handled(self, channel: str, *, failed: bool, seconds: float) -> None:
        """An update was handled, or handling it failed, after `seconds`."""

    def decided(self, outcome: str) -> None:
        """A question was answered, clarified or declined."""

    def delivered(self, channel: str, result: Delivered) -> None:
        """What became of an attempt to deliver a reply."""

    def tidied(self, *, failed: bool) -> None:
        """What is kept no longer was erased, or erasing it failed."""


class NoMeter:
    """Counts nothing: where nobody looks."""

    def handled(self, channel: str, *, failed: bool, seconds: float) -> None:
        """See `Meter`."""

    def decided(self, outcome: str) -> None:
        """See `Meter`."""

    def delivered(self, channel: str, result: Delivered) -> None:
        """See `Meter`."""

    def tidied(self, *, failed: bool) -> None:
        """See `Meter`."""
