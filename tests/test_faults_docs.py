"""docs/faults.md names tests that exist."""

import re

import pytest

from bot.settings import ROOT

TEXT = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`(test_\w+\.py)::(test_\w+)`", TEXT)
ROWS = [line for line in TEXT.splitlines() if line.startswith("| ") and "| fault" not in line]


@pytest.mark.parametrize(("file", "test"), NAMED)
def test_a_named_test_exists(file: str, test: str) -> None:
    assert f"def {test}(" in (ROOT / "tests" / file).read_text(encoding="utf-8")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.split("|")[1].strip()[:50])
def test_every_fault_has_a_test(row: str) -> None:
    assert re.search(r"`test_\w+\.py::test_\w+`", row)


def test_every_fault_test_is_named() -> None:
    named = {test for _, test in NAMED}
    for path in (ROOT / "tests").glob("test_faults_*.py"):
        if path.name != "test_faults_docs.py":
            found = set(re.findall(r"^def (test_\w+)\(", path.read_text(encoding="utf-8"), re.M))
            assert found <= named, (path.name, found - named)
