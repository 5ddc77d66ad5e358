"""What is kept no longer is erased each hour, and when that fails, work goes on."""

import logging
import time
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import text

from bot import serve
from bottlenecks.store import Database
from dialogues.assistant import Assistant
from tests.conftest import Clock
from tests.serving import Serving, settings_for
from tests.telegram_api import FakeBotApi

FAILED = "what is kept no longer was not erased"


def tidyings(serving: Serving) -> list[str]:
    page = httpx2.get(f"{serving.url}/metrics").text
    return [line for line in page.splitlines() if line.startswith("regiowijzer_tidyings_total")]


def until(serving: Serving, result: str) -> None:
    """Wait until a tidying ends in this way."""
    end = time.monotonic() + 20
    while not any(f'"{result}"' in line for line in tidyings(serving)):
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_failing_tidying_holds_up_nobody(
    tmp_path: Path,
    database: Database,
    assistant: Assistant,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE audit_entry RENAME TO elsewhere"))
    with FakeBotApi() as api:
        settings = settings_for(tmp_path, api, web=True)
        with Serving(settings, database, assistant) as serving:
            anna = api.user(1)
            for _ in range(3):
                anna.says("wie coördineert het noodplan?")
                api.wait_acknowledged()
                serving.settle()
            anna.wait_for("standaard eindverantwoordelijk")
            # once, though the worker rested and looked again meanwhile
            assert tidyings(serving) == ['regiowijzer_tidyings_total{result="failed"} 1.0']
    assert [one.message for one in caplog.records if one.levelno >= logging.ERROR] == [FAILED]


def test_it_is_tried_again_after_an_hour(
    tmp_path: Path,
    database: Database,
    assistant: Assistant,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(serve, "TIDY_EVERY_S", 0.2)
    with database.work() as work:
        account = work.accounts.find_or_create("test", "anna", "anna")
        work.conversations.start(account.id)
    clock.forward(60 * 24 * 3600)
    with database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE audit_entry RENAME TO elsewhere"))
    with FakeBotApi() as api:
        settings = settings_for(tmp_path, api, web=True)
        with Serving(settings, database, assistant) as serving:
            until(serving, "failed")
            with database.engine.begin() as connection:
                connection.execute(text("ALTER TABLE elsewhere RENAME TO audit_entry"))
            until(serving, "done")
    with database.reading() as work:
        left = work._session.execute(text("SELECT count(*) FROM conversation")).scalar_one()
    assert left == 0
