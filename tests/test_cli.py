"""The `regiowijzer` command, in processes of its own."""

import json
import signal
import socket
import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.settings import ROOT
from bottlenecks.desk.examples.adding import add_examples
from bottlenecks.store import open_database
from tests.secret_key import cipher_of
from tests.serving import COMMAND, environment, run
from tests.telegram_api import FakeBotApi

ASK_KEYS = [
    "text",
    "decision",
    "topic",
    "confidence",
    "candidates",
    "reply",
    "sources",
    "entities",
    "asked",
]
CHAT_KEYS = [
    "reply", "choices", "sources", "topic", "flow", "step", "reference", "files", "conversation",
]  # fmt: skip
SOURCE_KEYS = {"title", "publisher", "section", "date"}
START_S = 90

# the model must be there: training it in a subprocess would take too long
pytestmark = pytest.mark.usefixtures("assistant")


def lines(output: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.splitlines()]


# ask


def check_answer(answer: dict[str, Any]) -> None:
    assert list(answer) == ASK_KEYS
    assert answer["decision"] in {"answer", "clarify", "flow", "smalltalk", "out_of_scope"}
    assert (answer["topic"] is None) == (answer["decision"] == "clarify")
    assert 0 <= answer["confidence"] <= 1
    topics = [candidate["topic"] for candidate in answer["candidates"]]
    assert len(topics) >= 3
    assert len(set(topics)) == len(topics)
    assert answer["decision"] == "clarify" or topics[0] == answer["topic"]
    assert answer["reply"]
    assert all(text.strip() for text in answer["reply"])
    assert all(set(source) == SOURCE_KEYS for source in answer["sources"])


def test_ask_one_question(tmp_path: Path) -> None:
    done = run(tmp_path, "ask", "--json", "wie coördineert het noodplan?")
    assert (done.returncode, done.stderr) == (0, "")
    [answer] = lines(done.stdout)
    check_answer(answer)
    assert answer["text"] == "wie coördineert het noodplan?"
    assert answer["decision"] == "answer"
    assert answer["topic"] == "noodplan/coordinatie"
    assert "standaard eindverantwoordelijk" in answer["reply"][0]
    assert answer["sources"][0]["publisher"] == "LHV en InEen"


def test_ask_reads_lines_and_keeps_nothing(tmp_path: Path) -> None:
    asked = ["hallo", "ik wil een knelpunt melden", "wat is de hoofdstad van Peru?"]
    done = run(tmp_path, "ask", "--json", stdin="\n".join(asked) + "\n")
    assert (done.returncode, done.stderr) == (0, "")
    answers = lines(done.stdout)
    for answer in answers:
        check_answer(answer)
    assert [answer["text"] for answer in answers] == asked
    assert [answer["decision"] for answer in answers] == ["smalltalk", "flow", "out_of_scope"]
    assert list(tmp_path.iterdir()) == []


def test_ask_survives_odd_lines(tmp_path: Path) -> None:
    odd = ["", "   ", "😀😀", "\x00\x07", "1234", "a" * 20_000, "/kies 1", '{"text": "hallo"}']
    done = run(tmp_path, "ask", "--json", stdin="\n".join(odd))
    assert (done.returncode, done.stderr) == (0, "")
    answers = lines(done.stdout)
    assert [answer["text"] for answer in answers] == odd
    for answer in answers:
        check_answer(answer)


# chat


def chat(data_dir: Path, *said: str, conversation: str | None = None) -> list[dict[str, Any]]:
    more = ["--conversation", conversation] if conversation else []
    done = run(data_dir, "chat", "--json", *more, stdin="".join(f"{line}\n" for line in said))
    assert (done.returncode, done.stderr) == (0, "")
    turns = lines(done.stdout)
    assert all(list(turn) == CHAT_KEYS for turn in turns)
    return turns


def number(turn: dict[str, Any], label: str) -> str:
    labels = [choice["label"] for choice in turn["choices"]]
    return f"/kies {labels.index(label) + 1}"


def test_chat_picks_and_goes_on_in_another_process(tmp_path: Path) -> None:
    first = chat(
        tmp_path,
        "al drie organisaties gebeld, nergens thuiszorg te vinden in Geleen, graag melden",
        "/kies 99",
        "/kies 1",
    )
    begun, wrong, picked = first
    assert begun["flow"]
    assert begun["choices"]
    assert "keuze is er niet" in wrong["reply"][0]
    assert wrong["choices"] == begun["choices"]
    assert (picked["flow"], picked["step"]) != (begun["flow"], begun["step"])
    [conversation] = {turn["conversation"] for turn in first if turn["conversation"]}

    # the buttons of the first process are not on this screen: the label is typed
    [again] = chat(tmp_path, "Anoniem melden", conversation=conversation)
    assert again["conversation"] == conversation
    assert again["flow"] == begun["flow"]
    [summary] = chat(tmp_path, "ja graag", conversation=conversation)
    [filed] = chat(tmp_path, "versturen", conversation=conversation)
    assert "Westelijke Mijnstreek" in "".join(summary["reply"])
    assert filed["reference"].startswith("KP-")
    assert filed["flow"] is None


