"""The store on PostgreSQL as the desk uses it: reports, groups, figures, signals and texts."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, timedelta

import pytest

from bottlenecks.crypto import Cipher
from bottlenecks.dates import AMSTERDAM
from bottlenecks.own_plans import Description, draft_passage, read, take_up
from bottlenecks.proposals import ProposalChangedError, ProposalStatus
from bottlenecks.roles import EVERYWHERE, Role, Scope
from bottlenecks.signal_replay import replay
from bottlenecks.signals import Condition
from bottlenecks.store import open_database
from bottlenecks.store.figures import Count, Selection
from bottlenecks.store.meeting_reports import MeetingDraft, Quote
from bottlenecks.store.questions import UnclearDraft
from bottlenecks.store.report_search import ReportFilter
from bottlenecks.store.signal_rules import RuleDraft
from bottlenecks.workflow import Status
from dialogues.assistant import Assistant
from tests.conftest import SECRET, Clock, Talk
from tests.desk_reports import file_report
from tests.groups_of_reports import group, report, reports
from tests.postgres_server import empty_database
from tests.reports_to_count import answer_after, move_after, noon, report_at
from tools.example_plan import example_parts
from tools.plan_documents import as_docx


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
