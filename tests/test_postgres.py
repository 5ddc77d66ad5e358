"""The same store on PostgreSQL, on a server of the tests' own: the chat, and the tables."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from bottlenecks.crypto import Cipher
from bottlenecks.retention import MESSAGES_KEPT
from bottlenecks.roles import EVERYWHERE, Role
from bottlenecks.store import DatabaseError, open_database
from bottlenecks.store.accounts import Profile
from bottlenecks.store.codes import code_in
from bottlenecks.store.mailbox import MAX_ID
from bottlenecks.store.questions import KEEP_DAYS, UnclearDraft
from bottlenecks.store.topics import Asked
from dialogues.assistant import Assistant
from tests.conftest import SECRET, Clock, Talk
from tests.migrations import (
    PLACES_KEPT,
    REPORTS_KEPT,
    reports_there_and_back,
    there_and_back,
)
from tests.postgres_server import empty_database


def test_report_is_filed_and_followed(server: str, assistant: Assistant, clock: Clock) -> None:
    with open_database(server, Cipher(SECRET), clock=clock) as database:
        talk = Talk(database, assistant)
        talk.says("geen plek in het elv in heel Utrecht, al vier keer gebeld, wil dit melden")
        talk.taps("Midden")
        talk.taps("Anoniem melden")
        talk.taps("Nee, niet nodig")
        assert "KP-2026-0001" in talk.taps("Versturen")
    with open_database(server, Cipher(SECRET), clock=clock) as database:
        again = Talk(database, assistant, first_update=100)
        assert "KP-2026-0001" in again.says("wat is de status van mijn melding?")
        assert "nieuw" in again.replies[-1].text


def test_questions_are_kept_in_order_and_expire(server: str, clock: Clock) -> None:
    near = (("noodplan/coordinatie", 0.3),)
    with open_database(server, Cipher(SECRET), clock=clock) as database:
        with database.work() as work:
            work.questions.keep(UnclearDraft("zeker", "declined", None, 0.9, near, "r"))
            unsure = work.questions.keep(UnclearDraft("twijfel", "clarified", None, 0.3, near, "r"))
            work.questions.keep(UnclearDraft("fout", "wrong", "noodplan/curator", 1.0, near, "r"))
            work.questions.chose(unsure, "noodplan/coordinatie")
        with database.work() as work:
            rows = work.questions.export()
        assert [row.text for row in rows] == ["fout", "twijfel", "zeker"]
        assert (rows[1].candidates, rows[1].chosen) == (near, "noodplan/coordinatie")
        clock.forward(KEEP_DAYS * 86_400 + 1)
        with database.work() as work:
            assert work.questions.export() == []
            assert work.questions.purge() == 3


def test_another_key_is_refused(server: str) -> None:
    with open_database(server, Cipher(SECRET)) as database, database.work() as work:
        work.accounts.find_or_create("test", "someone", "address")
    with pytest.raises(Exception, match="earlier key"):
        open_database(server, Cipher("y" * 40))


def test_unreachable_server_is_named(server: str) -> None:
    with pytest.raises(DatabaseError, match="cannot be used"):
        open_database("postgresql+psycopg://tester@127.0.0.1:1/postgres", Cipher(SECRET))


def test_people_in_a_flow_keep_their_place_when_the_tables_change(server: str) -> None:
    engine = empty_database(server, "old")
    assert there_and_back(engine) == PLACES_KEPT
    engine.dispose()


def test_reports_get_a_deadline_and_are_searched_when_the_tables_change(server: str) -> None:
    engine = empty_database(server, "reports")
    assert reports_there_and_back(engine) == REPORTS_KEPT
    engine.dispose()


def test_a_flow_is_walked_by_two(server: str, assistant: Assistant, clock: Clock) -> None:
    with open_database(server, Cipher(SECRET), clock=clock) as database:
        anna, bert = Talk(database, assistant, "anna"), Talk(database, assistant, "bert")
        anna.says("buurpraktijk is ineens dicht, wat nu?")
        anna.taps("Stap voor stap")
        code = code_in(anna.says("doorgeven aan collega"))
        assert code is not None
        bert.says(code)
        bert.taps("Gedaan")
        assert "1 van 7 gedaan" in anna.says("overzicht")
        anna.taps("Gedaan")
        assert "2 van 7 gedaan" in bert.says("terug naar stap 3")


def test_phases_and_contacts_are_kept(server: str, clock: Clock) -> None:
    with open_database(server, Cipher(SECRET), clock=clock) as database, database.work() as work:
        officer = work.officers.add("bo@rho.example", "Bo", Role.HANDLER, EVERYWHERE)
        for phase in ("2", "3a"):
            work.regional.set_phase(
                "utrecht", phase, since=clock.now.date(), notice=None, set_by=officer
            )
        work.regional.fill_in("rho", "utrecht", "bel ons", set_by=officer)
        assert work.regional.phases()["utrecht"].phase == "3a"
        assert work.regional.contacts()["rho", "utrecht"].value == "bel ons"


def test_a_mailbox_keeps_each_reply_once_and_in_order(server: str, clock: Clock) -> None:
    with open_database(server, Cipher(SECRET), clock=clock) as database:
        with database.work() as work:
            account = work.accounts.find_or_create("web", "visitor", "browser")
            said = work.mailbox.add_said(account.id, "wie coördineert het noodplan?")
            outbox = [work.outbox.add(account.id, text) for text in ("een", "twee")]
            assert [work.mailbox.add_reply(account.id, one, "{}") for one in outbox] == [True] * 2
            assert not work.mailbox.add_reply(account.id, outbox[0], "{}")
        with database.reading() as work:
            messages = work.mailbox.since(account.id, said)
            assert [one.id for one in work.mailbox.latest(account.id)][1:] == [
                one.id for one in messages
            ]
            # a page may tell any number
            assert len(work.mailbox.before(account.id, MAX_ID)) == 3
            assert work.mailbox.since(account.id, MAX_ID) == []
        assert len(messages) == 2 and messages[0].id < messages[1].id
        clock.forward(31 * 86_400)
        with database.work() as work:
            assert work.mailbox.erase_older_than(work.now() - MESSAGES_KEPT) == 3


def test_a_region_is_told_of_a_phase_and_counted(server: str, clock: Clock) -> None:
    with open_database(server, Cipher(SECRET), clock=clock) as database, database.work() as work:
        officer = work.officers.add("cas@rho.example", "Cas", Role.ADMIN, EVERYWHERE)
        account = work.accounts.find_or_create("web", "someone in Geleen", "browser")
        work.accounts.remember_profile(account.person_id, Profile("westelijke-mijnstreek"))
        [receiver] = work.regional.people_in("westelijke-mijnstreek")
        sent = work.regional.begin_broadcast("westelijke-mijnstreek", "fase 3a", created_by=officer)
        outbox = work.outbox.add(receiver, "fase 3a", broadcast_id=sent)
        work.mailbox.add_reply(account.id, outbox, "{}")
        work.outbox.sent(outbox)
        [seen] = work.regional.broadcasts(["westelijke-mijnstreek"])
        assert (seen.total, seen.delivered, seen.can_tell, seen.read) == (1, 1, 1, 0)


def test_topics_are_counted_by_several_at_once(server: str, clock: Clock) -> None:
    topics: list[tuple[str, Asked]] = [("harop/wat-is", "answered"), ("noodplan/his", "declined")]
    with open_database(server, Cipher(SECRET), clock=clock) as database:

        def ask(turned: bool) -> None:
            with database.work() as work:
                work.topics.count(topics[::-1] if turned else topics)

        with ThreadPoolExecutor(4) as several:
            list(several.map(ask, [False, True] * 10))
        with database.reading() as work:
            found = {one.topic: one for one in work.topics.per_week(1).topics}
        assert found["harop/wat-is"].answered == (20,)
        assert (found["noodplan/his"].total, found["noodplan/his"].declined) == (0, 20)
