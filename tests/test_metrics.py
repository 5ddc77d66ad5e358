"""What machines of the operator read at /metrics, and who may."""

import asyncio
import time
from pathlib import Path

import httpx2
import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import event, text
from starlette.testclient import TestClient

from bot.channel import RetryLater
from bot.delivery import Delivery
from bot.metrics import Metrics
from bot.serve import read_telegram
from bot.settings import SettingsError, load_settings
from bot.worker import Worker
from bottlenecks.store import Database
from bottlenecks.store.outbox import Outgoing
from dialogues.assistant import Assistant
from tests.conftest import Clock
from tests.operator_machine import PUBLIC, figures, visitor
from tests.serving import Serving, settings_for
from tests.telegram_api import FakeBotApi

TOKEN = "t" * 40
ELSEWHERE = ("203.0.113.5", 50_000)


def status(http: TestClient, **headers: str) -> int:
    answer = http.get("/metrics", headers={k.replace("_", "-"): v for k, v in headers.items()})
    assert ("regiowijzer_queue_length" in answer.text) is (answer.status_code == 200)
    return answer.status_code


def test_figures_are_for_this_machine(database: Database, assistant: Assistant) -> None:
    here = visitor(database, assistant)
    assert status(here) == 200
    assert status(here, host="localhost:8000") == 200
    assert status(visitor(database, assistant, client=("::1", 1))) == 200
    # a proxy on this machine, on behalf of someone elsewhere
    assert status(here, host="wijzer.example.nl") == 403
    assert status(here, x_forwarded_for="203.0.113.5") == 403
    assert status(here, forwarded="for=203.0.113.5") == 403
    assert status(here, x_real_ip="203.0.113.5") == 403
    # someone elsewhere who says to be here
    elsewhere = visitor(database, assistant, client=ELSEWHERE)
    assert status(elsewhere) == 403
    assert status(elsewhere, authorization="Bearer ") == 403
    assert status(elsewhere, authorization=f"Bearer {TOKEN}") == 403


def test_figures_are_for_who_knows_the_token(database: Database, assistant: Assistant) -> None:
    elsewhere = visitor(database, assistant, client=ELSEWHERE, base=PUBLIC, token=TOKEN)
    assert status(elsewhere, authorization=f"Bearer {TOKEN}") == 200
    assert status(elsewhere, authorization=f"bearer {TOKEN}") == 200
    for wrong in ("", TOKEN, f"Basic {TOKEN}", f"Bearer {TOKEN}x", f"Bearer {TOKEN[1:]}", "Bearer"):
        assert status(elsewhere, authorization=wrong) == 401
    odd = elsewhere.get("/metrics", headers={"authorization": "Bearer é".encode()})
    assert odd.status_code == 401 and odd.headers["www-authenticate"] == "Bearer"
    assert status(visitor(database, assistant, token=TOKEN)) == 200


def test_a_short_token_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METRICS_TOKEN", "kort")
    with pytest.raises(SettingsError, match="METRICS_TOKEN: must have at least 32 characters"):
        load_settings()


