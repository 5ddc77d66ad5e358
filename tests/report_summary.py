"""A report at its summary, with data in its text that were taken out."""

import json
import re

from sqlalchemy import text

from bottlenecks.store import Database
from tests.conftest import Talk
from tests.reporting import until
from tests.reports_from_the_chat import answer_all

# made up; screening finds the first two names, and not the third
STORY = "De thuiszorg had voor Fatima Yilmaz (999904498) en Sanne Bakker geen plek, meldt kletspoot"
ELSE = "kletspoot"
TAKE_OUT, RESTORE = "Meer weghalen", "Iets terugzetten"
RETYPED = "Praktijk De Linde"


def at_summary(talk: Talk, story: str = STORY) -> str:
    """Tell a report up to its summary; gives that."""
    until(talk, "wat")
    talk.says(story)
    return answer_all(talk)


def described(talk: Talk) -> str:
    """How the summary describes what happened."""
    found = re.findall(r"^Omschrijving: (.*)", talk.replies[-1].text, re.MULTILINE)
    assert len(found) == 1, talk.replies[-1].text
    return str(found[0])


def stored(database: Database) -> str:
    """All that is kept in clear of conversations and flows."""
    with database.engine.begin() as connection:
        rows = [
            *connection.execute(text("select data from conversation_event")),
            *connection.execute(text("select slots from conversation")),
            *connection.execute(text("select state from flow_run")),
            *connection.execute(text("select description, tried from report")),
        ]
    return json.dumps([[str(value) for value in row] for row in rows], ensure_ascii=False)
