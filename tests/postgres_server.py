"""A PostgreSQL server of the tests' own."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, create_engine, text

from tools import postgres_server
from tools.postgres_server import Server


@contextmanager
def running() -> Iterator[str]:
    """URL of an empty PostgreSQL server on loopback; skips where there is none."""
    with restartable() as server:
        yield server.url


@contextmanager
def restartable() -> Iterator[Server]:
    """The same, that can be stopped and started again."""
    if not postgres_server.INSTALLED:
        pytest.skip("not here: PostgreSQL is not installed")
    with postgres_server.running(is_durable=False) as server:
        yield server


def empty_database(server: str, name: str) -> Engine:
    """A new database on this server."""
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    admin.dispose()
    return create_engine(f"{server.rsplit('/', 1)[0]}/{name}")
