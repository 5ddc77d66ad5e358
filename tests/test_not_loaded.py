"""A process that answers holds no library that it does not use; what needs one still finds it."""

import os
import subprocess
import sys
from pathlib import Path

from nlu.training import ROOT

SERVING = """
import sys
from bot.application import load_assistant
from bot.opening import open_store
from bot.serve import serve
from bot.settings import load_settings
from bot.web.channel import Watchers
from bot.web.running import web_jobs
from bot.working import worker_of

settings = load_settings()
with open_store(settings) as database:
    assistant = load_assistant(settings)
    worker_of(settings, database, assistant, Watchers(), ring=lambda: None)
    assistant.understand("Hoe meld ik een knelpunt?")
    assistant.read_report("De wijkverpleging in Utrecht zit vol.")
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""
NOT_USED = {
    *("sklearn", "joblib", "pandas", "networkx"),
    *("prompt_toolkit", "questionary"),
    "telegram",
    *("docx", "pypdf", "xlsxwriter", "pygal", "lxml"),
    *("authlib", "joserfc"),
}
USED_LATER = """
import nlu.rasa_compat
import sys
import rasa.core.channels.console as console
import rasa.utils.tensorflow.model_data as model_data

print({"sklearn", "questionary", "prompt_toolkit"} & {*sys.modules})
print(model_data.train_test_split([1, 2, 3, 4], test_size=2, shuffle=False))
print(type(console.Style([("qmark", "#6d91d3")])).__module__.partition(".")[0])
print(type(console.questionary.text("?")).__name__)
import sklearn.model_selection, questionary
print(type(sklearn).__name__, questionary.Question.__name__)
"""


def run(code: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def test_what_serves_holds_no_library_that_it_does_not_use(tmp_path: Path) -> None:
    none = {"DATABASE_URL": "", "TELEGRAM_TOKEN": "", "OIDC_ISSUER": "", "SMTP_HOST": ""}
    loaded = set(run(SERVING, DATA_DIR=str(tmp_path), **none).split())
    assert "spacy" in loaded and "fastapi" in loaded
    assert loaded & NOT_USED == set()


def test_what_rasa_takes_of_large_packages_is_loaded_when_it_is_used() -> None:
    assert run(USED_LATER).splitlines() == [
        "set()",
        "[[1, 2], [3, 4]]",
        "prompt_toolkit",
        "Question",
        "module Question",
    ]
