"""The alerts for Prometheus: well-formed, about figures that exist, and tried out."""

import subprocess
from typing import Any

import promql_parser
import pytest
import yaml

from bottlenecks.store import Database
from dialogues.assistant import Assistant
from tests.deployed import DEPLOY, program
from tests.operator_machine import figures, visitor

FOLDER = DEPLOY / "prometheus"
RULES: list[dict[str, Any]] = [
    rule
    for group in yaml.safe_load((FOLDER / "regiowijzer.rules.yml").read_text("utf-8"))["groups"]
    for rule in group["rules"]
]


def selectors(node: Any) -> list[promql_parser.VectorSelector]:
    """All that a query looks at."""
    if isinstance(node, promql_parser.VectorSelector):
        return [node]
    found = []
    for name in ("expr", "lhs", "rhs", "vector_selector"):
        if hasattr(node, name):
            found += selectors(getattr(node, name))
    for argument in getattr(node, "args", None) or []:
        found += selectors(argument)
    return found


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_it_is_a_query_about_figures_that_exist(
    rule: dict[str, Any], database: Database, assistant: Assistant
) -> None:
    page = visitor(database, assistant).get("/metrics").text
    # of a counter with labels nothing is told before it counts, but its name is
    told = {line.split()[2] for line in page.splitlines() if line.startswith("# TYPE")}
    told |= {f"{name}_bucket" for name in told} | {"up"} | {name for name, *_ in figures(page)}
    looked_at = selectors(promql_parser.parse(rule["expr"]))
    assert looked_at
    assert {selector.name for selector in looked_at} <= told


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_it_says_what_is_wrong_and_what_to_do(rule: dict[str, Any]) -> None:
    assert rule["labels"]["severity"] in ("page", "warn")
    assert set(rule["annotations"]) == {"summary", "do"}


def test_prometheus_own_tool_agrees() -> None:
    tool = program("promtool")
    for command in (
        ["check", "rules", "regiowijzer.rules.yml"],
        ["test", "rules", "regiowijzer.tests.yml"],
    ):
        done = subprocess.run(
            [tool, *command], cwd=FOLDER, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
