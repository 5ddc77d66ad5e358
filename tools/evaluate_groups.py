"""`python -m tools.evaluate_groups`: how well reports about the same bottleneck are recognised.

On pairs that people labelled (tests/groups): dev, on which the numbers were chosen, and test, by
someone who had not seen the code. Pairs that differ were made to look alike (same kind, region and
words), and pairs that are the same to look different; so this is much harder than real work, where
nearly all reports differ in everything. That is what "strangers" measures: reports of different
pairs. Two limits are measured: from `suggest` on, officers see a report and decide; from `offer`
on, a reporter may be asked whether theirs belongs to a group.

Exits with 1 when a figure of the test pairs is below its floor.
"""

import sys
from dataclasses import dataclass

from sklearn.metrics import roc_auc_score

from bottlenecks.likeness import FEATURES, likeness
from tools.group_pairs import Pair, read_pairs, strangers

STRANGERS = 2_000
SHOWN = 5
# of the test pairs, a few points below what was measured
FLOORS = {
    "suggest": {"precision": 0.77, "recall": 0.41},
    "offer": {"precision": 0.90, "recall": 0.11},
}
HIGHEST_STRANGERS = {"suggest": 0.03, "offer": 0.003}
FOUND_FLOOR = 0.43


@dataclass(frozen=True)
class Measured:
    """What a limit gives on a set of pairs; `strangers` is the share wrongly taken as the same."""

    precision: float
    recall: float
    strangers: float


def measure(pairs: list[Pair], limit: float, number: int = STRANGERS) -> Measured:
    """How well pairs are told apart from `limit` on, and so many strangers."""
    taken = [pair for pair in pairs if _likeness(pair) >= limit]
    right = sum(pair.is_same for pair in taken)
    others = strangers(pairs, number)
    return Measured(
        right / len(taken) if taken else 0.0,
        right / sum(pair.is_same for pair in pairs),
        sum(_likeness(pair) >= limit for pair in others) / len(others),
    )


def found_among_all(pairs: list[Pair]) -> float:
    """How often a report's other half is among the first suggestions out of all reports."""
    reports = list({one.text: one for pair in pairs for one in (pair.a, pair.b)}.values())
    same = [pair for pair in pairs if pair.is_same]
    halves: dict[str, set[str]] = {}
    for pair in same:
        halves.setdefault(pair.a.text, set()).add(pair.b.text)
    found = 0
    for text, wanted in halves.items():
        this = next(report for report in reports if report.text == text)
        others = [report for report in reports if report.text != text]
        alike = likeness().of(this, others)
        ordered = sorted(zip(alike, others, strict=True), key=lambda one: -one[0].likeness)
        found += bool(wanted & {report.text for _, report in ordered[:SHOWN]})
    return found / len(halves)


def areas(pairs: list[Pair]) -> tuple[float, float]:
    """How well the likeness orders the pairs, and shared words and parts of words alone.

    The area under the ROC curve: 1.0 is without a fault, 0.5 is chance.
    """
    same = [pair.is_same for pair in pairs]
    features = [likeness().features(pair.a, [pair.b])[0] for pair in pairs]
    in_words = [one[FEATURES.index("words")] + one[FEATURES.index("parts")] for one in features]
    return (
        float(roc_auc_score(same, [_likeness(pair) for pair in pairs])),
        float(roc_auc_score(same, in_words)),
    )


def _likeness(pair: Pair) -> float:
    return likeness().of(pair.a, [pair.b])[0].likeness


def _floor(is_test: bool, floor: float) -> str:
    return f" (floor {floor:.2f})" if is_test else ""


def main() -> None:
    """Print both sets; exit with 1 below a floor."""
    limits = likeness().limits
    short = []
    for name in ("dev", "test"):
        pairs, is_test = read_pairs(name), name == "test"
        print(f"{name}: {len(pairs)} pairs, {sum(pair.is_same for pair in pairs)} the same")
        for limit in ("suggest", "offer"):
            got = measure(pairs, getattr(limits, limit))
            floor = FLOORS[limit]
            print(
                f"  {limit:8} from {getattr(limits, limit):.2f}: "
                f"precision {got.precision:.2f}{_floor(is_test, floor['precision'])}, "
                f"recall {got.recall:.2f}{_floor(is_test, floor['recall'])}, "
                f"strangers {got.strangers:.2%}"
                + (f" (at most {HIGHEST_STRANGERS[limit]:.2%})" if is_test else "")
            )
            if is_test and (
                got.precision < floor["precision"]
                or got.recall < floor["recall"]
                or got.strangers > HIGHEST_STRANGERS[limit]
            ):
                short.append(limit)
        whole, in_words = areas(pairs)
        print(f"  area under the curve: {whole:.2f}; by words alone {in_words:.2f}")
        found = found_among_all(pairs)
        print(f"  among the first {SHOWN} of all: {found:.2f}{_floor(is_test, FOUND_FLOOR)}")
        if is_test and found < FOUND_FLOOR:
            short.append("found")
    if short:
        print(f"below a floor: {', '.join(short)}", file=sys.stderr)
        raise SystemExit(1)


if __name__ == "__main__":
    main()
