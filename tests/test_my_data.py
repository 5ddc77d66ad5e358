"""What is kept about a person is erased when they confirm that, and nothing else is."""

from sqlalchemy import event, select
from sqlalchemy.orm import Session

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
from bottlenecks.roles import EVERYWHERE
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
        assert not work.accounts.has_talked(work.accounts.find_or_create("test", "u1", "u1").id)
    assert "nog geen meldingen" in talk.says("wat is de status van mijn melding?")
    assert "geen open melding" in talk.says(f"trek melding {reference} in")
    with database.work() as work:
        assert work.accounts.has_talked(work.accounts.find_or_create("test", "u1", "u1").id)
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
