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
# with how much memory each would take, in MB
NOT_USED = {
    *("sklearn", "joblib", "pandas", "networkx"),  # 41
    *("prompt_toolkit", "questionary"),  # 6
    "telegram",  # 10
    *("docx", "pypdf", "xlsxwriter", "pygal", "lxml"),  # 17
    *("authlib", "joserfc"),  # 3
}
USED_LATER = """
import nlu.rasa_compat
import sys
import rasa.core.channels.console as console
import rasa.utils.tensorflow.model_data as model_data

assert not {"sklearn", "questionary", "prompt_toolkit"} & {*sys.modules}
assert model_data.train_test_split([1, 2, 3, 4], test_size=2, shuffle=False) == [[1, 2], [3, 4]]
style = console.Style([("qmark", "#6d91d3")])
assert type(style).__module__.startswith("prompt_toolkit"), type(style)
assert type(console.questionary.text("?")).__name__ == "Question"
import sklearn.model_selection, questionary
assert "stand" not in repr(type(sklearn)).lower() and questionary.Question
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
    run(USED_LATER)
