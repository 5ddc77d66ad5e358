"""A database that is locked or full: nothing is lost or half written, and it goes on by itself."""

import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from bot.opening import open_store
from bot.settings import ROOT, Settings
from bottlenecks.roles import EVERYWHERE, Role
from bottlenecks.store import Database
from bottlenecks.store import database as database_module
from bottlenecks.store import engine as engine_module
from bottlenecks.store.outage import described, is_outage
from dialogues.assistant import Assistant
from knowledge import load
from tests.conftest import Talk
from tests.desk import ADMIN, add_officer
from tests.desk_reports import file_report
from tests.full_disk import Room
from tests.serving import Serving, environment, settings_for
from tests.telegram_api import FakeBotApi
from tests.web_visitors import JSON, Site, Visitor
from tests.whole_site import sign_in, whole_site

REPORT = "nergens thuiszorg te vinden in Geleen, al drie gebeld, graag melden"
LOCKED_S = 2.0


@pytest.fixture
def soon_tired(monkeypatch: pytest.MonkeyPatch) -> None:
    """How long a connection waits for a lock; ten seconds would make the tests slow."""
    for module in (database_module, engine_module):
        monkeypatch.setattr(module, "BUSY_TIMEOUT_MS", 500)


@pytest.fixture
def settings(tmp_path: Path, api: FakeBotApi) -> Settings:
    return settings_for(tmp_path, api)


