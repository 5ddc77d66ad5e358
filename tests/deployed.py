"""The files in deploy/, as the tests read them."""

import re
import shutil
import sysconfig
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings import ROOT

DEPLOY = ROOT / "deploy"
CONTAINERFILE = DEPLOY / "Containerfile"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
# where the units expect the command, and where it is here
INSTALLED = "/opt/regiowijzer/.venv/bin"
HERE = sysconfig.get_path("scripts")


def compose() -> dict[str, Any]:
    """deploy/compose.yaml, with its anchors filled in."""
    loaded: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    return loaded


def instructions() -> list[tuple[str, str]]:
    """The instructions of the Containerfile, each as its word and the rest on one line."""
    text = re.sub(r"^\s*#.*\n", "", CONTAINERFILE.read_text(encoding="utf-8"), flags=re.M)
    lines = re.sub(r"\\\n\s*", " ", text).splitlines()
    return [(line.split(" ", 1)[0], line.split(" ", 1)[1]) for line in lines if line.strip()]


def program(name: str) -> str:
    """The path of a program of the system; skips where there is none."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"not here: {name} is not installed")
    return found


def units_for_this_machine(folder: Path) -> list[Path]:
    """Copies of the units and timers in `folder`, with the command where it is on this machine."""
    copies = []
    for unit in [*UNITS, *(DEPLOY / "systemd").glob("*.timer")]:
        text = unit.read_text(encoding="utf-8").replace(INSTALLED, HERE)
        copy = folder / unit.name
        copy.write_text(text.replace("/opt/regiowijzer", str(ROOT)), encoding="utf-8")
        copies.append(copy)
    return copies
