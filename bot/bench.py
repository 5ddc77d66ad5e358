"""Measures what the README claims, on this machine."""

import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bot.settings import ROOT, Settings
from nlu.data import training_sentences
from nlu.training import train

LINES = 1_000
_NOT_RUNTIME = ("mypy", "pytest", "_pytest", "ruff", "hypothesis", "psycopg")


def run(settings: Settings) -> list[str]:
    """Measure and give one line per figure; takes about two minutes."""
    command = [sys.executable, "-m", "bot.cli", "ask", "--json"]
    environment = {**os.environ, "MODEL_DIR": str(settings.model_dir)}
    started = time.perf_counter()
    subprocess.run(
        [*command, "wie coördineert het noodplan?"],
        env=environment,
        check=True,
        capture_output=True,
    )
    cold_s = time.perf_counter() - started

    texts = [sentence.text for sentence in training_sentences()]
    step = len(texts) / LINES
    lines = "\n".join(texts[int(index * step)] for index in range(LINES)) + "\n"
    started = time.perf_counter()
    subprocess.run(command, env=environment, check=True, capture_output=True, input=lines.encode())
    many_s = time.perf_counter() - started
    peak_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024

    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        model = train(Path(folder), lambda stage: None)
        train_s = time.perf_counter() - started
        model_mb = model.stat().st_size / 1e6
    return [
        f"machine: {os.cpu_count()} cores {platform.machine()}, Python {platform.python_version()}",
        f"cold start of `regiowijzer ask` to its answer: {cold_s:.1f} s",
        f"{LINES} lines through `ask --json`: {LINES / (many_s - cold_s):.0f} per second "
        f"after start-up, {LINES / many_s:.0f} with it",
        f"peak memory: {peak_mb:.0f} MB",
        f"training: {train_s:.0f} s, model {model_mb:.1f} MB",
        f"installed libraries without development tools: {_installed_mb():.0f} MB",
    ]


def _installed_mb() -> float:
    """Size of the libraries in the environment, leaving the development tools out."""
    packages = next((ROOT / ".venv" / "lib").glob("python3.*")) / "site-packages"
    total = 0
    for path in packages.iterdir():
        if path.name.startswith(_NOT_RUNTIME):
            continue
        files = path.rglob("*") if path.is_dir() else [path]
        total += sum(file.stat().st_size for file in files if file.is_file())
    return total / 1e6
