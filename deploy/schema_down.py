"""Takes the schema of the database back to an older revision, for going back to an older version.

Run it with the NEWER version (which knows the way down) and with everything else stopped:
``python deploy/schema_down.py 0006``. What the newer version kept in tables and columns that the
older one has not is gone after it, so make a copy first.
"""

import sys

from alembic import command
from alembic.config import Config
from sqlalchemy import make_url

from bot.settings import load_settings
from bottlenecks.store.database import MIGRATIONS, lock_sqlite_file, make_engine


def main(revision: str) -> None:
    """Go down to this revision, such as `0006`; all of it happens, or nothing.

    Raises:
        DatabaseError: another process has the SQLite file.
        CommandError: there is no such revision below the present one.
    """
    url = make_url(load_settings().database)
    lock = lock_sqlite_file(url)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    try:
        with make_engine(url).begin() as connection:
            config.attributes["connection"] = connection
            command.downgrade(config, revision)
    finally:
        if lock is not None:
            lock.release()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python deploy/schema_down.py REVISION")
    main(sys.argv[1])
    print(f"the schema is at {sys.argv[1]}")
