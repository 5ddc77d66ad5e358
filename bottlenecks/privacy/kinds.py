"""The kinds of personal data, and what a screened text is."""

import re
from dataclasses import dataclass

KINDS = {
    "naam": "naam",
    "bsn": "BSN",
    "telefoon": "telefoonnummer",
    "e-mail": "e-mailadres",
    "geboortedatum": "geboortedatum",
    "adres": "adres",
    "nummer": "patiënt- of polisnummer",
}


# what stays in a text that asks how organisations are reached is left out here
OTHER_THAN_CONTACTS = frozenset(KINDS) - {"telefoon", "e-mail"}


@dataclass(frozen=True)
class Found:
    """Personal data in a text: its kind (a key of `KINDS`), and where it stands in that text."""

    kind: str
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Screened:
    """A text without the personal data that was found; `found` lists it, in order."""

    text: str
    found: tuple[Found, ...] = ()

    @property
    def removed(self) -> tuple[str, ...]:
        """The kinds of what was removed, in order."""
        return tuple(one.kind for one in self.found)

    @property
    def removed_in_words(self) -> str:
        """What was removed, in Dutch, for the person who typed it; empty when nothing was."""
        return in_words(*(KINDS[kind] for kind in self.removed))


def in_words(*mentions: str) -> str:
    """The kinds that occur in `mentions`, each once, as a Dutch enumeration."""
    # whole words: 'adres' also ends 'e-mailadres'
    names = [
        name
        for name in KINDS.values()
        if any(re.search(rf"(?<![\w-]){re.escape(name)}(?!\w)", mention) for mention in mentions)
    ]
    if len(names) < 2:
        return "".join(names)
    return ", ".join(names[:-1]) + " en " + names[-1]


def marker(kind: str) -> str:
    """What stands in a text in the place of what was removed."""
    return f"[{KINDS[kind]} verwijderd]"
