"""Opens the database: schema upgrade, and the guard against a second process."""

import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from uuid import uuid4

import portalocker
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from bottlenecks.crypto import Cipher
from bottlenecks.store.engine import BUSY_TIMEOUT_MS, PATIENCE, READ_ONLY, make_engine
from bottlenecks.store.files import keep_private, make_private
from bottlenecks.store.postgresql import is_postgresql, take_turn
from bottlenecks.store.turns import Turns
from bottlenecks.store.work import Work

MIGRATIONS = Path(__file__).parent.parent / "migrations"
# the driver that is installed (the extra "postgres")
POSTGRESQL = "postgresql+psycopg"

Clock = Callable[[], datetime]
NewId = Callable[[], str]


class DatabaseError(Exception):
    """The database cannot be used; the message tells an operator what to do."""


def utc_now() -> datetime:
    """The current moment in UTC."""
    return datetime.now(UTC)


def random_id() -> str:
    """A random id of 32 hexadecimal characters."""
    return uuid4().hex


class Database:
    """An open database. Close it, or use it as a context manager."""

    def __init__(
        self,
        engine: Engine,
        cipher: Cipher,
        *,
        clock: Clock = utc_now,
        new_id: NewId = random_id,
        lock: portalocker.Lock | None = None,
    ) -> None:
        """Wrap an engine whose schema is up to date; use `open_database` to get one."""
        self.engine = engine
        self.cipher = cipher
        self._clock = clock
        self._new_id = new_id
        self._lock = lock
        self._sessions = _sessions()
        looking = engine.execution_options(**{READ_ONLY: True})
        self._readings = sessionmaker(looking, expire_on_commit=False)
        self._turns = Turns()

    @property
    def is_shared(self) -> bool:
        """Whether other processes may use it at the same time: on PostgreSQL."""
        return is_postgresql(self.engine)

    @contextmanager
    def work(
        self, clock: Clock | None = None, *, patience_s: float | None = None
    ) -> Iterator[Work]:
        """One transaction: committed when the block ends, rolled back when it raises.

        `clock` stands in for the database's own, to write what happened at another time.
        `patience_s` is how long it waits for a lock that somebody else has; None: as long as is
        good for what must not get lost.
        """
        engine = self.engine
        if patience_s is not None:
            engine = engine.execution_options(**{PATIENCE: int(patience_s * 1000)})
        with (
            self._turn(patience_s),
            self._sessions(bind=engine) as session,
            session.begin(),
        ):
            yield Work(session, self.cipher, clock or self._clock, self._new_id)

    def _turn(self, patience_s: float | None) -> AbstractContextManager[object]:
        """The turn to write, on SQLite; who does not get it in time is refused by SQLite."""
        if self.is_shared:
            return nullcontext()
        return self._turns.one(BUSY_TIMEOUT_MS / 1000 if patience_s is None else patience_s)

    @contextmanager
    def reading(self) -> Iterator[Work]:
        """A look at one state of the data; it holds up nobody who writes, and writes nothing."""
        with self._readings() as session:
            yield Work(session, self.cipher, self._clock, self._new_id)

    def close(self) -> None:
        """Close all connections and let another process in."""
        self.engine.dispose()
        if self._lock is not None:
            self._lock.release()

    def __enter__(self) -> "Database":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _sessions() -> sessionmaker[Session]:
    """Makes sessions that read no row twice: of itself, one forgets what nobody holds."""
    sessions = sessionmaker(expire_on_commit=False)
    for moment in ("loaded_as_persistent", "pending_to_persistent"):
        event.listen(sessions, moment, _hold)
    return sessions


def _hold(session: Session, row: object) -> None:
    session.info.setdefault("held", []).append(row)


def open_database(
    url: str, cipher: Cipher, *, clock: Clock = utc_now, new_id: NewId = random_id
) -> Database:
    """Open the database at `url`, bring its schema up to date and check that it can be written.

    A SQLite file is made when it is not there, and kept for this process alone.

    Raises:
        DatabaseError: the URL is wrong, the file or server cannot be used, another process has
            the SQLite file, or the data was written with another secret key.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        # the error's own text can hold part of a password
        raise DatabaseError("DATABASE_URL is not a database URL such as sqlite:///file") from error
    if parsed.get_backend_name() == "sqlite" and (
        not parsed.database or ":memory:" in parsed.database or parsed.query.get("mode") == "memory"
    ):
        raise DatabaseError("DATABASE_URL must name a file: a database in memory loses everything")
    if parsed.drivername in ("postgres", "postgresql"):
        parsed = parsed.set(drivername=POSTGRESQL)
    lock = lock_sqlite_file(parsed)
    try:
        if lock is not None:
            make_private(Path(str(parsed.database)))
        engine = make_engine(parsed)
        upgrade(engine)
        database = Database(engine, cipher, clock=clock, new_id=new_id, lock=lock)
        with database.work() as work:
            work.accounts.check_readable()
        return database
    except ModuleNotFoundError as error:
        raise DatabaseError(
            f"{parsed.drivername} needs {error.name}: install it with uv sync --extra postgres"
        ) from error
    except CommandError as error:
        if lock is not None:
            lock.release()
        shown = parsed.render_as_string(hide_password=True)
        raise DatabaseError(
            f"database {shown} was written by a newer version ({error}): start that version, or "
            "restore a copy from before the upgrade"
        ) from error
    except (SQLAlchemyError, OSError, ImportError) as error:
        if lock is not None:
            lock.release()
        cause = getattr(error, "orig", None) or error
        shown = parsed.render_as_string(hide_password=True)
        raise DatabaseError(
            f"database {shown} cannot be used: {cause}. "
            "Check DATABASE_URL, the folder's permissions and the disk"
        ) from error
    except Exception:  # whatever it is: raised again, but nobody else may be kept out by it
        if lock is not None:
            lock.release()
        raise


def lock_sqlite_file(url: URL) -> portalocker.Lock | None:
    """Keep a lock beside the SQLite file for as long as this process has it open.

    Raises:
        DatabaseError: another process has it.
    """
    if url.get_backend_name() != "sqlite":
        return None
    path = Path(str(url.database))
    try:
        keep_private(path)
        lock = portalocker.Lock(
            str(path) + ".lock",
            mode="a",
            timeout=0,
            flags=portalocker.LockFlags.EXCLUSIVE | portalocker.LockFlags.NON_BLOCKING,
        )
        lock.acquire()
    except portalocker.exceptions.LockException as error:
        raise DatabaseError(
            f"{path} is in use by another regiowijzer process: stop that one first, "
            "or give this one its own DATA_DIR"
        ) from error
    except OSError as error:
        raise DatabaseError(
            f"database {path} cannot be used: {error.strerror}. Check DATABASE_URL and the folder"
        ) from error
    return lock


def upgrade(engine: Engine) -> None:
    """Bring the schema up to date."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    logging.getLogger("alembic").setLevel(logging.WARNING)
    with engine.begin() as connection:
        # processes that start at the same time would all make the same changes
        take_turn(connection, "schema")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
