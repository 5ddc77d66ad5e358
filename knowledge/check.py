"""Finds faults in the knowledge files: ids, sources, relations, flows and (check_text) wording."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from knowledge import check_text
from knowledge.check_base import (
    broken_files,
    child_lines,
    contact_problems,
    faults_at,
    subject_file,
    unknown_documents,
)
from knowledge.check_flows import flow_problems, step_faults
from knowledge.loader import (
    HERE,
    PHASES_FILE,
    REGIONS_FILE,
    SOURCES_FILE,
    Fault,
    Located,
    Parsed,
    parse,
)
from knowledge.model import NATIONAL, Source, Topic, TopicKind

TOPIC_IDS_FILE = "topic_ids.txt"
UNSOURCED_SUBJECT = "knelpunt"


def check(folder: Path = HERE, sources: Path | None = None) -> list[Fault]:
    """All faults in the knowledge files of `folder`, ordered by file and line.

    `sources` is the folder with the source documents. Without it, or when it does not exist,
    texts are not compared with the documents. What a file that cannot be read would have held
    is not reported as missing.
    """
    parsed = parse(folder)
    faults = list(parsed.faults)
    faults += _duplicate_ids(parsed)
    faults += _misplaced_ids(parsed)
    faults += _fixed_ids(parsed, folder)
    faults += _equal_titles(parsed.topics)
    for topic in parsed.topics:
        faults += faults_at(topic, topic.value.id, _topic_problems(topic.value, parsed))
    for region, variants in parsed.variants.items():
        for topic in variants:
            faults += faults_at(topic, topic.value.id, _variant_problems(topic, region, parsed))
    for flow in parsed.flows:
        faults += faults_at(flow, flow.value.id, flow_problems(flow.value, parsed))
        faults += step_faults(flow, parsed, folder)
    faults += _phase_and_menu_faults(parsed)
    for point in parsed.tipping_points:
        documents = (ref.document for ref in point.value.sources)
        faults += faults_at(point, point.value.id, unknown_documents(documents, parsed))
    if sources is not None and sources.is_dir():
        faults += _document_faults(parsed, folder, sources)
    unique = dict.fromkeys(faults)
    return sorted(unique, key=lambda fault: (fault.file, fault.line))


def _duplicate_ids(parsed: Parsed) -> Iterator[Fault]:
    """Ids that another entry of the same kind used before."""
    kinds: tuple[Sequence[Located[Any]], ...] = (
        parsed.topics,
        parsed.flows,
        parsed.regions,
        parsed.insurers,
        parsed.measures,
        parsed.phases,
        parsed.tipping_points,
        parsed.texts,
        parsed.roles,
        *parsed.variants.values(),
    )
    for entries in kinds:
        seen: dict[str, str] = {}
        for entry in entries:
            place = f"{entry.file}:{entry.line}"
            first = seen.setdefault(entry.value.id, place)
            if first != place:
                yield Fault(entry.file, entry.line, entry.value.id, f"dit id staat ook in {first}")


def _equal_titles(topics: Iterable[Located[Topic]]) -> Iterator[Fault]:
    """Titles that another topic has: on a button, nobody could tell them apart."""
    seen: dict[str, str] = {}
    for topic in topics:
        title = check_text.folded(topic.value.title).rstrip(" ?.!")
        first = seen.setdefault(title, topic.value.id)
        if first != topic.value.id:
            said = f"titel '{topic.value.title}' is ook de titel van {first}"
            yield Fault(topic.file, topic.line, topic.value.id, said)


def _misplaced_ids(parsed: Parsed) -> Iterator[Fault]:
    """Topics in the file of another subject."""
    for topic in parsed.topics:
        file = subject_file(topic.value.id)
        if topic.file != file:
            yield Fault(topic.file, topic.line, topic.value.id, f"hoort in {file}")


def _read_ids(folder: Path) -> set[str]:
    """The fixed list of topic ids; lines that start with # are comments."""
    lines = (folder / TOPIC_IDS_FILE).read_text(encoding="utf-8").splitlines()
    return {line.strip() for line in lines if line.strip() and not line.startswith("#")}


def _fixed_ids(parsed: Parsed, folder: Path) -> Iterator[Fault]:
    """Differences between the topics and the fixed list of ids."""
    try:
        fixed = _read_ids(folder)
    except FileNotFoundError:
        yield Fault(TOPIC_IDS_FILE, 1, "-", "het bestand ontbreekt")
        return
    present = {topic.value.id for topic in parsed.topics}
    for topic in parsed.topics:
        if topic.value.id not in fixed:
            message = f"dit id staat niet in {TOPIC_IDS_FILE}"
            yield Fault(topic.file, topic.line, topic.value.id, message)
    for topic_id in sorted(fixed - present):
        if subject_file(topic_id) not in broken_files(parsed):
            yield Fault(subject_file(topic_id), 1, topic_id, "dit onderwerp ontbreekt")


