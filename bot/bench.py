"""Measures what the README claims, on this machine."""

import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import numpy as np
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bot.application import load_assistant
from bot.settings import Settings
from nlu.data import training_sentences
from nlu.training import train

LINES = 1_000


@dataclass(frozen=True)
class Figures:
    """What was measured. `_s` is in seconds, `_ms` in milliseconds, `_mb` in millions of bytes."""

    cold_start_s: float
    lines_s: float
    understood_median_ms: float
    understood_p95_ms: float
    peak_mb: float
    training_s: float
    model_mb: float
    installed_mb: float

    def lines(self) -> list[str]:
        """One line per figure, with the machine first."""
        after_start = self.lines_s - self.cold_start_s
        return [
            f"machine: {os.cpu_count()} cores {platform.machine()}, "
            f"Python {platform.python_version()}",
            f"cold start of `regiowijzer ask` to its answer: {self.cold_start_s:.1f} s",
            f"{LINES} lines through `ask --json`: {LINES / after_start:.0f} per second "
            f"after start-up, {LINES / self.lines_s:.0f} with it",
            f"understanding one message: median {self.understood_median_ms:.1f} ms, "
            f"95% within {self.understood_p95_ms:.1f} ms",
            f"peak memory: {self.peak_mb:.0f} MB",
            f"training: {self.training_s:.0f} s, model {self.model_mb:.1f} MB",
            "installed libraries without development tools and bytecode: "
            f"{self.installed_mb:.0f} MB",
        ]


def run(settings: Settings) -> list[str]:
    """Measure and give one line per figure; takes about two minutes."""
    return measure(settings).lines()


def measure(settings: Settings) -> Figures:
    """Measure all figures; takes about two minutes."""
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

    sentences = [sentence.text for sentence in training_sentences()]
    step = len(sentences) / LINES
    texts = [sentences[int(index * step)] for index in range(LINES)]
    understood_ms = _understood_ms(settings, texts)
    lines = "\n".join(texts) + "\n"
    started = time.perf_counter()
    subprocess.run(command, env=environment, check=True, capture_output=True, input=lines.encode())
    many_s = time.perf_counter() - started
    peak_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024

    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        model = train(Path(folder), lambda stage: None)
        train_s = time.perf_counter() - started
        model_mb = model.stat().st_size / 1e6
    return Figures(
        cold_s,
        many_s,
        float(np.median(understood_ms)),
        float(np.quantile(understood_ms, 0.95)),
        peak_mb,
        train_s,
        model_mb,
        _installed_mb(),
    )


def _understood_ms(settings: Settings, texts: list[str]) -> list[float]:
    """Milliseconds to understand each text, without answering it."""
    assistant = load_assistant(settings)
    assistant.understand(texts[0])
    times = []
    for text in texts:
        started = time.perf_counter()
        assistant.understand(text)
        times.append(1000 * (time.perf_counter() - started))
    return times


def _installed_mb() -> float:
    """Size of the installed libraries that the project needs to run, without their bytecode."""
    waiting, needed = ["regiowijzer"], set()
    while waiting:
        name = canonicalize_name(waiting.pop())
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue  # stubbed, or for another platform
        if name in needed:
            continue
        needed.add(name)
        for text in distribution.requires or ():
            requirement = Requirement(text)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                waiting.append(requirement.name)
    return sum(_size(metadata.distribution(name)) for name in needed) / 1e6


def _size(distribution: metadata.Distribution) -> int:
    paths = [Path(str(file.locate())) for file in distribution.files or ()]
    return sum(path.stat().st_size for path in paths if path.is_file() and path.suffix != ".pyc")
