"""Reads the YAML files of knowledge/ into models; a fault names file, line and id."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from knowledge.flow_model import Flow
from knowledge.messages import in_dutch
from knowledge.model import (
    Insurer,
    Knowledge,
    Measure,
    Phase,
    ReadyText,
    Region,
    Role,
    Source,
    TippingPoint,
    Topic,
    revision_of,
)

HERE = Path(__file__).parent
SOURCES_FILE = "bronnen.yml"
REGIONS_FILE = "regions.yml"
INSURERS_FILE = "verzekeraars.yml"
MEASURES_FILE = "maatregelen.yml"
PHASES_FILE = "fasen.yml"
TIPPING_POINTS_FILE = "kantelpunten.yml"
TEXTS_FILE = "teksten.yml"
ROLES_FILE = "rollen.yml"
# the other files of the folder hold topics
NO_TOPICS = (
    SOURCES_FILE,
    REGIONS_FILE,
    INSURERS_FILE,
    MEASURES_FILE,
    PHASES_FILE,
    TIPPING_POINTS_FILE,
    TEXTS_FILE,
    ROLES_FILE,
)
FLOWS_FOLDER = "flows"
# texts that hold in one region instead of those for everyone: a file per region, by its id
VARIANTS_FOLDER = "varianten"
# the same as SafeLoader, and much faster, where libyaml is at hand
LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Value = TypeVar("Value")
Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class Fault:
    """Something wrong in a knowledge file: where it is, and what to do about it."""

    file: str
    line: int
    id: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.id}: {self.message}"


class KnowledgeError(Exception):
    """The files cannot be used; `faults` lists all that is wrong."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


@dataclass(frozen=True)
class Located(Generic[Value]):
    """A model with the place it was read from."""

    value: Value
    file: str
    line: int


@dataclass(frozen=True)
class Parsed:
    """All entries that could be read, and the faults of those that could not."""

    topics: list[Located[Topic]]
    sources: dict[str, Source]
    regions: list[Located[Region]]
    other_places: tuple[str, ...]
    ambiguous_places: frozenset[str]
    insurers: list[Located[Insurer]]
    flows: list[Located[Flow]]
    measures: list[Located[Measure]]
    phases: list[Located[Phase]]
    tipping_points: list[Located[TippingPoint]]
    texts: list[Located[ReadyText]]
    roles: list[Located[Role]]
    variants: dict[str, list[Located[Topic]]]
    faults: list[Fault]
    revision: str


def load(folder: Path = HERE) -> Knowledge:
    """Read and validate every file of `folder`.

    Raises:
        KnowledgeError: a file is missing, is not valid YAML or does not fit the models.
    """
    parsed = parse(folder)
    seen: dict[str, str] = {}
    for topic in parsed.topics:
        if topic.value.id in seen:
            said = f"staat ook in {seen[topic.value.id]}"
            parsed.faults.append(Fault(topic.file, topic.line, topic.value.id, said))
        seen[topic.value.id] = f"{topic.file}:{topic.line}"
    if parsed.faults:
        raise KnowledgeError(parsed.faults)
    return Knowledge(
        topics={entry.value.id: entry.value for entry in parsed.topics},
        sources=parsed.sources,
        regions={entry.value.id: entry.value for entry in parsed.regions},
        other_places=parsed.other_places,
        ambiguous_places=parsed.ambiguous_places,
        insurers={entry.value.id: entry.value for entry in parsed.insurers},
        flows={entry.value.id: entry.value for entry in parsed.flows},
        measures={entry.value.id: entry.value for entry in parsed.measures},
        phases={entry.value.id: entry.value for entry in parsed.phases},
        tipping_points={entry.value.id: entry.value for entry in parsed.tipping_points},
        texts={entry.value.id: entry.value for entry in parsed.texts},
        roles={entry.value.id: entry.value for entry in parsed.roles},
        variants={
            region: {entry.value.id: entry.value for entry in entries}
            for region, entries in parsed.variants.items()
        },
        revision=parsed.revision,
    )


