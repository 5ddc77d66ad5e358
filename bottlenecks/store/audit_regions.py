"""Which lines of the audit log are of some regions: what is about something of these alone."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, String, and_, cast, literal, not_, or_, select
from sqlalchemy.orm import Session

from bottlenecks.contacts import KINDS
from bottlenecks.models_desk import ApiToken, AuditEntry, DeskUser
from bottlenecks.models_insight import ReportGroup
from bottlenecks.models_reports import Report
from bottlenecks.roles import Scope
from bottlenecks.store.report_search import visible

# what is told beside a line, and may name what is of another region
BESIDE = frozenset({"meldingen", "verslag"})
# what these are about is a title that somebody typed, which may look like anything
TITLED = ("verslag-", "uitnodiging-")


def of_regions(session: Session, scope: Scope) -> ColumnElement[bool]:
    """The condition under which a line may be read by who sees some regions only.

    It is about a report or a group of these regions alone, a region itself, what was set or
    written for it, or an account or key with no more regions than these.
    """
    regions = sorted(scope.regions)
    reports = select(Report.reference).where(visible(scope))
    members = select(Report.group_id).where(Report.group_id == ReportGroup.id)
    groups = select(literal("groep ") + cast(ReportGroup.number, String)).where(
        members.where(visible(scope)).exists(),
        # a report without a region is of nobody who sees some
        ~members.where(or_(Report.region.is_(None), not_(visible(scope)))).exists(),
    )
    accounts = session.execute(select(DeskUser.id, DeskUser.all_regions, DeskUser.regions))
    keys = session.execute(select(ApiToken.id, ApiToken.all_regions, ApiToken.regions))
    named = [
        *regions,
        *(f"{kind} {region}" for kind in KINDS for region in regions),
        *_within(scope, accounts.tuples()),
        *_within(scope, keys.tuples()),
    ]
    about = or_(
        AuditEntry.subject.in_(reports),
        and_(AuditEntry.action.startswith("groep-"), AuditEntry.subject.in_(groups)),
        AuditEntry.subject.in_(named),
        AuditEntry.detail["regio"].as_string().in_(regions),
    )
    return and_(about, *(not_(AuditEntry.action.startswith(one)) for one in TITLED))


def _within(scope: Scope, rows: Iterable[tuple[str, bool, list[str]]]) -> list[str]:
    """The ids of those that have no more regions than `scope`."""
    return [id_ for id_, all_, regions in rows if scope.covers(Scope(all_, frozenset(regions)))]
