"""One turn of a conversation: what came in, what is remembered, what goes out."""

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Protocol

from bottlenecks.store.accounts import PracticeMemory
from bottlenecks.store.questions import UnclearDraft
from bottlenecks.store.reports import Draft, ReportView
from dialogues.reply import Incoming, Reply
from dialogues.report_reading import ReportReading
from dialogues.understanding import Understood
from knowledge import Knowledge


class Desk(Protocol):
    """What a conversation may do with the reports of the person in it."""

    def practice(self) -> PracticeMemory:
        """The practice the person gave before."""

    def file(self, draft: Draft, practice: str | None) -> str:
        """File a report, give its reference; `practice` None files it anonymously."""

    def own(self) -> list[ReportView]:
        """The person's own reports, newest first."""

    def add_text(self, reference: str, text: str) -> None:
        """Add screened text to an own open report."""

    def withdraw(self, reference: str) -> None:
        """Withdraw an own open report."""

    def add_feedback(self, topic: str | None, text: str) -> bool:
        """Keep that the answer on `topic` is wrong; `text` is screened. False: not kept here."""

    def keep_unclear(self, question: UnclearDraft) -> int | None:
        """Keep a question that was not understood, or answered wrong; None: not kept here."""

    def chose(self, question_id: int, topic: str) -> None:
        """Keep which topic the person chose after a question that was not understood."""


@dataclass(frozen=True)
class FlowRunState:
    """A running flow with the id under which it is stored (None: not stored yet)."""

    run_id: str | None
    revision: str
    state: Mapping[str, Any]


@dataclass
class Memory:
    """What a conversation carries from one message to the next."""

    conversation_id: str
    slots: dict[str, Any] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    flow: FlowRunState | None = None


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
    new_events: list[dict[str, Any]] = field(default_factory=list)
    flow_outcome: str | None = None
    error: Exception | None = None

    def slot(self, name: str) -> Any:
        """The value of a slot, with the changes of this turn."""
        return self.slots.get(name, self.memory.slots.get(name))

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
