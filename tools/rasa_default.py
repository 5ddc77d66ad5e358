"""Trains and tries Rasa's own default pipeline (DIET) in its own Python 3.10, as a yardstick."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import yaml

# runs in the other Python, with Rasa's own packages
_SCRIPT = """
import asyncio, json, time
from rasa.core.agent import Agent
from rasa.model_training import train_nlu

started = time.perf_counter()
model = train_nlu("config.yml", "data.yml", "models")
seconds = time.perf_counter() - started
agent = Agent.load(model)
rows = [asyncio.run(agent.parse_message(text)) for text in json.load(open("tests.json"))]
names = [[entry["name"] for entry in row["intent_ranking"]] for row in rows]
rankings = [[name for name in ranking if name != "nlu_fallback"] for ranking in names]
json.dump([seconds, rankings], open("result.json", "w"))
"""


def rankings(
    python: str, training: Sequence[tuple[str, str]], texts: Sequence[str]
) -> tuple[float, list[list[str]]]:
    """Seconds to train, and the intents of every text, best first.

    Args:
        python: an interpreter in which rasa 3.6.21 is installed with what it needs itself.
        training: sentences with their intents.
        texts: sentences to try.

    Raises:
        subprocess.CalledProcessError: Rasa could not train or answer.
    """
    by_intent: dict[str, list[str]] = {}
    for text, intent in training:
        by_intent.setdefault(intent, []).append(text)
    data = {
        "version": "3.1",
        "nlu": [
            {"intent": intent, "examples": "".join(f"- {text}\n" for text in examples)}
            for intent, examples in by_intent.items()
        ],
    }
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "data.yml").write_text(yaml.safe_dump(data, allow_unicode=True))
        # Rasa fills in its own default pipeline when none is given
        (folder / "config.yml").write_text(
            "recipe: default.v1\nlanguage: nl\nassistant_id: yardstick\n"
        )
        (folder / "tests.json").write_text(json.dumps(list(texts)))
        (folder / "run.py").write_text(_SCRIPT)
        environment = {**os.environ, "RASA_TELEMETRY_ENABLED": "false"}
        subprocess.run(
            [python, "run.py"], cwd=folder, check=True, stdout=sys.stderr, env=environment
        )
        seconds, found = json.loads((folder / "result.json").read_text())
    return seconds, found
