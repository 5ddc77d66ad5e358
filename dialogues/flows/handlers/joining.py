"""After a report was sent: does it belong to reports about the same bottleneck?

Answering is optional: any other message goes on as usual.
"""

import re
from datetime import datetime

from bottlenecks.small_counts import FEWEST
from bottlenecks.workflow import LABELS
from dialogues.flows.parking import QUIET_AFTER
from dialogues.flows.words import match_exactly, says_no, says_yes
from dialogues.reply import Choice, Incoming, Reply
from dialogues.turn import Turn
from knowledge.flow_model import FlowChoice

# the inputs of the buttons; the report and the number of the group follow
JOIN, APART = "erbij:", "apart:"
# where the conversation remembers which question it asked; other questions use it too
SLOT = "switch"
_VALUE = re.compile(r"(?:erbij|apart):(KP-[0-9]{4}-[0-9]{4,6}):([0-9]{1,9})")
_JOINS = FlowChoice(
    value="erbij",
    label="Ja, hoort erbij",
    synonyms=("hoort erbij", "die hoort erbij", "ja die hoort erbij", "ja dat is hetzelfde"),
)
_APART = FlowChoice(
    value="apart",
    label="Nee, iets anders",
    synonyms=(
        "iets anders",
        "hoort er niet bij",
        "nee hoort er niet bij",
        "nee dat is iets anders",
    ),
)
_FOLLOW = Choice(label="Status bekijken", value="t:knelpunt/status")


def question(turn: Turn, reference: str) -> Reply | None:
    """Asks whether a report that was just sent belongs to a group; None: to none, as it seems."""
    group = turn.desk.similar_group(reference)
    if group is None:
        return None
    turn.slots[SLOT] = {
        "group": group.number,
        "reference": reference,
        "at": turn.desk.now().isoformat(),
    }
    # fewer practices are not told: they could be recognised
    who = f"door {group.practices} praktijken " if group.practices >= FEWEST else ""
    return Reply(
        text=f'Eerder is {who}iets gemeld dat hierop lijkt: "{group.title}". Hoort jouw melding '
        "hierbij? Dan kijkt je regio-organisatie (RHO) er samen naar en krijgen jullie hetzelfde "
        "antwoord. Je melding is al gedaan: antwoorden hoeft niet.",
        choices=tuple(
            Choice(label=one.label, value=f"{one.value}:{reference}:{group.number}")
            for one in (_JOINS, _APART)
        ),
        topic="knelpunt/melden",
        reference=reference,
    )


def typed(turn: Turn, text: str) -> Incoming | None:
    """The button that a typed answer to the question stands for; None when it is no answer."""
    asked = _asked(turn)
    if asked is None:
        return None
    said = match_exactly(text, (_JOINS, _APART))
    if says_yes(text):
        said = _JOINS.value
    elif says_no(text):
        said = _APART.value
    if said is None:
        return None
    return Incoming(text=text, choice=f"{said}:{asked['reference']}:{asked['group']}")


def forget(turn: Turn) -> None:
    """The question was answered, or passed by."""
    if "group" in (turn.memory.slots.get(SLOT) or {}):
        turn.memory.slots.pop(SLOT)


def answered(turn: Turn, value: str) -> Reply:
    """Carry out a button of the question."""
    found = _VALUE.fullmatch(value)
    if found is None:
        return Reply(text="Die knop werkt niet meer. Typ je vraag.")
    reference, number = found[1], int(found[2])
    if value.startswith(APART):
        return _keep_apart(turn, reference, number)
    try:
        turn.desk.join(reference, number)
    except LookupError:
        return Reply(
            text="Dat kan niet meer: de meldingen waar het om ging zijn intussen afgerond of "
            f"verplaatst. Je melding {reference} blijft gewoon staan.",
            choices=(_FOLLOW,),
            reference=reference,
        )
    report = next((one for one in turn.desk.own() if one.reference == reference), None)
    status = f" Status: {LABELS[report.status]}." if report is not None else ""
    return Reply(
        text=f"Goed, je melding {reference} hoort er nu bij.{status} Een antwoord komt hier "
        "vanzelf.",
        choices=(_FOLLOW,),
        topic="knelpunt/status",
        reference=reference,
    )


def _keep_apart(turn: Turn, reference: str, number: int) -> Reply:
    try:
        turn.desk.keep_apart(reference, number)
    except LookupError:
        pass  # nothing has to be kept of a report that is not theirs
    return Reply(
        text=f"Goed, je melding {reference} blijft op zichzelf staan.",
        choices=(_FOLLOW,),
        topic="knelpunt/status",
        reference=reference,
    )


def _asked(turn: Turn) -> dict[str, str] | None:
    """The question that the last message asked, unless that is long ago."""
    asked = turn.memory.slots.get(SLOT) or {}
    if "group" not in asked:
        return None
    is_late = turn.desk.now() - datetime.fromisoformat(asked["at"]) > QUIET_AFTER
    return None if is_late else asked
