"""The stores: inbox, outbox, reports and accounts."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import make_url

from bot.worker import APOLOGY, Opened, Worker
from bottlenecks.roles import EVERYWHERE
from bottlenecks.store import Database
from bottlenecks.store.engine import make_engine
from bottlenecks.store.inbox import MAX_ATTEMPTS
from bottlenecks.store.outbox import BACK_OFF_S
from bottlenecks.store.report_search import ReportFilter
from bottlenecks.store.reports import Draft
from bottlenecks.workflow import MoveNotAllowedError, Status
from dialogues.assistant import Assistant
from dialogues.reply import Incoming, Reply
from tests.conftest import Clock, Talk
from tests.migrations import (
    PLACES_KEPT,
    REPORTS_KEPT,
    reports_there_and_back,
    there_and_back,
)


def draft(description: str = "geen plek") -> Draft:
    return Draft("thuiszorg", "utrecht", None, description, None, "hoog", True)


def account_of(database: Database, user: str) -> str:
    with database.work() as work:
        return work.accounts.find_or_create("test", user, user).id


def add(database: Database, account: str, *payloads: str) -> None:
    with database.work() as work:
        for payload in payloads:
            work.outbox.add(account, payload)


def due(database: Database) -> list[str]:
    with database.work() as work:
        return [item.payload for item in work.outbox.due("test")]


def first_due(database: Database) -> int:
    with database.work() as work:
        return work.outbox.due("test")[0].id


def file_report(database: Database, user: str = "u1") -> str:
    with database.work() as work:
        account = work.accounts.find_or_create("test", user, user)
        return work.reports.file(
            draft(), person_id=account.person_id, account_id=account.id, practice_id=None
        )


def person_of(database: Database, user: str) -> str:
    with database.work() as work:
        return work.accounts.find_or_create("test", user, user).person_id


def test_duplicate_update_is_harmless(database: Database) -> None:
    with database.work() as work:
        assert work.inbox.receive("test", "1", "een")
    with database.work() as work:
        assert not work.inbox.receive("test", "1", "een")
        assert work.inbox.count("new") == 1
        assert work.inbox.receive("other", "1", "van een ander kanaal")


def test_duplicate_of_a_handled_update_is_not_handled_again(talk: Talk, database: Database) -> None:
    talk.says("hallo")
    with database.work() as work:
        assert not work.inbox.receive("test", "u1-1", 'u1|{"text": "hallo"}')
    assert talk.worker.handle_next() is None
    with database.work() as work:
        assert work.outbox.count("pending") == 0


def test_inbox_hands_out_oldest_first_and_erases(database: Database) -> None:
    with database.work() as work:
        for number in ("1", "2"):
            work.inbox.receive("test", number, f"tekst {number}")
    with database.work() as work:
        first = work.inbox.next()
        assert first is not None and first.payload == "tekst 1"
        work.inbox.done(first.id)
    with database.work() as work:
        second = work.inbox.next()
        assert second is not None and second.payload == "tekst 2"
        assert work.inbox.latest_update_id("test") == "2"


def test_update_that_fails_three_times_is_set_aside_with_an_apology(
    database: Database, assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("kapot")

    monkeypatch.setattr(Assistant, "respond", fail)
    worker = Worker(
        database, assistant, {"test": lambda payload: Opened("u1", "u1", Incoming(text=payload))}
    )
    with database.work() as work:
        work.inbox.receive("test", "1", "hallo")
    for _ in range(MAX_ATTEMPTS - 1):
        assert worker.handle_next() is not None
        assert due(database) == []
    assert worker.handle_next() is not None
    assert worker.handle_next() is None
    assert [Reply.model_validate_json(payload) for payload in due(database)] == [APOLOGY]
    with database.work() as work:
        assert work.inbox.count("failed") == 1


def test_failed_update_does_not_block_the_next(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(Assistant, "respond", lambda *_: 1 / 0)
        assert "Er ging bij mij iets mis" in talk.says("hallo")
    assert "Regiowijzer" in talk.says("hallo")


def test_outbox_gives_one_reply_per_account_in_order(database: Database) -> None:
    one, two = account_of(database, "u1"), account_of(database, "u2")
    add(database, one, "een", "twee")
    add(database, two, "drie")
    assert due(database) == ["een", "drie"]
    with database.work() as work:
        work.outbox.sent(work.outbox.due("test")[0].id)
    assert due(database) == ["twee", "drie"]


def test_postponed_reply_holds_up_later_ones_of_its_account_only(
    database: Database, clock: Clock
) -> None:
    one, two = account_of(database, "u1"), account_of(database, "u2")
    add(database, one, "een", "twee")
    add(database, two, "drie")
    with database.work() as work:
        assert work.outbox.postpone(work.outbox.due("test")[0].id, "vol", wait_s=30)
    assert due(database) == ["drie"]
    clock.forward(30)
    assert due(database) == ["een", "drie"]


def test_back_off_grows_and_ends(database: Database, clock: Clock) -> None:
    add(database, account_of(database, "u1"), "een", "twee")
    item = first_due(database)
    for wait in BACK_OFF_S:
        with database.work() as work:
            assert work.outbox.postpone(item, "onbereikbaar")
        clock.forward(wait - 0.5)
        assert due(database) == []
        clock.forward(0.5)
        assert due(database) == ["een"]
    with database.work() as work:
        assert not work.outbox.postpone(item, "onbereikbaar")
        assert work.outbox.count("dead") == 1
    assert due(database) == ["twee"]


def test_waiting_asked_by_the_channel_is_no_failed_attempt(
    database: Database, clock: Clock
) -> None:
    add(database, account_of(database, "u1"), "een")
    item = first_due(database)
    for _ in range(2 * len(BACK_OFF_S)):
        with database.work() as work:
            assert work.outbox.postpone(item, "429", wait_s=5)
        clock.forward(5)
    assert due(database) == ["een"]


def test_references_count_within_the_year(database: Database, clock: Clock) -> None:
    clock.now = datetime(2026, 12, 31, 22, 0, tzinfo=UTC)
    assert [file_report(database), file_report(database, "u2")] == ["KP-2026-0001", "KP-2026-0002"]
    clock.now = datetime(2027, 1, 1, 9, 0, tzinfo=UTC)
    assert file_report(database) == "KP-2027-0001"
    clock.now = datetime(2027, 6, 1, 9, 0, tzinfo=UTC)
    assert file_report(database, "u2") == "KP-2027-0002"


def test_reports_are_the_persons_own(database: Database) -> None:
    reference = file_report(database)
    mine, other = person_of(database, "u1"), person_of(database, "u2")
    with database.work() as work:
        assert [report.reference for report in work.reports.own(mine)] == [reference]
        assert work.reports.own(other) == []
        assert work.reports.own_by_reference(other, reference) is None
        with pytest.raises(LookupError):
            work.reports.add_text(other, reference, "tekst")
        with pytest.raises(LookupError):
            work.reports.withdraw(other, reference)


def test_every_change_of_a_report_is_an_event(database: Database, clock: Clock) -> None:
    reference = file_report(database)
    person = person_of(database, "u1")
    with database.work() as work:
        work.cases.move(reference, EVERYWHERE, Status.IN_PROGRESS, actor="o1")
        work.cases.reply(reference, EVERYWHERE, actor="o1", text="We kijken ernaar.")
        work.reports.add_text(person, reference, "nog steeds")
        work.reports.withdraw(person, reference)
        view = work.reports.own(person)[0]
    assert [event.kind for event in view.events] == [
        "created",
        "status",
        "reply",
        "addition",
        "status",
    ]
    assert view.status is Status.WITHDRAWN and not view.is_open
    assert view.last_answer is not None and view.last_answer.text == "We kijken ernaar."
    with database.work() as work, pytest.raises(MoveNotAllowedError):
        work.reports.withdraw(person, reference)


def test_transaction_that_fails_keeps_nothing(database: Database) -> None:
    with pytest.raises(RuntimeError), database.work() as work:
        work.inbox.receive("test", "1", "een")
        raise RuntimeError
    with database.work() as work:
        assert work.inbox.next() is None


def test_account_is_made_once_and_practice_is_shared(database: Database) -> None:
    one, two = person_of(database, "u1"), person_of(database, "u2")
    assert person_of(database, "u1") == one != two
    with database.work() as work:
        assert not work.accounts.practice_of(one).asked
        first = work.accounts.remember_practice(one, "De Linde")
        assert first is not None
        assert work.accounts.remember_practice(two, "De Linde") == first
        assert work.accounts.practice_of(one).name == "De Linde"
        assert work.accounts.remember_practice(two, None) is None
        assert work.accounts.practice_of(two).asked


def test_people_in_a_flow_keep_their_place_when_the_tables_change(tmp_path: Path) -> None:
    engine = make_engine(make_url(f"sqlite:///{tmp_path / 'old.db'}"))
    assert there_and_back(engine) == PLACES_KEPT
    engine.dispose()


def test_reports_get_a_deadline_and_are_searched_when_the_tables_change(tmp_path: Path) -> None:
    engine = make_engine(make_url(f"sqlite:///{tmp_path / 'old.db'}"))
    assert reports_there_and_back(engine) == REPORTS_KEPT
    engine.dispose()


def test_reading_holds_up_nobody_and_writes_nothing(database: Database) -> None:
    reference = file_report(database)
    with database.reading() as looking:
        before = looking.search.page(ReportFilter(), EVERYWHERE, UTC, offset=0, limit=10)
        with database.work() as work:
            work.cases.note(reference, EVERYWHERE, actor="o1", text="in de tussentijd")
        after = looking.cases.get(reference, EVERYWHERE)
    assert before.total == 1
    assert after is not None and [event.kind for event in after.events] == ["created"]
