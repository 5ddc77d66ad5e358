"""Fills a database with generated reports: made-up words, spread over regions and two years.

All of it is written in bulk, in one transaction: half a million reports, each with three events,
take some minutes.
"""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, text

from bottlenecks.lists import lists
from bottlenecks.models import Account, Person, Practice
from bottlenecks.models_desk import AuditEntry
from bottlenecks.models_insight import ReportGroup, TopicCount
from bottlenecks.models_reports import Feedback, Report, ReportEvent, UnclearQuestion
from bottlenecks.store import Database
from bottlenecks.store.report_rows import due_at, serial_of
from bottlenecks.store.topics import monday_of
from bottlenecks.tidying import look_at_tables
from bottlenecks.workflow import Status
from knowledge import load

BATCH = 10_000
# there are as many reports to a group and to a practice at each size
REPORTS_PER_GROUP = 160
REPORTS_PER_PRACTICE = 250
FEWEST = 40
# so many reports at least are in the first group
SHOWN_GROUP = 12
# as references are numbered: at most so many a year
YEARS = 2
TOPICS = ("thuiszorg/vinden", "noodplan/coordinatie", "opschaling/fasen")
# a rare word stands in one report of so many
RARE_STEP = 97
WORDS = (
    "wachttijd thuiszorg telefoon storing apotheek recept verwijzing opname plek bellen niemand "
    "avond weekend assistent huisarts praktijk regio overleg week vandaag ziekenhuis spoed lijn "
    "rooster invaller levering tekort formulier systeem update vervoer ambulance bed terug"
).split()
# a description is one of so many, so that most of the time is the database's
DESCRIPTIONS = 4_000


