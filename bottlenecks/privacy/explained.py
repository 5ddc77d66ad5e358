"""Whether a word that is on no list is a Dutch word after all: a compound, or one with a slip."""

from functools import lru_cache
from string import ascii_lowercase

from bottlenecks.privacy.words import Words, word_lists

# shorter halves would make a compound of nearly any name
_SHORTEST_PART = 3
# a shorter word is one letter away from too many others
_SHORTEST_SLIP = 5
_LINKS = ("", "s", "e", "en")


@lru_cache(maxsize=20_000)
def explained(word: str) -> bool:
    """Whether it is made of two known words, or is one letter away from one.

    Args:
        word: in lower case and without accents.
    """
    words = word_lists()
    return is_compound(word) or _slip(word, words)


def _known(part: str, words: Words) -> bool:
    return part in words.ordinary or any(
        part in words[name] for name in ("keep", "jargon", "word_parts", "also_ordinary")
    )


@lru_cache(maxsize=20_000)
def is_compound(word: str) -> bool:
    """'wachtkamerstoel', 'ambulancewacht', 'patnr'."""
    words = word_lists()
    for cut in range(_SHORTEST_PART, len(word) - 1):
        head, tail = word[:cut], word[cut:]
        if len(tail) < _SHORTEST_PART and tail not in words["word_parts"]:
            continue
        if not _known(tail, words):
            continue
        if any(
            link == head[len(head) - len(link) :] and _known(head[: len(head) - len(link)], words)
            for link in _LINKS
            if len(head) - len(link) >= _SHORTEST_PART
        ):
            return True
    return False


def _slip(word: str, words: Words) -> bool:
    """'waarnemrs', 'vanacht': a letter too many, too few, wrong, or two changed places."""
    if len(word) < _SHORTEST_SLIP:
        return False
    for i in range(len(word) + 1):
        before, after = word[:i], word[i:]
        if after and before + after[1:] in words.ordinary:
            return True
        if len(after) > 1 and before + after[1] + after[0] + after[2:] in words.ordinary:
            return True
        for letter in ascii_lowercase:
            if before + letter + after in words.ordinary:
                return True
            if after and before + letter + after[1:] in words.ordinary:
                return True
    return False
