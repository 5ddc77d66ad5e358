"""Moves a database with people in the middle of a flow between two versions of its tables."""

from collections.abc import Callable

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, text

from bottlenecks.store.database import MIGRATIONS

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
