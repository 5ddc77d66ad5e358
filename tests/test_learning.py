"""Questions that were not understood: kept for a while, labelled by an officer, learned from."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from bot import learn
from bot.errors import is_known
from bottlenecks.crypto import Cipher
from bottlenecks.store import Database, open_database
from nlu import data
from nlu.data import Sentence, training_sentences
from nlu.learning import Labelled, LearningError, add_to_training, read_labelled, to_yaml
from tests.conftest import SECRET
from tests.test_learning_store import choose, draft, exported, keep

TOPICS = frozenset({"noodplan/coordinatie", "noodplan/definitie", "buiten-bereik"})
NOODPLAN = """\
# Training sentences for the topics of knowledge/noodplan.yml, by voice (see voices.yml).
version: "3.1"
nlu:
  - intent: noodplan.coordinatie
    metadata: {voice: dictaat}
    examples: |
      - wie heeft de leiding over het noodplan in onze regio
      - wie coördineert
  - intent: noodplan.coordinatie
    metadata: {voice: gebruikers}
    examples: |
      - bij wie ligt de regie
  - intent: noodplan.definitie
    metadata: {voice: dictaat}
    examples: |
      - wat verstaan jullie onder een noodplan
"""
OUTSIDE = """\
version: "3.1"
nlu:
  - intent: buiten-bereik
    metadata: {voice: groep-1}
    examples: |
      - hoeveel is het eigen risico dit jaar
"""
HELD_OUT = {"noodplan/definitie": ["kunt u mij uitleggen wat een noodplan precies inhoudt"]}


def nobody(_: str) -> bool:
    return False


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Training files of two subjects, with one test sentence beside them."""
    (tmp_path / "nlu").mkdir()
    (tmp_path / "nlu" / "noodplan.yml").write_text(NOODPLAN, encoding="utf-8")
    (tmp_path / "nlu" / "buiten-bereik.yml").write_text(OUTSIDE, encoding="utf-8")
    (tmp_path / "test").mkdir()
    held_out = yaml.safe_dump(HELD_OUT, allow_unicode=True)
    (tmp_path / "test" / "noodplan.yml").write_text(held_out, encoding="utf-8")
    return tmp_path / "nlu"


def add(
    folder: Path, *entries: tuple[str, str], is_personal: Callable[[str], bool] = nobody
) -> list[str]:
    """Add entries (text, topic); gives the reasons of those that were refused."""
    labelled = [Labelled(text, topic, n) for n, (text, topic) in enumerate(entries, start=1)]
    result = add_to_training(labelled, folder, folder.parent / "test", is_personal)
    assert len(result.added) + len(result.refused) == len(entries)
    return [reason for _, reason in result.refused]


# the file for the officer


def test_an_export_reads_back_with_the_labels_that_were_filled_in(
    database: Database, tmp_path: Path
) -> None:
    keep(
        database,
        draft('zei ze: "regie?"\n- bij wie: # 1', 0.123, "clarified"),
        draft("no", 0.9, "wrong", "noodplan/definitie"),
        draft("overslaan", 0.5),
    )
    choose(database, 1, "noodplan/definitie")
    document = to_yaml(exported(database))
    assert document.startswith("# Vragen om van te leren.")
    assert "zekerheid: 0.90\n" in document
    wrong, clarified, _ = yaml.safe_load(document)
    assert wrong["uitkomst"] == "fout volgens gebruiker"
    assert clarified == {
        "tekst": 'zei ze: "regie?" - bij wie: # 1',
        "label": "",
        "uitkomst": "doorgevraagd",
        "zekerheid": 0.12,
        "kandidaten": ["noodplan/coordinatie", "noodplan/definitie"],
        "gekozen": "noodplan/definitie",
    }
    file = tmp_path / "vragen.yml"
    file.write_text(document.replace("label: ''", "label: noodplan/coordinatie", 2))
    assert read_labelled(file, TOPICS) == [
        Labelled("no", "noodplan/coordinatie", 1),
        Labelled('zei ze: "regie?" - bij wie: # 1', "noodplan/coordinatie", 2),
    ]


