"""Telegram sends updates itself: over real HTTP, with the secret, answered when they are stored."""

import json
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest
from sqlalchemy.exc import OperationalError

from bot.settings import Settings
from bot.telegram import PRIVACY_NOTICE
from bot.web import telegram_webhook
from bottlenecks.store import Database, Work
from dialogues.assistant import Assistant
from tests.serving import Serving, settings_for, why_it_ends
from tests.telegram_api import FakeBotApi
from tests.webhook_sender import SECRET_HEADER, WebhookSender

SECRET = "een-geheim_van-TELEGRAM-voor-de-test"
PUBLIC = "https://regio.example"
QUESTION = "wie coördineert het noodplan?"


@pytest.fixture
def settings(tmp_path: Path, api: FakeBotApi) -> Settings:
    kept = settings_for(tmp_path, api, web=True).model_dump()
    changed = {"public_url": PUBLIC, "telegram_webhook_secret": SECRET}
    return Settings(_env_file=None, **{**kept, **changed})


@pytest.fixture
def serving(
    settings: Settings, database: Database, assistant: Assistant, api: FakeBotApi
) -> Iterator[Serving]:
    with Serving(settings, database, assistant) as running:
        api.wait_until(lambda: bool(api.webhook))
        yield running


def update(number: int = 5001, text: str = "hallo") -> dict[str, object]:
    person = {"id": 7, "is_bot": False, "first_name": "U7"}
    message = {
        "message_id": number,
        "date": int(time.time()),
        "chat": {"id": 7, "type": "private", "first_name": "U7"},
        "from": person,
        "text": text,
    }
    return {"update_id": number, "message": message}


def post(
    serving: Serving, body: bytes | Iterator[bytes], secret: str | None = SECRET, **headers: str
) -> int:
    given = {"Host": "regio.example", "Content-Type": "application/json", **headers}
    if secret is not None:
        given[SECRET_HEADER] = secret
    url = f"{serving.url}{telegram_webhook.PATH}"
    return httpx2.post(url, content=body, headers=given, timeout=30).status_code


def kept(database: Database) -> int:
    with database.reading() as work:
        return sum(work.inbox.count(status) for status in ("new", "done", "failed"))


def test_a_conversation_by_webhook(serving: Serving, api: FakeBotApi, database: Database) -> None:
    assert api.webhook["url"] == f"{PUBLIC}/telegram/webhook"
    assert api.webhook["secret_token"] == SECRET
    assert api.webhook["allowed_updates"] == ["message", "edited_message", "callback_query"]
    assert {command["command"] for command in api.commands} >= {"start", "melden"}
    anna = api.user(1)
    with WebhookSender(api, serving.url) as telegram:
        anna.says(
            "al drie organisaties gebeld, nergens thuiszorg te vinden in Geleen, graag melden"
        )
        assert anna.wait_for("Telegram") == PRIVACY_NOTICE
        anna.taps("Hoog")
        anna.taps("Anoniem melden")
        anna.taps("Ja, graag")
        anna.taps("Versturen")
        anna.wait_for("Je melding is gedaan")
    assert set(telegram.statuses) == {200}
    assert api.count("getUpdates") == 0
    with database.reading() as work:
        assert work.reports.count() == 1


def test_an_update_sent_twice_is_answered_once(
    serving: Serving, api: FakeBotApi, database: Database
) -> None:
    api.user(7).says(QUESTION)  # opens the chat; nobody delivers it here
    body = json.dumps(update(text=QUESTION)).encode()
    assert [post(serving, body) for _ in range(3)] == [200] * 3
    serving.settle()
    assert kept(database) == 1
    answers = [sent.text for sent in api.user(7).messages if "eindverantwoordelijk" in sent.text]
    assert len(answers) == 1


@pytest.mark.parametrize(
    "secret", [None, "", "fout", SECRET[:-1], f"{SECRET}x", SECRET.upper(), "é" * 36]
)
def test_without_the_secret_nothing_gets_in(
    serving: Serving, database: Database, secret: str | None
) -> None:
    body = json.dumps(update()).encode()
    headers = {"Host": "regio.example"}
    if secret is not None:
        headers[SECRET_HEADER] = secret
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    url = f"{serving.url}{telegram_webhook.PATH}"
    assert httpx2.post(url, content=body, headers=raw).status_code == 403
    assert kept(database) == 0


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"5",
        b"\xff\xfe",
        b"[" * 50_000,
        b"{}",
        b'{"update_id": 1}',
        b'{"update_id": "1", "message": {}}',
        b'{"update_id": true, "message": {}}',
        b'{"update_id": -1, "message": {}}',
        b'{"update_id": 1e400, "message": {}}',
        b'{"update_id": 9223372036854775808, "message": {}}',
        b'{"update_id": 1, "message": "hallo"}',
        b'{"update_id": 1, "message": {"text": "hallo"}}',
        b'{"update_id": 1, "message": {"message_id": 1, "date": "x", "chat": {}}}',
        b'{"update_id": 1, "message": {"message_id": 1, "date": 1e99, "chat": 5}}',
    ],
)
def test_what_is_no_update_is_refused(serving: Serving, database: Database, body: bytes) -> None:
    assert post(serving, body) == 400
    assert kept(database) == 0


def test_what_is_too_large_is_refused(serving: Serving, database: Database) -> None:
    large = json.dumps(update(text="a" * telegram_webhook.MAX_BODY_BYTES)).encode()
    assert post(serving, large) == 413
    assert post(serving, iter([large[:1000], large[1000:]])) == 413
    # what says that it is larger than anything is read by no route at all
    assert post(serving, b"{}" * 200_000) == 413
    assert kept(database) == 0


def test_only_a_post_to_our_name_from_no_website(serving: Serving, database: Database) -> None:
    body = json.dumps(update()).encode()
    assert post(serving, body, Host="evil.example") == 421
    assert post(serving, body, Origin="https://evil.example") == 403
    url = f"{serving.url}{telegram_webhook.PATH}"
    headers = {"Host": "regio.example", SECRET_HEADER: SECRET}
    assert httpx2.get(url, headers=headers).status_code == 405
    assert kept(database) == 0


def test_nothing_is_answered_before_it_is_stored(
    serving: Serving, api: FakeBotApi, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telegram_webhook, "PATIENCE_S", 0.3)
    real, is_full = database.work, True

    @contextmanager
    def work() -> Iterator[Work]:
        if is_full:
            raise OperationalError("insert", {}, Exception("disk full"))
        with real() as opened:
            yield opened

    monkeypatch.setattr(database, "work", work)
    body = json.dumps(update(text=QUESTION)).encode()
    assert post(serving, body) == 503
    assert kept(database) == 0
    is_full = False
    assert post(serving, body) == 200
    assert kept(database) == 1


def test_updates_wait_at_telegram_while_the_service_is_away(
    settings: Settings, database: Database, assistant: Assistant, api: FakeBotApi
) -> None:
    anna = api.user(1)
    with Serving(settings, database, assistant):
        api.wait_until(lambda: bool(api.webhook))
    assert api.webhook and api.count("deleteWebhook") == 0
    anna.says(QUESTION)
    with Serving(settings, database, assistant) as again, WebhookSender(api, again.url):
        anna.wait_for("eindverantwoordelijk")


def test_back_to_fetching(
    settings: Settings, database: Database, assistant: Assistant, api: FakeBotApi
) -> None:
    with Serving(settings, database, assistant):
        api.wait_until(lambda: bool(api.webhook))
    anna = api.user(1)
    anna.says(QUESTION)
    fetching = settings.model_copy(update={"telegram_webhook_secret": None})
    with Serving(fetching, database, assistant) as serving:
        anna.wait_for("eindverantwoordelijk")
        assert post(serving, json.dumps(update()).encode()) == 404
    assert not api.webhook


def test_the_secret_is_in_no_log(
    serving: Serving, api: FakeBotApi, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        post(serving, b"{", SECRET)
        post(serving, json.dumps(update()).encode(), "fout-geheim")
        serving.settle()
    assert SECRET not in caplog.text and "fout-geheim" not in caplog.text
    assert api.token not in caplog.text


def test_a_refused_token_ends_it(
    settings: Settings, database: Database, assistant: Assistant, api: FakeBotApi
) -> None:
    api.token = "123456:another"
    assert "refuses" in str(why_it_ends(settings, database, assistant))


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"telegram_webhook_secret": "kort"}, "32 to 256"),
        ({"telegram_webhook_secret": "met spatie " * 5}, "32 to 256"),
        ({"public_url": "http://regio.example"}, "https"),
        ({"public_url": None}, "https"),
        ({"telegram_token": None}, "TELEGRAM_TOKEN"),
        ({"web": False}, "WEB"),
    ],
)
def test_settings_that_cannot_work(changed: dict[str, object], why: str) -> None:
    good = {
        "telegram_token": "1:a",
        "telegram_webhook_secret": SECRET,
        "public_url": PUBLIC,
        "web": True,
    }
    with pytest.raises(ValueError, match=why):
        Settings(_env_file=None, **{**good, **changed})
