"""A PostgreSQL server for measuring: as durable as one in use, on loopback, gone afterwards."""

import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.postgres_server import INSTALLED, unprivileged_user


@contextmanager
def durable() -> Iterator[str | None]:
    """URL of an empty server that writes to disk before it commits; None without PostgreSQL.

    The tests' own server does not wait for the disk: it is faster than a real one.
    """
    if not INSTALLED:
        yield None
        return
    binaries = INSTALLED[-1].parent
    folder = Path(tempfile.mkdtemp(prefix="capacity"))
    user = unprivileged_user()
    if user is not None:
        shutil.chown(folder, user)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data = str(folder / "data")

    def run(program: str, *options: str) -> None:
        subprocess.run(
            (str(binaries / program), "-D", data, *options),
            user=user,
            cwd=folder,
            check=True,
            capture_output=True,
            timeout=60,
        )

    run("initdb", "-U", "tester", "-A", "trust", "-E", "UTF8")
    listening = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1"
    run("pg_ctl", "-o", listening, "-l", str(folder / "log"), "-w", "start")
    try:
        yield f"postgresql+psycopg://tester@127.0.0.1:{port}/postgres"
    finally:
        run("pg_ctl", "-m", "immediate", "stop")
        shutil.rmtree(folder)
