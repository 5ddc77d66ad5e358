"""How a database goes about the statements that the store sends it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from bottlenecks.store import Database

Statement = tuple[str, Any]


@contextmanager
def statements(database: Database) -> Iterator[list[Statement]]:
    """All statements that are sent while in the block, with their values."""
    found: list[Statement] = []

    def sent(_conn: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        found.append((statement, values))

    event.listen(database.engine, "before_cursor_execute", sent)
    try:
        yield found
    finally:
        event.remove(database.engine, "before_cursor_execute", sent)


def sent_by(database: Database, do: Callable[[], object]) -> list[Statement]:
    """The queries that something sends."""
    with statements(database) as found:
        do()
    return [one for one in found if one[0].lstrip().startswith(("SELECT", "WITH"))]


def plan(database: Database, statement: Statement, *, avoid: str = "seqscan") -> str:
    """What the database would do, in its own words.

    PostgreSQL is told to `avoid` something (by itself whole tables), because it would rightly do
    so in tables as small as those of tests.
    """
    sql, values = statement
    is_sqlite = database.engine.dialect.name == "sqlite"
    connection = database.engine.raw_connection()
    try:
        cursor = connection.cursor()
        if is_sqlite:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", values)
            return "\n".join(str(row[3]) for row in cursor.fetchall())
        cursor.execute(f"SET LOCAL enable_{avoid} = off")
        cursor.execute(f"EXPLAIN {sql}", values)
        return "\n".join(str(row[0]) for row in cursor.fetchall())
    finally:
        connection.rollback()
        connection.close()
