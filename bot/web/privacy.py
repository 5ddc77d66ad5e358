"""The page /privacy: what is kept, and of what, for whoever wants to know before typing."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from bot.web.pages import Pages
from bottlenecks.retention import periods
from bottlenecks.store import Database
from dialogues.privacy_statement import responsible, statement
from dialogues.regional import RegionalFacts, layered
from knowledge import Knowledge

PATH = "/privacy"


def router(database: Database, knowledge: Knowledge, closed_reports_days: int) -> APIRouter:
    """The route of the page; closed reports are kept `closed_reports_days` days."""
    pages = Pages()
    routes = APIRouter(include_in_schema=False)

    @routes.get(PATH)
    def privacy() -> HTMLResponse:
        with database.reading() as work:
            facts = RegionalFacts(contacts=work.regional.contacts())
        reached = responsible(layered(knowledge, facts).regions)
        return pages.privacy(statement(periods(closed_reports_days), reached))

    return routes
