"""Reports at chosen moments, of chosen practices, for tests of figures."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from bottlenecks.roles import EVERYWHERE
from bottlenecks.store import Database
from bottlenecks.store.reports import Draft
from bottlenecks.workflow import Status


def report_at(
    database: Database,
    at: datetime,
    practice: str | None = None,
    *,
    category: str = "thuiszorg",
    region: str | None = "utrecht",
    severity: str = "midden",
    description: str = "Niemand belt terug",
) -> str:
    """File a report at a moment; `practice` is the name after "Voorbeeldpraktijk"."""
    with database.work(clock=lambda: at) as work:
        name = f"Voorbeeldpraktijk {practice}" if practice else None
        draft = Draft(category, region, None, description, None, severity, False)
        return work.reports.file(
            draft,
            person_id=None,
            account_id=None,
            practice_id=work.accounts.practice_id(name) if name else None,
        )


def answer_after(database: Database, reference: str, filed: datetime, hours: float) -> None:
    """An officer answers so many hours after a report was filed."""
    with database.work(clock=lambda: filed + timedelta(hours=hours)) as work:
        work.cases.reply(reference, EVERYWHERE, actor="o", text="We bellen je.")


def move_after(
    database: Database, reference: str, filed: datetime, hours: float, to: Status
) -> None:
    """An officer brings a report to another state so many hours after it was filed."""
    with database.work(clock=lambda: filed + timedelta(hours=hours)) as work:
        work.cases.move(reference, EVERYWHERE, to, actor="o")


def noon(day: int, month: int = 3) -> datetime:
    """Noon of a day in 2026, UTC."""
    return datetime(2026, month, day, 12, tzinfo=UTC)


def put_in_group(database: Database, number: int, references: list[str]) -> None:
    """The group as it is kept; how groups are made is told elsewhere."""
    with database.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO report_group (id, number, title, status, version, is_example, "
                "created_at, updated_at) VALUES (:id, :number, :title, 'in-behandeling', 1, "
                "false, :at, :at)"
            ),
            {
                "id": f"g{number}",
                "number": number,
                "title": f"Groep {number}",
                "at": "2026-03-02 09:00:00+00:00",
            },
        )
        for reference in references:
            connection.execute(
                text("UPDATE report SET group_id = :id WHERE reference = :reference"),
                {"id": f"g{number}", "reference": reference},
            )
