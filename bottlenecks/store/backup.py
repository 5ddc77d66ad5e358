"""Copies of a SQLite database: made while it is in use, checked, and put back."""

import os
import shlex
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError

from bottlenecks.crypto import Cipher, SecretKeyError
from bottlenecks.store.database import lock_sqlite_file, upgrade
from bottlenecks.store.engine import make_engine
from bottlenecks.store.files import OWNER_ONLY
from bottlenecks.store.schema import known_revisions

# what SQLite keeps beside a database: changes that are not in the file itself, and shared memory
JOURNALS = ("-wal", "-journal")
SHARED_MEMORY = "-shm"
ASIDE = "-before-restore"
ENCRYPTED = (("account", "address"), ("inbox", "payload"), ("outbox", "payload"))


class BackupError(Exception):
    """No copy was made or put back; the message tells an operator why and what to do."""


@dataclass(frozen=True)
class Copied:
    """A copy that was checked: its size, its schema, and how many secrets the key could read."""

    path: Path
    size: int
    revision: str
    secrets: int


@dataclass(frozen=True)
class Restored:
    """A copy that was put in place; `aside` is where the earlier file is, if there was one."""

    path: Path
    aside: Path | None
    from_revision: str
    revision: str


def sqlite_file_of(url: str, postgres_command: str) -> Path:
    """The file of the SQLite database at `url`.

    Raises:
        BackupError: it is no SQLite file; for PostgreSQL the message holds `postgres_command`, in
            which `{url}` becomes the address of the database, without its password.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        # the error's own text can hold part of a password
        raise BackupError("DATABASE_URL is not a database URL such as sqlite:///file") from error
    if parsed.get_backend_name() == "postgresql":
        plain = URL.create(
            "postgresql", parsed.username, None, parsed.host, parsed.port, parsed.database
        ).render_as_string()
        raise BackupError(
            f"with PostgreSQL use its own tools: {postgres_command.format(url=shlex.quote(plain))}"
        )
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        raise BackupError("DATABASE_URL names no SQLite file and no PostgreSQL server")
    return Path(parsed.database)


def make_backup(source: Path, target: Path, cipher: Cipher) -> Copied:
    """Copy the database at `source` to `target` and check the copy.

    It reads on a connection of its own, in one go: one moment of the data, and in WAL mode nobody
    who writes waits for it.

    Raises:
        BackupError: there is nothing to copy, `target` exists, or the copy is not right.
    """
    if not source.is_file():
        raise BackupError(f"there is no database at {source}: check DATA_DIR and DATABASE_URL")
    if target.exists():
        raise BackupError(f"{target} is there already: give another name")
    with _draft_beside(target) as draft:
        _copy(source, draft)
        revision, secrets = _check(draft, source, cipher)
        size = draft.stat().st_size
        _put(draft, target)
    return Copied(target, size, revision, secrets)


def restore_backup(copy: Path, place: Path, cipher: Cipher) -> Restored:
    """Put `copy` in the place of the SQLite database `place`, with its schema up to date.

    The copy is checked and brought up to date before anything changes; the earlier file is kept.

    Raises:
        DatabaseError: another process has the database open.
        BackupError: the copy is damaged, of another key or a newer version, or cannot be put there.
    """
    if not copy.is_file():
        raise BackupError(f"there is no file {copy}")
    if place.exists() and copy.samefile(place):
        raise BackupError(f"{copy} is the database itself: give the copy to put back")
    lock = lock_sqlite_file(_url_of(place))
    try:
        with _draft_beside(place) as draft:
            _copy(copy, draft)
            from_revision, _ = _check(draft, copy, cipher)
            _migrate(draft, copy)
            revision, _ = _check(draft, copy, cipher)
            aside = _set_aside(place)
            _put(draft, place)
        return Restored(place, aside, from_revision, revision)
    finally:
        if lock is not None:
            lock.release()


def _url_of(file: Path) -> URL:
    return URL.create("sqlite", database=str(file))


@contextmanager
def _draft_beside(target: Path) -> Iterator[Path]:
    """An empty file for its owner alone, in the folder of `target`; gone when the block ends."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}-", suffix=".new")
        os.close(handle)  # `mkstemp` makes it readable by its owner only
    except OSError as error:
        raise BackupError(f"{target} cannot be written: {error.strerror}") from error
    draft = Path(name)
    try:
        yield draft
    finally:
        for suffix in ("", *JOURNALS, SHARED_MEMORY):
            Path(f"{draft}{suffix}").unlink(missing_ok=True)


