"""What is kept no longer is erased, and nothing else: by the worker, and by the command."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.settings import ROOT
from bot.worker import Worker
from bottlenecks import tidying
from bottlenecks.crypto import Cipher
from bottlenecks.models import ConversationEvent, InboxItem, OutboxItem
from bottlenecks.models_desk import AuditEntry
from bottlenecks.retention import Period, periods
from bottlenecks.roles import EVERYWHERE
from bottlenecks.store import Database, open_database
from bottlenecks.store.accounts import Profile
from bottlenecks.store.codes import LINK_VALID
from bottlenecks.store.inbox import MAX_ATTEMPTS
from bottlenecks.store.outbox import BACK_OFF_S
from bottlenecks.store.questions import UnclearDraft
from bottlenecks.workflow import Status
from dialogues.assistant import Assistant
from tests import serving
from tests.conftest import SECRET, Clock, Talk
from tests.desk_reports import file_report
from tests.rows import rows
from tests.secret_key import cipher_of

DAY_S = 86_400
KINDS = {one.kind: one for one in periods()}
SECRET_TEXT = "mw. de Voorbeeld heeft geen thuiszorg"


def numbers(printed: str) -> list[str]:
    """Kind and number of each line that the command printed."""
    return [re.split(" to erase| erased", line)[0] for line in printed.splitlines()]


def one_of_each(database: Database) -> None:
    """Something of every kind that is kept for a while, all of this moment."""
    with database.work() as work:
        work.accounts.find_or_create("web", "gone", "browser")
        account = work.accounts.find_or_create("web", "visitor", "browser")
        work.accounts.remember_profile(account.person_id, Profile("utrecht"))
        conversation = work.conversations.latest_of(account.id).id
        work.conversations.add_events(conversation, [{"event": "user", "text": "hallo"}], {})
        work.flows.start(conversation, account.person_id, "noodplan", "r", {"stap": 1})
        done = work.flows.start(conversation, account.person_id, "harop", "r", {"stap": 1})
        work.flows.end(done.run_id, "done")
        work.codes.make(account.person_id)
        work.reports.add_feedback(account.person_id, "noodplan", "klopt niet", "r")
        work.mailbox.add_said(account.id, "hallo")
        work.questions.keep(UnclearDraft("wat nu", "declined", None, 0.1, (), "r"))
        work.audit.add("bo", "ingelogd", "bo")
        for update in ("lost", "handled", "last"):
            work.inbox.receive("web", update, SECRET_TEXT)
    with database.work() as work:
        lost = work.inbox.next()
        assert lost is not None
        for _ in range(MAX_ATTEMPTS):
            work.inbox.failed(lost.id, "ValueError")
        for _ in range(2):
            handled = work.inbox.next()
            assert handled is not None
            work.outbox.sent(work.outbox.add(account.id, "antwoord", handled.id))
            work.inbox.done(handled.id)
        dead = work.outbox.add(account.id, SECRET_TEXT, lost.id)
        work.outbox.give_up(dead, "blocked")
    closed = file_report(database, "een gesloten melding")
    file_report(database, "een open melding")
    with database.work() as work:
        work.cases.move(closed, EVERYWHERE, Status.REJECTED, actor="o")


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_it_is_kept_until_its_period_is_over(
    database: Database, clock: Clock, kind: Period
) -> None:
    one_of_each(database)
    # a code is kept from the end of its time
    clock.now += kind.kept + (LINK_VALID if kind.kind == "codes" else timedelta(0))
    assert tidying.too_old(database, [kind]) == {kind.kind: 0}
    assert tidying.erase(database, [kind]) == {kind.kind: 0}
    clock.forward(1)
    expected = 2 if kind.kind == "delivered replies" else 1
    assert tidying.too_old(database, [kind]) == {kind.kind: expected}
    assert tidying.erase(database, [kind]) == {kind.kind: expected}
    assert tidying.too_old(database, [kind]) == {kind.kind: 0}


def test_the_worker_erases_all_kinds(
    database: Database, assistant: Assistant, clock: Clock
) -> None:
    one_of_each(database)
    worker = Worker(database, assistant, {})
    assert worker.tidy() == 0
    clock.forward(731 * DAY_S)
    assert worker.tidy() == len(KINDS) + 1, "of each kind one, and two delivered replies"
    assert worker.tidy() == 0


def test_what_was_set_aside_loses_its_text_and_keeps_its_error(
    database: Database, clock: Clock
) -> None:
    one_of_each(database)
    clock.forward(7 * DAY_S + 1)
    tidying.erase(database, periods())
    with Session(database.engine) as session:
        update = session.scalars(select(InboxItem).where(InboxItem.error.is_not(None))).one()
        reply = session.scalars(select(OutboxItem).where(OutboxItem.error.is_not(None))).one()
    assert (update.status, update.payload, update.error) == ("erased", None, "ValueError")
    assert (reply.status, reply.payload, reply.error) == ("erased", None, "blocked")


def test_what_still_waits_is_kept(database: Database, clock: Clock) -> None:
    with database.work() as work:
        account = work.accounts.find_or_create("web", "visitor", "browser")
        work.inbox.receive("web", "1", "hallo")
        reply = work.outbox.add(account.id, "antwoord")
        for _ in BACK_OFF_S:
            work.outbox.postpone(reply, "timeout")
    clock.forward(800 * DAY_S)
    tidying.erase(database, periods())
    with database.reading() as work:
        assert (work.inbox.count("new"), work.outbox.count("pending")) == (1, 1)


def test_the_last_update_of_a_channel_stays_known(database: Database, clock: Clock) -> None:
    one_of_each(database)
    clock.forward(800 * DAY_S)
    tidying.erase(database, periods())
    with database.work() as work:
        assert work.inbox.latest_update_id("web") == "last"
        assert not work.inbox.receive("web", "last", "again"), "not handled twice"


def test_a_flow_outlives_its_conversation(talk: Talk, clock: Clock) -> None:
    talk.says("buurpraktijk is ineens dicht, wat nu?")
    talk.taps("Stap voor stap")
    clock.forward(31 * DAY_S)
    talk.worker.tidy()
    assert rows(talk.database, ConversationEvent) == 0
    assert "stap" in talk.says("verder").lower()
    assert talk.replies[-1].step is not None


def test_a_conversation_in_use_is_kept(talk: Talk, clock: Clock) -> None:
    talk.says("wie coördineert het noodplan?")
    clock.forward(29 * DAY_S)
    talk.says("waar staat dat?")
    clock.forward(29 * DAY_S)
    assert tidying.erase(talk.database, [KINDS["conversations"]]) == {"conversations": 0}


def test_it_does_on_postgresql_as_well(server: str, clock: Clock) -> None:
    with open_database(server, Cipher(SECRET), clock=clock) as database:
        one_of_each(database)
        clock.forward(731 * DAY_S)
        found = tidying.too_old(database, periods())
        assert set(found) == set(KINDS) and all(found.values())
        assert tidying.erase(database, periods()) == found
        assert not any(tidying.too_old(database, periods()).values())


def test_much_is_erased_in_several_transactions(
    database: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.work() as work:
        for number in range(1_100):
            work.audit.add("bo", "ingelogd", str(number))
    clock.forward(731 * DAY_S)
    with database.work() as work:
        assert work.retention.erase("audit entries", work.now()) == 500
    assert tidying.erase(database, [KINDS["audit entries"]]) == {"audit entries": 600}
    assert rows(database, AuditEntry) == 0


def test_the_command_tells_first_and_then_erases(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'regiowijzer.db'}"
    clock = Clock()
    clock.now = clock.now.replace(year=2020)
    with open_database(url, cipher_of(tmp_path), clock=clock) as database:
        one_of_each(database)
        before = rows(database, AuditEntry)
    told = serving.run(tmp_path, "retention", "--dry-run")
    assert told.returncode == 0, told.stderr
    assert len(told.stdout.splitlines()) == len(KINDS)
    assert "conversations: 1 to erase, last used before 20" in told.stdout
    assert "(730 days)" in told.stdout
    again = serving.run(tmp_path, "retention", "--dry-run", KEEP_CLOSED_REPORTS_DAYS="60")
    assert "closed reports: 1 to erase" in again.stdout and "(60 days)" in again.stdout
    with open_database(url, cipher_of(tmp_path)) as database:
        assert rows(database, AuditEntry) == before, "nothing changed"
    erased = serving.run(tmp_path, "retention")
    assert erased.returncode == 0, erased.stderr
    assert "conversations: 1 erased" in erased.stdout
    assert numbers(erased.stdout) == numbers(told.stdout)
    after = serving.run(tmp_path, "retention", "--dry-run")
    assert all(": 0 to erase" in line for line in after.stdout.splitlines())


def test_the_command_refuses_a_period_that_is_too_short(tmp_path: Path) -> None:
    refused = serving.run(tmp_path, "retention", KEEP_CLOSED_REPORTS_DAYS="1")
    assert refused.returncode == 1 and "KEEP_CLOSED_REPORTS_DAYS" in refused.stderr


def test_the_document_tells_the_periods_of_the_code() -> None:
    document = (ROOT / "docs" / "bewaren.md").read_text(encoding="utf-8")
    told = [line for line in document.splitlines() if line.startswith("| ")][1:]
    assert told == [
        f"| {one.what} | {one.kept_in_words or 'meteen'} | {one.since_what} |" for one in periods()
    ]
