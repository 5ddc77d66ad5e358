"""Texts are kept true: what is due, what people said of it, what no longer fits its file."""

import csv
import subprocess
from pathlib import Path

import pytest

from bottlenecks.models_content import Proposal
from bottlenecks.roles import Role, Scope
from bottlenecks.store import Database
from bottlenecks.store.reports import Draft
from dialogues.assistant import Assistant
from knowledge.loader import HERE
from tests.conftest import Clock, Talk
from tests.desk import Browser, add_officer
from tests.desk_content import PAGE, PATH, TOPIC, approves, proposes
from tests.desk_officers import MINES, at_the_desk, colleague
from tests.whole_site import sign_in, whole_site


@pytest.fixture
def desk(database: Database, assistant: Assistant) -> Browser:
    return at_the_desk(database, assistant)


@pytest.fixture
def bo(desk: Browser, database: Database) -> Browser:
    """A colleague who may approve."""
    return colleague(desk, database, scope=Scope(all_regions=True))


def test_what_was_looked_at_is_not_due(desk: Browser) -> None:
    due = f"{PATH}?stand=bekijken&regio="
    desk.opens(due)
    assert desk.sees("93 onderwerpen")
    desk.opens(PAGE)
    assert desk.sees("bekijk opnieuw")
    desk.sends(f"{PATH}/gezien/{TOPIC}")
    assert desk.sees("Bewaard: deze tekst klopt nog.") and not desk.sees("bekijk opnieuw")
    desk.opens(due)
    assert desk.sees("92 onderwerpen") and not desk.sees(TOPIC)
    rows = list(
        csv.reader(desk.client.get(f"{PATH}/te-bekijken.csv").text[1:].splitlines(), delimiter=";")
    )
    assert len(rows) == 93 and TOPIC not in {row[0] for row in rows}


def test_due_after_the_set_time(
    desk: Browser, database: Database, clock: Clock, assistant: Assistant
) -> None:
    desk.opens(PAGE)
    desk.sends(f"{PATH}/gezien/{TOPIC}")
    clock.forward(181 * 86_400)
    officer = add_officer(database, "cas@rho.example", password=None)
    later = sign_in(whole_site(database, assistant.knowledge), database, officer)
    later.opens(f"{PATH}?stand=bekijken&regio=")
    assert later.sees(TOPIC) and later.sees("2 mrt 2026")


def test_reports_and_wrong_answers_stand_at_their_topic(
    desk: Browser, database: Database, talk: Talk
) -> None:
    talk.sends(f"t:{TOPIC}")
    talk.says("dit klopt niet")
    with database.work() as work:
        draft = Draft("thuiszorg", "utrecht", None, "Zij belt niemand", None, "midden", False)
        reference = work.reports.file(draft, person_id=None, account_id=None, practice_id=None)
        officer = work.officers.all()[0].officer
        work.topics.point(reference, officer.scope, TOPIC, actor=officer.id)
    desk.opens(f"{PATH}?stand=fout")
    assert desk.sees("1 onderwerp") and desk.sees("klopt niet: 1") and desk.sees("1 melding")
    desk.opens(PAGE)
    assert desk.sees("Eén keer zei iemand: klopt niet.") and desk.sees("dit klopt niet")
    assert desk.sees(reference) and desk.sees("Zij belt niemand")


def test_all_changes_are_a_patch_that_git_takes(
    desk: Browser, bo: Browser, tmp_path: Path, database: Database
) -> None:
    assert desk.opens(f"{PATH}/wijzigingen.patch").is_redirect
    assert desk.sees("Er zijn geen wijzigingen op de bestanden.")
    approves(bo, proposes(desk, meer="Bel gerust nog eens."))
    approves(bo, proposes(desk, "utrecht", meer="Alleen in Utrecht."))
    patch = tmp_path / "inhoud.patch"
    patch.write_bytes(desk.client.get(f"{PATH}/wijzigingen.patch").content)
    for path in HERE.rglob("*.yml"):
        copy = tmp_path / "knowledge" / path.relative_to(HERE)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    subprocess.run(["git", "apply", str(patch)], cwd=tmp_path, check=True)
    changed = (tmp_path / "knowledge" / "thuiszorg.yml").read_text(encoding="utf-8")
    assert changed.count("Bel gerust nog eens.") == 1
    variant = (tmp_path / "knowledge" / "varianten" / "utrecht.yml").read_text(encoding="utf-8")
    assert "Alleen in Utrecht." in variant
    officer = add_officer(database, "dirk@rho.example", Role.HANDLER, MINES, password=None)
    mines = sign_in(desk.another(), database, officer)
    assert "Alleen in Utrecht." not in mines.client.get(f"{PATH}/wijzigingen.patch").text


def test_what_no_longer_fits_is_told_and_not_used(
    desk: Browser, bo: Browser, database: Database, talk: Talk, assistant: Assistant
) -> None:
    proposal = proposes(desk, titel="De thuiszorg zit vol")
    approves(bo, proposal)
    with database.work() as work:
        row = work._session.get(Proposal, proposal.rsplit("/", 1)[1])
        assert row is not None and row.data is not None
        row.data = {**row.data, "oud_veld": "van vroeger"}
        row.version += 1
    assert assistant.knowledge.topic(TOPIC).answer[:40] in talk.sends(f"t:{TOPIC}")
    desk.opens(PATH)
    assert desk.sees("Eén goedgekeurde tekst past niet meer.")
    assert desk.sees("oud_veld: deze naam is hier niet bekend")
    desk.opens(PAGE)
    assert desk.sees("De goedgekeurde tekst past niet meer:")
    assert desk.client.get(f"{PATH}/wijzigingen.patch").is_redirect


def test_what_no_longer_fits_elsewhere_is_not_told(
    desk: Browser, bo: Browser, database: Database
) -> None:
    proposal = proposes(desk, "utrecht", titel="In Utrecht zit het vol")
    approves(bo, proposal)
    with database.work() as work:
        row = work._session.get(Proposal, proposal.rsplit("/", 1)[1])
        assert row is not None and row.data is not None
        row.data = {**row.data, "titel": "X"}
        row.version += 1
    desk.opens(PATH)
    assert desk.sees("Eén goedgekeurde tekst past niet meer.") and desk.sees("(voor Utrecht)")
    officer = add_officer(database, "dirk@rho.example", Role.READER, MINES, password=None)
    mines = sign_in(desk.another(), database, officer)
    mines.opens(PATH)
    assert mines.page.status_code == 200 and not mines.sees("past niet meer")


def test_a_file_that_moved_on_is_told(desk: Browser, bo: Browser, database: Database) -> None:
    proposal = proposes(desk, titel="De thuiszorg zit vol")
    approves(bo, proposal)
    desk.opens(PAGE)
    assert not desk.sees("veranderde ook de tekst in het bestand")
    with database.work() as work:
        row = work._session.get(Proposal, proposal.rsplit("/", 1)[1])
        assert row is not None and row.base is not None
        row.base = {**row.base, "bestand": {**row.base["bestand"], "titel": "Een oude titel"}}
    desk.opens(PAGE)
    assert desk.sees("Na deze wijziging veranderde ook de tekst in het bestand.")
