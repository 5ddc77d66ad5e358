"""The life of a report: its states, and the moves that are allowed between them."""

from enum import StrEnum


class Status(StrEnum):
    """State of a report; the value is stored, `LABELS` is shown."""

    NEW = "nieuw"
    IN_PROGRESS = "in-behandeling"
    WAITING = "wacht-op-reactie"
    FORWARDED = "doorgezet"
    SOLVED = "opgelost"
    REJECTED = "afgewezen"
    WITHDRAWN = "ingetrokken"
    REOPENED = "heropend"


LABELS = {
    Status.NEW: "nieuw, nog niet bekeken",
    Status.IN_PROGRESS: "in behandeling",
    Status.WAITING: "wacht op reactie",
    Status.FORWARDED: "doorgezet naar een andere organisatie",
    Status.SOLVED: "opgelost",
    Status.REJECTED: "afgewezen",
    Status.WITHDRAWN: "ingetrokken door jou",
    Status.REOPENED: "opnieuw geopend",
}

MOVES: dict[Status, frozenset[Status]] = {
    Status.NEW: frozenset(
        {Status.IN_PROGRESS, Status.FORWARDED, Status.SOLVED, Status.REJECTED, Status.WITHDRAWN}
    ),
    Status.IN_PROGRESS: frozenset(
        {Status.WAITING, Status.FORWARDED, Status.SOLVED, Status.REJECTED, Status.WITHDRAWN}
    ),
    Status.WAITING: frozenset(
        {Status.IN_PROGRESS, Status.FORWARDED, Status.SOLVED, Status.REJECTED, Status.WITHDRAWN}
    ),
    Status.FORWARDED: frozenset(
        {Status.IN_PROGRESS, Status.WAITING, Status.SOLVED, Status.REJECTED, Status.WITHDRAWN}
    ),
    Status.SOLVED: frozenset({Status.REOPENED}),
    Status.REJECTED: frozenset({Status.REOPENED}),
    Status.WITHDRAWN: frozenset(),
    Status.REOPENED: frozenset(
        {Status.IN_PROGRESS, Status.FORWARDED, Status.SOLVED, Status.REJECTED, Status.WITHDRAWN}
    ),
}

OPEN = frozenset(status for status, moves in MOVES.items() if Status.WITHDRAWN in moves)


class MoveNotAllowedError(ValueError):
    """A report cannot go from its state to the one asked for."""

    def __init__(self, current: Status, wanted: Status) -> None:
        super().__init__(f"a report cannot go from {current.value} to {wanted.value}")
        self.current = current
        self.wanted = wanted


def require_move(current: Status, wanted: Status) -> None:
    """Check that `wanted` may follow `current`.

    Raises:
        MoveNotAllowedError: it may not.
    """
    if wanted not in MOVES[current]:
        raise MoveNotAllowedError(current, wanted)
