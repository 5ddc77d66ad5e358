"""Running the service against the fake Bot API: in this process, or the command in another."""

import asyncio
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import TracebackType

import pytest

from bot.serve import serve
from bot.settings import ROOT, Settings
from bottlenecks.store import Database
from dialogues.assistant import Assistant
from tests.telegram_api import FakeBotApi

COMMAND = Path(sys.executable).parent / "regiowijzer"
NOWHERE = "http://127.0.0.1:9"


def settings_for(data_dir: Path, api: FakeBotApi, *, web: bool = False) -> Settings:
    """Settings that ignore the environment of whoever runs the tests, except for the model."""
    return Settings(
        _env_file=None,
        data_dir=data_dir,
        database_url=None,
        secret_key=None,
        telegram_token=api.token,
        telegram_api_url=api.url,
        web=web,
        web_host="127.0.0.1",
        port=0,
        public_url=None,
        oidc_issuer=None,
    )


def environment(data_dir: Path, **more: str) -> dict[str, str]:
    """The environment of a process that keeps its data in `data_dir` and reaches nobody.

    What a developer may have in `.env` (a real database, the real Telegram) is overruled.
    """
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {
        **kept,
        "PYTHONUTF8": "1",
        "MODEL_DIR": str(ROOT / "models"),
        "DATA_DIR": str(data_dir),
        "DATABASE_URL": f"sqlite:///{data_dir / 'regiowijzer.db'}",
        "TELEGRAM_API_URL": NOWHERE,
        "PORT": "0",
        **more,
    }


def run(
    data_dir: Path, *arguments: str, stdin: str = "", **more: str
) -> subprocess.CompletedProcess[str]:
    """Run `regiowijzer` with these arguments until it ends."""
    return subprocess.run(
        [COMMAND, *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        cwd=ROOT,
        env=environment(data_dir, **more),
        check=False,
    )


class Serving:
    """`bot.serve.serve` in a thread, for as long as the block lasts."""

    def __init__(self, settings: Settings, database: Database, assistant: Assistant) -> None:
        """The database stays open afterwards."""
        self._parts = (settings, database, assistant)
        self._database = database
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._started = threading.Event()
        self._error: BaseException | None = None
        self._on_web = threading.Event()
        self.url = ""
        self._thread = threading.Thread(target=self._run, name="serving", daemon=True)

    def __enter__(self) -> "Serving":
        self._thread.start()
        self._started.wait(10)
        if self._parts[0].web:
            self._on_web.wait(10)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
        if self._error is not None and error is None:
            raise self._error

    def stop(self) -> None:
        """End it before the block does."""
        if self._loop is not None and self._task is not None and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._task.cancel)
        self._thread.join(20)
        if self._thread.is_alive():
            raise AssertionError("the service did not stop")

    def settle(self, timeout: float = 20) -> None:
        """Wait until all that was received is handled and all replies are sent."""
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            with self._database.work() as work:
                if not work.inbox.count("new") and not work.outbox.count("pending"):
                    return
            time.sleep(0.02)
        raise AssertionError("updates or replies are left over")

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except asyncio.CancelledError:
            pass
        except BaseException as error:
            self._error = error
        finally:
            self._started.set()

    async def _serve(self) -> None:
        self._loop, self._task = asyncio.get_running_loop(), asyncio.current_task()
        self._started.set()
        await serve(*self._parts, on_web=self._web_is_up)

    def _web_is_up(self, url: str) -> None:
        self.url = url
        self._on_web.set()


def why_it_ends(settings: Settings, database: Database, assistant: Assistant) -> Exception:
    """Serve, and wait until it ends by itself; gives why it did."""
    with pytest.raises(ExceptionGroup) as raised, Serving(settings, database, assistant) as it:
        it._thread.join(10)
    return raised.value.exceptions[0]
