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
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, insert
from starlette.testclient import TestClient

from bot.settings import Settings
from bot.web.app import create_app
from bot.web.channel import Watchers
from bottlenecks.crypto import Cipher
from bottlenecks.desk.session import cookie_name
from bottlenecks.lists import lists
from bottlenecks.models import Practice
from bottlenecks.models_insight import ReportGroup, TopicCount
from bottlenecks.models_reports import Feedback, Report, ReportEvent, UnclearQuestion
from bottlenecks.roles import EVERYWHERE, Role
from bottlenecks.store import Database, open_database
from bottlenecks.store.meeting_reports import MeetingDraft
from bottlenecks.store.report_rows import due_at, serial_of
from bottlenecks.store.reports import Draft
from bottlenecks.store.topics import monday_of
from bottlenecks.workflow import Status
from knowledge import load

SIZES = (500, 50_000)
ROUNDS = 15
WANTED_MS = 150
# what counts reports instead of listing some
WANTED_COUNTING_MS = 300
# not pages: what is looked up for a report that has just been filed
WANTED_SUGGESTING_MS = 200
SUGGESTING = ("suggestions, new report", "group to offer, new report")
GROUPS = 300
# so many reports at least are in the first group
SHOWN_GROUP = 12
TOPICS = ("thuiszorg/vinden", "noodplan/coordinatie", "opschaling/fasen")
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
    "signals": "/beheer/signalen",
    "new signal rule": "/beheer/signalen/regels/nieuw",
    "phases": "/beheer/fase",
    "contacts": "/beheer/contact",
    "people": "/beheer/mensen",
    "audit log": "/beheer/logboek",
    "API, one page": "/api/v1/reports?limit=100",
}
COUNTING = {
    "what people ask": "/beheer/vragen",
    "questions to label": "/beheer/vragen/indelen",
    "wrong answers": "/beheer/vragen/klopt-niet",
    "reports of a topic": "/beheer/meldingen?status=alle&onderwerp=thuiszorg/vinden",
    # with what it may belong to
    "report": "/beheer/meldingen/{reference}",
    "report beside alike ones": "/beheer/groepen/bij/{reference}",
    "groups": "/beheer/groepen",
    "groups, search": "/beheer/groepen?status=alle&zoek=thuiszorg",
    "one group": "/beheer/groepen/1",
    "what belongs to a group": "/beheer/groepen/1/meer",
    "figures, 12 weeks": "/beheer/cijfers",
    "figures, this year": "/beheer/cijfers?periode=jaar",
    "figures, all": "/beheer/cijfers?{all_days}",
    "figures, filters": "/beheer/cijfers?{all_days}&regio=utrecht&soort=thuiszorg",
    "picture of weeks, all": "/beheer/cijfers/week.svg?{all_days}",
    "picture of kinds, all": "/beheer/cijfers/soort.svg?{all_days}",
    "file of figures, all": "/beheer/cijfers/cijfers.xlsx?{all_days}",
    "report for a meeting, form": "/beheer/verslag/{draft}",
    "report for a meeting": "/beheer/verslag/{draft}/bekijken",
    "report for a meeting, Word": "/beheer/verslag/{draft}/verslag.docx",
    "quotes to pick": "/beheer/verslag/{draft}/citaten",
    "quotes of a group": "/beheer/verslag/{draft}/citaten?groep=1",
}


def fill(database: Database, number: int, now: datetime) -> str:
    """Add so many reports; gives the reference of one of them."""
    chance = random.Random(number)
    regions = [*load().regions, None]
    practices = [{"id": f"p{n}", "name": f"Praktijk {n}", "created_at": now} for n in range(200)]
    with database.engine.begin() as connection:
        connection.execute(insert(Practice), practices)
        connection.execute(insert(ReportGroup), [_group(n, now) for n in range(GROUPS)])
        for first in range(0, number, 5_000):
            rows = [
                _report(n, chance, now, regions) for n in range(first, min(first + 5_000, number))
            ]
            connection.execute(insert(Report), rows)
            connection.execute(insert(ReportEvent), list(_events(rows)))
        _fill_asked(connection, now)
    return str(rows[-1]["reference"])


