"""What several processes on one PostgreSQL do at the same time happens once, or in turn."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from bottlenecks.crypto import Cipher
from bottlenecks.models import Account, FlowRun, Person, Practice, WebMessage
from bottlenecks.roles import EVERYWHERE
from bottlenecks.store import Database, Work, open_database
from bottlenecks.store.reports import Draft
from dialogues.assistant import Assistant
from tests.conftest import SECRET, Talk
from tests.rows import rows
from tests.shared_database import AT_ONCE, at_once

DRAFT = Draft("thuiszorg", "utrecht", None, "niemand belt terug", None, "hoog", False)


def account(work: Work, outside_id: str) -> str:
    return work.accounts.find_or_create("test", outside_id, outside_id).id


def files(work: Work, draft: Draft = DRAFT) -> str:
    return work.reports.file(draft, person_id=None, account_id=None, practice_id=None)


def started(work: Work, *outside_ids: str) -> str:
    """A flow that these people walk together."""
    run_id = ""
    for outside_id in outside_ids:
        found = work.accounts.find_or_create("test", outside_id, outside_id)
        conversation = work.conversations.start(found.id)
        if run_id:
            work.flows.join(run_id, found.person_id, conversation.id)
        else:
            run = work.flows.start(conversation.id, found.person_id, "f", "r", {})
            run_id = run.run_id
    return run_id


def test_the_tables_are_made_once(shared_url: str) -> None:
    def opens(_: int) -> int:
        with open_database(shared_url, Cipher(SECRET)) as database, database.work() as work:
            return work.reports.count()

    with ThreadPoolExecutor(AT_ONCE) as several:
        assert list(several.map(opens, range(AT_ONCE))) == [0] * AT_ONCE


def test_a_first_contact_makes_one_person(shared: Database) -> None:
    found = at_once(shared, lambda work, _: account(work, "anna"))
    assert len(set(found)) == 1
    assert (rows(shared, Account), rows(shared, Person)) == (1, 1)


def test_a_practice_is_made_once(shared: Database) -> None:
    found = at_once(shared, lambda work, _: work.accounts.practice_id("De Linde"))
    assert len(set(found)) == 1
    assert rows(shared, Practice) == 1


def test_every_report_has_its_own_number(shared: Database) -> None:
    found = at_once(shared, lambda work, _: files(work))
    numbers = sorted(int(reference[-4:]) for reference in found)
    assert numbers == list(range(1, AT_ONCE + 1))


def test_every_group_has_its_own_number(shared: Database) -> None:
    with shared.work() as work:
        references = [files(work) for _ in range(AT_ONCE)]
    found = at_once(
        shared,
        lambda work, number: work.groups.create("t", [references[number]], EVERYWHERE, actor="o"),
    )
    assert sorted(found) == list(range(1, AT_ONCE + 1))


def test_a_report_joins_one_group(shared: Database) -> None:
    with shared.work() as work:
        mine = files(work)
        groups = [
            work.groups.create("t", [files(work)], EVERYWHERE, actor="o") for _ in range(AT_ONCE)
        ]

    def add(work: Work, number: int) -> bool:
        try:
            work.groups.add(groups[number], mine, EVERYWHERE, actor="o")
        except ValueError:
            return False
        return True

    assert sorted(at_once(shared, add)) == [False] * (AT_ONCE - 1) + [True]


def test_nothing_that_is_added_to_a_report_is_lost(shared: Database) -> None:
    with shared.work() as work:
        found = work.accounts.find_or_create("test", "anna", "anna")
        reference = work.reports.file(
            DRAFT, person_id=found.person_id, account_id=found.id, practice_id=None
        )
        filed = work.cases.get(reference, EVERYWHERE)

    def add(work: Work, number: int) -> None:
        # read before, as in a conversation that shows it first
        assert work.reports.own(found.person_id)
        if number % 2:
            work.cases.note(reference, EVERYWHERE, actor="o", text=f"notitie{number}")
        else:
            work.reports.add_text(found.person_id, reference, f"aanvulling{number}")

    at_once(shared, add)
    with shared.reading() as work:
        case = work.cases.get(reference, EVERYWHERE)
    assert case is not None and filed is not None
    assert case.version == filed.version + AT_ONCE
    with shared.engine.connect() as connection:
        searched = connection.execute(text("SELECT search_text FROM report")).scalar_one()
    assert [f"{n}" in searched for n in ("aanvulling0", "notitie1", "aanvulling2", "notitie3")] == [
        True
    ] * AT_ONCE


def test_a_code_is_used_once(shared: Database) -> None:
    with shared.work() as work:
        found = work.accounts.find_or_create("test", "anna", "anna")
        code = work.codes.make(found.person_id)
    assert sorted(at_once(shared, lambda work, _: work.codes.use(code))) == [False] * 3 + [True]


def test_a_reply_is_put_in_a_mailbox_once(shared: Database) -> None:
    with shared.work() as work:
        mine = account(work, "anna")
        reply = work.outbox.add(mine, "{}")
    put = at_once(shared, lambda work, _: work.mailbox.add_reply(mine, reply, "{}"))
    assert sorted(put) == [False] * 3 + [True]
    assert rows(shared, WebMessage) == 1


def test_when_all_leave_a_flow_at_once_it_ends(shared: Database) -> None:
    people = [f"person {number}" for number in range(AT_ONCE)]
    with shared.work() as work:
        run_id = started(work, *people)
        ids = [work.accounts.find_or_create("test", one, one).person_id for one in people]
    at_once(shared, lambda work, number: work.flows.leave(run_id, ids[number]))
    with shared.engine.connect() as connection:
        assert connection.execute(text("SELECT status FROM flow_run")).scalar() == "stopped"
    assert rows(shared, FlowRun) == 1


def test_what_several_do_in_one_flow_is_all_kept(shared: Database) -> None:
    people = [f"person {number}" for number in range(AT_ONCE)]
    with shared.work() as work:
        run_id = started(work, *people)
        work.flows.save(run_id, {"ticks": 0}, "r")
        conversations = [work.conversations.latest_of(account(work, one)).id for one in people]

    def tick(work: Work, number: int) -> None:
        flow = work.flows.active_in(conversations[number])
        assert flow is not None
        work.flows.save(run_id, {"ticks": flow.state["ticks"] + 1}, "r")

    at_once(shared, tick)
    with shared.work() as work:
        flow = work.flows.active_in(conversations[0])
        assert flow is not None
        assert flow.state == {"ticks": AT_ONCE}


@pytest.mark.parametrize("state", ["40P01", "40001", "23505"])
def test_who_is_in_the_way_of_another_begins_again(
    shared: Database, assistant: Assistant, state: str
) -> None:
    """The server itself says once that another transaction was in the way."""
    with shared.engine.begin() as connection:
        connection.execute(text("CREATE SEQUENCE tried"))
        connection.execute(
            text(
                "CREATE FUNCTION in_the_way() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"IF nextval('tried') = 1 THEN RAISE EXCEPTION 'x' USING ERRCODE = '{state}'; "
                "END IF; RETURN NEW; END $$"
            )
        )
        connection.execute(
            text(
                "CREATE TRIGGER t BEFORE INSERT ON outbox "
                "FOR EACH ROW EXECUTE FUNCTION in_the_way()"
            )
        )
    talk = Talk(shared, assistant)
    assert "standaard eindverantwoordelijk" in talk.says("wie coördineert het noodplan?")
    assert len(talk.replies) == 1
    with shared.engine.connect() as connection:
        assert connection.execute(text("SELECT last_value FROM tried")).scalar() == 2
        assert connection.execute(text("SELECT attempts FROM inbox")).scalar() == 0
