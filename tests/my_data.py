"""Someone asks for what is kept about them to be erased."""

from bottlenecks.store.codes import code_in
from dialogues.my_data import QUESTION, YES
from tests.conftest import Talk

DONE = "Je gegevens zijn verwijderd."
CHECKLIST = "buurpraktijk is ineens dicht, wat nu?"


def erase(talk: Talk) -> str:
    """Ask to be erased, and confirm it."""
    assert QUESTION in talk.says("verwijder mijn gegevens")
    return talk.taps(YES)


def linked(talk: Talk, other: Talk) -> None:
    """Make the second user the same person as the first."""
    code = code_in(talk.says("koppel"))
    assert code is not None
    other.says(code)
    assert "Gekoppeld" in other.taps("Ja, het is mijn code")
