"""`regiowijzer knowledge draft`: a plan from the server itself."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.errors import is_known
from bot.knowledge_command import DraftError, app
from bottlenecks.desk.people.audit_words import SERVER
from bottlenecks.proposals import ProposalStatus
from bottlenecks.roles import EVERYWHERE
from bottlenecks.store import open_database
from bottlenecks.store.proposal_views import ProposalView
from tests.secret_key import cipher_of
from tests.serving import environment, run
from tools.example_plan import example_parts
from tools.plan_documents import as_docx, as_pdf

ABOUT = ("--title", "Continuïteitsplan", "--publisher", "Voorbeeldcoöperatie")
UTRECHT = ("--region", "utrecht")


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """A plan on the disk."""
    file = tmp_path / "plan.docx"
    file.write_bytes(as_docx(example_parts()))
    return file


def draft(data_dir: Path, *arguments: str) -> str:
    """Run the command in this process; gives what it said.

    Raises:
        DraftError: why it did not.
    """
    done = CliRunner().invoke(
        app, ["draft", *arguments], env=environment(data_dir), catch_exceptions=False
    )
    assert done.exit_code == 0, done.output
    return done.stdout


def proposals(data_dir: Path) -> list[ProposalView]:
    """What officers find at the desk."""
    cipher = cipher_of(data_dir)
    url = f"sqlite:///{data_dir / 'regiowijzer.db'}"
    with open_database(url, cipher) as database, database.reading() as work:
        assert [line.actor for line in work.audit.latest()] == [SERVER]
        return work.content.open(EVERYWHERE)


def why_not(data_dir: Path, *arguments: str) -> str:
    with pytest.raises(DraftError) as refused:
        draft(data_dir, *arguments)
    assert is_known(refused.value)
    return str(refused.value)


def test_drafts_are_told_and_kept(tmp_path: Path, plan: Path) -> None:
    said = draft(tmp_path, str(plan), *UTRECHT, *ABOUT, "--date", "maart 2026")
    assert said.startswith("plan-utrecht-1: 49 pieces of text, 41 drafts\n")
    assert "draft\tnoodplan/curator\t2.11 Faillissement\n" in said
    assert "no topic\t8.2 Datalek\tEen datalek melden we binnen 72 uur" in said
    kept = proposals(tmp_path)
    assert len(kept) == 41
    assert {(one.status, one.region, one.source_id, one.proposed_by) for one in kept} == {
        (ProposalStatus.CONCEPT, "utrecht", "plan-utrecht-1", None)
    }


def test_a_pdf_from_the_command_line_itself(tmp_path: Path) -> None:
    file = tmp_path / "plan.pdf"
    file.write_bytes(as_pdf(example_parts()))
    done = run(tmp_path, "knowledge", "draft", str(file), *UTRECHT, *ABOUT)
    assert done.returncode == 0, done.stderr
    assert "41 drafts" in done.stdout and len(proposals(tmp_path)) == 41


def test_the_same_file_again_is_refused(tmp_path: Path, plan: Path) -> None:
    draft(tmp_path, str(plan), *UTRECHT, *ABOUT)
    assert "was taken up before, as plan-utrecht-1" in why_not(
        tmp_path, str(plan), *UTRECHT, *ABOUT
    )


def test_what_does_not_fit_is_refused_in_one_line(tmp_path: Path, plan: Path) -> None:
    nowhere = why_not(tmp_path, str(plan), "--region", "atlantis", *ABOUT)
    assert nowhere.startswith("unknown region atlantis: choose from utrecht,")
    absent = tmp_path / "geen.pdf"
    assert "cannot be read" in why_not(tmp_path, str(absent), *UTRECHT, *ABOUT)
    absent.write_bytes(b"%PDF-1.7 stuk")
    assert "beschadigd" in why_not(tmp_path, str(absent), *UTRECHT, *ABOUT)
    empty = ("--title", " ", "--publisher", "X")
    assert "may not be empty" in why_not(tmp_path, str(plan), *UTRECHT, *empty)
    assert not (tmp_path / "regiowijzer.db").exists()
