"""A topic is changed in its file: nothing else moves, faults are found, and git takes the patch."""

import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from knowledge import load
from knowledge.check import check
from knowledge.data import as_data, canonical
from knowledge.edit import Change, EditError, changed_files, excerpt, new_faults, patch
from knowledge.lines import tidy, unwrap, wrapped
from knowledge.loader import HERE
from knowledge.model import Source
from knowledge.yaml_text import with_sources, with_topics
from tests.knowledge_folder import FILES, found, plant, write

TOPICS = load().topics


def with_topic(text: str, data: dict[str, Any]) -> str:
    return with_topics(text, [data])


PLAN = Source(titel="Voorbeeldplan", uitgever="Voorbeeldregio", bestand="plan.docx")
COMMENTED = """\
# boven
onderwerpen:
  # eerst
  - id: wijk/plan
    soort: antwoord  # blijft
    titel: Een plan
    # over het antwoord
    antwoord: |
      Eerste regel
      # geen commentaar

    # na het antwoord
    verwant: [wijk/bellen]

  # tussen twee onderwerpen
  - {id: wijk/bellen, soort: antwoord, titel: Bellen, antwoord: Bel ons.}
# onder
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small knowledge folder without faults."""
    return write(FILES, tmp_path / "knowledge")


def plan(**fields: Any) -> dict[str, Any]:
    """The topic wijk/plan of the small folder, with other fields."""
    entry = yaml.safe_load(FILES["wijk.yml"])["onderwerpen"][0]
    return canonical({**entry, **fields})


@pytest.mark.parametrize("topic_id", sorted(TOPICS))
def test_the_same_data_give_the_same_file(topic_id: str) -> None:
    text = (HERE / f"{TOPICS[topic_id].subject}.yml").read_text(encoding="utf-8")
    assert with_topic(text, as_data(TOPICS[topic_id])) == text


def test_only_what_changes_moves() -> None:
    changed = with_topic(
        COMMENTED,
        {
            "id": "wijk/plan",
            "soort": "antwoord",
            "titel": "Een plan",
            "antwoord": "Nieuw.",
            "gedateerd": "1 mei 2026",
            "meer": "Nog iets.",
            "verwant": ["wijk/bellen"],
        },
    )
    assert changed == COMMENTED.replace(
        "    # over het antwoord\n",
        '    gedateerd: "1 mei 2026"\n    # over het antwoord\n',
    ).replace(
        "      Eerste regel\n      # geen commentaar\n",
        "      Nieuw.\n    meer: |\n      Nog iets.\n",
    )


def test_what_is_left_out_goes_and_comments_stay() -> None:
    changed = with_topic(
        COMMENTED,
        {"id": "wijk/plan", "soort": "antwoord", "titel": "Een plan", "antwoord": "Nieuw."},
    )
    assert "verwant" not in changed
    for comment in (
        "# boven",
        "# eerst",
        "# blijft",
        "# over het",
        "# na het",
        "# tussen",
        "# onder",
    ):
        assert comment in changed


def test_a_topic_on_one_line_is_written_out() -> None:
    changed = with_topic(
        COMMENTED,
        {"id": "wijk/bellen", "soort": "antwoord", "titel": "Bellen", "antwoord": "Bel."},
    )
    assert yaml.safe_load(changed)["onderwerpen"][1]["antwoord"] == "Bel.\n"
    assert changed.startswith(COMMENTED[: COMMENTED.index("  - {id")])
    assert changed.endswith("# onder\n")


def test_a_new_topic_comes_last() -> None:
    changed = with_topic("onderwerpen: []\n", plan())
    assert [entry["id"] for entry in yaml.safe_load(changed)["onderwerpen"]] == ["wijk/plan"]
    changed = with_topic(changed, plan(id="wijk/nog"))
    assert [entry["id"] for entry in yaml.safe_load(changed)["onderwerpen"]] == [
        "wijk/plan",
        "wijk/nog",
    ]


def test_several_at_once_are_as_one_by_one() -> None:
    text = (HERE / "thuiszorg.yml").read_text(encoding="utf-8")
    changed = [
        as_data(topic) | {"meer": f"Meer over {topic.id}.\n\nEn nog iets."}
        for topic in TOPICS.values()
        if topic.subject == "thuiszorg"
    ]
    one_by_one = text
    for data in changed:
        one_by_one = with_topics(one_by_one, [data])
    assert with_topics(text, changed) == one_by_one != text
    assert with_topics(with_topics("onderwerpen: []\n", changed[:1]), changed[1:]) == with_topics(
        "onderwerpen: []\n", changed
    )


