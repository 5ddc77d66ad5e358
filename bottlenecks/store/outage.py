"""Tells a database that cannot be used just now from a mistake in what it was asked."""

from sqlalchemy.exc import DBAPIError, OperationalError

# busy, locked, no memory, read-only, a failing or full disk, cannot be opened
_SQLITE = frozenset({5, 6, 7, 8, 10, 13, 14, 15})
# connection, conflict with others, no resources, stopped by an operator, failing system
_POSTGRESQL = ("08", "40", "53", "57", "58")


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


def described(error: BaseException) -> str:
    """The kind of error, for the log; of an outage also its cause, which holds no data."""
    kind = type(error).__name__
    if not is_outage(error) or not isinstance(error, DBAPIError):
        return kind
    return f"{kind} (database: {' '.join(str(error.orig).split())[:200]})"
