"""What people say in the chat before they report it, and the report that comes of it, for tests."""

from sqlalchemy import text

from bottlenecks.roles import EVERYWHERE
from bottlenecks.store import Database
from bottlenecks.store.report_desk import CaseView
from tests.conftest import Talk

FOREIGN = "wie wint de eredivisie?"
HAROP = "wat is een harop?"
# declined, but near to a topic
NEARLY = "wat is het telefoonnummer van de meldkamer"
REPORT_IT = "Deze vraag melden"
FAILS = "Lukt niet: melden"
PRACTICE_SHUT = "buurpraktijk is ineens dicht, wat nu?"


def labels(talk: Talk) -> list[str]:
    return [choice.label for reply in talk.replies for choice in reply.choices]


def answer_all(talk: Talk) -> str:
    """Answer what is still asked in a report; gives the summary."""
    answers = {
        "soort": "iets anders",
        "regio": "Utrecht",
        "geprobeerd": "nog niets",
        "ernst": "laag",
        "praktijk": "anoniem",
        "antwoord": "nee",
    }
    while (step := talk.replies[-1].step) != "controle":
        assert step in answers, f"unexpected step {step}"
        talk.says(answers[step])
    return talk.replies[-1].text


def finish(talk: Talk) -> str:
    """Answer what is still asked in a report, and send it; gives the summary."""
    summary = answer_all(talk)
    talk.taps("Versturen")
    assert talk.replies[-1].reference
    return summary


def remarks(database: Database) -> list[tuple[str | None, str]]:
    """The topic and the text of every complaint that is kept."""
    with database.engine.begin() as connection:
        rows = connection.execute(text("select topic, text from feedback order by id")).all()
    return [(row.topic, row.text) for row in rows]


def filed(talk: Talk, database: Database) -> CaseView:
    """The report that was sent last."""
    reference = talk.replies[-1].reference
    assert reference is not None
    with database.reading() as work:
        case = work.cases.get(reference, EVERYWHERE)
    assert case is not None
    return case
