"""Moves a database with people in the middle of a flow between two versions of its tables."""

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, text

from bottlenecks.store.database import MIGRATIONS

MOMENT = "2026-03-02 09:00:00+00:00"


def move(engine: Engine, revision: str) -> None:
    """Bring the tables to this revision, up or down."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        if revision == "0002":
            command.downgrade(config, revision)
        else:
            command.upgrade(config, revision)


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


def check_there_and_back(engine: Engine) -> None:
    """Up with people in a flow, and down again: nobody loses their place."""
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
    fill_0002(engine)
    move(engine, "0003")
    with engine.begin() as connection:
        rows = connection.execute(
            text("SELECT run_id, person_id, number, conversation_id FROM flow_participant")
        ).all()
        assert [tuple(row) for row in rows] == [("r", "p", 1, "c")]
        assert connection.execute(text("SELECT count(*) FROM flow_run")).scalar() == 2
    move(engine, "0002")
    with engine.begin() as connection:
        rows = connection.execute(text("SELECT id, conversation_id FROM flow_run")).all()
        assert [tuple(row) for row in rows] == [("r", "c")]
        assert connection.execute(text("SELECT count(*) FROM account")).scalar() == 1
    move(engine, "0003")
