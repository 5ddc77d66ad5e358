"""What our Word documents share: Dutch, readable on paper, tables with a heading row."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from io import BytesIO

from docx import Document
from docx.document import Document as WordDocument
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.styles import CT_Style
from docx.oxml.table import CT_Row
from docx.shared import Cm, Pt, RGBColor
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from bottlenecks.dates import AMSTERDAM, written
from dialogues.reply import File

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
OPEN = "Nog open"
_ACCENT = RGBColor(0x0B, 0x5A, 0x7A)
_OPEN_COLOUR = RGBColor(0xB0, 0x45, 0x00)
_SHADE = "E3EEF3"


def new_document(title: str, subtitle: str) -> WordDocument:
    """An empty document with title, Dutch as its language, and a line at the foot of each page."""
    document = Document()
    document.core_properties.title = title
    document.core_properties.language = "nl-NL"
    document.core_properties.author = ""
    document.core_properties.comments = ""
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    section.top_margin = section.bottom_margin = Cm(2)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(11)
    normal.paragraph_format.space_after = Pt(6)
    _set_language(normal.element)
    for level in (1, 2):
        heading = document.styles[f"Heading {level}"]
        heading.font.name, heading.font.color.rgb = "Calibri", _ACCENT
        heading.paragraph_format.space_before = Pt(14 if level == 1 else 10)
    heading = document.add_heading(title, 0)
    heading.runs[0].font.color.rgb = _ACCENT
    document.add_paragraph(subtitle)
    section.footer.paragraphs[0].text = f"{title}. {subtitle}"
    section.footer.paragraphs[0].runs[0].font.size = Pt(8)
    return document


def add_table(
    document: WordDocument,
    heading: Sequence[str],
    rows: Iterable[Sequence[str]],
    widths: Sequence[float],
) -> None:
    """A table with a heading row that is repeated on each page; `widths` in centimetres."""
    table = document.add_table(rows=1, cols=len(heading))
    table.style = "Table Grid"
    table.autofit = False
    for cell, text in zip(table.rows[0].cells, heading, strict=True):
        _fill(cell, text, bold=True)
        _shade(cell)
    _repeat(table.rows[0]._tr)
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            # in a cell of several lines the first is its heading
            first, _, rest = text.partition("\n")
            _fill(cell, first, bold=bool(rest))
            if rest:
                cell.add_paragraph(rest).paragraph_format.space_after = Pt(2)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    for row_ in table.rows:
        for cell, width in zip(row_.cells, widths, strict=True):
            cell.width = Cm(width)
    document.add_paragraph()


def add_text(document: WordDocument, text: str | None) -> Paragraph:
    """A paragraph; what is not filled in is marked as open."""
    paragraph = document.add_paragraph()
    _write(paragraph, text or OPEN)
    return paragraph


def add_bullets(document: WordDocument, items: Iterable[str], style: str = "List Bullet") -> None:
    """A list."""
    for item in items:
        _write(document.add_paragraph(style=style), item)


def day_text(moment: datetime) -> str:
    """A day as it is written in a Dutch document."""
    return written(moment.astimezone(AMSTERDAM))


def as_file(document: WordDocument, name: str, moment: datetime) -> File:
    """The document as a file to send; the day is in its name."""
    buffer = BytesIO()
    document.save(buffer)
    local = moment.astimezone(AMSTERDAM)
    return File.of(f"{name}-{local:%Y-%m-%d}.docx", MEDIA_TYPE, buffer.getvalue())


def _fill(cell: _Cell, text: str, *, bold: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(2)
    _write(paragraph, text, bold=bold)


def _write(paragraph: Paragraph, text: str, *, bold: bool = False) -> None:
    run = paragraph.add_run(text)
    run.bold = bold or text.startswith(OPEN)
    if text.startswith(OPEN):
        run.font.color.rgb = _OPEN_COLOUR


def _shade(cell: _Cell) -> None:
    shading = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", _SHADE)):
        shading.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shading)


def _repeat(row: CT_Row) -> None:
    heading = OxmlElement("w:tblHeader")
    heading.set(qn("w:val"), "true")
    row.get_or_add_trPr().append(heading)


def _set_language(style: CT_Style) -> None:
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "nl-NL")
    style.get_or_add_rPr().append(language)
