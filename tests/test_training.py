"""A model that is missing or no longer fits what it was made from is trained again, said aloud."""

import shutil
from pathlib import Path

import pytest

from bot.application import load_assistant
from bot.ask import ask
from bot.settings import Settings
from dialogues.assistant import Assistant
from nlu.training import MODEL_NAME, STAMP_NAME, is_current


def test_an_outdated_model_is_trained_again_and_said_so(
    tmp_path: Path, assistant: Assistant, capsys: pytest.CaptureFixture[str]
) -> None:
    repository = Settings(_env_file=None).model_dir
    shutil.copy(repository / MODEL_NAME, tmp_path)
    (tmp_path / STAMP_NAME).write_text("made from other sentences", encoding="utf-8")
    assert not is_current(tmp_path)
    trained = load_assistant(Settings(_env_file=None, model_dir=tmp_path))
    assert "verouderd" in capsys.readouterr().err
    assert is_current(tmp_path)
    turn = ask(trained, "wie coördineert het noodplan?")
    assert turn.understood.topic == "noodplan/coordinatie" and turn.replies[0].sources


def test_without_a_model_there_is_nothing_current(tmp_path: Path) -> None:
    assert not is_current(tmp_path)
