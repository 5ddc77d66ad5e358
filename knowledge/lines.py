"""Lines of a text: as they are shown, and as they are broken to fit in a file."""

import re
import textwrap

FILE_WIDTH = 94


def unwrap(text: str) -> str:
    """Join the lines that were only broken for the file: a list item keeps its own line."""
    return re.sub(r"(?<!\n)\n(?!\n|- )", " ", text.strip())


def tidy(text: str) -> str:
    """A text as it is kept: single spaces, one blank line between paragraphs, lines joined."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    return unwrap(re.sub(r"\n{3,}", "\n\n", "\n".join(lines)))


def wrapped(text: str, width: int = FILE_WIDTH) -> str:
    """The reverse of `unwrap`: the same text in lines that fit in a file."""
    return "\n".join(part for line in text.split("\n") for part in _broken(line, width))


def _broken(line: str, width: int) -> list[str]:
    parts: list[str] = []
    for part in textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False):
        # a line that begins with a dash would become a list item
        if parts and re.match(r"-(?:\s|$)", part):
            parts[-1] += f" {part}"
        else:
            parts.append(part)
    return parts or [""]
