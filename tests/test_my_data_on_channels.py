"""Erasing what is kept about a person, on each channel: replies on their way, browser, Telegram."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.orm import Session

from bot.telegram import PRIVACY_NOTICE
from bot.web.context import Access
from bottlenecks import tidying
from bottlenecks.models import (
    Account,
    OutboxItem,
    Person,
    WebMessage,
)
from bottlenecks.retention import UNUSED_ACCOUNTS_KEPT, periods
from bottlenecks.roles import EVERYWHERE, Role
from bottlenecks.store import Database
from dialogues.assistant import Assistant
from dialogues.my_data import YES
from tests.conftest import Clock, Talk
from tests.my_data import CHECKLIST, DONE
from tests.rows import rows
from tests.serving import Serving, settings_for
from tests.telegram_api import FakeBotApi
from tests.web_visitors import Site, Visitor


def test_a_reply_on_its_way_does_not_come_back(talk: Talk, database: Database) -> None:
    talk.says("hallo")
    with database.work() as work:
        account = work.accounts.find_or_create("test", "u1", "u1")
        late = work.outbox.add(account.id, '{"text": "een laat bericht"}')
        assert [item.id for item in work.outbox.due("test")] == [late]
    with database.work() as work:
        work.my_data.erase(account.person_id)
        confirmation = work.outbox.add(account.id, '{"text": "klaar"}')
        assert confirmation != late
    with database.work() as work:
        work.outbox.sent(late)
        assert work.outbox.postpone(late, "timeout")
        work.outbox.give_up(late, "blocked")
    with database.work() as work:
        assert [item.id for item in work.outbox.due("test")] == [confirmation]
    with Session(database.engine) as session:
        item = session.get_one(OutboxItem, late)
        assert (item.status, item.payload) == ("erased", None)


def test_an_account_stays_while_its_last_reply_waits(
    talk: Talk, database: Database, clock: Clock
) -> None:
    kept = [one for one in periods() if one.kind == "unused accounts"]
    talk.says("hallo")
    with database.work() as work:
        account = work.accounts.find_or_create("test", "u1", "u1")
        work.my_data.erase(account.person_id)
        waiting = work.outbox.add(account.id, '{"text": "klaar"}')
    clock.now += UNUSED_ACCOUNTS_KEPT * 10
    assert tidying.erase(database, kept) == {"unused accounts": 0}
    assert "klaar" in talk.receives()
    assert tidying.erase(database, kept) == {"unused accounts": 1}
    with Session(database.engine) as session:
        assert session.get(OutboxItem, waiting) is None


def test_an_officer_is_no_longer_linked(talk: Talk, database: Database) -> None:
    talk.says("hallo")
    with database.work() as work:
        officer = work.officers.add("bo@rho.example", "Bo", Role.HANDLER, EVERYWHERE)
        account = work.accounts.find_or_create("test", "u1", "u1")
        work.officers.link(officer, account.person_id)
    assert "Koppeling met het beheer" in talk.says("mijn gegevens")
    assert "signalen komen hier dan niet meer binnen" in talk.says("verwijder mijn gegevens")
    assert DONE in talk.taps(YES)
    with database.reading() as work:
        view = work.officers.get(officer)
        assert view is not None and view.person_id is None
        assert [entry.action for entry in work.audit.latest(actor=officer)] == ["chat-ontkoppeld"]


@pytest.mark.parametrize("access", ["open", "invited"])
def test_in_the_browser_the_confirmation_stands_alone(
    database: Database, assistant: Assistant, clock: Clock, access: Access
) -> None:
    site = Site(database, assistant, access=access)
    anna = Visitor(site)
    if access == "invited":
        with database.work() as work:
            officer = work.officers.add("bo@rho.example", "Bo", Role.ADMIN, EVERYWHERE)
            link = work.invitations.make("Voorbeeldpraktijk", officer, timedelta(days=30))
        anna.http.get(f"/chat/uitnodiging/{link}")
        anna.http.post(f"/chat/uitnodiging/{link}")
    assert "browser" in anna.says("mijn gegevens")
    asked = anna.says("verwijder mijn gegevens")
    assert ("Je uitnodiging blijft nog 2 dagen werken" in asked) == (access == "invited")
    anna.taps(YES)
    assert [message.text for message in anna.messages] == [anna.last]
    assert anna.last.startswith(DONE)
    clock.now += UNUSED_ACCOUNTS_KEPT + timedelta(seconds=1)
    tidying.erase(database, [one for one in periods() if one.kind == "unused accounts"])
    assert rows(database, Account) == rows(database, WebMessage) == rows(database, Person) == 0
    assert DONE not in anna.opens()


def test_a_telegram_id_stands_nowhere_readable(
    tmp_path: Path, database: Database, assistant: Assistant
) -> None:
    number = 7261548390172
    with (
        FakeBotApi() as api,
        Serving(settings_for(tmp_path, api), database, assistant) as serving,
    ):
        anna = api.user(number)
        anna.says("ik ben huisarts in Utrecht")
        anna.says(CHECKLIST)
        anna.taps("Stap voor stap")
        anna.says("koppel")
        anna.wait_for("Typ deze code")
        serving.settle()
        with database.engine.connect() as connection:
            for table in inspect(database.engine).get_table_names():
                for row in connection.execute(text(f'SELECT * FROM "{table}"')):
                    assert str(number) not in str(tuple(row)), table
            account = connection.execute(text("SELECT * FROM account")).one()
        assert account.outside_hash == database.cipher.hash_id("telegram", str(number))
        assert database.cipher.decrypt(account.address) == str(number)
        # secure_delete: nor in what the file no longer uses, nor in its log
        content = b"".join(path.read_bytes() for path in tmp_path.glob("test.db*"))
        assert str(number).encode() not in content and b"U7261548390172" not in content
        anna.says("vergeet mij")
        anna.taps(YES)
        assert "Wat in Telegram zelf staat" in anna.wait_for(DONE)
        anna.says("hallo")
        assert anna.wait_for("Telegram") == PRIVACY_NOTICE, "it is a first contact again"
        anna.wait_for("Ik ben Regiowijzer")
