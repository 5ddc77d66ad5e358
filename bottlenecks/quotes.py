"""What practices wrote, as others may read it: no personal data, and no practice is named."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bottlenecks.privacy import KINDS, screen

PRACTICE = "[praktijk]"
NAME_REMOVED = "naam van een praktijk"
# shorter names stand in words that mean something else
SHORTEST = 4

# what names of practices begin with: the rest is how people call it
_GENERAL = re.compile(
    r"(?:(?:voorbeeld|huisarts(?:en)?)?-?(?:praktijk|groep|centrum)|huisarts(?:en)?|"
    r"gezondheidscentrum|medisch|dokters?|dr\.?|hoed|de|het|'t|van|en|&)\s+",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Quotable:
    """A text that can be quoted; `removed` says in Dutch what was taken out."""

    text: str
    removed: tuple[str, ...] = ()


def quotable(text: str, practices: Iterable[str], own: str | None = None) -> Quotable:
    """A text without personal data and without the names of practices.

    Args:
        text: what somebody wrote, perhaps shortened by an officer.
        practices: names of practices, as reporters gave them.
        own: that of the practice that wrote it; of this one the name in daily use goes too:
            "De Linde" of "Huisartsenpraktijk De Linde".
    """
    # names of people last: practices are often called after one
    screened = screen(text, kinds=frozenset(KINDS) - {"naam"})
    names = list(practices)
    if own is not None:
        names += _in_daily_use(own)
    nameless = without_names(screened.text, names)
    clean = screen(nameless, kinds=frozenset({"naam"}))
    removed = [KINDS[kind] for kind in (*screened.removed, *clean.removed)]
    if nameless != screened.text:
        removed.append(NAME_REMOVED)
    return Quotable(clean.text, tuple(dict.fromkeys(removed)))


def without_names(text: str, practices: Iterable[str]) -> str:
    """A text with `PRACTICE` wherever one of these is named."""
    lowered = text.lower()
    # the longest first, because a name can be part of another one
    for name in sorted(set(practices), key=lambda one: (-len(one), one)):
        words = name.split()
        # there can be thousands of names, and few of them are in a text
        if len("".join(words)) >= SHORTEST and words[0].lower() in lowered:
            spaced = r"\s+".join(map(re.escape, words))
            text = re.sub(rf"(?<!\w){spaced}(?!\w)", PRACTICE, text, flags=re.IGNORECASE)
    return text


def _in_daily_use(name: str) -> list[str]:
    """A name, and what is left of it each time that a general word is taken from its beginning."""
    names = [name]
    while found := _GENERAL.match(names[-1]):
        names.append(names[-1][found.end() :])
    return names
