"""What is kept of a chat in the browser: delivered once, shown again, marked read, erased."""

import asyncio
import re
from datetime import timedelta

import pytest

from bot.web.channel import CHANNEL, Watchers, WebDelivery
from bottlenecks.store import Database
from bottlenecks.store.outbox import Outgoing
from dialogues.assistant import Assistant
from dialogues.reply import Reply
from tests.conftest import Clock
from tests.web_visitors import Site, Visitor, put, read_page


@pytest.fixture
def site(database: Database, assistant: Assistant) -> Site:
    return Site(database, assistant)


@pytest.fixture
def anna(site: Site) -> Visitor:
    return Visitor(site)


def test_delivered_exactly_once(database: Database) -> None:
    with database.work() as work:
        account = work.accounts.find_or_create(CHANNEL, "t", "browser")
        outbox_id = work.outbox.add(account.id, Reply(text="een").model_dump_json())
    delivery = WebDelivery(database, Watchers())
    item = Outgoing(
        outbox_id, account.id, CHANNEL, "browser", Reply(text="een").model_dump_json(), 0
    )
    asyncio.run(delivery.deliver(item))
    asyncio.run(delivery.deliver(item))
    with database.reading() as work:
        assert len(work.mailbox.latest(account.id)) == 1


def test_earlier_messages(anna: Visitor, clock: Clock) -> None:
    for number in range(40):
        anna.says(f"hallo {number}")
        clock.forward(60)
    clock.forward(24 * 3600)
    anna.says("hallo 40")
    page = anna.opens()
    assert "Waarmee kan ik je helpen?" not in page
    assert "maandag 2 maart 2026" in page and "dinsdag 3 maart 2026" in page
    shown = read_page(page)
    assert len(shown) == 50
    [earlier] = re.findall(r'href="(/chat/eerder\?voor=\d+)"', page)
    fragment = anna.http.get(earlier + "&deel=1").json()
    older = read_page(fragment["html"])
    assert older[-1].id < shown[0].id
    assert "hallo 0" in older[0].text and fragment["voor"] is None
    assert len(older) + len(shown) == 82
    assert [m.id for m in read_page(anna.http.get(earlier).text)] == [m.id for m in older]


def test_what_was_shown_is_marked_read(site: Site, anna: Visitor, database: Database) -> None:
    def unread() -> list[str]:
        token = anna.http.cookies["regiowijzer_gesprek"]
        with database.reading() as work:
            account_id = work.mailbox.account_of(CHANNEL, token)
            assert account_id is not None
            messages = work.mailbox.latest(account_id)
        return [m.payload for m in messages if m.read_at is None and not m.is_said]

    anna.says("hallo")
    assert unread() == []
    put(site, anna, Reply(text="Je melding is opgelost."))
    assert len(unread()) == 1
    with database.reading() as work:
        last = work.mailbox.latest(
            work.mailbox.account_of(CHANNEL, anna.http.cookies["regiowijzer_gesprek"]) or ""
        )[-1].id
    assert anna.http.post("/chat/gelezen", data={"tot": str(last)}).status_code == 204
    assert unread() == []


def test_old_messages_can_be_erased(anna: Visitor, database: Database, clock: Clock) -> None:
    anna.says("hallo")
    clock.forward(100 * 24 * 3600)
    anna.says("dank je")
    with database.work() as work:
        assert work.mailbox.erase_older_than(clock() - timedelta(days=90)) == 2
    assert anna.messages[0].text == "dank je"
