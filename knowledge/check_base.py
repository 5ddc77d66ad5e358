"""What the checks of topics and of flows have in common."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

from knowledge import check_text
from knowledge.loader import LOADER, SOURCES_FILE, Fault, Located, Parsed


def faults_at(entry: Located[Any], entry_id: str, problems: Iterable[str]) -> Iterator[Fault]:
    """The problems of one entry as faults at its place."""
    return (Fault(entry.file, entry.line, entry_id, problem) for problem in problems)


def broken_files(parsed: Parsed) -> set[str]:
    """Files that could not be read in full: what is not found may stand there."""
    return {fault.file for fault in parsed.faults}


def subject_file(topic_id: str) -> str:
    """The file that a topic with this id belongs in."""
    return topic_id.split("/")[0] + ".yml"


def unknown_documents(documents: Iterable[str], parsed: Parsed) -> Iterator[str]:
    """Source documents that bronnen.yml does not list."""
    if SOURCES_FILE in broken_files(parsed):
        return
    for document in dict.fromkeys(documents):
        if document not in parsed.sources:
            yield f"bron '{document}' staat niet in {SOURCES_FILE}"


def contact_problems(
    texts: Iterable[str], documents: Iterable[str], parsed: Parsed
) -> Iterator[str]:
    """Contact details in the texts that none of these source documents gives."""
    if SOURCES_FILE in broken_files(parsed):
        return
    known = (parsed.sources[name] for name in documents if name in parsed.sources)
    contacts = [contact for source in known for contact in source.contacts]
    yield from check_text.contact_problems(texts, contacts)


def child_lines(path: Path, key: str) -> dict[str, int]:
    """Line (from 1) of each child of a top-level key, by its own key or its index."""
    root = yaml.compose(path.read_text(encoding="utf-8"), Loader=LOADER)
    if not isinstance(root, yaml.MappingNode):
        return {}
    for name, node in root.value:
        if name.value == key and isinstance(node, yaml.MappingNode):
            return {str(child.value): child.start_mark.line + 1 for child, _ in node.value}
        if name.value == key and isinstance(node, yaml.SequenceNode):
            return {str(index): child.start_mark.line + 1 for index, child in enumerate(node.value)}
    return {}