def test_an_export_of_nothing_is_nothing_to_import(tmp_path: Path) -> None:
    file = tmp_path / "vragen.yml"
    file.write_text(to_yaml([]))
    assert read_labelled(file, TOPICS) == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("- tekst: 'open", "is not YAML"),
        ("- tekst: 2026-99-99", "is not YAML"),
        ("tekst: x\nlabel: buiten-bereik", "must be a list"),
        ("- los", "entry 1: must have the lines"),
        ("- tekst: a\n- {tekst: b, lable: buiten-bereik}", "entry 2: lable is not one of"),
        (
            "- {tekst: a, label: noodplan/cordinatie}",
            "entry 1: label noodplan/cordinatie is not .* did you mean noodplan/coordinatie",
        ),
        ("- {tekst: a, label: [b]}", "entry 1: label .* is not in knowledge/topic_ids.txt$"),
        ("- {label: buiten-bereik}", "entry 1: has no tekst"),
        ("- {tekst: \"\\a \", label: buiten-bereik}", "entry 1: has no tekst"),
        ("- {tekst: 112, label: buiten-bereik}", "entry 1: tekst must be a text"),
        (f"- {{tekst: {'x' * 501}, label: buiten-bereik}}", "entry 1: tekst has 501 characters"),
    ],
)  # fmt: skip
def test_a_malformed_file_is_named_with_its_entry(
    tmp_path: Path, content: str, message: str
) -> None:
    file = tmp_path / "vragen.yml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(LearningError, match=message) as caught:
        read_labelled(file, TOPICS)
    assert str(file) in str(caught.value)
    assert is_known(caught.value)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(LearningError, match="weg.yml cannot be read"):
        read_labelled(tmp_path / "weg.yml", TOPICS)
    (tmp_path / "latin.yml").write_bytes("- tekst: coördinatie".encode("latin-1"))
    with pytest.raises(LearningError, match="latin.yml is not YAML"):
        read_labelled(tmp_path / "latin.yml", TOPICS)


# adding to the training files


def test_sentences_go_to_the_block_of_users_and_nothing_else_changes(folder: Path) -> None:
    assert add(folder, ("wie trekt\nde kar?", "noodplan/coordinatie")) == []
    assert (folder / "noodplan.yml").read_text(encoding="utf-8") == NOODPLAN.replace(
        "      - bij wie ligt de regie\n",
        "      - bij wie ligt de regie\n      - wie trekt de kar?\n",
    )
    assert (folder / "buiten-bereik.yml").read_text(encoding="utf-8") == OUTSIDE
    assert sorted(path.name for path in folder.iterdir()) == ["buiten-bereik.yml", "noodplan.yml"]


def test_a_new_block_comes_at_the_end(folder: Path) -> None:
    added = [("- wat is: #een noodplan", "noodplan/definitie"), ("leuk weer", "buiten-bereik")]
    assert add(folder, *added) == []
    assert (folder / "noodplan.yml").read_text(encoding="utf-8") == NOODPLAN + (
        "  - intent: noodplan.definitie\n    metadata: {voice: gebruikers}\n    examples: |\n"
        "      - - wat is: #een noodplan\n"
    )
    assert {Sentence(text, topic, "gebruikers") for text, topic in added} <= set(
        training_sentences(folder)
    )


def test_ends_of_lines_stay_as_they_are(folder: Path) -> None:
    file = folder / "buiten-bereik.yml"
    before = OUTSIDE.rstrip("\n").replace("\n", "\r\n").encode()
    file.write_bytes(before)
    add(folder, ("leuk weer", "buiten-bereik"))
    add(folder, ("mooi weertje", "buiten-bereik"))
    assert file.read_bytes().startswith(before)
    assert file.read_bytes().endswith(b"\r\n      - leuk weer\r\n      - mooi weertje\r\n")
    assert len(list(training_sentences(folder))) == 7


