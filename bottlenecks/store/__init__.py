"""The only package that knows SQL: opening the database, and one transaction at a time.

`Database.work()` opens a `Work`: all that happens in it is committed together or not at all.
"""

from bottlenecks.store.database import Database, DatabaseError, open_database
from bottlenecks.store.work import Work

__all__ = ["Database", "DatabaseError", "Work", "open_database"]
