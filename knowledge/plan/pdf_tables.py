"""Finds the rows of tables among the lines of a pdf, which knows no tables.

Text flows down. A line that stands to the right of the one before, and not lower, is the next
cell of a row; one that is back at the left begins another row, or ends the table.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from knowledge.plan.pdf_lines import Line
from knowledge.plan.sections import BULLET

# what is higher than this part of a page is a column of text, no row
MAX_ROW_HEIGHT = 0.6


@dataclass(frozen=True)
class Row:
    """The cells of a row, each with its lines."""

    cells: tuple[tuple[Line, ...], ...]

    @property
    def is_flat(self) -> bool:
        """Whether all of it stands on one height."""
        lines = [line for cell in self.cells for line in cell]
        return max(one.y for one in lines) - min(one.y for one in lines) < 0.6 * lines[0].size

    @property
    def begins_with_bullet(self) -> bool:
        """Whether it is a point of a list, not a row."""
        return bool(BULLET.match(f"{self.cells[0][0].text} x"))

    @property
    def as_line(self) -> Line:
        """A flat row as the line that it is."""
        lines = [line for cell in self.cells for line in cell]
        text = " ".join(line.text for line in lines)
        return replace(lines[0], text=text, is_bold=all(line.is_bold for line in lines))


def flow(lines: Sequence[Line], page_height: float) -> Iterator[Line | Row]:
    """The lines in order, with rows of tables where lines stand beside each other."""
    parts = list(_parts(lines, page_height))
    for index, part in enumerate(parts):
        beside = parts[max(index - 1, 0) : index] + parts[index + 1 : index + 2]
        if (
            isinstance(part, Row)
            and part.is_flat
            and (part.begins_with_bullet or not any(_aligned(part, one) for one in beside))
        ):
            yield part.as_line  # a sentence in which the font changes
        else:
            yield part


def _aligned(row: Row, other: Line | Row) -> bool:
    """Whether two rows have a column, other than the first, at the same place."""
    if isinstance(other, Line):
        return False
    places = [cell[0].x for cell in other.cells[1:]]
    return any(abs(cell[0].x - place) < 2 for cell in row.cells[1:] for place in places)


def _parts(lines: Sequence[Line], page_height: float) -> Iterator[Line | Row]:
    cells: list[list[Line]] = []
    for line in lines:
        if cells and _is_next_cell(cells[-1], line):
            if len(cells) == 1:
                before, first = _split(cells[0], line)
                yield from before
                cells = [first]
            cells.append([line])
        elif cells and _is_below(cells, line):
            cells[-1].append(line)
        else:
            yield from _finished(cells, page_height)
            cells = [[line]]
    yield from _finished(cells, page_height)


def _is_next_cell(cell: Sequence[Line], line: Line) -> bool:
    last = cell[-1]
    return (
        line.page == last.page
        and line.x > min(one.x for one in cell) + line.size
        and line.y > last.y - 0.5 * line.size
    )


def _is_below(cells: Sequence[Sequence[Line]], line: Line) -> bool:
    """Whether a line goes on in the cell that was written last."""
    last = cells[-1][-1]
    if len(cells) == 1:
        return line.page == last.page and line.y < last.y
    return (
        line.page == last.page
        and line.y < last.y
        and line.x > cells[0][0].x + line.size
        and abs(line.x - cells[-1][0].x) < 2.5 * line.size
        and last.y - line.y < 2.5 * line.size
    )


def _split(lines: Sequence[Line], next_cell: Line) -> tuple[list[Line], list[Line]]:
    """Lines above a table, and those that are its first cell: narrow, and close together."""
    beside = [
        index
        for index, line in enumerate(lines)
        if abs(line.y - next_cell.y) < 0.5 * line.size and line.right < next_cell.x + line.size
    ]
    if beside:
        return list(lines[: beside[-1]]), list(lines[beside[-1] :])
    start = len(lines) - 1
    while start > 0:
        above, below = lines[start - 1], lines[start]
        if above.right > next_cell.x or above.y - below.y > 2.2 * below.size:
            break
        if abs(above.x - below.x) > 1 or above.is_bold != below.is_bold:
            break
        if above.y > next_cell.y + 4 * below.size:
            break
        start -= 1
    return list(lines[:start]), list(lines[start:])


def _finished(cells: Sequence[Sequence[Line]], page_height: float) -> Iterator[Line | Row]:
    if not cells:
        return
    lines = [line for cell in cells for line in cell]
    tall = max(line.y for line in lines) - min(line.y for line in lines)
    if len(cells) == 1 or tall > MAX_ROW_HEIGHT * page_height:
        yield from lines
    else:
        yield Row(tuple(tuple(cell) for cell in cells))
