"""The `regiowijzer backup` and `regiowijzer restore` commands."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bot.settings import Settings
    from bottlenecks.crypto import Cipher

DUMP = "pg_dump --format=custom --file=regiowijzer.dump {url}"
UNDUMP = (
    "stop regiowijzer, then pg_restore --clean --if-exists --no-owner --single-transaction "
    "--dbname={url} regiowijzer.dump; the schema is brought up to date at the next start"
)


def backup(
    file: Annotated[
        Path | None,
        typer.Argument(help="Where to put the copy; default in the folder backups of DATA_DIR."),
    ] = None,
) -> None:
    """Copy the SQLite database to a file, also while `serve` runs, and check the copy."""
    from bot.settings import load_settings
    from bottlenecks.store.backup import make_backup, sqlite_file_of

    settings = load_settings()
    source = sqlite_file_of(settings.database, DUMP)
    name = f"regiowijzer-{datetime.now(UTC):%Y%m%d-%H%M%S}.db"
    target = file or settings.data_dir / "backups" / name
    copied = make_backup(source, target, _cipher(settings))
    print(
        f"{copied.path}: {copied.size:,} bytes, schema {copied.revision}, checked; "
        f"{copied.secrets} encrypted values can be read with the secret key"
    )
    print(
        f"The secret key ({_key_place(settings)}) is NOT in this copy, and the copy is of no use "
        "without it: keep the key too, apart from the copies."
    )
    print("The copy holds reports and conversations in plain text: keep it where few people reach.")


def restore(
    file: Annotated[Path, typer.Argument(help="A copy that `regiowijzer backup` made.")],
) -> None:
    """Put a copy in the place of the SQLite database; the present file is kept beside it."""
    from bot.settings import load_settings
    from bottlenecks.store.backup import restore_backup, sqlite_file_of

    settings = load_settings()
    place = sqlite_file_of(settings.database, UNDUMP)
    restored = restore_backup(file, place, _cipher(settings))
    schema = restored.revision
    if restored.from_revision != restored.revision:
        schema = f"{restored.revision} (the copy had {restored.from_revision})"
    print(f"{restored.path} is now {file}, schema {schema}")
    if restored.aside is not None:
        print(f"The earlier database is kept as {restored.aside}; remove it when all is well.")


def _key_place(settings: "Settings") -> str:
    return "SECRET_KEY" if settings.secret_key else str(settings.data_dir / "secret.key")


def _cipher(settings: "Settings") -> "Cipher":
    """The key as it is: a new one, made here, would belong to no copy."""
    from bottlenecks.crypto import Cipher, secret_in
    from bottlenecks.store.backup import BackupError

    if settings.secret_key:
        return Cipher(settings.secret_key.get_secret_value())
    path = settings.data_dir / "secret.key"
    secret = secret_in(path)
    if secret is None:
        raise BackupError(
            f"there is no secret key at {path}: put the key that belongs to the data there first"
        )
    return Cipher(secret)
