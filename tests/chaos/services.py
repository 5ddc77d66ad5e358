"""Services that are started and killed: the parent's end of `tests.crash.nursery`."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from bot.settings import ROOT
from tests.serving import environment

START_S = 180.0


@dataclass
class Life:
    """One process that serves. `ended` is its exit code, or minus the signal that ended it."""

    pid: int = 0
    ended: int | None = None
    started: threading.Event = field(default_factory=threading.Event)
    over: threading.Event = field(default_factory=threading.Event)

    def ends_within(self, timeout_s: float) -> bool:
        """Whether it ends by itself within this time."""
        return self.over.wait(timeout_s)

    def kill(self, number: signal.Signals = signal.SIGKILL) -> None:
        """End it, and wait until it is gone."""
        if not self.over.is_set():
            os.kill(self.pid, number)
        if not self.over.wait(30):
            raise AssertionError(f"the service did not end on {number.name}")


class Nursery:
    """Starts services from a process that has the model in memory."""

    def __init__(self) -> None:
        """Nothing is started before the block."""
        self._lives: dict[int, Life] = {}
        self._ready = threading.Event()
        self._process: subprocess.Popen[bytes]

    def __enter__(self) -> "Nursery":
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.nursery"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            # more threads than one would not live through a fork
            env={**environment(Path(os.devnull)), "OPENBLAS_NUM_THREADS": "1"},
        )
        threading.Thread(target=self._listen, name="nursery", daemon=True).start()
        if not self._ready.wait(START_S):
            raise AssertionError("the nursery did not start")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(30)

    def start(
        self, folder: Path, env: Mapping[str, str], point: str | None = None, times: int = 1
    ) -> Life:
        """Start a service that dies when it is at `point` for the `times`-th time."""
        life = Life()
        number = len(self._lives)
        self._lives[number] = life
        order = {
            "id": number,
            "environment": dict(env),
            "point": point,
            "times": times,
            "ledger": str(folder / "ledger.jsonl"),
            "log": str(folder / "serve.log"),
        }
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order).encode() + b"\n")
        self._process.stdin.flush()
        if not life.started.wait(START_S):
            raise AssertionError("the nursery started nothing")
        return life

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._hear(json.loads(line))

    def _hear(self, message: dict[str, Any]) -> None:
        if "ready" in message:
            self._ready.set()
            return
        life = self._lives[message["id"]]
        if "pid" in message:
            life.pid = message["pid"]
            life.started.set()
        else:
            life.ended = message["ended"]
            life.over.set()
