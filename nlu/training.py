"""Trains the model when needed: knows whether the one at hand is still up to date."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path

from nlu.progress import listening, step
from nlu.report_model import ReportModel, report_texts
from nlu.spacy_pipeline import pipeline_info

ROOT = Path(__file__).parent.parent
MODEL_NAME = "regiowijzer.tar.gz"
REPORTS_NAME = "reports"
STAMP_NAME = "regiowijzer.fingerprint"
# with the sentences and the configuration, what a model is made from
CODE = (
    *(f"nlu/{name}.py" for name in ("model", "tfidf", "normalise", "danger", "report_model")),
    *("nlu/vague.py", "nlu/components.py", "dialogues/policy.py"),
)


class TrainingError(Exception):
    """The model could not be trained; the message tells an operator what to do."""


def inputs_fingerprint(root: Path = ROOT) -> str:
    """Hash of all that the model is made from: sentences, configuration, code, pipeline."""
    digest = hashlib.sha256(str(pipeline_info()).encode())
    files = [root / "config.yml", root / "dialogues/domain.yml", root / "dialogues/rules.yml"]
    files += [root / "knowledge/regions.yml"]
    files += sorted((root / "nlu").glob("*.yml")) + [root / name for name in CODE]
    for file in files:
        digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()


def is_current(folder: Path, root: Path = ROOT) -> bool:
    """Whether `folder` holds a model made from the present inputs."""
    stamp = folder / STAMP_NAME
    return (
        (folder / MODEL_NAME).exists()
        and (folder / REPORTS_NAME).is_dir()
        and stamp.exists()
        and stamp.read_text(encoding="utf-8") == inputs_fingerprint(root)
    )


def train(folder: Path, on_stage: Callable[[str], None], root: Path = ROOT) -> Path:
    """Train a model into `folder` and give its path; an older model stays until this one is done.

    Raises:
        TrainingError: the data or configuration is wrong, or the folder cannot be written.
    """
    import nlu.rasa_compat  # noqa: F401  (must come before rasa)

    from rasa.model_training import train as rasa_train
    from rasa.shared.exceptions import RasaException

    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as scratch, listening(on_stage):
            on_stage("zinnen lezen")
            training_files = [str(path) for path in sorted((root / "nlu").glob("*.yml"))]
            with _silence():
                result = rasa_train(
                    domain=str(root / "dialogues/domain.yml"),
                    config=str(root / "config.yml"),
                    training_files=[*training_files, str(root / "dialogues/rules.yml")],
                    output=scratch,
                    force_training=True,
                    fixed_model_name="model",
                )
            if result.model is None:
                raise TrainingError("training gave no model: run make lint and regiowijzer check")
            reports = Path(scratch) / REPORTS_NAME
            with step("meldingen leren lezen"):
                report_model = ReportModel()
                report_model.fit(list(report_texts(root / "nlu/meldingen.yml")))
                report_model.save(reports)
            shutil.rmtree(folder / REPORTS_NAME, ignore_errors=True)
            shutil.move(reports, folder / REPORTS_NAME)
            shutil.move(result.model, folder / MODEL_NAME)
        (folder / STAMP_NAME).write_text(inputs_fingerprint(root), encoding="utf-8")
    except (RasaException, OSError, ValueError) as error:
        raise TrainingError(f"training failed: {error}") from error
    return folder / MODEL_NAME


@contextmanager
def _silence() -> Iterator[None]:
    """Rasa prints and draws progress bars of its own while it trains."""
    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        with redirect_stdout(nowhere), redirect_stderr(nowhere):
            yield
