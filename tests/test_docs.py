"""The documents name what there is: commands, settings, Telegram commands, decisions."""

from pathlib import Path

import pytest

from bot.cli import app
from bot.menu import COMMANDS
from bot.settings import ROOT, Settings

README = (ROOT / "README.md").read_text(encoding="utf-8")
GUIDE = (ROOT / "docs" / "handleiding.md").read_text(encoding="utf-8")
DECISIONS = sorted((ROOT / "docs" / "adr").glob("*.md"))


def cli_commands() -> list[str]:
    return [
        command.name or command.callback.__name__.replace("_", "-")
        for command in app.registered_commands
        if command.callback is not None
    ]


@pytest.mark.parametrize("command", cli_commands())
def test_readme_names_every_command(command: str) -> None:
    assert f"`regiowijzer {command}" in README


@pytest.mark.parametrize("setting", [name.upper() for name in Settings.model_fields])
def test_readme_names_every_setting(setting: str) -> None:
    assert f"| `{setting}` |" in README


@pytest.mark.parametrize("command", COMMANDS)
def test_guide_names_every_telegram_command(command: str) -> None:
    assert f"`/{command}`" in GUIDE


def test_there_are_decisions() -> None:
    assert DECISIONS


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda path: path.stem)
def test_every_decision_has_its_headings(decision: Path) -> None:
    lines = decision.read_text(encoding="utf-8").splitlines()
    for heading in ("Context", "Decision", "Consequences"):
        assert f"## {heading}" in lines
