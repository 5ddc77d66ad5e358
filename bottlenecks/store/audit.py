"""The audit log: who read, exported or changed what at the desk. Holds no texts of reports."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from bottlenecks.models_desk import AuditEntry
from bottlenecks.roles import EVERYWHERE, Scope
from bottlenecks.store.audit_regions import BESIDE, of_regions
from bottlenecks.store.repository import Repository


@dataclass(frozen=True)
class AuditView:
    """One line of the log; `actor` is an account's id, or `api:` and the name of a client."""

    id: int
    at: datetime
    actor: str
    action: str
    subject: str
    detail: Mapping[str, Any]


class Audit(Repository):
    """Writes and reads the log within one transaction."""

    def add(self, actor: str, action: str, subject: str, **detail: Any) -> None:
        """Keep that `actor` did `action` ("melding-gelezen") with `subject` ("KP-2026-0001")."""
        self._session.add(
            AuditEntry(
                at=self._clock(), actor=actor, action=action, subject=subject[:100], detail=detail
            )
        )

    def latest(
        self,
        limit: int = 100,
        *,
        before_id: int | None = None,
        actor: str | None = None,
        action: str | None = None,
        scope: Scope = EVERYWHERE,
    ) -> list[AuditView]:
        """Lines, newest first, older than `before_id` when given; only what is of `scope`."""
        query = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(limit)
        if before_id is not None:
            query = query.where(AuditEntry.id < before_id)
        if actor:
            query = query.where(AuditEntry.actor == actor)
        if action:
            query = query.where(AuditEntry.action == action)
        hidden = frozenset[str]()
        if not scope.all_regions:
            query, hidden = query.where(of_regions(self._session, scope)), BESIDE
        return [
            AuditView(
                row.id,
                row.at,
                row.actor,
                row.action,
                row.subject,
                {name: value for name, value in row.detail.items() if name not in hidden},
            )
            for row in self._session.scalars(query)
        ]
