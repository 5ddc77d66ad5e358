"""Wrong input and wrong settings: a clear message, and nothing crashes."""

import shutil
from pathlib import Path

import pytest

from bot.opening import open_store
from bot.settings import Settings
from bottlenecks.crypto import Cipher, SecretKeyError, secret_in
from bottlenecks.store import Database, DatabaseError, open_database
from knowledge.loader import HERE, KnowledgeError, load
from tests.conftest import SECRET, Talk

APOLOGY = "Er ging bij mij iets mis"
UNKNOWN = "Daar weet ik niets over"


@pytest.mark.parametrize("typed", ["", "   ", "\n\n", "\u200f\u202e", "\x00\x07"])
def test_text_without_text(talk: Talk, typed: str) -> None:
    assert "Ik zie geen tekst" in talk.says(typed)


def test_ten_thousand_characters(talk: Talk) -> None:
    seen = talk.says(("wie coördineert het noodplan? " * 400)[:10_000])
    assert "alleen de eerste 4.000 tekens" in seen
    assert APOLOGY not in seen
    assert len(talk.replies) == 2


@pytest.mark.parametrize(
    "typed",
    ["🙂🙂", "👩🏽‍⚕️", "مرحبا كيف الحال", "how do I find home care?", "///", "-", "\\"],
)
def test_what_is_not_understood_is_said_so(talk: Talk, typed: str) -> None:
    seen = talk.says(typed)
    assert UNKNOWN in seen or "niet zeker wat je bedoelt" in seen


@pytest.mark.parametrize(
    "typed",
    [
        "WIE COÖRDINEERT HET NOODPLAN???",
        "/wie coördineert het noodplan?",
        "wie \u202ecoördineert\u202c het\x00 noodplan?\x07",
        "wie coördineert het noodplan? 🙂",
    ],
)
def test_odd_writing_is_understood(talk: Talk, typed: str) -> None:
    talk.says(typed)
    assert talk.replies[0].topic == "noodplan/coordinatie"


@pytest.mark.parametrize(
    "value",
    ["", "x", "t:", "t:bestaat/niet", "meer:niets", "stap:harop/onbekend", "f:a:b", "f::::", "💥"],
)
def test_unknown_button(talk: Talk, value: str) -> None:
    seen = talk.sends(value)
    assert "knop werkt niet meer" in seen
    assert talk.replies[0].choices


@pytest.mark.parametrize("value", ["stap:noodplan/coordinatie", "stap:knelpunt/status"])
def test_step_by_step_button_of_a_topic_without_steps(talk: Talk, value: str) -> None:
    assert "knop werkt niet meer" in talk.sends(value)


@pytest.mark.parametrize("value", ["f:a:b", "f::::", "x", "t:bestaat/niet", "f:wrong:soort:ggz"])
def test_unknown_button_in_a_dialogue_keeps_the_step(talk: Talk, value: str) -> None:
    talk.says("ik wil een knelpunt melden")
    assert APOLOGY not in talk.sends(value)
    assert talk.replies[-1].step == "soort"


@pytest.mark.parametrize("typed", ["", "🙂", "x" * 10_000, "/stop dit", "\x00"])
def test_odd_text_in_a_dialogue_keeps_the_step(talk: Talk, typed: str) -> None:
    talk.says("ik wil een knelpunt melden")
    assert APOLOGY not in talk.says(typed)
    talk.says("ggz")
    assert talk.replies[-1].step == "regio"


@pytest.mark.parametrize("reference", ["KP-2026-0099", "kp20269999", "KP-0000-00000000000001"])
def test_unknown_reference(talk: Talk, reference: str) -> None:
    assert "Ik vind geen open melding KP-" in talk.says(f"wat is de status van {reference}")


def copy_of_knowledge(folder: Path) -> Path:
    shutil.copytree(HERE, folder / "knowledge", ignore=shutil.ignore_patterns("*.py*", "__*"))
    return folder / "knowledge"


def test_knowledge_copy_is_fine(tmp_path: Path) -> None:
    assert "harop/wat-is" in load(copy_of_knowledge(tmp_path)).topics


def test_fault_in_a_knowledge_file_names_file_and_line(tmp_path: Path) -> None:
    folder = copy_of_knowledge(tmp_path)
    file = folder / "harop.yml"
    lines = file.read_text(encoding="utf-8").splitlines()
    wrong = next(i for i, line in enumerate(lines) if line.strip().startswith("soort:"))
    lines[wrong] = "    soort: bestaatniet"
    file.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(KnowledgeError, match=rf"harop\.yml:{wrong + 1}: harop/"):
        load(folder)