def _topic_problems(topic: Topic, parsed: Parsed) -> Iterator[str]:
    """All problems of one topic that need no source document."""
    yield from _source_problems(topic, parsed)
    yield from _scope_problems(topic, parsed)
    yield from _relation_problems(topic, parsed)
    yield from check_text.anchor_problems(topic)
    yield from check_text.date_problems(topic)
    yield from check_text.scope_wording_problems(topic)
    yield from check_text.length_problems(topic)
    yield from check_text.placeholder_problems([topic.title, *check_text.topic_texts(topic)])
    documents = [ref.document for ref in topic.sources]
    yield from contact_problems(check_text.topic_texts(topic), documents, parsed)


def _variant_problems(topic: Located[Topic], region: str, parsed: Parsed) -> Iterator[str]:
    """Problems of a text for one region: also that there is no such region, or topic."""
    known = {entry.value.id for entry in parsed.regions}
    if region not in known and REGIONS_FILE not in broken_files(parsed):
        yield f"regio '{region}' staat niet in {REGIONS_FILE}"
    kinds = {entry.value.id: entry.value.kind for entry in parsed.topics}
    kind = kinds.get(topic.value.id)
    if kind is not None and kind is not topic.value.kind:
        yield f"soort moet {kind.value} zijn, zoals voor iedereen"
    elif kind is None and subject_file(topic.value.id) not in broken_files(parsed):
        yield "voor iedereen is er geen onderwerp met dit id"
    others = [entry for entry in parsed.topics if entry.value.id != topic.value.id]
    for fault in _equal_titles([*others, topic]):
        yield fault.message
    yield from _topic_problems(topic.value, parsed)


def _source_problems(topic: Topic, parsed: Parsed) -> Iterator[str]:
    """A topic without a source, or with one that does not exist."""
    needs_source = topic.kind is not TopicKind.CONVERSATION and topic.subject != UNSOURCED_SUBJECT
    if needs_source and not topic.sources:
        yield "noemt geen bron"
    yield from unknown_documents((ref.document for ref in topic.sources), parsed)


def _scope_problems(topic: Topic, parsed: Parsed) -> Iterator[str]:
    """A scope that is no area, nor the name of a region, of regions.yml."""
    areas = {name for region in parsed.regions for name in (region.value.area, region.value.name)}
    if topic.scope not in areas | {NATIONAL} and REGIONS_FILE not in broken_files(parsed):
        yield f"geldt_voor '{topic.scope}' is geen gebied of regio in {REGIONS_FILE}"


def _relation_problems(topic: Topic, parsed: Parsed) -> Iterator[str]:
    """Related topics that do not exist or are the topic itself."""
    present = {entry.value.id for entry in parsed.topics}
    for related in topic.related:
        if related == topic.id:
            yield "verwant noemt het onderwerp zelf"
        elif related not in present and subject_file(related) not in broken_files(parsed):
            yield f"verwant '{related}' bestaat niet"


def _phase_and_menu_faults(parsed: Parsed) -> Iterator[Fault]:
    """Regions in a phase that the plan does not have; roles with topics that do not exist."""
    phases = {phase.value.id for phase in parsed.phases}
    for region in parsed.regions:
        phase = region.value.phase
        if phase is not None and phase not in phases and PHASES_FILE not in broken_files(parsed):
            yield Fault(region.file, region.line, region.value.id, f"fase '{phase}' is niet bekend")
    present = {topic.value.id for topic in parsed.topics}
    for role in parsed.roles:
        for topic_id in role.value.menu:
            if topic_id not in present and subject_file(topic_id) not in broken_files(parsed):
                message = f"menu '{topic_id}' bestaat niet"
                yield Fault(role.file, role.line, role.value.id, message)


def _document_faults(parsed: Parsed, folder: Path, sources: Path) -> Iterator[Fault]:
    """Faults that show when the texts are compared with the source documents."""
    lines = child_lines(folder / SOURCES_FILE, "bronnen") if parsed.sources else {}
    known: dict[str, check_text.Runs] = {}
    for key, source in parsed.sources.items():
        path = sources / source.file
        problems: Iterable[str] = [f"er is geen brondocument {source.file}"]
        if path.is_file():
            document = path.read_text(encoding="utf-8")
            known[source.file] = check_text.runs(document)
            problems = check_text.missing_contacts(source, document)
        for problem in problems:
            yield Fault(SOURCES_FILE, lines.get(key, 1), key, problem)
    all_sources: list[Source] = list(parsed.sources.values())
    own_words: tuple[Sequence[Located[Any]], ...] = (
        parsed.topics,
        parsed.flows,
        parsed.measures,
        parsed.phases,
        parsed.tipping_points,
        parsed.texts,
        *parsed.variants.values(),
    )
    for entries in own_words:
        for entry in entries:
            texts = check_text.fields(entry.value)
            copied = check_text.copied_problems(texts, all_sources, known)
            yield from faults_at(entry, entry.value.id, copied)
