"""docs/operations.md names what there is: files, commands, alerts, units."""

import re

import pytest

from bot.cli import app
from bot.settings import ROOT
from tests.deployed import DEPLOY

TEXT = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
LINKS = sorted(set(re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", TEXT)))


@pytest.mark.parametrize("link", LINKS)
def test_what_it_refers_to_is_there(link: str) -> None:
    assert (ROOT / "docs" / link).exists()


def test_every_command_exists() -> None:
    there = {command.name or command.callback.__name__ for command in app.registered_commands}  # type: ignore[union-attr]
    there |= {group.name for group in app.registered_groups if group.name}
    in_code = set(re.findall(r"(?:bin/|`|app )regiowijzer ([a-z]+)", TEXT))
    assert in_code
    assert in_code <= {str(name).replace("_", "-") for name in there}


def test_every_file_of_the_units_is_told_of_or_copied() -> None:
    for file in (DEPLOY / "systemd").iterdir():
        assert file.name in TEXT or file.suffix in (".service", ".timer")


def test_every_alert_that_it_names_exists() -> None:
    rules = (DEPLOY / "prometheus" / "regiowijzer.rules.yml").read_text(encoding="utf-8")
    named = set(re.findall(r"`(Regiowijzer\w+)`", TEXT))
    assert named
    assert named <= set(re.findall(r"alert: (\w+)", rules))


def test_it_says_that_no_image_was_built() -> None:
    assert "No image could be built and no container started where this was made" in TEXT
