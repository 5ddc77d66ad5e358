"""The topic model: TF-IDF of words and characters over lemmas, and a logistic regression.

Knows nothing of Rasa, so that it can be tuned and measured by itself.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

_ARRAYS = "model.npz"
_WORDS = "vocabulary.json"


@dataclass(frozen=True)
class Tuning:
    """What `regiowijzer tune` chooses; the chosen values stand in config.yml.

    `c` is the inverse strength of the regularisation, `min_df` the number of sentences a feature
    must occur in, `temperature` divides the scores so that the probabilities are calibrated
    (below 1 sharpens them).
    """

    c: float = 30.0
    min_df: int = 2
    char_weight: float = 1.0
    temperature: float = 1.0


def as_text(raw: str, lemmas: Sequence[str]) -> tuple[str, str]:
    """The texts that features are taken from: lemmas for words, lower case for characters."""
    return " ".join(lemmas), " ".join(raw.lower().split())


class TopicModel:
    """Gives every topic a probability for a message."""

    def __init__(self, tuning: Tuning) -> None:
        """An untrained model."""
        self.tuning = tuning
        self.labels: list[str] = []
        self._vectorizers = _vectorizers(tuning.min_df)
        # one row per feature, so that a sparse message meets contiguous memory
        self._weights: NDArray[np.float32] = np.zeros((0, 0), dtype=np.float32)
        self._intercept: NDArray[np.float32] = np.zeros(0, dtype=np.float32)

    def fit(self, texts: Sequence[tuple[str, str]], labels: Sequence[str]) -> None:
        """Train on pairs made by `as_text`.

        Raises:
            ValueError: there are fewer than two different labels.
        """
        if len(set(labels)) < 2:
            raise ValueError("training needs sentences of at least two topics")
        features = hstack(
            [
                vectorizer.fit_transform([text[part] for text in texts]) * weight
                for vectorizer, part, weight in self._parts()
            ]
        ).tocsr()
        classifier = LogisticRegression(
            C=self.tuning.c, max_iter=400, tol=1e-4, class_weight="balanced", random_state=7
        )
        classifier.fit(features.astype(np.float32), list(labels))
        self.labels = [str(label) for label in classifier.classes_]
        self._weights = np.ascontiguousarray(classifier.coef_.T, dtype=np.float32)
        self._intercept = classifier.intercept_.astype(np.float32)

    def scores(self, texts: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """Raw scores, one row per text and one column per label."""
        features = hstack(
            [
                vectorizer.transform([text[part] for text in texts]) * weight
                for vectorizer, part, weight in self._parts()
            ]
        )
        return np.asarray(csr_matrix(features) @ self._weights + self._intercept, dtype=np.float32)

    def probabilities(self, texts: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """Calibrated probabilities, rows summing to 1."""
        return softmax(self.scores(texts) / self.tuning.temperature)

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
        vocabularies = []
        for index, (vectorizer, _, _) in enumerate(self._parts()):
            arrays[f"idf{index}"] = vectorizer.idf_.astype(np.float32)
            words = sorted(vectorizer.vocabulary_, key=vectorizer.vocabulary_.__getitem__)
            vocabularies.append(words)
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
        model._weights = arrays["weights"].astype(np.float32)
        model._intercept = arrays["intercept"]
        for index, (vectorizer, _, _) in enumerate(model._parts()):
            vectorizer.vocabulary_ = {word: i for i, word in enumerate(data["words"][index])}
            vectorizer.fixed_vocabulary_ = True
            vectorizer.idf_ = arrays[f"idf{index}"].astype(np.float64)
        return model

    def _parts(self) -> list[tuple[Any, int, float]]:
        words, characters = self._vectorizers
        return [(words, 0, 1.0), (characters, 1, self.tuning.char_weight)]


def softmax(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Probabilities from scores, row by row."""
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    result: NDArray[np.float32] = shifted / shifted.sum(axis=1, keepdims=True)
    return result


def _vectorizers(min_df: int) -> tuple[Any, Any]:
    words = TfidfVectorizer(
        ngram_range=(1, 2),
        min_df=min_df,
        sublinear_tf=True,
        token_pattern=r"(?u)\b\w+\b",
        dtype=np.float32,
    )
    characters = TfidfVectorizer(
        analyzer="char_wb", ngram_range=(2, 5), min_df=min_df, sublinear_tf=True, dtype=np.float32
    )
    return words, characters
