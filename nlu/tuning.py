"""Chooses the model's numbers by leaving one voice out: how it does on a writer it never saw."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from nlu.data import Sentence
from nlu.model import TopicModel, Tuning, as_texts, softmax
from nlu.spacy_pipeline import load_pipeline
from nlu.topics import OUT_OF_SCOPE

GRID = (Tuning(c=0.2), Tuning(c=0.4))
# what a decision costs, counted in questions that ask the user to choose: a wrong answer to a
# question of ours, an answer to one that is not ours, turning a question of ours down
COST_WRONG = 5.0
COST_ANSWERED_OUTSIDE = 5.0
COST_DECLINED = 3.0
# how many messages are not for us, in use; in the training data there are fewer
OUTSIDE_SHARE = 0.2
# how near a topic must come to be worth offering
CLARIFY = 0.12
# not a label: the user is asked to choose
ASK = -1
# thresholds for answering whose outcomes are shown
SHOWN = (0.5, 0.6, 0.7, 0.8)
# voices of a few sentences that only fill gaps: never left out by themselves
SMALL_VOICES = frozenset({"kort", "melder", "gebruikers"})


@dataclass(frozen=True)
class Outcomes:
    """What comes of it when topics are answered from `answer` on (fractions of 1)."""

    answer: float
    answered_wrong: float
    declined: float
    asked: float
    out_of_scope_seen: float


@dataclass(frozen=True)
class Measured:
    """A choice of numbers with what it reached on voices left out (fractions of 1).

    `answer` and `decline` are the cheapest thresholds, `chosen` what comes of them, and
    `by_threshold` what would come of others. `by_voice` is the share right first per voice.
    """

    tuning: Tuning
    right_first: float
    right_in_three: float
    answer: float
    decline: float
    chosen: Outcomes
    by_voice: dict[str, float]
    by_threshold: tuple[Outcomes, ...]


def tune(
    sentences: Sequence[Sentence], on_result: Callable[[Measured], None], grid: Sequence[Tuning]
) -> Measured:
    """Try every choice of `grid` on every voice, and give the cheapest with its thresholds."""
    texts = as_texts([s.text for s in sentences], load_pipeline().lemmas_of_many)
    results = []
    for tuning in grid:
        result = measure(sentences, texts, tuning)
        on_result(result)
        results.append(result)
    return min(results, key=_cost_of)


def measure(
    sentences: Sequence[Sentence], texts: Sequence[tuple[str, str]], tuning: Tuning
) -> Measured:
    """What a choice of numbers reaches on voices that were left out of the training.

    Which features there are is learned from all sentences, what they mean only from the others.
    """
    labels = sorted({sentence.topic for sentence in sentences})
    position = {label: index for index, label in enumerate(labels)}
    truth = np.array([position[sentence.topic] for sentence in sentences])
    scores = _left_out_scores(sentences, texts, tuning, labels)
    outside = position[OUT_OF_SCOPE]
    temperature, bias = _calibrated(scores, truth, outside)
    probabilities = _probabilities(scores, temperature, bias, outside)
    answer, decline = _cheapest(probabilities, truth, outside)
    best = np.argsort(probabilities, axis=1)[:, ::-1]
    ours = truth != outside
    right = best[:, 0] == truth
    voices = np.array([sentence.voice for sentence in sentences])

    def outcomes(threshold: float) -> Outcomes:
        decided = _decide(probabilities, threshold, decline, outside)
        answered = (decided != ASK) & (decided != outside)
        return Outcomes(
            threshold,
            answered_wrong=float((answered & (decided != truth))[ours].mean()),
            declined=float((decided == outside)[ours].mean()),
            asked=float((decided == ASK)[ours].mean()),
            out_of_scope_seen=float(1 - answered[~ours].mean()),
        )

    return Measured(
        replace(tuning, temperature=round(temperature, 3), out_of_scope_bias=round(bias, 2)),
        right_first=float(right[ours].mean()),
        right_in_three=float((best[:, :3] == truth[:, None]).any(axis=1)[ours].mean()),
        answer=answer,
        decline=decline,
        chosen=outcomes(answer),
        by_voice={
            voice: float(right[ours & (voices == voice)].mean())
            for voice in sorted(set(voices[ours]) - SMALL_VOICES)
        },
        by_threshold=tuple(outcomes(threshold) for threshold in SHOWN),
    )


def _left_out_scores(
    sentences: Sequence[Sentence],
    texts: Sequence[tuple[str, str]],
    tuning: Tuning,
    labels: Sequence[str],
) -> NDArray[np.float32]:
    """The scores of every sentence by a model that has not seen its voice."""
    words = TopicModel(tuning)
    words.learn_words(texts)
    features: csr_matrix = words.features(texts)
    topics = np.array([sentence.topic for sentence in sentences])

    def left_out(fold: NDArray[np.bool_]) -> tuple[list[str], NDArray[np.float32]]:
        model = TopicModel(tuning)
        model.fit_features(features[~fold], topics[~fold].tolist())
        return model.labels, model.scores(features[fold])

    parts = folds(sentences)
    column = {label: index for index, label in enumerate(labels)}
    scores = np.full((len(sentences), len(labels)), -1.0, dtype=np.float32)
    results = Parallel(n_jobs=-1)(delayed(left_out)(fold) for fold in parts)
    for fold, (seen, part) in zip(parts, results, strict=True):
        columns = np.array([column[label] for label in seen])
        scores[np.ix_(np.flatnonzero(fold), columns)] = part
    return scores


def folds(sentences: Sequence[Sentence]) -> list[NDArray[np.bool_]]:
    """One fold per voice; small voices and those of out-of-scope only are dealt over them."""
    voices = sorted({s.voice for s in sentences if s.topic != OUT_OF_SCOPE} - SMALL_VOICES)
    others = sorted({s.voice for s in sentences} - set(voices))
    fold_of = {voice: index for index, voice in enumerate(voices)}
    fold_of |= {voice: index % len(voices) for index, voice in enumerate(others)}
    numbers = np.array([fold_of[sentence.voice] for sentence in sentences])
    return [numbers == index for index in range(len(voices))]


def _probabilities(
    scores: NDArray[np.float32], temperature: float, bias: float, outside: int
) -> NDArray[np.float32]:
    scaled = scores / temperature
    scaled[:, outside] += bias
    return softmax(scaled)


def _calibrated(
    scores: NDArray[np.float32], truth: NDArray[np.intp], outside: int
) -> tuple[float, float]:
    """Temperature and out-of-scope bias at which the probabilities of unseen voices are truest."""

    def loss(numbers: NDArray[np.float64]) -> float:
        probabilities = _probabilities(scores, abs(numbers[0]) + 0.01, numbers[1], outside)
        return float(-np.log(probabilities[np.arange(len(truth)), truth] + 1e-9).mean())

    found = minimize(loss, x0=[0.15, 0.0], method="Nelder-Mead", options={"xatol": 1e-3}).x
    return float(abs(found[0]) + 0.01), float(found[1])


def _decide(
    probabilities: NDArray[np.float32], answer: float, decline: float, outside: int
) -> NDArray[np.intp]:
    """The label that is answered or declined with, or ASK, as `nlu.decision.decide` does."""
    best = probabilities.argmax(axis=1)
    two = np.sort(probabilities, axis=1)[:, -2:]
    first, second = two[:, 1], two[:, 0]
    declined = best == outside
    unsure = first < np.where(declined, decline, answer)
    something_near = np.where(declined, second, first) >= CLARIFY
    return np.where(unsure, np.where(something_near, ASK, outside), best)


def _cost(decided: NDArray[np.intp], truth: NDArray[np.intp], outside: int) -> float:
    ours = truth != outside
    answered = (decided != ASK) & (decided != outside)
    return float(
        COST_WRONG * (answered & ours & (decided != truth)).sum() / ours.sum()
        + COST_DECLINED * (ours & (decided == outside)).sum() / ours.sum()
        + (ours & (decided == ASK)).sum() / ours.sum()
        + COST_ANSWERED_OUTSIDE * OUTSIDE_SHARE * (answered & ~ours).sum() / (~ours).sum()
    )


def _cheapest(
    probabilities: NDArray[np.float32], truth: NDArray[np.intp], outside: int
) -> tuple[float, float]:
    """The thresholds for answering and declining that cost least."""
    steps = [round(0.3 + 0.05 * index, 2) for index in range(14)]

    def cost(pair: tuple[float, float]) -> float:
        return _cost(_decide(probabilities, pair[0], pair[1], outside), truth, outside)

    return min(((answer, decline) for answer in steps for decline in steps), key=cost)


def _cost_of(result: Measured) -> float:
    return (
        COST_WRONG * result.chosen.answered_wrong
        + COST_DECLINED * result.chosen.declined
        + result.chosen.asked
        + COST_ANSWERED_OUTSIDE * OUTSIDE_SHARE * (1 - result.chosen.out_of_scope_seen)
    )
