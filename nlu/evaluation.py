"""Measures understanding on test sentences: figures, calibration, confusions, worst cases."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

from nlu.data import Sentence
from nlu.decision import Candidate
from nlu.topics import CLARIFY_INTENT, OUT_OF_SCOPE

BINS = 10
WORST = 30


class Understanding(Protocol):
    """What was made of a message; `topic` is a topic, "verduidelijken" or "buiten-bereik"."""

    @property
    def topic(self) -> str:
        """What was decided."""

    @property
    def confidence(self) -> float:
        """From 0 to 1."""

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """Topics that came near, best first."""


@dataclass(frozen=True)
class Case:
    """A test sentence and what was made of it."""

    sentence: Sentence
    decided: str
    ranking: tuple[Candidate, ...]

    @property
    def best(self) -> str:
        """The topic that came first: the one that was answered, or else the best candidate."""
        answered = self.decided not in (CLARIFY_INTENT, OUT_OF_SCOPE)
        return self.decided if answered or not self.ranking else self.ranking[0].topic

    @property
    def in_scope(self) -> bool:
        """Whether one of our topics was asked for."""
        return self.sentence.topic != OUT_OF_SCOPE

    @property
    def in_first_three(self) -> bool:
        """Whether the right topic was answered or among the first three candidates."""
        near = [candidate.topic for candidate in self.ranking[:3]]
        return self.sentence.topic in (self.decided, *near)

    @property
    def answered_wrong(self) -> bool:
        """Whether another topic was answered than the one that was asked for."""
        return self.decided not in (self.sentence.topic, CLARIFY_INTENT, OUT_OF_SCOPE)


@dataclass(frozen=True)
class Figures:
    """All as fractions of 1; of in-scope sentences unless the name says otherwise.

    `right_first` and `right_in_three`: the asked topic came first, or among the first three;
    `answered_right`, `answered_wrong`, `clarified`, `declined` add up to 1. `out_of_scope_seen` is
    the share of out-of-scope sentences that were declined or clarified, `out_of_scope_declined` of
    those declined. `calibration_error` (ECE) is how far confidence is from the share that is right,
    over all sentences.
    """

    right_first: float
    right_in_three: float
    answered_right: float
    answered_wrong: float
    clarified: float
    declined: float
    out_of_scope_seen: float
    out_of_scope_declined: float
    calibration_error: float


# figures for which less is better; the floor of these is a ceiling
LESS_IS_BETTER = frozenset({"answered_wrong", "clarified", "declined", "calibration_error"})


def evaluate(
    sentences: Iterable[Sentence], understand: Callable[[str], Understanding]
) -> list[Case]:
    """Have every test sentence understood."""
    cases = []
    for sentence in sentences:
        result = understand(sentence.text)
        cases.append(Case(sentence, result.topic, result.candidates))
    return cases


def figures(cases: Sequence[Case]) -> Figures:
    """The figures of these cases.

    Raises:
        ValueError: there are no in-scope or no out-of-scope sentences.
    """
    inside = [case for case in cases if case.in_scope]
    outside = [case for case in cases if not case.in_scope]
    if not inside or not outside:
        raise ValueError("measuring needs sentences in scope and out of scope")

    def share(hits: Iterable[bool], among: Sequence[Case]) -> float:
        return round(sum(hits) / len(among), 4)

    return Figures(
        right_first=share((case.best == case.sentence.topic for case in inside), inside),
        right_in_three=share((case.in_first_three for case in inside), inside),
        answered_right=share((case.decided == case.sentence.topic for case in inside), inside),
        answered_wrong=share((case.answered_wrong for case in inside), inside),
        clarified=share((case.decided == CLARIFY_INTENT for case in inside), inside),
        declined=share((case.decided == OUT_OF_SCOPE for case in inside), inside),
        out_of_scope_seen=share((not case.answered_wrong for case in outside), outside),
        out_of_scope_declined=share((case.decided == OUT_OF_SCOPE for case in outside), outside),
        calibration_error=round(calibration_error(cases), 4),
    )


def calibration_error(cases: Sequence[Case]) -> float:
    """Expected calibration error of the best candidate, in ten equal steps of confidence."""
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for case in cases:
        if case.ranking:
            best = case.ranking[0]
            index = min(int(best.confidence * BINS), BINS - 1)
            bins[index].append((best.confidence, best.topic == case.sentence.topic))
    total = sum(len(group) for group in bins)
    return sum(
        abs(sum(sure for sure, _ in group) - sum(right for _, right in group)) / total
        for group in bins
        if group
    )


def confusions(cases: Iterable[Case]) -> list[tuple[str, str, int]]:
    """Pairs (asked for, came first instead) with how often, most frequent first."""
    pairs = Counter(
        (case.sentence.topic, case.best) for case in cases if case.best != case.sentence.topic
    )
    return [(asked, came, count) for (asked, came), count in pairs.most_common()]


def worst(cases: Iterable[Case], length: int = WORST) -> list[Case]:
    """The worst cases: answered wrong, surest first; then our topics that were not answered."""

    def badness(case: Case) -> tuple[bool, float]:
        return (case.answered_wrong, case.ranking[0].confidence if case.ranking else 0.0)

    bad = [
        case
        for case in cases
        if case.answered_wrong or (case.in_scope and case.decided != case.sentence.topic)
    ]
    return sorted(bad, key=badness, reverse=True)[:length]


def broken_floors(measured: Figures, floors: Mapping[str, float]) -> list[str]:
    """What is worse than its floor, in words; a floor of a figure of `LESS_IS_BETTER` is a ceiling.

    Raises:
        ValueError: a floor for something that is not measured.
    """
    values = asdict(measured)
    unknown = sorted(set(floors) - set(values))
    if unknown:
        raise ValueError(f"there is no figure {unknown[0]}; there are: {', '.join(values)}")
    broken = []
    for name, floor in floors.items():
        less = name in LESS_IS_BETTER
        if values[name] > floor if less else values[name] < floor:
            limit = "at most" if less else "at least"
            broken.append(f"{name} is {values[name]:.1%}, must be {limit} {floor:.1%}")
    return broken


def read_figures(path: Path) -> dict[str, float]:
    """Figures that were kept in a file; empty when there is none."""
    if not path.exists():
        return {}
    kept: dict[str, float] = json.loads(path.read_text(encoding="utf-8"))
    return kept


def write_figures(measured: Figures, path: Path) -> None:
    """Keep figures in a file, to compare with later."""
    path.write_text(json.dumps(asdict(measured), indent=2) + "\n", encoding="utf-8")
