"""A plan of a region, and what officers do with it, for tests of the desk."""

from tests.desk import Browser
from tools.example_plan import example_parts
from tools.plan_documents import as_docx

PLANS = "/beheer/inhoud/plannen"
FILE = as_docx(example_parts())
ABOUT = {
    "regio": "utrecht",
    "titel": "Continuïteitsplan Voorbeeldregio",
    "uitgever": "Voorbeeldcoöperatie",
    "datum": "maart 2026",
}
CURATOR = "Gaat een praktijk failliet, dan is de curator vanaf dat moment het aanspreekpunt."
DATALEAK = "Een datalek melden we binnen 72 uur bij de Autoriteit Persoonsgegevens."


def hand_in(desk: Browser, content: bytes = FILE, name: str = "plan.docx", **more: str) -> None:
    desk.opens(PLANS)
    desk.sends(PLANS, {**ABOUT, **more}, {"bestand": (name, content)})


def concept(desk: Browser, title: str) -> str:
    """The page of the concept with this title, from the page of the plan."""
    before = desk.page.text.split(f">{title}</a>")[0]
    return before.rsplit('href="', 1)[1].split('"')[0]


def place_of(desk: Browser, text: str) -> str:
    """Where a topic is chosen for this piece, from the page of the plan."""
    return desk.page.text.split(text)[1].split('href="', 1)[1].split('"')[0]
