"""Closed reports are erased with all that is about them; open ones never."""

from datetime import UTC, date, timedelta

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from bottlenecks import tidying
from bottlenecks.crypto import Cipher
from bottlenecks.models import OutboxItem
from bottlenecks.models_insight import GroupEvent, GroupRefusal, ReportGroup
from bottlenecks.models_reports import ReportEvent
from bottlenecks.retention import periods
from bottlenecks.roles import EVERYWHERE
from bottlenecks.store import Database, open_database
from bottlenecks.store.figures import Selection
from bottlenecks.store.report_search import ReportFilter
from bottlenecks.workflow import Status
from tests.conftest import SECRET, Clock
from tests.desk_reports import file_report
from tests.groups_of_reports import group, own_group
from tests.postgres_server import empty_database
from tests.rows import rows

DAY_S = 86_400
KINDS = {one.kind: one for one in periods()}


def closed_report(database: Database, description: str) -> str:
    """A report that was answered and solved, with its answer delivered."""
    reference = file_report(database, description)
    with database.work() as work:
        case = work.cases.get(reference, EVERYWHERE)
        assert case is not None and case.account_id is not None
        sent = work.outbox.add(case.account_id, "Er is weer plek.")
        work.outbox.sent(sent)
        work.cases.reply(reference, EVERYWHERE, actor="o", text="Er is weer plek.", outbox_id=sent)
        work.cases.move(reference, EVERYWHERE, Status.SOLVED, actor="o")
    return reference


def _erase_a_closed_report(database: Database, clock: Clock) -> None:
    """A closed report goes with all that is about it; its group and the figures stay right."""
    old = closed_report(database, "Nergens een verpleegkundige voor de avondronde")
    alone = closed_report(database, "De telefooncentrale ligt eruit")
    stays = file_report(database, "Ook hier geen verpleegkundige voor de nacht")
    number = group(database, [old, stays], "Geen verpleegkundige")
    other = group(database, [alone], "Telefooncentrale")
    last = group(database, [file_report(database, "De fax is kapot")], "Fax")
    with database.work() as work:
        work.groups.refuse(last, old, actor="o")
    kind = KINDS["closed reports"]
    clock.now += kind.kept + timedelta(seconds=1)
    # a newer one, so that nothing above is the last of this year
    newest = closed_report(database, "Net gesloten")
    assert tidying.erase(database, [kind]) == {"closed reports": 2}

    with database.reading() as work:
        assert work.cases.get(old, EVERYWHERE) is None
        view = work.groups.get(number, EVERYWHERE)
        assert view is not None and view.row.reports == 1
        assert work.groups.get(other, EVERYWHERE) is None
        words = ReportFilter(words="verpleegkundige")
        assert [row.reference for row in work.search.all(words, EVERYWHERE, UTC)] == [stays]
        assert list(work.search.all(ReportFilter(words="avondronde"), EVERYWHERE, UTC)) == []
        assert work.groups.page(EVERYWHERE, words="avondronde").total == 0
        assert work.cases.get(newest, EVERYWHERE) is not None
        selection = Selection(date(2026, 1, 1), date(2028, 12, 31))
        assert work.figures.total(selection, EVERYWHERE, UTC).reports == 3
        assert work.figures.per("category", selection, EVERYWHERE, UTC)[0].reports == 3
        [line] = work.audit.latest(action="meldingen-gewist")
        assert (line.subject, line.detail) == ("2", {"dagen": 730})
    assert own_group(database, stays) == number
    assert rows(database, ReportGroup) == 2, "a group of which nothing is left goes too"
    assert rows(database, GroupRefusal) == 0
    with Session(database.engine) as session:
        texts = session.scalars(select(ReportEvent.text)).all()
        joined = session.scalars(select(GroupEvent).where(GroupEvent.kind == "joined")).all()
    assert texts.count("Er is weer plek.") == 1, "only the answer to the newest one is left"
    assert len(joined) == 2, "of the two reports that are still in a group"
    # what was delivered with them goes next
    assert tidying.erase(database, [KINDS["delivered replies"]]) == {"delivered replies": 2}
    assert rows(database, OutboxItem) == 1


def test_a_closed_report_goes_with_all_that_is_about_it(database: Database, clock: Clock) -> None:
    _erase_a_closed_report(database, clock)
    with database.engine.connect() as connection:
        connection.execute(
            text("INSERT INTO report_search(report_search) VALUES ('integrity-check')")
        )


def test_a_closed_report_goes_on_postgresql_as_well(server: str, clock: Clock) -> None:
    engine = empty_database(server, "closed_reports")
    url = engine.url.render_as_string(hide_password=False)
    engine.dispose()
    with open_database(url, Cipher(SECRET), clock=clock) as database:
        _erase_a_closed_report(database, clock)


def test_no_number_is_given_out_twice(database: Database, clock: Clock) -> None:
    first, second = (closed_report(database, f"melding {number}") for number in (1, 2))
    clock.forward(31 * DAY_S)
    assert tidying.erase(database, periods(30))["closed reports"] == 1
    with database.reading() as work:
        assert work.cases.get(first, EVERYWHERE) is None
        assert work.cases.get(second, EVERYWHERE) is not None
    assert file_report(database, "een nieuwe") not in (first, second)


def test_an_open_report_is_never_erased(database: Database, clock: Clock) -> None:
    reference = file_report(database, "nog niet gelezen")
    clock.forward(4_000 * DAY_S)
    file_report(database, "veel later")
    assert tidying.erase(database, periods(30))["closed reports"] == 0
    with database.reading() as work:
        assert work.cases.get(reference, EVERYWHERE) is not None
