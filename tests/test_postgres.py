"""The same store on PostgreSQL, on a server of the tests' own."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from bot.worker import MESSAGES_KEPT
from bottlenecks.crypto import Cipher
from bottlenecks.dates import AMSTERDAM
from bottlenecks.own_plans import Description, draft_passage, read, take_up
from bottlenecks.proposals import ProposalChangedError, ProposalStatus
from bottlenecks.roles import EVERYWHERE, Role, Scope
from bottlenecks.signal_replay import replay
from bottlenecks.signals import Condition
from bottlenecks.store import DatabaseError, open_database
from bottlenecks.store.accounts import Profile
from bottlenecks.store.codes import code_in
from bottlenecks.store.figures import Count, Selection
from bottlenecks.store.meeting_reports import MeetingDraft, Quote
from bottlenecks.store.questions import KEEP_DAYS, UnclearDraft
from bottlenecks.store.report_search import ReportFilter
from bottlenecks.store.signal_rules import RuleDraft
from bottlenecks.store.topics import Asked
from bottlenecks.workflow import Status
from dialogues.assistant import Assistant
from tests.conftest import SECRET, Clock, Talk
from tests.desk_reports import file_report
from tests.groups_of_reports import group, report, reports
from tests.migrations import (
    PLACES_KEPT,
    REPORTS_KEPT,
    reports_there_and_back,
    there_and_back,
)
from tests.reports_to_count import answer_after, move_after, noon, report_at
from tools.example_plan import example_parts
from tools.plan_documents import as_docx

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


def test_a_plan_is_taken_up_and_removed(server: str, assistant: Assistant) -> None:
    found = read("plan.docx", as_docx(example_parts()), assistant.knowledge)
    about = Description("utrecht", "Continuïteitsplan", "Voorbeeldcoöperatie")
    with open_database(server, Cipher(SECRET)) as database:
        with database.work() as work:
            taken = take_up(work, assistant.knowledge, found, about, actor=None)
            plan = work.content_sources.get(taken.source_id, EVERYWHERE)
            assert plan is not None
            draft_passage(work, assistant.knowledge, plan, 0, "noodplan/systeempartijen")
        with database.reading() as work:
            states = work.content_sources.all()[0].states
            assert states == ((ProposalStatus.CONCEPT, len(taken.topics) + 1),)
            topics = work.content_sources.passages(taken.source_id)[0].topics
            assert "noodplan/systeempartijen" in topics
        with database.work() as work:
            assert work.content_sources.remove(taken.source_id) == len(taken.topics) + 1


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


def test_a_report_joins_a_group_and_others_are_looked_for(
    server: str, assistant: Assistant, clock: Clock
) -> None:
    with open_database(server, Cipher(SECRET), clock=clock) as database:
        number = group(database, reports(database))
        talk = Talk(database, assistant, "group", first_update=500)
        own = report(database, "Er is geen thuiszorg te vinden in Utrecht, alles zit vol", "group")
        with database.work() as work:
            offered = work.groups.offer(own)
            assert offered is not None and offered.number == number
            assert own in {one.row.reference for one in work.groups.more(number, EVERYWHERE)}
        assert "hoort er nu bij" in talk.sends(f"erbij:{own}:{number}")
        with database.work() as work:
            view = work.groups.get(number, EVERYWHERE)
            assert view is not None and view.row.reports == 6
            work.groups.hold(number, EVERYWHERE, version=view.row.version)
            assert own not in {one.row.reference for one in work.groups.more(number, EVERYWHERE)}


def test_who_joins_a_group_gets_its_answer_and_can_leave(
    server: str, assistant: Assistant, clock: Clock
) -> None:
    with open_database(server, Cipher(SECRET), clock=clock) as database:
        number = group(database, reports(database))
        talk = Talk(database, assistant, "joins", first_update=600)
        own = report(database, "Er is geen thuiszorg te vinden in Utrecht, alles zit vol", "joins")
        with database.work() as work:
            work.groups.note(number, EVERYWHERE, actor="bo", kind="reply", text="Er is weer plek.")
        assert "Er is weer plek." in talk.sends(f"erbij:{own}:{number}")
        assert "staat weer op zichzelf" in talk.says(f"{own} hoort er niet bij")
        assert "Er is weer plek." not in talk.sends(f"erbij:{own}:{number}"), "told once"


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


def test_of_two_approvals_at_once_one_is_looked_at_again(server: str, clock: Clock) -> None:
    topic, data = "thuiszorg/vinden", {"id": "thuiszorg/vinden", "antwoord": "Anders."}
    with open_database(server, Cipher(SECRET), clock=clock) as database:
        with database.work() as work:
            ann, ben = (
                work.officers.add(f"{name}@rho.example", name, Role.HANDLER, EVERYWHERE)
                for name in ("ann", "ben")
            )
            proposals = [work.content.add_concept(topic, None, data, actor=ann) for _ in range(4)]
            for proposal in proposals:
                work.content.propose(proposal, EVERYWHERE, actor=ann, version=1)

        def approve(proposal: str) -> bool:
            try:
                with database.work() as work:
                    work.content.approve(
                        proposal, EVERYWHERE, actor=ben, version=2, instead_of=None
                    )
            except ProposalChangedError:
                return False
            return True

        with ThreadPoolExecutor(4) as pool:
            assert sorted(pool.map(approve, proposals)) == [False, False, False, True]
        with database.reading() as work:
            assert [view.topic for view in work.content.live()] == [topic]
            assert {place for place in work.content.looked_at()} == {(topic, None)}


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


def test_figures_are_counted(server: str) -> None:
    engine = empty_database(server, "figures")
    engine.dispose()
    url = engine.url.render_as_string(hide_password=False)
    with open_database(url, Cipher(SECRET)) as database:
        for day, hours, practice in ((2, 1, "A"), (9, 3, "A"), (9, 8, "B"), (30, 2, None)):
            reference = report_at(database, noon(day), practice)
            answer_after(database, reference, noon(day), hours)
            move_after(database, reference, noon(day), hours + 1, Status.SOLVED)
        days = Selection(date(2026, 3, 2), date(2026, 3, 29), region="utrecht")
        with database.reading() as work:
            figures = work.figures
            assert figures.total(days, EVERYWHERE, AMSTERDAM) == Count("", 3, 2)
            weeks = figures.per_week(days, EVERYWHERE, AMSTERDAM)
            assert [(one.reports, one.practices) for one in weeks][:3] == [(1, 1), (2, 2), (0, 0)]
            assert figures.per("region", days, EVERYWHERE, AMSTERDAM) == [Count("utrecht", 3, 2)]
            took = figures.first_answer(days, EVERYWHERE, AMSTERDAM)
            assert (took.number, took.practices) == (3, 2)
            assert (took.median, took.ninetieth) == pytest.approx((3, 8))
            assert figures.solution(days, EVERYWHERE, AMSTERDAM).median == pytest.approx(4)
            assert figures.groups(days, EVERYWHERE, AMSTERDAM) == []


def test_a_signal_is_told_once_and_again(server: str, clock: Clock) -> None:
    with open_database(server, Cipher(SECRET), clock=clock) as database:
        with database.work() as work:
            officer = work.officers.add("dia@rho.example", "Dia", Role.ADMIN, EVERYWHERE)
            condition = Condition(categories=("materialen-pbm",), more_than=1, days=7)
            draft = RuleDraft("Signaal", condition, (officer,))
            rule = work.signals.add_rule(draft, created_by=officer)
            view = work.officers.get(officer)
        assert view is not None

        def told() -> list[tuple[str | None, int, bool]]:
            with database.work() as work:
                found = work.signals.evaluate(rule)
                return [(one.signal.region, one.signal.reports, one.again) for one in found]

        for region in ("utrecht", "utrecht", None, None):
            file_report(database, category="materialen-pbm", region=region)
        assert told() == [(None, 2, False), ("utrecht", 2, False)] and told() == []
        clock.forward(86_400)
        file_report(database, category="materialen-pbm")
        assert told() == [("utrecht", 3, True)]
        with database.work() as work:
            assert work.signals.unread(view.officer) == 2
            assert work.signals.mark_read(view.officer) == 2
            assert work.signals.unread(view.officer) == 0
            assert [one.reports for one in work.signals.open(EVERYWHERE)] == [3, 2]
            since = clock.now - timedelta(days=7)
            seen = work.signals.reports_since(condition, EVERYWHERE, since)
            assert len(seen) == 5 and len(replay(condition, seen, since, clock.now).told) == 3
        clock.forward(8 * 86_400)
        assert told() == []
        with database.reading() as work:
            assert work.signals.open(EVERYWHERE) == []


def test_two_processes_tell_a_signal_once(server: str, clock: Clock) -> None:
    with open_database(server, Cipher(SECRET), clock=clock) as database:
        with database.work() as work:
            officer = work.officers.add("eva@rho.example", "Eva", Role.ADMIN, EVERYWHERE)
            draft = RuleDraft("Signaal", Condition(categories=("ict-his",), more_than=0))
            rule = work.signals.add_rule(draft, created_by=officer)
        file_report(database, category="ict-his")

        def told() -> int:
            with database.work() as work:
                return len(work.signals.evaluate(rule))

        with ThreadPoolExecutor(4) as several:
            assert sum(several.map(lambda _: told(), range(8))) == 1


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


def test_what_points_to_topics_is_kept(server: str, clock: Clock) -> None:
    with open_database(server, Cipher(SECRET), clock=clock) as database, database.work() as work:
        officer = work.officers.add("fay@rho.example", "Fay", Role.HANDLER, EVERYWHERE)
        question = work.questions.keep(UnclearDraft("regie?", "declined", None, 0.4, (), "r"))
        assert work.questions.label(question, "noodplan/his", actor=officer, was=None)
        assert not work.questions.label(question, None, actor=officer, was=None)
        assert question in {row.id for row in work.questions.page(labelled=True).rows}
        person = work.accounts.find_or_create("test", "someone else", "address").person_id
        work.reports.add_feedback(person, "noodplan/his", "klopt niet", "r")
        work.reports.add_feedback(person, None, "ook niet", "r")
        assert work.topics.wrong_counts(EVERYWHERE) == {"noodplan/his": 1, None: 1}
        ids = [one.id for one in work.topics.wrong_answers(EVERYWHERE)]
        assert work.topics.handle_wrong(ids, EVERYWHERE, actor=officer) == 2
        assert len(work.topics.wrong_answers(EVERYWHERE, handled=True)) == 2
        name = file_report(database, "Het HIS ligt eruit")
    with open_database(server, Cipher(SECRET), clock=clock) as database, database.work() as work:
        assert work.topics.point(name, EVERYWHERE, "noodplan/his", actor="test")
        assert [row.reference for row in work.topics.reports_of("noodplan/his", EVERYWHERE)] == [
            name
        ]
        assert work.topics.report_counts(EVERYWHERE) == {"noodplan/his": 1}


def test_a_report_for_a_meeting_is_kept(server: str, clock: Clock) -> None:
    with open_database(server, Cipher(SECRET), clock=clock) as database:
        quoted = file_report(database, "De lijn is vol", region="utrecht", is_example=True)
        with database.work() as work:
            officer = work.officers.add("gus@rho.example", "Gus", Role.HANDLER, EVERYWHERE)
            today = clock.now.date()
            draft = MeetingDraft("Titel", "ROAZ", "Gus", today, today, ("utrecht",), (1, 2))
            draft_id = work.meeting_reports.add(draft, actor=officer)
        with database.work() as work:
            quote = Quote(quoted, "Vol")
            assert work.meeting_reports.quote(draft_id, EVERYWHERE, quote, actor=officer)
        with database.reading() as work:
            for scope in (EVERYWHERE, Scope(regions=frozenset({"utrecht"}))):
                view = work.meeting_reports.get(draft_id, scope)
                assert view is not None and view.draft == replace(draft, quotes=(quote,))
            names = [quoted, "KP-2026-9999"]
            found = work.meeting_reports.quotable(names, draft, EVERYWHERE, AMSTERDAM)
            assert set(found) == {quoted}
            assert not work.meeting_reports.has_examples(draft, EVERYWHERE, AMSTERDAM)
        with database.work() as work:
            work.officers.add("x@rho.example", "X", Role.READER, EVERYWHERE, is_example=True)
            assert work.meeting_reports.has_examples(draft, EVERYWHERE, AMSTERDAM)
            work.meeting_reports.remove(draft_id, EVERYWHERE)
            assert work.meeting_reports.latest(EVERYWHERE) == []


def test_reports_are_brought_together_and_suggested(server: str, clock: Clock) -> None:
    engine = empty_database(server, "groups")
    url = engine.url.render_as_string(hide_password=False)
    engine.dispose()
    with open_database(url, Cipher(SECRET), clock=clock) as database:
        texts = (
            "Na zes uur 's avonds is er in Overvecht geen wijkverpleging meer te krijgen",
            "Avondzorg in Overvecht: vier vvt's gebeld, geen plek voor vanavond",
            "Geen thuiszorg te krijgen in de avond, alle organisaties in Overvecht zitten vol",
        )
        first, second, new = [file_report(database, text) for text in texts]
        file_report(database, "De handschoenen zijn op", category="materialen-pbm")
        with database.work() as work:
            officer = work.officers.add("gr@rho.example", "Gr", Role.HANDLER, EVERYWHERE)
            number = work.groups.create("Avondzorg", [first], EVERYWHERE, actor=officer)
            found = work.groups.suggest(new, EVERYWHERE)
            assert [one.row.number for one in found.groups] == [number]
            assert [one.row.reference for one in found.reports] == [second]
            work.groups.add(number, second, EVERYWHERE, actor=officer)
            offered = work.groups.offer(new)
            assert offered is not None and offered.number == number
            work.groups.move(number, EVERYWHERE, Status.IN_PROGRESS, actor=officer, version=3)
            page = work.groups.page(EVERYWHERE, words="vanavond", category="thuiszorg")
        assert [(row.reports, row.status) for row in page.rows] == [(2, Status.IN_PROGRESS)]
