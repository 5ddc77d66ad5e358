"""Writes abbreviations out, as data in abbreviations.yml says."""

import re
from functools import cache
from pathlib import Path

import yaml

FILE = Path(__file__).parent / "abbreviations.yml"
# words after which a cautious abbreviation cannot be a greeting
_BEFORE_NOUN = r"(?<=\bde )|(?<=\been )|(?<=\bals )|(?<=\bvan )|(?<=\bvoor )|(?<=\bmijn )|(?<=\bn )"


def written_out(text: str) -> str:
    """`text` in lower case with its abbreviations written out."""
    pattern, meaning = _abbreviations()
    return pattern.sub(lambda match: meaning[match.group()], " ".join(text.lower().split()))


@cache
def _abbreviations() -> tuple[re.Pattern[str], dict[str, str]]:
    data = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    plain: dict[str, str] = data["afkortingen"]
    cautious: dict[str, str] = data["voorzichtig"]

    def words(names: dict[str, str]) -> str:
        return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))

    return (
        re.compile(
            rf"(?<![\w-])(?:{words(plain)})(?![\w-])"
            rf"|(?:{_BEFORE_NOUN})(?:{words(cautious)})(?![\w-])"
        ),
        plain | cautious,
    )
