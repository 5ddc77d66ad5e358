"""Telegram by invitation: who has none reaches nothing, and nothing of it is kept."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import select

from bot.admission import NOT_INVITED, WRONG_CODE
from bot.settings import Settings
from bot.telegram import PRIVACY_NOTICE
from bottlenecks.models import Conversation, FlowRun, InboxItem, Person
from bottlenecks.models_reports import Report, UnclearQuestion
from bottlenecks.store import Database
from bottlenecks.store.invitations import invitation_in
from dialogues.assistant import Assistant
from tests.conftest import Clock, Talk
from tests.desk import ADMIN, PASSWORD, add_officer, forms
from tests.rows import rows
from tests.serving import Serving, settings_for
from tests.telegram_api import FakeBotApi
from tests.test_web_access import invite
from tests.web_visitors import code_in

QUESTION = "wie coördineert het noodplan?"
ANSWER = "standaard eindverantwoordelijk"


@pytest.fixture
def settings(tmp_path: Path, api: FakeBotApi) -> Settings:
    return settings_for(tmp_path, api).model_copy(update={"chat_access": "invited"})


@pytest.fixture
def serving(settings: Settings, database: Database, assistant: Assistant) -> Iterator[Serving]:
    with Serving(settings, database, assistant) as running:
        yield running


def payloads(database: Database) -> list[bytes | None]:
    with database.reading() as work:
        return list(work._session.scalars(select(InboxItem.payload)))


def test_a_stranger_reaches_nothing_and_nothing_is_kept(
    api: FakeBotApi, serving: Serving, database: Database, assistant: Assistant
) -> None:
    colleague = Talk(database, assistant, user="collega")
    code = code_in(colleague.sends("koppel"))
    before = rows(database, Conversation, FlowRun, Report, UnclearQuestion)
    stranger = api.user(7)
    for text in (
        QUESTION,
        "/start",
        "/melden",
        "/privacy",
        code,
        "mijn patiënt heeft BSN 111222333",
    ):
        stranger.says(text)
        assert stranger.wait_for("") == NOT_INVITED
    stranger.sends_photo("kijk")
    assert stranger.wait_for("") == NOT_INVITED
    stranger.edits("toch iets anders")
    assert stranger.wait_for("") == NOT_INVITED
    serving.settle()
    assert {message.text for message in stranger.messages} == {NOT_INVITED}
    assert not any(message.labels for message in stranger.messages)
    assert rows(database, Conversation, FlowRun, Report, UnclearQuestion) == before
    assert not any(payloads(database))
    with database.reading() as work:
        assert work.codes.look_up(code) is not None


@pytest.mark.parametrize(
    "typed",
    ["/start {code}", "{code}", " {code}\n", "https://chat.example/chat/uitnodiging/{code}"],
)
def test_an_invitation_lets_in(
    api: FakeBotApi, serving: Serving, database: Database, typed: str
) -> None:
    code = invite(database)
    anna = api.user(1)
    anna.says(QUESTION)
    assert anna.wait_for("") == NOT_INVITED
    anna.says(typed.format(code=code))
    assert "Praktijk Voorbeeld" in anna.wait_for("Je bent binnen")
    assert anna.wait_for("") == PRIVACY_NOTICE
    anna.wait_for("Regiowijzer")
    anna.says(QUESTION)
    anna.wait_for(ANSWER)
    serving.settle()
    with database.reading() as work:
        [invitation] = work.invitations.list()
    assert invitation.accounts == 1
    # neither the code nor anything before it is in the conversation
    assert not any(payloads(database))
    assert not any(code in message.text for message in anna.messages)


def test_a_wrong_code_lets_nobody_in(api: FakeBotApi, serving: Serving) -> None:
    anna = api.user(1)
    for text in ("/start x", "/start " + "a" * 32, "A" * 32):
        anna.says(text)
        assert anna.wait_for("") == WRONG_CODE
    anna.says(QUESTION)
    assert anna.wait_for("") == NOT_INVITED


def test_codes_cannot_be_tried_without_end(
    api: FakeBotApi, serving: Serving, database: Database
) -> None:
    code = invite(database)
    anna, bert = api.user(1), api.user(2)
    for number in range(10):
        anna.says(f"/start {number}")
        assert anna.wait_for("") == WRONG_CODE
    # the right one is not told from a wrong one any more, and others are let in
    anna.says(f"/start {code}")
    assert "Wacht 15 minuten" in anna.wait_for("te vaak een code")
    bert.says(f"/start {code}")
    bert.wait_for("Je bent binnen")


@pytest.mark.parametrize("ends", ["revoked", "expired"])
def test_a_closed_invitation_closes_telegram_at_the_next_message(
    api: FakeBotApi, serving: Serving, database: Database, clock: Clock, ends: str
) -> None:
    anna = api.user(1)
    anna.says(f"/start {invite(database)}")
    anna.wait_for("Regiowijzer")
    serving.settle()
    if ends == "revoked":
        with database.work() as work:
            [invitation] = work.invitations.list()
            work.invitations.revoke(invitation.id)
    else:
        clock.forward(31 * 24 * 3600)
    anna.says(QUESTION)
    anna.wait_for(NOT_INVITED)
    # a new one opens it again, without the notice of a first contact
    with database.work() as work:
        [old] = work.invitations.list()
        again = work.invitations.make("Praktijk Voorbeeld", old.created_by, timedelta(days=30))
    anna.says(f"/start {again}")
    anna.wait_for("Je bent binnen")
    anna.says(QUESTION)
    anna.wait_for(ANSWER)
    assert [message.text for message in anna.messages].count(PRIVACY_NOTICE) == 1


def test_who_is_in_stays_in_after_a_wrong_code(
    api: FakeBotApi, serving: Serving, database: Database
) -> None:
    anna = api.user(1)
    anna.says(f"/start {invite(database)}")
    anna.wait_for("Regiowijzer")
    anna.says("/start verzonnen")
    anna.says(QUESTION)
    anna.wait_for(ANSWER)
    assert WRONG_CODE not in [message.text for message in anna.messages]


def test_an_open_bot_asks_for_no_invitation(
    api: FakeBotApi, settings: Settings, database: Database, assistant: Assistant
) -> None:
    opened = settings.model_copy(update={"chat_access": "open"})
    with Serving(opened, database, assistant):
        anna = api.user(1)
        anna.says("/start verzonnen")
        anna.wait_for("Regiowijzer")
    assert rows(database, Person) == 1


def test_the_desk_gives_a_link_to_telegram_that_lets_in(
    api: FakeBotApi, tmp_path: Path, database: Database, assistant: Assistant
) -> None:
    both = settings_for(tmp_path, api, web=True).model_copy(update={"chat_access": "invited"})
    add_officer(database)
    with Serving(both, database, assistant) as serving:
        api.wait_until(lambda: bool(api.commands))  # the bot knows its name by now
        with httpx2.Client(base_url=serving.url, follow_redirects=True) as http:
            sent = forms(http.get("/beheer/inloggen"))["/beheer/inloggen"]
            http.post("/beheer/inloggen", data=sent | {"login": ADMIN, "password": PASSWORD})
            sent = forms(http.get("/beheer/toegang"))["/beheer/toegang/uitnodigingen"]
            named = {"practice": "Voorbeeldpraktijk Zuid", "valid": "92"}
            shown = http.post("/beheer/toegang/uitnodigingen", data=sent | named).text
        found = re.search(r"https://t\.me/regiowijzer_bot\?start=([\w-]+)", shown)
        assert found is not None and f"/chat/uitnodiging/{found[1]}" in shown
        anna = api.user(1)
        anna.says(f"/start {found[1]}")
        assert "Voorbeeldpraktijk Zuid" in anna.wait_for("Je bent binnen")


def test_what_is_taken_for_a_code() -> None:
    code = "aB3_-" * 6 + "xy"
    for text in (code, f" {code}\n", f"https://t.me/bot?start={code}", f"/chat/uitnodiging/{code}"):
        assert invitation_in(text) == code
    for text in ("", "a" * 32, code[1:], code + "x", f"code: {code}", f"{code} en dan?", "É" * 32):
        assert invitation_in(text) is None
