"""What changed between two texts, word by word."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

Kind = Literal["same", "gone", "new"]


@dataclass(frozen=True)
class Part:
    """A piece of text that stayed, went or came."""

    kind: Kind
    text: str


@dataclass(frozen=True)
class FieldDiff:
    """One field of a topic that changed: its name for people, and its text in parts."""

    label: str
    parts: tuple[Part, ...]


def by_word(old: str, new: str) -> tuple[Part, ...]:
    """The new text with what went and came marked; equal texts give one part."""
    before, after = _words(old), _words(new)
    parts: list[Part] = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        if tag == "equal":
            _add(parts, "same", before[start:end])
            continue
        _add(parts, "gone", before[start:end])
        _add(parts, "new", after[new_start:new_end])
    return tuple(parts)


def by_field(
    old: Mapping[str, Any], new: Mapping[str, Any], labels: Mapping[str, str]
) -> tuple[FieldDiff, ...]:
    """The fields that differ between two topics as data, in the order of `labels`."""
    return tuple(
        FieldDiff(label, by_word(as_text(name, old.get(name)), as_text(name, new.get(name))))
        for name, label in labels.items()
        if old.get(name) != new.get(name)
    )


def as_text(name: str, value: Any) -> str:
    """A field as lines to read."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "\n".join(as_text(name, part) for part in value)
    if isinstance(value, Mapping) and name == "bron":
        return f"{value.get('document', '')}, onderdeel {value.get('onderdeel', '')}"
    if isinstance(value, Mapping) and name == "feiten":
        where = " (in meer uitleg)" if value.get("waar") == "meer" else ""
        anchors = " / ".join(str(anchor) for anchor in value.get("ankers") or ())
        return f"{value.get('feit', '')}{where}: {anchors}"
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {part}" for key, part in value.items())
    return str(value)


def _words(text: str) -> list[str]:
    # with the space that follows, so that words that changed together stay together
    return re.findall(r"\S+\s*|^\s+", text)


def _add(parts: list[Part], kind: Kind, words: Sequence[str]) -> None:
    if words:
        parts.append(Part(kind, "".join(words)))
