"""Opens what every command needs: the log and the database. Loads no model."""

from bot import logs
from bot.settings import Settings
from bottlenecks.crypto import Cipher, secret_from_file
from bottlenecks.store import Database, open_database


def configure_logging(settings: Settings) -> None:
    """Log to standard error: ids and kinds of errors, never message texts."""
    logs.configure(settings.log_level, as_json=settings.log_format == "json")


def open_store(settings: Settings) -> Database:
    """Open the database of these settings.

    Raises:
        DatabaseError, SecretKeyError: see `open_database` and `Cipher`.
    """
    secret = (
        settings.secret_key.get_secret_value()
        if settings.secret_key
        else secret_from_file(settings.data_dir / "secret.key")
    )
    return open_database(settings.database, Cipher(secret))