@pytest.mark.parametrize("text", ["andere: []\n", "- 1\n", "onderwerpen: 3\n"])
def test_a_file_without_topics_is_refused(text: str) -> None:
    with pytest.raises(EditError, match="no list"):
        with_topic(text, plan())


_text = st.text(
    st.characters(blacklist_categories=("Cs",), blacklist_characters="\x00"), max_size=200
)


@given(answer=_text, title=_text, anchor=_text, dated=_text)
def test_whatever_is_typed_is_read_back(answer: str, title: str, anchor: str, dated: str) -> None:
    data = plan(
        antwoord=answer,
        titel=title,
        gedateerd=dated,
        feiten=[{"feit": title, "ankers": [anchor, "ja"]}],
    )
    try:
        changed = with_topic(FILES["wijk.yml"], data)
    except EditError:
        # YAML knows no way to write some control characters
        assert not (answer + title + anchor + dated).isprintable()
        return
    entries = yaml.safe_load(changed)["onderwerpen"]
    assert canonical(entries[0]) == data
    assert entries[1:] == yaml.safe_load(FILES["wijk.yml"])["onderwerpen"][1:]


@given(_text)
def test_lines_are_broken_and_joined_again(text: str) -> None:
    kept = tidy(text)
    assert tidy(kept) == kept
    assert unwrap(wrapped(kept)) == kept


def test_a_list_keeps_its_lines() -> None:
    text = "Doe dit:\n- bel eerst " + "heel " * 30 + "- lang -\n- schrijf dan"
    assert unwrap(wrapped(text)) == text
    assert max(len(line) for line in wrapped(text).split("\n")) < 110


@pytest.mark.parametrize(
    ("fields", "line", "message"),
    [
        ({"titel": "W"}, 4, "titel: moet minstens 3 tekens hebben"),
        ({"antwoord": "[herschrijf: de huisartsen]"}, 2, "nog niet af: '[herschrijf: de huisar"),
        ({"antwoord": "Bel 030 123 45 67."}, 2, "telefoonnummer '030 123 45 67' staat niet in"),
        ({"verwant": ["wijk/weg"]}, 2, "verwant 'wijk/weg' bestaat niet"),
        ({"bron": [{"document": "krant", "onderdeel": "1"}]}, 2, "bron 'krant' staat niet in"),
        ({"titel": "Wie bel ik"}, 15, "titel 'Wie bel ik?' is ook de titel van wijk/plan"),
        ({"toegespitst": {"zin": "Zo is dat.", "vanaf_aantal": 0}}, 15, "moet minstens 1 zijn"),
    ],
)
def test_a_fault_is_found_with_its_line(
    folder: Path, fields: dict[str, Any], line: int, message: str
) -> None:
    faults = new_faults(Change(plan(feiten=[], **fields)), folder=folder)
    assert any(message in fault.message for fault in faults)
    shown = excerpt(Change(plan(feiten=[], **fields)), folder=folder)
    assert all(fault.file == "wijk.yml" for fault in faults)
    assert {fault.line for fault in faults} == {line}
    assert shown[0] == (2, "  - id: wijk/plan")


def test_only_new_faults_are_told(folder: Path) -> None:
    plant(folder, "gesprek.yml", "Bel direct 112.", "TODO")
    assert len(found(folder)) == 1
    assert new_faults(Change(plan(meer="Meer weet de LHV. Vraag het de LHV.")), folder=folder) == []
    plant(folder, "gesprek.yml", "TODO", "XXX")  # the known ones are those of now
    assert new_faults(Change(plan(titel="Anders")), folder=folder) == []


