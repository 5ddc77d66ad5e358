"""Reports for a meeting as they are being written: what officers chose and typed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from sqlalchemy import ColumnElement, exists, select

from bottlenecks.models import Practice
from bottlenecks.models_desk import DeskUser
from bottlenecks.models_insight import MeetingReport
from bottlenecks.models_reports import Report
from bottlenecks.roles import Scope
from bottlenecks.store.report_desk import ChangedMeanwhileError
from bottlenecks.store.report_search import ReportRow, listed, report_row, visible
from bottlenecks.store.repository import Repository
from bottlenecks.workflow import Status


@dataclass(frozen=True)
class Quote:
    """What an officer took from a report, and perhaps shortened; screened."""

    reference: str
    text: str


@dataclass(frozen=True)
class MeetingDraft:
    """What an officer chose and typed; texts are screened.

    Both days are included. No regions: all. `groups` are numbers. `request` is what is asked of
    those who meet.
    """

    title: str
    audience: str
    sender: str
    since: date
    until: date
    regions: tuple[str, ...] = ()
    groups: tuple[int, ...] = ()
    quotes: tuple[Quote, ...] = ()
    introduction: str = ""
    request: str = ""

    @property
    def before(self) -> tuple[date, date]:
        """The first and the last of as many days, right before these."""
        last = self.since - timedelta(days=1)
        return last - (self.until - self.since), last

    def scope(self, scope: Scope) -> Scope:
        """What the report is about, for who sees `scope`."""
        return Scope(regions=frozenset(self.regions)) if self.regions else scope


@dataclass(frozen=True)
class MeetingView:
    """A draft as it is kept. Moments are UTC; people are ids of officers."""

    id: str
    draft: MeetingDraft
    version: int
    created_by: str
    created_at: datetime
    updated_by: str
    updated_at: datetime


class MeetingReports(Repository):
    """Reads and writes drafts within one transaction.

    Only who sees all regions of a draft, and all reports that are quoted in it, sees the draft.
    """

    def add(self, draft: MeetingDraft, *, actor: str) -> str:
        """Keep a new draft and give its id."""
        now = self._clock()
        row = MeetingReport(
            id=self._new_id(),
            version=1,
            created_by=actor,
            created_at=now,
            updated_by=actor,
            updated_at=now,
            **_columns(draft),
        )
        self._session.add(row)
        self._session.flush()
        return row.id

    def get(self, draft_id: str, scope: Scope) -> MeetingView | None:
        """The draft with this id; None: it is not there, or not to be seen."""
        row = self._session.get(MeetingReport, draft_id)
        return _view(row) if row is not None and self._sees(scope, [row]) else None

    def latest(self, scope: Scope, *, limit: int = 30) -> list[MeetingView]:
        """Drafts, changed last first."""
        rows = self._session.scalars(
            select(MeetingReport).order_by(MeetingReport.updated_at.desc(), MeetingReport.id)
        ).all()
        return [_view(row) for row in self._sees(scope, rows)[:limit]]

    def change(
        self, draft_id: str, scope: Scope, draft: MeetingDraft, *, actor: str, version: int
    ) -> None:
        """Keep what a draft has become.

        Raises:
            LookupError: it is not there, or not to be seen.
            ChangedMeanwhileError: it is not of this `version` any more.
        """
        row = self._locked(draft_id, scope)
        if row.version != version:
            raise ChangedMeanwhileError(draft_id)
        for name, value in _columns(draft).items():
            setattr(row, name, value)
        self._changed(row, actor)

    def quote(self, draft_id: str, scope: Scope, quote: Quote, *, actor: str) -> bool:
        """Add a quote to a draft; False when it has one of that report.

        Raises:
            LookupError: the draft is not there, or not to be seen.
        """
        row = self._locked(draft_id, scope)
        draft = _view(row).draft
        if any(one.reference == quote.reference for one in draft.quotes):
            return False
        row.quotes = _columns(replace(draft, quotes=(*draft.quotes, quote)))["quotes"]
        self._changed(row, actor)
        return True

    def remove(self, draft_id: str, scope: Scope) -> None:
        """Throw a draft away.

        Raises:
            LookupError: it is not there, or not to be seen.
        """
        self._session.delete(self._locked(draft_id, scope))
        self._session.flush()

    def quotable(
        self, references: Collection[str], draft: MeetingDraft, scope: Scope, zone: tzinfo
    ) -> dict[str, ReportRow]:
        """Which of these reports a draft may quote: of its period and regions, not withdrawn."""
        if not references:
            return {}
        query = (
            select(Report, Practice.name)
            .outerjoin(Practice, Practice.id == Report.practice_id)
            .where(
                Report.reference.in_(references),
                Report.status != Status.WITHDRAWN.value,
                *_within(draft, scope, zone),
            )
        )
        rows = (report_row(*found) for found in self._session.execute(query))
        return {row.reference: row for row in rows}

    def has_examples(self, draft: MeetingDraft, scope: Scope, zone: tzinfo) -> bool:
        """Whether made-up reports are counted in it."""
        # they come together with made-up officers, and those are few to look through
        if not self._session.scalar(select(exists().where(DeskUser.is_example.is_(True)))):
            return False
        query = exists().where(Report.is_example.is_(True), *_within(draft, scope, zone))
        return bool(self._session.scalar(select(query)))

    def practice_names(self) -> list[str]:
        """How practices are called, all of them."""
        return list(self._session.scalars(select(Practice.name)))

    def _locked(self, draft_id: str, scope: Scope) -> MeetingReport:
        row = self._session.get(MeetingReport, draft_id, with_for_update=True)
        if row is None or not self._sees(scope, [row]):
            raise LookupError(draft_id)
        return row

    def _changed(self, row: MeetingReport, actor: str) -> None:
        row.version += 1
        row.updated_by = actor
        row.updated_at = self._clock()
        self._session.flush()

    def _sees(self, scope: Scope, rows: Sequence[MeetingReport]) -> list[MeetingReport]:
        if scope.all_regions:
            return list(rows)
        near = [row for row in rows if row.regions and scope.regions.issuperset(row.regions)]
        quoted = {one["reference"] for row in near for one in row.quotes}
        seen = set(
            self._session.scalars(
                select(Report.reference).where(Report.reference.in_(quoted), visible(scope))
            )
        )
        return [row for row in near if seen.issuperset(one["reference"] for one in row.quotes)]


def _within(draft: MeetingDraft, scope: Scope, zone: tzinfo) -> list[ColumnElement[bool]]:
    after = draft.until + timedelta(days=1)
    return [
        visible(scope),
        *listed((), (), draft.regions, ()),
        Report.created_at >= datetime.combine(draft.since, time(), zone),
        Report.created_at < datetime.combine(after, time(), zone),
    ]


def _columns(draft: MeetingDraft) -> dict[str, Any]:
    return {
        "title": draft.title,
        "audience": draft.audience,
        "sender": draft.sender,
        "since": draft.since,
        "until": draft.until,
        "regions": list(draft.regions),
        "groups": list(draft.groups),
        "quotes": [{"reference": one.reference, "text": one.text} for one in draft.quotes],
        "introduction": draft.introduction,
        "request": draft.request,
    }


def _view(row: MeetingReport) -> MeetingView:
    draft = MeetingDraft(
        row.title,
        row.audience,
        row.sender,
        row.since,
        row.until,
        tuple(row.regions),
        tuple(row.groups),
        tuple(Quote(one["reference"], one["text"]) for one in row.quotes),
        row.introduction,
        row.request,
    )
    return MeetingView(
        row.id,
        draft,
        row.version,
        row.created_by,
        row.created_at,
        row.updated_by,
        row.updated_at,
    )
