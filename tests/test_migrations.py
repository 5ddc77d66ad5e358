"""A database of every earlier version is brought up to date, and the program goes on with it."""

import warnings
from datetime import UTC
from pathlib import Path

import pytest
from alembic import command
from pydantic import SecretStr
from sqlalchemy import create_engine, text
from sqlalchemy.exc import SAWarning

from bot.opening import open_store
from bot.settings import Settings
from bottlenecks.crypto import Cipher
from bottlenecks.roles import EVERYWHERE, Role
from bottlenecks.store.report_search import ReportFilter
from bottlenecks.store.schema import known_revisions, newest_revision
from dialogues.assistant import Assistant
from tests import schema_rows
from tests.conftest import SECRET, Talk
from tests.desk import Browser
from tests.migrations import move
from tests.postgres_server import empty_database
from tests.whole_site import sign_in, whole_site

REVISIONS = sorted(known_revisions())
# what people and officers look at most
PAGES = "meldingen groepen cijfers vragen inhoud signalen fase contact mensen toegang logboek"


@pytest.mark.parametrize("revision", REVISIONS)
def test_sqlite(revision: str, tmp_path: Path, assistant: Assistant) -> None:
    goes_on(f"sqlite:///{tmp_path / 'old.db'}", revision, tmp_path, assistant)


@pytest.mark.parametrize("revision", REVISIONS)
def test_postgresql(revision: str, server: str, tmp_path: Path, assistant: Assistant) -> None:
    empty_database(server, f"at_{revision}").dispose()
    url = f"{server.rsplit('/', 1)[0]}/at_{revision}"
    goes_on(url, revision, tmp_path, assistant)


def goes_on(url: str, revision: str, folder: Path, assistant: Assistant) -> None:
    """Fill a database of that version, open it as the program does, and use it."""
    warnings.filterwarnings("ignore", "Skipped unsupported reflection", SAWarning)
    engine = create_engine(url)
    move(engine, command.upgrade, revision)
    rows = schema_rows.fill(engine, Cipher(SECRET))
    engine.dispose()

    settings = Settings(
        _env_file=None, data_dir=folder, database_url=url, secret_key=SecretStr(SECRET)
    )
    with open_store(settings) as database:
        assert schema_rows.kept(database.engine, rows) == []
        with database.engine.connect() as connection:
            now = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        assert now == newest_revision()
        with database.reading() as work:
            found = work.search.all(ReportFilter(words="avondronde"), EVERYWHERE, UTC)
        assert [row.reference for row in found] == [schema_rows.REFERENCE]
        talk = Talk(database, assistant, schema_rows.USER, first_update=100)
        talks_on(talk)
        browser = whole_site(database, assistant.knowledge)
        with database.work() as work:
            officer = work.officers.add("bo@rho.example", "Bo", Role.ADMIN, EVERYWHERE)
        looks_around(sign_in(browser, database, officer))


def talks_on(talk: Talk) -> None:
    """What waited is answered and delivered, and the report that was being written is sent."""
    while talk.worker.handle_next() is not None:
        pass
    said = talk.receives()
    assert "Dit stond nog te wachten." in said
    assert "geprobeerd" in said  # the step after the one that was asked when it was brought up
    talk.says("drie gebeld")
    talk.taps("Hoog")
    if "praktijk" in talk.replies[-1].text:
        talk.taps("Anoniem melden")
    talk.taps("Ja, graag")
    assert schema_rows.NEXT_REFERENCE in talk.taps("Versturen")
    mine = talk.says("wat is de status van mijn melding?")
    assert schema_rows.REFERENCE in mine
    assert schema_rows.NEXT_REFERENCE in mine


def looks_around(browser: Browser) -> None:
    """Every part of the desk opens, with what was there before."""
    for page in PAGES.split():
        browser.opens(f"/beheer/{page}")
        assert browser.page.status_code == 200, page
        assert browser.path == f"/beheer/{page}"
    browser.opens(f"/beheer/meldingen/{schema_rows.REFERENCE}")
    assert browser.sees(schema_rows.DESCRIPTION)