def test_the_folder_itself_stays(folder: Path) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    new_faults(Change(plan(titel="W"), "utrecht"), folder=folder)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_a_text_for_a_region_has_a_file_of_its_own(folder: Path) -> None:
    change = Change(plan(antwoord="Hier maken de huisartsen doen mee samen. RHO."), "utrecht")
    assert list(changed_files([change], {}, folder)) == ["varianten/utrecht.yml"]
    assert new_faults(change, folder=folder) == []
    faults = new_faults(Change(plan(), "elders"), folder=folder)
    assert [fault.message for fault in faults] == ["regio 'elders' staat niet in regions.yml"]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"id": "wijk/nieuw", "titel": "Nieuw"}, "voor iedereen is er geen onderwerp met dit id"),
        ({"soort": "flow"}, "soort moet antwoord zijn, zoals voor iedereen"),
        ({"titel": "De stappen"}, "titel 'De stappen' is ook de titel van wijk/stappen"),
    ],
)
def test_a_text_for_a_region_has_to_fit(folder: Path, fields: dict[str, Any], message: str) -> None:
    faults = new_faults(Change(plan(**fields), "utrecht"), folder=folder)
    assert [fault.message for fault in faults] == [message]


def test_texts_for_a_region_are_loaded(folder: Path) -> None:
    change = Change(plan(titel="Alleen hier"), "utrecht")
    write(changed_files([change], {}, folder), folder)
    knowledge = load(folder)
    assert knowledge.variants["utrecht"]["wijk/plan"].title == "Alleen hier"
    assert knowledge.topic("wijk/plan").title == "Een plan maken"


def test_an_own_source_is_known(folder: Path) -> None:
    change = Change(plan(bron=[{"document": "ons-plan", "onderdeel": "2"}], meer="", feiten=[]))
    known = new_faults(change, {"ons-plan": PLAN}, folder)
    unknown = new_faults(change, {}, folder)
    assert known == []
    assert [fault.message for fault in unknown] == ["bron 'ons-plan' staat niet in bronnen.yml"]


def test_only_sources_that_are_named_are_added(folder: Path) -> None:
    files = changed_files([Change(plan(titel="Anders"))], {"ons-plan": PLAN}, folder)
    assert list(files) == ["wijk.yml"]
    text = with_sources(FILES["bronnen.yml"], {"ons-plan": PLAN, "gids": PLAN})
    assert list(yaml.safe_load(text)["bronnen"]) == ["gids", "brief", "ons-plan"]
    assert text.startswith(FILES["bronnen.yml"].rstrip("\n"))


def test_git_takes_the_patch(folder: Path) -> None:
    plant(folder, "gesprek.yml", "Bel direct 112.\n", "Bel direct 112.")
    root = folder.parent

    def git(*command: str, given: str | None = None) -> str:
        names = ("-c", "user.name=t", "-c", "user.email=t@t.invalid")
        return subprocess.run(
            ["git", *names, *command],
            cwd=root, input=given, check=True, capture_output=True, text=True,
        ).stdout  # fmt: skip

    git("init", "-q")
    git("add", "-A")
    git("commit", "-qm", "before")
    spoed = {"id": "gesprek/spoed", "soort": "gesprek", "titel": "Spoed"}
    changes = [
        Change(plan(titel="Samen één plan maken", bron=[{"document": "ons", "onderdeel": "1"}],
                    meer="", feiten=[])),
        Change(plan(titel="Alleen in Utrecht"), "utrecht"),
        Change({**spoed, "antwoord": "Bel meteen 112."}),
    ]  # fmt: skip
    text = patch(changes, {"ons": PLAN}, folder)
    git("apply", "--check", "--whitespace=error", "-", given=f"Inhoud van nu\n\n{text}")
    git("apply", "-", given=f"Inhoud van nu\n\n{text}")
    assert set(git("status", "--porcelain").split()) >= {
        "knowledge/wijk.yml",
        "knowledge/bronnen.yml",
        "knowledge/gesprek.yml",
        "knowledge/varianten/",
    }
    assert check(folder) == []
    knowledge = load(folder)
    assert knowledge.topic("wijk/plan").title == "Samen één plan maken"
    assert knowledge.topic("gesprek/spoed").answer == "Bel meteen 112.\n"
    assert knowledge.sources["ons"].title == "Voorbeeldplan"
    assert knowledge.variants["utrecht"]["wijk/plan"].title == "Alleen in Utrecht"
    assert patch(changes, {"ons": PLAN}, folder) == "", "nothing is left to change"


def test_no_change_is_no_patch(folder: Path) -> None:
    assert patch([Change(plan())], {}, folder) == ""


def test_an_unknown_subject_is_refused(folder: Path) -> None:
    with pytest.raises(EditError, match="no file"):
        patch([Change(plan(id="elders/iets"))], {}, folder)
