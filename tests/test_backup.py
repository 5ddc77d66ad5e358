"""Copies of the database: made while it is written to, checked, and put back."""

import os
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import create_engine, text
from typer.testing import CliRunner

from bot.cli import app
from bot.errors import is_known
from bottlenecks.crypto import Cipher
from bottlenecks.store import Database, DatabaseError, open_database
from bottlenecks.store.backup import BackupError, make_backup, restore_backup
from tests.migrations import move
from tests.secret_key import cipher_of
from tests.serving import environment, run

SECRET = "x" * 40
CIPHER = Cipher(SECRET)


def opened(place: Path, cipher: Cipher = CIPHER) -> Database:
    return open_database(f"sqlite:///{place}", cipher)


def add(place: Path, *people: str) -> None:
    with opened(place) as database, database.work() as work:
        for name in people:
            work.accounts.find_or_create("test", name, f"address of {name}")


def addresses(place: Path) -> set[str]:
    """The stored addresses, read on a connection of its own."""
    with closing(sqlite3.connect(f"{place.as_uri()}?mode=ro", uri=True)) as connection:
        rows = connection.execute("SELECT address FROM account").fetchall()
    return {CIPHER.decrypt(row[0]) for row in rows}


def mode(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A database with one person in it."""
    place = tmp_path / "data" / "regiowijzer.db"
    add(place, "anna")
    return place


@pytest.fixture
def copy(place: Path, tmp_path: Path) -> Path:
    """A copy of that database."""
    return make_backup(place, tmp_path / "copy.db", CIPHER).path


def test_a_copy_is_whole_while_others_write(tmp_path: Path) -> None:
    place = tmp_path / "busy.db"
    add(place, "anna")
    with opened(place) as database:
        done, slowest, pairs = threading.Event(), [0.0], [0]

        def write() -> None:
            while not done.is_set():
                began = time.monotonic()
                with database.work() as work:  # two rows that belong together, with some bulk
                    number = pairs[0]
                    account = work.accounts.find_or_create("test", f"u{number}", f"u{number}")
                    for half in "ab":
                        work.inbox.receive("test", f"{number}{half}", "x" * 20_000)
                    work.outbox.add(account.id, "y" * 20_000)
                slowest[0] = max(slowest[0], time.monotonic() - began)
                pairs[0] += 1

        writer = threading.Thread(target=write)
        writer.start()
        try:
            for number in range(5):
                before = pairs[0]
                while pairs[0] < before + 5:
                    time.sleep(0.01)
                before = pairs[0]
                copy = make_backup(place, tmp_path / f"copy{number}.db", CIPHER).path
                with closing(sqlite3.connect(copy)) as connection:
                    [(received,)] = connection.execute("SELECT count(*) FROM inbox")
                    [(sent,)] = connection.execute("SELECT count(*) FROM outbox")
                assert received == 2 * sent >= 2 * before
        finally:
            done.set()
            writer.join()
    assert slowest[0] < 5  # a writer that was held up would wait for ten seconds and fail


def test_a_writer_in_a_transaction_is_not_in_the_way(place: Path, tmp_path: Path) -> None:
    with opened(place) as database:
        with database.work() as work:
            work.accounts.find_or_create("test", "bert", "address of bert")
            copy = make_backup(place, tmp_path / "copy.db", CIPHER).path
    assert addresses(copy) == {"address of anna"}


def test_a_copy_is_one_file_for_its_owner(place: Path, tmp_path: Path) -> None:
    earlier = os.umask(0o000)
    try:
        copied = make_backup(place, tmp_path / "new" / "copy.db", CIPHER)
    finally:
        os.umask(earlier)
    assert mode(copied.path) == 0o600 and copied.secrets == 1
    assert os.listdir(copied.path.parent) == ["copy.db"]
    assert copied.size == copied.path.stat().st_size
    with pytest.raises(BackupError, match="is there already: give another name"):
        make_backup(place, copied.path, CIPHER)
    with pytest.raises(BackupError, match="is there already"):
        make_backup(place, place, CIPHER)
    with pytest.raises(BackupError, match="cannot be written: File exists"):
        make_backup(place, copied.path / "below.db", CIPHER)


def test_nothing_to_copy_makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="there is no database at"):
        make_backup(tmp_path / "none.db", tmp_path / "copy.db", CIPHER)
    assert os.listdir(tmp_path) == []


def test_a_copy_that_the_key_cannot_read_is_not_kept(place: Path, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="written with another secret key"):
        make_backup(place, tmp_path / "copy.db", Cipher("y" * 40))
    assert os.listdir(tmp_path) == ["data"]


def test_there_and_back(place: Path, copy: Path) -> None:
    add(place, "bert")
    restored = restore_backup(copy, place, CIPHER)
    assert addresses(place) == {"address of anna"}
    assert restored.aside == Path(f"{place}-before-restore")
    assert addresses(restored.aside) == {"address of anna", "address of bert"}
    assert mode(place) == 0o600 and copy.exists()
    add(place, "chris")  # it can be opened, and written to
    again = restore_backup(copy, place, CIPHER)
    assert again.aside == Path(f"{place}-before-restore-2")
    assert addresses(again.aside) == {"address of anna", "address of chris"}
    assert not list(place.parent.glob(".*"))  # no drafts are left


def test_back_on_a_new_machine(copy: Path, tmp_path: Path) -> None:
    place = tmp_path / "elsewhere" / "regiowijzer.db"
    assert restore_backup(copy, place, CIPHER).aside is None
    assert addresses(place) == {"address of anna"}


@pytest.fixture
def killed(tmp_path: Path) -> Iterator[Path]:
    """A database whose process was killed: what it wrote is still in the WAL."""
    place = tmp_path / "killed" / "regiowijzer.db"
    add(place, "anna")
    script = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from tests.test_backup import opened\n"
        "database = opened(Path(sys.argv[1]))\n"
        "with database.work() as work:\n"
        "    work.accounts.find_or_create('test', 'bert', 'address of bert')\n"
        "os.kill(os.getpid(), 9)\n"
    )
    ended = subprocess.run([sys.executable, "-c", script, place], timeout=60, check=False)
    assert ended.returncode == -9 and Path(f"{place}-wal").stat().st_size > 0
    yield place


def test_what_a_killed_process_wrote_is_copied(killed: Path, tmp_path: Path) -> None:
    copied = make_backup(killed, tmp_path / "of-killed.db", CIPHER)
    assert addresses(copied.path) == {"address of anna", "address of bert"}


def test_what_a_killed_process_wrote_is_kept_aside(killed: Path, copy: Path) -> None:
    restored = restore_backup(copy, killed, CIPHER)
    assert not Path(f"{killed}-wal").exists() and not Path(f"{killed}-shm").exists()
    assert addresses(killed) == {"address of anna"}  # nothing of the earlier WAL came into it
    assert restored.aside is not None
    assert addresses(restored.aside) == {"address of anna", "address of bert"}


def refused(copy: Path, place: Path, cipher: Cipher = CIPHER) -> str:
    """Why this copy is not put back; checks that nothing has changed."""
    before = {file.name: file.read_bytes() for file in place.parent.iterdir()}
    with pytest.raises((BackupError, DatabaseError)) as caught:
        restore_backup(copy, place, cipher)
    assert {file.name: file.read_bytes() for file in place.parent.iterdir()} == before
    assert is_known(caught.value) and "\n" not in str(caught.value)
    return str(caught.value)


def test_a_damaged_copy_is_refused(place: Path, copy: Path, tmp_path: Path) -> None:
    whole = copy.read_bytes()
    copy.write_bytes(whole[: len(whole) // 2])
    assert "cannot be copied: database disk image is malformed" in refused(copy, place)
    middle = len(whole) // 8192 * 4096
    copy.write_bytes(whole[:middle] + b"\xff" * 8192 + whole[middle + 8192 :])
    assert "is damaged" in refused(copy, place)
    copy.write_bytes(b"a letter, and no database\n" * 1000)
    assert "cannot be copied: file is not a database" in refused(copy, place)
    copy.write_bytes(b"")
    assert "is not a database of regiowijzer" in refused(copy, place)
    with closing(sqlite3.connect(tmp_path / "other.db")) as connection:
        connection.execute("CREATE TABLE account (address)")
    assert "is not a database of regiowijzer" in refused(tmp_path / "other.db", place)
    assert "there is no file" in refused(tmp_path / "none.db", place)
    assert "is the database itself" in refused(place, place)


def test_a_copy_of_another_key_is_refused(place: Path, copy: Path) -> None:
    assert "another secret key" in refused(copy, place, Cipher("y" * 40))


def test_one_address_that_cannot_be_read_is_enough(place: Path, copy: Path) -> None:
    with closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute(
            "INSERT INTO account (id, channel, outside_hash, address, person_id, created_at) "
            "SELECT 'z', channel, 'z', ?, person_id, created_at FROM account",
            (Cipher("y" * 40).encrypt("elsewhere"),),
        )
    assert "another secret key" in refused(copy, place)


def test_a_copy_of_a_newer_version_is_refused(place: Path, copy: Path) -> None:
    with closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    assert "has schema 9999, newer than this version" in refused(copy, place)


def test_a_copy_of_an_earlier_version_is_brought_up_to_date(place: Path, tmp_path: Path) -> None:
    old = tmp_path / "old.db"
    engine = create_engine(f"sqlite:///{old}")
    move(engine, command.upgrade, "0003")
    with engine.begin() as connection:
        connection.execute(
            text("INSERT INTO person (id, practice_asked, created_at) VALUES ('p', false, :at)"),
            {"at": "2026-03-02 09:00:00"},
        )
    engine.dispose()
    kept = old.read_bytes()
    restored = restore_backup(old, place, CIPHER)
    assert restored.from_revision == "0003" < restored.revision
    assert old.read_bytes() == kept
    with closing(sqlite3.connect(place)) as connection:
        assert connection.execute("SELECT id FROM person").fetchall() == [("p",)]
    add(place, "bert")


def test_a_copy_that_cannot_be_brought_up_to_date_changes_nothing(
    place: Path, tmp_path: Path
) -> None:
    old = tmp_path / "old.db"
    engine = create_engine(f"sqlite:///{old}")
    move(engine, command.upgrade, "0003")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE desk_user (id)"))  # 0004 makes it
    engine.dispose()
    assert "cannot be brought up to date" in refused(old, place)


def test_nothing_is_put_back_while_it_is_in_use(place: Path, copy: Path) -> None:
    with opened(place):
        with pytest.raises(DatabaseError, match="is in use by another regiowijzer process"):
            restore_backup(copy, place, CIPHER)
    assert not Path(f"{place}-before-restore").exists()
    restore_backup(copy, place, CIPHER)
    restore_backup(copy, place, CIPHER)  # and its own lock is let go


# the commands


def test_commands(tmp_path: Path) -> None:
    data = tmp_path / "data"
    key = data / "secret.key"
    with opened(data / "regiowijzer.db", cipher_of(data)) as database:
        with database.work() as work:
            work.accounts.find_or_create("test", "anna", "address of anna")
        made = run(data, "backup")  # another process, while this one has it open
        assert (made.returncode, made.stderr) == (0, "")
        [copy] = (data / "backups").iterdir()
        assert f"{copy}: " in made.stdout and "1 encrypted values" in made.stdout
        assert f"The secret key ({key}) is NOT in this copy" in made.stdout
        in_use = run(data, "restore", str(copy))
        assert in_use.returncode == 1 and in_use.stdout == ""
        assert "is in use by another regiowijzer process" in in_use.stderr
    done = run(data, "restore", str(copy))
    assert (done.returncode, done.stderr) == (0, "")
    assert f"kept as {data / 'regiowijzer.db'}-before-restore" in done.stdout
    key.unlink()
    lost = run(data, "restore", str(copy))
    assert lost.returncode == 1 and "there is no secret key at" in lost.stderr
    assert len(lost.stderr.splitlines()) == 1 and not key.exists()


@pytest.mark.parametrize(
    ("arguments", "tool"), [(["backup"], "pg_dump --format"), (["restore", "x"], "pg_restore --")]
)
def test_postgresql_has_its_own_tools(tmp_path: Path, arguments: list[str], tool: str) -> None:
    url = "postgresql+psycopg://ada:geheim@db.example/wijzer"
    kept = environment(tmp_path, DATABASE_URL=url)
    done = CliRunner().invoke(app, arguments, env=kept)
    assert isinstance(done.exception, BackupError)
    said = str(done.exception)
    assert tool in said and "postgresql://ada@db.example/wijzer" in said and "geheim" not in said
