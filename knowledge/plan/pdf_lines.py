"""The lines of a page of a pdf: where they stand, how large, and if they are bold."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pypdf import PageObject

from knowledge.plan.sections import squeezed

# a letter is about this wide, in its own height; pdf files do not tell without their fonts
LETTER_WIDTH = 0.45
_BOLD = ("bold", "black", "heavy", "semibold", "demi")


@dataclass(frozen=True)
class Line:
    """A line as it was written; `y` grows upwards, both in points."""

    text: str
    x: float
    y: float
    size: float
    is_bold: bool
    page: int

    @property
    def right(self) -> float:
        """About where it ends."""
        return self.x + len(self.text) * self.size * LETTER_WIDTH


@dataclass(frozen=True)
class _Piece:
    text: str
    x: float
    y: float
    size: float
    is_bold: bool


def lines_of(page: PageObject, number: int) -> list[Line]:
    """The lines of a page, in the order in which they were written, cell after cell."""
    pieces: list[_Piece] = []

    def visit(
        text: str,
        user: Sequence[float],
        matrix: Sequence[float],
        font: Mapping[str, Any] | None,
        size: float,
    ) -> None:
        if not text.strip():
            if pieces and text and not text.strip("\n "):
                pieces.append(_Piece(text, pieces[-1].x, pieces[-1].y, 0, False))
            return
        x = matrix[4] * user[0] + matrix[5] * user[2] + user[4]
        y = matrix[4] * user[1] + matrix[5] * user[3] + user[5]
        height = abs(matrix[3] * user[3]) or abs(matrix[1] * user[1]) or 1.0
        name = str((font or {}).get("/BaseFont", "")).casefold()
        bold = any(word in name for word in _BOLD)
        for part in text.split("\n"):
            if part.strip():
                pieces.append(_Piece(part, x, y, abs(size) * height, bold))

    page.extract_text(visitor_text=visit)
    return list(_joined(pieces, number))


def _joined(pieces: Iterable[_Piece], number: int) -> Iterable[Line]:
    """Pieces on one height, each to the right of the one before, as lines; columns stay apart."""
    current: list[_Piece] = []
    for piece in pieces:
        if not piece.text.strip():
            if current:
                current.append(piece)
            continue
        if current and not _goes_on(current, piece):
            yield _line(current, number)
            current = []
        current.append(piece)
    if current:
        yield _line(current, number)


def _goes_on(current: Sequence[_Piece], piece: _Piece) -> bool:
    last = next(one for one in reversed(current) if one.text.strip())
    if abs(last.y - piece.y) > 0.35 * max(last.size, piece.size):
        return False
    end = last.x + len(last.text.rstrip()) * last.size * LETTER_WIDTH
    is_bullet = len(last.text.strip()) == 1 and current[0] is last
    gap = 4.0 if is_bullet else 1.8
    return last.x <= piece.x <= end + gap * max(last.size, piece.size)


def _line(pieces: Sequence[_Piece], number: int) -> Line:
    filled = [piece for piece in pieces if piece.text.strip()]
    return Line(
        squeezed("".join(piece.text.replace("\n", " ") for piece in pieces)),
        filled[0].x,
        filled[0].y,
        round(max(piece.size for piece in filled), 1),
        all(piece.is_bold for piece in filled if len(piece.text.strip()) > 1) and filled[0].is_bold,
        number,
    )
