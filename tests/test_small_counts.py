"""What leaves the organisation shows no count of fewer than five practices, nor gives it away."""

from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bottlenecks.small_counts import FEWEST, SIGN, Published, is_small, published, published_parts


@dataclass(frozen=True)
class Part:
    reports: int
    practices: int


def shown_of(parts: list[Part], same: bool = False) -> list[Published]:
    """Parts of other practices each, or as far as possible of the same ones."""

    def together(places: Sequence[int]) -> int:
        practices = [parts[place].practices for place in places]
        return max(practices) if same else sum(practices)

    return published_parts(parts, together)


def texts(parts: list[Part], same: bool = False) -> list[str]:
    return [one.reports_text for one in shown_of(parts, same)]


def test_a_small_one_is_hidden_with_the_smallest_of_the_others() -> None:
    assert texts([Part(40, 20), Part(9, 6), Part(12, 8), Part(3, 2)]) == ["40", SIGN, "12", SIGN]


def test_practices_are_hidden_together_with_reports() -> None:
    [big, small, other] = shown_of([Part(30, 10), Part(4, 1), Part(10, 5)])
    assert (big.practices, big.practices_text) == (10, "10")
    assert small.practices is None and small.practices_text == SIGN
    assert other.reports is None and other.practices is None


def test_many_reports_of_few_practices_are_hidden() -> None:
    assert texts([Part(90, 4), Part(60, 30), Part(70, 30)]) == [SIGN, SIGN, "70"]


def test_two_small_ones_of_five_practices_together_hide_nothing_else() -> None:
    assert texts([Part(40, 20), Part(9, 6), Part(4, 3), Part(3, 2)]) == ["40", "9", SIGN, SIGN]


def test_two_small_ones_of_the_same_practices_hide_one_more() -> None:
    parts = [Part(40, 20), Part(9, 6), Part(4, 3), Part(3, 2)]
    assert texts(parts, same=True) == ["40", SIGN, SIGN, SIGN]


def test_five_practices_are_shown() -> None:
    assert texts([Part(5, 5), Part(6, 5)]) == ["5", "6"]


def test_nothing_at_all_is_shown_and_hides_nothing() -> None:
    assert texts([Part(0, 0), Part(8, 6), Part(9, 7)]) == ["0", "8", "9"]
    assert texts([]) == []


def test_what_does_not_add_up_is_hidden_by_itself() -> None:
    shown = published([Part(40, 20), Part(3, 2), Part(8, 5)])
    assert [one.reports_text for one in shown] == ["40", SIGN, "8"]


def test_all_of_few_practices_is_all_hidden() -> None:
    assert texts([Part(3, 2), Part(1, 1)]) == [SIGN, SIGN]
    assert is_small(Part(4, 3)) and not is_small(Part(0, 0)) and not is_small(Part(5, 5))


@pytest.mark.parametrize("parts", [[Part(3, 2)], [Part(3, 2), Part(0, 0)], [Part(7, 3)]])
def test_a_table_of_one_small_count_is_hidden(parts: list[Part]) -> None:
    assert texts(parts)[0] == SIGN


# of each report of a table: in which line it stands, and of which practice it is
REPORTS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 8)), max_size=60)


@given(REPORTS)
def test_what_is_hidden_is_of_five_practices_or_is_all_there_is(
    reports: list[tuple[int, int]],
) -> None:
    lines = [[practice for line, practice in reports if line == wanted] for wanted in range(6)]
    shown = published_parts(
        [Part(len(line), len(set(line))) for line in lines],
        lambda places: len({practice for place in places for practice in lines[place]}),
    )
    for line, one in zip(lines, shown, strict=True):
        assert one.reports in (None, len(line))
        assert one.reports is None or not line or len(set(line)) >= FEWEST
    # anybody can take what is shown from the total: that must be no small count either
    behind = [
        practice
        for line, one in zip(lines, shown, strict=True)
        for practice in line
        if one.reports is None
    ]
    assert not behind or len(set(behind)) >= FEWEST or len(behind) == len(reports)
    # and one line by itself is found so only if it is all there is
    hidden = [line for line, one in zip(lines, shown, strict=True) if one.reports is None]
    assert len(hidden) != 1 or len(hidden[0]) == len(reports)
