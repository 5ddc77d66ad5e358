"""Setups 1 and 2: Rasa's own server with its action server, and its defaults or our model."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from bot.bench import Figures
from bot.settings import ROOT
from nlu.training import MODEL_NAME
from tools.bench import rasa_project
from tools.bench.people import RestPerson
from tools.bench.processes import Running, answers, folder_mb, free_port
from tools.bench.service import Cost, NotRunError, Service

# two cores train DIET and TED in some ten minutes; more than this is no yardstick any more
TRAIN_S = 2_700
QUIET = {"RASA_TELEMETRY_ENABLED": "false", "SQLALCHEMY_SILENCE_UBER_WARNING": "1"}
INITIAL = "import rasa, pathlib; print(pathlib.Path(rasa.__file__).parent)"
ACTIONS_MODULE = "tools.bench.our_actions"


class RasaDefault:
    """Rasa as `rasa init` gives it, in its own Python 3.10."""

    number = 1
    name = "Rasa's server, Rasa's default configuration"

    def __init__(self, python: str | None) -> None:
        """`python` is the interpreter with Rasa 3.6.21; None: there is none."""
        self._python = python
        self._actions_port = free_port()

    def prepare(self, folder: Path) -> Cost:
        """See `Candidate`: makes the project and trains it."""
        if not self._python:
            raise NotRunError("RASA310 is not set (docs/performance.md tells how to make it)")
        try:
            found = subprocess.run(
                (self._python, "-c", INITIAL), capture_output=True, text=True, timeout=120
            )
        except OSError as error:
            raise NotRunError(f"RASA310: {error.strerror}") from error
        if found.returncode != 0:
            raise NotRunError(f"RASA310: {self._python} has no Rasa")
        package = Path(found.stdout.strip())
        rasa_project.make(
            folder, package / "cli" / "initial_project", f"http://127.0.0.1:{self._actions_port}"
        )
        log = folder / "train.log"
        started = time.perf_counter()
        with log.open("wb") as file:
            done = subprocess.run(
                (self._python, "-m", "rasa", "train", "--fixed-model-name", "yardstick"),
                cwd=folder,
                env=_environment(),
                stdout=file,
                stderr=file,
                timeout=TRAIN_S,
            )
        seconds = time.perf_counter() - started
        if done.returncode != 0:
            raise NotRunError(f"training failed: {log.read_text(errors='replace')[-300:]}")
        model = folder / "models" / "yardstick.tar.gz"
        return Cost(round(seconds, 1), folder_mb(package.parent), folder_mb(model))

    @contextmanager
    def running(self, folder: Path, *, logs_updates: bool) -> Iterator[Service]:
        """See `Candidate`."""
        assert self._python is not None
        rasa = (self._python, "-m", "rasa")
        environment = _environment()
        actions = (*rasa, "run", "actions", "--port", str(self._actions_port))
        server = (*rasa, "run", "--enable-api", "--model", "models/yardstick.tar.gz")
        with _both(actions, server, self._actions_port, environment, folder, folder) as service:
            yield service


class RasaWithOurModel:
    """Rasa's own server on our versions, with our model, domain and rules."""

    number = 2
    name = "Rasa's server, our model"

    def __init__(self, figures: Figures | None) -> None:
        """`figures` are those of `regiowijzer bench`: it is the same model and environment."""
        self._figures = figures

    def prepare(self, folder: Path) -> Cost:
        """See `Candidate`."""
        if self._figures is None:
            return Cost(None, None, None)
        return Cost(self._figures.training_s, self._figures.installed_mb, self._figures.model_mb)

    @contextmanager
    def running(self, folder: Path, *, logs_updates: bool) -> Iterator[Service]:
        """See `Candidate`."""
        models = Path(os.environ.get("MODEL_DIR", ROOT / "models"))
        name = tempfile.mkdtemp(dir=folder)
        data, port = Path(name), free_port()
        endpoints = data / "endpoints.yml"
        endpoints.write_text(f"action_endpoint:\n  url: http://127.0.0.1:{port}/webhook\n")
        (data / "credentials.yml").write_text("rest:\n")
        environment = {
            **_environment(),
            "PYTHONPATH": str(ROOT),
            "MODEL_DIR": str(models),
            "DATABASE_URL": f"sqlite:///{data / 'actions.db'}",
            "SECRET_KEY": "k" * 40,
        }
        rasa = (sys.executable, "-m", "nlu.rasa_compat", "run")
        actions = (*rasa, "actions", "--actions", ACTIONS_MODULE, "--port", str(port))
        files = ("--endpoints", str(endpoints), "--credentials", str(data / "credentials.yml"))
        server = (*rasa, "--enable-api", "--model", str(models / MODEL_NAME), *files)
        try:
            with _both(actions, server, port, environment, ROOT, data) as service:
                yield service
        finally:
            shutil.rmtree(data)


@contextmanager
def _both(
    actions: Sequence[str],
    server: Sequence[str],
    actions_port: int,
    environment: Mapping[str, str],
    folder: Path,
    logs: Path,
) -> Iterator[Service]:
    """An action server and Rasa's server, started together; ready when both are."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    acting = Running(actions, environment, logs / "actions.log", folder)
    try:
        server = (*server, "--port", str(port), "--interface", "127.0.0.1")
        serving = Running(server, environment, logs / "rasa.log", folder)
        try:
            acting.wait_for(lambda: answers(f"http://127.0.0.1:{actions_port}/health"))
            ready_s = serving.wait_for(lambda: answers(f"{url}/status"))
            yield Service(url, RestPerson, ready_s, (serving.tree, acting.tree))
        finally:
            serving.stop()
    finally:
        acting.stop()


def _environment() -> dict[str, str]:
    """Without what would tell a stranger's Python where to look."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**kept, **QUIET, "PYTHONUTF8": "1", "LOG_LEVEL": "WARNING"}
