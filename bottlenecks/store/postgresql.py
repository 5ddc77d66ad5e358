"""What several processes on one PostgreSQL need: to take turns, and to notice who is gone."""

from typing import Any

from sqlalchemy import Connection, Engine, text
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

NAME = "postgresql"
# after so long a host that vanished, or a process that hangs within a transaction, is given up:
# with what it takes to look again, its work goes to another one within 30 seconds
GONE_S = 20
CONNECT_S = 10
# libpq's names, for this side of a connection
_OURS = {
    "connect_timeout": str(CONNECT_S),
    "keepalives": "1",
    "keepalives_idle": "8",
    "keepalives_interval": "4",
    "keepalives_count": "3",
    "tcp_user_timeout": str(GONE_S * 1000),
}
# the server's names, for its side: there the rows are held
_THEIRS = {
    "tcp_keepalives_idle": "8",
    "tcp_keepalives_interval": "4",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": str(GONE_S * 1000),
    "idle_in_transaction_session_timeout": str(GONE_S * 1000),
}


def is_postgresql(of: Engine | Connection | Session) -> bool:
    """Whether the database is PostgreSQL, so that other processes may use it as well."""
    bind = of.get_bind() if isinstance(of, Session) else of
    return bind.dialect.name == NAME


def connect_args(url: URL) -> dict[str, str]:
    """How to connect so that who is gone is noticed; what the URL says itself goes first."""
    if url.get_backend_name() != NAME or not url.get_driver_name().startswith("psycopg"):
        return {}
    ours = {name: value for name, value in _OURS.items() if name not in url.query}
    theirs = " ".join(f"-c {name}={value}" for name, value in _THEIRS.items())
    return ours | {"options": f"{theirs} {url.query.get('options', '')}".strip()}


def session_args(engine: Engine) -> dict[str, Any]:
    """Arguments with which psycopg opens a session of its own, beside those of the engine."""
    _, given = engine.dialect.create_connect_args(engine.url)
    # SQLAlchemy's own, for the connections that it makes
    given.pop("context", None)
    return {**given, **connect_args(engine.url)}


def take_turn(session: Session | Connection, *names: str) -> None:
    """Let nobody else do what `names` stand for until this transaction ends; waits for its turn.

    SQLite has one writer as it is.
    """
    if is_postgresql(session):
        session.execute(
            text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"),
            {"name": " ".join(names)},
        )
