"""Rules that warn officers: when, whom, and how."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from bottlenecks.models_insight import Signal, SignalRule
from bottlenecks.roles import Scope
from bottlenecks.signals import Condition
from bottlenecks.store.report_desk import ChangedMeanwhileError
from bottlenecks.store.repository import Repository


@dataclass(frozen=True)
class RuleDraft:
    """A rule as it is to be; `recipients` are ids of officers, the name is screened."""

    name: str
    condition: Condition
    recipients: tuple[str, ...] = ()
    by_mail: bool = False
    by_telegram: bool = False
    is_active: bool = True


@dataclass(frozen=True)
class RuleView(RuleDraft):
    """A rule as it is; `updated_at` tells whether someone changed it meanwhile."""

    id: str = ""
    is_example: bool = False
    created_by: str = ""
    updated_at: datetime = datetime.min


class SignalRules(Repository):
    """Reads and writes rules within one transaction."""

    def add_rule(self, draft: RuleDraft, *, created_by: str, is_example: bool = False) -> str:
        """Make a rule and give its id."""
        now = self._clock()
        row = SignalRule(
            id=self._new_id(),
            is_example=is_example,
            created_by=created_by,
            created_at=now,
            updated_at=now,
            **_columns(draft),
        )
        self._session.add(row)
        self._session.flush()
        return row.id

    def change_rule(self, rule_id: str, draft: RuleDraft, *, updated_at: datetime) -> None:
        """Change a rule. When it counts something else, or is switched off, its signals end.

        Args:
            rule_id: which one.
            draft: what it is to be.
            updated_at: the rule's when the officer looked.

        Raises:
            LookupError: there is no such rule.
            ChangedMeanwhileError: someone else changed it.
        """
        row = self._locked(rule_id)
        if row is None:
            raise LookupError(rule_id)
        if row.updated_at != updated_at:
            raise ChangedMeanwhileError
        if not draft.is_active or Condition.model_validate(row.condition) != draft.condition:
            self._session.execute(
                update(Signal)
                .where(Signal.rule_id == rule_id, Signal.ended_at.is_(None))
                .values(ended_at=self._clock())
            )
        for name, value in _columns(draft).items():
            setattr(row, name, value)
        # two changes within one tick of the clock still differ
        row.updated_at = max(self._clock(), row.updated_at + timedelta(microseconds=1))
        self._session.flush()

    def rule(self, rule_id: str, scope: Scope) -> RuleView | None:
        """A rule, if it concerns what `scope` sees."""
        row = self._session.get(SignalRule, rule_id)
        view = rule_view(row) if row is not None else None
        return view if view is not None and view.condition.concerns(scope) else None

    def rules(self, scope: Scope) -> list[RuleView]:
        """The rules that concern what `scope` sees, by name."""
        rows = self._session.scalars(select(SignalRule).order_by(SignalRule.name, SignalRule.id))
        views = [rule_view(row) for row in rows]
        return [view for view in views if view.condition.concerns(scope)]

    def active_rules(self) -> list[str]:
        """The ids of the rules that are switched on."""
        query = select(SignalRule.id).where(SignalRule.is_active.is_(True))
        return list(self._session.scalars(query.order_by(SignalRule.id)))

    def _locked(self, rule_id: str) -> SignalRule | None:
        """A rule that no other transaction changes or looks at meanwhile."""
        return self._session.scalar(
            select(SignalRule).where(SignalRule.id == rule_id).with_for_update()
        )


def rule_view(row: SignalRule) -> RuleView:
    """A row as it is given out."""
    return RuleView(
        row.name,
        Condition.model_validate(row.condition),
        tuple(row.recipients),
        row.by_mail,
        row.by_telegram,
        row.is_active,
        row.id,
        row.is_example,
        row.created_by,
        row.updated_at,
    )


def _columns(draft: RuleDraft) -> dict[str, Any]:
    return {
        "name": draft.name,
        "condition": draft.condition.model_dump(mode="json"),
        "recipients": list(draft.recipients),
        "by_mail": draft.by_mail,
        "by_telegram": draft.by_telegram,
        "is_active": draft.is_active,
    }
