"""Other texts for topics: what the files would hold, whether that is right, and a patch of it."""

import difflib
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from knowledge import check_text
from knowledge.check import TOPIC_IDS_FILE, check
from knowledge.data import canonical
from knowledge.loader import HERE, SOURCES_FILE, VARIANTS_FOLDER, Fault
from knowledge.model import Source, Topic, revision_of
from knowledge.yaml_text import EditError, lines_of, with_sources, with_topics

__all__ = ["Change", "EditError", "changed_files", "excerpt", "file_of", "new_faults", "patch"]

_NOTE = re.compile(r"\[[^\]]*\]")
_NEW_VARIANTS = (
    "# Teksten die alleen in deze regio gelden. Ze gaan voor op die voor iedereen.\n"
    "onderwerpen: []\n"
)


@dataclass(frozen=True)
class Change:
    """Another text for a topic: the whole topic as data, for one region or (None) everyone."""

    data: Mapping[str, Any]
    region: str | None = None


def file_of(topic_id: str, region: str | None = None) -> str:
    """The file that holds a topic, for one region or everyone."""
    if region is not None:
        return f"{VARIANTS_FOLDER}/{region}.yml"
    return topic_id.split("/")[0] + ".yml"


def changed_files(
    changes: Iterable[Change], sources: Mapping[str, Source], folder: Path = HERE
) -> dict[str, str]:
    """The files of `folder` that change, with the text that they would have, by name.

    `sources` are those that bronnen.yml does not have; only those that are named are added.

    Raises:
        EditError: a change does not fit in its file.
    """
    topics: dict[str, list[dict[str, Any]]] = {}
    named: set[str] = set()
    for change in changes:
        data = canonical(change.data)
        name = file_of(str(data.get("id", "")), change.region)
        topics.setdefault(name, []).append(data)
        named |= {
            str(ref["document"])
            for ref in data.get("bron") or ()
            if isinstance(ref, Mapping) and "document" in ref
        }
    texts = {
        name: with_topics(_text(folder / name) or _new(name), entries)
        for name, entries in topics.items()
    }
    needed = {key: source for key, source in sources.items() if key in named}
    path = folder / SOURCES_FILE
    if needed and path.is_file():
        texts[SOURCES_FILE] = with_sources(path.read_text(encoding="utf-8"), needed)
    return {name: text for name, text in texts.items() if text != _text(folder / name)}


def new_faults(
    change: Change,
    sources: Mapping[str, Source] | None = None,
    folder: Path = HERE,
    documents: Mapping[str, str] | None = None,
) -> list[Fault]:
    """The faults that the files would have with this change, and do not have now.

    Args:
        change: the other text.
        sources: those that bronnen.yml does not have.
        folder: the files.
        documents: texts by the names of their files, of which no sentence may be taken over.

    Raises:
        EditError: see `changed_files`.
    """
    files = changed_files([change], sources or {}, folder)
    found = _faults_with(tuple(sorted(files.items())), folder, _revision(folder))
    return [*found, *_copied(change, files, sources or {}, documents or {})]


def excerpt(
    change: Change, sources: Mapping[str, Source] | None = None, folder: Path = HERE
) -> list[tuple[int, str]]:
    """How the topic would stand in its file: lines with their numbers."""
    topic_id = str(change.data.get("id", ""))
    name = file_of(topic_id, change.region)
    text = changed_files([change], sources or {}, folder).get(name) or _text(folder / name) or ""
    lines = text.splitlines()
    return [(number, lines[number - 1]) for number in lines_of(text, topic_id)]


def patch(
    changes: Iterable[Change],
    sources: Mapping[str, Source],
    folder: Path = HERE,
    prefix: str = "knowledge",
) -> str:
    """All changes as a patch for `git apply`, in the folder that holds `prefix`; empty for none.

    Raises:
        EditError: see `changed_files`.
    """
    files = changed_files(changes, sources, folder)
    return "".join(
        part
        for name in sorted(files)
        for part in _file_patch(f"{prefix}/{name}", _text(folder / name), files[name])
    )


def _copied(
    change: Change,
    files: Mapping[str, str],
    sources: Mapping[str, Source],
    documents: Mapping[str, str],
) -> list[Fault]:
    """What stands word for word in one of the documents."""
    data = canonical(change.data)
    try:
        fields = check_text.fields(Topic.model_validate(data))
    except ValidationError:
        return []  # the check tells what is wrong with it
    # what stands in a note of a draft has to be rewritten anyhow
    texts = {name: _NOTE.sub(" ", text) for name, text in fields.items()}
    known = {file: check_text.runs(text) for file, text in documents.items()}
    name = file_of(str(data["id"]), change.region)
    line = next(iter(lines_of(files[name], data["id"])), 1) if name in files else 1
    return [
        Fault(name, line, data["id"], problem)
        for problem in check_text.copied_problems(texts, sources.values(), known)
    ]


def _file_patch(name: str, old: str | None, new: str) -> Iterator[str]:
    yield f"diff --git a/{name} b/{name}\n"
    if old is None:
        yield "new file mode 100644\n"
    before = "/dev/null" if old is None else f"a/{name}"
    for line in difflib.unified_diff(_lines(old or ""), _lines(new), before, f"b/{name}"):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _lines(text: str) -> list[str]:
    """The lines with their ends; only a line feed ends a line, as in git."""
    parts = text.split("\n")
    return [part + "\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])


def _new(name: str) -> str:
    """What a file that is not there yet begins with."""
    if not name.startswith(VARIANTS_FOLDER):
        raise EditError(f"there is no file {name}")
    return _NEW_VARIANTS


def _text(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _files(folder: Path) -> list[Path]:
    """What the check reads."""
    found = sorted(folder.glob("*.yml")) + sorted(folder.glob("*/*.yml"))
    ids = folder / TOPIC_IDS_FILE
    return [*found, ids] if ids.is_file() else found


def _revision(folder: Path) -> str:
    return revision_of(
        {str(path.relative_to(folder)): path.read_bytes() for path in _files(folder)}
    )


@lru_cache(maxsize=32)  # who looks at a proposal mostly looks more than once
def _faults_with(
    changed: tuple[tuple[str, str], ...], folder: Path, revision: str
) -> tuple[Fault, ...]:
    """The new faults when these files have these texts; `revision` is that of all others."""
    with tempfile.TemporaryDirectory() as scratch:
        there = Path(scratch)
        for path in _files(folder):
            _put(there / path.relative_to(folder), path.read_text(encoding="utf-8"))
        for name, text in changed:
            _put(there / name, text)
        found = check(there)
    known = _known_faults(folder, revision)
    return tuple(fault for fault in found if _apart_from_line(fault) not in known)


@lru_cache(maxsize=4)
def _known_faults(folder: Path, revision: str) -> frozenset[tuple[str, str, str]]:
    """What is wrong already; `revision` tells when the files changed."""
    return frozenset(_apart_from_line(fault) for fault in check(folder))


def _apart_from_line(fault: Fault) -> tuple[str, str, str]:
    # the same fault moves when a text above it gets longer
    return (fault.file, fault.id, fault.message)
