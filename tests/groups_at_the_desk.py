"""Where groups are at the desk, and one to look at, for tests of those pages."""

from bottlenecks.store import Database
from tests.groups_of_reports import group, own_group, reports

LIST = "/beheer/groepen"
PAGE = f"{LIST}/1"
ANSWER = f"{PAGE}/antwoord"

number_of = own_group


def five_in_group(database: Database) -> list[str]:
    """Five reports about home care in Utrecht, in group 1."""
    found = reports(database)
    group(database, found)
    return found
