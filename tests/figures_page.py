"""Reports in February, who looks at their figures and what that page says, for tests of it."""

import re
from datetime import UTC, datetime
from functools import cache
from html import unescape

from bottlenecks.roles import Role
from bottlenecks.store import Database
from knowledge import Knowledge, load
from tests.desk import Browser, add_officer
from tests.reports_to_count import report_at
from tests.whole_site import sign_in, whole_site

PATH = "/beheer/cijfers"


@cache
def knowledge() -> Knowledge:
    return load()


def at_the_figures(database: Database) -> Browser:
    """A reader of everything: figures are for all who may look."""
    officer = add_officer(database, role=Role.READER)
    return sign_in(whole_site(database, knowledge()), database, officer)


def february(day: int, hour: int = 12) -> datetime:
    return datetime(2026, 2, day, hour, tzinfo=UTC)


def fill(database: Database) -> None:
    """Twelve reports of seven practices over three weeks of February."""
    for number in range(7):
        report_at(database, february(3), str(number), severity="hoog")
    for number in range(3):
        report_at(database, february(10), str(number), category="ggz")
    report_at(database, february(24), "0", region="westelijke-mijnstreek")
    report_at(database, february(25), None, region=None, severity="laag")


def inner(page: str, name: str) -> str:
    """The part of the page under a heading, without tags."""
    found = re.search(rf'aria-labelledby="{name}">(.*?)</section>', page, re.DOTALL)
    assert found is not None, name
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", found[1])).split())


def links(page: str) -> dict[str, str]:
    """Where the links of a page go, by their words."""
    found = re.findall(r'<a [^>]*href="([^"]+)"[^>]*>(.*?)</a>', page, re.DOTALL)
    return {re.sub(r"<[^>]+>", "", words).strip(): unescape(url) for url, words in found}