def _fill_asked(connection: Connection, now: datetime) -> None:
    """Two years of counts per week, questions of 90 days, and remarks about answers."""
    counts = [
        {"week": monday_of(now - timedelta(weeks=week)), "topic": topic, "outcome": outcome}
        for week in range(104)
        for topic in load().topics
        for outcome in ("answered", "clarified", "declined")
    ]
    connection.execute(insert(TopicCount), [one | {"number": 3} for one in counts])
    kept = {"knowledge_revision": "r", "created_at": now}
    near = [{"topic": topic, "confidence": 0.3} for topic in TOPICS]
    question = {"outcome": "declined", "confidence": 0.5, "candidates": near, **kept}
    connection.execute(
        insert(UnclearQuestion), [question | {"text": f"vraag {n}"} for n in range(5_000)]
    )
    wrong = {"text": "klopt niet", **kept}
    connection.execute(insert(Feedback), [wrong | {"topic": TOPICS[n % 3]} for n in range(300)])


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
        "group_id": _group_of(number, chance),
        "first_answer_at": created + _hours(chance) if chance.random() < 0.7 else None,
        "solved_at": created + _hours(chance) if status is Status.SOLVED else None,
        "topic": chance.choice(TOPICS) if chance.random() < 0.2 else None,
        "status": status.value,
        "due_at": due_at(severity, status, created),
        "version": 1,
        "search_text": f"{reference} {text}",
        "is_example": False,
        "created_at": created,
        "updated_at": created,
    }


def _group_of(number: int, chance: random.Random) -> str | None:
    """Three in ten are in a group; the first ones in the group whose pages are measured."""
    if number < SHOWN_GROUP:
        return "g0"
    return f"g{chance.randrange(GROUPS)}" if chance.random() < 0.3 else None


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


def _of_a_year(today: date) -> MeetingDraft:
    year = today - timedelta(days=365)
    return MeetingDraft("Verslag", "ROAZ", "Bench", year, today, groups=(1, 2, 3))


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


def measure(url: str, number: int) -> dict[str, float]:
    """The median time of each page, in milliseconds."""
    cipher, now = Cipher("b" * 40), datetime.now(UTC)
    with open_database(url, cipher) as database:
        reference = fill(database, number, now)
        with database.work() as work:
            officer = work.officers.add("bench@example.org", "Bench", Role.ADMIN, EVERYWHERE)
            cookie = work.officers.sign_in(officer)
            draft = work.meeting_reports.add(_of_a_year(now.date()), actor=officer)
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
        first = (now - timedelta(days=3 * 365)).date()
        for name, path in (PAGES | COUNTING).items():
            path = path.format(
                last=-(-number // 50),
                rare="bijzonder97",
                reference=reference,
                all_days=f"van={first}&tot={now.date()}",
                draft=draft,
            )
            found[name] = statistics.median(_timed(client, path) for _ in range(ROUNDS))
        return found | dict(zip(SUGGESTING, _suggesting(database), strict=True))


def _suggesting(database: Database) -> tuple[float, float]:
    """How long suggestions for new reports take, and finding the group to offer."""
    chance = random.Random(0)
    suggested, offered = [], []
    for _ in range(ROUNDS):
        text = " ".join(chance.choices(WORDS, k=25))
        draft = Draft("thuiszorg", "utrecht", None, text, None, "midden", True)
        with database.work() as work:
            name = work.reports.file(draft, person_id=None, account_id=None, practice_id=None)
        with database.reading() as work:
            began = time.perf_counter()
            work.groups.suggest(name, EVERYWHERE)
            between = time.perf_counter()
            work.groups.offer(name)
            suggested.append((between - began) * 1000)
            offered.append((time.perf_counter() - between) * 1000)
    return statistics.median(suggested), statistics.median(offered)


def _timed(client: TestClient, path: str) -> float:
    began = time.perf_counter()
    response = client.get(path)
    took = (time.perf_counter() - began) * 1000
    if response.status_code != 200:
        raise SystemExit(f"{path}: {response.status_code}")
    return took


def _wanted(name: str) -> int:
    if name in SUGGESTING:
        return WANTED_SUGGESTING_MS
    return WANTED_COUNTING_MS if name in COUNTING else WANTED_MS


def main() -> None:
    """Measure both sizes and print them side by side."""
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; "
        f"median of {ROUNDS}, in milliseconds; wanted: at most {WANTED_MS}, "
        f"{WANTED_COUNTING_MS} for what counts and {WANTED_SUGGESTING_MS} for suggestions"
    )
    results = []
    for number in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            results.append(measure(f"sqlite:///{Path(folder) / 'bench.db'}", number))
    print(f"{'':26}" + "".join(f"{number:>10,}" for number in SIZES))
    for name in (*PAGES, *COUNTING, *SUGGESTING):
        print(f"{name:26}" + "".join(f"{result[name]:>10.1f}" for result in results))
    slow = [name for name, took in results[-1].items() if took > _wanted(name)]
    if slow:
        print(f"too slow: {', '.join(slow)}", file=sys.stderr)
        raise SystemExit(1)


if __name__ == "__main__":
    main()
