"""Two people in one report: each can see and restore only what they typed themselves."""

import re

import pytest

from bottlenecks.store import Database
from dialogues.assistant import Assistant
from tests.conftest import Talk
from tests.report_summary import RESTORE, at_summary, described
from tests.reports_from_the_chat import labels

NAMES = ("Fatima", "Yilmaz", "Sanne", "Bakker")


def handed_over(talk: Talk) -> str:
    """A code for a colleague."""
    return re.findall(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b", talk.says("doorgeven"))[0]


@pytest.fixture
def colleague(talk: Talk, database: Database, assistant: Assistant) -> Talk:
    """Someone who joined a report at its summary."""
    at_summary(talk)
    joined = Talk(database, assistant, "u2")
    joined.says(handed_over(talk))
    return joined


def test_a_colleague_sees_only_that_something_was_taken_out(colleague: Talk) -> None:
    summary = colleague.says("overzicht")
    assert "2 namen" in summary and "[naam verwijderd]" in summary
    assert RESTORE not in labels(colleague)
    for typed in (
        "iets terugzetten",
        "zet Sanne Bakker terug",
        "zet alles terug",
        "zet de naam in",
    ):
        said = colleague.says(typed)
        assert "kan alleen die ander terugzetten" in said
        assert not any(name in said for name in NAMES)
        assert not any(name in label for name in NAMES for label in labels(colleague))
    # nor with a button that is not on the screen
    value = next(c.value for c in colleague.replies[-1].choices if c.label == "Versturen")
    colleague.sends(value.replace("versturen", "!zet-1"))
    assert described(colleague).count("[naam verwijderd]") == 2


def test_whoever_typed_it_restores_it_and_only_theirs(talk: Talk, colleague: Talk) -> None:
    colleague.says("voeg toe: Sanne Bakker belde ook")
    assert "[naam verwijderd] belde ook" in described(colleague)
    colleague.taps(RESTORE)
    assert [one for one in labels(colleague) if "naam" in one] == ["Sanne Bakker (naam)"]
    colleague.taps("Sanne Bakker (naam)")
    assert described(colleague).count("[naam verwijderd]") == 2
    talk.says("overzicht")
    talk.says("zet alle namen terug")
    assert "[naam verwijderd]" not in described(talk)


def test_a_flow_that_follows_hides_what_a_colleague_typed(
    talk: Talk, database: Database, assistant: Assistant
) -> None:
    talk.says("buurpraktijk is ineens dicht, wat nu?")
    talk.taps("Stap voor stap")
    talk.says("dit lukt niet, Fatima Yilmaz neemt niet op")
    joined = Talk(database, assistant, "u2")
    joined.says(handed_over(talk))
    joined.taps("Lukt niet: melden")
    while joined.replies[-1].step != "controle":
        joined.says(
            {"soort": "iets anders", "regio": "Utrecht", "ernst": "laag"}.get(
                str(joined.replies[-1].step), "nee"
            )
        )
    assert "[naam verwijderd]" in described(joined)
    assert RESTORE not in labels(joined)
