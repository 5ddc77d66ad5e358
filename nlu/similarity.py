"""How much two sentences are alike: the word sequences they share."""

import re
import unicodedata
from collections import Counter, defaultdict

NGRAM = 5
# share of common word sequences above which two sentences count as near copies
NEAR = 0.6

_WORD = re.compile(r"\w+")


def folded(text: str) -> str:
    """The words of `text` in lower case without accents; all of it when there is no word in it."""
    lowered = unicodedata.normalize("NFKD", text).lower()
    plain = "".join(char for char in lowered if not unicodedata.combining(char))
    return " ".join(_WORD.findall(plain)) or plain.strip()


def word_ngrams(text: str, n: int = NGRAM) -> frozenset[str]:
    """All sequences of `n` words of the folded text; none when it is shorter."""
    words = folded(text).split()
    return frozenset(" ".join(words[i : i + n]) for i in range(len(words) - n + 1))


def overlap(a: str, b: str) -> float:
    """Share (0 to 1) of the word sequences of the shorter text that the other has as well.

    A text of fewer than five words has no sequences: only the same words give 1 then, else it is 0.
    """
    ours, theirs = word_ngrams(a), word_ngrams(b)
    if not ours or not theirs:
        return float(folded(a) == folded(b))
    return len(ours & theirs) / min(len(ours), len(theirs))


class SeenTexts:
    """Texts to compare others with; fast, since only those that share a sequence are looked at."""

    def __init__(self) -> None:
        """Begin without texts."""
        self._texts: list[tuple[str, str]] = []
        self._sizes: list[int] = []
        self._by_words: dict[str, int] = {}
        self._by_ngram: defaultdict[str, list[int]] = defaultdict(list)

    def add(self, text: str, label: str) -> None:
        """Remember `text`; `label` says where it is from."""
        number = len(self._texts)
        ngrams = word_ngrams(text)
        self._texts.append((text, label))
        self._sizes.append(len(ngrams))
        self._by_words.setdefault(folded(text), number)
        for ngram in ngrams:
            self._by_ngram[ngram].append(number)

    def nearest(self, text: str) -> tuple[str, str, float] | None:
        """The remembered text with the highest `overlap`, its label and that overlap.

        The one that was added first among equals, but one with the same words before all; None
        when no text shares anything.
        """
        same = self._by_words.get(folded(text))
        if same is not None:
            return (*self._texts[same], 1.0)
        ngrams = word_ngrams(text)
        shared = Counter(n for ngram in ngrams for n in self._by_ngram.get(ngram, ()))
        if not shared:
            return None

        def share(number: int) -> float:
            return shared[number] / min(len(ngrams), self._sizes[number])

        best = max(shared, key=lambda number: (share(number), -number))
        return (*self._texts[best], share(best))
