"""What the text of a report is about: its category and its severity, each with a probability."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from nlu.model import TopicModel, Tuning, as_text, as_texts
from nlu.normalise import written_out
from nlu.spacy_pipeline import load_pipeline

TEXTS = Path(__file__).parent / "meldingen.yml"
# the temperatures are those at which the probabilities are truest for an author left out of the
# training, tried by hand on meldingen.yml
CATEGORY = Tuning(c=0.5, balance=1.0, temperature=0.22)
SEVERITY = Tuning(c=0.5, balance=1.0, temperature=0.28)


@dataclass(frozen=True)
class ReportText:
    """The text of a report with its labels; `region` is None when the text names none."""

    text: str
    category: str
    region: str | None
    severity: str


@dataclass(frozen=True)
class Guess:
    """A label and its probability, from 0 to 1."""

    label: str
    confidence: float


def report_texts(path: Path = TEXTS) -> Iterator[ReportText]:
    """The labelled texts of a file."""
    for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["meldingen"]:
        yield ReportText(entry["tekst"], entry["soort"], entry["regio"], entry["ernst"])


class ReportModel:
    """Guesses category and severity of a text."""

    def __init__(self) -> None:
        """An untrained model."""
        self._category = TopicModel(CATEGORY)
        self._severity = TopicModel(SEVERITY)

    def fit(self, reports: Sequence[ReportText]) -> None:
        """Train on labelled texts.

        Raises:
            ValueError: there are fewer than two different categories or severities.
        """
        texts = as_texts([report.text for report in reports], load_pipeline().lemmas_of_many)
        self._category.fit(texts, [report.category for report in reports])
        self._severity.fit(texts, [report.severity for report in reports])

    def guess(self, text: str) -> tuple[Guess, Guess]:
        """The most probable category and severity of a text."""
        plain = written_out(text)
        prepared = as_text(load_pipeline().lemmas(plain), plain)
        category = self._category.ranking(prepared, 1)[0]
        severity = self._severity.ranking(prepared, 1)[0]
        return Guess(*category), Guess(*severity)

    def save(self, folder: Path) -> None:
        """Write the model into `folder`, as plain arrays and JSON."""
        for name, model in (("category", self._category), ("severity", self._severity)):
            (folder / name).mkdir(parents=True, exist_ok=True)
            model.save(folder / name)

    @classmethod
    def load(cls, folder: Path) -> "ReportModel":
        """Read what `save` wrote.

        Raises:
            OSError, ValueError, KeyError: the files are missing or damaged.
        """
        model = cls()
        model._category = TopicModel.load(folder / "category", CATEGORY)
        model._severity = TopicModel.load(folder / "severity", SEVERITY)
        return model
