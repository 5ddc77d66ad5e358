"""Recognises danger that is happening now, which comes before everything else."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

import yaml

from nlu.model import Text, TopicModel, Tuning
from nlu.normalise import written_out
from nlu.similarity import folded

SENTENCES = Path(__file__).parent / "danger.yml"
WORDS = Path(__file__).parent / "danger_words.yml"
NOW, OTHER = "nu", "niet"
MODEL = Tuning(c=1.0, balance=0.5, temperature=0.25)
# judged sentences that are remembered: those of one message
REMEMBERED = 16
# probabilities from which 112 comes first, or is named in one line
SURE = 0.7
POSSIBLE = 0.3
# what the topics alone take for danger is believed from here
LIKELY = 0.5


class Danger(StrEnum):
    """How a message stands to danger that is happening now."""

    NONE = "none"
    POSSIBLE = "possible"
    NOW = "now"


@dataclass(frozen=True)
class DangerSentence:
    """A sentence, whether it tells of danger now, and the voice it was written in."""

    text: str
    now: bool
    voice: str


def danger_sentences(path: Path = SENTENCES) -> Iterator[DangerSentence]:
    """The labelled sentences of danger.yml."""
    for voice, labelled in yaml.safe_load(path.read_text(encoding="utf-8"))["gevaar"].items():
        for label, texts in labelled.items():
            for text in texts:
                yield DangerSentence(str(text), label == NOW, voice)


class DangerModel:
    """How probable it is that a message tells of danger now."""

    def __init__(self) -> None:
        """An untrained model."""
        self._model = TopicModel(MODEL)
        # a sentence is judged within its message and, when it asks something, by itself again
        self.probability = lru_cache(maxsize=REMEMBERED)(self._probability)

    def fit(self, sentences: Sequence[DangerSentence], ordinary: Sequence[str]) -> None:
        """Train; `ordinary` are messages about anything else.

        Raises:
            ValueError: there is no sentence of danger, or none without.
        """
        texts = [sentence.text for sentence in sentences] + list(ordinary)
        labels = [NOW if sentence.now else OTHER for sentence in sentences]
        self._model.fit([_prepared(text) for text in texts], labels + [OTHER] * len(ordinary))

    def _probability(self, text: str) -> float:
        """From 0 to 1; at least POSSIBLE where its words may be danger whatever else is said."""
        told = dict(self._model.ranking(_prepared(text), 2)).get(NOW, 0.0)
        return max(told, POSSIBLE) if _patterns().possible.search(text) else told

    def save(self, folder: Path) -> None:
        """Write the model into `folder`, as plain arrays and JSON."""
        folder.mkdir(parents=True, exist_ok=True)
        self._model.save(folder)

    @classmethod
    def load(cls, folder: Path) -> "DangerModel":
        """Read what `save` wrote.

        Raises:
            OSError, ValueError, KeyError: the files are missing or damaged.
        """
        model = cls()
        model._model = TopicModel.load(folder, MODEL)
        return model


def _prepared(text: str) -> Text:
    """Words and characters; lemmas tell no more here, and cost more than the rest."""
    plain = written_out(text)
    return folded(plain), plain


def danger_in(text: str, probability: float, *, surely_ours: bool) -> Danger:
    """What to do with a message of this probability.

    Who tells of it in the past, or surely asks for one of our topics (`surely_ours`), is not
    interrupted by more than a line: to miss danger costs more than that line.
    """
    if probability < POSSIBLE:
        return Danger.NONE
    if probability < SURE or surely_ours or tells_of_past(text):
        return Danger.POSSIBLE
    return Danger.NOW


def tells_of_past(text: str) -> bool:
    """Whether `text` has the words of something that is over, and none of what goes on."""
    words = _patterns()
    if words.past.search(text):
        return True
    return bool(words.past_verbs.search(text)) and not words.going_on.search(text)


class _Patterns(NamedTuple):
    """The expressions of danger_words.yml, those of one key as one."""

    possible: re.Pattern[str]
    past: re.Pattern[str]
    past_verbs: re.Pattern[str]
    going_on: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    data = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    return _Patterns(
        *(
            re.compile("|".join(f"(?:{part})" for part in data[key]), re.IGNORECASE)
            for key in ("mogelijk", "verleden", "verleden_tijd", "bezig")
        )
    )