@pytest.mark.parametrize(
    ("text", "topic", "reason"),
    [
        ("Wie coordineert?", "noodplan/definitie",
         'copy of "wie coördineert" (noodplan/coordinatie, nlu/noodplan.yml)'),
        ("weet u wie heeft de leiding over het noodplan in onze stad", "noodplan/coordinatie",
         'near copy (83%) of "wie heeft de leiding over het noodplan in onze regio" '
         "(noodplan/coordinatie, nlu/noodplan.yml)"),
        ("uitleggen wat een noodplan precies inhoudt graag", "noodplan/definitie",
         f'near copy (67%) of "{HELD_OUT["noodplan/definitie"][0]}" '
         "(test sentence of noodplan/definitie)"),
        ("bel 0612345678", "buiten-bereik", "has personal data"),
        ("is [Jan](naam) er", "buiten-bereik",
         "has [text](name) or [text]{...}, which Rasa takes for an entity"),
        ("hoi", "gesprek/groet", "there is no nlu/gesprek.yml"),
    ],
)  # fmt: skip
def test_what_is_refused_says_why(folder: Path, text: str, topic: str, reason: str) -> None:
    reasons = add(folder, (text, topic), is_personal=lambda typed: "0612345678" in typed)
    assert reasons == [reason]
    assert (folder / "noodplan.yml").read_text(encoding="utf-8") == NOODPLAN
    assert (folder / "buiten-bereik.yml").read_text(encoding="utf-8") == OUTSIDE


def test_a_copy_of_an_earlier_entry_is_refused(folder: Path) -> None:
    reasons = add(folder, ("leuk weer", "buiten-bereik"), ("Leuk weer!", "noodplan/definitie"))
    assert reasons == ['copy of "leuk weer" (buiten-bereik, entry 1 of this import)']


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(OUTSIDE + "responses:\n  utter_hoi:\n  - text: hoi\n", id="more after nlu"),
        pytest.param(OUTSIDE.replace("\n  ", "\n"), id="less indented"),
    ],
)
def test_a_file_with_another_layout_is_left_alone(folder: Path, other: str) -> None:
    (folder / "buiten-bereik.yml").write_text(other, encoding="utf-8")
    with pytest.raises(LearningError, match=r"buiten-bereik\.yml is not laid out like"):
        add(folder, ("wie trekt de kar", "noodplan/coordinatie"), ("leuk weer", "buiten-bereik"))
    assert (folder / "buiten-bereik.yml").read_text(encoding="utf-8") == other
    assert (folder / "noodplan.yml").read_text(encoding="utf-8") == NOODPLAN


def test_a_broken_training_file_is_named(folder: Path) -> None:
    (folder / "noodplan.yml").write_text("nlu: [", encoding="utf-8")
    with pytest.raises(LearningError, match="nlu cannot be read"):
        add(folder, ("leuk weer", "buiten-bereik"))


def test_without_test_sentences_nothing_is_added(folder: Path) -> None:
    shutil.rmtree(folder.parent / "test")
    with pytest.raises(LearningError, match="test sentences"):
        add(folder, ("leuk weer", "buiten-bereik"))


# the commands


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for the data, with two questions kept; one has a choice."""
    url = f"sqlite:///{tmp_path / 'regiowijzer.db'}"
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("SECRET_KEY", SECRET)
    with open_database(url, Cipher(SECRET)) as database:
        [first, _] = keep(database, draft("regie?"), draft("bel mij"))
        choose(database, first, "noodplan/coordinatie")
    return tmp_path


def test_export_writes_to_standard_output_or_a_new_file(data_dir: Path) -> None:
    shown = CliRunner().invoke(learn.app, ["export"])
    assert (shown.exit_code, shown.stderr) == (0, "2 questions, 1 with a choice, 0 with a label\n")
    file = data_dir / "vragen.yml"
    assert CliRunner().invoke(learn.app, ["export", "--out", str(file)]).stdout == ""
    assert file.read_text(encoding="utf-8") == shown.stdout
    again = CliRunner().invoke(learn.app, ["export", "--out", str(file)])
    assert isinstance(again.exception, LearningError)
    assert file.read_text(encoding="utf-8") == shown.stdout


def test_import_adds_and_tells_what_it_refused(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data, "HERE", folder)
    file = tmp_path / "vragen.yml"
    file.write_text("- {tekst: wie trekt die kar eigenlijk, label: noodplan/coordinatie}\n")
    done = CliRunner().invoke(learn.app, ["import", str(file)])
    assert (done.exit_code, done.stdout) == (
        0,
        "added 1, refused 0\nRun make test now; the model trains itself at the next start.\n",
    )
    file.write_text("- {tekst: a, label: ''}\n- {tekst: bel 0612345678, label: buiten-bereik}\n")
    done = CliRunner().invoke(learn.app, ["import", str(file)])
    assert (done.exit_code, done.stdout) == (
        1,
        "refused: entry 2 (buiten-bereik): has personal data\nadded 0, refused 1\n",
    )
