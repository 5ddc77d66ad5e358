"""Pieces of a text that a person points at: where they stand, and the text without them."""

import re

from bottlenecks.privacy.kinds import KINDS, marker

# what stands in the place of a piece that a person had taken away
TAKEN_AWAY = "[weggehaald]"
MARKERS = re.compile("|".join(re.escape(one) for one in (*map(marker, KINDS), TAKEN_AWAY)))
# as it stands while what was removed can be restored: with the number of the piece
_PROTECTED = re.compile(MARKERS.pattern.replace(r"\]", r"(?:\#\d{1,3})?\]"))
# a part of a word has at least so many signs
_MIN_PART = 3


def places(text: str, piece: str, *, part_of_word: bool = False) -> list[tuple[int, int]]:
    """Where `piece` stands in `text`, as whole words; or exactly as typed, also within a word.

    What stands in the place of removed pieces is no text.
    """
    words = piece.split()
    if not words or not re.search(r"\w", piece):
        return []
    pattern = r"\s+".join(re.escape(word) for word in words)
    if part_of_word:
        if len(piece.strip()) < _MIN_PART:
            return []
        found = re.finditer(pattern, text)
    else:
        found = re.finditer(rf"(?<!\w){pattern}(?!\w)", text, re.IGNORECASE)
    removed = [one.span() for one in _PROTECTED.finditer(text)]
    return [
        one.span()
        for one in found
        if all(one.end() <= start or one.start() >= end for start, end in removed)
    ]


def without(text: str, piece: str, *, part_of_word: bool = False, instead: str = TAKEN_AWAY) -> str:
    """The text with `instead` in every place of `piece`."""
    for start, end in reversed(places(text, piece, part_of_word=part_of_word)):
        text = text[:start] + instead + text[end:]
    return text
