"""An index serves every filter and every order of the desk, on both databases.

The filters are those that the desk defines: a new one fails here until it has an index.
"""

import re
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta

import pytest

from bottlenecks.crypto import Cipher
from bottlenecks.dates import AMSTERDAM
from bottlenecks.models_reports import FILTERED, Report
from bottlenecks.roles import EVERYWHERE, Role, Scope
from bottlenecks.store import Database, open_database
from bottlenecks.store.report_api import ApiFilter
from bottlenecks.store.report_search import NOBODY, OTHER_REGION, Order, ReportFilter
from bottlenecks.workflow import OPEN, Status
from tests.conftest import SECRET
from tests.plans import plan, sent_by
from tests.postgres_server import empty_database, running
from tools.growth.pages import filter_names, filter_values
from tools.growth.reports import fill, gather_statistics

REPORTS = 4_000
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
OFFICER = "officer"
# the index that each filter of the inbox is looked up in, and its first column there
INDEXES = {
    # in a table that is not full PostgreSQL may find states in the second column of another one
    "statuses": (r"ix_report_status_due_at|ix_report_\w+_status", "status"),
    "categories": ("ix_report_category_status", "category"),
    "regions": ("ix_report_region_status", "region"),
    "severities": ("ix_report_severity_status", "severity"),
    "owner": ("ix_report_owner_id_status", "owner_id"),
    "answer_wanted": ("ix_report_answer_wanted_status", "answer_wanted"),
    "overdue": ("ix_report_due_at_status|ix_report_status_due_at|ix_report_deadline", "due_at"),
    "has_reaction": ("ix_report_has_reaction_status", "has_reaction"),
    "practice": ("ix_report_practice_id_status", "practice_id"),
    "topic": ("ix_report_topic_status", "topic"),
    "since": ("ix_report_created_at|ix_report_figures", "created_at"),
    "until": ("ix_report_created_at|ix_report_figures", "created_at"),
    "words": ("report_search|ix_report_search_vector", "search_vector"),
}
# what is walked in the order that is asked for
ORDERS = {
    Order.DEADLINE: "ix_report_deadline",
    Order.NEWEST: "ix_report_created_at|ix_report_figures",
    Order.OLDEST: "ix_report_created_at|ix_report_figures",
    Order.SEVERITY: "ix_report_gravity",
    Order.CHANGED: "ix_report_updated_at_serial",
}
# an index that is walked, in which all stands that is asked for
ONLY_INDEX = r"(SCAN report USING COVERING INDEX|Index Only Scan using) {}\b"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def filled(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    """Some thousands of reports, which the database has looked at."""
    if request.param == "sqlite":
        yield from _filled(f"sqlite:///{tmp_path_factory.mktemp('indexes') / 'test.db'}")
    else:
        with running() as server:
            empty_database(server, "indexes").dispose()
            yield from _filled(f"{server.rsplit('/', 1)[0]}/indexes")


def _filled(url: str) -> Iterator[Database]:
    with open_database(url, Cipher(SECRET), clock=lambda: NOW) as database:
        with database.work() as work:
            officer = work.officers.add("bo@rho.example", "Bo", Role.ADMIN, EVERYWHERE)
        fill(database, REPORTS, NOW, [officer])
        yield database


def plans_of(
    database: Database, wanted: ReportFilter, scope: Scope = EVERYWHERE
) -> tuple[str, str]:
    """The plans of the list of these reports, and of the counts above it."""
    with database.reading() as work:
        counts, listed = sent_by(
            database, lambda: work.search.page(wanted, scope, AMSTERDAM, offset=0, limit=50)
        )
    return plan(database, listed), plan(database, counts)


def is_looked_up(found: str, index: str, column: str) -> bool:
    """Whether a plan goes straight to the rows with a value, by this index."""
    if re.search(
        rf"SEARCH report .*USING (COVERING )?INDEX ({index}) "
        # SQLite skips through an index whose first column has few values
        rf"\((ANY\([^)]*\) AND )?{column}\b",
        found,
    ):
        return True
    if re.search(rf"SCAN ({index}) VIRTUAL TABLE", found):
        return True
    return bool(
        re.search(rf"Scan (using|on) ({index})\b", found)
        and re.search(rf"Index Cond: .*\b{column}\b", found)
    )


def test_every_filter_has_an_index_that_is_told_here() -> None:
    assert set(INDEXES) == set(filter_names()) == set(filter_values(OFFICER, TODAY))
    assert set(ORDERS) == set(Order)
    assert set(FILTERED) <= {column.name for column in Report.__table__.columns}


@pytest.mark.parametrize("name", filter_names())
def test_a_filter_is_served_by_its_index(filled: Database, name: str) -> None:
    with filled.reading() as work:
        officer = work.officers.all()[0].officer.id
    value = filter_values(officer, TODAY)[name]
    wanted = ReportFilter(**{name: value}, order=Order.CHANGED)  # type: ignore[arg-type]
    index, column = INDEXES[name]
    found = plans_of(filled, wanted)[1]
    if name == "statuses":  # the tabs show all states, whichever was chosen
        rare = ReportFilter(statuses=(Status.REOPENED,), order=Order.CHANGED)
        with filled.reading() as work:
            everything = sent_by(filled, lambda: list(work.search.all(rare, EVERYWHERE, UTC)))
        found = plan(filled, everything[0])
    assert is_looked_up(found, index, column), found


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        (ReportFilter(owner=NOBODY), "owner"),
        (ReportFilter(regions=(OTHER_REGION,)), "regions"),
        (ReportFilter(answer_wanted=False), "answer_wanted"),
    ],
)
def test_what_is_not_there_is_looked_up_as_well(
    filled: Database, wanted: ReportFilter, name: str
) -> None:
    _, counts = plans_of(filled, wanted)
    assert is_looked_up(counts, *INDEXES[name]), counts


