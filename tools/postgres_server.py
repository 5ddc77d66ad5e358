"""An empty PostgreSQL server on loopback, from the installed programs; gone afterwards."""

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

INSTALLED = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
# how long a server is away when it is restarted
AWAY_S = 1.0


@dataclass(frozen=True)
class Server:
    """A running server: its URL, the id of its process, and what stops and starts it again.

    `restart` takes a way to stop ("immediate", ...); the port stays the same.
    """

    url: str
    pid: int
    restart: Callable[[str], None]


@contextmanager
def running(*, is_durable: bool = True) -> Iterator[Server]:
    """Start a server with PostgreSQL's own settings; see `INSTALLED` for whether that can be done.

    One that is not durable does not wait for the disk: it is faster than a real one.
    """
    binaries = INSTALLED[-1].parent
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    user = _unprivileged_user()
    if user is not None:
        shutil.chown(folder, user)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data = folder / "data"

    def run(program: str, *options: str) -> None:
        subprocess.run(
            (str(binaries / program), "-D", str(data), *options),
            user=user,
            cwd=folder,
            check=True,
            capture_output=True,
            timeout=60,
        )

    def start() -> None:
        listening = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1"
        if not is_durable:
            listening += " -c fsync=off"
        run("pg_ctl", "-o", listening, "-l", str(folder / "log"), "-w", "start")

    def restart(way: str) -> None:
        run("pg_ctl", "-m", way, "-w", "stop")
        time.sleep(AWAY_S)
        start()

    run("initdb", "-U", "tester", "-A", "trust", "-E", "UTF8")
    start()
    try:
        pid = int((data / "postmaster.pid").read_text().splitlines()[0])
        yield Server(f"postgresql+psycopg://tester@127.0.0.1:{port}/postgres", pid, restart)
    finally:
        run("pg_ctl", "-m", "immediate", "stop")
        shutil.rmtree(folder)


def _unprivileged_user() -> str | None:
    """PostgreSQL refuses root: a user to run it as, None when we are no root ourselves."""
    if os.getuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"
