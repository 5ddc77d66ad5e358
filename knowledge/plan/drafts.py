"""From the matches of a plan to drafts of topics: own scope, source and section, text to rewrite.

What the plan says stands in notes "[herschrijf: ...]". As long as one is left, the check refuses
the text (`knowledge.check_text.placeholder_problems`): sentences of a plan are never an answer.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from knowledge.check_text import MAX_ANSWER_CHARS
from knowledge.data import as_data
from knowledge.model import Knowledge, Region, Topic
from knowledge.plan.matching import Match
from knowledge.plan.model import Passage

MAX_NOTE_CHARS = 320
MAX_MORE_CHARS = 3000
MAX_SECTIONS = 6
MARK = "herschrijf"
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9À-Þ])")


@dataclass(frozen=True)
class About:
    """What is known of a plan: the key of its source, for which region, and its date as written."""

    source_id: str
    region: Region
    date: str | None = None


@dataclass(frozen=True)
class Draft:
    """A topic as data, drafted from the passages of a plan."""

    topic: str
    data: dict[str, Any]
    passages: tuple[Passage, ...]


def drafts_of(matches: Sequence[Match], knowledge: Knowledge, about: About) -> list[Draft]:
    """A draft for every topic that was found, in the order of the plan."""
    return [draft_of(knowledge.topic(one.topic), one.passages, about) for one in matches]


def draft_of(topic: Topic, passages: Sequence[Passage], about: About) -> Draft:
    """A draft of one topic from these passages."""
    answer, more = _texts(passages, about)
    places = list(dict.fromkeys(passage.place for passage in passages))[:MAX_SECTIONS]
    known = as_data(topic)
    data = {
        "id": topic.id,
        "soort": known["soort"],
        "titel": topic.title,
        "geldt_voor": about.region.name,
        "bron": [{"document": about.source_id, "onderdeel": place} for place in places],
        "gedateerd": about.date,
        "antwoord": answer,
        "meer": more,
        "verwant": list(topic.related),
    }
    return Draft(topic.id, {name: value for name, value in data.items() if value}, tuple(passages))


def _texts(passages: Sequence[Passage], about: About) -> tuple[str, str]:
    """The answer with the notes that fit in it, and the other ones."""
    plan = f"het plan van {about.date}" if about.date else "het eigen plan"
    opening = f"In {about.region.name} geldt wat in {plan} staat:"
    notes = [note for passage in passages for note in _notes(passage)]
    answer, left = [opening, ""], 0
    more: list[str] = []
    room = MAX_ANSWER_CHARS - len(opening)
    for note in notes:
        if not more and (len(note) + 1 <= room or len(answer) == 2):
            answer.append(note)
            room -= len(note) + 1
        elif sum(len(one) for one in more) + len(note) <= MAX_MORE_CHARS:
            more.append(note)
        else:
            left += 1
    if left:
        more.append(f"- [{MARK}: en nog {left} stukken tekst; zie het plan]")
    return "\n".join(answer), "\n".join(more)


def _notes(passage: Passage) -> list[str]:
    """A passage as notes of some sentences each."""
    parts: list[str] = []
    for sentence in _SENTENCE.split(_plain(passage.text)):
        if parts and len(parts[-1]) + len(sentence) < MAX_NOTE_CHARS:
            parts[-1] = f"{parts[-1]} {sentence}"
        else:
            parts += _cut(sentence)
    return [f"- [{MARK}: {part}]" for part in parts]


def _cut(sentence: str) -> list[str]:
    """A sentence that is too long for one note, in pieces."""
    words, pieces = sentence.split(), [""]
    for word in words:
        if len(pieces[-1]) + len(word) > MAX_NOTE_CHARS:
            pieces.append("")
        pieces[-1] = f"{pieces[-1]} {word}".strip()
    return [piece for piece in pieces if piece]


def _plain(text: str) -> str:
    # what stands between such brackets would end a note
    return text.translate(str.maketrans("[]<>", "()()"))
