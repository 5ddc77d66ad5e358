"""Groups of reports in the store, for tests of it."""

from bottlenecks.roles import EVERYWHERE, Scope
from bottlenecks.store import Database
from bottlenecks.store.groups import GroupView
from bottlenecks.store.report_desk import CaseView
from tests.desk_reports import file_report

UTRECHT = Scope(regions=frozenset({"utrecht"}))
EVENING = (
    "Na zes uur 's avonds is er in Overvecht geen wijkverpleging meer te krijgen",
    "Avondzorg in Overvecht: vier thuiszorgorganisaties gebeld en niemand komt na zessen",
    "Geen thuiszorg in de avond, de insuline moet ik zelf gaan spuiten",
)
ELSEWHERE = "In Geleen is 's avonds ook geen wijkverpleging te krijgen"


def file_evening(database: Database) -> list[str]:
    """Three reports about the same, of three practices; their references."""
    return [
        file_report(database, text, practice=f"Voorbeeldpraktijk {number}")
        for number, text in enumerate(EVENING)
    ]


def make(database: Database, references: list[str], actor: str, title: str = "Avondzorg") -> int:
    with database.work() as work:
        return work.groups.create(title, references, EVERYWHERE, actor=actor)


def group(database: Database, number: int, scope: Scope = EVERYWHERE) -> GroupView:
    with database.reading() as work:
        found = work.groups.get(number, scope)
    assert found is not None
    return found


def case(database: Database, reference: str) -> CaseView:
    with database.reading() as work:
        found = work.cases.get(reference, EVERYWHERE)
    assert found is not None
    return found


def kinds(database: Database, reference: str) -> list[str]:
    return [event.kind for event in case(database, reference).events]
