"""Measures how well plans are read and matched, on the source documents in their own formats.

`python -m tools.evaluate_plans [FOLDER]`. FOLDER holds the five source documents, which are not in
the repository. Each is read as the text that it is, as Word with and without heading styles, and as
pdf. Where the sections stand that topics cite is labelled in tests/plans/bronnen.yml.

Recall: of the topics that cite the document, how many are found, at a passage of a section that
they cite. Precision: of the matches (a topic, with the section of its passages), how many are of a
topic that cites that section.

After them comes the made-up plan on which the numbers of the matching were chosen, and a long one
with many tables. Exit status 1 when a figure over the five documents is below its floor.
"""

import re
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from knowledge import Knowledge, load
from knowledge.plan import Plan, match, read_plan
from tools.example_plan import example_parts, long_parts, topics_of
from tools.plan_documents import Part, as_docx, as_pdf

ROOT = Path(__file__).parent.parent
LABELS = ROOT / "tests" / "plans" / "bronnen.yml"
DEFAULT_FOLDER = ROOT.parent / "shared" / "bronnen"
FORMATS: Mapping[str, Callable[[str, Sequence["Labelled"]], bytes]] = {
    "tekst": lambda text, labels: text.encode(),
    "docx": lambda text, labels: as_docx(parts_of(text, labels)),
    "docx, vet": lambda text, labels: as_docx(parts_of(text, labels), styles=False),
    "pdf": lambda text, labels: as_pdf(parts_of(text, labels)),
}
# what is measured over the five documents together may not fall below
MIN_RECALL, MIN_PRECISION = 0.88, 0.84
# of the one table in these documents
COLUMNS = 5
_BULLET = re.compile(r"^\s*[-·•]\s+")


@dataclass(frozen=True)
class Labelled:
    """A part of a document: how it begins, and the topics whose section it is."""

    begins: str
    after: str
    level: int
    topics: frozenset[str]


@dataclass(frozen=True)
class Score:
    """What was found of one document in one format."""

    wanted: frozenset[str]
    found: frozenset[str]
    right: int
    matches: int

    @property
    def recall(self) -> float:
        """The part of the topics that was found."""
        return len(self.found) / len(self.wanted)

    @property
    def precision(self) -> float:
        """The part of the matches that is right."""
        return self.right / self.matches if self.matches else 0.0


def labels_of(key: str, knowledge: Knowledge) -> list[Labelled]:
    """The labelled parts of a source document."""
    entries = yaml.safe_load(LABELS.read_text(encoding="utf-8"))[key]
    found = []
    for entry in entries:
        citing = frozenset(
            topic.id
            for topic in knowledge.topics.values()
            for ref in topic.sources
            if ref.document == key and ref.section == entry.get("onderdeel")
        )
        only = frozenset(entry.get("onderwerpen") or citing)
        if only - citing:
            raise ValueError(f"{key}: {sorted(only - citing)} cite no {entry.get('onderdeel')}")
        found.append(
            Labelled(entry["begint"], entry.get("na", ""), entry.get("niveau", 0), only & citing)
        )
    return found


def parts_of(text: str, labels: Sequence[Labelled]) -> Iterator[Part]:
    """A source document in parts, to make another kind of file of it."""
    headings = _headings(text, labels)
    lines = text.splitlines()
    wide = sum(len(line) > 160 for line in lines) * 10 > sum(bool(line.strip()) for line in lines)
    paragraph: list[str] = []
    rows: list[list[str]] = []
    is_item = in_row = False
    for number, line in enumerate([*lines, ""]):
        bare = re.sub(r"\[([^\]]*)\]\([^)]*\)|\*\*", r"\1", line).strip().lstrip("#").strip()
        in_row = bool(rows) and (in_row if line.strip() else len(rows[-1]) < COLUMNS)
        if line.startswith("\t") or (in_row and line.strip()):
            _add_cell(rows, line)
            in_row = True
            continue
        if paragraph and (not bare or wide or number in headings or _BULLET.match(line)):
            # text that stands in under a point of a list belongs to it
            if not (is_item and bare and line.startswith("  ")):
                yield Part(" ".join(paragraph), is_item=is_item)
                paragraph = []
        if not bare or set(bare) <= set("-_"):
            continue
        if rows:
            yield _table(rows)
            rows = []
        if number in headings:
            yield Part(bare, level=headings[number])
        else:
            if not paragraph:
                is_item = bool(_BULLET.match(line))
            paragraph.append(_BULLET.sub("", bare) if not paragraph else bare)


def _add_cell(rows: list[list[str]], line: str) -> None:
    if not line.startswith("\t"):
        rows[-1][-1] = f"{rows[-1][-1]} {line.strip()}".strip()
    elif rows and len(rows[-1]) < COLUMNS:
        rows[-1].append(line.strip())
    else:
        rows.append([line.strip()])


def _table(rows: list[list[str]]) -> Part:
    return Part(rows=tuple((*row, *[""] * (COLUMNS - len(row))) for row in rows))


