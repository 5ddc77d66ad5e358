"""The tables of content that the region keeps true: proposals, own sources, and who looked."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bottlenecks.models import ID, Base


class ContentSource(Base):
    """A source document that is not in the files of knowledge/: a region's own plan.

    The fields are those of `knowledge.model.Source`; `id` is how topics name it. `passages` is the
    text that was read, in pieces, each with where it stands and the topics it was matched to;
    `notes` tell what could not be read. `digest` knows the same file again.
    """

    __tablename__ = "content_source"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    region: Mapped[str] = mapped_column(String(32), index=True)
    title: Mapped[str] = mapped_column(String(200))
    publisher: Mapped[str] = mapped_column(String(200))
    date: Mapped[str | None] = mapped_column(String(60))
    file: Mapped[str] = mapped_column(String(200))
    contacts: Mapped[list[str]]
    passages: Mapped[list[dict[str, Any]]]
    notes: Mapped[list[str]]
    digest: Mapped[str] = mapped_column(String(64))
    created_by: Mapped[str | None] = mapped_column(ForeignKey("desk_user.id"))
    created_at: Mapped[datetime]


class Proposal(Base):
    """Another text for a topic, by one officer; live once another one approved it.

    `region` None: for everyone; else only for who works there. `data` is the topic as in the YAML
    files; None: back to what the files say. The one of a topic and region that is approved is live.
    `proposed_by` None: drafted from a plan, by nobody yet. `base` is what it was written against:
    under "geldt" what was told then, under "bestand" what the files said.
    """

    __tablename__ = "proposal"
    __table_args__ = (
        Index("ix_proposal_topic_region", "topic", "region"),
        Index("ix_proposal_status_id", "status", "id"),
    )

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    topic: Mapped[str] = mapped_column(String(60))
    region: Mapped[str | None] = mapped_column(String(32))
    data: Mapped[dict[str, Any] | None]
    base: Mapped[dict[str, Any] | None]
    reason: Mapped[str | None] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(16))
    source_id: Mapped[str | None] = mapped_column(ForeignKey("content_source.id"))
    proposed_by: Mapped[str | None] = mapped_column(ForeignKey("desk_user.id"))
    proposed_at: Mapped[datetime]
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("desk_user.id"))
    decided_at: Mapped[datetime | None] = mapped_column(index=True)
    decision: Mapped[str | None] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=1)


class TopicReview(Base):
    """Someone read a topic and found it true; the latest of a topic and region counts."""

    __tablename__ = "topic_review"
    __table_args__ = (Index("ix_topic_review_topic", "topic", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    topic: Mapped[str] = mapped_column(String(60))
    region: Mapped[str | None] = mapped_column(String(32))
    by: Mapped[str] = mapped_column(ForeignKey("desk_user.id"))
    at: Mapped[datetime]
