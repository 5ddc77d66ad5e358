"""Four weeks of reports for tests of the report for a meeting: some counts are of few practices.

From Monday 2 February up to and including Sunday 1 March 2026, the last whole weeks before the
clock of the tests.
"""

from datetime import datetime, timedelta

from bottlenecks.roles import EVERYWHERE, Role
from bottlenecks.store import Database
from bottlenecks.store.reports import Draft
from tests.conftest import Clock
from tests.desk_reports import file_report
from tests.reports_to_count import noon

SINCE, UNTIL = "2026-02-02", "2026-03-01"
MINES = "westelijke-mijnstreek"
EVENING, PHONE, WAITING = "Avondzorg thuiszorg", "Lijn is vol", "Wachttijd GGZ"
GRAANHOF = "De Graanhof"
TOLD = (
    "Bij Voorbeeldpraktijk De Graanhof wacht mevrouw al drie dagen. Bel me op 06 12 34 56 78, "
    "De Graanhof is tot zes uur open."
)


def fill(database: Database, actor: str) -> dict[str, list[str]]:
    """File them and make groups; gives references by category.

    Utrecht: home care 12 of 6 practices, telephone 7 of 7, mental health care 3 of 2. The Mines:
    home care 5 of 5. In the four weeks before: 6 of 6. The first one is `TOLD`, and grave.
    """
    filed: dict[str, list[str]] = {"thuiszorg": [], "telefonie": [], "ggz": []}
    clock = Clock()
    # one transaction at many moments: it takes a fraction of the time of many
    with database.work(clock=clock) as work:

        def add(
            at: datetime,
            practice: str,
            category: str = "thuiszorg",
            *,
            region: str = "utrecht",
            severity: str = "midden",
            description: str = "Niemand belt terug",
        ) -> str:
            clock.now = at
            reference = work.reports.file(
                Draft(category, region, None, description, None, severity, False),
                person_id=None,
                account_id=None,
                practice_id=work.accounts.practice_id(f"Voorbeeldpraktijk {practice}"),
            )
            filed[category].append(reference)
            return reference

        names = [GRAANHOF, *(f"T{number}" for number in range(1, 6))]
        add(noon(2, 2), GRAANHOF, description=TOLD, severity="hoog")
        for number, name in enumerate(names[1:]):
            add(noon(3 + number, 2), name)
        for number, name in enumerate(names):
            add(noon(16 + number, 2), name, description=f"Geen avondzorg te vinden, {number}")
        for number in range(7):
            told = {"severity": "laag", "description": "De lijn is vol"}
            reference = add(noon(9 + number, 2), f"B{number}", "telefonie", **told)
            clock.now += timedelta(hours=5)
            work.cases.reply(reference, EVERYWHERE, actor="o", text="We bellen je.")
        for number in range(3):
            told = {"severity": "hoog", "description": "Intake duurt 31 weken"}
            add(noon(23, 2), f"G{number % 2}", "ggz", **told)
        for number in range(5):
            add(noon(24 + number, 2), f"M{number}", region=MINES)
        for number in range(6):
            filed["thuiszorg"].remove(add(noon(5 + number, 1), f"V{number}"))
        for title, references in (
            (EVENING, filed["thuiszorg"][6:12]),
            (PHONE, filed["telefonie"]),
            (WAITING, filed["ggz"]),
        ):
            work.groups.create(title, references, EVERYWHERE, actor=actor)
    return filed


def add_example(database: Database) -> None:
    """A made-up report of today, with the made-up officer that comes along in a demo."""
    with database.work() as work:
        login = "voorbeeld@regiowijzer.invalid"
        work.officers.add(login, "Voorbeeld", Role.READER, EVERYWHERE, is_example=True)
    file_report(database, is_example=True)
