"""Processes that are measured: started, waited for, counted and ended."""

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from bot.settings import ROOT

LOOK_EVERY_S = 0.05
MB = 1e6


class NotReadyError(Exception):
    """A process ended or stayed silent while it should get ready; says where its log is."""


@dataclass(frozen=True)
class Memory:
    """Of a process and all below it, in MB: counted in full, and with what is shared divided."""

    rss_mb: float
    pss_mb: float


class Running:
    """A process that was started, with all that it starts itself."""

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        log: Path,
        folder: Path = ROOT,
    ) -> None:
        """Start it in `folder`; what it says goes to `log`."""
        self.log = log
        self.started = time.perf_counter()
        with log.open("ab") as file:
            self._process = subprocess.Popen(
                command,
                cwd=folder,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                start_new_session=True,
            )
        self.tree = psutil.Process(self._process.pid)

    def wait_for(self, is_ready: Callable[[], object], timeout_s: float = 300.0) -> float:
        """Wait until it is ready; gives the seconds since it was started.

        Raises:
            NotReadyError: it ended, or is not ready in time.
        """
        while time.perf_counter() - self.started < timeout_s:
            if is_ready():
                return time.perf_counter() - self.started
            if self._process.poll() is not None:
                said = self.log.read_text(encoding="utf-8", errors="replace")[-1500:]
                raise NotReadyError(f"{self.log.name} ended by itself: {said}")
            time.sleep(LOOK_EVERY_S)
        raise NotReadyError(f"{self.log.name}: not ready after {timeout_s:.0f} s")

    def stop(self) -> None:
        """End it, and whatever it started."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(15)
            except subprocess.TimeoutExpired:
                pass
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self._process.wait(15)


def cpu_s(roots: Iterable[psutil.Process]) -> float:
    """CPU seconds, user and system, of these processes and all below them, also of ended ones."""
    total = 0.0
    for root in roots:
        for process in _with_children(root):
            try:
                times = process.cpu_times()
            except psutil.NoSuchProcess:
                continue
            total += times.user + times.system
            total += getattr(times, "children_user", 0.0) + getattr(times, "children_system", 0.0)
    return total


def memory(roots: Iterable[psutil.Process]) -> Memory:
    """What these processes and all below them have in memory now."""
    rss = pss = 0
    for root in roots:
        for process in _with_children(root):
            try:
                found = process.memory_full_info()
            except psutil.NoSuchProcess:
                continue
            rss += found.rss
            pss += found.pss
    return Memory(rss / MB, pss / MB)


def free_port() -> int:
    """A port of this machine on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(url: str) -> bool:
    """Whether a GET of this address succeeds."""
    try:
        with urllib.request.urlopen(url, timeout=2) as response:
            return bool(response.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def folder_mb(folder: Path) -> float:
    """Size of a folder's files without bytecode, or of a file, in MB."""
    if folder.is_file():
        return folder.stat().st_size / MB
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return sum(path.stat().st_size for path in files if path.suffix != ".pyc") / MB


def _with_children(root: psutil.Process) -> list[psutil.Process]:
    try:
        return [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []
