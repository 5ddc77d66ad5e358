"""Who sends too fast is asked to wait: nothing it sends is stored, nothing it typed is lost."""

import logging
import time
from pathlib import Path

import httpx2
import pytest
from limits import parse
from starlette.testclient import TestClient

from bot import limits
from bot.limits import Pace, in_words
from bot.settings import Settings
from bot.telegram import TOO_FAST
from bottlenecks.store import Database
from dialogues.assistant import Assistant
from tests.desk import forms
from tests.serving import Serving, settings_for
from tests.telegram_api import FakeBotApi
from tests.test_web_access import invite
from tests.web_visitors import JSON, Site, Visitor

SLOW = "Je stuurt veel berichten achter elkaar"
BODY = "<b>dit & dat</b>\nen nog een regel"


@pytest.fixture
def site(database: Database, assistant: Assistant) -> Site:
    """A site that stores what comes in and answers nothing by itself."""
    made = Site(database, assistant)
    made.answers_at_once = False
    return made


def send(visitor: Visitor, number: int, text: str = "hallo") -> httpx2.Response:
    data = {"id": f"m{number}", "tekst": text}
    return visitor.http.post("/chat/bericht", data=data, headers=JSON)


def waiting(database: Database) -> int:
    with database.reading() as work:
        return work.inbox.count("new")


def at(site: Site, address: str) -> Visitor:
    """A visitor at another network address."""
    visitor = Visitor(site)
    visitor.http = TestClient(
        site.app, base_url="http://localhost", follow_redirects=False, client=(address, 50000)
    )
    return visitor


def test_a_visitor_in_a_hurry_is_let_through_and_a_flood_is_not(
    site: Site, database: Database
) -> None:
    anna, bert = Visitor(site), Visitor(site)
    anna.opens()
    bert.opens()
    assert all(send(anna, number).status_code == 200 for number in range(limits.PER_USER))
    refused = send(anna, 99)
    assert refused.status_code == 429
    assert SLOW in refused.json()["fout"] and "nog niet verstuurd" in refused.json()["fout"]
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert refused.headers["cache-control"] == "no-store"
    assert waiting(database) == limits.PER_USER
    # someone else behind the same address is not in its way
    assert send(bert, 1).status_code == 200


def test_without_scripts_what_was_typed_is_given_back(site: Site, database: Database) -> None:
    anna = Visitor(site)
    anna.opens()
    for number in range(limits.PER_USER):
        send(anna, number)
    refused = anna.http.post("/chat/bericht", data={"id": "mijn", "tekst": BODY})
    assert refused.status_code == 429 and int(refused.headers["retry-after"]) >= 1
    assert SLOW in refused.text and "<b>dit" not in refused.text and "Naar de chat" in refused.text
    again = forms(refused)["/chat/bericht"]
    assert again == {"id": "mijn", "tekst": BODY}
    tapped = anna.http.post("/chat/bericht", data={"id": "t", "keuze": "f:a", "van": "12"})
    assert forms(tapped)["/chat/bericht"] == {"id": "t", "keuze": "f:a", "van": "12"}
    assert waiting(database) == limits.PER_USER


