"""An officer links their own chat in Telegram, to get signals there."""

from collections.abc import Callable

import pytest

from bot.signals import Teller, Watch
from bottlenecks.signals import TELEGRAM, Condition
from bottlenecks.store import Database
from bottlenecks.store.signal_rules import RuleDraft
from dialogues.reply import Reply
from tests.conftest import Clock
from tests.desk import REGIONS, Browser, add_officer, forms, make_desk
from tests.desk_reports import file_report
from tests.whole_site import sign_in

LINK = "/beheer/account/koppelen"


@pytest.fixture
def code(database: Database) -> Callable[..., str]:
    """Makes a code as a chat on this channel gives it."""

    def make(channel: str = TELEGRAM) -> str:
        with database.work() as work:
            chat = work.accounts.find_or_create(channel, "7", "7")
            return work.codes.make(chat.person_id)

    return make


def at_account(database: Database, *, telegram: bool = True) -> tuple[Browser, str]:
    officer = add_officer(database)
    client = make_desk(database)
    object.__setattr__(client.app.state.desk, "telegram", telegram)
    desk = sign_in(Browser(client), database, officer)
    desk.opens("/beheer/account")
    return desk, officer


def test_a_chat_is_linked_with_its_code_and_unlinked(
    database: Database, code: Callable[..., str]
) -> None:
    desk, officer = at_account(database)
    given = code()
    desk.sends(LINK, {"code": f"  {given.lower()} "})
    assert desk.sees("Telegram is gekoppeld.") and desk.sees("Gekoppeld. Staat Telegram aan")
    with database.work() as work:
        [told] = work.outbox.due(TELEGRAM)
        view = work.officers.get(officer)
        assert work.codes.look_up(given) is None, "a code works once"
    assert told.payload.startswith("Dit gesprek is gekoppeld aan het account van Ada Jansen")
    assert view is not None and view.person_id is not None
    draft = RuleDraft("Spoed", Condition(more_than=0), (officer,), by_telegram=True)
    with database.work() as work:
        work.outbox.sent(told.id)
        work.signals.add_rule(draft, created_by=officer)
    file_report(database)
    Watch(database, Teller(REGIONS, {TELEGRAM})).look()
    with database.work() as work:
        [item] = work.outbox.due(TELEGRAM)
    assert Reply.model_validate_json(item.payload).text.startswith("Signaal: Spoed (Utrecht)")
    desk.sends("/beheer/account/ontkoppelen")
    assert desk.sees("Telegram is ontkoppeld.")
    with database.reading() as work:
        lines = [line.action for line in work.audit.latest(limit=2)]
    assert lines == ["chat-ontkoppeld", "chat-gekoppeld"]


@pytest.mark.parametrize("typed", ["", "weet ik niet", "A2B3-C4D5", "x" * 5000])
def test_a_code_that_does_not_work(database: Database, typed: str) -> None:
    desk, _ = at_account(database)
    desk.sends(LINK, {"code": typed})
    assert desk.page.status_code == 422
    assert desk.sees("Deze code werkt niet." if typed else "Vul de code in.")


def test_an_old_code_and_one_of_the_browser(
    database: Database, code: Callable[..., str], clock: Clock
) -> None:
    desk, officer = at_account(database)
    desk.sends(LINK, {"code": code("web")})
    assert desk.page.status_code == 422 and desk.sees("Deze code komt niet uit Telegram.")
    given = code()
    clock.forward(16 * 60)
    desk.opens("/beheer/account")
    desk.sends(LINK, {"code": given})
    assert desk.page.status_code == 422 and desk.sees("Deze code werkt niet.")


def test_codes_cannot_be_guessed_for_long(database: Database, code: Callable[..., str]) -> None:
    desk, _ = at_account(database)
    for _ in range(5):
        desk.sends(LINK, {"code": "A2B3-C4D5"})
    desk.sends(LINK, {"code": code()})
    assert desk.page.status_code == 429 and desk.sees("Er is te vaak een code geprobeerd.")


def test_without_telegram_nothing_can_be_linked(database: Database) -> None:
    desk, _ = at_account(database, telegram=False)
    assert desk.sees("Telegram is hier nog niet ingesteld.") and LINK not in forms(desk.page)
