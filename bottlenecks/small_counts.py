"""Which counts are not shown outside the organisation, because they could point at a practice.

A count of fewer than five practices is hidden. Where the counts of a table add up to a total, what
is hidden can be computed together: where that would be one count, or of fewer than five practices,
a count of five practices or more is hidden as well, under the same sign, so that nobody can tell
which of them was the small one.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

FEWEST = 5
SIGN = "verborgen"
EXPLANATION = (
    "Een aantal van minder dan vijf praktijken is verborgen. Soms is er een groter aantal bij "
    "verborgen, omdat het kleine anders is uit te rekenen. Anonieme meldingen tellen samen als één "
    "praktijk."
)
# of how many practices the parts at these places are together
Together = Callable[[Sequence[int]], int]


class Counted(Protocol):
    """So many reports of so many practices."""

    @property
    def reports(self) -> int:
        """How many reports."""

    @property
    def practices(self) -> int:
        """Of how many practices."""


@dataclass(frozen=True)
class Published:
    """A count as it may leave the organisation; None: hidden."""

    reports: int | None
    practices: int | None

    @property
    def reports_text(self) -> str:
        """The number of reports, or the sign that it is hidden."""
        return SIGN if self.reports is None else str(self.reports)

    @property
    def practices_text(self) -> str:
        """The number of practices, or the sign that it is hidden."""
        return SIGN if self.practices is None else str(self.practices)


def is_small(count: Counted) -> bool:
    """Whether a count is of fewer than five practices; nothing at all points at nobody.

    For a median over reports too: ask it of the reports that it is over.
    """
    return count.reports > 0 and count.practices < FEWEST


def published(counts: Iterable[Counted]) -> list[Published]:
    """Counts that do not add up to anything that is shown: each by itself."""
    return [_published(count, is_small(count)) for count in counts]


def published_parts(parts: Sequence[Counted], together: Together) -> list[Published]:
    """The counts of a table that add up to a total which is shown.

    Groups add up to the total with what is in none of them (`Figures.outside`): give that too.
    What is hidden together is of five practices or more, or is all there is: so its sum, which
    anybody can compute, says nothing about fewer.
    """
    hidden = {place for place, part in enumerate(parts) if is_small(part)}
    shown = [place for place, part in enumerate(parts) if part.reports and place not in hidden]
    if hidden and shown and (len(hidden) == 1 or together(sorted(hidden)) < FEWEST):
        # the smallest of them takes least away
        hidden.add(min(shown, key=lambda place: parts[place].reports))
    return [_published(part, place in hidden) for place, part in enumerate(parts)]


def published_lines(
    names: Iterable[str], parts: Sequence[Counted], together: Together, *, is_ranked: bool
) -> list[tuple[str, Published]]:
    """The lines of such a table with their names.

    Where the order says which is more (`is_ranked`), what is hidden comes last, by name: else its
    place would tell which of them was the small one.
    """
    lines = list(zip(names, published_parts(parts, together), strict=True))
    if not is_ranked:
        return lines
    shown = [line for line in lines if line[1].reports is not None]
    hidden = [line for line in lines if line[1].reports is None]
    return shown + sorted(hidden, key=lambda line: line[0])


def _published(count: Counted, is_hidden: bool) -> Published:
    return Published(None, None) if is_hidden else Published(count.reports, count.practices)
