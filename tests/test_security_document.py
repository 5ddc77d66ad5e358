"""docs/security.md: each line names tests that exist, files that exist, and a requirement."""

import ast
import re
from functools import cache

import pytest

from bot.settings import ROOT

ASVS = re.compile(r"V\d{1,2}\.\d{1,2}\.\d{1,2}|not found")
TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
FILE = re.compile(r"`([\w./-]+\.\w+|[\w./-]+/)`")
DOCUMENT = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in DOCUMENT.splitlines()
    if line.startswith("| ") and not line.startswith("| attack |")
]
# what the issue asks to be there, by a word of its line
EXPECTED = (
    *("session fixation", "CSRF", "XSS", "SQL injection", "another region", "path traversal"),
    *("formula", "redirect", "Host", "clickjacking", "cookie", "password", "which accounts exist"),
    *("logging out", "deactivated", "API", "Rasa", "zip bomb", "XML", "SSRF", "webhook", "secret"),
    *("guess", "malformed", "too large", "invitation", "flood", "library"),
)


@cache
def functions_of(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, functions))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0][:40])
def test_a_line_names_what_there_is(row: list[str]) -> None:
    attack, stopped, proof, number = row
    assert attack
    tests = TEST.findall(proof)
    assert tests, "no test"
    for path, name in tests:
        assert name in functions_of(path), f"{path} has no {name}"
    files = FILE.findall(stopped)
    assert files, "no file"
    for file in files:
        assert (ROOT / file).exists(), file
    assert all(ASVS.fullmatch(one) for one in number.split(", ")), number


@pytest.mark.parametrize("word", EXPECTED)
def test_an_attack_is_there(word: str) -> None:
    assert any(word.lower() in row[0].lower() for row in ROWS)


def test_no_line_is_there_twice() -> None:
    attacks = [row[0] for row in ROWS]
    assert len(attacks) == len(set(attacks)) >= 40
