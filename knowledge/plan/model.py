"""What a plan is made of, whatever kind of file it came in."""

from dataclasses import dataclass
from enum import StrEnum


class PlanError(Exception):
    """A file that cannot be used as a plan; the message says in Dutch why, and what to do."""


class Kind(StrEnum):
    """What a piece of text is in the document."""

    HEADING = "kop"
    TEXT = "tekst"
    ITEM = "punt"
    ROW = "rij"


@dataclass(frozen=True)
class Block:
    """A heading, paragraph, list item or table row, in the order of the document.

    `level` counts for headings: 1 is the highest. `label` is the first cell of a row. `page` is
    None where the kind of file knows no pages.
    """

    kind: Kind
    text: str
    level: int = 0
    label: str = ""
    page: int | None = None


@dataclass(frozen=True)
class Document:
    """What a file holds; `notes` tell in Dutch what could not be read."""

    blocks: tuple[Block, ...]
    pages: int | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Passage:
    """A piece of text with the section it stands in, as it would be cited.

    `above` are the headings that it stands under, the highest first.
    """

    index: int
    section: str
    heading: str
    text: str
    kind: Kind
    label: str = ""
    page: int | None = None
    above: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """Where it stands: the section, and for a row of a table which one."""
        return f"{self.section}, {self.label}" if self.label else self.section


@dataclass(frozen=True)
class Plan:
    """A plan that was read; `file` is the name of the file."""

    file: str
    passages: tuple[Passage, ...]
    pages: int | None = None
    notes: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """All text, without the headings."""
        return "\n\n".join(passage.text for passage in self.passages)
