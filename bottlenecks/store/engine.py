"""Connects to the database, so that nothing is lost and nobody waits for ever."""

import time

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import InvalidatePoolError

from bottlenecks.store.postgresql import connect_args

BUSY_TIMEOUT_MS = 10_000
READ_ONLY = "regiowijzer_read_only"
PATIENCE = "regiowijzer_patience_ms"
# asking each time would be as many round trips as there are transactions
IDLE_S = 1.0
IDLE_SINCE = "regiowijzer_idle_since"


def make_engine(url: URL) -> Engine:
    """An engine whose connections to SQLite lose nothing and hold up no reader.

    Those to PostgreSQL end, on both sides, when the other side is gone. Its errors do not hold
    what was being written.
    """
    if url.get_backend_name() != "sqlite":
        return _on_a_server(
            create_engine(url, hide_parameters=True, connect_args=connect_args(url))
        )
    engine = create_engine(url, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def configure(connection, _record) -> None:  # type: ignore[no-untyped-def]  # DBAPI types
        # the driver must not open transactions by itself: `begin` below does
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA secure_delete=ON")
        cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin_immediately(connection) -> None:  # type: ignore[no-untyped-def]  # DBAPI types
        # a transaction that reads first and writes later could otherwise not be upgraded
        options = connection.get_execution_options()
        if options.get(READ_ONLY):
            connection.exec_driver_sql("BEGIN")
            return
        patience = options.get(PATIENCE)
        try:
            if patience is not None:
                connection.exec_driver_sql(f"PRAGMA busy_timeout={patience}")
            # it waits here, and no further on
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        finally:
            if patience is not None:
                connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")

    return engine


def _on_a_server(engine: Engine) -> Engine:
    """PostgreSQL keeps locks per table: a statement waits for one as long as `PATIENCE`.

    A connection that was not used for `IDLE_S` is asked whether it still works.
    """

    @event.listens_for(engine, "checkin")
    def came_back(_connection, record) -> None:  # type: ignore[no-untyped-def]  # DBAPI types
        record.info[IDLE_SINCE] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def still_works(connection, record, _proxy) -> None:  # type: ignore[no-untyped-def]  # DBAPI types
        since = record.info.get(IDLE_SINCE)
        if since is None or time.monotonic() - since < IDLE_S:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error  # the pool makes new ones

    @event.listens_for(engine, "begin")
    def be_patient(connection) -> None:  # type: ignore[no-untyped-def]  # DBAPI types
        patience = connection.get_execution_options().get(PATIENCE)
        if patience is not None:
            connection.exec_driver_sql(f"SET LOCAL statement_timeout = {patience}")

    return engine