def test_many_made_up_visitors_are_one_address(
    database: Database, assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHAT_PER_MINUTE_ADDRESS", "5")
    site = Site(database, assistant)
    site.answers_at_once = False
    statuses = []
    for number in range(7):
        visitor = at(site, "2001:db8::1")
        visitor.http.cookies.set("regiowijzer_gesprek", f"{number:043}")
        statuses.append(send(visitor, number).status_code)
    assert statuses == [200] * 5 + [429] * 2
    # one subscriber has a whole /64 of IPv6; another address is another matter
    near, far = at(site, "2001:db8::ffff"), at(site, "2001:db8:0:1::1")
    for visitor in (near, far):
        visitor.opens()
    assert send(near, 1).status_code == 429
    assert send(far, 1).status_code == 200


def test_invitations_cannot_be_tried_without_end(database: Database, assistant: Assistant) -> None:
    site = Site(database, assistant, access="invited")
    link = f"/chat/uitnodiging/{invite(database)}"
    guesser, anna = at(site, "192.0.2.1"), at(site, "192.0.2.2")
    anna.http.get(link)
    guesser.http.cookies.set("regiowijzer_gesprek", "g" * 43)
    tries = [
        guesser.http.request("POST" if number % 2 else "GET", f"/chat/uitnodiging/x{number}")
        for number in range(121)
    ]
    assert [answer.status_code for answer in tries] == [404] * 120 + [429]
    assert "te vaak een uitnodiging geopend" in tries[-1].text
    assert "Wacht 15 minuten" in tries[-1].text
    assert 800 < int(tries[-1].headers["retry-after"]) <= 900
    # the right one is not told from a wrong one any more, and others are let in
    assert guesser.http.post(link).status_code == 429
    assert anna.http.post(link).status_code == 303


def test_a_flooding_user_does_not_use_up_the_address() -> None:
    pace = Pace(per_user=2, per_address=4)
    assert [pace.message("a", "192.0.2.1") > 0 for _ in range(50)] == [False] * 2 + [True] * 48
    assert pace.message("b", "192.0.2.1") == 0


def test_the_wait_is_over_after_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    pace, now = Pace(per_user=2), time.time()
    assert pace.message("a") == pace.message("a") == 0
    assert 59 <= pace.message("a") <= 61
    monkeypatch.setattr(time, "time", lambda: now + 61)
    assert pace.message("a") == 0


def test_waits_in_words() -> None:
    assert [in_words(seconds) for seconds in (1, 2, 119, 121, 900)] == [
        "1 seconde",
        "2 seconden",
        "119 seconden",
        "3 minuten",
        "15 minuten",
    ]


# -- Telegram -----------------------------------------------------------------------------------


@pytest.fixture
def settings(tmp_path: Path, api: FakeBotApi) -> Settings:
    return settings_for(tmp_path, api).model_copy(update={"chat_per_minute": 3})


def test_a_telegram_user_who_floods_is_told_once(
    settings: Settings,
    database: Database,
    assistant: Assistant,
    api: FakeBotApi,
    caplog: pytest.LogCaptureFixture,
) -> None:
    anna, bert = api.user(70001), api.user(70002)
    with caplog.at_level(logging.WARNING), Serving(settings, database, assistant) as serving:
        for number in range(10):
            anna.says(f"vraag {number}")
        anna.wait_for(TOO_FAST)
        bert.says("hallo")
        api.wait_acknowledged()
        serving.settle()
        bert.wait_for("")
    assert [sent.text for sent in anna.messages].count(TOO_FAST) == 1
    assert TOO_FAST not in [sent.text for sent in bert.messages]
    with database.reading() as work:
        assert work.inbox.count("done") == 4
    [dropped] = [one for one in caplog.records if one.message == "updates dropped, sent too fast"]
    assert vars(dropped)["number"] == 7
    assert "70001" not in caplog.text


def test_what_waited_at_telegram_is_not_dropped(
    settings: Settings,
    database: Database,
    assistant: Assistant,
    api: FakeBotApi,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    anna = api.user(70001)
    now = time.time()
    with monkeypatch.context() as before:
        before.setattr("tests.telegram_users.time.time", lambda: now - 3600)
        for _ in range(10):
            anna.says("wie coördineert het noodplan?")
    with Serving(settings, database, assistant) as serving:
        api.wait_acknowledged()
        serving.settle()
    with database.reading() as work:
        assert work.inbox.count("done") == 10
    assert TOO_FAST not in [sent.text for sent in anna.messages]


def test_a_flood_in_a_group_is_not_answered_each_time(
    settings: Settings, database: Database, assistant: Assistant, api: FakeBotApi
) -> None:
    anna = api.user(70001)
    with Serving(settings, database, assistant) as serving:
        for _ in range(10):
            anna.says_in_group("/start")
        api.wait_acknowledged()
        serving.settle()
    assert len(api.chats[-500]) <= 3


# -- where a browser is -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("proxies", "refused"), [(None, True), ("192.0.2.7", True), ("127.0.0.1, 10.0.0.0/8", False)]
)
def test_only_a_named_proxy_tells_where_a_browser_is(
    tmp_path: Path,
    database: Database,
    assistant: Assistant,
    api: FakeBotApi,
    proxies: str | None,
    refused: bool,
) -> None:
    changed = {"chat_per_minute_address": 1, "trusted_proxies": proxies, "telegram_token": None}
    settings = settings_for(tmp_path, api, web=True).model_copy(update=changed)
    with Serving(settings, database, assistant) as serving:
        statuses = [
            httpx2.post(
                f"{serving.url}/chat/bericht",
                data={"id": "a", "tekst": "hallo"},
                headers={
                    **JSON,
                    "Cookie": f"regiowijzer_gesprek={number:043}",
                    # the first is made up by the visitor, the last is added by the proxy
                    "X-Forwarded-For": f"203.0.113.{number}, 198.51.100.{number}",
                },
            ).status_code
            for number in range(2)
        ]
    assert statuses == [200, 429 if refused else 200]


@pytest.mark.parametrize("value", ["*", "proxy.example", "10.0.0.1/8", "10.0.0.300"])
def test_a_proxy_is_an_address_or_a_network(value: str) -> None:
    with pytest.raises(ValueError, match="address"):
        Settings(_env_file=None, trusted_proxies=value)


def test_who_sent_nothing_lately_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "FORGET_S", 0.0)
    pace = Pace()
    pace._limiter.hit(parse("1 per second"), "user", "gone")
    assert pace.message("here", "192.0.2.1") == 0
    assert [key for key in pace._counted.events if "gone" in key]
    deadline = time.monotonic() + 10
    while [key for key in pace._counted.events if "gone" in key]:
        assert time.monotonic() < deadline
        time.sleep(0.2)
        pace.message("here", "192.0.2.1")
    assert [key for key in pace._counted.events if "here" in key]
