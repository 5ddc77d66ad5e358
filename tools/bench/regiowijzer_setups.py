"""Setups 3, 4 and 5: Regiowijzer itself, as `regiowijzer serve` runs it."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil

from bot.bench import Figures
from bot.settings import ROOT
from tools import postgres_server
from tools.bench.people import WebPerson
from tools.bench.processes import Running, answers, free_port
from tools.bench.service import Cost, NotRunError, Service

COMMAND = (sys.executable, "-m", "bot.cli")
# all people of the bench come from this machine, and none of them may be refused
NO_LIMITS = {"CHAT_PER_MINUTE": "100000", "CHAT_PER_MINUTE_ADDRESS": "1000000"}
WORKERS = 2


def environment(data_dir: Path, **more: str) -> dict[str, str]:
    """The environment of a process that keeps its data in `data_dir` and reaches nobody."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {
        **kept,
        **NO_LIMITS,
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
        "MODEL_DIR": os.environ.get("MODEL_DIR", str(ROOT / "models")),
        "DATA_DIR": str(data_dir),
        "DATABASE_URL": f"sqlite:///{data_dir / 'regiowijzer.db'}",
        # set but empty: what stands in a developer's .env does not count
        "TELEGRAM_TOKEN": "",
        "SMTP_HOST": "",
        "OIDC_ISSUER": "",
        "TRUSTED_PROXIES": "",
        "PUBLIC_URL": "",
        "WEB_HOST": "127.0.0.1",
        "CHAT_ACCESS": "open",
        **more,
    }


class Regiowijzer:
    """One process, or a number of workers beside it, on SQLite or PostgreSQL."""

    def __init__(
        self, number: int, name: str, figures: Figures | None, *, on_postgres: bool, workers: int
    ) -> None:
        """`figures` are those of `regiowijzer bench`; `workers` 0: `serve` does all the work."""
        self.number = number
        self.name = name
        self._figures = figures
        self._on_postgres = on_postgres
        self._workers = workers

    def prepare(self, folder: Path) -> Cost:
        """See `Candidate`."""
        if self._on_postgres and not postgres_server.INSTALLED:
            raise NotRunError("PostgreSQL is not installed here (Debian: apt install postgresql)")
        if self._workers and not _has_worker():
            raise NotRunError("there is no command `regiowijzer worker` in this version")
        if self._figures is None:
            return Cost(None, None, None)
        return Cost(self._figures.training_s, self._figures.installed_mb, self._figures.model_mb)

    @contextmanager
    def running(self, folder: Path, *, logs_updates: bool) -> Iterator[Service]:
        """See `Candidate`."""
        with ExitStack() as stack:
            name = stack.enter_context(tempfile.TemporaryDirectory(dir=folder))
            data, database = Path(name), []
            port = free_port()
            more = {"PORT": str(port), "SECRET_KEY": "k" * 40}
            if logs_updates:
                more |= {"LOG_LEVEL": "INFO", "LOG_FORMAT": "json"}
            if self._on_postgres:
                server = stack.enter_context(postgres_server.running())
                more["DATABASE_URL"] = server.url
                database.append(psutil.Process(server.pid))
            if self._workers:
                more["WORKERS"] = "elsewhere"
            url = f"http://127.0.0.1:{port}"

            def start(command: str, log: Path) -> Running:
                running = Running((*COMMAND, command), environment(data, **more), log)
                stack.callback(running.stop)
                return running

            logs = [data / "serve.log"]
            own = [start("serve", logs[0])]
            ready_s = own[0].wait_for(lambda: answers(f"{url}/readyz"))
            for number in range(self._workers):
                logs.append(data / f"worker{number}.log")
                own.append(start("worker", logs[-1]))
            for worker in own[1:]:
                # it says so when it works
                ready_s = max(ready_s, worker.wait_for(worker.log.read_text))
            yield Service(
                url,
                WebPerson,
                ready_s,
                [one.tree for one in own],
                database,
                metrics=f"{url}/metrics",
                service_ms=lambda: [ms for log in logs for ms in _logged_ms(log)],
            )


def _has_worker() -> bool:
    """Whether this version has `regiowijzer worker`."""
    done = subprocess.run(
        (*COMMAND, "worker", "--help"),
        cwd=ROOT,
        env=environment(ROOT),
        capture_output=True,
        check=False,
        timeout=60,
    )
    return done.returncode == 0


def _logged_ms(log: Path) -> list[float]:
    """How long each update took, from the service's log."""
    found = []
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        if '"update handled"' not in line:
            continue
        found.append(1000 * float(json.loads(line)["seconds"]))
    return found
