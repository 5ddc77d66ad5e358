"""Chooses the model's numbers by leaving one voice out: how it does on a writer it never saw."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from nlu.data import Sentence
from nlu.model import TopicModel, Tuning, as_text, softmax
from nlu.spacy_pipeline import load_pipeline
from nlu.topics import OUT_OF_SCOPE

GRID = (
    Tuning(c=5.0, char_weight=1.0),
    Tuning(c=10.0, char_weight=1.0),
    Tuning(c=10.0, char_weight=1.5),
    Tuning(c=20.0, char_weight=1.5),
)


@dataclass(frozen=True)
class Measured:
    """A choice of numbers with what it reached on voices left out (fractions of 1)."""

    tuning: Tuning
    top1: float
    top3: float
    out_of_scope: float


def tune(
    sentences: Sequence[Sentence], on_result: Callable[[Measured], None], grid: Sequence[Tuning]
) -> Measured:
    """Try every choice of `grid` on every voice, and give the best with its temperature."""
    lemmas = load_pipeline().lemmas_of_many([s.text for s in sentences])
    texts = [as_text(s.text, words) for s, words in zip(sentences, lemmas, strict=True)]
    results = []
    for tuning in grid:
        result = _measure(sentences, texts, tuning)
        on_result(result)
        results.append(result)
    return max(results, key=lambda result: (result.top1 + result.out_of_scope, result.top3))


def _measure(
    sentences: Sequence[Sentence], texts: Sequence[tuple[str, str]], tuning: Tuning
) -> Measured:
    labels = sorted({sentence.topic for sentence in sentences})
    position = {label: index for index, label in enumerate(labels)}
    truth = np.array([position[sentence.topic] for sentence in sentences])
    scores = np.zeros((len(sentences), len(labels)), dtype=np.float32)
    for held_out in _folds(sentences):
        train = np.flatnonzero(~held_out)
        model = TopicModel(tuning)
        model.fit([texts[i] for i in train], [sentences[i].topic for i in train])
        columns = np.array([position[label] for label in model.labels])
        rows = np.flatnonzero(held_out)
        scores[np.ix_(rows, columns)] = model.scores([texts[i] for i in rows])
    best = np.argsort(scores, axis=1)[:, ::-1]
    outside = truth == position[OUT_OF_SCOPE]
    hit1 = best[:, 0] == truth
    hit3 = (best[:, :3] == truth[:, None]).any(axis=1)
    temperature = _temperature(scores, truth)
    return Measured(
        replace(tuning, temperature=round(temperature, 2)),
        float(hit1[~outside].mean()),
        float(hit3[~outside].mean()),
        float(hit1[outside].mean()),
    )


def _folds(sentences: Sequence[Sentence]) -> list[NDArray[np.bool_]]:
    """One fold per voice; out-of-scope groups are dealt over the folds."""
    voices = sorted({s.voice for s in sentences if s.topic != OUT_OF_SCOPE})
    groups = sorted({s.voice for s in sentences if s.topic == OUT_OF_SCOPE})
    fold_of = {voice: index for index, voice in enumerate(voices)}
    fold_of |= {group: index % len(voices) for index, group in enumerate(groups)}
    folds = np.array([fold_of[sentence.voice] for sentence in sentences])
    return [folds == index for index in range(len(voices))]


def _temperature(scores: NDArray[np.float32], truth: NDArray[np.intp]) -> float:
    """The temperature at which the probabilities of unseen voices are most truthful."""

    def loss(temperature: float) -> float:
        probabilities = softmax(scores / temperature)
        return float(-np.log(probabilities[np.arange(len(truth)), truth] + 1e-9).mean())

    return float(minimize_scalar(loss, bounds=(0.1, 3.0), method="bounded").x)
