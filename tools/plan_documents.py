"""Makes Word and pdf files of plans, as regions make them, to try the reading of plans on."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import docx
from docx.document import Document
from fpdf import FPDF
from fpdf.enums import XPos, YPos

FONTS = Path("/usr/share/fonts/truetype/liberation")
FONT = "LiberationSans"


@dataclass(frozen=True)
class Part:
    """A piece of a document; `level` of a heading, `rows` of a table with its header first."""

    text: str = ""
    level: int = 0
    is_item: bool = False
    rows: tuple[tuple[str, ...], ...] = ()


def as_docx(parts: Iterable[Part], *, styles: bool = True) -> bytes:
    """A Word document; without `styles` its headings are only bold, as many people make them."""
    document = docx.Document()
    for part in parts:
        if part.rows:
            _word_table(document, part.rows)
        elif part.level and styles:
            document.add_heading(part.text, min(part.level, 9))
        elif part.level:
            document.add_paragraph().add_run(part.text).bold = True
        else:
            document.add_paragraph(part.text, style="List Bullet" if part.is_item else None)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _word_table(document: Document, rows: Sequence[Sequence[str]]) -> None:
    table = document.add_table(rows=0, cols=len(rows[0]))
    for number, row in enumerate(rows):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.paragraphs[0].add_run(text).bold = number == 0


def as_pdf(parts: Iterable[Part], *, margins: bool = True) -> bytes:
    """A pdf with headings that are larger and bold, and tables over pages.

    With `margins`, every page has a line on top and its number below.
    """
    pdf = _Pages() if margins else FPDF()
    has_font = FONTS.is_dir()
    family = FONT if has_font else "Helvetica"
    if has_font:
        pdf.add_font(FONT, "", FONTS / f"{FONT}-Regular.ttf")
        pdf.add_font(FONT, "B", FONTS / f"{FONT}-Bold.ttf")
    if isinstance(pdf, _Pages):
        pdf.family = family
    pdf.add_page()
    for part in parts:
        if part.rows:
            pdf.set_font(family, "", 9)
            with pdf.table(text_align="LEFT", line_height=5, first_row_as_headings=True) as table:
                for row in part.rows:
                    shown = table.row()
                    for cell in row:
                        shown.cell(cell)
            pdf.ln(4)
            continue
        size = {0: 10.5, 1: 16.0, 2: 13.0}.get(part.level, 10.5)
        pdf.set_font(family, "B" if part.level else "", size)
        text = f"\u2022 {part.text}" if part.is_item and has_font else part.text
        text = f"- {part.text}" if part.is_item and not has_font else text
        if not has_font:
            text = text.encode("latin-1", "replace").decode("latin-1")
        pdf.multi_cell(0, size * 0.5, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT, align="L")
        pdf.ln(2)
    return bytes(pdf.output())


class _Pages(FPDF):
    family = "Helvetica"

    def header(self) -> None:
        """What stands on top of every page."""
        self.set_font(self.family, "", 8)
        self.cell(0, 6, "Voorbeeldplan huisartsenzorg", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def footer(self) -> None:
        """The number of the page."""
        self.set_y(-15)
        self.set_font(self.family, "", 8)
        self.cell(0, 8, f"Pagina {self.page_no()}", align="C")
