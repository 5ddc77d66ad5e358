"""The tables of what people tell: reports, feedback on answers, questions to learn from."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from bottlenecks.models import ID, Base

# what figures and signals are counted from, the moment first
FIGURES = (
    "created_at",
    "region",
    "category",
    "severity",
    "practice_id",
    "group_id",
    "first_answer_at",
    "solved_at",
    "status",
    "serial",
)

# columns by which the inbox is filtered, each with an index of its own
FILTERED = (
    "region",
    "category",
    "severity",
    "owner_id",
    "practice_id",
    "topic",
    "answer_wanted",
    "has_reaction",
    "due_at",
)
# what else stands in one of those: an officer has many, and looks at them by deadline
ALSO = {"owner_id": ("due_at", "serial")}
# how grave a report is, as a number to sort by; the text of the index and of queries is the same,
# because SQLite uses an index of an expression for that very expression alone
GRAVITY = "(CASE severity WHEN 'hoog' THEN 0 WHEN 'midden' THEN 1 ELSE 2 END)"


class Report(Base):
    """A reported bottleneck.

    `serial` is year and number in one integer, by which the full-text index knows it. `due_at` is
    the deadline for the regional organisation; None when it is closed. `has_reaction`: its reporter
    said something that was not answered yet. `version` grows with every change on the desk, so
    that two officers do not overwrite each other. `search_text` is what full-text search looks in.
    `topic` is the topic whose answer was unclear or missing. `first_answer_at` and `solved_at` are
    for figures; opened again, it is not solved. `is_example` marks made-up reports of a demo.
    """

    __tablename__ = "report"
    __table_args__ = (
        UniqueConstraint("year", "number"),
        Index("ix_report_serial", "serial", unique=True),
        # as the inbox sorts, with the state, so that a list of some states reads no other reports;
        # what has a deadline first, the earliest on top
        Index(
            "ix_report_deadline",
            text("(due_at IS NULL)"),
            "due_at",
            text("serial DESC"),
            "status",
            "created_at",
        ),
        Index("ix_report_created_at", "created_at"),
        Index("ix_report_updated_at_serial", "updated_at", "serial", "status"),
        Index("ix_report_gravity", text(GRAVITY), text("serial DESC"), "status", "severity"),
        # one for each filter of the inbox, with the state that its tabs count by
        Index("ix_report_status_due_at", "status", "due_at"),
        *(
            Index(f"ix_report_{name}_status", name, "status", *ALSO.get(name, ()))
            for name in FILTERED
        ),
        # what is counted of groups, and of what is searched for
        Index("ix_report_group_counts", "group_id", "practice_id", "created_at", "region"),
        Index("ix_report_serial_status", "serial", "status"),
        # all that is counted: so figures read no texts
        Index("ix_report_figures", *FIGURES),
    )

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    year: Mapped[int]
    number: Mapped[int]
    serial: Mapped[int] = mapped_column(BigInteger)
    reference: Mapped[str] = mapped_column(String(16), unique=True)
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"), index=True)
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    practice_id: Mapped[str | None] = mapped_column(ForeignKey("practice.id"))
    category: Mapped[str] = mapped_column(String(32))
    region: Mapped[str | None] = mapped_column(String(32))
    region_other: Mapped[str | None] = mapped_column(String(100))
    description: Mapped[str] = mapped_column(Text)
    tried: Mapped[str | None] = mapped_column(Text)
    severity: Mapped[str] = mapped_column(String(8))
    answer_wanted: Mapped[bool]
    status: Mapped[str] = mapped_column(String(24))
    forwarded_to: Mapped[str | None] = mapped_column(String(16))
    owner_id: Mapped[str | None] = mapped_column(ForeignKey("desk_user.id"))
    due_at: Mapped[datetime | None]
    group_id: Mapped[str | None] = mapped_column(ForeignKey("report_group.id"))
    topic: Mapped[str | None] = mapped_column(String(60))
    first_answer_at: Mapped[datetime | None]
    solved_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    has_reaction: Mapped[bool] = mapped_column(default=False)
    search_text: Mapped[str] = mapped_column(Text, default="")
    is_example: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class ReportEvent(Base):
    """One thing that happened to a report: who, what and when.

    A correction has the `field` with its old and new value (`value_from`, `value_to`); what was
    sent to the reporter has the `outbox_id` that tells whether it arrived.
    """

    __tablename__ = "report_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[str] = mapped_column(ForeignKey("report.id"), index=True)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(16))
    status_from: Mapped[str | None] = mapped_column(String(24))
    status_to: Mapped[str | None] = mapped_column(String(24))
    field: Mapped[str | None] = mapped_column(String(16))
    value_from: Mapped[str | None] = mapped_column(String(100))
    value_to: Mapped[str | None] = mapped_column(String(100))
    outbox_id: Mapped[int | None] = mapped_column(ForeignKey("outbox.id"))
    text: Mapped[str | None] = mapped_column(Text)


class Feedback(Base):
    """Someone said that an answer is wrong; `topic` is the topic of that answer.

    `handled_at` is when an officer was done with it.
    """

    __tablename__ = "feedback"
    # what is open, and what was handled last
    __table_args__ = (
        Index("ix_feedback_handled_at_topic", "handled_at", "topic"),
        Index("ix_feedback_person_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    topic: Mapped[str | None] = mapped_column(String(60), index=True)
    text: Mapped[str] = mapped_column(Text)
    knowledge_revision: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime]
    handled_by: Mapped[str | None] = mapped_column(ForeignKey("desk_user.id"))
    handled_at: Mapped[datetime | None]


class UnclearQuestion(Base):
    """A question the assistant was unsure of or wrong about, kept to learn from.

    It has no person, account or conversation: it must not be traceable to anyone. `label` is the
    topic that an officer says it asks for, as in `nlu.learning`.
    """

    __tablename__ = "unclear_question"
    # without it SQLite gives the id of a deleted question to a new one, and a late choice would
    # be kept with someone else's question
    __table_args__ = (
        Index("ix_unclear_question_label_created_at", "label", "created_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str] = mapped_column(String(16))
    topic: Mapped[str | None] = mapped_column(String(60))
    confidence: Mapped[float]
    candidates: Mapped[list[dict[str, Any]]]
    chosen: Mapped[str | None] = mapped_column(String(60))
    knowledge_revision: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime] = mapped_column(index=True)
    chosen_at: Mapped[datetime | None]
    label: Mapped[str | None] = mapped_column(String(60))
    labelled_by: Mapped[str | None] = mapped_column(ForeignKey("desk_user.id"))
    labelled_at: Mapped[datetime | None]
