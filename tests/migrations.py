"""Moves a database with people in the middle of a flow between two versions of its tables."""

from collections.abc import Callable
from datetime import UTC, datetime

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

import bottlenecks.models_insight  # noqa: F401  (reports point to its tables)
from bottlenecks.roles import EVERYWHERE
from bottlenecks.store.database import MIGRATIONS
from bottlenecks.store.report_search import ReportFilter, ReportSearch

MOMENT = "2026-03-02 09:00:00+00:00"


def move(engine: Engine, way: Callable[[Config, str], None], revision: str) -> None:
    """Bring the tables to this revision; `way` is Alembic's upgrade or downgrade."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        way(config, revision)


def fill_0002(engine: Engine) -> None:
    """A person with an account, in the middle of a flow, and an older one that is done."""
    with engine.begin() as connection:
        for statement in (
            "INSERT INTO person (id, practice_asked, created_at) VALUES ('p', false, :at)",
            "INSERT INTO account (id, channel, outside_hash, address, person_id, created_at) "
            "VALUES ('a', 'test', 'h', 'x', 'p', :at)",
            "INSERT INTO conversation (id, account_id, slots, created_at, last_at) "
            "VALUES ('c', 'a', '{}', :at, :at)",
            "INSERT INTO flow_run (id, conversation_id, flow_id, status, knowledge_revision, "
            "state, created_at, updated_at) "
            "VALUES ('r', 'c', 'knelpunt/melden', 'active', 'x', '{\"step\": \"wat\"}', :at, :at)",
            "INSERT INTO flow_run (id, conversation_id, flow_id, status, knowledge_revision, "
            "state, created_at, updated_at) "
            "VALUES ('o', 'c', 'knelpunt/melden', 'done', 'x', '{}', :at, :at)",
        ):
            connection.execute(text(statement), {"at": MOMENT})


def there_and_back(engine: Engine) -> dict[str, object]:
    """Up with people in a flow, and down again: what is left of who walks what, at each end."""
    move(engine, command.upgrade, "0002")
    fill_0002(engine)
    move(engine, command.upgrade, "0003")
    up = _rows(engine, "SELECT run_id, person_id, number, conversation_id FROM flow_participant")
    runs = _rows(engine, "SELECT id FROM flow_run ORDER BY id")
    move(engine, command.downgrade, "0002")
    down = _rows(engine, "SELECT id, conversation_id FROM flow_run")
    accounts = _rows(engine, "SELECT id FROM account")
    move(engine, command.upgrade, "0003")
    return {"up": up, "runs": runs, "down": down, "accounts": accounts}


def _rows(engine: Engine, query: str) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


# nobody loses their place; a flow that was done stays until the tables go back to one row each
PLACES_KEPT = {
    "up": [("r", "p", 1, "c")],
    "runs": [("o",), ("r",)],
    "down": [("r", "c")],
    "accounts": [("a",)],
}


def reports_there_and_back(engine: Engine) -> dict[str, object]:
    """An open and a closed report through the step that gives reports a deadline, and back."""
    move(engine, command.upgrade, "0003")
    with engine.begin() as connection:
        for number, status, severity in ((1, "nieuw", "hoog"), (2, "opgelost", "midden")):
            connection.execute(
                text(
                    "INSERT INTO report (id, year, number, reference, category, region, "
                    "description, severity, answer_wanted, status, created_at, updated_at) VALUES "
                    "(:id, 2026, :number, :reference, 'thuiszorg', 'utrecht', 'geen avondronde', "
                    ":severity, true, :status, :at, :at)"
                ),
                {
                    "id": f"r{number}",
                    "number": number,
                    "reference": f"KP-2026-000{number}",
                    "severity": severity,
                    "status": status,
                    "at": MOMENT,
                },
            )
    move(engine, command.upgrade, "0004")
    up = _rows(engine, "SELECT reference, serial, due_at IS NULL FROM report ORDER BY serial")
    move(engine, command.upgrade, "head")  # the store reads only tables as they are now
    with Session(engine) as session:
        search = ReportSearch(session, lambda: datetime(2026, 3, 4, tzinfo=UTC), lambda: "")
        wanted = ReportFilter(words="avondronde", overdue=True)
        late = [row.reference for row in search.all(wanted, EVERYWHERE, UTC)]
    move(engine, command.downgrade, "0003")
    down = _rows(engine, "SELECT reference, status FROM report ORDER BY number")
    move(engine, command.upgrade, "head")
    shown = [(name, serial, bool(none)) for name, serial, none in up]
    return {"up": shown, "late": late, "down": down}


REPORTS_KEPT = {
    "up": [("KP-2026-0001", 2026000001, False), ("KP-2026-0002", 2026000002, True)],
    "late": ["KP-2026-0001"],
    "down": [("KP-2026-0001", "nieuw"), ("KP-2026-0002", "opgelost")],
}