def _headings(text: str, labels: Sequence[Labelled]) -> dict[int, int]:
    """The numbers of the lines that are headings, with their level."""
    places = dict(zip(labels, _places(text, labels), strict=True))
    return {text.count("\n", 0, places[label]): label.level for label in labels if label.level}


def _places(text: str, labels: Sequence[Labelled]) -> list[int]:
    """Where each part begins."""
    places, start = [], 0
    for label in labels:
        if label.after:
            start = text.index(label.after, start)
        pattern = rf"^[\s#•·-]*{re.escape(label.begins)}"
        found = re.compile(pattern, re.MULTILINE).search(text, start)
        if found is None:
            raise ValueError(f"the document holds no part that begins with '{label.begins}'")
        start = found.end() - len(label.begins)
        places.append(start)
        start += 1
    return places


class Truth:
    """Which topics the passages of a document belong to."""

    def __init__(self, text: str, labels: Sequence[Labelled]) -> None:
        """Finds the labelled parts in the text of the document."""
        self._letters = _letters(text)
        self._starts = [len(_letters(text[:place])) for place in _places(text, labels)]
        self._labels = labels

    def topics(self, plan: Plan) -> list[frozenset[str]]:
        """The right topics of each passage, in order."""
        found, start = [], 0
        for passage in plan.passages:
            cells = [cell.split(": ", 1)[-1] for cell in passage.text.split(" | ")]
            probe = _letters(max(cells, key=len))[:120]
            place = self._letters.find(probe, max(start - 200, 0))
            place = place if place >= 0 else self._letters.find(probe)
            if place >= 0:
                start = place
            part = sum(begin <= max(place, 0) for begin in self._starts) - 1
            found.append(self._labels[part].topics if place >= 0 and part >= 0 else frozenset())
        return found


def _letters(text: str) -> str:
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return re.sub(r"[\W_]", "", text.casefold())


def score(plan: Plan, knowledge: Knowledge, right_topics: Sequence[frozenset[str]]) -> Score:
    """Match a plan, and compare with the right topics of each passage."""
    wanted = frozenset(topic for topics in right_topics for topic in topics)
    pairs: dict[tuple[str, str], bool] = {}
    for one in match(plan, knowledge):
        for passage in one.passages:
            pair = one.topic, passage.section
            pairs[pair] = pairs.get(pair, False) or one.topic in right_topics[passage.index]
    found = frozenset(topic for (topic, _), right in pairs.items() if right)
    return Score(wanted, found, sum(pairs.values()), len(pairs))


def documents(folder: Path, knowledge: Knowledge) -> Iterator[tuple[str, str]]:
    """The source documents that topics cite: key and text."""
    for key, source in knowledge.sources.items():
        yield key, (folder / source.file).read_text(encoding="utf-8")


def main() -> None:
    """Print the figures."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_FOLDER
    knowledge = load()
    print(f"{'plan':<18}{'format':<12}{'topics':>7}{'recall':>9}{'precision':>11}")
    totals = {name: _sources(folder, knowledge, name) for name in FORMATS}
    for name, parts in (("made-up", example_parts()), ("long", long_parts())):
        for form, make in (("docx", as_docx), ("pdf", as_pdf)):
            content = make(parts)
            started = time.perf_counter()
            plan = read_plan(f"{name}.{form}", content)
            one = score(plan, knowledge, topics_of(plan))
            seconds = time.perf_counter() - started
            pages = f"{plan.pages} pages, " if plan.pages else ""
            _show(name, form, one, f"{len(plan.passages)} pieces, {pages}{seconds:.1f} s")
    low = [
        name
        for name, one in totals.items()
        if one.recall < MIN_RECALL or one.precision < MIN_PRECISION
    ]
    if low:
        print(f"below recall {MIN_RECALL} or precision {MIN_PRECISION}: {', '.join(low)}")
        sys.exit(1)


def _sources(folder: Path, knowledge: Knowledge, name: str) -> Score:
    """The figures of the source documents in one format, each and together."""
    scores = []
    for key, text in documents(folder, knowledge):
        labels = labels_of(key, knowledge)
        plan = read_plan(f"{key}.{name}", FORMATS[name](text, labels))
        scores.append(score(plan, knowledge, Truth(text, labels).topics(plan)))
        _show(key, name, scores[-1])
    total = Score(
        frozenset().union(*(one.wanted for one in scores)),
        frozenset().union(*(one.found for one in scores)),
        sum(one.right for one in scores),
        sum(one.matches for one in scores),
    )
    _show("all five", name, total)
    return total


def _show(plan: str, name: str, one: Score, more: str = "") -> None:
    counts = f"{len(one.found)}/{len(one.wanted)} topics, {one.right}/{one.matches} matches"
    print(
        f"{plan:<18}{name:<12}{len(one.wanted):>7}{one.recall:>9.2f}{one.precision:>11.2f}"
        f"   {counts}{', ' if more else ''}{more}"
    )


if __name__ == "__main__":
    main()
