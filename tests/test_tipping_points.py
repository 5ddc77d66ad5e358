"""The tipping points of the plan, and which reports speak to each."""

from pathlib import Path

import pytest

from bottlenecks.lists import lists
from knowledge import load
from tests.knowledge_folder import DOCUMENTS, FILES, found, plant, write

FILE = "kantelpunten.yml"
POINT = """\
kantelpunten:
  - id: middelen
    naam: Minder middelen
    soorten: [materialen]
    bron: [{document: gids, onderdeel: "1"}]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write({**FILES, FILE: POINT}, tmp_path / "knowledge")


def test_the_plan_has_five_that_reports_can_speak_to() -> None:
    points = load().tipping_points
    assert len(points) == 5
    for point in points.values():
        assert set(point.categories) <= set(lists().categories)
        assert set(point.severities) <= set(lists().severities)
        assert {(ref.document, ref.section) for ref in point.sources} == {
            ("opschaalplan", "kantelpunten")
        }


def test_no_kind_of_report_speaks_to_two() -> None:
    kinds = [kind for point in load().tipping_points.values() for kind in point.categories]
    assert len(kinds) == len(set(kinds))


def test_a_folder_without_faults_has_none(folder: Path) -> None:
    assert found(folder) == []
    assert load(folder).tipping_points["middelen"].categories == ("materialen",)


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("document: gids", "document: onbekend", 2, "bron 'onbekend' staat niet in bronnen.yml"),
        ("[materialen]", "[]", 4, "soorten: "),
        ("naam: Minder middelen\n", f"naam: {'x' * 41}\n", 3, "naam: "),
        ("    soorten: [materialen]\n", "", 2, "soorten: "),
        (
            "kantelpunten:\n",
            POINT,
            6,
            "dit id staat ook in kantelpunten.yml:2",
        ),
    ],
)
def test_a_fault_is_found_at_its_line(
    folder: Path, old: str, new: str, line: int, message: str
) -> None:
    plant(folder, FILE, old, new)
    [fault] = found(folder)
    assert fault[:3] == (FILE, line, "middelen")
    assert fault[3].startswith(message)


def test_a_name_that_the_source_has_is_found(folder: Path, tmp_path: Path) -> None:
    copied = "op a b c d e f g h i"
    guide = f"{DOCUMENTS['gids.md']}\nZij doen het {copied} en dan weer.\n"
    sources = write({**DOCUMENTS, "gids.md": guide}, tmp_path / "sources")
    assert found(folder, sources) == []
    plant(folder, FILE, "naam: Minder middelen", f"naam: {copied}")
    [fault] = found(folder, sources)
    assert fault[:3] == (FILE, 2, "middelen")
