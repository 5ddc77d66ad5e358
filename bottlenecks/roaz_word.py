"""The report for the ROAZ table or the weekly meeting as a Word document."""

import io
import re
from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Length, Pt, RGBColor

from bottlenecks.roaz_document import HEADINGS, MeetingDocument, QuoteLine, Table, lines_of

LANGUAGE = "nl-NL"
FONT = "Calibri"
INK = RGBColor(0x0B, 0x4A, 0x54)
SHADE = "E6EEF0"
PAGE_WIDTH, PAGE_HEIGHT, MARGIN = Cm(21), Cm(29.7), Cm(2.5)
# the width of a column of numbers; the first column takes what is left
NUMBER_WIDTH = Cm(2.8)
TEXT_WIDTH = Cm(3.6)

# a document may hold no other control characters than those that part lines and words
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def write(content: MeetingDocument) -> bytes:
    """The Word document."""
    document = Document()
    _prepare(document, content)
    document.add_paragraph(_plain(content.title), style="Title")
    for name, value in content.facts:
        paragraph = document.add_paragraph(style="No Spacing")
        paragraph.add_run(f"{name}: ").bold = True
        paragraph.add_run(_plain(value))
    _typed(document, HEADINGS["introduction"], content.introduction)
    document.add_heading(HEADINGS["in_short"], 1)
    for line in content.in_short:
        document.add_paragraph(_plain(line), style="List Bullet")
    for table in content.tables:
        _table(document, table)
    if content.quotes:
        document.add_heading(HEADINGS["quotes"], 1)
        for quote in content.quotes:
            _quote(document, quote)
    _typed(document, HEADINGS["request"], content.request)
    document.add_heading(HEADINGS["method"], 1)
    for line in content.method:
        document.add_paragraph(_plain(line), style="List Bullet")
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _prepare(document: Any, content: MeetingDocument) -> None:
    """A4, Dutch, one quiet look, the number of the page at the foot."""
    section = document.sections[0]
    section.page_width, section.page_height = PAGE_WIDTH, PAGE_HEIGHT
    section.left_margin = section.right_margin = MARGIN
    section.top_margin = section.bottom_margin = MARGIN
    styles = document.styles
    for language in styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), LANGUAGE)
    for language in document.settings.element.iter(qn("w:themeFontLang")):
        language.set(qn("w:val"), LANGUAGE)
    styles["Normal"].font.name = FONT
    styles["Normal"].font.size = Pt(11)
    styles["Normal"].paragraph_format.space_after = Pt(6)
    for name in ("Title", "Heading 1"):
        styles[name].font.color.rgb = INK
    styles["Title"].font.size = Pt(22)
    styles["Heading 1"].font.size = Pt(14)
    styles["Heading 1"].paragraph_format.space_before = Pt(16)
    styles["Heading 1"].paragraph_format.space_after = Pt(6)
    about = document.core_properties
    about.title, about.author = _plain(content.title), _plain(content.author)
    about.last_modified_by = _plain(content.author)
    about.language, about.comments = LANGUAGE, ""
    about.created = about.modified = content.made_at
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    foot.add_run("Pagina ")
    _counted(foot, "PAGE")
    foot.add_run(" van ")
    _counted(foot, "NUMPAGES")


def _typed(document: Any, heading: str, text: str) -> None:
    """What an officer typed, under a heading; nothing when that is nothing."""
    lines = lines_of(text)
    if lines:
        document.add_heading(heading, 1)
    for line in lines:
        style = "List Bullet" if line.is_item else "Normal"
        document.add_paragraph(_plain(line.text), style=style)


def _table(document: Any, content: Table) -> None:
    document.add_heading(_plain(content.heading), 1)
    if content.before:
        document.add_paragraph(_plain(content.before)).paragraph_format.keep_with_next = True
    table = document.add_table(rows=1, cols=len(content.columns), style="Table Grid")
    table.autofit = False
    _fill(table.rows[0], content.columns, content.numbers)
    for cell in table.rows[0].cells:
        cell.paragraphs[0].runs[0].bold = True
        shade = OxmlElement("w:shd")
        shade.set(qn("w:val"), "clear")
        shade.set(qn("w:fill"), SHADE)
        cell._tc.get_or_add_tcPr().append(shade)
    # on every page that it reaches, and read out as what its columns are called
    _say(table.rows[0], "w:tblHeader")
    for row in content.rows:
        _fill(table.add_row(), row, content.numbers)
    for row in table.rows:
        _say(row, "w:cantSplit")
    _set_widths(table, len(content.columns), content.numbers)


def _fill(row: Any, values: Sequence[str], numbers: int) -> None:
    for place, (cell, value) in enumerate(zip(row.cells, values, strict=True)):
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_after = Pt(2)
        paragraph.add_run(_plain(value))
        if place >= len(values) - numbers:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _set_widths(table: Any, columns: int, numbers: int) -> None:
    others = [TEXT_WIDTH] * (columns - numbers - 1) + [NUMBER_WIDTH] * numbers
    widths = [Length(PAGE_WIDTH - 2 * MARGIN - sum(others)), *others]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
        # programs differ in which of the two they look at
        for cell in column.cells:
            cell.width = width


def _quote(document: Any, quote: QuoteLine) -> None:
    lines = lines_of(quote.text)
    for number, line in enumerate(lines):
        first, last = number == 0, number == len(lines) - 1
        text = ("“" if first else "") + line.text + ("”" if last else "")
        paragraph = document.add_paragraph(_plain(text), style="Quote")
        paragraph.paragraph_format.left_indent = Cm(0.75)
        paragraph.paragraph_format.keep_together = True
        paragraph.paragraph_format.keep_with_next = True
    said = document.add_paragraph(_plain(quote.about))
    said.paragraph_format.left_indent = Cm(0.75)
    said.runs[0].font.size = Pt(9.5)


def _say(row: Any, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))


def _counted(paragraph: Any, field: str) -> None:
    """A number that Word counts itself."""
    for kind, text in (("begin", ""), ("", field), ("end", "")):
        run = paragraph.add_run()
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        run._r.append(mark)


def _plain(text: str) -> str:
    return _CONTROL.sub("", text)
