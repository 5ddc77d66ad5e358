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

# as the regional organisation reads it
DESK_LABELS = {
    Status.NEW: "nieuw",
    Status.IN_PROGRESS: "in behandeling",
    Status.WAITING: "wacht op reactie",
    Status.FORWARDED: "doorgezet",
    Status.SOLVED: "opgelost",
    Status.REJECTED: "afgewezen",
    Status.WITHDRAWN: "ingetrokken",
    Status.REOPENED: "heropend",
}

# to whom a report can be forwarded
ORGANISATIONS = {"roaz": "ROAZ", "verzekeraar": "zorgverzekeraar", "lhv": "LHV"}

_WAYS_OUT = frozenset({Status.FORWARDED, Status.SOLVED, Status.REJECTED, Status.WITHDRAWN})

MOVES: dict[Status, frozenset[Status]] = {
    Status.NEW: _WAYS_OUT | {Status.IN_PROGRESS, Status.WAITING},
    Status.IN_PROGRESS: _WAYS_OUT | {Status.WAITING},
    Status.WAITING: _WAYS_OUT | {Status.IN_PROGRESS},
    Status.FORWARDED: _WAYS_OUT - {Status.FORWARDED} | {Status.IN_PROGRESS, Status.WAITING},
    Status.SOLVED: frozenset({Status.REOPENED}),
    Status.REJECTED: frozenset({Status.REOPENED}),
    Status.WITHDRAWN: frozenset(),
    Status.REOPENED: _WAYS_OUT | {Status.IN_PROGRESS, Status.WAITING},
}

OPEN = frozenset(status for status, moves in MOVES.items() if Status.WITHDRAWN in moves)

REOPENABLE = frozenset(status for status, moves in MOVES.items() if Status.REOPENED in moves)
# it is the regional organisation's turn: a deadline holds
ITS_TURN = OPEN - {Status.WAITING, Status.FORWARDED}


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
