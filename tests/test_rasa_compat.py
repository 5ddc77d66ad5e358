"""Rasa on our versions: it validates, and refuses a damaged model and an unknown version.

That it trains, loads and answers: tests/test_training.py.
"""

import os
import subprocess
import sys
from pathlib import Path

import nlu.rasa_compat
from nlu.rasa_compat import stubs
from nlu.rasa_compat.graph_runner import get

import pytest

from bottlenecks.store.database import random_id
from dialogues.assistant import Assistant, AssistantError
from knowledge import load
from nlu.training import ROOT


def test_a_damaged_model_is_refused_with_advice(tmp_path: Path) -> None:
    broken = tmp_path / "regiowijzer.tar.gz"
    broken.write_bytes(b"not a model")
    with pytest.raises(AssistantError, match="regiowijzer train"):
        Assistant(broken, load(), new_id=random_id)


def test_rasa_validates_our_data_and_leaves_the_home_folder_alone(tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "nlu.rasa_compat", "data", "validate", "--config", "config.yml"]
        + ["--domain", "dialogues/domain.yml", "--data", "nlu", "dialogues/rules.yml"],
        cwd=ROOT,
        env={**os.environ, "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert result.returncode == 0, result.stderr[-2000:]
    assert "No story structure conflicts found" in result.stdout + result.stderr
    assert list(tmp_path.rglob("*")) == []


def test_only_missing_packages_are_stubbed() -> None:
    assert stubs.is_stub("tensorflow")
    assert not stubs.is_stub("sqlalchemy")
    assert not stubs.is_stub("sklearn")


def test_another_rasa_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(nlu.rasa_compat.SUPPORTED, "rasa", "9.9.9")
    with pytest.raises(nlu.rasa_compat.UnsupportedRasaError, match="check each patch"):
        nlu.rasa_compat.refuse_other_versions()


def test_graph_runner_runs_each_node_once_and_names_cycles() -> None:
    calls: list[int] = []

    def add(a: int, b: int) -> int:
        calls.append(a)
        return a + b

    assert get({"x": 1, "y": (add, "x", "x"), "z": (add, "y", "y")}, ["z", "y"]) == (4, 2)
    assert len(calls) == 2
    with pytest.raises(RuntimeError, match="cycle"):
        get({"a": (add, "b", "b"), "b": (add, "a", "a")}, ["a"])
