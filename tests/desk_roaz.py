"""Officers at work on the report for a meeting, for tests of its pages."""

import io

from docx import Document

from bottlenecks.roles import Role, Scope
from bottlenecks.store import Database
from tests.desk import Browser, add_officer, forms
from tests.whole_site import sign_in

PATH = "/beheer/verslag"
UTRECHT = Scope(regions=frozenset({"utrecht"}))
ASKED = "Een avondroute voor heel Utrecht."


def colleague(
    desk: Browser, database: Database, role: Role = Role.HANDLER, scope: Scope = UTRECHT
) -> Browser:
    officer = add_officer(database, "bo@rho.example", role, scope, "Bo Peters", password=None)
    return sign_in(desk.another(), database, officer)


def begin(desk: Browser, **fields: str | list[str]) -> str:
    """Begin a report; gives its address."""
    desk.opens(PATH)
    desk.sends(PATH, fields)
    assert desk.sees("Je verslag is begonnen.")
    return desk.path


def save(desk: Browser, address: str, **fields: str | list[str] | None) -> None:
    desk.opens(address)
    desk.sends(address, fields)


def quote(desk: Browser, address: str, reference: str) -> None:
    """Take a quote over, on the page where they are picked."""
    desk.opens(f"{address}/citaten")
    desk.sends(f"{address}/citaten", {"melding": reference})


def field(desk: Browser, address: str, name: str) -> str | list[str]:
    return forms(desk.page)[address][name]


def word(desk: Browser, address: str) -> str:
    """The text of the Word document."""
    answer = desk.client.get(f"{address}/verslag.docx")
    assert answer.status_code == 200
    document = Document(io.BytesIO(answer.content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])
