"""The `regiowijzer users` commands."""

import os
import pty
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.settings import ROOT
from bot.users import UsersError, app
from bottlenecks import passwords
from bottlenecks.roles import Role
from bottlenecks.store import open_database
from bottlenecks.store.officers import OfficerView
from tests.secret_key import cipher_of
from tests.serving import COMMAND, environment, run

ADA = "ada@rho.example"
PASSWORD = "vier paarse olifanten"
OWN = "dertien groene fietsen"


def users(data_dir: Path, *arguments: str, stdin: str = "") -> str:
    """Run a command in this process; gives what it said.

    Raises:
        UsersError: why it did not.
    """
    kept = environment(data_dir)
    done = CliRunner().invoke(app, arguments, input=stdin, env=kept, catch_exceptions=False)
    assert (done.exit_code, done.stderr) == (0, "")
    return done.stdout


def adds_ada(data_dir: Path) -> str:
    name = ("--name", "Ada Jansen", "--role", "beheerder")
    return users(data_dir, "add", "Ada@RHO.example", *name, stdin=f"{PASSWORD}\n")


def signs_in(data_dir: Path, login: str, password: str) -> OfficerView | None:
    """The account that this login and password open, as the login page looks at it."""
    cipher = cipher_of(data_dir)
    with (
        open_database(f"sqlite:///{data_dir / 'regiowijzer.db'}", cipher) as database,
        database.reading() as work,
    ):
        found = work.officers.password_of(login)
        if found is None or not passwords.verify(password, found[1], work.now()):
            return None
        return work.officers.get(found[0])


def test_first_administrator(tmp_path: Path) -> None:
    assert "no accounts yet" in users(tmp_path, "list")
    assert adds_ada(tmp_path) == "Ada@RHO.example can sign in at /beheer as beheerder\n"
    ada = signs_in(tmp_path, ADA, PASSWORD)
    assert ada is not None
    assert (ada.officer.role, ada.officer.scope.all_regions) == (Role.ADMIN, True)
    assert users(tmp_path, "list") == (
        "ada@rho.example\tbeheerder\tall\tactive\tnever\tAda Jansen\n"
    )


def test_handler_of_two_regions_is_deactivated(tmp_path: Path) -> None:
    adds_ada(tmp_path)
    regions = ("--region", "utrecht", "--region", "westelijke-mijnstreek")
    users(
        tmp_path, "add", "bo@rho.example", "--name", "Bo", *regions, "--password-stdin",
        stdin=f"{PASSWORD}\n",
    )  # fmt: skip
    users(tmp_path, "password", "bo@rho.example", stdin=f"{OWN}\n")
    assert signs_in(tmp_path, "bo@rho.example", PASSWORD) is None
    assert signs_in(tmp_path, "bo@rho.example", OWN) is not None
    assert users(tmp_path, "deactivate", "bo@rho.example") == (
        "bo@rho.example can no longer sign in\n"
    )
    assert signs_in(tmp_path, "bo@rho.example", OWN) is None
    assert (
        "bo@rho.example\tbehandelaar\tutrecht,westelijke-mijnstreek\tinactive\tnever\tBo\n"
        in users(tmp_path, "list")
    )
    with pytest.raises(UsersError, match="last active beheerder"):
        users(tmp_path, "deactivate", ADA)


@pytest.mark.parametrize(
    ("arguments", "stdin", "told"),
    [
        (("add", ADA, "--name", "Ada"), f"{PASSWORD}\n", "there is already an account"),
        (("add", "geen adres", "--name", "Bo"), f"{PASSWORD}\n", "is not an e-mail address"),
        (("add", "b@x.nl", "--name", "Bo"), "kort\n", "at least 12 characters"),
        (("add", "bobbie@x.nl", "--name", "Bo"), "bobbie bobbie\n", "must not hold the name"),
        (("add", "b@x.nl", "--name", "Bo"), "", "no password on standard input"),
        (
            ("add", "b@x.nl", "--name", "Bo", "--region", "elders"),
            f"{PASSWORD}\n",
            "unknown region elders: choose from utrecht, ",
        ),
        (("password", "b@x.nl"), f"{PASSWORD}\n", "there is no account b@x.nl"),
        (("deactivate", "b@x.nl"), "", "there is no account b@x.nl"),
    ],
)
def test_what_is_refused(tmp_path: Path, arguments: tuple[str, ...], stdin: str, told: str) -> None:
    adds_ada(tmp_path)
    with pytest.raises(UsersError, match=told):
        users(tmp_path, *arguments, stdin=stdin)


def test_problem_takes_one_line(tmp_path: Path) -> None:
    done = run(tmp_path, "users", "password", ADA, stdin=f"{PASSWORD}\n")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (f"regiowijzer: there is no account {ADA}: see regiowijzer users list\n")


@pytest.mark.skipif(sys.platform == "win32", reason="needs a terminal of Unix")
def test_terminal_asks_twice_and_shows_nothing(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    command = [str(COMMAND), "users", "add", ADA, "--name", "Ada Jansen", "--role", "beheerder"]
    process = subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, cwd=ROOT, env=environment(tmp_path),
        start_new_session=True,
    )  # fmt: skip
    os.close(theirs)
    shown = b""

    def reads_until(text: bytes) -> None:
        nonlocal shown
        end = time.monotonic() + 90
        while text not in shown and time.monotonic() < end:
            try:
                shown += os.read(ours, 1024)
            except OSError:  # the command has ended
                return

    reads_until(b"Password: ")
    os.write(ours, PASSWORD.encode() + b"\n")
    reads_until(b"Once more: ")
    os.write(ours, PASSWORD.encode() + b"\n")
    reads_until(b"as beheerder")
    assert process.wait(60) == 0
    os.close(ours)
    assert PASSWORD.encode() not in shown
    assert signs_in(tmp_path, ADA, PASSWORD) is not None
