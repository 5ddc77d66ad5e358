"""The life of a report: which state may follow which."""

import pytest

from bottlenecks.workflow import LABELS, MOVES, OPEN, MoveNotAllowedError, Status, require_move


def test_every_state_has_moves_and_a_label() -> None:
    assert set(MOVES) == set(Status) == set(LABELS)


@pytest.mark.parametrize(
    "status",
    [Status.NEW, Status.IN_PROGRESS, Status.WAITING, Status.FORWARDED, Status.REOPENED],
)
def test_open_report_can_be_solved_rejected_or_withdrawn(status: Status) -> None:
    assert status in OPEN
    for wanted in (Status.SOLVED, Status.REJECTED, Status.WITHDRAWN):
        require_move(status, wanted)


@pytest.mark.parametrize("status", [Status.SOLVED, Status.REJECTED])
def test_closed_report_can_only_be_reopened(status: Status) -> None:
    assert status not in OPEN
    require_move(status, Status.REOPENED)
    for wanted in set(Status) - {Status.REOPENED}:
        with pytest.raises(MoveNotAllowedError):
            require_move(status, wanted)


@pytest.mark.parametrize("wanted", list(Status))
def test_withdrawn_is_the_end(wanted: Status) -> None:
    with pytest.raises(MoveNotAllowedError, match=f"from ingetrokken to {wanted.value}"):
        require_move(Status.WITHDRAWN, wanted)


@pytest.mark.parametrize("status", list(Status))
def test_no_state_follows_itself_and_nothing_becomes_new_again(status: Status) -> None:
    assert status not in MOVES[status]
    assert Status.NEW not in MOVES[status]
