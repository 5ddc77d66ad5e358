"""The knowledge files are clean, and each kind of fault is found at its place."""

from pathlib import Path

import pytest

from knowledge.check import check
from knowledge.loader import HERE
from tests.knowledge_folder import DOCUMENTS, FILES, found, plant, write

SHARED_SOURCES = Path(__file__).parents[2] / "shared" / "bronnen"

PLAN = ("wijk.yml", 2, "wijk/plan")
BELLEN = ("wijk.yml", 21, "wijk/bellen")
FLOW = ("flows/wijk.yml", 1, "wijk/stappen")
MORE = "Vraag het de LHV: "
SECOND = "doen\n      mee, net als de RHO."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small knowledge folder without faults."""
    return write(FILES, tmp_path / "knowledge")


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """The source documents of that folder."""
    return write(DOCUMENTS, tmp_path / "sources")


def test_own_knowledge_is_clean() -> None:
    sources = SHARED_SOURCES if SHARED_SOURCES.is_dir() else None
    assert [str(fault) for fault in check(HERE, sources)] == []


def test_fixed_list_has_all_ids() -> None:
    lines = (HERE / "topic_ids.txt").read_text(encoding="utf-8").splitlines()
    ids = [line for line in lines if not line.startswith("#")]
    assert len(ids) == len(set(ids)) == 93
    assert lines[0].startswith("#")


def test_small_folder_is_clean(folder: Path, sources: Path) -> None:
    assert found(folder, sources) == []


def topic(topic_id: str, kind: str = "gesprek") -> str:
    """A further topic at the end of a file."""
    return f"  - {{id: {topic_id}, soort: {kind}, titel: Nog een, antwoord: Goed zo.}}\n"


@pytest.mark.parametrize(
    ("file", "old", "new", "place", "message"),
    [
        pytest.param(
            "wijk.yml", "titel: Wie bel ik?", "titel: W", ("wijk.yml", 23, "wijk/bellen"),
            "titel: moet minstens 3 tekens hebben", id="does not fit the model",
        ),
        pytest.param(
            "wijk.yml", "soort: antwoord", "soort: a: b", ("wijk.yml", 3, "-"),
            "geen geldige YAML", id="not YAML",
        ),
        pytest.param(
            "gesprek.yml", "", topic("gesprek/spoed"), ("gesprek.yml", 6, "gesprek/spoed"),
            "dit id staat ook in gesprek.yml:2", id="duplicate id",
        ),
        pytest.param(
            "regions.yml", "", "  - {id: utrecht, naam: Stad, gebied: Utrecht}\n",
            ("regions.yml", 3, "utrecht"), "dit id staat ook in regions.yml:2",
            id="duplicate region",
        ),
        pytest.param(
            "topic_ids.txt", "", "gesprek/groet\n", ("gesprek.yml", 1, "gesprek/groet"),
            "dit onderwerp ontbreekt", id="missing topic",
        ),
        pytest.param(
            "gesprek.yml", "", topic("gesprek/groet"), ("gesprek.yml", 6, "gesprek/groet"),
            "dit id staat niet in topic_ids.txt", id="unknown id",
        ),
        pytest.param(
            "wijk.yml", "    bron:\n      - {document: brief, onderdeel: slot}\n", "", BELLEN,
            "noemt geen bron", id="no source",
        ),
        pytest.param(
            "wijk.yml", "document: brief", "document: krant", BELLEN,
            "bron 'krant' staat niet in bronnen.yml", id="unknown source",
        ),
        pytest.param(
            "wijk.yml", "ankers: [samen,", "ankers: [alleen,", PLAN,
            "anker 'alleen' staat niet in antwoord", id="anchor",
        ),
        pytest.param(
            "wijk.yml", "|rho", "|vvt", PLAN, "anker 'ZORGGROEP|vvt' staat niet in antwoord",
            id="anchor alternatives",
        ),
        pytest.param(
            "wijk.yml", "[vraag het de lhv]", "[samen]", PLAN, "anker 'samen' staat niet in meer",
            id="anchor in meer",
        ),
        pytest.param(
            "wijk.yml", "(stand 27 januari 2022) je contactpersoon.",
            "je contactpersoon. Het was 27 januari 2022.", BELLEN,
            "de eerste zin noemt '27 januari 2022' niet", id="date",
        ),
        pytest.param(
            "wijk.yml", "In de regio Utrecht bel je (stand 27 januari 2022) je contactpersoon.",
            "Je belt (stand 27 januari 2022) iemand. Dat is in Utrecht.", BELLEN,
            "de eerste zin noemt 'Utrecht' niet", id="area not named",
        ),
        pytest.param(
            "wijk.yml", "geldt_voor: Utrecht", "geldt_voor: regio Utrecht", BELLEN,
            "geldt_voor 'regio Utrecht' is geen gebied of regio in regions.yml", id="unknown area",
        ),
        pytest.param(
            "wijk.yml", "verwant: [wijk/bellen]", "verwant: [wijk/weg]", PLAN,
            "verwant 'wijk/weg' bestaat niet", id="dead relation",
        ),
        pytest.param(
            "wijk.yml", "verwant: [wijk/bellen]", "verwant: [wijk/plan]", PLAN,
            "verwant noemt het onderwerp zelf", id="relation to itself",
        ),
        pytest.param(
            "gesprek.yml", "Bel direct 112.", "a" * 681, ("gesprek.yml", 2, "gesprek/spoed"),
            "antwoord heeft 681 tekens; hoogstens 680", id="long answer",
        ),
        pytest.param(
            "gesprek.yml", "Bel direct 112.", "Bel 112.\n    meer: " + "a" * 1201,
            ("gesprek.yml", 2, "gesprek/spoed"), "meer heeft 1201 tekens; hoogstens 1200",
            id="long more",
        ),
        *(
            pytest.param(
                "wijk.yml", MORE, f"{MORE}{text} ", PLAN, f"nog niet af: '{text}'", id=text
            )
            for text in ("TODO", "XXX", "Lorem", "[..]", "[naam]", "<naam>", "in te vullen")
        ),
        *(
            pytest.param(
                "wijk.yml", MORE, f"{MORE}{text}, ", PLAN,
                f"telefoonnummer '{text}' staat niet in de contactgegevens van de bron", id=text,
            )
            for text in (
                "085 - 130 25 00", "030-1234567", "06 12345678", "+31 30 123 45 67",
                "(030) 123 45 67", "0031 6 12345678", "0900-8844", "085 04 80 001",
            )
        ),
        pytest.param(
            "wijk.yml", SECOND, f"{SECOND} Bel direct 113.", PLAN,
            "telefoonnummer '113' staat niet in", id="short number",
        ),
        pytest.param(
            "wijk.yml", "je contactpersoon.", "je contactpersoon op 085 - 04 80 000.", BELLEN,
            "telefoonnummer '085 - 04 80 000' staat niet in", id="number of another source",
        ),
        pytest.param(
            "wijk.yml", MORE, f"{MORE}info@lhv.nl, ", PLAN,
            "e-mailadres 'info@lhv.nl' staat niet in", id="e-mail",
        ),
        pytest.param(
            "wijk.yml", MORE, f"{MORE}https://www.lhv.nl/nieuws of ", PLAN,
            "webadres 'https://www.lhv.nl/nieuws' staat niet in", id="URL",
        ),
        pytest.param(
            "wijk.yml", MORE, f"{MORE}ineen.nl of ", PLAN, "webadres 'ineen.nl' staat niet in",
            id="bare domain",
        ),
        pytest.param(
            "wijk.yml", MORE, f"{MORE}3528 BM of ", PLAN, "postcode '3528 BM' staat niet in",
            id="postcode",
        ),
        pytest.param(
            "flows/wijk.yml", "085 - 04 80 000", "030 - 123 45 67", FLOW,
            "telefoonnummer '030 - 123 45 67' staat niet in", id="number in flow",
        ),
        pytest.param(
            "flows/wijk.yml", "Optie een", "TODO", FLOW, "nog niet af: 'TODO'",
            id="placeholder in flow",
        ),
        pytest.param(
            "flows/wijk.yml", "id: wijk/stappen", "id: wijk/weg",
            ("flows/wijk.yml", 1, "wijk/weg"), "er is geen onderwerp met dit id",
            id="flow without topic",
        ),
        pytest.param(
            "wijk.yml", "soort: flow", "soort: antwoord", FLOW,
            "het onderwerp is van soort antwoord, niet flow", id="flow of other kind",
        ),
        pytest.param(
            "flows/wijk.yml", "id: keus", "id: eerst", ("flows/wijk.yml", 9, "wijk/stappen"),
            "stap eerst: dit id is al gebruikt", id="duplicate step",
        ),
        pytest.param(
            "flows/wijk.yml", "    lijst: regios\n", "", ("flows/wijk.yml", 14, "wijk/stappen"),
            "stap regio: een keuze heeft keuzes of een lijst nodig", id="step without choices",
        ),
        pytest.param(
            "flows/wijk.yml", "document: gids", "document: krant",
            ("flows/wijk.yml", 4, "wijk/stappen"),
            "stap eerst: bron 'krant' staat niet in bronnen.yml", id="unknown step source",
        ),
        pytest.param(
            "bronnen.yml", "    bestand: brief.md\n",
            "    bestand: brief.md\n    contactgegevens: [030 - 123 45 67]\n",
            ("bronnen.yml", 11, "brief"), "'030 - 123 45 67' staat niet in brief.md",
            id="contact number not in document",
        ),
        pytest.param(
            "bronnen.yml", "      - 3528 BL Utrecht", "      - Domplein 1\n      - 3528 BL Utrecht",
            ("bronnen.yml", 2, "gids"), "'Domplein 1' staat niet in gids.md",
            id="contact address not in document",
        ),
        pytest.param(
            "bronnen.yml", "bestand: brief.md", "bestand: post.md", ("bronnen.yml", 11, "brief"),
            "er is geen brondocument post.md", id="no document",
        ),
        pytest.param(
            "wijk.yml", SECOND,
            SECOND + " Met elkaar: af, wie er op welke\n      dag de patiënten helpt.", PLAN,
            "antwoord heeft 10 woorden op rij uit gids.md: "
            "'met elkaar af wie er op welke dag de patiënten'",
            id="copied words",
        ),
        pytest.param(
            "wijk.yml", "feit: samen met de huisartsen",
            "feit: huisartsen spreken in de wijk met elkaar af wie er opvangt", PLAN,
            "feiten.1.feit heeft 10 woorden op rij uit gids.md", id="copied fact",
        ),
        pytest.param(
            "flows/wijk.yml", "Wat kies je?",
            "Huisartsen spreken in de wijk met elkaar af wie er belt.", FLOW,
            "stappen.2.tekst heeft 10 woorden op rij uit gids.md", id="copied step",
        ),
        pytest.param(
            "teksten.yml", "[]", """
  - id: bandje
    titel: Bandje
    voor: patiënten
    tekst: Huisartsen spreken in de wijk met elkaar af wie er belt.
