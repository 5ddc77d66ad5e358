"""Secrets in files, one per setting, as containers and systemd hand them over."""

from pathlib import Path

import pytest

from bot.settings import Settings, SettingsError, load_settings

KEY = "k" * 40


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setitem(Settings.model_config, "env_file", None)
    monkeypatch.setenv("SECRETS_DIR", str(tmp_path))
    return tmp_path


def test_a_file_gives_the_setting_of_its_name_without_the_end_of_line(folder: Path) -> None:
    (folder / "secret_key").write_text(f"{KEY}\n")
    (folder / "database_url").write_text("postgresql+psycopg://u:p@db/regiowijzer\n")
    (folder / "of_something_else").write_text("not ours")
    settings = load_settings()
    assert settings.secret_key is not None
    assert settings.secret_key.get_secret_value() == KEY
    assert settings.database == "postgresql+psycopg://u:p@db/regiowijzer"


def test_the_environment_goes_first(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "port").write_text("8001")
    assert load_settings().port == 8001
    monkeypatch.setenv("PORT", "8002")
    assert load_settings().port == 8002


def test_what_is_wrong_in_a_file_is_told_without_its_text(folder: Path) -> None:
    (folder / "secret_key").write_text("too short")
    with pytest.raises(SettingsError, match="SECRET_KEY: must have at least") as refused:
        load_settings()
    assert "too short" not in str(refused.value)


def test_a_file_that_is_no_text_is_refused(folder: Path) -> None:
    (folder / "secret_key").write_bytes(b"\xff" * 40)
    with pytest.raises(SettingsError, match="secret_key cannot be read as text"):
        load_settings()


def test_what_is_no_file_is_refused(folder: Path) -> None:
    (folder / "secret_key").mkdir()  # as container programs do for a file that is not there
    with pytest.raises(SettingsError, match="secret_key cannot be read: it is a folder"):
        load_settings()


def test_a_folder_that_is_not_there_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRETS_DIR", str(folder / "gone"))
    with pytest.raises(SettingsError, match="is no folder that can be read"):
        load_settings()
