"""Topics of a YAML file replaced; every other line, and every comment, stays as it was."""

import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

from knowledge.data import ORDER, canonical
from knowledge.lines import wrapped
from knowledge.loader import LOADER
from knowledge.model import Source

_KEY = "onderwerpen"
_DASH, _INDENT = 2, 4
_WIDTH = 94


class EditError(Exception):
    """A topic cannot be written into a file; the message is for a developer."""


def with_topics(text: str, topics: Sequence[Mapping[str, Any]]) -> str:
    """The text of a file with topics, in which those with these ids say what `topics` say.

    One that is not there yet comes last.

    Raises:
        EditError: the file is not one with topics, or the data cannot be written as YAML.
    """
    node = _list(text)
    lines = text.splitlines()
    expected = list(yaml.load(text, Loader=LOADER)[_KEY] or [])
    ids = [entry.get("id") if isinstance(entry, dict) else None for entry in expected]
    wanted = {data.get("id"): canonical(data) for data in topics}
    # from the last to the first, so that the places of those before stay as they were read
    for index in reversed(range(len(ids))):
        if ids[index] in wanted:
            new = wanted.pop(ids[index])
            lines = _replaced(lines, node, index, canonical(expected[index]), new)
            expected[index] = new
    for new in wanted.values():
        lines = _appended(lines, new, is_first=not expected)
        expected.append(new)
    result = "\n".join(lines) + "\n"
    if [_same(entry) for entry in _loaded(result)] != [_same(entry) for entry in expected]:
        raise EditError("the file would not say what it should")
    return result


def lines_of(text: str, topic_id: str) -> range:
    """The lines (from 1) on which a topic stands; none when it is not there."""
    node = _list(text)
    entries = yaml.load(text, Loader=LOADER)[_KEY] or []
    for index, entry in enumerate(entries):
        if isinstance(entry, dict) and entry.get("id") == topic_id:
            start = node.value[index].start_mark.line
            following = node.value[index + 1 :]
            lines = text.splitlines()
            end = following[0].start_mark.line if following else len(lines)
            return range(start + 1, _without_tail(lines, start, end, _DASH) + 1)
    return range(0)


def with_sources(text: str, sources: Mapping[str, Source]) -> str:
    """The text of bronnen.yml with these sources, as far as it does not have them, at its end."""
    known = yaml.load(text, Loader=LOADER)["bronnen"]
    added = [
        line
        for key, source in sources.items()
        if key not in known
        for line in _dumped(
            {key: source.model_dump(mode="json", by_alias=True, exclude_defaults=True)}
        )
    ]
    return text.rstrip("\n") + "\n" + "".join(f"  {line}\n" for line in added)


def _list(text: str) -> yaml.SequenceNode:
    """The list of topics of a file."""
    root = yaml.compose(text, Loader=LOADER)
    if isinstance(root, yaml.MappingNode):
        for key, value in root.value:
            if key.value == _KEY and isinstance(value, yaml.SequenceNode):
                return value
    raise EditError(f"the file has no list under {_KEY}")


def _loaded(text: str) -> list[Any]:
    try:
        loaded: list[Any] = yaml.load(text, Loader=LOADER)[_KEY]
    except yaml.YAMLError as error:
        raise EditError(f"not valid YAML any more: {error}") from error
    return loaded


def _same(entry: Any) -> Any:
    return canonical(entry) if isinstance(entry, Mapping) else entry


def _replaced(
    lines: list[str],
    topics: yaml.SequenceNode,
    index: int,
    old: Mapping[str, Any],
    new: Mapping[str, Any],
) -> list[str]:
    node = topics.value[index]
    start = node.start_mark.line
    following = topics.value[index + 1 :]
    end = following[0].start_mark.line if following else len(lines)
    end = _without_tail(lines, start, end, _DASH)
    first = node.value[0][0].value if node.value else ""
    if topics.flow_style or node.flow_style or first != "id":
        return [*lines[:start], *_item(new), *lines[end:]]
    kept = _parts(lines, node, end)
    indent = " " * node.start_mark.column
    # comments and blank lines between two parts belong to neither
    body: list[str] = []
    placed = {name for name in kept if name in new}
    for name, (part, rest) in kept.items():
        if new.get(name) == old.get(name):
            body += part
        elif name in new:
            body += [indent + line if line else "" for line in _dumped({name: new[name]})]
        for extra in _after(name, new, placed):
            placed.add(extra)
            body += [indent + line if line else "" for line in _dumped({extra: new[extra]})]
        body += rest
    return [*lines[:start], *body, *lines[end:]]


