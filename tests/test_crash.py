"""Killed at the worst moments around the confirmation of a report: nothing lost, nothing twice."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.opening import open_store
from bot.settings import ROOT
from dialogues.assistant import Assistant
from tests.serving import Serving, environment, settings_for
from tests.telegram_api import FakeBotApi

START_S = 90


@pytest.mark.parametrize("point", ["before-commit", "after-commit", "before-send", "after-send"])
def test_report_survives_a_kill(point: str, tmp_path: Path, assistant: Assistant) -> None:
    with FakeBotApi() as api:
        settings = settings_for(tmp_path, api)
        anna = api.user(1)
        with open_store(settings) as database, Serving(settings, database, assistant) as serving:
            anna.says("nergens thuiszorg te vinden in Geleen, al drie gebeld, graag melden")
            anna.taps("Hoog")
            anna.taps("Anoniem melden")
            anna.wait_for("antwoord")
            serving.settle()
            seen = len(anna.messages)

        # one update and one reply, then the confirmation: it dies there, at the second
        anna.taps("Ja, graag")
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.serve_and_die", point, "2"],
            cwd=ROOT,
            env=environment(tmp_path, TELEGRAM_TOKEN=api.token, TELEGRAM_API_URL=api.url),
        )
        try:
            anna.taps("Versturen", timeout=START_S)
            assert process.wait(30) == -signal.SIGKILL
        finally:
            process.kill()
            process.wait()
        assert len(anna.messages) == seen + (2 if point == "after-send" else 1)

        with open_store(settings) as database, Serving(settings, database, assistant) as serving:
            with database.work() as work:
                filed_before_restart = work.reports.count()
            assert filed_before_restart <= 1
            anna.wait_for("KP-")
            api.wait_acknowledged()
            serving.settle()
            confirmations = [m.text for m in anna.messages if "KP-" in m.text]
            # sent, but killed before that was written down: sent again
            assert len(confirmations) == (2 if point == "after-send" else 1)
            assert len(set(confirmations)) == 1
            anna.says("wat is de status van mijn melding?")
            anna.wait_for("nieuw")
            anna.says("wie coördineert het noodplan?")
            anna.wait_for("standaard eindverantwoordelijk")
            with database.work() as work:
                assert work.reports.count() == 1
                assert (work.inbox.count("failed"), work.outbox.count("dead")) == (0, 0)
