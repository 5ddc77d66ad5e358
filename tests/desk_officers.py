"""Officers at work, for tests of the desk: addresses, forms, colleagues, what reporters hear."""

from bottlenecks.roles import Role, Scope
from bottlenecks.store import Database
from dialogues.assistant import Assistant
from tests.conftest import Talk
from tests.desk import Browser, add_officer
from tests.whole_site import sign_in, whole_site

UTRECHT = Scope(regions=frozenset({"utrecht"}))
MINES = Scope(regions=frozenset({"westelijke-mijnstreek"}))
COLLEAGUE = "bo@rho.example"


def at_the_desk(database: Database, assistant: Assistant) -> Browser:
    """An officer who may do everything, signed in."""
    return sign_in(whole_site(database, assistant.knowledge), database, add_officer(database))


def path(reference: str, action: str = "") -> str:
    """The address of a report, or of what is done with it."""
    return f"/beheer/meldingen/{reference}{action}"


def form(reference: str, action: str) -> str:
    """Where a form of the page of a report goes."""
    return f"/beheer/meldingen/{reference}/{action}?"


def colleague(
    desk: Browser, database: Database, role: Role = Role.HANDLER, scope: Scope = UTRECHT
) -> Browser:
    """A second officer, at the list of reports."""
    officer = add_officer(database, COLLEAGUE, role, scope, name="Bo Peters", password=None)
    other = sign_in(desk.another(), database, officer)
    other.opens("/beheer/meldingen")
    return other


def hears(talk: Talk) -> str:
    """What arrives in the chat without anything being said."""
    talk.replies = []
    return talk.receives()