def _after(name: str, new: Mapping[str, Any], placed: set[str]) -> list[str]:
    """Names that are new, and come right after `name` in the order of the files."""
    known = [other for other in ORDER if other in placed or other == name]
    position = ORDER.index(name) if name in ORDER else len(ORDER)
    found = []
    for other in ORDER[position + 1 :]:
        if other in known:
            break
        if other in new:
            found.append(other)
    return found


def _parts(
    lines: list[str], node: yaml.MappingNode, end: int
) -> dict[str, tuple[list[str], list[str]]]:
    """The lines of each name of a topic, and those between it and the next."""
    starts = [key.start_mark.line for key, _ in node.value]
    parts = {}
    for (key, _), start, stop in zip(node.value, starts, [*starts[1:], end], strict=True):
        last = _without_tail(lines, start, stop, key.start_mark.column)
        parts[key.value] = (lines[start:last], lines[last:stop])
    return parts


def _without_tail(lines: Sequence[str], start: int, end: int, indent: int) -> int:
    """Where a part ends, without the blank lines and comments that follow it."""
    while end > start + 1:
        line = lines[end - 1]
        shift = len(line) - len(line.lstrip())
        if line.strip() and not (line.lstrip().startswith("#") and shift <= indent):
            break
        end -= 1
    return end


def _appended(lines: list[str], new: Mapping[str, Any], *, is_first: bool) -> list[str]:
    if is_first:
        lines = [re.sub(rf"^{_KEY}:\s*\[\s*\]", f"{_KEY}:", line) for line in lines]
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    return [*lines, *([] if is_first else [""]), *_item(new)]


def _item(new: Mapping[str, Any]) -> list[str]:
    """A topic as an item of a list."""
    indented = [" " * _INDENT + line if line else "" for line in _dumped(new)]
    indented[0] = " " * _DASH + "- " + indented[0].lstrip()
    return indented


def _dumped(data: Mapping[str, Any]) -> list[str]:
    writer = YAML()
    writer.indent(mapping=2, sequence=4, offset=2)
    writer.width = _WIDTH - _INDENT
    writer.allow_unicode = True
    stream = io.StringIO()
    writer.dump(CommentedMap({name: _styled(name, value) for name, value in data.items()}), stream)
    return [line.rstrip() for line in stream.getvalue().rstrip("\n").split("\n")]


def _styled(name: str, value: Any) -> Any:
    """A value as the files write it: texts in lines, sources and anchors on one line."""
    if isinstance(value, str):
        return _styled_text(name, value)
    if isinstance(value, list):
        row = CommentedSeq(_styled(name, part) for part in value)
        if name in ("ankers", "verwant"):
            row.fa.set_flow_style()
        return row
    if isinstance(value, Mapping):
        pairs = CommentedMap({key: _styled(key, part) for key, part in value.items()})
        if name == "bron":
            pairs.fa.set_flow_style()
        return pairs
    return value


def _styled_text(name: str, value: str) -> str:
    if name in ("antwoord", "meer"):
        lines = wrapped(value)
        if all(line.isprintable() for line in lines.split("\n")):
            literal: str = LiteralScalarString(lines + "\n")
            return literal
    try:
        plain = yaml.load(value, Loader=LOADER) == value
    except yaml.YAMLError:
        plain = False
    if name in ("ankers", "gedateerd") or not plain:
        quoted: str = DoubleQuotedScalarString(value)
        return quoted
    return value
