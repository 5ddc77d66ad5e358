"""Rules and officers, for tests of signals."""

from bottlenecks.roles import Officer
from bottlenecks.signals import Condition
from bottlenecks.store import Database
from bottlenecks.store.signal_rules import RuleDraft

HOUR, DAY = 3600, 86_400
TWO = Condition(categories=("thuiszorg",), more_than=2, days=7)
EACH = Condition(severities=("hoog",), more_than=0, days=1)


def officer_of(database: Database, officer_id: str) -> Officer:
    """The officer with this id."""
    with database.reading() as work:
        view = work.officers.get(officer_id)
    assert view is not None
    return view.officer


def make_rule(
    database: Database, officer: Officer, condition: Condition = TWO, **more: object
) -> str:
    """A rule of which this officer is told, unless `more` says otherwise; gives its id."""
    given = {"name": "Thuiszorg loopt vast", "recipients": (officer.id,), **more}
    with database.work() as work:
        draft = RuleDraft(condition=condition, **given)
        return work.signals.add_rule(draft, created_by=officer.id)
