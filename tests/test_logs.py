"""What is logged: one line per event with fields, and never a text or a secret from outside."""

import asyncio
import json
import logging
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot import logs
from bot.settings import ROOT, Settings, SettingsError, load_settings
from bottlenecks.store import Database
from dialogues.assistant import Assistant
from dialogues.reply import Incoming
from tests.conftest import Clock
from tests.postgres_server import empty_database, running
from tests.serving import Serving, settings_for
from tests.telegram_api import FakeBotApi

NAME, BSN, PHONE = "Wilhelmina van Plantenga", "111222333", "0612345678"
PLANTED = f"mw. {NAME}, bsn {BSN}, tel {PHONE}"
LIBRARY = logging.getLogger("some_library.part")
OURS = logging.getLogger("bot.for_tests")


@pytest.fixture
def configured() -> Iterator[None]:
    """Logging as a process has it, as verbose as can be; put back afterwards."""
    root = logging.getLogger()
    kept = [(logging.getLogger(name), logging.getLogger(name).level) for name in ("", *logs.OURS)]
    of_rasa = structlog.get_config()
    logs.configure("DEBUG", as_json=True)
    root.setLevel(logging.INFO)
    yield
    for handler in [one for one in root.handlers if one.get_name() == logs.HANDLER]:
        root.removeHandler(handler)
    for logger, level in kept:
        logger.setLevel(level)
    structlog.configure(**of_rasa)


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    """What was logged, in order."""
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


@pytest.mark.usefixtures("configured")
def test_an_event_with_fields(capsys: pytest.CaptureFixture[str]) -> None:
    OURS.info("update handled", extra={"channel": "web", "inbox_id": 7, "address": PLANTED})
    [line] = lines(capsys)
    assert line.pop("timestamp")
    assert line == {
        "event": "update handled",
        "level": "info",
        "logger": "bot.for_tests",
        "channel": "web",
        "inbox_id": 7,
    }


