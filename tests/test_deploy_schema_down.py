"""The script that takes the schema back, as an operator runs it."""

import os
import subprocess
import sys
from pathlib import Path

from sqlalchemy import create_engine, text

from bot.settings import ROOT
from bottlenecks.crypto import Cipher
from bottlenecks.store import open_database
from bottlenecks.store.schema import newest_revision
from tests.conftest import SECRET

OLDER = "0006"


def revision(url: str) -> str:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = str(connection.scalar(text("SELECT version_num FROM alembic_version")))
    engine.dispose()
    return found


def go_down(url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run it from standard input, as `docker compose run ... python - 0006` does."""
    return subprocess.run(
        [sys.executable, "-", *arguments],
        input=(ROOT / "deploy" / "schema_down.py").read_text(encoding="utf-8"),
        env={**os.environ, "DATABASE_URL": url, "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_goes_down_and_the_next_start_goes_up(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'r.db'}"
    open_database(url, Cipher(SECRET)).close()
    below = "0005" if newest_revision() == OLDER else OLDER
    done = go_down(url, below)
    assert (done.returncode, done.stdout) == (0, f"the schema is at {below}\n"), done.stderr
    assert revision(url) == below
    open_database(url, Cipher(SECRET)).close()
    assert revision(url) == newest_revision()


def test_it_leaves_a_database_in_use_alone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'r.db'}"
    with open_database(url, Cipher(SECRET)):
        done = go_down(url, "0005")
    assert done.returncode != 0
    assert "in use by another" in done.stderr
    assert revision(url) == newest_revision()


def test_a_revision_that_is_not_there_changes_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'r.db'}"
    open_database(url, Cipher(SECRET)).close()
    assert go_down(url, "9999").returncode != 0
    assert revision(url) == newest_revision()
