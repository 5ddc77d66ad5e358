"""The report that was just sent: what the next messages may still say about it.

Whether it belongs to a group can be answered for a while; and who does not want to send it after
all, hears that it is sent already.
"""

import re
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from dialogues.flows.parking import QUIET_AFTER
from dialogues.flows.words import folded
from dialogues.reply import Choice, Reply
from dialogues.turn import Turn

# the inputs, with the reference behind them: it was sent already; withdraw it
ALREADY, WITHDRAW = "verstuurd:", "intrekken:"
# where it is kept
SLOT = "sent"
# so many messages after it was sent can be about it
MESSAGES = 3
_REFERENCE = re.compile(r"KP-[0-9]{4}-[0-9]{4,6}")
_SEND = frozenset("versturen verstuur verstuurd sturen stuur opsturen insturen verzenden".split())
# a message that takes back the sending holds no other words
_WORDS_AROUND = frozenset(
    "nee neen oh sorry wacht toch maar liever nog niet even ik wil wou kan je wilt het dit dat hem "
    "die deze de mijn melding doe graag aub svp hoor bij nader inzien naar rho".split()
)
# without the question about a group, "toch maar niet" can only be about the sending
_TAKES_BACK = re.compile(r"(?:nee )?(?:doe )?toch (?:maar )?niet")


@dataclass(frozen=True)
class Sent:
    """A report that was just sent.

    `group` is the number of the group that was asked about, None when nothing is asked (any more).
    `passed` messages came after it. Once another question was put, a bare "ja" is not `bare_yes`:
    only words that name this question answer it.
    """

    reference: str
    at: str
    group: int | None = None
    passed: int = 0
    bare_yes: bool = True


def remember(turn: Turn, reference: str, group: int | None) -> None:
    """A report was sent in this turn; `group` is asked about."""
    turn.slots[SLOT] = asdict(Sent(reference, turn.desk.now().isoformat(), group))


def recall(turn: Turn) -> Sent | None:
    """The report that was just sent, when this message can be about it."""
    kept = turn.memory.slots.get(SLOT)
    # a running flow asks a question of its own
    if not kept or turn.memory.flow is not None:
        return None
    sent = Sent(**kept)
    at = datetime.fromisoformat(sent.at)
    if turn.desk.now() - at > QUIET_AFTER:
        return None
    if sent.bare_yes and _heard_since(turn, at):
        return replace(sent, bare_yes=False)
    return sent


def take(turn: Turn) -> Sent | None:
    """Recall it, and take it out of the memory: `keep` puts it back."""
    sent = recall(turn)
    turn.memory.slots.pop(SLOT, None)
    return sent


def keep(turn: Turn, sent: Sent | None, *, is_answered: bool) -> None:
    """At the end of a turn: the next message can still be about it, unless something else asks."""
    if sent is None or SLOT in turn.slots or turn.flow is not None:
        return
    if sent.passed + 1 >= MESSAGES:
        return
    # a message that was not understood is answered with topics to choose from
    asks = bool(turn.slot("misses")) or any("?" in reply.text for reply in turn.replies)
    turn.memory.slots[SLOT] = asdict(
        replace(
            sent,
            group=None if is_answered else sent.group,
            passed=sent.passed + 1,
            bare_yes=sent.bare_yes and not asks,
        )
    )


def takes_back(sent: Sent, text: str) -> bool:
    """Whether a message says that it should not be sent after all."""
    words = set(re.findall(r"\w+", text.lower()))
    if sent.group is None and sent.passed == 0 and _TAKES_BACK.fullmatch(folded(text)):
        return True
    return "niet" in words and bool(words & _SEND) and words <= _SEND | _WORDS_AROUND


def already_sent(value: str) -> Reply:
    """Say that it is sent, and how to withdraw it."""
    reference = value.removeprefix(ALREADY)
    if not _REFERENCE.fullmatch(reference):
        return Reply(text="Die knop werkt niet meer. Typ je vraag.")
    return Reply(
        text=f"Je melding {reference} is al verstuurd. Wil je dat je regio-organisatie (RHO) er "
        "niets meer mee doet? Trek de melding dan in.",
        choices=(
            Choice(label="Melding intrekken", value=WITHDRAW + reference),
            Choice(label="Status bekijken", value="t:knelpunt/status"),
        ),
        topic="knelpunt/intrekken",
        reference=reference,
    )


def _heard_since(turn: Turn, at: datetime) -> bool:
    """Whether the regional organisation said something since, which may be a question."""
    return any(
        event.at > at and event.actor != "melder" and event.kind in ("reply", "status")
        for report in turn.desk.own()
        for event in report.events
    )
