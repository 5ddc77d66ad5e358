"""The tables of what reports say together: groups, signals, and what people ask about."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bottlenecks.models import ID, Base


class ReportGroup(Base):
    """Reports about the same bottleneck, brought together by people; `number` is how it is called.

    `status` is a state of `bottlenecks.workflow`; `version` grows with every change.
    """

    __tablename__ = "report_group"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    title: Mapped[str] = mapped_column(String(120))
    status: Mapped[str] = mapped_column(String(24), index=True)
    forwarded_to: Mapped[str | None] = mapped_column(String(16))
    owner_id: Mapped[str | None] = mapped_column(ForeignKey("desk_user.id"))
    version: Mapped[int] = mapped_column(default=1)
    is_example: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class GroupEvent(Base):
    """One thing that happened to a group; `report_id` is the report that joined or left it.

    `actor` is an officer's id, or "melder" for a reporter who said that theirs belongs to it.
    """

    __tablename__ = "group_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[str] = mapped_column(ForeignKey("report_group.id"), index=True)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(16))
    report_id: Mapped[str | None] = mapped_column(ForeignKey("report.id"))
    status_from: Mapped[str | None] = mapped_column(String(24))
    status_to: Mapped[str | None] = mapped_column(String(24))
    text: Mapped[str | None] = mapped_column(Text)


class GroupRefusal(Base):
    """Someone decided that a report does not belong to a group; it is not suggested again."""

    __tablename__ = "group_refusal"
    __table_args__ = (UniqueConstraint("group_id", "report_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[str] = mapped_column(ForeignKey("report_group.id"))
    report_id: Mapped[str] = mapped_column(ForeignKey("report.id"), index=True)
    actor: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class TopicCount(Base):
    """How often a topic was asked about in a week; of nobody, nowhere.

    `week` is its Monday (Dutch time); `outcome` is answered, clarified or declined; what was
    declined has the topic that came nearest.
    """

    __tablename__ = "topic_count"

    week: Mapped[date] = mapped_column(primary_key=True)
    topic: Mapped[str] = mapped_column(String(60), primary_key=True)
    outcome: Mapped[str] = mapped_column(String(16), primary_key=True)
    number: Mapped[int]


class SignalRule(Base):
    """When to warn whom; `condition` is a `bottlenecks.signals.Condition` as plain data.

    `recipients` are ids of desk users; they see it at the desk, and get it by the ways switched on.
    """

    __tablename__ = "signal_rule"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    condition: Mapped[dict[str, Any]]
    recipients: Mapped[list[str]] = mapped_column(default=list)
    by_mail: Mapped[bool] = mapped_column(default=False)
    by_telegram: Mapped[bool] = mapped_column(default=False)
    is_active: Mapped[bool] = mapped_column(default=True)
    is_example: Mapped[bool] = mapped_column(default=False)
    created_by: Mapped[str] = mapped_column(ForeignKey("desk_user.id"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class Signal(Base):
    """A rule that came true in a region (None: wherever); open until it is true no longer.

    `condition` is the rule's as it was. `reports` is how many reports made it true when it was last
    told, `last_serial` the latest of them.
    """

    __tablename__ = "signal"
    __table_args__ = (Index("ix_signal_rule_id_ended_at", "rule_id", "ended_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    rule_id: Mapped[str] = mapped_column(ForeignKey("signal_rule.id"))
    condition: Mapped[dict[str, Any]]
    region: Mapped[str | None] = mapped_column(String(32))
    reports: Mapped[int]
    last_serial: Mapped[int] = mapped_column(BigInteger)
    began_at: Mapped[datetime]
    told_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]


class SignalReading(Base):
    """Who saw a signal at the desk, and when."""

    __tablename__ = "signal_reading"

    signal_id: Mapped[int] = mapped_column(ForeignKey("signal.id"), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("desk_user.id"), primary_key=True)
    at: Mapped[datetime]


class MeetingReport(Base):
    """A report for a meeting as it is being written; its figures are counted when it is made.

    `regions` empty: all. `groups` are numbers of groups, `quotes` have a `reference` and a `text`.
    Texts are screened; `version` grows with every change.
    """

    __tablename__ = "meeting_report"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    title: Mapped[str] = mapped_column(String(120))
    audience: Mapped[str] = mapped_column(String(120))
    sender: Mapped[str] = mapped_column(String(120))
    since: Mapped[date]
    until: Mapped[date]
    regions: Mapped[list[str]]
    groups: Mapped[list[int]] = mapped_column(JSON)
    quotes: Mapped[list[dict[str, Any]]]
    introduction: Mapped[str] = mapped_column(Text)
    request: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=1)
    created_by: Mapped[str] = mapped_column(ForeignKey("desk_user.id"))
    created_at: Mapped[datetime]
    updated_by: Mapped[str] = mapped_column(ForeignKey("desk_user.id"))
    updated_at: Mapped[datetime] = mapped_column(index=True)
