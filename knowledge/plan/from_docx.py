"""Reads a plan that is a Word document (.docx)."""

import io
import zipfile
from collections.abc import Iterator

import docx
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.text.paragraph import Paragraph

from knowledge.plan.from_text import table_blocks
from knowledge.plan.model import Block, Document, Kind, PlanError
from knowledge.plan.phases import phases_in
from knowledge.plan.sections import may_be_heading, number_level, squeezed

MAX_UNPACKED_BYTES = 100 * 1024 * 1024
MAX_TEXT_BYTES = 30 * 1024 * 1024
BROKEN = (
    "Dit Word-bestand is beschadigd en niet te lezen. Open het in Word, sla het opnieuw op en "
    "probeer het nog eens."
)
OTHER_ZIP = (
    "Dit is geen Word-bestand (.docx). Sla het plan in Word op als Word-document, of als pdf."
)
TOO_LARGE_INSIDE = "Dit Word-bestand is uitgepakt te groot. Haal de afbeeldingen eruit."

PARAGRAPH, TABLE = qn("w:p"), qn("w:tbl")
CONTENT_CONTROL, INSERTED, CUSTOM = qn("w:sdt"), qn("w:ins"), qn("w:customXml")
GALLERY, CONTENTS = qn("w:docPartGallery"), "Table of Contents"
BOLD_LEVEL = 7


def read(content: bytes) -> Document:
    """The headings, paragraphs, list items and rows of tables of a document.

    Raises:
        PlanError: it is another kind of file, or cannot be read.
    """
    _check(content)
    try:
        document = docx.Document(io.BytesIO(content))
    except Exception as error:  # whatever the libraries stumble over, the file is broken
        raise PlanError(BROKEN) from error
    return Document(tuple(_blocks(document, document.element.body)))


def _check(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except zipfile.BadZipFile as error:
        raise PlanError(BROKEN) from error
    if not any(entry.filename == "word/document.xml" for entry in entries):
        raise PlanError(OTHER_ZIP)
    xml = max(entry.file_size for entry in entries if entry.filename.endswith(".xml"))
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES or xml > MAX_TEXT_BYTES:
        raise PlanError(TOO_LARGE_INSIDE)


def _blocks(document: WordDocument, parent: BaseOxmlElement) -> Iterator[Block]:
    for child in parent:
        if child.tag == PARAGRAPH:
            yield from _paragraph(document, child)
        elif child.tag == TABLE:
            yield from _table(document, child)
        elif child.tag == CONTENT_CONTROL:
            # a table of contents that Word made stands in one of these
            if CONTENTS not in {one.get(qn("w:val")) for one in child.iter(GALLERY)}:
                for inside in child.iterchildren(qn("w:sdtContent")):
                    yield from _blocks(document, inside)
        elif child.tag in (INSERTED, CUSTOM):
            yield from _blocks(document, child)


def _paragraph(document: WordDocument, element: BaseOxmlElement) -> Iterator[Block]:
    text = _text(element)
    if not squeezed(text):
        return
    paragraph = Paragraph(element, document)
    name = (paragraph.style.name if paragraph.style is not None else None) or ""
    if name.casefold().startswith(("toc ", "inhopg")):
        return
    level = _outline_level(element, paragraph, name)
    text = squeezed(text)
    if level:
        yield Block(Kind.HEADING, text, level=level)
    elif element.xpath("./w:pPr/w:numPr") or name.startswith("List"):
        yield Block(Kind.ITEM, text)
    elif may_be_heading(text) and _is_bold(element):
        # the other headings that look like it stand under a phase
        plain = BOLD_LEVEL - bool(phases_in(text))
        yield Block(Kind.HEADING, text, level=number_level(text) or plain)
    else:
        yield Block(Kind.TEXT, text)


def _text(element: BaseOxmlElement) -> str:
    """The words, with what was inserted and without what was deleted; text boxes count once."""
    parts = []
    for node in element.xpath(
        "(.//w:t | .//w:tab[parent::w:r] | .//w:br | .//w:noBreakHyphen)"
        "[not(ancestor::*[local-name() = 'Fallback'])]",
    ):
        if node.tag == qn("w:t"):
            parts.append(node.text or "")
        else:
            parts.append("-" if node.tag == qn("w:noBreakHyphen") else " ")
    return "".join(parts)


def _outline_level(element: BaseOxmlElement, paragraph: Paragraph, name: str) -> int:
    """The level of a heading, from the paragraph or its style; 0 for other text."""
    if name == "Title":
        return 1
    found = element.xpath("./w:pPr/w:outlineLvl/@w:val")
    style = paragraph.style
    while not found and style is not None:
        found = style.element.xpath("./w:pPr/w:outlineLvl/@w:val")
        if not found and style.name and style.name.startswith("Heading "):
            found = [str(int(style.name.split()[-1]) - 1)]
        style = style.base_style
    level = int(found[0]) + 1 if found else 0
    return level if level <= 9 else 0


def _is_bold(element: BaseOxmlElement) -> bool:
    """Whether all words of a paragraph are bold by themselves."""
    runs = [run for run in element.xpath(".//w:r") if run.xpath("./w:t[normalize-space()]")]
    off = ("0", "false", "off")
    return bool(runs) and all(
        any(value.get(qn("w:val")) not in off for value in run.xpath("./w:rPr/w:b")) for run in runs
    )


def _table(document: WordDocument, table: BaseOxmlElement) -> Iterator[Block]:
    rows = table.xpath("./w:tr | ./w:sdt/w:sdtContent/w:tr")
    cells = [row.xpath("./w:tc | ./w:sdt/w:sdtContent/w:tc") for row in rows]
    if max((len(row) for row in cells), default=0) <= 1:
        # a frame around text
        for row in cells:
            for cell in row:
                yield from _blocks(document, cell)
        return
    texts = [[_cell(cell) for cell in row] for row in cells]
    yield from table_blocks(texts, has_header=_has_header(rows, cells, texts))


def _cell(cell: BaseOxmlElement) -> str:
    return " ".join(squeezed(_text(paragraph)) for paragraph in cell.xpath(".//w:p"))


def _has_header(
    rows: list[BaseOxmlElement], cells: list[list[BaseOxmlElement]], texts: list[list[str]]
) -> bool:
    """Whether the first row names the columns."""
    if rows[0].xpath("./w:trPr/w:tblHeader"):
        return True
    filled = [cell for cell, text in zip(cells[0], texts[0], strict=True) if text.strip()]
    if filled and all(
        _is_bold(paragraph)
        for cell in filled
        for paragraph in cell.xpath(".//w:p")
        if squeezed(_text(paragraph))
    ):
        return True
    return looks_like_header(texts)


def looks_like_header(texts: list[list[str]]) -> bool:
    """Whether the first row reads as names of columns: short, every cell filled, three or more."""
    first = [squeezed(cell) for cell in texts[0]]
    return len(texts) > 2 and len(first) > 2 and all(0 < len(cell) <= 40 for cell in first)
