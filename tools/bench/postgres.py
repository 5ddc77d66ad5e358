"""A PostgreSQL server for the bench, as it is installed: what is committed is on the disk."""

import getpass
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from tools.bench.processes import free_port

INSTALLED = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))


@dataclass(frozen=True)
class Postgres:
    """A running server: its address, its processes and its version."""

    url: str
    process: psutil.Process
    version: str


def is_installed() -> bool:
    """Whether the server's programs are on this machine."""
    return bool(INSTALLED)


@contextmanager
def running() -> Iterator[Postgres]:
    """An empty server on loopback with PostgreSQL's own settings; gone afterwards."""
    binaries = INSTALLED[-1].parent
    folder = Path(tempfile.mkdtemp(prefix="bench-pg"))
    user = _unprivileged()
    if user is not None:
        shutil.chown(folder, user)
    port, data = free_port(), folder / "data"

    def run(*command: str) -> str:
        done = subprocess.run(
            command, user=user, cwd=folder, check=True, capture_output=True, text=True, timeout=60
        )
        return done.stdout

    run(str(binaries / "initdb"), "-D", str(data), "-U", "bench", "-A", "trust", "-E", "UTF8")
    pg_ctl = str(binaries / "pg_ctl")
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1"
    run(pg_ctl, "-D", str(data), "-o", options, "-l", str(folder / "log"), "-w", "start")
    try:
        pid = int((data / "postmaster.pid").read_text().splitlines()[0])
        version = run(str(binaries / "postgres"), "--version").split()[2]
        url = f"postgresql+psycopg://bench@127.0.0.1:{port}/postgres"
        yield Postgres(url, psutil.Process(pid), version)
    finally:
        run(pg_ctl, "-D", str(data), "-m", "immediate", "stop")
        shutil.rmtree(folder)


def _unprivileged() -> str | None:
    """PostgreSQL refuses root: a user to run it as, None when we are no root ourselves."""
    if os.getuid() != 0 or getpass.getuser() != "root":
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"
