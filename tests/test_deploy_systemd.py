"""The systemd units: what systemd has against them, and how much they leave open."""

import re
import subprocess
from pathlib import Path

import pytest

from bot.cli import app
from bot.settings import SECRETS_DIR, Settings
from tests.deployed import DEPLOY, INSTALLED, UNITS, program, units_for_this_machine

# of 100 (open to everything), as `systemd-analyze security` counts; without a sandbox a unit has 96
MOST_OPEN = 20
DROP_INS = {
    "postgresql.conf": ["regiowijzer.service", "regiowijzer-worker@.service"],
    "backup-postgresql.conf": ["regiowijzer-backup.service"],
}


def analysed(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """`systemd-analyze` on the units in a folder, with no other units but systemd's own."""
    return subprocess.run(
        [program("systemd-analyze"), "--no-pager", *arguments],
        env={"SYSTEMD_UNIT_PATH": f"{folder}:", "LC_ALL": "C", "PATH": "/usr/bin:/bin"},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("with_drop_ins", [False, True], ids=["sqlite", "postgresql"])
def test_systemd_understands_every_line(tmp_path: Path, with_drop_ins: bool) -> None:
    copies = units_for_this_machine(tmp_path)
    if with_drop_ins:
        for name, units in DROP_INS.items():
            for unit in units:
                (tmp_path / f"{unit}.d").mkdir()
                text = (DEPLOY / "systemd" / name).read_text(encoding="utf-8")
                (tmp_path / f"{unit}.d" / "postgresql.conf").write_text(text, encoding="utf-8")
    names = [f"./{copy.name.replace('@.', '@1.')}" for copy in copies]
    done = analysed("verify", "--man=no", "--recursive-errors=no", *names, folder=tmp_path)
    # a tool of PostgreSQL that is not installed here is no fault of the unit
    told = [line for line in done.stderr.splitlines() if "postgresql.service" not in line]
    assert (told, done.returncode) == ([], 0)


def test_systemd_tells_of_a_wrong_word(tmp_path: Path) -> None:
    wrong = "[Service]\nExecStart=/bin/true\nProtectSystm=strict\n"
    (tmp_path / "wrong.service").write_text(wrong, encoding="utf-8")
    done = analysed("verify", "--man=no", "./wrong.service", folder=tmp_path)
    assert "ProtectSystm" in done.stderr


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_little_is_left_open(unit: Path, tmp_path: Path) -> None:
    units_for_this_machine(tmp_path)
    name = unit.name.replace("@.", "@1.")
    done = analysed(
        "security", "--offline=true", f"--threshold={MOST_OPEN}", f"./{name}", folder=tmp_path
    )
    assert done.returncode == 0, done.stdout[-300:] + done.stderr


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_it_runs_a_command_that_exists_with_settings_that_exist(unit: Path) -> None:
    text = unit.read_text(encoding="utf-8")
    commands = {
        command.name or command.callback.__name__.replace("_", "-")
        for command in app.registered_commands
        if command.callback is not None
    }
    named = re.findall(rf"^ExecStart={INSTALLED}/regiowijzer (\S+)", text, re.M)
    assert named
    assert set(named) <= commands
    settings = {name.upper() for name in Settings.model_fields}
    given = set(
        re.findall(r"([A-Z_]{3,})=", " ".join(re.findall(r"^Environment=(.*)", text, re.M)))
    )
    assert given - {SECRETS_DIR, "PYTHONDONTWRITEBYTECODE"} <= settings
    secrets = re.findall(r"^LoadCredential=(\w+):", text, re.M)
    assert {secret.upper() for secret in secrets} <= settings


def test_the_units_are_alike_where_nothing_else_is_said() -> None:
    bodies = [
        {line for line in unit.read_text(encoding="utf-8").splitlines() if line[:1].isupper()}
        for unit in UNITS
    ]
    shared = set.intersection(*bodies)
    assert {"NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet="} <= shared
    assert {"User=regiowijzer", "UMask=0077", "MemoryDenyWriteExecute=yes"} <= shared