def test_chat_without_json_shows_numbers(tmp_path: Path) -> None:
    done = run(tmp_path, "chat", stdin="ik wil een knelpunt melden\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert "[1] " in done.stdout
    assert "Verdergaan: regiowijzer chat --conversation " in done.stdout


def test_chat_with_unknown_conversation(tmp_path: Path) -> None:
    done = run(tmp_path, "chat", "--json", "--conversation", "nope")
    assert (done.returncode, done.stdout) == (1, "")
    assert one_line(done) == (
        "regiowijzer: there is no conversation nope here; leave --conversation out"
    )


# check, info


def test_check_and_info(tmp_path: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        check, info = pool.map(lambda name: run(tmp_path, name), ["check", "info"])
    assert (check.returncode, check.stderr) == (0, "")
    assert check.stdout.startswith("0 fouten, nagekeken ")
    assert (info.returncode, info.stderr) == (0, "")
    shown = dict(line.split(": ", 1) for line in info.stdout.splitlines()[1:])
    assert set(shown) == {"Dutch pipeline", "knowledge", "model", "Telegram"}
    assert shown["model"] == "up to date"
    assert list(tmp_path.iterdir()) == []


# what is wrong takes one line


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert "Traceback" not in line
    return line


WRONG = {
    "short secret": ("info", {"SECRET_KEY": "kort"}, "SECRET_KEY: must have at least 32"),
    "log level": ("info", {"LOG_LEVEL": "LUID"}, "LOG_LEVEL: must be DEBUG, INFO"),
    "api url": ("info", {"TELEGRAM_API_URL": "ftp://x"}, "TELEGRAM_API_URL: must begin with"),
    "open to all": ("info", {"WEB_HOST": "0.0.0.0"}, "set PUBLIC_URL"),
    "no name": ("serve", {"PUBLIC_URL": "https://"}, "PUBLIC_URL: must be a name with nothing"),
    "a path": ("serve", {"PUBLIC_URL": "https://x.nl/pad"}, "PUBLIC_URL: must be a name with"),
    "half a provider": ("info", {"OIDC_ISSUER": "https://x"}, "OIDC_ISSUER needs OIDC_CLIENT_ID"),
    "two at once": ("info", {"SECRET_KEY": "k", "LOG_LEVEL": "x"}, "characters; LOG_LEVEL"),
    "no url": ("serve", {"DATABASE_URL": "nonsense"}, "DATABASE_URL is not a database URL"),
    "unknown kind": ("serve", {"DATABASE_URL": "foo://u:geheim@h/x"}, "foo"),
    "in memory": ("serve", {"DATABASE_URL": "sqlite://"}, "DATABASE_URL must name a file"),
    "no server": (
        "serve",
        {"DATABASE_URL": "postgresql+psycopg://u:geheim@127.0.0.1:1/x"},
        "cannot be used",
    ),
    "bad port": ("serve", {"DATABASE_URL": "postgresql://u:geheim@h:abc/x"}, "not a database URL"),
    "no folder": ("serve", {"DATA_DIR": "/dev/null/x"}, "/dev/null/x"),
}


@pytest.fixture(scope="module")
def wrong(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """All processes with a wrong setting, two at a time."""

    def attempt(name: str) -> subprocess.CompletedProcess[str]:
        command, settings, _ = WRONG[name]
        return run(tmp_path_factory.mktemp("wrong"), command, **settings)

    with ThreadPoolExecutor(2) as pool:
        return dict(zip(WRONG, pool.map(attempt, WRONG), strict=True))


@pytest.mark.parametrize(
    "name",
    list(WRONG),
)
def test_wrong_setting(name: str, wrong: dict[str, Any]) -> None:
    line = one_line(wrong[name])
    assert line.startswith("regiowijzer: ")
    assert WRONG[name][2] in line
    assert "geheim" not in line
    assert wrong[name].stdout == ""


# serve


@pytest.mark.skipif((ROOT / ".env").exists(), reason=".env may hold a token")
def test_serve_without_any_channel(tmp_path: Path) -> None:
    assert "TELEGRAM_TOKEN" in one_line(run(tmp_path, "serve", WEB="no"))


def test_serve_on_a_port_that_is_in_use(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        line = one_line(run(tmp_path, "serve", PORT=str(port)))
    assert f"port {port} of 127.0.0.1 cannot be used" in line and "set PORT" in line


def test_example_login_is_refused_where_others_get_in(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'regiowijzer.db'}"
    with open_database(url, cipher_of(tmp_path)) as database:
        add_examples(database, "no hash", datetime.now(UTC))
    done = run(tmp_path, "serve", WEB_HOST="0.0.0.0", PUBLIC_URL="https://regiowijzer.example")
    assert "login of the demo" in one_line(done)


def test_serve_with_refused_token(tmp_path: Path, api: FakeBotApi) -> None:
    done = run(tmp_path, "serve", TELEGRAM_TOKEN="123456:wrong", TELEGRAM_API_URL=api.url)
    line = one_line(done)
    assert "refuses the bot's token" in line
    assert "123456" not in line


def test_serve_keeps_others_out_and_stops_when_told(tmp_path: Path, api: FakeBotApi) -> None:
    more = {"TELEGRAM_TOKEN": api.token, "TELEGRAM_API_URL": api.url, "LOG_LEVEL": "DEBUG"}
    process = subprocess.Popen(
        [COMMAND, "serve"], env=environment(tmp_path, **more), stderr=subprocess.PIPE, text=True
    )
    try:
        anna = api.user(424242)
        anna.says("wie coördineert het noodplan?")
        anna.wait_for("standaard eindverantwoordelijk", START_S)
        second = run(tmp_path, "chat", "--json", stdin="hallo\n")
        assert "in use by another regiowijzer process" in one_line(second)
        process.send_signal(signal.SIGTERM)
        _, log = process.communicate(timeout=20)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 0
    # neither the token nor the sender nor what was said, at any level
    for secret in (api.token, "424242", "coördineert", "eindverantwoordelijk"):
        assert secret not in log, [line for line in log.splitlines() if secret in line][:3]
