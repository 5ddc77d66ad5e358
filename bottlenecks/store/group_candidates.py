"""Reports that may be like another: found by their rarest words, or recent ones of the same kind.

Comparing a report with all others takes too long; the database's own full-text search narrows it
down. Words that are everywhere say nothing, so each is looked up in the latest reports only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, TextClause, or_, select, text

from bottlenecks.likeness import Described
from bottlenecks.models_reports import Report
from bottlenecks.roles import Scope
from bottlenecks.store.postgresql import is_postgresql
from bottlenecks.store.report_search import visible
from bottlenecks.store.repository import Repository
from bottlenecks.workflow import OPEN, Status

CLOSED_DAYS = 180
# reports looked at per word, read per batch, and compared in all
LATEST_PER_WORD = 400
BATCH = 400
BATCHES = 4
COMPARED = 160
# of the same category: how many are compared whatever their words
RECENT = 40
WEIGHT_OF_CATEGORY = 4.0
# on PostgreSQL: how often a word is used is seen from the latest reports. A frequent one is then
# looked for by going back through them, as far as it takes at that rate; a rare one by the index
PROBED = 1_000
WALKED = 20_000
FREQUENT = LATEST_PER_WORD * PROBED // WALKED

_SQLITE = text(
    "SELECT rowid FROM report_search WHERE report_search MATCH :words "
    "ORDER BY rowid DESC LIMIT :latest"
)
# the inner limit keeps PostgreSQL from guessing how common the word is; it stops when it has enough
_AMONG_LATEST = text(
    "SELECT serial FROM (SELECT serial, search_vector FROM report "
    "ORDER BY serial DESC LIMIT :within) AS latest "
    "WHERE search_vector @@ to_tsquery('simple', :words) ORDER BY serial DESC LIMIT :latest"
)
# without its own step it would go through the latest, and read every report for a rare word
_BY_INDEX = text(
    "WITH found AS MATERIALIZED (SELECT serial FROM report "
    "WHERE search_vector @@ to_tsquery('simple', :words)) "
    "SELECT serial FROM found ORDER BY serial DESC LIMIT :latest"
)


@dataclass(frozen=True)
class Candidate:
    """A report to compare with, and the group it is in."""

    id: str
    group_id: str | None
    described: Described


class GroupCandidates(Repository):
    """Finds reports to compare with, within one transaction; only those that `scope` sees."""

    def find(
        self,
        report: Report,
        searches: Sequence[tuple[float, Sequence[str]]],
        scope: Scope,
        *,
        grouped_only: bool,
    ) -> list[Candidate]:
        """At most `COMPARED` and the recent ones.

        Args:
            report: what is compared.
            searches: how telling each is, and the word beginnings that are looked for.
            scope: whose regions.
            grouped_only: leave out reports of no group.
        """
        weights: dict[int, float] = {}
        for weight, beginnings in searches:
            for serial in self._with_words(beginnings):
                weights[serial] = weights.get(serial, 0.0) + weight
        ordered = sorted(weights, key=lambda serial: (-weights[serial], -serial))
        wanted = [
            Report.id != report.id,
            visible(scope),
            Report.status != Status.WITHDRAWN.value,
            self._current(grouped_only),
        ]
        found = self._recent(report, wanted)
        for first in range(0, min(len(ordered), BATCH * BATCHES), BATCH):
            if len(found) >= COMPARED:
                break
            some = ordered[first : first + BATCH]
            rows = self._session.execute(_columns().where(Report.serial.in_(some), *wanted)).all()
            best = sorted(
                rows,
                key=lambda row: (
                    -weights[row.serial] - WEIGHT_OF_CATEGORY * (row.category == report.category)
                ),
            )
            found |= {row.id: _candidate(row) for row in best[: COMPARED - len(found)]}
        return list(found.values())

    def _current(self, grouped_only: bool) -> ColumnElement[bool]:
        if grouped_only:
            return Report.group_id.is_not(None)
        since = self._clock() - timedelta(days=CLOSED_DAYS)
        return or_(
            Report.group_id.is_not(None),
            Report.status.in_([status.value for status in OPEN]),
            Report.updated_at >= since,
        )

    def _recent(
        self, report: Report, wanted: Sequence[ColumnElement[bool]]
    ) -> dict[str, Candidate]:
        same = [Report.category == report.category, *wanted]
        rows: list[Any] = []
        for also in (Report.region == report.region, Report.group_id.is_not(None)):
            query = _columns().where(*same, also).order_by(Report.serial.desc()).limit(RECENT)
            rows += self._session.execute(query).all()
        return {row.id: _candidate(row) for row in rows}

    def _with_words(self, beginnings: Sequence[str]) -> Sequence[int]:
        """The latest reports in which a word begins with one of these."""
        if not is_postgresql(self._session):
            words = " OR ".join(f'"{one}"*' for one in beginnings)
            return self._serials(_SQLITE, words)
        words = " | ".join(f"{one}:*" for one in beginnings)
        found = self._serials(_AMONG_LATEST, words, within=PROBED)
        if LATEST_PER_WORD > len(found) >= FREQUENT:
            found = self._serials(_AMONG_LATEST, words, within=WALKED)
        if len(found) < LATEST_PER_WORD:
            found = self._serials(_BY_INDEX, words)
        return found

    def _serials(self, query: TextClause, words: str, **more: int) -> Sequence[int]:
        values = {"words": words, "latest": LATEST_PER_WORD, **more}
        return self._session.execute(query, values).scalars().all()


def described(report: Any) -> Described:
    """What is compared of a report, from its row or from columns of the same names."""
    at: datetime = report.created_at
    return Described(report.description, report.category, report.region, at)


def _columns() -> Select[Any]:
    return select(
        Report.id,
        Report.serial,
        Report.group_id,
        Report.description,
        Report.category,
        Report.region,
        Report.created_at,
    )


def _candidate(row: Any) -> Candidate:
    return Candidate(row.id, row.group_id, described(row))
