"""How much of what identifies is removed: `python -m tools.evaluate_privacy [SET ...] [--show]`.

On labelled texts (tests/privacy): the development sets, on which the rules were made, and two test
sets by people who had not seen them. A labelled string counts as removed when all its letters and
digits are. And on ordinary questions without personal data (tests/nlu), which must stay whole.
Exits with 1 below a floor. `--show` prints what went wrong, never of a test set. `--entities` tells
instead how many of the names our spaCy pipeline would find (docs/adr/0010).
"""

import re
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from bottlenecks.privacy import KINDS, screen

TESTS = Path(__file__).parents[1] / "tests"
TODAY = date(2026, 11, 29)
DEV_SETS = ("dev", *(f"dev-{number}" for number in range(2, 17)))
TEST_SETS = ("test-1", "test-2")
QUESTIONS = "questions"
# shares of the identifying strings of each test set
FLOORS = {"bsn": 1.0, "telefoon": 1.0, "e-mail": 1.0, "all": 0.97}
HIGHEST_OTHER = 0.03
# share of the ordinary questions of which anything may be removed
HIGHEST_QUESTIONS = 0.02


@dataclass
class Measured:
    """Counts over a set of texts; `missed` and `wrongly` hold what went wrong."""

    texts: int = 0
    labelled: Counter[str] = field(default_factory=Counter)
    removed: Counter[str] = field(default_factory=Counter)
    words: int = 0
    words_removed: int = 0
    missed: list[str] = field(default_factory=list)
    wrongly: list[str] = field(default_factory=list)

    @property
    def share(self) -> float:
        """Of all identifying strings, how many were removed."""
        return self.removed.total() / self.labelled.total()

    @property
    def other(self) -> float:
        """Of all other words, how many were removed."""
        return self.words_removed / self.words


def measure(name: str) -> Measured:
    """Screen the texts of a set."""
    got = Measured()
    for entry in _entries(name):
        text = entry["tekst"]
        got.texts += 1
        gone = {i for one in screen(text, today=TODAY).found for i in range(one.start, one.end)}
        meant: set[int] = set()
        for label in entry["weg"]:
            start = _place(text, label["tekst"], meant)
            span = set(range(start, start + len(label["tekst"])))
            meant |= span
            got.labelled[label["soort"]] += 1
            if all(i in gone for i in span if text[i].isalnum()):
                got.removed[label["soort"]] += 1
            else:
                got.missed.append(f"{label['soort']}: {label['tekst']!r} in {text!r}")
        for word in re.finditer(r"\w+", text):
            if meant & set(range(*word.span())):
                continue
            got.words += 1
            if gone & set(range(*word.span())):
                got.words_removed += 1
                got.wrongly.append(f"{word.group()!r} in {text!r}")
    return got


def _entries(name: str) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = yaml.safe_load(
        (TESTS / "privacy" / f"{name}.yml").read_text(encoding="utf-8")
    )
    return entries


def _place(text: str, label: str, taken: set[int]) -> int:
    """Where a label stands: the first place not taken, as a whole word when there is one."""
    places = [match.start() for match in re.finditer(re.escape(label), text)]
    free = [place for place in places if place not in taken]
    whole = [
        place
        for place in free
        if not text[place - 1 : place].isalnum() and not text[place + len(label) :][:1].isalnum()
    ]
    if not free:
        raise ValueError(f"{label!r} is not in {text!r}")
    return (whole or free)[0]


def _short(name: str, got: Measured) -> list[str]:
    """What is below its floor."""
    short = [
        f"{name}: {kind}"
        for kind, floor in FLOORS.items()
        if (got.share if kind == "all" else got.removed[kind] / (got.labelled[kind] or 1)) < floor
        and (kind == "all" or got.labelled[kind])
    ]
    return [*short, *([f"{name}: other words"] if got.other > HIGHEST_OTHER else [])]


def _set(name: str, show: bool) -> list[str]:
    """Print a set; what is below its floor."""
    got = measure(name)
    print(
        f"{name}: {got.texts} texts, {got.share:.1%} of {got.labelled.total()} identifying "
        f"strings removed, {got.other:.2%} of {got.words} other words removed"
    )
    for kind in KINDS:
        if got.labelled[kind]:
            print(f"  {kind:14} {got.removed[kind]}/{got.labelled[kind]}")
    if show and name in DEV_SETS:
        print("\n".join(["missed:", *got.missed, "wrongly removed:", *got.wrongly]))
    return _short(name, got) if name in TEST_SETS else []


def _questions(show: bool) -> list[str]:
    """Print how many ordinary questions lose anything."""
    texts = [
        text
        for file in sorted((TESTS / "nlu").glob("*.yml"))
        for examples in yaml.safe_load(file.read_text(encoding="utf-8")).values()
        for text in examples
    ]
    hit = [(text, found) for text in texts if (found := screen(text, today=TODAY).found)]
    share = len(hit) / len(texts)
    print(f"ordinary questions with something removed: {len(hit)}/{len(texts)} ({share:.2%})")
    if show:
        print("\n".join(f"{[one.text for one in found]} in {text!r}" for text, found in hit))
    return ["ordinary questions"] if share > HIGHEST_QUESTIONS else []


def _entities(sets: Sequence[str]) -> None:
    """Print how many names of the sets the pipeline takes for people, and how much else."""
    import spacy

    from nlu.spacy_pipeline import pipeline_info

    pipeline = spacy.load(pipeline_info().name)
    named = found = taken = wrong = 0
    for name in sets:
        for entry in _entries(name):
            spans = [
                range(one.start_char, one.end_char)
                for one in pipeline(entry["tekst"]).ents
                if one.label_ in ("PERSON", "PER")
            ]
            places: list[set[int]] = []
            for one in entry["weg"]:
                if one["soort"] == "naam":
                    start = _place(entry["tekst"], one["tekst"], set())
                    places.append(set(range(start, start + len(one["tekst"]))))
            named += len(places)
            found += sum(any(place & set(span) for span in spans) for place in places)
            taken += len(spans)
            wrong += sum(not any(place & set(span) for place in places) for span in spans)
    print(f"{pipeline_info().name}: touches {found} of {named} names; of {taken} people it")
    print(f"finds, {wrong} are no name")


def main() -> None:
    """Print all sets, or those asked for; exit with 1 below a floor."""
    show = "--show" in sys.argv
    asked = [name for name in sys.argv[1:] if not name.startswith("--")]
    if "--entities" in sys.argv:
        _entities(asked or DEV_SETS)
        return
    short: list[str] = []
    for name in asked or (*DEV_SETS, *TEST_SETS, QUESTIONS):
        short += _questions(show) if name == QUESTIONS else _set(name, show)
    if short:
        print(f"below a floor: {', '.join(short)}", file=sys.stderr)
        raise SystemExit(1)


if __name__ == "__main__":
    main()
