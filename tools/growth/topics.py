"""Generated knowledge: the present topics and as many made-up ones as are asked for, in a folder.

Each made-up topic is the answer of a real one under words of its own, and its training sentences
are real ones in which the longest words were replaced by those. So answers and messages are as long
as real ones, and no two topics ask the same.
"""

import random
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import yaml

from knowledge import load
from knowledge.model import Topic, TopicKind
from nlu.data import training_sentences
from nlu.topics import OUT_OF_SCOPE, intent_of
from nlu.training import CODE

ROOT = Path(__file__).parent.parent.parent
# what a model is made from beside sentences, and what tells that it is up to date
FILES = ("config.yml", "dialogues/domain.yml", "dialogues/rules.yml", *CODE)
SUBJECT = "gegroeid"
# training sentences: of each made-up topic, and of the real ones one in so many (training on all of
# both takes most of an hour, and what a message costs depends on the topics, not on the sentences)
SENTENCES = 8
REAL_STEP = 3
OWN_WORDS = 4
_STARTS = "bra kle vro sti dra plo gre zwi sla tru kna fle wri spo bli".split()
_MIDDLES = "ma ter lin vo san del ka ren bo mi ster".split()
_ENDS = "ding vorm plan werk lijst punt groep taak zorg dienst".split()


def grown_folder(folder: Path, number: int) -> Path:
    """Write a knowledge folder with `number` topics, and what a model is trained from.

    Gives the root that `nlu.training.train` takes; its knowledge is in `knowledge/` below it.

    Raises:
        ValueError: there are more real topics than that.
    """
    real = load()
    extra = number - len(real.topics)
    if extra < 0:
        raise ValueError(f"there are {len(real.topics)} topics already")
    for name in FILES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    shutil.copytree(
        ROOT / "knowledge",
        folder / "knowledge",
        ignore=shutil.ignore_patterns("*.py", "__pycache__"),
    )
    chance = random.Random(number)
    answers = [topic for topic in real.topics.values() if topic.kind is TopicKind.ANSWER]
    words = [own_words(chance) for _ in range(extra)]
    made = [_made(n, own, answers[n % len(answers)]) for n, own in enumerate(words)]
    _write(folder / "knowledge" / f"{SUBJECT}.yml", {"onderwerpen": made})
    _write_sentences(folder / "nlu", words, chance)
    return folder


def own_words(chance: random.Random) -> list[str]:
    """Made-up words that look Dutch."""
    return [
        chance.choice(_STARTS)
        + chance.choice(_MIDDLES)
        + chance.choice(_MIDDLES)
        + chance.choice(_ENDS)
        for _ in range(OWN_WORDS)
    ]


def topic_id(number: int) -> str:
    """The id of a made-up topic."""
    return f"{SUBJECT}/nummer-{number}"


def _made(number: int, own: Sequence[str], like: Topic) -> dict[str, object]:
    data = like.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=True)
    return data | {"id": topic_id(number), "titel": f"Wat is {own[0]}? ({number})"}


def _write_sentences(folder: Path, words: Sequence[Sequence[str]], chance: random.Random) -> None:
    folder.mkdir(exist_ok=True)
    shutil.copy(ROOT / "nlu" / "meldingen.yml", folder)
    real = list(training_sentences())
    patterns = [one.text for one in real if one.topic != OUT_OF_SCOPE and "/" in one.topic]
    kept: dict[str, list[str]] = {}
    for place, one in enumerate(real):
        if place % REAL_STEP == 0 or one.topic not in kept:
            kept.setdefault(one.topic, []).append(one.text)
    for number, own in enumerate(words):
        kept[topic_id(number)] = [
            about(chance.choice(patterns), own, chance) for _ in range(SENTENCES)
        ]
    _write(folder / f"{SUBJECT}.yml", {"version": "3.1", "nlu": list(_entries(kept))})


def about(sentence: str, own: Sequence[str], chance: random.Random) -> str:
    """A sentence with its two longest words replaced by words of a made-up topic."""
    parts = sentence.split()
    for place in sorted(range(len(parts)), key=lambda place: -len(parts[place]))[:2]:
        parts[place] = chance.choice(own)
    return " ".join(parts)


def _entries(sentences: dict[str, list[str]]) -> Iterator[dict[str, object]]:
    for topic, texts in sentences.items():
        examples = "".join(f"- {text}\n" for text in texts)
        yield {"intent": intent_of(topic), "metadata": {"voice": "gegroeid"}, "examples": examples}


def _write(path: Path, data: object) -> None:
    path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")
