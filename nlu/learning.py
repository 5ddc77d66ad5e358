"""What users asked becomes training data: a file to label, and adding what was labelled."""

import difflib
import json
import os
import re
import shutil
import tempfile
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import yaml

from nlu.data import Sentence, held_out_sentences, training_sentences
from nlu.similarity import NEAR, SeenTexts
from nlu.topics import intent_of

VOICE = "gebruikers"
MAX_LENGTH = 500

OUTCOMES = {
    "declined": "niet beantwoord",
    "clarified": "doorgevraagd",
    "wrong": "fout volgens gebruiker",
}
FIELDS = ("tekst", "label", "uitkomst", "zekerheid", "kandidaten", "gekozen")
HEADER = """\
# Vragen om van te leren. Bovenaan staan antwoorden die volgens een gebruiker fout waren. Daarna
# komen de vragen waar de assistent het minst zeker van was.
#
# Vul bij `label` in waar de vraag over gaat: een onderwerp uit knowledge/topic_ids.txt.
# Staat er al iets, dan koos iemand dat bij beheer (Vragen).
# Laat `label` leeg om de vraag over te slaan.
# Haal uit `tekst` alles weg wat over een persoon gaat, ook namen.
# De andere regels zijn ter informatie: `gekozen` is wat de gebruiker daarna koos.
#
# Klaar? Typ dan: regiowijzer learn import BESTAND
"""

# Rasa would read [a text](like this) or [this]{...} as an entity and leave the brackets out
_ENTITY = re.compile(r"\[[^\]]+\][({]")


class LearningError(Exception):
    """A file with questions cannot be used; the message tells an operator what to do."""


class UnclearRow(Protocol):
    """A kept question, as far as an officer needs it."""

    @property
    def text(self) -> str:
        """What was asked."""

    @property
    def outcome(self) -> str:
        """One of `OUTCOMES`."""

    @property
    def confidence(self) -> float:
        """From 0 to 1."""

    @property
    def candidates(self) -> tuple[tuple[str, float], ...]:
        """Topics with their confidence, best first."""

    @property
    def chosen(self) -> str | None:
        """The topic that was chosen next."""

    @property
    def label(self) -> str | None:
        """The topic that an officer gave it at the desk."""


@dataclass(frozen=True)
class Labelled:
    """A question and the topic an officer gave it; `number` is its place in the file, from 1."""

    text: str
    topic: str
    number: int


@dataclass(frozen=True)
class ImportResult:
    """What was added, and what was refused with the reason why."""

    added: tuple[Labelled, ...]
    refused: tuple[tuple[Labelled, str], ...]


def to_yaml(rows: Iterable[UnclearRow]) -> str:
    """A YAML document in which an officer fills in the labels that are not there yet.

    `label` is empty also where it is known what the user chose next: a person decides.
    """
    entries = [
        f"- tekst: {json.dumps(one_line(row.text), ensure_ascii=False)}\n"
        f"  label: {row.label or repr('')}\n"
        f"  uitkomst: {OUTCOMES[row.outcome]}\n"
        f"  zekerheid: {row.confidence:.2f}\n"
        f"  kandidaten: [{', '.join(topic for topic, _ in row.candidates)}]\n"
        f"  gekozen: {row.chosen or repr('')}\n"
        for row in rows
    ]
    return HEADER + ("\n" + "\n".join(entries) if entries else "[]\n")


def one_line(text: str) -> str:
    """`text` on one line, without characters that a YAML file cannot hold."""
    # control characters, halves of characters and places that Unicode leaves empty
    unwritable = {"Cc", "Cs", "Cn"}
    kept = (" " if unicodedata.category(char) in unwritable else char for char in text)
    return " ".join("".join(kept).split())


def read_labelled(path: Path, topics: Collection[str]) -> list[Labelled]:
    """The entries of `path` that have a label, which must be one of `topics`.

    Raises:
        LearningError: the file or one of its entries is malformed; names the file and the entry.
    """
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise LearningError(f"{path} cannot be read: {error.strerror}") from error
    except (yaml.YAMLError, ValueError) as error:  # ValueError: not UTF-8, or an impossible date
        raise LearningError(f"{path} is not YAML: {error}") from error
    if entries is None:
        return []
    if not isinstance(entries, list):
        raise LearningError(f"{path} must be a list of entries that begin with '- tekst:'")
    labelled = []
    for number, entry in enumerate(entries, start=1):
        try:
            found = _labelled(entry, number, topics)
        except ValueError as error:
            raise LearningError(f"{path}: entry {number}: {error}") from error
        if found is not None:
            labelled.append(found)
    return labelled


def _labelled(entry: Any, number: int, topics: Collection[str]) -> Labelled | None:
    """The entry of a file, None when it has no label; ValueError says what is wrong with it."""
    if not isinstance(entry, dict):
        raise ValueError("must have the lines tekst and label")
    # a label behind a mistyped name would be skipped without a word
    unknown = [str(key) for key in entry if key not in FIELDS]
    if unknown:
        raise ValueError(f"{unknown[0]} is not one of {', '.join(FIELDS)}")
    label, text = entry.get("label"), entry.get("tekst")
    if label is None or label == "":
        return None
    if not isinstance(label, str) or label.strip() not in topics:
        similar = difflib.get_close_matches(str(label), topics, n=1)
        hint = f"; did you mean {similar[0]}?" if similar else ""
        raise ValueError(f"label {label} is not in knowledge/topic_ids.txt{hint}")
    if text is None or text == "":
        raise ValueError("has no tekst")
    if not isinstance(text, str):
        raise ValueError("tekst must be a text: put quotes around it")
    text = one_line(text)
    if not text:
        raise ValueError("has no tekst")
    if len(text) > MAX_LENGTH:
        raise ValueError(f"tekst has {len(text)} characters, at most {MAX_LENGTH} are allowed")
    return Labelled(text, label.strip(), number)


