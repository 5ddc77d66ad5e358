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


Function = ast.FunctionDef | ast.AsyncFunctionDef
# a test that is marked so may never run
LEFT_OUT = re.compile(r"mark\.(skip\b|xfail)|pytest\.(skip|xfail)\(")


@cache
def functions_of(path: str) -> dict[str, Function]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name: node for node in ast.walk(tree) if isinstance(node, Function)}


def asserts(path: str, name: str, seen: frozenset[str] = frozenset()) -> bool:
    """Whether a function asserts that something holds, itself or by a function beside it."""
    function = functions_of(path)[name]
    for node in ast.walk(function):
        if isinstance(node, ast.Assert):
            # `assert True` and `assert x or True` hold always
            return not any(
                isinstance(one, ast.Constant) and one.value is True
                for one in [node.test, *getattr(node.test, "values", ())]
            )
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if called.endswith(("raises", "call_and_validate")):
                return True
            if called in functions_of(path) and called not in seen | {name}:
                if asserts(path, called, seen | {name}):
                    return True
    return False


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0][:40])
def test_a_line_names_what_there_is(row: list[str]) -> None:
    attack, stopped, proof, number = row
    assert attack
    tests = TEST.findall(proof)
    assert tests, "no test"
    for path, name in tests:
        assert name in functions_of(path), f"{path} has no {name}"
        assert asserts(path, name), f"{name} asserts nothing"
        source = ast.unparse(functions_of(path)[name])
        assert not LEFT_OUT.search(source), f"{name} may be left out"
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
