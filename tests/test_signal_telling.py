"""Signals reach whom they concern, by the ways that are switched on, when something changed."""

import asyncio
from collections.abc import Callable
from functools import partial

import pytest

from bot.signals import Teller, Watch
from bottlenecks.roles import EVERYWHERE, Officer, Role
from bottlenecks.signals import MAIL, TELEGRAM, Condition
from bottlenecks.store import Database
from dialogues.reply import Reply
from tests.conftest import Clock
from tests.desk import ADMIN, REGIONS, add_officer
from tests.desk_officers import MINES
from tests.desk_reports import file_report
from tests.signal_rules import DAY, make_rule, officer_of


@pytest.fixture
def ada(database: Database) -> Officer:
    """An officer who sees everything."""
    return officer_of(database, add_officer(database))


@pytest.fixture
def rule(database: Database, ada: Officer) -> Callable[..., str]:
    """Makes a rule of which Ada is told."""
    return partial(make_rule, database, ada)


def test_nobody_is_told_of_a_region_that_they_may_not_see(
    database: Database, rule: Callable[..., str], ada: Officer
) -> None:
    mines = add_officer(database, "mien@rho.example", Role.READER, MINES, password=None)
    gone = add_officer(database, "weg@rho.example", password=None)
    with database.work() as work:
        work.officers.change(gone, name="Weg", role=Role.READER, scope=EVERYWHERE, is_active=False)
    rule(recipients=(ada.id, mines, gone, "unknown"), by_mail=True, by_telegram=True)
    for _ in range(3):
        file_report(database)
    watch = Watch(database, Teller(REGIONS, {MAIL, TELEGRAM}, "https://rw.example"))
    assert watch.look() == 1
    with database.work() as work:
        [mail] = work.outbox.due(MAIL)
        assert work.outbox.count("pending") == 1, "nobody linked Telegram"
        assert work.signals.unread(officer_of(database, mines)) == 0
    assert mail.address == ADMIN
    text = Reply.model_validate_json(mail.payload).text
    assert text == (
        "Signaal: Thuiszorg loopt vast (Utrecht)\n\n"
        "3 meldingen over Thuiszorg in de laatste 7 dagen.\n\n"
        "Nieuwste: KP-2026-0003, KP-2026-0002, KP-2026-0001.\n\n"
        "Bekijk het in beheer: https://rw.example/beheer/signalen"
    )
    assert watch.look() == 0


def test_over_telegram_goes_what_is_for_who_linked_it(
    database: Database, rule: Callable[..., str], ada: Officer
) -> None:
    with database.work() as work:
        chat = work.accounts.find_or_create(TELEGRAM, "7", "7")
        work.officers.link(ada.id, chat.person_id)
    rule(by_mail=True, by_telegram=True)
    for _ in range(3):
        file_report(database)
    Watch(database, Teller(REGIONS, {TELEGRAM})).look()
    with database.work() as work:
        [item] = work.outbox.due(TELEGRAM)
        assert work.outbox.due(MAIL) == [], "mail is not set up here"
    assert "in beheer, bij Signalen." in Reply.model_validate_json(item.payload).text


def test_who_links_two_chats_keeps_getting_signals(database: Database, ada: Officer) -> None:
    with database.work() as work:
        first = work.accounts.find_or_create(TELEGRAM, "7", "7")
        second = work.accounts.find_or_create("web", "browser", "browser")
        work.officers.link(ada.id, first.person_id)
        work.accounts.merge(first.person_id, into=second.person_id)
    with database.reading() as work:
        view = work.officers.get(ada.id)
        assert view is not None and view.person_id == second.person_id
        assert work.accounts.on_channel(second.person_id, TELEGRAM) == first.id


def test_a_look_is_only_taken_when_something_changed(
    database: Database, rule: Callable[..., str], clock: Clock
) -> None:
    watch = Watch(database, Teller(REGIONS, ()))
    rule(Condition(more_than=0, days=1))
    assert watch.look_if_changed() == 0
    file_report(database)
    assert watch.look_if_changed() == 1
    assert watch.look_if_changed() == 0
    clock.forward(1)
    rule(Condition(more_than=0, days=2))
    assert watch.look_if_changed() == 1, "a new rule is looked at, too"


def test_the_job_looks_when_woken_and_by_itself(
    database: Database,
    rule: Callable[..., str],
    ada: Officer,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rule(Condition(more_than=0, days=1))

    async def run() -> None:
        stop, wake = asyncio.Event(), asyncio.Event()
        job = asyncio.create_task(Watch(database, Teller(REGIONS, ())).run(stop, wake))
        # the first look, at nothing
        await asyncio.sleep(0.3)
        file_report(database)
        await asyncio.sleep(0.3)
        assert open_now() == [], "its minute is not over"
        wake.set()
        await until(lambda: len(open_now()) == 1)
        stop.set()
        await asyncio.wait_for(job, 5)
        # time alone ends a signal: nobody wakes the job for that
        monkeypatch.setattr("bot.signals.EVERY_S", 0.1)
        stop.clear()
        job = asyncio.create_task(Watch(database, Teller(REGIONS, ())).run(stop, wake))
        await asyncio.sleep(0.3)
        clock.forward(2 * DAY)
        await until(lambda: open_now() == [])
        stop.set()
        await asyncio.wait_for(job, 5)

    def open_now() -> list[int]:
        with database.reading() as work:
            return [one.id for one in work.signals.open(EVERYWHERE)]

    async def until(holds: Callable[[], bool]) -> None:
        for _ in range(200):
            if holds():
                return
            await asyncio.sleep(0.05)
        raise AssertionError("it did not look")

    asyncio.run(run())


def test_one_broken_rule_does_not_hold_up_the_others(
    database: Database, rule: Callable[..., str]
) -> None:
    names = sorted(rule(Condition(more_than=0)) for _ in range(2))
    with database.engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE signal_rule SET condition = '{\"days\": -1}' WHERE id = ?", (names[0],)
        )
    file_report(database)
    assert Watch(database, Teller(REGIONS, ())).look() == 1
