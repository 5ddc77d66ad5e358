"""How much stands in a database."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bottlenecks.models import Base
from bottlenecks.store import Database


def rows(database: Database, *tables: type[Base]) -> int:
    """How many rows these tables have together."""
    with Session(database.engine) as session:
        return sum(session.scalar(select(func.count()).select_from(one)) or 0 for one in tables)
