"""Several real processes of the program on one PostgreSQL, and visitors who talk to any of them."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import httpx2
import psutil

from bot.settings import ROOT
from tests.conftest import SECRET
from tests.fleet_nursery import STOPPED
from tests.serving import environment
from tests.telegram_api import FakeBotApi
from tests.web_visitors import JSON, Seen, read_page

# machines that test may be slow, and busy with other things
PATIENCE_S = 90.0
Found = TypeVar("Found")
_READY = re.compile(r"Ready(?:: (http://\S+)|\.)")


class Program:
    """A process: `serve` or `worker`. What it logs is in a file."""

    def __init__(self, pid: int, command: str, log: Path) -> None:
        """It has begun; `ready` waits for it."""
        self.pid = pid
        self.command = command
        self._log = log

    @property
    def lives(self) -> bool:
        """Whether it did not end."""
        return psutil.pid_exists(self.pid)

    def ready(self) -> str:
        """Wait until it works; gives the address of its web server ("": it has none)."""

        def found() -> re.Match[str] | None:
            assert self.lives, self.logged
            return _READY.search(self._said)

        return until(found)[1] or ""

    @property
    def logged(self) -> str:
        """What it has logged until now."""
        return self._log.read_text(encoding="utf-8")

    def is_told_to_stop(self) -> None:
        """SIGTERM, and wait: it ends by itself, without a complaint."""
        os.kill(self.pid, signal.SIGTERM)
        until(lambda: not self.lives)
        assert STOPPED in self._said, self.logged
        assert "ERROR" not in self.logged

    def is_killed(self) -> None:
        """SIGKILL: it can do nothing about it."""
        os.kill(self.pid, signal.SIGKILL)
        until(lambda: not self.lives)

    @property
    def _said(self) -> str:
        out = self._log.with_suffix(".out")
        return out.read_text(encoding="utf-8") if out.exists() else ""


@dataclass
class Fleet:
    """Starts processes on one database; those that live are killed at the end of `fleet`."""

    folder: Path
    url: str
    api: FakeBotApi
    nursery: "subprocess.Popen[str]"
    programs: list[Program] = field(default_factory=list)

    def start(self, command: str) -> Program:
        """Begin one more; it is ready later."""
        settings = environment(
            self.folder,
            DATABASE_URL=self.url,
            SECRET_KEY=SECRET,
            TELEGRAM_TOKEN=self.api.token,
            TELEGRAM_API_URL=self.api.url,
            WORKERS="elsewhere",
            CHAT_PER_MINUTE="10000",
            CHAT_PER_MINUTE_ADDRESS="100000",
            LOG_LEVEL="INFO",
        )
        log = self.folder / f"{len(self.programs)}-{command}.log"
        order = {"command": command, "log": str(log), "out": str(log.with_suffix(".out"))}
        assert self.nursery.stdin is not None and self.nursery.stdout is not None
        self.nursery.stdin.write(json.dumps(order | settings) + "\n")
        self.nursery.stdin.flush()
        program = Program(int(self.nursery.stdout.readline()), command, log)
        self.programs.append(program)
        return program

    def living(self, command: str) -> list[Program]:
        """The processes of a kind that did not end."""
        return [one for one in self.programs if one.command == command and one.lives]

    def servers(self) -> list[str]:
        """The addresses of those that serve."""
        return [one.ready() for one in self.living("serve")]


@contextmanager
def fleet(folder: Path, url: str) -> Iterator[Fleet]:
    """A fleet with nothing in it, and a Telegram for it."""
    with (
        FakeBotApi() as api,
        subprocess.Popen(
            [sys.executable, "-m", "tests.fleet_nursery"],
            cwd=ROOT,
            env=environment(folder),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as nursery,
    ):
        # leaving the block closes its input, which ends it and all that it started
        yield Fleet(folder, url, api, nursery)


class Visitor:
    """A browser whose requests go to one server after another, as behind a load balancer."""

    def __init__(self, *servers: str) -> None:
        """The servers' addresses."""
        self._servers = servers
        self._number = 0
        # a server closes connections that rest for five seconds, which may be just when one is used
        self.http = httpx2.Client(timeout=PATIENCE_S, limits=httpx2.Limits(keepalive_expiry=2.0))
        self.http.get(f"{servers[0]}/chat").raise_for_status()
        # a browser sends it to the one name under which it knows them all
        self.http.headers["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.http.cookies.items())
        self.http.cookies.clear()

    @property
    def server(self) -> str:
        """Where the next request goes."""
        self._number += 1
        return self._servers[self._number % len(self._servers)]

    def says(self, text: str) -> None:
        """Send a text; it is stored when this returns."""
        server = self.server
        sent = {"id": f"n{self._number}", "tekst": text}
        response = self.http.post(f"{server}/chat/bericht", data=sent, headers=JSON)
        assert response.status_code == 200, response.text

    @property
    def messages(self) -> list[Seen]:
        """What stands on the page now."""
        return read_page(self.http.get(f"{self.server}/chat").text)

    @property
    def answers(self) -> list[str]:
        """What was said by the assistant, without what differs between visitors."""
        texts = (one.text for one in self.messages if not one.is_said)
        return [re.sub(r"KP-\d{4}-\d{4}", "KP", text) for text in texts]


def until(look: Callable[[], Found | None]) -> Found:
    """Wait until there is something to be found."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError("it did not happen")