@contextmanager
def locked(database: Database) -> Iterator[None]:
    """Another program holds the database for longer than anyone here waits."""
    other = sqlite3.connect(str(database.engine.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


def settle(database: Database, timeout: float = 60) -> None:
    """Wait until all is handled and sent; a look, which needs no lock."""
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        with database.reading() as work:
            if not work.inbox.count("new") and not work.outbox.count("pending"):
                return
        time.sleep(0.05)
    raise AssertionError("updates or replies are left over")


def numbers(database: Database) -> dict[str, int]:
    """Rows of every table."""
    with database.engine.connect() as connection:
        tables = connection.execute(
            text("SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%fts5%'")
        ).scalars()
        return {
            table: connection.execute(text(f'SELECT count(*) FROM "{table}"')).scalar() or 0
            for table in tables
        }


def told(caplog: pytest.LogCaptureFixture) -> str:
    return " ".join(
        f"{record.getMessage()} {getattr(record, 'reason', '')}" for record in caplog.records
    )


def attempts(database: Database) -> int:
    with database.engine.connect() as connection:
        return connection.execute(text("SELECT sum(attempts) FROM inbox")).scalar() or 0


@pytest.mark.usefixtures("soon_tired")
def test_a_locked_database_holds_messages_up_and_loses_none(
    api: FakeBotApi,
    settings: Settings,
    assistant: Assistant,
    caplog: pytest.LogCaptureFixture,
) -> None:
    anna, bert = api.user(1), api.user(2)
    with open_store(settings) as database, Serving(settings, database, assistant):
        anna.says(REPORT)
        anna.taps("Hoog", timeout=60)
        anna.taps("Anoniem melden", timeout=60)
        anna.taps("Ja, graag", timeout=60)
        anna.wait_for("Klopt dit?", timeout=60)
        settle(database)
        with locked(database):
            anna.taps("Versturen")
            bert.says("wie coördineert het noodplan?")
            time.sleep(LOCKED_S)
            assert not bert.messages
        anna.wait_for("KP-", timeout=60)
        bert.wait_for("standaard eindverantwoordelijk", timeout=60)
        api.wait_acknowledged(60)
        settle(database)
        with database.reading() as work:
            assert work.reports.count() == 1
            assert (work.inbox.count("failed"), work.outbox.count("dead")) == (0, 0)
        assert attempts(database) == 0
    assert sum("KP-" in message.text for message in anna.messages) == 1
    assert "database is locked" in told(caplog)


@pytest.mark.usefixtures("soon_tired")
def test_a_locked_database_costs_the_worker_no_attempt(talk: Talk, database: Database) -> None:
    talk.says("hallo")
    with database.work() as work:
        work.inbox.receive("test", "x", 'u1|{"text": "hallo"}')
    with locked(database):
        for _ in range(5):
            with pytest.raises(OperationalError) as raised:
                talk.worker.handle_next()
            assert is_outage(raised.value)
    assert "Regiowijzer" in talk.says("hallo")
    assert attempts(database) == 0


@pytest.mark.usefixtures("soon_tired")
@pytest.mark.parametrize("scripts", [True, False])
def test_the_chat_gives_back_what_was_typed(
    database: Database, assistant: Assistant, scripts: bool
) -> None:
    visitor = Visitor(Site(database, assistant))
    visitor.opens()
    fields = {"id": "een", "tekst": "wie coördineert <het> noodplan?"}
    with locked(database):
        headers = JSON if scripts else {}
        refused = visitor.http.post("/chat/bericht", data=fields, headers=headers)
        assert refused.status_code == 503
        if not scripts:
            assert "nog niet verstuurd" in refused.text
            assert "wie coördineert &lt;het&gt; noodplan?</textarea>" in refused.text
            assert 'name="id" value="een"' in refused.text
    for _ in range(2):  # a page tries again, and may do so once too often
        assert visitor.http.post("/chat/bericht", data=fields, headers=JSON).status_code == 200
    assert "standaard eindverantwoordelijk" in visitor.last
    assert len(visitor.said) == 1


@pytest.mark.usefixtures("soon_tired")
def test_the_desk_gives_back_what_was_typed(database: Database) -> None:
    browser = whole_site(database, load())
    with database.work() as work:
        officer = work.officers.add("bo@rho.example", "Bo", Role.HANDLER, EVERYWHERE)
    sign_in(browser, database, officer)
    reference = file_report(database)
    page = f"/beheer/meldingen/{reference}"
    browser.opens(page)
    note = "Gebeld met de wijkverpleging: <zij> bellen morgen terug over alles wat hier staat."
    with locked(database):
        refused = browser.sends(f"{page}/notitie?", {"notitie": note})
        assert refused.status_code == 503
        assert refused.headers["retry-after"] == "60"
        assert browser.sees("Even geen verbinding met de gegevens")
    browser.sends(f"{page}/notitie")  # its button, with what is filled in
    assert browser.path == page
    assert browser.sees(note)


@pytest.mark.usefixtures("soon_tired")
def test_a_password_is_not_given_back(database: Database) -> None:
    browser = whole_site(database, load())
    add_officer(database)
    browser.opens("/beheer/inloggen")
    with locked(database):
        refused = browser.sends(
            "/beheer/inloggen", {"login": ADMIN, "password": "een geheim woord"}
        )
    assert refused.status_code == 503
    assert "vul het opnieuw in" in refused.text
    assert "geheim" not in refused.text


def test_the_api_says_when_to_try_again(database: Database) -> None:
    browser = whole_site(database, load())
    database.engine.dispose()
    path = Path(str(database.engine.url.database))
    path.rename(path.with_suffix(".away"))
    path.mkdir()  # no file can be opened there
    answer = browser.client.get("/api/v1/reports", headers={"Authorization": "Bearer rw_x"})
    path.rmdir()
    path.with_suffix(".away").rename(path)
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "60"


def test_a_full_disk_leaves_nothing_half_written(talk: Talk, database: Database) -> None:
    room = Room(database)
    talk.says(REPORT)
    talk.taps("Hoog")
    talk.taps("Anoniem melden")
    talk.taps("Ja, graag")
    send = next(choice.value for choice in talk.replies[-1].choices if choice.label == "Versturen")
    with database.work() as work:
        for number in range(15):
            work.inbox.receive("test", f"x{number}", 'u1|{"text": "wat is de vraag?"}')
        work.inbox.receive("test", "x", f'u1|{{"choice": "{send}"}}')
    handled = failures = 0
    while handled < 16:  # with ever more room, it breaks off at other statements
        before = numbers(database)
        with room.none_left(failures):
            try:
                talk.worker.handle_next()
                handled += 1
            except OperationalError as error:
                assert is_outage(error)
                assert "full" in described(error)
                failures += 1
                assert numbers(database) == before
    assert failures >= 2
    assert "KP-2026-0001" in talk.receives()
    with database.reading() as work:
        assert work.reports.count() == 1
        assert work.inbox.count("failed") == 0
    assert attempts(database) == 0


def test_a_full_disk_holds_messages_up_and_loses_none(
    api: FakeBotApi,
    settings: Settings,
    assistant: Assistant,
    caplog: pytest.LogCaptureFixture,
) -> None:
    anna = api.user(1)
    with open_store(settings) as database, Serving(settings, database, assistant):
        room = Room(database)
        anna.says("hallo")
        anna.wait_for("Regiowijzer", timeout=60)
        settle(database)
        with room.none_left():
            for _ in range(12):
                anna.says("wie coördineert het noodplan? " * 20)
            api.wait_until(lambda: "full" in told(caplog), 60)
        api.wait_acknowledged(60)
        settle(database)
        with database.reading() as work:
            assert work.inbox.count("done") == 13
            assert (work.inbox.count("failed"), work.outbox.count("dead")) == (0, 0)
        assert attempts(database) == 0
    assert "database or disk is full" in told(caplog)


def test_files_that_may_not_grow(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.crash.full_disk"],
        cwd=ROOT,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert "database: " in seen["said"]
    assert 0 < seen["waiting"] < 20
    connection = sqlite3.connect(tmp_path / "regiowijzer.db")
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    states = dict(connection.execute("SELECT status, count(*) FROM inbox GROUP BY status"))
    replies = dict(connection.execute("SELECT inbox_id, count(*) FROM outbox GROUP BY inbox_id"))
    connection.close()
    assert states == {"done": 20}
    # each was answered once, whatever went wrong the first time
    assert len(replies) == 20
    assert set(replies.values()) == {1}
