"""Sees what the lines of a pdf are by how they look: headings, paragraphs, points, tables."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from statistics import median

from knowledge.plan.from_text import table_blocks
from knowledge.plan.model import Block, Kind
from knowledge.plan.pdf_lines import Line
from knowledge.plan.pdf_tables import Row, flow
from knowledge.plan.phases import phases_in
from knowledge.plan.sections import (
    BULLET,
    folded,
    is_contents_line,
    may_be_heading,
    number_level,
    squeezed,
)

_BROKEN_WORD = re.compile(r"(?<=[a-zà-ÿ])-$")
# a line that is this much larger than the other ones is a heading
LARGER = 1.1
BOLD_LEVEL = 7


class Layout:
    """Sees what lines are by how they look."""

    def __init__(self, lines: Sequence[Line], outline: Mapping[str, int], height: float) -> None:
        """`outline` has titles with their levels, of the pdf itself; `height` is of a page."""
        self._parts = list(flow(lines, height))
        self._outline = outline
        text = [part for part in self._parts if isinstance(part, Line)] or list(lines)
        sizes: Counter[float] = Counter()
        for line in text:
            sizes[line.size] += len(line.text)
        self._body = sizes.most_common(1)[0][0] if sizes else 10.0
        self._right = max((line.right for line in text if line.size <= self._body), default=0.0)
        gaps = [
            above.y - below.y
            for above, below in zip(text, text[1:], strict=False)
            if above.page == below.page
            and above.size == below.size == self._body
            and 0 < above.y - below.y < 3 * self._body
        ]
        self._pitch = median(gaps) if gaps else 1.3 * self._body
        self._level_of_look = self._levels(text)

    def blocks(self) -> Iterator[Block]:
        """What the lines are, in order."""
        rows: list[Row] = []
        lines: list[Line] = []
        for part in self._parts:
            if isinstance(part, Row):
                yield from self._running(lines)
                lines = []
                rows.append(part)
            else:
                yield from self._table(rows)
                rows = []
                lines.append(part)
        yield from self._running(lines)
        yield from self._table(rows)

    def _running(self, lines: Sequence[Line]) -> Iterator[Block]:
        """Headings, paragraphs and points among lines that stand below each other."""
        paragraph: list[Line] = []
        heading: list[Line] = []
        for line in lines:
            if heading and self._same_heading(heading[-1], line):
                heading.append(line)
                continue
            if heading:
                yield self._heading(heading)
                heading = []
            is_heading = self._is_heading(line)
            if paragraph and (is_heading or self._begins(paragraph[-1], line)):
                yield _paragraph(paragraph)
                paragraph = []
            (heading if is_heading else paragraph).append(line)
        if heading:
            yield self._heading(heading)
        if paragraph:
            yield _paragraph(paragraph)

    def _is_heading(self, line: Line) -> bool:
        if is_contents_line(line.text) and folded(line.text) not in self._outline:
            return False
        if folded(line.text) in self._outline:
            return True
        if not may_be_heading(line.text):
            return False
        return self._stands_out(line) or number_level(line.text) > 1

    def _stands_out(self, line: Line) -> bool:
        return line.size >= LARGER * self._body or (line.is_bold and line.size >= 0.95 * self._body)

    def _same_heading(self, above: Line, line: Line) -> bool:
        """The second line of a heading that did not fit on one."""
        return (
            above.page == line.page
            and (above.size, above.is_bold) == (line.size, line.is_bold)
            and above.y - line.y < 1.45 * line.size
            and not number_level(line.text)
            and folded(above.text) not in self._outline
            and self._stands_out(line)
            and above.right > 0.5 * self._right
        )

    def _heading(self, lines: Sequence[Line]) -> Block:
        text = _joined(lines)
        look = (lines[0].size, lines[0].is_bold)
        plain = self._level_of_look[look]
        if plain == BOLD_LEVEL and phases_in(text):
            plain -= 1  # the other headings that look like it stand under a phase
        level = number_level(text) or self._outline.get(folded(text)) or plain
        return Block(Kind.HEADING, text, level=level, page=lines[0].page)

    def _levels(self, lines: Sequence[Line]) -> Counter[tuple[float, bool]]:
        """The level of headings that look so, from numbered ones and else from their size."""
        headings = [line for line in lines if self._is_heading(line)]
        looks = sorted({(line.size, line.is_bold) for line in headings}, reverse=True)
        levels: Counter[tuple[float, bool]] = Counter()
        for place, look in enumerate(looks, start=1):
            numbers = [
                level
                for line in headings
                if (line.size, line.is_bold) == look and (level := number_level(line.text))
            ]
            plain = place if look[0] >= LARGER * self._body else BOLD_LEVEL
            levels[look] = min(numbers) if numbers and look[0] >= LARGER * self._body else plain
        return levels

    def _begins(self, above: Line, line: Line) -> bool:
        """Whether a line begins a new paragraph."""
        if BULLET.match(line.text) or re.match(r"\d{1,2}[.)]\s", line.text):
            return True
        ended = bool(re.search(r"[.!?:;][\"'”’)]*$", above.text))
        if above.page != line.page:
            return ended or not line.text[:1].islower()
        if above.y - line.y > 1.35 * max(self._pitch, line.size) or line.y > above.y:
            return True
        if abs(above.size - line.size) > 0.5:
            return True
        return ended and above.right < 0.7 * self._right

    @staticmethod
    def _table(rows: Sequence[Row]) -> Iterator[Block]:
        texts = [[_joined(cell) for cell in row.cells] for row in rows]
        for start, stop in _tables(texts):
            part = texts[start:stop]
            cells = rows[start].cells
            bold = all(line.is_bold for cell in cells for line in cell)
            short = all(len(text) <= 40 for text in part[0])
            header = len(part) > 1 and short and (bold or (len(part) > 2 and len(part[0]) > 2))
            yield from table_blocks(part, page=cells[0][0].page, has_header=header)


def _tables(texts: Sequence[Sequence[str]]) -> Iterator[tuple[int, int]]:
    """Rows that follow each other are one table, until the header of it comes again."""
    start = 0
    for index in range(1, len(texts) + 1):
        if index == len(texts):
            yield start, index
        elif list(texts[index]) == list(texts[start]):
            yield start, index
            start = index


def _paragraph(lines: Sequence[Line]) -> Block:
    text = _joined(lines)
    if BULLET.match(text):
        return Block(Kind.ITEM, BULLET.sub("", text, count=1), page=lines[0].page)
    return Block(Kind.TEXT, text, page=lines[0].page)


def _joined(lines: Sequence[Line]) -> str:
    """The lines as one text; a word that was broken off at the end of a line is whole again."""
    text = ""
    for line in lines:
        if _BROKEN_WORD.search(text) and re.match(r"(?!en\b|of\b)[a-zà-ÿ]", line.text):
            text = text[:-1] + line.text
        else:
            text = f"{text} {line.text}" if text else line.text
    return squeezed(text)
