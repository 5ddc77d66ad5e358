"""Reads a plan that is plain text or Markdown."""

import re
from collections.abc import Iterator, Sequence

from knowledge.plan.model import Block, Document, Kind, PlanError
from knowledge.plan.sections import (
    BULLET,
    MAX_LABEL_CHARS,
    is_contents_line,
    may_be_heading,
    number_level,
    squeezed,
)

UNREADABLE = "Dit bestand is geen gewone tekst. Sla het plan op als Word (.docx) of als pdf."
# a line that is this long was not broken off to fit: then every line is a paragraph
LONG_LINE = 160
_HASHES = re.compile(r"^(#{1,6})\s+(.*?)\s*#*\s*$")
_UNDERLINE = re.compile(r"^\s*(=+|-{3,})\s*$")
_TABLE_RULE = re.compile(r"^\s*\|?(?:\s*:?-{2,}:?\s*\|)+\s*:?-*:?\s*\|?\s*$")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_EMPHASIS = re.compile(r"(\*\*|__|`)(\S.*?)\1")
_POINT = re.compile(r"^\s*\d{1,2}[.)]\s+(?=\S)")
MIN_CELLS = 3
_NUMBER = re.compile(r"\d{1,2}(?:\.\d{1,2})?[a-z]?[.:)]?(?=\s)")
MAX_PLAIN_HEADING_WORDS = 9


def read(content: bytes) -> Document:
    """The headings, paragraphs, list items and rows of tables of a text.

    Raises:
        PlanError: this is no text.
    """
    return Document(tuple(_Lines(_decoded(content)).blocks()))


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        strange = sum(not char.isprintable() and char not in "\n\r\t\f\v" for char in text)
        if strange > len(text) / 200:
            break
        return text
    raise PlanError(UNREADABLE)


