"""The text model: TF-IDF of lemmas and characters, and a linear support vector machine per label.

Knows nothing of Rasa, so that it can be tuned and measured by itself. docs/understanding.md has the
measurements by which it was chosen.
"""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from nlu import tfidf
from nlu.normalise import written_out
from nlu.tfidf import Tfidf
from nlu.topics import OUT_OF_SCOPE, intent_of

_ARRAYS = "model.npz"
_WORDS = "vocabulary.json"
# what features are taken from the two parts of a text
_ANALYSE = (tfidf.words, tfidf.pieces)


@dataclass(frozen=True)
class Tuning:
    """What `regiowijzer tune` chooses; the chosen values stand in config.yml.

    `c` is the inverse strength of the regularisation; `balance` how much a label with few sentences
    counts as much as one with many (0 not at all, 1 wholly); `min_df` the number of sentences a
    feature must occur in; `char_weight` the weight of character features beside words. The scores
    become probabilities through `temperature` (below 1 sharpens them) and `out_of_scope_bias`,
    which is added to "none of ours".
    """

    c: float = 0.2
    balance: float = 0.5
    min_df: int = 2
    char_weight: float = 1.5
    temperature: float = 0.12
    out_of_scope_bias: float = 0.0


# a message prepared for a model: its lemmas, and its characters
Text = tuple[str, str]


def as_text(lemmas: Sequence[str], raw: str) -> Text:
    """The texts that features are taken from: lemmas for words, `raw` for characters.

    `lemmas` are those of `raw`, a message as `written_out` gives it.
    """
    return " ".join(lemmas), raw


def as_texts(
    raw: Sequence[str], lemmas_of_many: Callable[[Sequence[str]], list[list[str]]]
) -> list[Text]:
    """`as_text` of many messages, with their abbreviations written out."""
    plain = [written_out(text) for text in raw]
    return [as_text(words, text) for text, words in zip(plain, lemmas_of_many(plain), strict=True)]


class TopicModel:
    """Gives every topic a probability for a message."""

    def __init__(self, tuning: Tuning) -> None:
        """An untrained model."""
        self.tuning = tuning
        self.labels: list[str] = []
        self._vectorizers = [Tfidf(analyse, ()) for analyse in _ANALYSE]
        # one row per feature, so that a sparse message meets contiguous memory; in half precision
        # once it was saved, and in single precision for the rows that a message needs
        self._weights: NDArray[np.float16 | np.float32] = np.zeros((0, 0), dtype=np.float32)
        self._intercept: NDArray[np.float32] = np.zeros(0, dtype=np.float32)

    def fit(self, texts: Sequence[tuple[str, str]], labels: Sequence[str]) -> None:
        """Train on pairs made by `as_text`.

        Raises:
            ValueError: there are fewer than two different labels.
        """
        if len(set(labels)) < 2:
            raise ValueError("training needs sentences of at least two topics")
        self.learn_words(texts)
        self.fit_features(self.features(texts), labels)

    def learn_words(self, texts: Sequence[tuple[str, str]]) -> None:
        """Learn which features there are, and how rare each is."""
        self._vectorizers = [
            tfidf.learned(analyse, [text[part] for text in texts], self.tuning.min_df)
            for part, analyse in enumerate(_ANALYSE)
        ]

    def features(self, texts: Sequence[tuple[str, str]]) -> csr_matrix:
        """The features of these texts, one row each: those of the words, then of the pieces."""
        words, pieces = self._vectorizers
        first = len(words.vocabulary)
        numbers, values, ends = [], [], [0]
        for lemmas, raw in texts:
            of_words, told = words.row(lemmas)
            of_pieces, weighed = pieces.row(raw)
            numbers += [of_words, of_pieces + first]
            values += [told, weighed * np.float32(self.tuning.char_weight)]
            ends.append(ends[-1] + len(of_words) + len(of_pieces))
        shape = (len(texts), first + len(pieces.vocabulary))
        if not texts:
            return csr_matrix(shape, dtype=np.float32)
        return csr_matrix((np.concatenate(values), np.concatenate(numbers), ends), shape=shape)

    def fit_features(self, features: csr_matrix, labels: Sequence[str]) -> None:
        """Train on features that were computed before."""
        from sklearn.svm import LinearSVC  # only where a model is trained

        count = Counter(labels)
        even = len(labels) / len(count)
        weights = {label: (even / n) ** self.tuning.balance for label, n in count.items()}
        classifier = LinearSVC(C=self.tuning.c, class_weight=weights, random_state=7)
        classifier.fit(features, list(labels))
        self.labels = [str(label) for label in classifier.classes_]
        coefficients, intercepts = classifier.coef_, classifier.intercept_
        if len(self.labels) == 2:  # scikit-learn keeps one row for two labels
            coefficients = np.vstack([-coefficients, coefficients])
            intercepts = np.concatenate([-intercepts, intercepts])
        self._weights = np.ascontiguousarray(coefficients.T, dtype=np.float32)
        self._intercept = intercepts.astype(np.float32)

    def scores(self, features: csr_matrix) -> NDArray[np.float32]:
        """Raw scores, one row per row of features and one column per label."""
        used, columns = np.unique(features.indices, return_inverse=True)
        weights = self._weights[used].astype(np.float32, copy=False)
        shape = (features.shape[0], len(used))
        found = csr_matrix((features.data, columns, features.indptr), shape=shape)
        return np.asarray(found @ weights + self._intercept, dtype=np.float32)

    def probabilities(self, texts: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """Calibrated probabilities, rows summing to 1."""
        scores = self.scores(self.features(texts)) / self.tuning.temperature
        bias = [
            self.tuning.out_of_scope_bias if label == intent_of(OUT_OF_SCOPE) else 0.0
            for label in self.labels
        ]
        return softmax(scores + np.array(bias, dtype=np.float32))

    def ranking(self, text: tuple[str, str], length: int) -> list[tuple[str, float]]:
        """The `length` most probable labels, best first."""
        row = self.probabilities([text])[0]
        best = np.argsort(row)[::-1][:length]
        return [(self.labels[index], float(row[index])) for index in best]

    def save(self, folder: Path) -> None:
        """Write the model as plain arrays and JSON: nothing in it can run code when loaded."""
        arrays: dict[str, Any] = {
            "weights": self._weights.astype(np.float16),
            "intercept": self._intercept,
        }
        for index, vectorizer in enumerate(self._vectorizers):
            arrays[f"idf{index}"] = vectorizer.idf
        vocabularies = [vectorizer.vocabulary.features() for vectorizer in self._vectorizers]
        np.savez_compressed(folder / _ARRAYS, **arrays)
        (folder / _WORDS).write_text(
            json.dumps({"labels": self.labels, "words": vocabularies}, ensure_ascii=False),
            encoding="utf-8",
        )

    @classmethod
    def load(cls, folder: Path, tuning: Tuning) -> "TopicModel":
        """Read what `save` wrote.

        Raises:
            OSError, ValueError, KeyError: the files are missing or damaged.
        """
        model = cls(tuning)
        data = json.loads((folder / _WORDS).read_text(encoding="utf-8"))
        arrays = np.load(folder / _ARRAYS, allow_pickle=False)
        model.labels = data["labels"]
        model._weights = arrays["weights"]
        model._intercept = arrays["intercept"]
        model._vectorizers = [
            Tfidf(analyse, data["words"][index], arrays[f"idf{index}"])
            for index, analyse in enumerate(_ANALYSE)
        ]
        return model


def softmax(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Probabilities from scores, row by row."""
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    result: NDArray[np.float32] = shifted / shifted.sum(axis=1, keepdims=True)
    return result
