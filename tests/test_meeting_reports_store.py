"""Drafts of reports for a meeting: kept, opened again, and seen by who sees all that is in them."""

from dataclasses import replace
from datetime import date

import pytest

from bottlenecks.dates import AMSTERDAM
from bottlenecks.roles import EVERYWHERE, Scope
from bottlenecks.store import Database
from bottlenecks.store.meeting_reports import MeetingDraft, Quote
from bottlenecks.store.report_desk import ChangedMeanwhileError
from bottlenecks.workflow import Status
from tests.a_month_of_reports import MINES, add_example, fill
from tests.conftest import Clock
from tests.desk import add_officer
from tests.reports_to_count import move_after, noon, report_at

UTRECHT = Scope(regions=frozenset({"utrecht"}))
DRAFT = MeetingDraft(
    "Knelpunten",
    "ROAZ-overleg",
    "Ada Jansen",
    date(2026, 2, 2),
    date(2026, 3, 1),
    groups=(1, 3),
    introduction="Dit speelt er.",
    request="Plek voor de avond.",
)


@pytest.fixture
def ada(database: Database) -> str:
    return add_officer(database)


def keep(database: Database, draft: MeetingDraft, actor: str) -> str:
    with database.work() as work:
        return work.meeting_reports.add(draft, actor=actor)


def seen(database: Database, scope: Scope) -> list[MeetingDraft]:
    with database.reading() as work:
        return [view.draft for view in work.meeting_reports.latest(scope)]


def test_all_of_a_draft_is_kept(database: Database, ada: str, clock: Clock) -> None:
    draft = replace(DRAFT, regions=("utrecht",), quotes=(Quote("KP-2026-0001", "Zo is het"),))
    draft_id = keep(database, draft, ada)
    with database.reading() as work:
        view = work.meeting_reports.get(draft_id, EVERYWHERE)
        assert work.meeting_reports.get("x", EVERYWHERE) is None
    assert view is not None and view.draft == draft
    assert (view.version, view.created_by, view.updated_at) == (1, ada, clock.now)


def test_the_one_changed_last_comes_first(database: Database, ada: str, clock: Clock) -> None:
    first, second = keep(database, DRAFT, ada), keep(database, DRAFT, ada)
    clock.forward(60)
    changed = replace(DRAFT, title="Anders")
    with database.work() as work:
        work.meeting_reports.change(first, EVERYWHERE, changed, actor=ada, version=1)
        found = work.meeting_reports.latest(EVERYWHERE)
    assert [(view.id, view.draft.title) for view in found] == [
        (first, "Anders"),
        (second, "Knelpunten"),
    ]


def test_a_change_of_what_somebody_else_changed_is_refused(database: Database, ada: str) -> None:
    draft_id = keep(database, DRAFT, ada)
    with database.work() as work:
        work.meeting_reports.quote(draft_id, EVERYWHERE, Quote("KP-2026-0001", "Zo"), actor=ada)
    with database.work() as work, pytest.raises(ChangedMeanwhileError):
        work.meeting_reports.change(draft_id, EVERYWHERE, DRAFT, actor=ada, version=1)


def test_a_report_is_quoted_once(database: Database, ada: str) -> None:
    draft_id = keep(database, DRAFT, ada)
    with database.work() as work:
        quote = Quote("KP-2026-0001", "Zo is het")
        assert work.meeting_reports.quote(draft_id, EVERYWHERE, quote, actor=ada)
        again = replace(quote, text="Nog eens")
        assert not work.meeting_reports.quote(draft_id, EVERYWHERE, again, actor=ada)
    assert [one.quotes for one in seen(database, EVERYWHERE)] == [(quote,)]


def test_who_sees_some_regions_sees_drafts_of_those(database: Database, ada: str) -> None:
    inside = replace(DRAFT, regions=("utrecht",))
    for draft in (DRAFT, replace(DRAFT, regions=("utrecht", MINES)), inside):
        draft_id = keep(database, draft, ada)
    assert seen(database, UTRECHT) == [inside]
    other = replace(DRAFT, regions=(MINES,))
    with database.work() as work:
        work.meeting_reports.change(draft_id, UTRECHT, other, actor=ada, version=1)
    with database.work() as work:
        assert work.meeting_reports.get(draft_id, UTRECHT) is None
        with pytest.raises(LookupError):
            work.meeting_reports.change(draft_id, UTRECHT, inside, actor=ada, version=2)
        with pytest.raises(LookupError):
            work.meeting_reports.remove(draft_id, UTRECHT)


def test_a_quote_from_elsewhere_hides_a_draft(database: Database, ada: str) -> None:
    elsewhere = report_at(database, noon(3, 2), region=MINES)
    draft_id = keep(database, replace(DRAFT, regions=("utrecht",)), ada)
    with database.work() as work:
        work.meeting_reports.quote(draft_id, EVERYWHERE, Quote(elsewhere, "Zo"), actor=ada)
    assert seen(database, UTRECHT) == [] and len(seen(database, EVERYWHERE)) == 1


def test_a_draft_is_thrown_away(database: Database, ada: str) -> None:
    draft_id = keep(database, DRAFT, ada)
    with database.work() as work:
        work.meeting_reports.remove(draft_id, EVERYWHERE)
    assert seen(database, EVERYWHERE) == []


def test_what_can_be_quoted(database: Database, ada: str) -> None:
    filed = fill(database, ada)
    withdrawn, first, mines = filed["telefonie"][0], filed["thuiszorg"][0], filed["thuiszorg"][-1]
    move_after(database, withdrawn, noon(9, 2), 9, Status.WITHDRAWN)
    early = report_at(database, noon(1, 2))
    asked = [withdrawn, first, mines, early, "KP-2026-9999"]
    inside = replace(DRAFT, regions=("utrecht",))

    def quotable(draft: MeetingDraft, scope: Scope = EVERYWHERE) -> set[str]:
        with database.reading() as work:
            return set(work.meeting_reports.quotable(asked, draft, scope, AMSTERDAM))

    assert quotable(DRAFT) == {first, mines}
    assert quotable(inside) == quotable(DRAFT, UTRECHT) == {first}


def test_examples_are_noticed(database: Database) -> None:
    def has_examples() -> bool:
        with database.reading() as work:
            today = replace(DRAFT, until=date(2026, 3, 2))
            return work.meeting_reports.has_examples(today, EVERYWHERE, AMSTERDAM)

    report_at(database, noon(2))
    assert not has_examples()
    add_example(database)
    assert has_examples()


def test_the_days_before() -> None:
    assert DRAFT.before == (date(2026, 1, 5), date(2026, 2, 1))
    one_day = replace(DRAFT, until=DRAFT.since)
    assert one_day.before == (date(2026, 2, 1), date(2026, 2, 1))
