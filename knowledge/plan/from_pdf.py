"""Reads a plan that is a pdf: the text with its headings, lists and tables, by how it looks."""

import io
import logging
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pypdf import PdfReader
from pypdf.generic import Destination

from knowledge.plan.model import Document, PlanError
from knowledge.plan.pdf_layout import Layout
from knowledge.plan.pdf_lines import Line, lines_of
from knowledge.plan.sections import folded

LOGGER = logging.getLogger(__name__)
MAX_PAGES = 500
MAX_PAGE_BYTES = 20 * 1024 * 1024
BROKEN = (
    "Deze pdf is beschadigd en niet te lezen. Sla hem opnieuw op als pdf en probeer het nog eens."
)
LOCKED = (
    "Deze pdf is met een wachtwoord beveiligd. Sla hem op zonder wachtwoord en probeer het opnieuw."
)
SCANNED = (
    "In deze pdf staan alleen afbeeldingen van bladzijden, zonder tekst. Neem het bestand waar de "
    "pdf van gemaakt is, of laat de tekst eerst herkennen (OCR)."
)
TOO_MANY_PAGES = f"Deze pdf heeft meer dan {MAX_PAGES} bladzijden. Deel het plan op."
_PAGE_NUMBER = re.compile(
    r"^(?:(?:pagina|blz\.?|bladzijde|p\.?)\s*)?\d{1,3}(?:\s*(?:van|/|\|)\s*\d{1,3})?$|^-\s*\d{1,3}\s*-$",
    re.IGNORECASE,
)
A4_HEIGHT = 842.0
# a page with less text than this and a picture is a picture
MIN_CHARS = 20


def read(content: bytes) -> Document:
    """The headings, paragraphs, list items and rows of tables of a pdf.

    Raises:
        PlanError: it is locked, broken, too long or a scan without text.
    """
    try:
        raw = _raw(content)
    except PlanError:
        raise
    except Exception as error:  # whatever the library stumbles over, the file is broken
        LOGGER.info("pdf cannot be read", exc_info=error)
        raise PlanError(BROKEN) from error
    if raw.pictures and not any(raw.pages):
        raise PlanError(SCANNED)
    lines = [line for page in _without_margins(raw.pages) for line in page]
    layout = Layout(lines, raw.outline, raw.height)
    return Document(tuple(layout.blocks()), len(raw.pages), _notes(raw.pictures))


@dataclass(frozen=True)
class _Raw:
    """What the library gives: lines by page, the outline, and pages that are a picture."""

    pages: list[list[Line]]
    outline: dict[str, int]
    pictures: list[int]
    height: float


def _raw(content: bytes) -> _Raw:
    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted and not reader.decrypt(""):
        raise PlanError(LOCKED)
    if len(reader.pages) > MAX_PAGES:
        raise PlanError(TOO_MANY_PAGES)
    pages: list[list[Line]] = []
    pictures: list[int] = []
    for number, page in enumerate(reader.pages, start=1):
        contents = page.get_contents()
        too_large = contents is not None and len(contents.get_data()) > MAX_PAGE_BYTES
        lines = [] if too_large else lines_of(page, number)
        if too_large or (sum(len(line.text) for line in lines) < MIN_CHARS and _has_picture(page)):
            pictures.append(number)
        pages.append(lines)
    height = float(reader.pages[0].mediabox.height) if reader.pages else A4_HEIGHT
    return _Raw(pages, _outline(reader), pictures, height)


def _has_picture(page: object) -> bool:
    resources = page.get("/Resources") if isinstance(page, dict) else None
    objects = resources.get_object().get("/XObject") if resources is not None else None
    return bool(objects and len(objects.get_object()))


def _notes(pictures: Sequence[int]) -> tuple[str, ...]:
    if not pictures:
        return ()
    numbers = ", ".join(map(str, pictures[:20]))
    pages = "Bladzijde" if len(pictures) == 1 else "De bladzijden"
    verb = "is een afbeelding" if len(pictures) == 1 else "zijn een afbeelding"
    return (f"{pages} {numbers} {verb}: wat daarop staat, is niet gelezen.",)


def _outline(reader: PdfReader) -> dict[str, int]:
    """The titles in the outline of the pdf, with how deep they are."""
    found: dict[str, int] = {}

    def walk(entries: Sequence[object], depth: int) -> None:
        for entry in entries:
            if isinstance(entry, list):
                walk(entry, depth + 1)
            elif isinstance(entry, Destination) and entry.title:
                found.setdefault(folded(str(entry.title)), depth)

    try:
        walk(reader.outline, 1)
    except Exception as error:  # a broken outline is no reason to refuse the text
        LOGGER.info("outline of a pdf cannot be read", exc_info=error)
    return found


def _without_margins(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The lines without page numbers, and without what stands at the edge of most pages."""

    def key(line: Line) -> tuple[str, int]:
        return re.sub(r"\d+", "#", folded(line.text)), round(line.y / 8)

    seen = Counter(found for lines in pages for found in {key(line) for line in lines})
    often = max(2, len(pages) // 2)
    return [
        [
            line
            for index, line in enumerate(lines)
            if not (
                index in (0, 1, 2, len(lines) - 3, len(lines) - 2, len(lines) - 1)
                and (seen[key(line)] >= often or _PAGE_NUMBER.match(line.text))
            )
        ]
        for lines in pages
    ]
