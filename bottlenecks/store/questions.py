"""Questions to learn from: declined, clarified or marked as wrong, without who asked them.

Officers say what such a question asks for: its label, from which the model learns.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast

from sqlalchemy import ColumnElement, CursorResult, delete, func, select
from sqlalchemy.orm import Session

from bottlenecks.models_reports import UnclearQuestion
from bottlenecks.retention import QUESTIONS_KEPT

# days after which a question is no longer shown, and is deleted
KEEP_DAYS = QUESTIONS_KEPT.days

# the label of a question that nothing can be learned from: no topic has such an id
UNUSED = "niet-gebruiken"

Outcome = Literal["declined", "clarified", "wrong"]


@dataclass(frozen=True)
class UnclearDraft:
    """A question about to be kept; `text` is screened.

    Attributes:
        text: what was asked.
        outcome: what happened to it.
        topic: the topic that was answered, None when none was.
        confidence: of the first candidate, 0 to 1.
        candidates: topics with their confidence, best first.
        knowledge_revision: of the knowledge that was answered from.
    """

    text: str
    outcome: Outcome
    topic: str | None
    confidence: float
    candidates: tuple[tuple[str, float], ...]
    knowledge_revision: str


@dataclass(frozen=True)
class UnclearView:
    """A kept question; `chosen` is the topic its asker chose next, if any.

    `label` is what an officer says it asks for: a topic, or `UNUSED`; None: nobody said so yet.
    """

    id: int
    text: str
    outcome: str
    topic: str | None
    confidence: float
    candidates: tuple[tuple[str, float], ...]
    chosen: str | None
    knowledge_revision: str
    created_at: datetime
    label: str | None = None
    labelled_by: str | None = None


@dataclass(frozen=True)
class QuestionPage:
    """Some of the kept questions, and how many there are in all."""

    rows: tuple[UnclearView, ...]
    total: int


class Questions:
    """Reads and writes questions to learn from within one transaction."""

    def __init__(self, session: Session, clock: Callable[[], datetime]) -> None:
        """See `Work`."""
        self._session = session
        self._clock = clock

    def keep(self, question: UnclearDraft) -> int:
        """Keep a question and give its id; deletes the expired ones on the way."""
        self.purge()
        row = UnclearQuestion(
            text=question.text,
            outcome=question.outcome,
            topic=question.topic,
            confidence=question.confidence,
            candidates=[
                {"topic": topic, "confidence": confidence}
                for topic, confidence in question.candidates
            ],
            knowledge_revision=question.knowledge_revision,
            created_at=self._clock(),
        )
        self._session.add(row)
        self._session.flush()
        return row.id

    def chose(self, question_id: int, topic: str) -> None:
        """Keep the topic that was chosen after a question: the first choice counts.

        A question that is unknown or expired is ignored: the choice may come long after it.
        """
        row = self._session.get(UnclearQuestion, question_id)
        if row is None or row.chosen is not None or row.created_at < self._oldest_kept():
            return
        row.chosen = topic
        row.chosen_at = self._clock()
        self._session.flush()

    def export(self) -> list[UnclearView]:
        """All questions that are not expired: the wrong ones first, then the least sure first."""
        return self._views(self._kept(), None, 0)

    def page(self, *, labelled: bool = False, offset: int = 0, limit: int = 25) -> QuestionPage:
        """Questions to label, in the order of `export`; or those that are labelled."""
        label = UnclearQuestion.label
        # not as one comparison: that could use no index
        conditions = [*self._kept(), label.is_not(None) if labelled else label.is_(None)]
        total = self._session.scalar(
            select(func.count()).select_from(UnclearQuestion).where(*conditions)
        )
        return QuestionPage(tuple(self._views(conditions, limit, offset)), total or 0)

    def label(self, question_id: int, label: str | None, *, actor: str, was: str | None) -> bool:
        """Say what a question asks for; None takes the label away.

        False: it is gone, or a colleague labelled it since (it has no longer the label `was`).
        """
        row = self._session.scalar(
            select(UnclearQuestion)
            .where(UnclearQuestion.id == question_id, *self._kept())
            .with_for_update(of=UnclearQuestion)
        )
        if row is None or row.label != was:
            return False
        row.label = label
        row.labelled_by = actor if label else None
        row.labelled_at = self._clock() if label else None
        self._session.flush()
        return True

    def _views(
        self, conditions: list[ColumnElement[bool]], limit: int | None, offset: int
    ) -> list[UnclearView]:
        rows = self._session.scalars(
            select(UnclearQuestion)
            .where(*conditions)
            .order_by(
                # True sorts after False on every database; a sure wrong answer is the worst
                (UnclearQuestion.outcome == "wrong").desc(),
                UnclearQuestion.confidence,
                UnclearQuestion.created_at,
                UnclearQuestion.id,
            )
            .limit(limit)
            .offset(offset)
        )
        return [_view(row) for row in rows]

    def purge(self) -> int:
        """Delete the expired questions; gives how many there were."""
        deleted = self._session.execute(
            delete(UnclearQuestion).where(UnclearQuestion.created_at < self._oldest_kept())
        )
        return cast(CursorResult[Any], deleted).rowcount

    def _kept(self) -> list[ColumnElement[bool]]:
        return [UnclearQuestion.created_at >= self._oldest_kept()]

    def _oldest_kept(self) -> datetime:
        return self._clock() - QUESTIONS_KEPT


def _view(row: UnclearQuestion) -> UnclearView:
    return UnclearView(
        row.id,
        row.text,
        row.outcome,
        row.topic,
        row.confidence,
        tuple((entry["topic"], entry["confidence"]) for entry in row.candidates),
        row.chosen,
        row.knowledge_revision,
        row.created_at,
        row.label,
        row.labelled_by,
    )
