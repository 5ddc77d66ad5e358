"""How many reports there are, and of how many practices, in the way of each database.

Reports without a practice are of one practice together: it is not known that there are more.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Label,
    Select,
    cast,
    distinct,
    func,
    select,
)
from sqlalchemy.orm import Session

from bottlenecks.models_reports import Report
from bottlenecks.store.postgresql import is_postgresql

PRACTICE = func.coalesce(Report.practice_id, "")
PRACTICES = func.count(distinct(PRACTICE))


def counts(
    session: Session,
    conditions: Sequence[ColumnElement[bool]],
    *,
    by: Label[Any] | None = None,
    source: FromClause | None = None,
) -> Select[Any]:
    """Reports and practices, as one row; or after each value of `by`, a row for each.

    Args:
        session: on which database.
        conditions: which reports.
        by: what is counted by, with a name that no table has a column of.
        source: reports with what they are joined to.
    """
    keys = [] if by is None else [by]
    names = [key.name for key in keys]
    reports = Report.__table__ if source is None else source
    if not is_postgresql(session):
        query = select(*keys, func.count(), PRACTICES).select_from(reports).where(*conditions)
        return query.group_by(*names) if names else query
    # it would sort all reports to tell practices apart, on disk when there are many; groups of
    # them it keeps in memory
    each = (
        select(*keys, PRACTICE.label("practice"), func.count().label("reports"))
        .select_from(reports)
        .where(*conditions)
        .group_by(*names, "practice")
        .subquery()
    )
    values = [each.c[name] for name in names]
    together = cast(func.coalesce(func.sum(each.c.reports), 0), BigInteger)
    return select(*values, together, func.count()).select_from(each).group_by(*values)
