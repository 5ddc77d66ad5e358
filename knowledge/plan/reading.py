"""Reads a plan from a file, whatever kind it is; the kind is seen from what is in it."""

from collections.abc import Callable

from knowledge.plan import from_text
from knowledge.plan.model import Document, Plan, PlanError
from knowledge.plan.sections import passages_of

MAX_BYTES = 10 * 1024 * 1024
MAX_PASSAGES = 5000
MIN_WORDS = 20
EMPTY = "Dit bestand is leeg."
TOO_LARGE = "Dit bestand is groter dan 10 MB. Haal de afbeeldingen eruit, of deel het plan op."
NO_TEXT = "In dit bestand staat bijna geen tekst. Kies het bestand met het hele plan."
TOO_LONG = "Dit plan is te lang om in één keer te lezen. Deel het op."
OLD_WORD = (
    "Dit is een oud soort Word-bestand (.doc), of een bestand met een wachtwoord. Open het in "
    "Word, haal het wachtwoord eraf en sla het op als .docx."
)
OTHER = "Dit soort bestand kan ik niet lezen. Kies een Word-bestand (.docx), een pdf of een tekst."
_OTHER_KINDS = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"{\\rtf",
    b"<!DOCTYPE",
    b"<html",
    b"\x1f\x8b",
)


def read_plan(file: str, content: bytes) -> Plan:
    """Read a plan.

    Raises:
        PlanError: it cannot be read, is too large or holds no text.
    """
    if not content.strip():
        raise PlanError(EMPTY)
    if len(content) > MAX_BYTES:
        raise PlanError(TOO_LARGE)
    document = _reader(content)(content)
    passages = passages_of(document.blocks)
    if sum(len(passage.text.split()) for passage in passages) < MIN_WORDS:
        raise PlanError(NO_TEXT)
    if len(passages) > MAX_PASSAGES:
        raise PlanError(TOO_LONG)
    return Plan(file, passages, document.pages, document.notes)


def _reader(content: bytes) -> Callable[[bytes], Document]:
    # here, because their libraries are large and plans are seldom read
    start = content[:1024].lstrip()
    if b"%PDF-" in content[:1024]:
        from knowledge.plan import from_pdf

        return from_pdf.read
    if content.startswith(b"PK\x03\x04"):
        from knowledge.plan import from_docx

        return from_docx.read
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise PlanError(OLD_WORD)
    if start.startswith(_OTHER_KINDS):
        raise PlanError(OTHER)
    return from_text.read
