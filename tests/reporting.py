"""Files a report of a bottleneck as a user does, step by step."""

from tests.conftest import Talk

STORY = "De wachtlijst is zes weken en niemand belt terug"


def step(talk: Talk) -> str | None:
    """The step that is on the screen."""
    return talk.replies[-1].step


def until(talk: Talk, wanted: str) -> str:
    """Answer the steps of a report up to the step `wanted`; gives what was seen last."""
    seen = talk.says("ik wil een knelpunt melden")
    answers = {
        "soort": "thuiszorg",
        "regio": "Utrecht",
        "wat": STORY,
        "geprobeerd": "drie organisaties benaderd",
        "ernst": "midden",
        "praktijk": "Praktijk De Linde",
        "antwoord": "ja",
    }
    while step(talk) != wanted:
        current = step(talk)
        assert current in answers, f"unexpected step {current}: {seen}"
        seen = talk.says(answers[current])
    return seen


def file_report(talk: Talk) -> str:
    """File a report and give its reference."""
    until(talk, "controle")
    talk.taps("Versturen")
    reference = talk.replies[-1].reference
    assert reference is not None
    return reference
