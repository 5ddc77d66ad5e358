"""Killed everywhere once, in the middle of conversations: nothing lost, nothing twice.

The long version, with 200 conversations, is `make chaos`; see docs/chaos.md.
"""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from bot.settings import ROOT
from tests.chaos.rounds import Deck, Plan, Round
from tests.chaos.services import Nursery
from tests.crash.points import ANSWERS, points

# an officer may have answered all reports before it was the desk's turn: then once more
ROUNDS = 3


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    with Nursery() as started:
        yield started


@pytest.mark.parametrize(
    ("named", "plan"),
    [
        (points(webhook=False), Plan(telegram=4, web=2, kills=60, passes=1)),
        (
            [point for point in points(webhook=True) if ANSWERS["/telegram/webhook"] in point],
            Plan(telegram=2, web=0, webhook=True, passes=2),
        ),
    ],
    ids=["everywhere", "webhook"],
)
def test_report_survives_a_kill(
    nursery: Nursery, tmp_path: Path, named: list[str], plan: Plan
) -> None:
    chance = Random(7)
    deck = Deck(chance, named, once=True)
    killed: set[str] = set()
    for number in range(ROUNDS):
        one = Round(tmp_path / str(number), nursery, deck, chance, plan)
        outcomes = one.run()
        killed |= {kill.point for kill in one.kills}
        assert one.problems == []
        for outcome in outcomes:
            assert outcome.problems == []
            assert (outcome.reports, outcome.answers, outcome.lost) == (1, 1, 0)
            assert outcome.as_confirmed and outcome.conversation.has_gone_on
            assert outcome.replies > 20
        if deck.is_empty:
            break
    assert killed >= set(named)


def test_no_setting_can_switch_the_fault_hook_on() -> None:
    """It hangs on libraries, from a module that nothing which runs in production imports."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packages = project["tool"]["mypy"]["packages"]
    assert "bot" in packages and "tests" not in packages
    files = [file for package in packages for file in (ROOT / package).rglob("*.py")]
    assert len(files) > 100
    for file in files:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                imported = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                imported = [node.module or ""]
            else:
                continue
            assert not any(name.split(".")[0] == "tests" for name in imported), file
        names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        assert not names & {"kill", "SIGKILL", "_exit", "abort"}, file
