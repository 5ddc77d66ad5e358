"""The word lists and rules of the screening, read once from the files beside this one."""

import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

_HERE = Path(__file__).parent
# the longest word of words.txt; longer ones in lower case are no names
LONGEST = 14
# looked-up words that are remembered: those of a few texts
REMEMBERED = 512
# letters that Unicode does not take apart into a letter and an accent
_LETTERS = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d", "’": "'", "ß": "ss"})


def folded(word: str) -> str:
    """A word in lower case, without accents."""
    # most words have none, and this runs on each
    if word.isascii():
        return word.lower()
    apart = unicodedata.normalize("NFKD", word.lower().translate(_LETTERS))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


class SortedWords:
    """Words in one sorted row of bytes, one a line: as sets, all lists would take 30 MB."""

    def __init__(self, lines: bytes) -> None:
        self._lines = lines
        # each word of a text is looked up several times
        self._has = lru_cache(maxsize=REMEMBERED)(self._search)

    def __contains__(self, word: str) -> bool:
        return self._has(word)

    def _search(self, word: str) -> bool:
        wanted, lines = word.encode(), self._lines
        low, high = 0, len(lines)
        while low < high:
            begin = lines.rfind(b"\n", low, (low + high) // 2) + 1 or low
            end = lines.find(b"\n", begin)
            if lines[begin:end] == wanted:
                return True
            if lines[begin:end] < wanted:
                low = end + 1
            else:
                high = begin
        return False


@dataclass(frozen=True)
class Words:
    """What the names are judged by; all in lower case and without accents."""

    first: SortedWords
    last: SortedWords
    ordinary: SortedWords
    places: frozenset[str]
    lists: dict[str, frozenset[str]]

    def is_name(self, word: str) -> bool:
        """Whether it is on a list of names."""
        return word in self.first or word in self.last

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
    first, last, ordinary = map(_sorted, ("first_names", "last_names", "words"))
    places = frozenset((_HERE / "places.txt").read_text(encoding="utf-8").splitlines()[1:])
    return Words(first, last, ordinary, places | set(rules()["phrases"]), lists)


def _sorted(name: str) -> SortedWords:
    return SortedWords((_HERE / f"{name}.txt").read_bytes())