def fill(database: Database, number: int, now: datetime, owners: list[str]) -> str:
    """Add so many reports (at least `SHOWN_GROUP`); gives the reference of one of them.

    `owners` are officers who have some of them. Statistics of the tables are gathered as well.
    """
    chance = random.Random(number)
    regions = [*load().regions, None]
    practices = max(FEWEST, number // REPORTS_PER_PRACTICE)
    groups = max(FEWEST, number // REPORTS_PER_GROUP)
    texts = [" ".join(chance.choices(WORDS, k=25)) for _ in range(DESCRIPTIONS)]
    with database.engine.begin() as connection:
        connection.execute(insert(Practice), [_practice(n, now) for n in range(practices)])
        connection.execute(insert(ReportGroup), [_group(n, now) for n in range(groups)])
        for first in range(0, number, BATCH):
            rows = [
                _report(n, chance, now, regions, texts, owners, practices, groups)
                for n in range(first, min(first + BATCH, number))
            ]
            connection.execute(insert(Report), rows)
            connection.execute(insert(ReportEvent), list(_events(rows)))
        _fill_asked(connection, now, number)
        _fill_people(connection, database, now, number)
        _fill_log(connection, now, number, owners)
    gather_statistics(database)
    return str(rows[-1]["reference"])


def gather_statistics(database: Database) -> None:
    """Let the database look at its tables, as its own upkeep does in time."""
    if database.engine.dialect.name == "sqlite":
        look_at_tables(database)
        return
    with database.engine.connect() as connection:
        # also brings the visibility map up to date, by which indexes alone can be read
        plain = connection.execution_options(isolation_level="AUTOCOMMIT")
        plain.execute(text("VACUUM ANALYZE"))


def _fill_asked(connection: Connection, now: datetime, number: int) -> None:
    """Two years of counts per week, questions of 90 days, and remarks about answers."""
    topics = list(load().topics)
    counts = [
        {"week": monday_of(now - timedelta(weeks=week)), "topic": topic, "outcome": outcome}
        for week in range(104)
        for topic in topics
        for outcome in ("answered", "clarified", "declined")
    ]
    connection.execute(insert(TopicCount), [one | {"number": 3} for one in counts])
    kept = {"knowledge_revision": "r", "created_at": now}
    near = [{"topic": topic, "confidence": 0.3} for topic in TOPICS]
    question = {"outcome": "declined", "confidence": 0.5, "candidates": near, **kept}
    connection.execute(
        insert(UnclearQuestion),
        [
            question | {"text": f"vraag {n}", "confidence": n % 100 / 100, "label": _label(n)}
            for n in range(max(FEWEST, number // 10))
        ],
    )
    wrong = {"text": "klopt niet", **kept}
    connection.execute(
        insert(Feedback),
        [
            wrong
            | {"topic": TOPICS[n % 3], "handled_at": now - timedelta(minutes=n) if n % 10 else None}
            for n in range(max(FEWEST, number // 20))
        ],
    )


def _label(number: int) -> str | None:
    return TOPICS[0] if number % 4 == 0 else None


def _fill_people(connection: Connection, database: Database, now: datetime, number: int) -> None:
    """One person in so many reports, with a place to be answered."""
    people = [
        {"id": f"m{n}", "practice_asked": True, "region": "utrecht", "created_at": now}
        for n in range(max(FEWEST, number // 25))
    ]
    connection.execute(insert(Person), people)
    address = database.cipher.encrypt("bench")
    connection.execute(
        insert(Account),
        [
            {
                "id": f"a{n}",
                "channel": "test",
                "outside_hash": f"h{n}",
                "address": address,
                "person_id": one["id"],
                "created_at": now,
            }
            for n, one in enumerate(people)
        ],
    )


def _fill_log(connection: Connection, now: datetime, number: int, owners: list[str]) -> None:
    """As many lines of the log as there are reports."""
    entry = {"at": now, "detail": {}}
    for first in range(0, number, BATCH):
        connection.execute(
            insert(AuditEntry),
            [
                entry
                | {
                    "actor": owners[n % len(owners)],
                    "action": "melding-gelezen" if n % 50 else "fase-gezet",
                    "subject": f"KP-2026-{n + 1:04d}",
                }
                for n in range(first, min(first + BATCH, number))
            ],
        )


def _report(
    number: int,
    chance: random.Random,
    now: datetime,
    regions: list[str | None],
    texts: list[str],
    owners: list[str],
    practices: int,
    groups: int,
) -> dict[str, object]:
    created = now - timedelta(minutes=chance.randrange(YEARS * 365 * 24 * 60))
    status = chance.choices(list(Status), [4, 10, 4, 6, 60, 8, 4, 2])[0]
    severity = chance.choices(list(lists().severities), [2, 5, 3])[0]
    description = chance.choice(texts)
    if number % RARE_STEP == 0:
        description += f" bijzonder{number}"
    reference = f"KP-2026-{number + 1:04d}"
    return {
        "id": f"r{number}",
        "year": 2026,
        "number": number + 1,
        "serial": serial_of(2026, number + 1),
        "reference": reference,
        "practice_id": f"p{chance.randrange(practices)}",
        "category": chance.choice(list(lists().categories)),
        "region": chance.choice(regions),
        "description": description,
        "severity": severity,
        "answer_wanted": chance.random() < 0.5,
        "owner_id": chance.choice([*owners, None]),
        "group_id": _group_of(number, chance, groups),
        "first_answer_at": created + _hours(chance) if chance.random() < 0.7 else None,
        "solved_at": created + _hours(chance) if status is Status.SOLVED else None,
        "topic": chance.choice(TOPICS) if chance.random() < 0.2 else None,
        "status": status.value,
        "due_at": due_at(severity, status, created),
        "version": 1,
        "has_reaction": chance.random() < 0.02,
        "search_text": f"{reference} {description}",
        "is_example": False,
        "created_at": created,
        "updated_at": created + _hours(chance),
    }


def _group_of(number: int, chance: random.Random, groups: int) -> str | None:
    """Three in ten are in a group; the first ones in the group whose pages are measured."""
    if number < SHOWN_GROUP:
        return "g0"
    return f"g{chance.randrange(groups)}" if chance.random() < 0.3 else None


def _practice(number: int, now: datetime) -> dict[str, object]:
    return {"id": f"p{number}", "name": f"Praktijk {number}", "created_at": now}


def _group(number: int, now: datetime) -> dict[str, object]:
    return {
        "id": f"g{number}",
        "number": number + 1,
        "title": f"Groep {number + 1}",
        "status": Status.IN_PROGRESS.value,
        "version": 1,
        "is_example": False,
        "created_at": now,
        "updated_at": now,
    }


def _hours(chance: random.Random) -> timedelta:
    return timedelta(hours=chance.expovariate(1 / 40))


def _events(rows: list[dict[str, object]]) -> Iterator[dict[str, object]]:
    for row in rows:
        for kind in ("created", "note", "reply"):
            yield {
                "report_id": row["id"],
                "at": row["created_at"],
                "actor": "melder",
                "kind": kind,
                "text": None if kind == "created" else row["description"],
            }
