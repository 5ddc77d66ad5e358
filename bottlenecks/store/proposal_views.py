"""Proposals as officers see them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bottlenecks.models_content import Proposal
from bottlenecks.proposals import ProposalStatus


@dataclass(frozen=True)
class ProposalView:
    """A proposal as an officer sees it; see `bottlenecks.models_content.Proposal`."""

    id: str
    topic: str
    region: str | None
    data: Mapping[str, Any] | None = field(compare=False)
    base: Mapping[str, Any] | None = field(compare=False)
    reason: str | None
    status: ProposalStatus
    source_id: str | None
    proposed_by: str | None
    proposed_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    decision: str | None
    version: int


def view_of(row: Proposal) -> ProposalView:
    """A row as an officer sees it."""
    return ProposalView(
        id=row.id,
        topic=row.topic,
        region=row.region,
        data=row.data,
        base=row.base,
        reason=row.reason,
        status=ProposalStatus(row.status),
        source_id=row.source_id,
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        decision=row.decision,
        version=row.version,
    )