def _copy(source: Path, draft: Path) -> None:
    """Copy one moment of `source`, with what is still in its WAL, into one file without a WAL."""
    try:
        with (
            closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as reading,
            closing(sqlite3.connect(draft)) as writing,
        ):
            # all pages in one step: in several, each write of another process begins it anew
            reading.backup(writing, pages=-1)
            writing.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        raise BackupError(f"{source} cannot be copied: {error}") from error


def _check(draft: Path, shown: Path, cipher: Cipher) -> tuple[str, int]:
    """Its schema's revision, and how many encrypted values were read; `shown` is named in errors.

    Raises:
        BackupError: what is wrong with it.
    """
    try:
        with closing(sqlite3.connect(draft)) as connection:
            faults = [row[0] for row in connection.execute("PRAGMA integrity_check(3)")]
            if faults != ["ok"]:
                raise BackupError(f"{shown} is damaged: {'; '.join(faults)}. Take another copy")
            revision = _revision(connection, shown)
            return revision, _readable(connection, shown, cipher)
    except sqlite3.Error as error:
        raise BackupError(f"{shown} is damaged: {error}. Take another copy") from error


def _revision(connection: sqlite3.Connection, shown: Path) -> str:
    tables = "SELECT name FROM sqlite_master WHERE name = 'alembic_version'"
    row = None
    if connection.execute(tables).fetchone() is not None:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    if row is None:
        raise BackupError(f"{shown} is not a database of regiowijzer")
    if row[0] not in known_revisions():
        raise BackupError(
            f"{shown} has schema {row[0]}, newer than this version of regiowijzer knows: "
            "install the version that made it, or a later one"
        )
    return str(row[0])


def _readable(connection: sqlite3.Connection, shown: Path, cipher: Cipher) -> int:
    """Decrypt every address, and every update and reply that waits; gives how many there were."""
    number = 0
    for table, column in ENCRYPTED:
        rows = connection.execute(f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL")
        for (token,) in rows:
            try:
                cipher.decrypt(token)
            except SecretKeyError as error:
                raise BackupError(
                    f"{shown} was written with another secret key, or is damaged: use the key "
                    "that belongs to it (SECRET_KEY, or secret.key in DATA_DIR)"
                ) from error
            number += 1
    return number


def _migrate(draft: Path, shown: Path) -> None:
    engine = make_engine(_url_of(draft))
    try:
        upgrade(engine)
    except Exception as error:  # whatever a migration meets, the present database stays as it is
        cause = getattr(error, "orig", None) or error
        raise BackupError(
            f"{shown} cannot be brought up to date: {cause}. Nothing was changed"
        ) from error
    finally:
        engine.dispose()  # the last connection empties the WAL into the file


def _set_aside(place: Path) -> Path | None:
    """Rename the present database, with the changes that are still in its WAL.

    A WAL that stayed behind would be applied to the copy.
    """
    present = [suffix for suffix in ("", *JOURNALS) if Path(f"{place}{suffix}").exists()]
    aside = _free_name(place) if present else None
    try:
        for suffix in present:
            Path(f"{place}{suffix}").rename(f"{aside}{suffix}")
        Path(f"{place}{SHARED_MEMORY}").unlink(missing_ok=True)
    except OSError as error:
        raise BackupError(f"{place} cannot be kept aside: {error.strerror}") from error
    return aside


def _free_name(place: Path) -> Path:
    """Earlier files that were kept aside are not overwritten."""
    name, number = Path(f"{place}{ASIDE}"), 1
    while any(Path(f"{name}{suffix}").exists() for suffix in ("", *JOURNALS)):
        number += 1
        name = Path(f"{place}{ASIDE}-{number}")
    return name


def _put(draft: Path, target: Path) -> None:
    """Give the draft its name, once it is on the disk."""
    try:
        draft.chmod(OWNER_ONLY)
        _sync(draft)
        draft.rename(target)
        with suppress(OSError):  # not every file system can do this for a folder
            _sync(target.parent)
    except OSError as error:
        raise BackupError(f"{target} cannot be written: {error.strerror}") from error


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
