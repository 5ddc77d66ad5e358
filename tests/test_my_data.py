"""What is kept about a person is erased when they confirm that, and nothing else is."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, inspect, select, text
from sqlalchemy.orm import Session

from bot.telegram import PRIVACY_NOTICE
from bot.web.context import Access
from bottlenecks import tidying
from bottlenecks.crypto import Cipher
from bottlenecks.dates import AMSTERDAM
from bottlenecks.models import (
    AccessCode,
    Account,
    Conversation,
    ConversationEvent,
    FlowParticipant,
    OutboxItem,
    Person,
    Practice,
    WebMessage,
)
from bottlenecks.models_desk import AuditEntry
from bottlenecks.models_reports import Feedback, Report, ReportEvent, UnclearQuestion
from bottlenecks.retention import UNUSED_ACCOUNTS_KEPT, periods
from bottlenecks.roles import EVERYWHERE, Role
from bottlenecks.store import Database, open_database
from bottlenecks.store.codes import code_in
from bottlenecks.store.report_search import ReportFilter
from dialogues.assistant import Assistant
from dialogues.my_data import YES
from tests.conftest import SECRET, Clock, Talk
from tests.my_data import CHECKLIST, DONE, erase, linked
from tests.postgres_server import empty_database
from tests.reporting import STORY, file_report
from tests.rows import rows
from tests.serving import Serving, settings_for
from tests.telegram_api import FakeBotApi
from tests.web_visitors import Site, Visitor


def everything(database: Database, assistant: Assistant, clock: Clock) -> tuple[Talk, str]:
    """Someone of whom something of every kind is kept, on two channels; and a report of theirs."""
    talk = Talk(database, assistant)
    talk.says("ik ben huisarts in Utrecht")
    reference = file_report(talk)
    other = Talk(database, assistant, "u2")
    linked(talk, other)
    clock.forward(60)
    for one in (talk, other):
        one.says("wie coördineert het noodplan?")
        one.says("dit klopt niet, het is de burgemeester")
        one.says(CHECKLIST)
        one.taps("Stap voor stap")
        one.says("bewaren")
        one.says("blauwe bananen vliegen")
        one.says("koppel")
    with database.work() as work:
        case = work.cases.get(reference, EVERYWHERE)
        assert case is not None and case.account_id is not None
        answer = work.outbox.add(case.account_id, '{"text": "een antwoord"}')
        work.cases.reply(reference, EVERYWHERE, actor="o", text="gelezen", outbox_id=answer)
        work.mailbox.add_said(case.account_id, "in de browser")
    return talk, reference


def check_nothing_is_left(database: Database, talk: Talk, reference: str) -> None:
    """After `everything`, erase, and look at every table."""
    seen = erase(talk)
    assert seen.startswith(DONE) and "Je meldingen blijven staan" in seen
    for model in (Conversation, ConversationEvent, WebMessage, AccessCode, FlowParticipant):
        assert rows(database, model) == 0, model.__tablename__
    assert rows(database, Practice) == 0
    with Session(database.engine) as session:
        report = session.scalars(select(Report)).one()
        assert (report.person_id, report.account_id, report.practice_id) == (None, None, None)
        assert report.region == "utrecht" and STORY in report.description
        assert "Linde" not in report.search_text
        assert not session.scalars(select(ReportEvent.outbox_id)).unique().one()
        assert not any(session.scalars(select(Feedback.person_id)))
        assert len(session.scalars(select(Feedback)).all()) == 2
        for person in session.scalars(select(Person)):
            assert (person.region, person.role, person.practice_id) == (None, None, None)
        people = [one.person_id for one in session.scalars(select(Account))]
        assert len(set(people)) == 2, "they are linked no longer"
        assert all(item.payload is None for item in session.scalars(select(OutboxItem)))
        entry = session.scalars(select(AuditEntry)).one()
        assert (entry.actor, entry.action, entry.detail) == (
            "niemand",
            "gegevens-verwijderd",
            {"meldingen": 1},
        )
    with database.reading() as work:
        found = {
            words: work.search.page(
                ReportFilter(words=words), EVERYWHERE, AMSTERDAM, offset=0, limit=9
            )
            for words in ("Linde", "wachtlijst")
        }
        assert not found["Linde"].rows and found["wachtlijst"].rows
        case = work.cases.get(reference, EVERYWHERE)
        assert case is not None and case.practice is None and not case.answer_wanted


def check_the_account_goes_too(database: Database, clock: Clock) -> None:
    """The empty accounts are erased a while later."""
    kept = [one for one in periods() if one.kind == "unused accounts"]
    clock.now += UNUSED_ACCOUNTS_KEPT
    assert tidying.erase(database, kept) == {"unused accounts": 0}
    clock.forward(1)
    assert tidying.too_old(database, kept) == {"unused accounts": 2}
    assert tidying.erase(database, kept) == {"unused accounts": 2}
    for model in (Account, Person, OutboxItem):
        assert rows(database, model) == 0, model.__tablename__
    assert rows(database, Report) == 1


def test_all_of_it_is_erased(database: Database, assistant: Assistant, clock: Clock) -> None:
    talk, reference = everything(database, assistant, clock)
    questions = rows(database, UnclearQuestion)
    check_nothing_is_left(database, talk, reference)
    # of one question each conversation knew that it was theirs
    assert rows(database, UnclearQuestion) == questions - 2
    check_the_account_goes_too(database, clock)


def test_it_is_on_postgresql_as_well(server: str, assistant: Assistant, clock: Clock) -> None:
    engine = empty_database(server, "my_data")
    url = engine.url.render_as_string(hide_password=False)
    engine.dispose()
    with open_database(url, Cipher(SECRET), clock=clock) as database:
        talk, reference = everything(database, assistant, clock)
        assert f"Meldingen: 1 ({reference})" in talk.says("mijn gegevens")
        check_nothing_is_left(database, talk, reference)
        check_the_account_goes_too(database, clock)


def test_afterwards_it_is_a_first_contact(
    talk: Talk, database: Database, assistant: Assistant
) -> None:
    reference = file_report(talk)
    erase(talk)
    with database.work() as work:
        assert work.accounts.find_or_create("test", "u1", "u1").first_contact
    assert "nog geen meldingen" in talk.says("wat is de status van mijn melding?")
    assert "geen open melding" in talk.says(f"trek melding {reference} in")
    with database.work() as work:
        assert not work.accounts.find_or_create("test", "u1", "u1").first_contact
    assert "Over jezelf: niets" in talk.says("mijn gegevens")


def test_asked_twice_it_happens_once(talk: Talk, database: Database) -> None:
    file_report(talk)
    talk.says("verwijder mijn gegevens")
    value = talk.replies[-1].choices[0].value
    assert DONE in talk.sends(value)
    again = talk.sends(value)
    assert DONE in again and "meldingen" not in again
    assert rows(database, Report) == 1 and rows(database, Account) == 1


def test_a_crash_before_the_commit_erases_nothing(database: Database, assistant: Assistant) -> None:
    talk = Talk(database, assistant)
    file_report(talk)
    talk.says("verwijder mijn gegevens")
    value = talk.replies[-1].choices[0].value
    # first the message is received, then it is handled
    failures = iter([False, True])

    def fail_once(_connection: object) -> None:
        if next(failures, False):
            with database.reading() as work:
                assert work.inbox.count("new") == 1
            raise RuntimeError("killed")

    event.listen(database.engine, "commit", fail_once)
    seen = talk.sends(value)
    assert seen.count(DONE) == 1 and "Je meldingen blijven staan" in seen
    assert rows(database, AuditEntry) == 1


def test_a_shared_flow_stays_for_the_colleague(
    talk: Talk, database: Database, assistant: Assistant, clock: Clock
) -> None:
    talk.says(CHECKLIST)
    talk.taps("Stap voor stap")
    talk.taps("Gedaan")
    code = code_in(talk.says("doorgeven"))
    colleague = Talk(database, assistant, "u2")
    assert code is not None and "1 van 7 gedaan" in colleague.says(code)
    assert "houdt die zonder jou" in talk.says("verwijder mijn gegevens")
    assert DONE in talk.taps(YES)
    assert "2 van 7 gedaan" in colleague.taps("Gedaan")
    clock.now += UNUSED_ACCOUNTS_KEPT * 2
    tidying.erase(database, [one for one in periods() if one.kind == "unused accounts"])
    third = Talk(database, assistant, "u3")
    colleague.says("verder met de checklist")
    code = code_in(colleague.says("doorgeven"))
    assert code is not None and "2 van 7 gedaan" in third.says(code)
    with Session(database.engine) as session:
        numbers = session.scalars(
            select(FlowParticipant.number).where(FlowParticipant.left_at.is_(None))
        ).all()
    assert sorted(numbers) == [2, 3], "what the one who left did is not of the newcomer"
    assert rows(database, Account) == 2


def test_someone_else_keeps_everything(
    talk: Talk, database: Database, assistant: Assistant
) -> None:
    other = Talk(database, assistant, "u2")
    reference = file_report(other)
    file_report(talk)
    erase(talk)
    seen = other.says("mijn gegevens")
    assert reference in seen and "Praktijk De Linde" in seen, "the name is of two people"


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