def test_knowledge_file_that_is_no_yaml(tmp_path: Path) -> None:
    folder = copy_of_knowledge(tmp_path)
    (folder / "nieuw.yml").write_text("onderwerpen:\n  - id: [open\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"nieuw\.yml:\d+: .*geen geldige YAML"):
        load(folder)


def test_missing_knowledge_file(tmp_path: Path) -> None:
    folder = copy_of_knowledge(tmp_path)
    (folder / "regions.yml").unlink()
    with pytest.raises(KnowledgeError, match=r"regions\.yml:1: .*ontbreekt"):
        load(folder)


def test_database_that_is_a_directory(tmp_path: Path) -> None:
    (tmp_path / "folder.db").mkdir()
    with pytest.raises(DatabaseError, match="folder.db cannot be used"):
        open_database(f"sqlite:///{tmp_path / 'folder.db'}", Cipher(SECRET))


def test_database_that_is_another_kind_of_file(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("geen database " * 500)
    with pytest.raises(DatabaseError, match="cannot be used"):
        open_database(f"sqlite:///{tmp_path / 'text.db'}", Cipher(SECRET))


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite:///:memory:", "sqlite:///file::memory:?uri=true"]
)
def test_database_in_memory_is_refused(url: str) -> None:
    with pytest.raises(DatabaseError, match="memory"):
        open_database(url, Cipher(SECRET))


def test_database_url_that_is_none() -> None:
    with pytest.raises(DatabaseError, match="not a database URL"):
        open_database("niets", Cipher(SECRET))


def test_second_process_is_refused_until_the_first_closes(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'one.db'}"
    with open_database(url, Cipher(SECRET)):
        with pytest.raises(DatabaseError, match="in use by another"):
            open_database(url, Cipher(SECRET))
    open_database(url, Cipher(SECRET)).close()


def test_wrong_secret_key_is_refused_and_leaves_the_file_free(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'one.db'}"
    with open_database(url, Cipher(SECRET)) as database, database.work() as work:
        work.accounts.find_or_create("test", "u1", "u1")
    with pytest.raises(SecretKeyError, match="put the earlier key back"):
        open_database(url, Cipher("y" * 40))
    open_database(url, Cipher(SECRET)).close()


def test_short_secret_key_is_refused() -> None:
    with pytest.raises(SecretKeyError, match="has 5 characters"):
        Cipher("short")


def test_secret_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    settings = Settings(_env_file=None, data_dir=tmp_path / "new")
    open_store(settings).close()
    path = tmp_path / "new" / "secret.key"
    made = secret_in(path)
    assert made is not None and path.stat().st_mode & 0o077 == 0
    open_store(settings).close()
    assert secret_in(path) == made


def test_no_key_is_made_beside_data_of_another(tmp_path: Path) -> None:
    settings = Settings(_env_file=None, data_dir=tmp_path)
    with open_store(settings) as database, database.work() as work:
        work.accounts.find_or_create("test", "anna", "address of anna")
    path = tmp_path / "secret.key"
    path.rename(tmp_path / "elsewhere")
    with pytest.raises(SecretKeyError, match="there is no .*secret.key.* put the earlier key back"):
        open_store(settings)
    assert not path.exists()
    path.write_text("another key of more than 32 characters\n")
    with pytest.raises(SecretKeyError, match="secret.key holds not the key"):
        open_store(settings)


def test_the_data_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with open_store(Settings(_env_file=None, data_dir=folder)) as database:
        with database.work() as work:
            work.accounts.find_or_create("test", "anna", "address of anna")
        modes = {file.name: file.stat().st_mode & 0o077 for file in folder.iterdir()}
    assert "regiowijzer.db-wal" in modes
    assert set(modes.values()) == {0} and folder.stat().st_mode & 0o077 == 0


def test_data_that_others_could_read_are_closed_to_them(tmp_path: Path) -> None:
    file = tmp_path / "regiowijzer.db"
    file.touch(mode=0o644)
    open_store(Settings(_env_file=None, data_dir=tmp_path)).close()
    assert file.stat().st_mode & 0o077 == 0


def test_a_postgresql_url_needs_no_driver(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match="[Cc]onnection") as told:
        open_database("postgresql://u:p@127.0.0.1:1/x", Cipher(SECRET))
    assert "psycopg2" not in str(told.value)


def test_nothing_is_kept_of_a_refused_message(talk: Talk, database: Database) -> None:
    talk.says("\x00")
    with database.work() as work:
        assert work.inbox.count("failed") == 0
        assert work.inbox.count("done") == 1


def test_a_database_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'regiowijzer.db'}"
    with open_database(url, Cipher(SECRET)) as database, database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(DatabaseError, match="written by a newer version .*9999"):
        open_database(url, Cipher(SECRET))
    # the file is not held after that
    with pytest.raises(DatabaseError, match="newer version"):
        open_database(url, Cipher(SECRET))
