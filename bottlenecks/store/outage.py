"""Tells a database that cannot be used just now, or that others use, from a mistake in asking."""

from sqlalchemy.exc import DBAPIError, OperationalError

# busy, locked, no memory, read-only, a failing or full disk, cannot be opened
_SQLITE = frozenset({5, 6, 7, 8, 10, 13, 14, 15})
# connection, conflict with others, no resources, stopped by an operator, failing system
_POSTGRESQL = ("08", "25P03", "40", "53", "57", "58")
# serialization failure, deadlock; and what two who write at once run into: a row that was made,
# or erased, meanwhile
_CONFLICT = frozenset({"40001", "40P01", "23505", "23503"})


def is_outage(error: BaseException) -> bool:
    """Whether the database could not be used: the same may work later."""
    if not isinstance(error, DBAPIError):
        return False
    if error.connection_invalidated:
        return True
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return (code & 0xFF) in _SQLITE
    state = getattr(error.orig, "sqlstate", None)
    if state is None:  # no server that could have given one
        return isinstance(error, OperationalError)
    return str(state).startswith(_POSTGRESQL)


def is_conflict(error: BaseException) -> bool:
    """Whether another process on PostgreSQL may have come between: the same may work at once."""
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) in _CONFLICT


def described(error: BaseException) -> str:
    """The kind of error, for the log; of an outage also its cause, which holds no data."""
    kind = type(error).__name__
    if not is_outage(error) or not isinstance(error, DBAPIError):
        return kind
    return f"{kind} (database: {' '.join(str(error.orig).split())[:200]})"