def test_figures_of_a_service_that_runs(
    tmp_path: Path, database: Database, assistant: Assistant
) -> None:
    with FakeBotApi() as api:
        settings = settings_for(tmp_path, api, web=True)
        with Serving(settings, database, assistant) as serving:
            anna, bert = api.user(4_242_001), api.user(4_242_002)
            anna.says("wie coördineert het noodplan?")
            anna.wait_for("standaard eindverantwoordelijk")
            serving.settle()
            api.fail_next("sendMessage", 403)  # blocked the bot
            bert.says("hallo")
            api.wait_until(lambda: api.count("sendMessage") >= 3)
            with database.work() as work:
                work.inbox.receive("telegram", "broken", "no update at all")
            deadline = time.monotonic() + 20
            while time.monotonic() < deadline:
                page = httpx2.get(f"{serving.url}/metrics").text
                seen = figures(page)
                failed = seen.get(("regiowijzer_updates_total", "telegram", "failed"), 0)
                given_up = seen.get(("regiowijzer_deliveries_total", "telegram", "given_up"), 0)
                if failed == 3 and given_up == 1:
                    break
                time.sleep(0.05)
            assert httpx2.get(f"{serving.url}/readyz").json() == {"status": "ready"}
    assert (failed, given_up) == (3, 1)
    assert seen["regiowijzer_updates_total", "telegram", "handled"] == 2
    assert seen["regiowijzer_update_seconds_count", "telegram"] == 5
    assert 0 < seen["regiowijzer_update_seconds_sum", "telegram"] < 60
    assert seen["regiowijzer_decisions_total", "answered"] == 1
    assert seen["regiowijzer_deliveries_total", "telegram", "delivered"] >= 2
    assert seen["regiowijzer_queue_length", "inbox", "failed"] == 1
    assert seen["regiowijzer_queue_length", "outbox", "dead"] == 1
    assert seen["regiowijzer_database_up",] == 1
    assert seen["process_resident_memory_bytes",] > 0
    # nothing of whom or what it was about
    for secret in ("4242001", "4242002", "noodplan", "broken"):
        assert secret not in page
    labels = {
        (name, value)
        for family in text_string_to_metric_families(page)
        for sample in family.samples
        for name, value in sample.labels.items()
        if name != "le"
    }
    assert labels <= {
        *(("channel", name) for name in ("telegram", "web", "mail")),
        *(("result", name) for name in ("handled", "failed", "delivered", "postponed", "given_up")),
        ("result", "done"),
        *(("outcome", name) for name in ("answered", "clarified", "declined")),
        *(("queue", name) for name in ("inbox", "outbox")),
        *(("status", name) for name in ("new", "failed", "pending", "dead")),
    }


def test_ages_of_what_waits(database: Database, assistant: Assistant, clock: Clock) -> None:
    with database.work() as work:
        account = work.accounts.find_or_create("test", "anna", "anna")
        work.inbox.receive("test", "1", "een")
        work.outbox.add(account.id, "{}")
    clock.forward(30)
    with database.work() as work:
        work.inbox.receive("test", "2", "twee")
    clock.forward(5)
    seen = figures(visitor(database, assistant).get("/metrics").text)
    assert seen["regiowijzer_queue_length", "inbox", "new"] == 2
    assert seen["regiowijzer_queue_oldest_seconds", "inbox", "new"] == 35
    assert seen["regiowijzer_queue_length", "outbox", "pending"] == 1
    assert seen["regiowijzer_queue_oldest_seconds", "outbox", "pending"] == 35
    assert seen["regiowijzer_queue_oldest_seconds", "outbox", "dead"] == 0


def test_a_database_that_fails_is_a_figure_too(database: Database, assistant: Assistant) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE inbox RENAME TO gone"))
    answer = visitor(database, assistant).get("/metrics")
    assert answer.status_code == 200
    assert figures(answer.text)["regiowijzer_database_up",] == 0


class Busy:
    """A channel that says: later."""

    name = "test"

    async def deliver(self, item: Outgoing) -> None:
        raise RetryLater("busy", 60)


def test_what_is_postponed_is_counted(database: Database) -> None:
    with database.work() as work:
        account = work.accounts.find_or_create("test", "anna", "anna")
        work.outbox.add(account.id, "{}")
    metrics = Metrics(database)
    asyncio.run(Delivery(database, Busy(), meter=metrics).deliver_due())
    seen = figures(metrics.page().decode())
    assert seen["regiowijzer_deliveries_total", "test", "postponed"] == 1


def test_what_was_rolled_back_is_no_answer(database: Database, assistant: Assistant) -> None:
    """A question whose transaction fails is counted as failed, and not as answered."""
    metrics = Metrics(database)

    failures = iter([True])

    def fail_once(_connection: object) -> None:
        if next(failures, False):
            raise OSError("disk")

    worker = Worker(database, assistant, {"telegram": read_telegram}, meter=metrics)
    update = (
        '{"update_id": 1, "message": {"message_id": 1, "date": 1767225600, '
        '"chat": {"id": 7, "type": "private"}, "from": {"id": 7, "is_bot": false, '
        '"first_name": "A"}, "text": "wie coördineert het noodplan?"}}'
    )
    with database.work() as work:
        work.inbox.receive("telegram", "1", update)
    event.listen(database.engine, "commit", fail_once)
    worker.handle_next()
    seen = figures(metrics.page().decode())
    assert seen["regiowijzer_updates_total", "telegram", "failed"] == 1
    assert not any(key[0] == "regiowijzer_decisions_total" for key in seen)
