"""What the assistant says of one topic, for tests of the pages where its text is kept."""

from dialogues.assistant import Assistant
from knowledge.data import as_data
from tests.desk import Browser

TOPIC = "thuiszorg/bemiddeling"
PATH = "/beheer/inhoud"
EDIT = f"{PATH}/wijzig/{TOPIC}"
PAGE = f"{PATH}/onderwerp/{TOPIC}"
WHY = "De afspraak is veranderd."


def current(assistant: Assistant) -> str:
    return str(as_data(assistant.knowledge.topic(TOPIC))["antwoord"])


def sends(desk: Browser, action: str, region: str = "", **fields: str) -> None:
    """Fill in the form of the topic and press a button."""
    desk.opens(f"{EDIT}?regio={region}")
    desk.sends(EDIT, {"regio": region, "reden": WHY, "doe": action, **fields})
    if action == "voorstel" and desk.sees("Kijk eerst wat er bij 'Let op' staat."):
        desk.sends(EDIT, {"doe": action})


def proposes(desk: Browser, region: str = "", **fields: str) -> str:
    """Send a proposal in; gives its address."""
    sends(desk, "voorstel", region, **fields)
    assert desk.sees("Je voorstel is ingediend."), desk.text
    return desk.path


def approves(bo: Browser, proposal: str) -> None:
    bo.opens(proposal)
    bo.sends(f"{proposal}/goedkeuren")
