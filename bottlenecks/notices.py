"""What a reporter is told in their chat about a report: plain words, and what they can do."""

from dataclasses import dataclass
from enum import StrEnum

from bottlenecks.workflow import OPEN, ORGANISATIONS, REOPENABLE, Status


class NoticeAction(StrEnum):
    """What a reporter can do with a notice."""

    REACT = "reageren"
    REOPEN = "heropenen"
    STATUS = "status"


@dataclass(frozen=True)
class Notice:
    """A message to one account; `reference` is the report that it is about, if any."""

    text: str
    reference: str | None = None
    actions: tuple[NoticeAction, ...] = ()


# the moves that a reporter is told of, where they wanted an answer
_MOVED = {
    Status.IN_PROGRESS: "Je regio-organisatie (RHO) is bezig met je melding {reference}.",
    Status.WAITING: "Je regio-organisatie (RHO) wacht op een reactie van jou bij je melding "
    "{reference}.",
    Status.FORWARDED: "Je melding {reference} is doorgezet naar: {organisation}. Je "
    "regio-organisatie (RHO) houdt je hier op de hoogte.",
    Status.SOLVED: "Je melding {reference} is afgerond: opgelost.",
    Status.REJECTED: "Je regio-organisatie (RHO) neemt je melding {reference} niet in behandeling.",
    Status.REOPENED: "Je melding {reference} is opnieuw geopend.",
}


def report_notice(
    reference: str,
    *,
    reply: str | None,
    status: Status,
    moved: bool,
    organisation: str | None = None,
    also: str = "",
) -> Notice | None:
    """What a reporter is told when an officer replied, moved the report, or both at once.

    Args:
        reference: such as KP-2026-0001.
        reply: what the officer wrote, if anything.
        status: the state that the report is in now.
        moved: whether it came into that state just now.
        organisation: to whom it was forwarded.
        also: what else is told, before what the reporter can do.

    Returns:
        None when there is nothing to tell.
    """
    parts = []
    if moved and status in _MOVED:
        name = ORGANISATIONS.get(organisation or "", "een andere organisatie")
        parts.append(_MOVED[status].format(reference=reference, organisation=name))
    if reply:
        about = "" if parts else f" over je melding {reference}"
        parts.append(f"Antwoord van je regio-organisatie (RHO){about}:\n{reply}")
    if not parts:
        return None
    if also:
        parts.append(also)
    actions = [NoticeAction.STATUS]
    if status in REOPENABLE:
        solved = status is Status.SOLVED
        question = "Is het niet opgelost?" if solved else "Ben je het er niet mee eens?"
        parts.append(f'{question} Kies "Heropenen".')
        actions.insert(0, NoticeAction.REOPEN)
    elif status in OPEN and (reply or status is Status.WAITING):
        parts.append('Wil je iets terugzeggen? Kies "Reageren".')
        actions.insert(0, NoticeAction.REACT)
    return Notice("\n\n".join(parts), reference, tuple(actions))