@pytest.mark.usefixtures("configured")
def test_of_an_error_only_kind_cause_and_place(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        try:
            Settings.model_validate({"port": PLANTED})
        except ValueError as error:
            raise KeyError(PLANTED) from error
    except KeyError as error:
        OURS.error("it failed", exc_info=error)
    [line] = lines(capsys)
    assert (line["error"], line["cause"]) == ("KeyError", "ValidationError")
    assert NAME not in json.dumps(line)


@pytest.mark.usefixtures("configured")
def test_place_is_where_our_own_code_failed(capsys: pytest.CaptureFixture[str]) -> None:
    from knowledge.plan import from_pdf

    with pytest.raises(from_pdf.PlanError):
        from_pdf.read(PLANTED.encode())
    [line] = [one for one in lines(capsys) if one["logger"] == "knowledge.plan.from_pdf"]
    assert line["event"] == "pdf cannot be read"
    assert str(line["place"]).startswith("knowledge/plan/from_pdf.py:")


@pytest.mark.usefixtures("configured")
def test_of_libraries_only_what_stands_in_their_code(capsys: pytest.CaptureFixture[str]) -> None:
    LIBRARY.warning("a fixed text")
    LIBRARY.warning("an argument: %s", PLANTED)
    LIBRARY.warning(f"put together: {PLANTED}")
    LIBRARY.warning("with more", extra={"channel": PLANTED})
    LIBRARY.error("with an error", exc_info=ValueError(PLANTED), stack_info=True)
    structlog.get_logger("some_library.rasa").error("processor.parsed", text=PLANTED)
    found = lines(capsys)
    assert [one["event"] for one in found] == [
        "a fixed text",
        "an argument: %s",
        logs.LEFT_OUT,
        "with more",
        "with an error",
        logs.LEFT_OUT,
    ]
    assert found[0]["place"] and found[4]["error"] == "ValueError"
    assert NAME not in json.dumps(found)


@pytest.mark.usefixtures("configured")
def test_a_line_that_cannot_be_made_shows_no_arguments(capsys: pytest.CaptureFixture[str]) -> None:
    record = OURS.makeRecord(OURS.name, logging.ERROR, "x.py", 1, "no place", (PLANTED,), None)
    [handler] = [one for one in logging.getLogger().handlers if one.get_name() == logs.HANDLER]
    handler.handle(record)
    assert capsys.readouterr().err == "a line of bot.for_tests could not be logged\n"


@pytest.mark.usefixtures("configured")
def test_for_people_it_is_one_line_too(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("INFO")
    OURS.debug("not shown")
    OURS.error("it failed", exc_info=KeyError(PLANTED), extra={"reason": "a\nb", "inbox_id": 3})
    [line] = capsys.readouterr().err.splitlines()
    assert "it failed" in line and "inbox_id=3" in line and "error=KeyError" in line
    assert NAME not in line


@pytest.mark.usefixtures("configured")
def test_a_task_that_nobody_waits_for(capsys: pytest.CaptureFixture[str]) -> None:
    async def fails_alone() -> None:
        raise ValueError(PLANTED)

    async def main() -> None:
        task = asyncio.get_running_loop().create_task(fails_alone())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        del task

    asyncio.run(main())
    [line] = lines(capsys)
    assert (line["logger"], line["error"], line["event"]) == (
        "asyncio",
        "ValueError",
        logs.LEFT_OUT,
    )


def test_what_ends_the_process_is_logged_without_its_text() -> None:
    program = (
        "import threading\n"
        "from bot import logs\n"
        "logs.configure('INFO', as_json=True)\n"
        "logs.catch_what_python_prints()\n"
        f"import warnings; warnings.warn({PLANTED!r})\n"
        f"def fail(): raise ValueError({PLANTED!r})\n"
        "thread = threading.Thread(target=fail)\n"
        "thread.start()\n"
        "thread.join()\n"
        f"raise ExceptionGroup('several', [KeyError({PLANTED!r})])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=False
    )
    found = [json.loads(line) for line in done.stderr.splitlines()]
    assert done.returncode == 1 and NAME not in done.stderr
    warned = found.pop(0)
    assert (warned["event"], warned["kind"]) == ("Python warns", "UserWarning")
    assert [(one["event"], one["error"]) for one in found] == [
        ("an error went nowhere", "ValueError"),
        ("ended by an error", "KeyError"),
    ]


def test_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings(_env_file=None).log_format == "console"
    monkeypatch.setenv("LOG_FORMAT", "xml")
    with pytest.raises(SettingsError, match="LOG_FORMAT"):
        load_settings()


# everything together


class Broken(RuntimeError):
    """A failure whose text holds what a user typed."""


@contextmanager
def elsewhere(database: Database, table: str) -> Iterator[None]:
    """Without this table what needs it fails in the database."""
    with database.engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE {table} RENAME TO elsewhere_{table}"))
    yield
    with database.engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE elsewhere_{table} RENAME TO {table}"))


def until(capsys: pytest.CaptureFixture[str], event: str) -> str:
    """Wait until this is logged; gives all that was, until then."""
    output = ""
    end = time.monotonic() + 20
    while event not in output:
        assert time.monotonic() < end, output
        time.sleep(0.05)
        output += capsys.readouterr().err
    return output


@pytest.mark.usefixtures("configured")
def test_a_conversation_leaves_nothing_in_the_log(
    tmp_path: Path,
    database: Database,
    clock: Clock,
    assistant: Assistant,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Telegram, browser and desk, with failing handlers and failing SQL."""
    respond = assistant.respond
    failed = threading.Event()

    def sometimes(incoming: Incoming, *more: object) -> object:
        if incoming.text and "stuk" in incoming.text:
            failed.set()
            raise Broken(f"cannot read {incoming.text}")
        return respond(incoming, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(assistant, "respond", sometimes)
    user = 4_242_424_242
    with FakeBotApi() as api:
        settings = settings_for(tmp_path, api, web=True)
        with Serving(settings, database, assistant) as serving:
            for name in ("httpx", "httpcore", "telegram", "uvicorn.error"):
                logging.getLogger(name).setLevel(logging.INFO)
            anna = api.user(user)
            anna.says(f"ik wil een melding doen over {PLANTED}")
            anna.wait_for("")
            serving.settle()
            api.fail_next("sendMessage", 500)
            anna.says(f"stuk {PLANTED}")
            assert failed.wait(20)
            until_postponed = until(capsys, "reply postponed")
            clock.forward(60)
            serving.settle()
            url = f"{serving.url}/chat/uitnodiging/geheime-code-in-adres?q={PHONE}"
            httpx.get(url)
            with elsewhere(database, "person"), elsewhere(database, "invitation"):
                assert httpx.get(url).status_code == 500
                api.user(user + 1).says(f"kapot {PLANTED}")
                output = until(capsys, "the inbox cannot be used")
            serving.settle()
    output = until_postponed + output + capsys.readouterr().err
    found = [json.loads(line) for line in output.splitlines()]
    events = {one["event"] for one in found}
    assert {"update handled", "update failed", "update set aside", "reply delivered"} <= events
    assert {one.get("error") for one in found} >= {"Broken", "OperationalError"}
    assert {"httpx", "uvicorn.error"} <= {one["logger"] for one in found}
    [handled] = [one for one in found if one["event"] == "update handled"][:1]
    assert handled["channel"] == "telegram" and handled["inbox_id"] == 1
    assert isinstance(handled["seconds"], float) and handled["decision"]
    typed = ("Wilhelmina", "Plantenga", BSN, PHONE, "kapot", "stuk")
    hidden = (*typed, str(user), api.token, "geheime-code")
    assert [one for one in hidden if one.lower() in output.lower()] == []


@pytest.mark.usefixtures("configured")
def test_failing_sql_shows_no_parameters(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SQLAlchemyError) as raised, database.work() as work:
        work.regional._session.execute(text("SELECT :it FROM nowhere"), {"it": PLANTED})
    assert NAME not in str(raised.value)
    OURS.error("it failed", exc_info=raised.value)
    [line] = lines(capsys)
    assert (line["error"], line["code"]) == ("OperationalError", "SQLITE_ERROR")


@pytest.mark.usefixtures("configured")
def test_failing_sql_of_postgresql_shows_its_code_alone(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with running() as server:
        engine = empty_database(server, "logs")
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE one (it text UNIQUE)"))
            connection.execute(text("INSERT INTO one VALUES (:it)"), {"it": PLANTED})
        with pytest.raises(SQLAlchemyError) as raised, engine.begin() as connection:
            connection.execute(text("INSERT INTO one VALUES (:it)"), {"it": PLANTED})
        assert NAME in str(raised.value)  # PostgreSQL itself puts it in
        OURS.error("it failed", exc_info=raised.value)
        [line] = lines(capsys)
        assert (line["error"], line["code"]) == ("IntegrityError", "23505")
        assert NAME not in json.dumps(line)
