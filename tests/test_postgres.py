"""The same store on PostgreSQL, on a server of the tests' own."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from bot.worker import MESSAGES_KEPT
from bottlenecks.crypto import Cipher
from bottlenecks.roles import EVERYWHERE, Role
from bottlenecks.store import DatabaseError, open_database
from bottlenecks.store.accounts import Profile
from bottlenecks.store.codes import code_in
from bottlenecks.store.questions import KEEP_DAYS, UnclearDraft
from bottlenecks.store.report_search import ReportFilter
from bottlenecks.workflow import Status
from dialogues.assistant import Assistant
from tests.conftest import SECRET, Clock, Talk
from tests.desk_reports import file_report
from tests.migrations import (
    PLACES_KEPT,
    REPORTS_KEPT,
    reports_there_and_back,
    there_and_back,
)

INSTALLED = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))


def unprivileged_user() -> str | None:
    """PostgreSQL refuses root: a user to run it as, None when we are no root ourselves."""
    if os.getuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """URL of an empty PostgreSQL server on loopback."""
    if not INSTALLED:
        pytest.skip("not here: PostgreSQL is not installed")
    binaries = INSTALLED[-1].parent
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    user = unprivileged_user()
    if user is not None:
        shutil.chown(folder, user)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data = folder / "data"

    def run(*command: str) -> None:
        subprocess.run(command, user=user, cwd=folder, check=True, capture_output=True, timeout=60)

    run(str(binaries / "initdb"), "-D", str(data), "-U", "tester", "-A", "trust", "-E", "UTF8")
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    pg_ctl = str(binaries / "pg_ctl")
    run(pg_ctl, "-D", str(data), "-o", options, "-l", str(folder / "log"), "-w", "start")
    try:
        yield f"postgresql+psycopg://tester@127.0.0.1:{port}/postgres"
    finally:
        run(pg_ctl, "-D", str(data), "-m", "immediate", "stop")
        shutil.rmtree(folder)


def empty_database(server: str, name: str) -> Engine:
    """A new database on this server."""
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    admin.dispose()
    return create_engine(f"{server.rsplit('/', 1)[0]}/{name}")


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


def test_reports_are_found_handled_and_counted(server: str, clock: Clock) -> None:
    with open_database(server, Cipher(SECRET), clock=clock) as database:
        name = file_report(database, "Nergens een verpleegkundige voor de avondronde")
        other = file_report(database, "De telefooncentrale ligt er weer uit", severity="hoog")
        with database.work() as work:
            officer = work.officers.add("ada@rho.example", "Ada", Role.ADMIN, EVERYWHERE)
            work.cases.assign(name, EVERYWHERE, officer, actor=officer)
            work.cases.note(name, EVERYWHERE, actor=officer, text="ligt bij de wethouder")
            work.cases.move(name, EVERYWHERE, Status.IN_PROGRESS, actor=officer)
        clock.forward(26 * 3600)
        with database.reading() as work:
            page = work.search.page(ReportFilter(), EVERYWHERE, UTC, offset=0, limit=10)
            late = work.search.page(ReportFilter(overdue=True), EVERYWHERE, UTC, offset=0, limit=10)
            found = [
                [row.reference for row in work.search.all(wanted, EVERYWHERE, UTC)]
                for wanted in (
                    ReportFilter(words="avondronde"),
                    ReportFilter(words="WETHOUDER verpleeg"),
                    ReportFilter(words="' & | ! <->"),
                    ReportFilter(owner=officer, statuses=(Status.IN_PROGRESS,)),
                )
            ]
        assert other in {row.reference for row in page.rows[:2]}, "the most urgent comes first"
        assert [row.reference for row in late.rows] == [other]
        assert found == [[name], [name], [], [name]]


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
        [seen] = work.regional.broadcasts("westelijke-mijnstreek")
        assert (seen.total, seen.delivered, seen.can_tell, seen.read) == (1, 1, 1, 0)
