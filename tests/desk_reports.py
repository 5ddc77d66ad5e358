"""Reports as practices filed them, for tests of what the desk gives out."""

from functools import cache

from bottlenecks.crypto import Cipher
from bottlenecks.desk.context import DeskContext
from bottlenecks.store import Database
from bottlenecks.store.reports import Draft
from knowledge import Knowledge, load
from tests.conftest import SECRET

STORY = "De wachtlijst is zes weken en niemand belt terug"
REGIONS = {"utrecht": "Utrecht", "westelijke-mijnstreek": "Westelijke Mijnstreek"}


@cache
def _knowledge() -> Knowledge:
    return load()


def context(database: Database) -> DeskContext:
    """A desk of two regions, that sends nothing."""
    return DeskContext(
        database=database,
        cipher=Cipher(SECRET),
        knowledge=_knowledge(),
        regions=REGIONS,
        phases={"0": "Normaal", "1": "Verhoogde druk"},
        insurers={},
        as_payload=lambda notice: notice.model_dump_json(),
        wake=lambda: None,
    )


def file_report(
    database: Database,
    description: str = STORY,
    *,
    category: str = "thuiszorg",
    region: str | None = "utrecht",
    region_other: str | None = None,
    severity: str = "midden",
    tried: str | None = None,
    practice: str | None = None,
    is_example: bool = False,
) -> str:
    """File a report as a practice on a channel does, and give its reference."""
    draft = Draft(category, region, region_other, description, tried, severity, True)
    with database.work() as work:
        reporter = work.accounts.find_or_create("test", "u1", "u1")
        practice_id = work.accounts.remember_practice(reporter.person_id, practice)
        return work.reports.file(
            draft,
            person_id=None if is_example else reporter.person_id,
            account_id=None if is_example else reporter.id,
            practice_id=practice_id,
            is_example=is_example,
        )