""", ("teksten.yml", 2, "bandje"), "tekst heeft 10 woorden op rij uit gids.md", id="copied text",
        ),
    ],
)  # fmt: skip
def test_one_fault_is_found_at_its_place(
    folder: Path,
    sources: Path,
    file: str,
    old: str,
    new: str,
    place: tuple[str, int, str],
    message: str,
) -> None:
    plant(folder, file, old, new)
    faults = found(folder, sources)
    assert [fault[:3] for fault in faults] == [place]
    assert faults[0][3].startswith(message)


def test_topic_in_file_of_another_subject(folder: Path) -> None:
    moved = "  - id: gesprek/spoed\n    soort: gesprek\n    titel: Spoed\n    antwoord: Bel 112.\n"
    plant(folder, "wijk.yml", "", moved)
    plant(folder, "gesprek.yml", FILES["gesprek.yml"], "onderwerpen: []\n")
    assert found(folder) == [("wijk.yml", 37, "gesprek/spoed", "hoort in gesprek.yml")]


def test_duplicate_flow(folder: Path) -> None:
    (folder / "flows" / "wijk2.yml").write_text(FILES["flows/wijk.yml"], encoding="utf-8")
    message = "dit id staat ook in flows/wijk.yml:1"
    assert found(folder) == [("flows/wijk2.yml", 1, "wijk/stappen", message)]


@pytest.mark.parametrize(
    "name", ["topic_ids.txt", "bronnen.yml", "regions.yml", "verzekeraars.yml", "fasen.yml"]
)
def test_missing_file_is_one_fault(folder: Path, sources: Path, name: str) -> None:
    (folder / name).unlink()
    assert found(folder, sources) == [(name, 1, "-", "het bestand ontbreekt")]


@pytest.mark.parametrize(
    "text",
    [
        "Spreek met elkaar af wie er op welke dag komt.",
        "Lees De grote gids voor het maken van een goed plan in de wijk.",
        "Er zijn 90-95% telefoontjes, 10.000 patiënten en 24/7 toezicht in 2022-2023.",
        "In 2022 HAP en in 2025 ELV; open van 08:00 - 17:00 uur, sinds 01-12-2021.",
    ],
)
def test_what_may_be_said(folder: Path, sources: Path, text: str) -> None:
    plant(folder, "wijk.yml", SECOND, f"{SECOND} {text}")
    assert found(folder, sources) == []


def test_without_documents_nothing_is_compared(folder: Path, tmp_path: Path) -> None:
    plant(folder, "bronnen.yml", "085 - 04 80 000", "085 - 04 80 000\n      - Domplein 1")
    assert found(folder) == []
    assert found(folder, tmp_path / "absent") == []
