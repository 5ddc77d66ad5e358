"""What the simulation takes for granted: every number with where it comes from.

None of the five source documents counts practices, people or messages. What they do tell (that the
whole region is scaled up together, that many do not know a procedure) shapes the peak; the numbers
themselves are assumptions, and called so.
"""

from dataclasses import dataclass

ASSUMED = "assumption"


@dataclass(frozen=True)
class Assumptions:
    """A morning peak of one hour from 8:00. Times are seconds, shares are 0 to 1."""

    people_per_practice: float = 3.0
    conversations_per_person: float = 1.0
    messages_per_conversation: float = 6.0
    burst_share: float = 0.4
    burst_mean_s: float = 600.0
    phase_change_at_s: float = 1200.0
    phase_share: float = 1.0
    phase_mean_s: float = 120.0
    phase_messages: float = 2.0
    think_least_s: float = 3.0
    think_mean_s: float = 10.0
    hasty_share: float = 0.1
    hasty_after_s: float = 2.0
    telegram_share: float = 0.5
    telegram_per_s: float = 30.0
    peak_s: float = 3600.0
    wanted_s: float = 1.0

    @property
    def messages_per_person(self) -> float:
        """How many messages one person sends in the hour, on average."""
        ordinary = self.conversations_per_person * self.messages_per_conversation
        return ordinary + self.phase_share * self.phase_messages


def stated(peak: Assumptions) -> list[tuple[str, str, str]]:
    """What is assumed, its value, and the source or "assumption"."""
    return [
        ("practices", "50, 500 and 5,000", "issue 8: a region, and the country"),
        (
            "people per practice who chat in the peak",
            f"{peak.people_per_practice:g}",
            f"{ASSUMED}; that GPs and assistants both chat: README",
        ),
        (
            "messages per person in the peak hour",
            f"{peak.messages_per_person:g}: {peak.conversations_per_person:g} conversation of "
            f"{peak.messages_per_conversation:g} on average, and {peak.phase_messages:g} about "
            "the phase change (both geometric)",
            ASSUMED,
        ),
        (
            "arrivals",
            f"non-homogeneous Poisson: {1 - peak.burst_share:.0%} of the conversations evenly "
            f"over the hour, {peak.burst_share:.0%} in a burst at 8:00 that dies out with a mean "
            f"of {peak.burst_mean_s / 60:g} minutes",
            f"{ASSUMED}; that the telephone is busiest in the morning is in docs/voorbeelden",
        ),
        (
            "phase change",
            f"at 8:{peak.phase_change_at_s / 60:02.0f}; {peak.phase_share:.0%} of all people ask, "
            f"on average {peak.phase_mean_s / 60:g} minutes later (exponential)",
            "that a phase is decided for a whole region at once, by its crisis teams together: "
            "zuid-limburg-opschaalplan.md; that many GPs do not know a procedure, and so ask: "
            f"utrecht-crisisteam-2022-01-27.md; moment, share and minutes: {ASSUMED}",
        ),
        (
            "think time",
            f"{peak.think_mean_s:g} s on average, at least {peak.think_least_s:g} s "
            "(shifted exponential)",
            "mean: issue 8, its targets; least: bot/limits.py, 20 messages a minute at most",
        ),
        (
            "order in a conversation",
            f"one message at a time; {peak.hasty_share:.0%} of the messages are followed by a "
            f"next one after {peak.hasty_after_s:g} s, answered or not, which then waits its turn",
            f"order: issue 8; share and seconds: {ASSUMED}",
        ),
        (
            "Telegram",
            f"{peak.telegram_share:.0%} of the people, over one bot, which may send "
            f"{peak.telegram_per_s:g} messages per second (leaky bucket that holds as many); the "
            "others are in a browser",
            f"limit: issue 8 (Telegram's own); share: {ASSUMED}",
        ),
        (
            "workers",
            "one core each, all alike, woken at once; they do not slow each other, and neither do "
            "the database and the web server, which have cores of their own",
            ASSUMED,
        ),
        (
            "answer time",
            "from stored in the inbox to handed to the browser or to Telegram; the network is not "
            "in it",
            "choice",
        ),
    ]