class _Lines:
    """Walks over the lines of a text."""

    def __init__(self, text: str) -> None:
        self._lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").split("\n")
        lengths = [len(line) for line in self._lines if line.strip()]
        self._line_is_paragraph = sum(length > LONG_LINE for length in lengths) * 10 > len(lengths)
        self._paragraph: list[str] = []
        self._kind = Kind.TEXT

    def blocks(self) -> Iterator[Block]:
        """What the lines are, in order."""
        index = 0
        while index < len(self._lines):
            line = self._lines[index]
            if line.startswith("\t") and self._cells(index)[0]:
                yield from self._finished()
                table, index = self._tabbed_table(index)
                yield from table_blocks(table, has_header=True)
                continue
            if line.lstrip().startswith("|"):
                yield from self._finished()
                table = self._piped_table(index)
                yield from table_blocks(table)
                index += self._piped_height(index)
                continue
            yield from self._line(index)
            index += 1
        yield from self._finished()

    def _line(self, index: int) -> Iterator[Block]:
        line = self._lines[index]
        text = _plain(line)
        hashes = _HASHES.match(line)
        if not text or re.fullmatch(r"[-*_=\s]+", text):
            yield from self._finished()
        elif hashes:
            yield from self._finished()
            yield Block(Kind.HEADING, _plain(hashes[2]), level=len(hashes[1]))
        elif self._is_heading(index, text):
            yield from self._finished()
            yield Block(Kind.HEADING, text, level=number_level(text) or 7)
        elif BULLET.match(line) or _POINT.match(line):
            yield from self._finished()
            self._kind = Kind.ITEM
            self._paragraph = [BULLET.sub("", text, count=1)]
        elif self._kind is Kind.ITEM and self._paragraph and line.startswith((" ", "\t")):
            # what stands in under a point goes with it
            end = "" if self._paragraph[-1].endswith((".", ":", ",", ";", "?")) else ":"
            self._paragraph[-1] += end if may_be_heading(self._paragraph[-1]) else ""
            self._paragraph.append(text)
        else:
            if self._line_is_paragraph:
                yield from self._finished()
            self._paragraph.append(text)

    def _finished(self) -> Iterator[Block]:
        if self._paragraph:
            yield Block(self._kind, squeezed(" ".join(self._paragraph)))
        self._paragraph, self._kind = [], Kind.TEXT

    def _is_heading(self, index: int, text: str) -> bool:
        if self._underlined(index):
            return True
        if not may_be_heading(text) or is_contents_line(text):
            return False
        before = self._lines[index - 1].strip() if index else ""
        after = self._lines[index + 1].strip() if index + 1 < len(self._lines) else ""
        if self._line_is_paragraph:
            # a short line between paragraphs, with something under it
            under = next((line for line in self._lines[index + 1 :] if line.strip()), "")
            short = number_level(text) > 0 or len(text.split()) <= MAX_PLAIN_HEADING_WORDS
            announces = text.endswith(":") and BULLET.match(under) is not None
            return (
                bool(under)
                and short
                and not announces
                and not self._lines[index].startswith(("  ", "\t"))
            )
        return not before and (not after or number_level(text) > 1)

    def _underlined(self, index: int) -> bool:
        after = self._lines[index + 1] if index + 1 < len(self._lines) else ""
        return bool(_UNDERLINE.match(after)) and after.strip()[0] == "="

    def _tabbed_table(self, index: int) -> tuple[list[list[str]], int]:
        """A table of which a converter wrote the cells one below the other, each after a tab.

        The first row tells how many there are in a row.
        """
        row, index = self._cells(index)
        columns, table = len(row), [row]
        row = []
        while index < len(self._lines):
            if not self._lines[index].strip() and index + 1 < len(self._lines):
                index += 1
            if not self._lines[index].startswith("\t"):
                break
            more, index = self._cells(index, least=1)
            row += more
            if len(row) >= columns:
                table.append(row)
                row = []
        return [*table, row] if row else table, index

    def _cells(self, index: int, least: int = MIN_CELLS) -> tuple[list[str], int]:
        """The cells up to the next empty line, and where that is; none when there are too few."""
        cells: list[str] = []
        while index < len(self._lines) and self._lines[index] != "":
            line = self._lines[index]
            if line.startswith("\t"):
                cells.append(_plain(line))
            elif cells:
                cells[-1] = f"{cells[-1]} {_plain(line)}".strip()
            index += 1
        return (cells if len(cells) >= least else []), index

    def _piped_height(self, index: int) -> int:
        height = 0
        while index + height < len(self._lines) and self._lines[index + height].lstrip()[:1] == "|":
            height += 1
        return height

    def _piped_table(self, index: int) -> list[list[str]]:
        lines = self._lines[index : index + self._piped_height(index)]
        return [
            [_plain(cell) for cell in line.strip().strip("|").split("|")]
            for line in lines
            if not _TABLE_RULE.match(line)
        ]


def table_blocks(
    rows: Sequence[Sequence[str]], *, page: int | None = None, has_header: bool = True
) -> Iterator[Block]:
    """The rows of a table; the names of the columns go with what stands under them."""
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    if not filled:
        return
    header: Sequence[str] = ()
    if has_header and len(filled) > 1:
        header, filled = filled[0], filled[1:]
    for row in filled:
        yield Block(Kind.ROW, _joined(row, header), label=_row_label(row), page=page)


def _joined(cells: Sequence[str], header: Sequence[str] = ()) -> str:
    parts = []
    for index, cell in enumerate(cells):
        cell = squeezed(cell)
        if cell:
            name = squeezed(header[index]) if len(header) == len(cells) else ""
            parts.append(f"{name}: {cell}" if name and name != cell else cell)
    return " | ".join(parts)


def _row_label(cells: Sequence[str]) -> str:
    first = squeezed(next((cell for cell in cells if cell.strip()), ""))
    if len(first) > MAX_LABEL_CHARS:
        found = _NUMBER.match(first)
        first = found[0] if found else ""
    return first.rstrip(".:) ")


def _plain(line: str) -> str:
    """The line without the signs of Markdown."""
    return squeezed(_EMPHASIS.sub(r"\2", _LINK.sub(r"\1", line)).replace("**", ""))
