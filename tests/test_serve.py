"""The service as a whole: what users of Telegram send and see, against a fake Bot API."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.opening import open_store
from bot.serve import NothingToServeError
from bot.settings import Settings
from bot.telegram import ONLY_PRIVATE, PRIVACY_NOTICE, PollingStopped
from bot.telegram_format import EDITED, ONLY_TEXT
from bottlenecks.store import Database
from dialogues.assistant import Assistant
from tests.serving import Serving, settings_for, why_it_ends
from tests.telegram_api import FakeBotApi
from tests.telegram_users import FakeUser

PROBLEM = "al drie organisaties gebeld, nergens thuiszorg te vinden in Geleen, graag melden"
GROUP = -500


@pytest.fixture
def settings(tmp_path: Path, api: FakeBotApi) -> Settings:
    return settings_for(tmp_path, api)


@pytest.fixture
def serving(settings: Settings, database: Database, assistant: Assistant) -> Iterator[Serving]:
    with Serving(settings, database, assistant) as running:
        yield running


def reports(database: Database) -> int:
    with database.work() as work:
        return work.reports.count()


def fill_in(user: FakeUser) -> None:
    """Begin a report and answer everything up to the confirmation."""
    user.says(PROBLEM)
    user.taps("Hoog")
    user.taps("Anoniem melden")
    user.taps("Ja, graag")


def test_notice_at_first_contact_and_answer_with_source(api: FakeBotApi, serving: Serving) -> None:
    anna = api.user(1)
    anna.says("wie coördineert het noodplan?")
    assert anna.wait_for("Telegram") == PRIVACY_NOTICE
    answer = anna.wait_for("standaard eindverantwoordelijk")
    assert "Bron: " in answer
    assert "LHV en InEen" in answer
    anna.says("waar staat dat?")
    anna.wait_for("handreiking")
    assert [message.text for message in anna.messages].count(PRIVACY_NOTICE) == 1
    assert {command["command"] for command in api.commands} >= {"start", "melden", "status"}


def test_report_from_first_message_to_withdrawal(
    api: FakeBotApi, serving: Serving, database: Database
) -> None:
    anna = api.user(1)
    fill_in(anna)
    summary = anna.wait_for("Klopt dit?")
    assert "al drie organisaties gebeld" in summary
    assert reports(database) == 0
    anna.taps("Versturen")
    anna.wait_for("KP-2026-0001")
    assert reports(database) == 1
    anna.says("wat is de status van mijn melding?")
    assert "nieuw" in anna.wait_for("KP-2026-0001")
    anna.says("trek mijn melding in")
    anna.taps("Ja, intrekken")
    anna.wait_for("ingetrokken")


def test_tapped_buttons_are_answered_and_disarmed(api: FakeBotApi, serving: Serving) -> None:
    anna = api.user(1)
    anna.says(PROBLEM)
    anna.taps("Hoog")
    anna.taps("Anoniem melden")
    api.wait_until(lambda: len(api.answered) == 2)
    api.wait_until(lambda: not any(m.buttons for m in api.chats[1] if "Hoog" in m.labels))
    assert len(api.answered) == 2


def test_two_users_at_once(api: FakeBotApi, serving: Serving, database: Database) -> None:
    anna, bert = api.user(1), api.user(2)
    anna.says(PROBLEM)
    bert.says(PROBLEM)
    for label in ("Hoog", "Anoniem melden", "Ja, graag"):
        anna.taps(label)
        bert.taps(label)
    anna.taps("Versturen")
    bert.taps("Versturen")
    anna.wait_for("KP-2026-000")
    bert.wait_for("KP-2026-000")
    assert reports(database) == 2
    for user in (anna, bert):
        user.says("wat is de status van mijn melding?")
    # each sees their own and not the other's
    assert "KP-2026-0002" not in anna.wait_for("nieuw")
    assert "KP-2026-0001" not in bert.wait_for("nieuw")


def test_photo_gets_a_request_for_text_and_leaves_the_report_alone(
    api: FakeBotApi, serving: Serving
) -> None:
    anna = api.user(1)
    anna.says(PROBLEM)
    anna.taps("Hoog")
    anna.sends_photo("kijk")
    anna.wait_for(ONLY_TEXT)
    anna.edits("toch iets anders")
    anna.wait_for(EDITED)
    anna.taps("Anoniem melden")
    anna.taps("Ja, graag")
    anna.taps("Versturen")
    assert "KP-2026-0001" in anna.wait_for("meldingsnummer")


def test_photo_at_first_contact_also_gives_the_notice(api: FakeBotApi, serving: Serving) -> None:
    anna = api.user(1)
    anna.sends_photo()
    assert PRIVACY_NOTICE in anna.wait_for(PRIVACY_NOTICE)
    assert ONLY_TEXT in anna.wait_for(ONLY_TEXT)


def test_nothing_is_kept_of_a_group(api: FakeBotApi, serving: Serving, database: Database) -> None:
    anna = api.user(1)
    anna.says_in_group("nergens thuiszorg te vinden", GROUP)
    anna.says_in_group("@regiowijzer_bot wie coördineert het noodplan?", GROUP)
    api.wait_until(lambda: bool(api.chats[GROUP]))
    anna.says("hallo")
    anna.wait_for("Regiowijzer")
    assert [message.text for message in api.chats[GROUP]] == [ONLY_PRIVATE]
    serving.settle()
    with database.work() as work:
        assert work.inbox.count("done") == 1


def test_update_delivered_twice_gives_one_report(
    api: FakeBotApi, serving: Serving, database: Database
) -> None:
    anna = api.user(1)
    fill_in(anna)
    anna.taps("Versturen")
    api.deliver_again()
    anna.wait_for("KP-2026-0001")
    api.deliver_again()
    # the answer to a later update shows that the repeated one was taken
    anna.says("wie coördineert het noodplan?")
    anna.wait_for("standaard eindverantwoordelijk")
    assert reports(database) == 1
    assert sum("KP-2026-0001" in message.text for message in anna.messages) == 1


def test_second_tap_on_an_old_screen_gives_one_report(
    api: FakeBotApi, serving: Serving, database: Database
) -> None:
    anna = api.user(1)
    fill_in(anna)
    anna.taps("Versturen")
    anna.taps("Versturen", old=True)
    anna.wait_for("KP-2026-0001")
    api.wait_acknowledged()
    serving.settle()
    assert reports(database) == 1


def test_reply_refused_for_a_while_comes_later_and_in_order(
    api: FakeBotApi, settings: Settings, assistant: Assistant
) -> None:
    anna = api.user(1)
    api.fail_next("sendMessage", 429, retry_after=1)
    api.fail_next("sendMessage", 500)
    with open_store(settings) as database, Serving(settings, database, assistant):
        anna.says("hallo")
        anna.wait_for(PRIVACY_NOTICE)
        anna.wait_for("Regiowijzer")
    assert len(anna.messages) == 2


def test_conversation_goes_on_after_a_restart(
    api: FakeBotApi, settings: Settings, database: Database, assistant: Assistant
) -> None:
    anna = api.user(1)
    with Serving(settings, database, assistant):
        fill_in(anna)
        anna.wait_for("Klopt dit?")
    anna.taps("Versturen")
    with Serving(settings, database, assistant):
        anna.wait_for("KP-2026-0001")
    assert reports(database) == 1


def test_without_a_token_there_is_nothing_to_serve(
    settings: Settings, database: Database, assistant: Assistant
) -> None:
    with (
        pytest.raises(NothingToServeError, match="TELEGRAM_TOKEN"),
        Serving(settings.model_copy(update={"telegram_token": None}), database, assistant) as it,
    ):
        it._thread.join(10)


def test_refused_token_ends_it(
    settings: Settings, database: Database, assistant: Assistant, api: FakeBotApi
) -> None:
    api.token = "123456:another"
    assert isinstance(why_it_ends(settings, database, assistant), PollingStopped)