def add_to_training(
    labelled: Iterable[Labelled],
    folder: Path,
    test_folder: Path,
    is_personal: Callable[[str], bool],
) -> ImportResult:
    """Add labelled questions to the training files of `folder`; nothing else in them changes.

    Refused are personal data, what looks like an entity to Rasa, and (near) copies of a training
    sentence, a test sentence or an earlier entry.

    Args:
        labelled: questions with their topics.
        folder: the training files, one per subject.
        test_folder: the test sentences, which must stay unseen by the model.
        is_personal: whether a text has personal data.

    Raises:
        LearningError: a file cannot be read or written, or is not laid out like the others.
    """
    if not test_folder.is_dir():
        raise LearningError(f"{test_folder} with the test sentences is missing: run it in a clone")
    training, testing = SeenTexts(), SeenTexts()
    for sentence in _read(training_sentences(folder), folder):
        training.add(sentence.text, f"{sentence.topic}, {folder.name}/{_file_of(sentence.topic)}")
    for sentence in _read(held_out_sentences(test_folder), test_folder):
        testing.add(sentence.text, f"test sentence of {sentence.topic}")
    added: list[Labelled] = []
    refused: list[tuple[Labelled, str]] = []
    for entry in labelled:
        # callers may have made the entry themselves, and one line is all a file can hold
        entry = Labelled(one_line(entry.text), entry.topic, entry.number)
        if is_personal(entry.text):
            reason = "has personal data"
        elif _ENTITY.search(entry.text):
            reason = "has [text](name) or [text]{...}, which Rasa takes for an entity"
        elif not (folder / _file_of(entry.topic)).is_file():
            reason = f"there is no {folder.name}/{_file_of(entry.topic)}"
        else:
            reason = _copied(entry.text, testing) or _copied(entry.text, training)
        if reason:
            refused.append((entry, reason))
        else:
            training.add(entry.text, f"{entry.topic}, entry {entry.number} of this import")
            added.append(entry)
    if added:
        _write(added, folder)
    return ImportResult(tuple(added), tuple(refused))


def _file_of(topic: str) -> str:
    return f"{topic.partition('/')[0]}.yml"


def _copied(text: str, seen: SeenTexts) -> str:
    """Which of `seen` this is a copy of; empty when it is none."""
    nearest = seen.nearest(text)
    if nearest is None or nearest[2] <= NEAR:
        return ""
    original, where, share = nearest
    kind = "copy" if share == 1 else f"near copy ({share:.0%})"
    return f'{kind} of "{original}" ({where})'


def _read(sentences: Iterable[Sentence], folder: Path) -> list[Sentence]:
    try:
        return list(sentences)
    except (OSError, ValueError, LookupError, TypeError, AttributeError, yaml.YAMLError) as error:
        raise LearningError(f"the files of {folder} cannot be read: {error}") from error


def _write(added: Sequence[Labelled], folder: Path) -> None:
    """Write changed files aside, read them back, and only then put them in place."""
    files: defaultdict[str, list[Labelled]] = defaultdict(list)
    for entry in added:
        files[_file_of(entry.topic)].append(entry)
    try:
        # within `folder`, since a file can only be replaced at once from the same disk
        with tempfile.TemporaryDirectory(prefix=".learn-", dir=folder) as scratch:
            for name, entries in files.items():
                changed = Path(shutil.copy(folder / name, scratch))
                # as bytes, because reading as text would change the ends of lines
                source = changed.read_bytes().decode("utf-8")
                for entry in entries:
                    source = _inserted(source, entry.topic, entry.text)
                changed.write_bytes(source.encode("utf-8"))
                if not _has(Path(scratch), entries):
                    raise LearningError(
                        f"{folder / name} is not laid out like the other training files; "
                        "nothing was added"
                    )
            for name in files:
                os.replace(Path(scratch, name), folder / name)
    except OSError as error:
        raise LearningError(f"{folder} cannot be written: {error.strerror}") from error


def _has(folder: Path, entries: Iterable[Labelled]) -> bool:
    """Whether the entries are read from the training files of `folder`."""
    try:
        found = set(_read(training_sentences(folder), folder))
    except LearningError:
        return False
    return found >= {Sentence(entry.text, entry.topic, VOICE) for entry in entries}


def _inserted(source: str, topic: str, text: str) -> str:
    """The training file `source` with a sentence added to the block of users, made when new."""
    end = "\r\n" if "\r\n" in source else "\n"
    head = (
        f"  - intent: {intent_of(topic)}",
        f"    metadata: {{voice: {VOICE}}}",
        "    examples: |",
    )
    start = r"[ ]*\r?\n".join(re.escape(line) for line in head)
    block = re.search(rf"^{start}[ ]*\r?\n(?:      - .*(?:\n|\Z))+", source, re.MULTILINE)
    position = block.end() if block else len(source)
    lines = f"      - {text}{end}"
    if not block:
        lines = "".join(line + end for line in head) + lines
    if not source[:position].endswith("\n"):
        lines = end + lines
    return source[:position] + lines + source[position:]
