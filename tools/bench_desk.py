"""`python -m tools.bench_desk`: how long the desk's pages take with 500 and with 50,000 reports.

Both sizes are measured in one run on this machine. The reports are generated: made-up words, spread
over regions, categories and two years.
"""

import asyncio
import os
import platform
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert
from starlette.testclient import TestClient

from bot.settings import Settings
from bot.web.app import create_app
from bot.web.channel import Watchers
from bottlenecks.crypto import Cipher
from bottlenecks.desk.session import cookie_name
from bottlenecks.lists import lists
from bottlenecks.models import Practice
from bottlenecks.models_reports import Report, ReportEvent
from bottlenecks.roles import EVERYWHERE, Role
from bottlenecks.store import Database, open_database
from bottlenecks.store.report_rows import due_at, serial_of
from bottlenecks.workflow import Status
from knowledge import load

SIZES = (500, 50_000)
ROUNDS = 15
WANTED_MS = 150
WORDS = (
    "wachttijd thuiszorg telefoon storing apotheek recept verwijzing opname plek bellen niemand "
    "avond weekend assistent huisarts praktijk regio overleg week vandaag ziekenhuis spoed lijn "
    "rooster invaller levering tekort formulier systeem update vervoer ambulance bed terug"
).split()
PAGES = {
    "inbox": "/beheer/meldingen",
    "inbox, last page": "/beheer/meldingen?status=alle&pagina={last}",
    "inbox, all, newest": "/beheer/meldingen?status=alle&sorteer=nieuwste",
    "inbox, by severity": "/beheer/meldingen?sorteer=ernst",
    "inbox, filters": "/beheer/meldingen?regio=utrecht&soort=thuiszorg&ernst=hoog&antwoord=ja",
    "inbox, practice and days": "/beheer/meldingen?praktijk=12&van=2026-03-01&tot=2026-06-30",
    "search, common word": "/beheer/meldingen?status=alle&zoek=thuiszorg",
    "search, rare words": "/beheer/meldingen?status=alle&zoek=bijzonder+{rare}",
    "report": "/beheer/meldingen/{reference}",
    "phases": "/beheer/fase",
    "contacts": "/beheer/contact",
    "people": "/beheer/mensen",
    "audit log": "/beheer/logboek",
    "API, one page": "/api/v1/reports?limit=100",
}


def fill(database: Database, number: int, now: datetime) -> str:
    """Add so many reports; gives the reference of one of them."""
    chance = random.Random(number)
    regions = [*load().regions, None]
    practices = [{"id": f"p{n}", "name": f"Praktijk {n}", "created_at": now} for n in range(200)]
    with database.engine.begin() as connection:
        connection.execute(insert(Practice), practices)
        for first in range(0, number, 5_000):
            rows = [
                _report(n, chance, now, regions) for n in range(first, min(first + 5_000, number))
            ]
            connection.execute(insert(Report), rows)
            connection.execute(insert(ReportEvent), list(_events(rows)))
    return str(rows[-1]["reference"])


def _report(
    number: int, chance: random.Random, now: datetime, regions: list[str | None]
) -> dict[str, object]:
    created = now - timedelta(minutes=chance.randrange(730 * 24 * 60))
    status = chance.choices(list(Status), [4, 10, 4, 6, 60, 8, 4, 2])[0]
    severity = chance.choices(list(lists().severities), [2, 5, 3])[0]
    text = " ".join(chance.choices(WORDS, k=25)) + (
        f" bijzonder{number}" if number % 97 == 0 else ""
    )
    reference = f"KP-2026-{number + 1:04d}"
    return {
        "id": f"r{number}",
        "year": 2026,
        "number": number + 1,
        "serial": serial_of(2026, number + 1),
        "reference": reference,
        "practice_id": f"p{chance.randrange(200)}",
        "category": chance.choice(list(lists().categories)),
        "region": chance.choice(regions),
        "description": text,
        "severity": severity,
        "answer_wanted": chance.random() < 0.5,
        "status": status.value,
        "due_at": due_at(severity, status, created),
        "version": 1,
        "search_text": f"{reference} {text}",
        "is_example": False,
        "created_at": created,
        "updated_at": created,
    }


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


def measure(url: str, number: int) -> dict[str, float]:
    """The median time of each page, in milliseconds."""
    cipher, now = Cipher("b" * 40), datetime.now(UTC)
    with open_database(url, cipher) as database:
        reference = fill(database, number, now)
        with database.work() as work:
            officer = work.officers.add("bench@example.org", "Bench", Role.ADMIN, EVERYWHERE)
            cookie = work.officers.sign_in(officer)
            token = work.tokens.make("bench", EVERYWHERE, officer)[1]
        app = create_app(
            Settings(_env_file=None),
            database,
            load(),
            watchers=Watchers(),
            on_received=lambda: None,
            on_reply=lambda: None,
            stop=asyncio.Event(),
        )
        client = TestClient(app, base_url="http://127.0.0.1")
        client.cookies.set(cookie_name(app.state.desk), cookie)
        client.headers["authorization"] = f"Bearer {token}"
        found = {}
        for name, path in PAGES.items():
            path = path.format(last=-(-number // 50), rare="bijzonder97", reference=reference)
            found[name] = statistics.median(_timed(client, path) for _ in range(ROUNDS))
        return found


def _timed(client: TestClient, path: str) -> float:
    began = time.perf_counter()
    response = client.get(path)
    took = (time.perf_counter() - began) * 1000
    if response.status_code != 200:
        raise SystemExit(f"{path}: {response.status_code}")
    return took


def main() -> None:
    """Measure both sizes and print them side by side."""
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; "
        f"median of {ROUNDS}, in milliseconds; wanted: at most {WANTED_MS}"
    )
    results = []
    for number in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            results.append(measure(f"sqlite:///{Path(folder) / 'bench.db'}", number))
    print(f"{'':26}" + "".join(f"{number:>10,}" for number in SIZES))
    for name in PAGES:
        print(f"{name:26}" + "".join(f"{result[name]:>10.1f}" for result in results))
    slow = [name for name, took in results[-1].items() if took > WANTED_MS]
    if slow:
        print(f"too slow: {', '.join(slow)}", file=sys.stderr)
        raise SystemExit(1)


if __name__ == "__main__":
    main()
