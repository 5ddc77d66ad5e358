"""Taking one's own report out of a group again."""

import re

from bottlenecks.store.reports import ReportView
from bottlenecks.workflow import LABELS
from dialogues.entities import normalised_reference
from dialogues.flows.words import folded
from dialogues.reply import Choice, Reply
from dialogues.turn import Turn

# the input of a button; the report and the number of the group follow
LEAVE = "los:"
_VALUE = re.compile(r"los:(KP-[0-9]{4}-[0-9]{4,6}):([0-9]{1,9})")
_FOLLOW = Choice(label="Status bekijken", value="t:knelpunt/status")
# "hoort er toch niet bij", "hoort niet hierbij"
NOT_HERE = re.compile(r"\bhoort\b.*\bniet\b.*bij\b|\bniet (?:er|hier|daar) ?bij\b")
MAX_WORDS = 9


def choices(reports: list[ReportView]) -> tuple[Choice, ...]:
    """A button for each open report that is in a group."""
    return tuple(
        Choice(
            label=f"{report.reference} hoort er niet bij",
            value=f"{LEAVE}{report.reference}:{report.group.number}",
        )
        for report in reports
        if report.group is not None and report.is_open
    )


def typed(turn: Turn, text: str, latest: str | None) -> str | None:
    """The input for a message that says that an own report does not belong to its group.

    `latest` is the report that was just sent, if any. With several reports to choose from it is
    `LEAVE` alone.
    """
    if "?" in text or len(text.split()) > MAX_WORDS or not NOT_HERE.search(folded(text)):
        return None
    grouped = [one for one in turn.desk.own() if one.group is not None and one.is_open]
    named = normalised_reference(text) or latest
    meant = [one for one in grouped if one.reference == named] or grouped
    if not meant or (normalised_reference(text) and meant[0].reference != named):
        return None
    return choices(meant)[0].value if len(meant) == 1 else LEAVE


def left(turn: Turn, value: str) -> Reply:
    """Carry out the button, or ask which report is meant."""
    if value == LEAVE:
        grouped = choices(turn.desk.own())
        return Reply(
            text="Welke melding hoort er niet bij?"
            if grouped
            else "Geen van je open meldingen hoort bij andere meldingen.",
            choices=(*grouped, _FOLLOW),
            topic="knelpunt/status",
        )
    found = _VALUE.fullmatch(value)
    if found is None:
        return Reply(text="Die knop werkt niet meer. Typ je vraag.")
    reference, number = found[1], int(found[2])
    try:
        turn.desk.leave_group(reference, number)
    except LookupError:
        return Reply(
            text=f"Je melding {reference} hoort daar al niet meer bij.",
            choices=(_FOLLOW,),
            reference=reference,
        )
    report = next((one for one in turn.desk.own() if one.reference == reference), None)
    status = f" Status: {LABELS[report.status]}." if report is not None else ""
    return Reply(
        text=f"Goed, je melding {reference} staat weer op zichzelf.{status}",
        choices=(_FOLLOW,),
        topic="knelpunt/status",
        reference=reference,
    )
