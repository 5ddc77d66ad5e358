"""A PostgreSQL server of the tests' own."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

INSTALLED = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
# how long a server is away when it is restarted
AWAY_S = 1.0


def unprivileged_user() -> str | None:
    """PostgreSQL refuses root: a user to run it as, None when we are no root ourselves."""
    if os.getuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


@dataclass(frozen=True)
class Server:
    """A running server: its URL, and what stops and starts it again on the same port."""

    url: str
    restart: Callable[[str], None]


@contextmanager
def running() -> Iterator[str]:
    """URL of an empty PostgreSQL server on loopback; skips where there is none."""
    with restartable() as server:
        yield server.url


@contextmanager
def restartable() -> Iterator[Server]:
    """An empty PostgreSQL server on loopback; `restart` takes a way to stop ("immediate", ...)."""
    if not INSTALLED:
        pytest.skip("not here: PostgreSQL is not installed")
    binaries = INSTALLED[-1].parent
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    user = unprivileged_user()
    if user is not None:
        shutil.chown(folder, user)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data = folder / "data"

    def run(*command: str) -> None:
        subprocess.run(command, user=user, cwd=folder, check=True, capture_output=True, timeout=60)

    run(str(binaries / "initdb"), "-D", str(data), "-U", "tester", "-A", "trust", "-E", "UTF8")
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    pg_ctl = str(binaries / "pg_ctl")

    def start() -> None:
        run(pg_ctl, "-D", str(data), "-o", options, "-l", str(folder / "log"), "-w", "start")

    def restart(way: str) -> None:
        run(pg_ctl, "-D", str(data), "-m", way, "-w", "stop")
        time.sleep(AWAY_S)
        start()

    start()
    try:
        yield Server(f"postgresql+psycopg://tester@127.0.0.1:{port}/postgres", restart)
    finally:
        run(pg_ctl, "-D", str(data), "-m", "immediate", "stop")
        shutil.rmtree(folder)


def empty_database(server: str, name: str) -> Engine:
    """A new database on this server."""
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    admin.dispose()
    return create_engine(f"{server.rsplit('/', 1)[0]}/{name}")
