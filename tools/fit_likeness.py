"""`python -m tools.fit_likeness`: choose the numbers of `bottlenecks.likeness`, once.

How telling words and concepts are is counted in the made-up reports of nlu/meldingen.yml; what
each feature weighs is fitted (logistic regression) on the pairs of tests/groups/dev.yml, and on
reports of different pairs, which are hardly ever about the same. Written to
bottlenecks/likeness.json; the limits are chosen by hand in likeness.yml, from what
`python -m tools.evaluate_groups` prints.
"""

import json
import math
from collections import Counter
from pathlib import Path

import numpy as np
import yaml
from scipy.optimize import minimize

from bottlenecks.likeness import FEATURES, NUMBERS, RULES, Likeness, Limits, Numbers
from bottlenecks.likeness_text import Lexicon, plain, stem
from knowledge import load
from tools.group_pairs import Pair, read_pairs, strangers

REPORTS = Path(__file__).parent.parent / "nlu" / "meldingen.yml"
SEEN_OFTEN = 3
MOST = 6.0
# where it is, is in the region already: two reports from one village need not be about the same
PLACE = 0.1
# Labelled pairs that differ were made to share words, which real ones do not so often: without
# this, texts that are word for word the same would not count as alike.
EXPECTED = {"words": 3.0, "parts": 3.0}
REGULARISED = 3.0
STRANGERS = 3_000
NO_LIMITS = Limits(0, 0, 0)


def count_words() -> tuple[dict[str, float], dict[str, float]]:
    """How telling each word (by stem) and concept is."""
    rules = yaml.safe_load(RULES.read_text(encoding="utf-8"))
    reports = yaml.safe_load(REPORTS.read_text(encoding="utf-8"))["meldingen"]
    lexicon = Lexicon(rules["begrippen"], rules["gewoon"], {}, {})
    words: Counter[str] = Counter()
    concepts: Counter[str] = Counter()
    for report in reports:
        parts = lexicon.read(report["tekst"])
        words.update(parts.words.keys())
        concepts.update(name for family in parts.concepts.values() for name in family)

    def telling(count: int) -> float:
        return round(min(MOST, math.log((len(reports) + 1) / (count + 1))), 2)

    telling_words = {word: telling(n) for word, n in words.items() if n >= SEEN_OFTEN}
    for region in load().regions.values():
        for place in (region.name, *region.places):
            for part in plain(place).replace("-", " ").split():
                telling_words[stem(part)] = min(PLACE, telling_words.get(stem(part), PLACE))
    return telling_words, {
        name: telling(concepts[name]) for family in rules["begrippen"].values() for name in family
    }


def fit(likeness: Likeness, pairs: list[Pair]) -> tuple[dict[str, float], float]:
    """What each feature weighs, and the constant: logistic regression with signs that make sense.

    What is shared never makes less alike, what differs never more. Reports of different pairs
    count together as much as the labelled ones.
    """
    others = strangers(pairs, STRANGERS)
    features = np.vstack([likeness.features(pair.a, [pair.b]) for pair in (*pairs, *others)])
    signs = np.where([pair.is_same for pair in (*pairs, *others)], 1.0, -1.0)
    counts = np.r_[np.ones(len(pairs)), np.full(len(others), len(pairs) / len(others))]
    expected = np.array([EXPECTED.get(name, 0.0) for name in FEATURES])

    def loss(found: np.ndarray) -> tuple[float, np.ndarray]:
        told = signs * (features @ found[:-1] + found[-1])
        away = found[:-1] - expected
        pull = -signs * counts / (1 + np.exp(told))
        slope = np.r_[features.T @ pull + away / REGULARISED, pull.sum()]
        return float((counts * np.logaddexp(0, -told)).sum() + away @ away / 2 / REGULARISED), slope

    bounds = [(None, 0) if name.startswith("other_") else (0, None) for name in FEATURES]
    start = np.zeros(len(FEATURES) + 1)
    found = minimize(loss, start, jac=True, bounds=[*bounds, (None, None)], method="L-BFGS-B").x
    weights = {name: round(float(one), 3) for name, one in zip(FEATURES, found[:-1], strict=True)}
    return weights, round(float(found[-1]), 3)


def main() -> None:
    """Choose the numbers and write them."""
    rules = yaml.safe_load(RULES.read_text(encoding="utf-8"))
    words, concepts = count_words()
    lexicon = Lexicon(rules["begrippen"], rules["gewoon"], words, concepts)
    nothing = Numbers(dict.fromkeys(FEATURES, 0.0), 0.0, NO_LIMITS)
    weights, constant = fit(Likeness(lexicon, nothing), read_pairs("dev"))
    data = {
        "weights": weights,
        "constant": constant,
        "concepts": concepts,
        "words": dict(sorted(words.items())),
    }
    NUMBERS.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(weights, constant)


if __name__ == "__main__":
    main()
