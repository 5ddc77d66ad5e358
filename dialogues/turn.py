"""One turn of a conversation: what came in, what is remembered, what goes out."""

from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from bottlenecks.retention import Period
from bottlenecks.store.accounts import PracticeMemory, Profile
from bottlenecks.store.flows import FlowView
from bottlenecks.store.group_views import GroupRow
from bottlenecks.store.my_data import OwnData
from bottlenecks.store.questions import UnclearDraft
from bottlenecks.store.reports import Draft, ReportView
from bottlenecks.store.topics import Asked
from dialogues.regional import RegionalFacts
from dialogues.reply import Incoming, Reply
from dialogues.report_reading import ReportReading
from dialogues.understanding import Understood
from knowledge import Knowledge


@dataclass(frozen=True)
class Redeemed:
    """What a typed code led to.

    `flow` was joined; or another channel was `linked`, or is linked once that is confirmed
    (`asks`); or the code was one's `own`. None of these: the flow is over.
    """

    flow: FlowView | None = None
    linked: bool = False
    asks: bool = False
    own: bool = False


class FlowDesk(Protocol):
    """What a conversation may do with the flows of the person in it."""

    def start(self, flow_id: str, revision: str, state: Mapping[str, Any]) -> FlowView:
        """Begin a flow here; one that is active here is put aside."""

    def save(self, run_id: str, state: Mapping[str, Any], revision: str) -> None:
        """Keep the state of a flow."""

    def put_aside(self, run_id: str) -> None:
        """Walk it nowhere for now."""

    def take_up(self, run_id: str) -> FlowView | None:
        """Walk it here; None: it is not theirs, or over."""

    def end(self, run_id: str, outcome: str) -> None:
        """End it, for all who take part: `done` or `stopped`."""

    def leave(self, run_id: str) -> None:
        """Take part no longer."""

    def unfinished(self) -> list[FlowView]:
        """What can be taken up here, latest first; not what is active here."""

    def hand_over(self, run_id: str) -> str:
        """A code with which a colleague takes part."""

    def link(self) -> str:
        """A code with which another channel proves to be of the same person."""

    def redeem(self, code: str, *, confirmed: bool = False) -> Redeemed | None:
        """Use a code; linking has to be `confirmed`. None: unknown, used or expired."""


class Desk(Protocol):
    """What a conversation may do with the reports and flows of the person in it."""

    @property
    def flows(self) -> FlowDesk:
        """The person's flows."""

    def now(self) -> datetime:
        """The moment of this turn, UTC."""

    def profile(self) -> Profile:
        """Where the person works and as what."""

    def remember_profile(self, profile: Profile) -> bool:
        """Keep it as it is now. False: not kept here."""

    def regional(self) -> RegionalFacts:
        """What regional officers filled in."""

    def practice(self) -> PracticeMemory:
        """The practice the person gave before."""

    def file(self, draft: Draft, practice: str | None) -> str:
        """File a report, give its reference; `practice` None files it anonymously."""

    def own(self) -> list[ReportView]:
        """The person's own reports, newest first."""

    def similar_group(self, reference: str) -> GroupRow | None:
        """The open group that an own report surely seems to belong to."""

    def join(self, reference: str, number: int) -> str | None:
        """Add an own report to an open group; gives that group's latest answer, if that is new.

        Raises:
            LookupError: that cannot be done (any more).
        """

    def leave_group(self, reference: str, number: int) -> None:
        """Take an own report out of a group.

        Raises:
            LookupError: it is not theirs, or not in it (any more).
        """

    def keep_apart(self, reference: str, number: int) -> None:
        """Keep that an own report does not belong to a group.

        Raises:
            LookupError: there is no such report or group.
        """

    def add_text(self, reference: str, text: str) -> None:
        """Add screened text to an own open report."""

    def withdraw(self, reference: str) -> None:
        """Withdraw an own open report."""

    def reopen(self, reference: str, text: str) -> None:
        """Open an own closed report again; `text` is screened."""

    def add_feedback(self, topic: str | None, text: str) -> bool:
        """Keep that the answer on `topic` is wrong; `text` is screened. False: not kept here."""

    def keep_unclear(self, question: UnclearDraft) -> int | None:
        """Keep a question that was not understood, or answered wrong; None: not kept here."""

    def chose(self, question_id: int, topic: str) -> None:
        """Keep which topic the person chose after a question that was not understood."""

    def count(self, asked: Sequence[tuple[str, Asked]]) -> None:
        """Count the topics that a message asked about, and what became of it."""

    def periods(self) -> Sequence[Period]:
        """How long each kind of data is kept."""

    def own_data(self) -> OwnData | None:
        """What is kept about the person; None: nothing is kept here."""

    def erase_all(self) -> None:
        """Erase what is kept about the person, when this turn is over."""

    def seal(self, text: str) -> str:
        """A text in a form that only `unseal` can read."""

    def unseal(self, sealed: str) -> str:
        """The text that was sealed."""

    def take_out(self, piece: str, *, part_of_word: bool = False) -> None:
        """Take a piece out of all that is kept of what was said in the person's conversations."""


@dataclass
class Memory:
    """What a conversation carries from one message to the next."""

    conversation_id: str
    slots: dict[str, Any] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    flow: FlowView | None = None


@dataclass
class Turn:
    """The turn at hand; actions read it and write replies, slots and the flow into it."""

    incoming: Incoming
    memory: Memory
    knowledge: Knowledge
    desk: Desk
    new_id: Callable[[], str]
    read_report: Callable[[str], ReportReading]
    understood: Understood = Understood("", 0.0)
    slots: dict[str, Any] = field(default_factory=dict)
    replies: list[Reply] = field(default_factory=list)
    counted: list[tuple[str, Asked]] = field(default_factory=list)
    new_events: list[dict[str, Any]] = field(default_factory=list)
    # pieces that stand in what was typed, and of which nothing may be kept
    unkept: list[str] = field(default_factory=list)
    error: Exception | None = None

    def slot(self, name: str) -> Any:
        """The value of a slot, with the changes of this turn."""
        return self.slots.get(name, self.memory.slots.get(name))

    @property
    def flow(self) -> FlowView | None:
        """The flow that is walked in this conversation."""
        return self.memory.flow

    def take_up(self, flow: FlowView | None) -> None:
        """From now on this flow is walked here; None: no flow."""
        self.memory.flow = flow
        self.slots["flow"] = flow.flow_id if flow else None

    @property
    def region(self) -> str | None:
        """The id of the region that this is about: named in the conversation, or the person's."""
        named = self.slot("region")
        if named:
            return str(named["region"]) if named["region"] else None
        return self.desk.profile().region

    def say(self, *replies: Reply) -> None:
        """Add replies."""
        self.replies.extend(replies)


_current: ContextVar[Turn] = ContextVar("turn")


def current_turn() -> Turn:
    """The turn that is being handled.

    Raises:
        LookupError: no turn is being handled.
    """
    return _current.get()


def enter_turn(turn: Turn) -> Callable[[], None]:
    """Make `turn` the current one; call the result to leave it."""
    token = _current.set(turn)
    return lambda: _current.reset(token)
