"""`python -m tools.bench_desk`: how long the desk's pages take as reports grow to half a million.

Every list, filter, order, search, group and figure of the desk is measured with 500, 50,000 and
500,000 reports, on SQLite and on PostgreSQL, in one run on this machine. With `--keep` the tables
are written into docs/growth.md.
"""

import argparse
import asyncio
import gc
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import event
from starlette.testclient import TestClient

from bot.settings import Settings
from bot.web.app import create_app
from bot.web.channel import Watchers
from bottlenecks.crypto import Cipher
from bottlenecks.desk.session import cookie_name
from bottlenecks.roles import EVERYWHERE, Role
from bottlenecks.store import Database, open_database
from bottlenecks.store.meeting_reports import MeetingDraft
from bottlenecks.store.reports import Draft
from knowledge import load
from tests.postgres_server import empty_database, running
from tools.growth import growth
from tools.growth.document import keep, machine
from tools.growth.pages import COUNTING, Known, addresses
from tools.growth.reports import WORDS, fill
from tools.postgres_server import INSTALLED

SIZES = (500, 50_000, 500_000)
OFFICERS = 4
# a page is asked for so often, and less often when it takes longer than `LONG_MS`
ROUNDS, FEW_ROUNDS = 15, 3
LONG_MS = 400
# what is wanted with 50,000 reports, of pages that list some and of those that count all
WANTED_AT = 50_000
WANTED_MS, WANTED_COUNTING_MS = 150, 300
# not pages: what is looked up for a report that has just been filed
WANTED_SUGGESTING_MS = 200
SUGGESTING = ("suggestions, new report", "group to offer, new report")


def measure(url: str, number: int) -> dict[str, growth.Took]:
    """Fill an empty database with so many reports and time each page on it."""
    with open_database(url, Cipher("b" * 40)) as database:
        with database.work() as work:
            officers = [
                work.officers.add(f"bench{n}@example.org", "Bench", Role.ADMIN, EVERYWHERE)
                for n in range(OFFICERS)
            ]
        reference = fill(database, number, datetime.now(UTC), officers)
        return measured(database, number, reference, officers[0])


def measured(
    database: Database, number: int, reference: str, officer: str
) -> dict[str, growth.Took]:
    """Time each page on a filled database; `reference` is that of its last report."""
    today = datetime.now(UTC).date()
    with database.work() as work:
        cookie = work.officers.sign_in(officer)
        draft = work.meeting_reports.add(_of_a_year(today), actor=officer)
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
    # as `regiowijzer serve` does when all is loaded: Python need not look through that for garbage
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    client = TestClient(app, base_url="http://127.0.0.1")
    client.cookies.set(cookie_name(app.state.desk), cookie)
    client.headers["authorization"] = f"Bearer {token}"
    listing, counting = addresses(Known(number, reference, officer, draft, today))
    found = {
        name: _median(lambda path=path: _get(client, path), database)  # type: ignore[misc]
        for name, path in (listing | counting).items()
    }
    return found | dict(zip(SUGGESTING, _suggesting(database), strict=True))


def _median(ask: Callable[[], None], database: Database) -> growth.Took:
    """The median of some rounds; the first one warms up and does not count."""
    took: list[tuple[float, float]] = []
    ask()
    while len(took) < (FEW_ROUNDS if took and took[0][0] > LONG_MS else ROUNDS):
        with _in_database(database) as spent:
            began = time.perf_counter()
            ask()
            took.append(((time.perf_counter() - began) * 1000, sum(spent) * 1000))
    return growth.Took(
        statistics.median(whole for whole, _ in took), statistics.median(part for _, part in took)
    )


@contextmanager
def _in_database(database: Database) -> Iterator[list[float]]:
    """Seconds that statements take until their first row, while in the block."""
    spent: list[float] = []
    began = [0.0]

    def before(*_: object) -> None:
        began[0] = time.perf_counter()

    def after(*_: object) -> None:
        spent.append(time.perf_counter() - began[0])

    event.listen(database.engine, "before_cursor_execute", before)
    event.listen(database.engine, "after_cursor_execute", after)
    try:
        yield spent
    finally:
        event.remove(database.engine, "before_cursor_execute", before)
        event.remove(database.engine, "after_cursor_execute", after)


def _suggesting(database: Database) -> tuple[growth.Took, growth.Took]:
    """How long suggestions for new reports take, and finding the group to offer."""
    import random

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
    return growth.Took(statistics.median(suggested)), growth.Took(statistics.median(offered))


def _get(client: TestClient, path: str) -> None:
    response = client.get(path)
    if response.status_code != 200:
        raise SystemExit(f"{path}: {response.status_code}")


def _of_a_year(today: date) -> MeetingDraft:
    year = today - timedelta(days=365)
    return MeetingDraft("Verslag", "ROAZ", "Bench", year, today, groups=(1, 2, 3))


def _wanted(name: str) -> int:
    if name in SUGGESTING:
        return WANTED_SUGGESTING_MS
    return WANTED_COUNTING_MS if name in COUNTING else WANTED_MS


def on_sqlite(sizes: tuple[int, ...]) -> growth.Table:
    """Measure each size on a SQLite file of its own."""
    table = {}
    for number in sizes:
        with tempfile.TemporaryDirectory() as folder:
            table[number] = measure(f"sqlite:///{Path(folder) / 'bench.db'}", number)
        _say(f"SQLite, {number:,} reports: done")
    return table


def on_postgres(sizes: tuple[int, ...]) -> growth.Table:
    """Measure each size in a database of its own on a PostgreSQL server of our own."""
    table = {}
    with running() as server:
        for number in sizes:
            empty_database(server, f"bench_{number}").dispose()
            table[number] = measure(f"{server.rsplit('/', 1)[0]}/bench_{number}", number)
            _say(f"PostgreSQL, {number:,} reports: done")
    return table


def main() -> None:
    """Measure all sizes on both databases and print them side by side."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", action="store_true", help="write the tables to docs/growth.md")
    parser.add_argument("--sizes", help="numbers of reports, such as 500,50000", default="")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), help="only this one")
    chosen = parser.parse_args()
    sizes = tuple(int(size) for size in chosen.sizes.split(",") if size) or SIZES
    tables: dict[str, growth.Table] = {}
    if chosen.database != "postgresql":
        tables["SQLite"] = on_sqlite(sizes)
    if chosen.database != "sqlite" and INSTALLED:
        tables["PostgreSQL"] = on_postgres(sizes)
    elif not INSTALLED:
        _say("PostgreSQL is not installed here: not run")
    print(machine())
    slow = []
    for name, table in tables.items():
        print(f"\n{name}, milliseconds\n" + growth.as_text(table))
        slow += [f"{name}: {page} grew more than reports did" for page in growth.steep(table)]
        slow += [
            f"{name}: {page} takes {took.whole:.0f} ms"
            for page, took in table.get(WANTED_AT, {}).items()
            if took.whole > _wanted(page)
        ]
    if chosen.keep:
        keep("desk", growth.as_markdown(tables))
    if slow:
        _say("not as wanted:\n" + "\n".join(slow))
        raise SystemExit(1)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
