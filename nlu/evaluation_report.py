"""The evaluation as a web page: figures, a picture of the confusions, calibration, worst cases."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined

from nlu.evaluation import (
    BINS,
    LESS_IS_BETTER,
    Case,
    broken_floors,
    confusions,
    figures,
    worst,
)


@dataclass(frozen=True)
class _Row:
    name: str
    value: float
    last: float | None
    floor: float | None
    less: bool
    broken: bool


@dataclass(frozen=True)
class _Cell:
    asked: str
    came: str
    count: int
    row: int
    column: int
    darkness: float


@dataclass(frozen=True)
class _Step:
    low: int
    high: int
    count: int
    right: float


def page(
    cases: Sequence[Case], last: Mapping[str, float], floors: Mapping[str, float], pipeline: str
) -> str:
    """One HTML page that needs nothing else.

    Args:
        cases: the test sentences with what was made of them.
        last: the committed figures, by name.
        floors: the committed floors, by name.
        pipeline: name and version of the Dutch pipeline in use.
    """
    environment = Environment(
        loader=PackageLoader("nlu"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pairs = confusions(cases)
    labels = sorted({topic for asked, came, _ in pairs for topic in (asked, came)})
    return environment.get_template("evaluation.html.j2").render(
        total=len(cases),
        pipeline=pipeline,
        rows=_rows(cases, last, floors),
        labels=labels,
        cells=_cells(pairs, labels),
        confusions=pairs,
        calibration=_calibration(cases),
        worst=worst(cases),
    )


def _rows(
    cases: Sequence[Case], last: Mapping[str, float], floors: Mapping[str, float]
) -> list[_Row]:
    measured = figures(cases)
    return [
        _Row(
            name,
            value,
            last.get(name),
            floors.get(name),
            name in LESS_IS_BETTER,
            bool(name in floors and broken_floors(measured, {name: floors[name]})),
        )
        for name, value in asdict(measured).items()
    ]


def _cells(pairs: Sequence[tuple[str, str, int]], labels: Sequence[str]) -> list[_Cell]:
    most = max((count for _, _, count in pairs), default=1)
    place = {label: index for index, label in enumerate(labels)}
    return [
        _Cell(asked, came, count, place[asked], place[came], round(0.3 + 0.7 * count / most, 2))
        for asked, came, count in pairs
    ]


def _calibration(cases: Sequence[Case]) -> list[_Step]:
    steps = []
    for index in range(BINS):
        group = [
            case.ranking[0].topic == case.sentence.topic
            for case in cases
            if case.ranking and min(int(case.ranking[0].confidence * BINS), BINS - 1) == index
        ]
        if group:
            width = 100 // BINS
            steps.append(
                _Step(index * width, (index + 1) * width, len(group), sum(group) / len(group))
            )
    return steps
