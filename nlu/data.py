"""Reads training and test sentences without Rasa, for tuning, measuring and tests."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from nlu.topics import topic_of

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Sentence:
    """A sentence, the topic it asks for, and the voice it was written in (none in a test)."""

    text: str
    topic: str
    voice: str = ""


def training_sentences(folder: Path = HERE) -> Iterator[Sentence]:
    """All sentences of nlu/*.yml."""
    for path in sorted(folder.glob("*.yml")):
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        for entry in data.get("nlu", ()):
            for line in entry["examples"].splitlines():
                text = line.removeprefix("- ").strip()
                if text:
                    yield Sentence(text, topic_of(entry["intent"]), entry["metadata"]["voice"])


def held_out_sentences(folder: Path) -> Iterator[Sentence]:
    """All sentences of a folder of test files: topic ids with a list of sentences each."""
    for path in sorted(folder.glob("*.yml")):
        for topic, texts in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            for text in texts:
                yield Sentence(str(text), topic)