def test_an_officer_of_one_region_reads_no_others(filled: Database) -> None:
    scope = Scope(regions=frozenset({"utrecht"}))
    _, counts = plans_of(filled, ReportFilter(), scope)
    assert is_looked_up(counts, *INDEXES["regions"]), counts


@pytest.mark.parametrize("order", list(Order))
def test_an_order_is_walked_along_an_index(filled: Database, order: Order) -> None:
    listed, _ = plans_of(filled, ReportFilter(order=order))
    assert re.search(
        rf"(SCAN report USING (COVERING )?INDEX|Scan( Backward)? using) ({ORDERS[order]})", listed
    ), listed


@pytest.mark.parametrize("statuses", [tuple(OPEN), (Status.SOLVED,)])
def test_a_list_of_some_states_reads_no_other_reports(
    filled: Database, statuses: tuple[Status, ...]
) -> None:
    wanted = ReportFilter(statuses=statuses)
    listed, _ = plans_of(filled, wanted)
    assert re.search(ONLY_INDEX.format("ix_report_deadline"), listed), listed
    with filled.reading() as work:
        sent = sent_by(
            filled, lambda: work.search.neighbours(wanted, EVERYWHERE, AMSTERDAM, "KP-2026-0001")
        )
    beside = plan(filled, sent[0])
    assert re.search(ONLY_INDEX.format("ix_report_deadline"), beside), beside


def test_states_of_all_reports_are_counted_without_sorting_them(filled: Database) -> None:
    _, counts = plans_of(filled, ReportFilter())
    assert "TEMP B-TREE" not in counts, counts


def test_new_reports_are_found_among_old_deadlines(filled: Database) -> None:
    listed, _ = plans_of(filled, ReportFilter(since=TODAY - timedelta(days=300)))
    assert re.search(ONLY_INDEX.format("ix_report_(deadline|figures)"), listed), listed


def test_one_group_is_read_without_counting_all(filled: Database) -> None:
    with filled.reading() as work:
        sent = sent_by(filled, lambda: work.groups.get(1, EVERYWHERE))
    found = plan(filled, sent[1])
    assert re.search(r"ix_report_group_counts \(group_id=|Cond: .*\bgroup_id = ", found), found


@pytest.mark.parametrize("name", [one.name for one in fields(ApiFilter)])
def test_programs_get_a_page_along_an_index(filled: Database, name: str) -> None:
    values: dict[str, object] = {
        "statuses": (Status.SOLVED,),
        "categories": ("thuiszorg",),
        "regions": ("utrecht",),
        "severities": ("hoog",),
        "since": date(2026, 2, 1),
        "until": date(2024, 6, 1),
        "changed_since": NOW - timedelta(days=3),
    }
    wanted = ApiFilter(**{name: values[name]})  # type: ignore[arg-type]
    with filled.reading() as work:
        sent = sent_by(
            filled,
            lambda: work.api_reports.page(wanted, EVERYWHERE, AMSTERDAM, after=None, limit=100),
        )
    found = plan(filled, sent[0])
    assert re.search(
        r"(USING (COVERING )?INDEX|Scan( Backward)? using|Index Scan on) ix_report_", found
    ), found


def test_the_end_of_a_conversation_is_read_without_its_beginning(filled: Database) -> None:
    with filled.work() as work:
        names = [f"u{n}" for n in range(60)]
        accounts = [work.accounts.find_or_create("test", name, name).id for name in names]
        conversations = [work.conversations.latest_of(one).id for one in accounts]
        for conversation in conversations:
            work.conversations.add_events(conversation, [{"event": "x"}] * 100, {})
    gather_statistics(filled)
    with filled.reading() as work:
        sent = sent_by(filled, lambda: work.conversations.get(conversations[0], accounts[0]))
    events = plan(filled, sent[-1], avoid="sort")
    assert "ix_conversation_event_conversation_id_id" in events, events
    assert "TEMP B-TREE" not in events and "Sort" not in events, events


def test_what_people_told_is_found_by_its_state(filled: Database) -> None:
    def look() -> None:
        with filled.reading() as work:
            work.topics.wrong_counts(EVERYWHERE)
            work.topics.wrong_answers(EVERYWHERE)
            work.questions.page()
            work.questions.page(labelled=True)

    plans = [plan(filled, one) for one in sent_by(filled, look)]
    assert len(plans) == 6
    for found in plans[:2]:
        assert "ix_feedback_handled_at_topic" in found
    for found in plans[2:]:
        assert re.search(r"ix_unclear_question_(label_)?created_at", found), found