def parse(folder: Path = HERE) -> Parsed:
    """Read every file of `folder`, collecting faults instead of stopping at the first."""
    faults: list[Fault] = []
    contents: dict[str, bytes] = {}

    def read(path: Path) -> tuple[Any, yaml.Node | None]:
        name = str(path.relative_to(folder))
        try:
            contents[name] = path.read_bytes()
            text = contents[name].decode("utf-8")
            return yaml.load(text, Loader=LOADER), yaml.compose(text, Loader=LOADER)
        except FileNotFoundError:
            faults.append(Fault(name, 1, "-", "het bestand ontbreekt"))
        except UnicodeDecodeError as error:
            faults.append(Fault(name, 1, "-", f"het bestand is geen UTF-8: {error.reason}"))
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = mark.line + 1 if mark else 1
            problem = getattr(error, "problem", None) or "is niet te lezen"
            faults.append(Fault(name, line, "-", f"geen geldige YAML: {problem}"))
        return None, None

    def entries(path: Path, key: str, model: type[Model]) -> list[Located[Model]]:
        data, node = read(path)
        if data is None:
            return []
        name = str(path.relative_to(folder))
        if not isinstance(data, dict) or not isinstance(data.get(key), list):
            faults.append(Fault(name, 1, "-", f"hier hoort een lijst onder '{key}'"))
            return []
        return [
            Located(value, name, _line(node, (key, index)))
            for index, item in enumerate(data[key])
            if (value := _validated(item, model, name, node, (key, index), faults)) is not None
        ]

    subjects = sorted(path for path in folder.glob("*.yml") if path.name not in NO_TOPICS)
    topics = [entry for path in subjects for entry in entries(path, "onderwerpen", Topic)]
    variants = {
        path.stem: entries(path, "onderwerpen", Topic)
        for path in sorted((folder / VARIANTS_FOLDER).glob("*.yml"))
    }
    regions = entries(folder / REGIONS_FILE, "regios", Region)
    insurers = entries(folder / INSURERS_FILE, "verzekeraars", Insurer)
    measures = entries(folder / MEASURES_FILE, "maatregelen", Measure)
    phases = entries(folder / PHASES_FILE, "fasen", Phase)
    tipping_points = entries(folder / TIPPING_POINTS_FILE, "kantelpunten", TippingPoint)
    texts = entries(folder / TEXTS_FILE, "teksten", ReadyText)
    roles = entries(folder / ROLES_FILE, "rollen", Role)
    region_data = _mapping(read(folder / REGIONS_FILE)[0])
    other_places = tuple(region_data.get("plaatsen_elders") or ())
    ambiguous = frozenset(region_data.get("gewone_woorden") or ())
    source_data, source_node = read(folder / SOURCES_FILE)
    sources: dict[str, Source] = {}
    for key, item in _mapping(_mapping(source_data).get("bronnen")).items():
        source = _validated(item, Source, SOURCES_FILE, source_node, ("bronnen", key), faults)
        if source is not None:
            sources[key] = source
    flows: list[Located[Flow]] = []
    for path in sorted((folder / FLOWS_FOLDER).glob("*.yml")):
        data, node = read(path)
        if data is not None:
            name = str(path.relative_to(folder))
            flow = _validated(data, Flow, name, node, (), faults)
            if flow is not None:
                flows.append(Located(flow, name, 1))
    return Parsed(
        topics,
        sources,
        regions,
        other_places,
        ambiguous,
        insurers,
        flows,
        measures,
        phases,
        tipping_points,
        texts,
        roles,
        variants,
        faults,
        revision_of(contents),
    )


def _mapping(data: Any) -> dict[Any, Any]:
    """The mapping, or an empty one where the file holds something else."""
    return data if isinstance(data, dict) else {}


def _validated(
    item: Any,
    model: type[Model],
    file: str,
    node: yaml.Node | None,
    path: tuple[str | int, ...],
    faults: list[Fault],
) -> Model | None:
    try:
        return model.model_validate(item)
    except ValidationError as error:
        label = str(item.get("id", path[-1] if path else "-")) if isinstance(item, dict) else "-"
        for problem in error.errors():
            where = tuple(part for part in problem["loc"] if isinstance(part, str | int))
            field = ".".join(str(part) for part in where)
            said = in_dutch(problem["type"], problem.get("ctx") or {}, problem["msg"])
            faults.append(Fault(file, _line(node, path + where), label, f"{field}: {said}"))
        return None


def _line(node: yaml.Node | None, path: tuple[str | int, ...]) -> int:
    """Line (from 1) of the deepest node on `path` that exists."""
    for part in path:
        if isinstance(node, yaml.SequenceNode) and isinstance(part, int):
            if part >= len(node.value):
                break
            node = node.value[part]
        elif isinstance(node, yaml.MappingNode):
            found = [value for key, value in node.value if key.value == str(part)]
            if not found:
                break
            node = found[0]
        else:
            break
    return node.start_mark.line + 1 if node is not None else 1
