"""The files of a SQLite database: readable by their owner only, and still where they were."""

import os
from pathlib import Path

OWNER_ONLY, FOLDER_OF_OWNER = 0o600, 0o700
# what SQLite and the lock put beside the file
_BESIDE = ("", "-wal", "-shm", ".lock")


def keep_private(path: Path) -> None:
    """Make the folder and the lock when they are not there, for their owner only.

    A database that others can read is closed to them. A folder that was there keeps its rights: it
    may hold more than this.

    Raises:
        OSError: it cannot be done.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=FOLDER_OF_OWNER)
    make_private(Path(f"{path}.lock"))
    for name in _BESIDE:
        file = Path(f"{path}{name}")
        if file.exists() and file.stat().st_mode & 0o077:
            file.chmod(OWNER_ONLY)


def make_private(path: Path) -> None:
    """Make an empty file when there is none; SQLite gives what it writes beside it its rights.

    Raises:
        OSError: it cannot be made.
    """
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, OWNER_ONLY))


def identity(path: Path) -> tuple[int, int] | None:
    """Which file stands at `path`; None when there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
