"""A second process, and a model that is broken: one line says what to do, without a traceback."""

import io
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from bot import application
from bot.settings import ROOT, Settings
from bottlenecks.crypto import Cipher
from bottlenecks.store import open_database
from bottlenecks.store.database import random_id
from dialogues.assistant import Assistant, AssistantError
from knowledge import load
from nlu.training import MODEL_NAME, REPORTS_NAME, STAMP_NAME, is_current
from tests.conftest import SECRET
from tests.serving import run

MODELS = ROOT / "models"
VERSION = b'"rasa_open_source_version": "'


@pytest.mark.parametrize("command", [["serve"], ["chat"]])
def test_a_second_process_is_refused(tmp_path: Path, command: list[str]) -> None:
    with open_database(f"sqlite:///{tmp_path / 'regiowijzer.db'}", Cipher(SECRET)):
        second = run(tmp_path, *command, SECRET_KEY=SECRET)
    assert second.returncode == 1
    [line] = second.stderr.strip().splitlines()
    assert "is in use by another regiowijzer process: stop that one first" in line
    assert "or give this one its own DATA_DIR" in line
    assert second.stdout == ""


@pytest.fixture
def model(tmp_path: Path, assistant: Assistant) -> Path:
    """A copy of the model that can be spoilt."""
    shutil.copy(MODELS / MODEL_NAME, tmp_path)
    shutil.copy(MODELS / STAMP_NAME, tmp_path)
    shutil.copytree(MODELS / REPORTS_NAME, tmp_path / REPORTS_NAME)
    return tmp_path / MODEL_NAME


def cut_short(model: Path) -> None:
    model.write_bytes(model.read_bytes()[: model.stat().st_size // 2])


def empty(model: Path) -> None:
    model.write_bytes(b"")


def of_another_version(model: Path) -> None:
    """As if trained by a Rasa that writes other models."""
    original = model.rename(model.with_name("original"))
    with tarfile.open(original) as packed, tarfile.open(model, "w:gz") as written:
        for member in packed.getmembers():
            file = packed.extractfile(member)
            content = file.read() if file else b""
            if Path(member.name).name == "metadata.json":
                assert VERSION in content
                content = content.replace(VERSION, b'"was": "')
                member.size = len(content)
            written.addfile(member, io.BytesIO(content))


def gone(model: Path) -> None:
    model.unlink()


def without_reports(model: Path) -> None:
    shutil.rmtree(model.parent / REPORTS_NAME)


@pytest.mark.parametrize("spoil", [cut_short, empty, of_another_version, gone, without_reports])
def test_a_broken_model_is_named_with_what_to_do(model: Path, spoil: object) -> None:
    assert callable(spoil)
    Assistant(model, load(), new_id=random_id)
    spoil(model)
    with pytest.raises(AssistantError) as raised:
        Assistant(model, load(), new_id=random_id)
    assert str(model) in str(raised.value)
    assert "run regiowijzer train" in str(raised.value)


def test_a_broken_model_is_trained_again(
    model: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    cut_short(model)
    assert is_current(model.parent)  # it is not outdated: it cannot be read
    trained: list[Path] = []

    def soon_trained(folder: Path, on_stage: Callable[[str], None]) -> Path:
        """Training takes minutes, and is tested in test_training: here the model is put back."""
        trained.append(folder)
        return Path(shutil.copy(MODELS / MODEL_NAME, folder))

    monkeypatch.setattr(application, "train", soon_trained)
    loaded = application.load_assistant(Settings(_env_file=None, model_dir=model.parent))
    assert trained == [model.parent]
    assert "Het taalmodel is beschadigd" in capsys.readouterr().err
    assert loaded.understand("wie coördineert het noodplan?").topic == "noodplan/coordinatie"


def test_no_place_for_a_model(tmp_path: Path) -> None:
    (tmp_path / "models").write_text("a file, no folder")
    done = run(tmp_path, "ask", "hallo", MODEL_DIR=str(tmp_path / "models"))
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "Check MODEL_DIR and the space on its disk, then run regiowijzer train" in " ".join(
        done.stderr.split()
    )
