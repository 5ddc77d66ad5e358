"""Opens what every command needs: the log and the database. Loads no model."""

from bot import logs
from bot.settings import Settings
from bottlenecks.crypto import (
    Cipher,
    SecretKeyError,
    WrongKeyError,
    keep_secret,
    new_secret,
    secret_in,
)
from bottlenecks.store import Database, open_database


def configure_logging(settings: Settings) -> None:
    """Log to standard error: ids and kinds of errors, never message texts."""
    logs.configure(settings.log_level, as_json=settings.log_format == "json")


def open_store(settings: Settings) -> Database:
    """Open the database of these settings; a secret key is made when there are no data yet.

    Raises:
        DatabaseError: see `open_database`.
        SecretKeyError: the key is missing, cannot be used, or is not that of the data.
    """
    path = settings.data_dir / "secret.key"
    if settings.secret_key:
        return _opened(settings, settings.secret_key.get_secret_value(), "SECRET_KEY is")
    secret = secret_in(path)
    if secret is not None:
        return _opened(settings, secret, f"{path} holds")
    secret = new_secret()
    # written only when it fits: beside data that another key belongs to, it would be taken for it
    database = _opened(settings, secret, f"there is no {path}, so a new key was tried: that is")
    try:
        keep_secret(secret, path)
    except SecretKeyError:
        database.close()
        raise
    return database


def _opened(settings: Settings, secret: str, which: str) -> Database:
    try:
        return open_database(settings.database, Cipher(secret))
    except WrongKeyError as error:
        raise SecretKeyError(
            f"{which} not the key that the data were written with: put the earlier key back"
        ) from error
