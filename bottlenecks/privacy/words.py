"""The word lists and rules of the screening, read once from the files beside this one."""

import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_HERE = Path(__file__).parent
# letters that Unicode does not take apart into a letter and an accent
_LETTERS = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d", "’": "'", "ß": "ss"})


def folded(word: str) -> str:
    """A word in lower case, without accents."""
    # most words have none, and this runs on each
    if word.isascii():
        return word.lower()
    apart = unicodedata.normalize("NFKD", word.lower().translate(_LETTERS))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


@dataclass(frozen=True)
class Words:
    """What the names are judged by; all in lower case and without accents."""

    first: frozenset[str]
    last: frozenset[str]
    ordinary: frozenset[str]
    places: frozenset[str]
    lists: dict[str, frozenset[str]]

    def __getitem__(self, name: str) -> frozenset[str]:
        return self.lists[name]


@cache
def rules() -> dict[str, Any]:
    """The rules of rules.yml."""
    data: dict[str, Any] = yaml.safe_load((_HERE / "rules.yml").read_text(encoding="utf-8"))
    return data


@cache
def word_lists() -> Words:
    """All lists."""
    lists = {
        name: frozenset(folded(word) for line in lines for word in line.split())
        for name, lines in rules()["words"].items()
    }
    first, last, ordinary, places = map(_read, ("first_names", "last_names", "words", "places"))
    return Words(first, last, ordinary, places | set(rules()["phrases"]), lists)


def _read(name: str) -> frozenset[str]:
    lines = (_HERE / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))
