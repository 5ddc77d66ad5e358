"""TF-IDF of words and of pieces of words: to the bit what scikit-learn's TfidfVectorizer makes.

scikit-learn learns the features (`learned`), but is not needed to find them in a message: a process
that only answers then holds neither it nor a dictionary of some 200,000 strings.
tests/test_tfidf.py compares the two.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

Analyse = Callable[[str], list[str]]

# shortest and longest piece of a word
SHORTEST, LONGEST = 2, 5
TOKEN = r"(?u)\b\w+\b"
_TOKEN = re.compile(TOKEN)


def words(text: str) -> list[str]:
    """The words of a text, and its pairs of words."""
    found = _TOKEN.findall(text.lower())
    return found + [f"{one} {other}" for one, other in zip(found, found[1:], strict=False)]


def pieces(text: str) -> list[str]:
    """The pieces of each word with a space around it; a word that is shorter counts once."""
    found = []
    for word in text.lower().split():
        padded = f" {word} "
        size = len(padded)
        for length in range(SHORTEST, LONGEST + 1):
            if length >= size:
                found.append(padded)
                break
            found += [padded[start : start + length] for start in range(size - length + 1)]
    return found


class Vocabulary:
    """The number of each feature, in less room than a dictionary of strings takes."""

    def __init__(self, features: Sequence[str]) -> None:
        """`features` are different from each other; each has its place as its number."""
        hashes = _hashes(features)
        self._numbers = np.argsort(hashes, kind="stable").astype(np.int32)
        self._hashes = hashes[self._numbers]
        self._text = "".join(features)
        sizes = np.fromiter(map(len, features), np.int32, len(features))
        self._starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)

    def __len__(self) -> int:
        return len(self._numbers)

    def __getitem__(self, number: int) -> str:
        return self._text[self._starts[number] : self._starts[number + 1]]

    def features(self) -> list[str]:
        """All of them, in the order of their numbers."""
        return [self[number] for number in range(len(self))]

    def numbers_of(self, features: Sequence[str]) -> NDArray[np.int32]:
        """The number of each of these; -1 for what is not in it."""
        if not len(self):
            return np.full(len(features), -1, dtype=np.int32)
        hashes = _hashes(features)
        places = np.searchsorted(self._hashes, hashes)
        places[places == len(self)] = 0
        numbers = np.where(self._hashes[places] == hashes, self._numbers[places], -1)
        # another feature may have the same hash
        starts, ends = self._starts[numbers].tolist(), self._starts[numbers + 1].tolist()
        text = self._text
        for place, start in enumerate(starts):
            if text[start : ends[place]] != features[place] and numbers[place] >= 0:
                numbers[place] = self._beside(int(places[place]), features[place])
        return numbers

    def _beside(self, place: int, feature: str) -> int:
        """The number of a feature of which the first with its hash, at `place`, is another."""
        for number, found in zip(self._numbers[place:], self._hashes[place:], strict=True):
            if found != self._hashes[place]:
                break
            if self[int(number)] == feature:
                return int(number)
        return -1


class Tfidf:
    """Finds the features of a text, with how telling each is."""

    def __init__(
        self, analyse: Analyse, features: Sequence[str], idf: NDArray[np.float32] | None = None
    ) -> None:
        """`analyse` gives what there is in a text; `idf` how rare each of `features` is."""
        self._analyse = analyse
        self.vocabulary = Vocabulary(features)
        self.idf = np.zeros(len(features), dtype=np.float32) if idf is None else idf
        if len(self.idf) != len(features):
            raise ValueError("there must be an idf for each feature")

    def row(self, text: str) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """The numbers of the features in a text, ascending, and the value of each."""
        counts = Counter(self._analyse(text))
        numbers = self.vocabulary.numbers_of(list(counts))
        values = np.fromiter(counts.values(), np.float32, len(counts))
        order = np.argsort(numbers, kind="stable")
        order = order[np.count_nonzero(numbers < 0) :]
        numbers, values = numbers[order], values[order]
        np.log(values, out=values)
        values += 1.0
        values *= self.idf[numbers]
        if len(values):
            # added up one after the other in double precision, as scikit-learn does
            size = np.sqrt(np.cumsum(values * values, dtype=np.float64)[-1])
            values = (values / size).astype(np.float32)
        return numbers, values


def learned(analyse: Analyse, texts: Iterable[str], min_df: int) -> Tfidf:
    """Learn which features occur in at least `min_df` of the texts, and how rare each is.

    Raises:
        ValueError: no feature does.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer  # only where a model is trained

    vectorizer = TfidfVectorizer(analyzer=analyse, min_df=min_df, dtype=np.float32)
    vectorizer.fit(texts)
    return Tfidf(analyse, vectorizer.get_feature_names_out().tolist(), vectorizer.idf_)


def _hashes(features: Sequence[str]) -> NDArray[np.int64]:
    return np.fromiter(map(hash, features), np.int64, len(features))
