"""One row in every table that there is at a revision of the schema, as the program wrote them.

A table that a later revision brings gets a row by itself: what is not told here is filled in by
its type.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Column, Engine, MetaData, Table, select
from sqlalchemy.types import (
    JSON,
    Boolean,
    Date,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    String,
)

from bottlenecks.crypto import Cipher
from dialogues.reply import Reply

# the program is opened with the real clock: a flow that is older is put aside
AT = datetime.now(UTC).replace(microsecond=0)
YEAR = AT.year
REFERENCE = f"KP-{YEAR}-0001"
NEXT_REFERENCE = f"KP-{YEAR}-0002"
USER = "u1"
DESCRIPTION = "geen avondronde in Geleen"
WAITING = Reply(text="Dit stond nog te wachten.").model_dump_json()
# SQLite's search tables are filled by triggers; Alembic's own table is no data
LEFT_OUT = ("report_search", "alembic_version", "sqlite_")

Row = dict[str, Any]


def _told(cipher: Cipher) -> dict[str, Row]:
    """What matters for the program, by table and column."""
    condition = {"categories": [], "severities": [], "regions": [], "per_region": True}
    condition |= {"more_than": 3, "days": 7}
    return {
        "inbox": {
            "channel": "test",
            "update_id": "1",
            "status": "new",
            "payload": cipher.encrypt(f'{USER}|{{"text": "{DESCRIPTION}"}}'),
            "attempts": 0,
            "error": None,
            "done_at": None,
            "set_aside_at": None,
        },
        "practice": {"name": "Voorbeeldpraktijk De Linde"},
        "person": {"practice_asked": True, "region": "westelijke-mijnstreek", "role": "huisarts"},
        "account": {
            "channel": "test",
            "outside_hash": cipher.hash_id("test", USER),
            "address": cipher.encrypt(USER),
        },
        "outbox": {
            "channel": "test",
            "sent_messages": 0,
            "claimed_until": None,
            "inbox_id": None,
            "broadcast_id": None,
            "status": "pending",
            "payload": cipher.encrypt(WAITING),
            "attempts": 0,
            "error": None,
            "sent_at": None,
            "set_aside_at": None,
        },
        "conversation": {"slots": {}},
        "conversation_event": {
            "data": {"event": "action", "name": "action_listen", "timestamp": 1.0}
        },
        "flow_run": {
            "flow_id": "knelpunt/melden",
            "status": "active",
            # as the first version kept it
            "state": {
                "flow_id": "knelpunt/melden",
                "run": "abc123",
                "step": "wat",
                "answers": {"soort": "thuiszorg", "regio": "westelijke-mijnstreek"},
                "history": [],
            },
        },
        "flow_participant": {"number": 1, "left_at": None},
        "report": {
            "year": YEAR,
            "number": 1,
            "serial": YEAR * 1_000_000 + 1,
            "reference": REFERENCE,
            "category": "thuiszorg",
            "region": "westelijke-mijnstreek",
            "region_other": None,
            "description": DESCRIPTION,
            "severity": "hoog",
            "status": "nieuw",
            "forwarded_to": None,
            "search_text": f"{REFERENCE.lower()} {DESCRIPTION}",
            "version": 1,
            "is_example": False,
            "topic": "thuiszorg/vinden",
            "first_answer_at": None,
            "solved_at": None,
        },
        "report_event": {
            "actor": "melder",
            "kind": "filed",
            "status_from": None,
            "status_to": "nieuw",
            "text": None,
            "field": None,
            "value_from": None,
            "value_to": None,
            "outbox_id": None,
        },
        "report_group": {
            "number": 1,
            "title": "Geen avondronde",
            "status": "nieuw",
            "forwarded_to": None,
        },
        "group_event": {"actor": "desk_user", "kind": "made", "status_from": None, "text": None},
        "unclear_question": {
            "outcome": "declined",
            "candidates": [{"topic": "noodplan/coordinatie", "confidence": 0.3}],
            "topic": None,
            "chosen": None,
            "label": None,
        },
        "topic_count": {"topic": "noodplan/coordinatie", "outcome": "answered"},
        "desk_user": {
            "login": "ada@rho.example",
            "name": "Ada Jansen",
            "role": "beheerder",
            "all_regions": True,
            "regions": [],
            "is_active": True,
        },
        "api_token": {"regions": ["utrecht"], "revoked_at": None},
        "invitation": {"revoked_at": None, "expires_at": AT + timedelta(days=90)},
        "region_phase": {"region": "utrecht", "phase": "2"},
        "contact_entry": {"kind": "rho", "subject": "utrecht"},
        "broadcast": {"region": "utrecht"},
        "signal_rule": {"condition": condition, "recipients": ["desk_user"]},
        "signal": {"condition": condition, "region": "utrecht"},
        "content_source": {"region": "utrecht", "contacts": [], "passages": [], "notes": []},
        "proposal": {
            "topic": "noodplan/coordinatie",
            "region": None,
            "data": None,
            "base": None,
            "status": "afgewezen",
        },
        "topic_review": {"topic": "noodplan/coordinatie", "region": None},
        "meeting_report": {"regions": ["utrecht"], "groups": [], "quotes": []},
        "feedback": {"topic": "noodplan/coordinatie"},
        "web_message": {"payload": cipher.encrypt("hallo"), "outbox_id": None},
    }


def tables(engine: Engine) -> dict[str, Table]:
    """The tables that there are now, those that others point to first."""
    found = MetaData()
    found.reflect(engine)
    return {t.name: t for t in found.sorted_tables if not t.name.startswith(LEFT_OUT)}


def fill(engine: Engine, cipher: Cipher) -> dict[str, Row]:
    """Put a row into every table; gives what was put in, by table."""
    told = _told(cipher)
    rows: dict[str, Row] = {}
    with engine.begin() as connection:
        for name, table in tables(engine).items():
            rows[name] = {
                column.name: told.get(name, {}).get(column.name, _of_type(column))
                for column in table.columns
                if column.computed is None and not _is_counted(column)
            }
            connection.execute(table.insert().values(rows[name]))
    return rows


def kept(engine: Engine, rows: dict[str, Row]) -> list[str]:
    """What is no longer as it was put in: table, column, what it was and what it is."""
    now = tables(engine)
    changed = []
    with engine.connect() as connection:
        for name, row in rows.items():
            table = now[name]
            found = connection.execute(select(table)).mappings().all()
            if len(found) != 1:
                changed.append(f"{name}: {len(found)} rows")
                continue
            for column, value in row.items():
                if column in table.columns and _plain(found[0][column]) != _plain(value):
                    changed.append(f"{name}.{column}: {value!r} is {found[0][column]!r}")
    return changed


def _is_counted(column: Column[Any]) -> bool:
    """Whether the database numbers the rows itself."""
    alone = len(column.table.primary_key) == 1
    return (
        alone
        and column.primary_key
        and isinstance(column.type, Integer)
        and not column.foreign_keys
    )


def _of_type(column: Column[Any]) -> Any:
    if column.foreign_keys:
        [target] = column.foreign_keys
        return 1 if isinstance(column.type, Integer) else target.column.table.name[:32]
    if column.primary_key and isinstance(column.type, String):
        return column.table.name[:32]
    values: tuple[tuple[type, Any], ...] = (
        (JSON, {}),
        (Boolean, False),
        (Date, AT.date()),
        (DateTime, AT),
        (Integer, 1),
        (Float, 0.5),
        (LargeBinary, b"x"),
        (String, "x"),
    )
    for kind, value in values:
        if isinstance(column.type, kind):
            return value
    raise AssertionError(f"no value for {column.table.name}.{column.name}: {column.type}")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
    return bytes(value) if isinstance(value, memoryview) else value
