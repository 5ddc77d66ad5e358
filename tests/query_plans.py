"""Which queries are made, and how the database goes about them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

from bottlenecks.store import Database


@contextmanager
def statements(engine: Engine) -> Iterator[list[tuple[str, Any]]]:
    """What is executed within the block, with the parameters."""
    seen: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, text: str, parameters: Any, _x: Any, _many: bool) -> None:
        seen.append((text, parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def plans(database: Database, queries: Sequence[tuple[str, Any]]) -> list[str]:
    """How the database goes about each of these queries."""
    is_sqlite = database.engine.dialect.name == "sqlite"
    explain = "EXPLAIN QUERY PLAN " if is_sqlite else "EXPLAIN "
    found = []
    with database.engine.begin() as connection:
        if not is_sqlite:
            connection.exec_driver_sql("ANALYZE")
        for query, parameters in queries:
            rows = connection.exec_driver_sql(explain + query, parameters)
            found.append("\n".join(str(row[-1]) for row in rows))
    return found
