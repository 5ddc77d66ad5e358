"""Reading the text of a report: its category, region and severity, and how sure that is."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from bottlenecks.lists import lists
from dialogues.assistant import Assistant
from dialogues.report_reading import ReportReading
from nlu.report_model import ReportText, report_texts
from tests.conftest import Talk
from tests.serving import run

TEXTS = Path(__file__).parent / "meldingen.yml"
KEYS = [
    *("text", "category", "region", "severity", "confidence", "unsure"),
    *("redacted", "found"),
]
PARTS = ("category", "region", "severity")
NO_HOME_CARE = "nergens thuiszorg te vinden in Geleen, al drie organisaties gebeld"
WEST, EAST = "westelijke-mijnstreek", "oostelijke-mijnstreek"

Read = Sequence[tuple[ReportText, ReportReading]]


@pytest.fixture(scope="module")
def read(assistant: Assistant) -> Read:
    """Every test text with what was read in it."""
    return [(report, assistant.read_report(report.text)) for report in report_texts(TEXTS)]


def share(hits: Sequence[bool]) -> float:
    assert hits
    return sum(hits) / len(hits)


# how often it is right


def test_there_are_texts_of_every_kind(read: Read) -> None:
    assert len(read) >= 100
    assert {report.category for report, _ in read} == set(lists().categories)
    assert {report.severity for report, _ in read} == set(lists().severities)
    assert None in {report.region for report, _ in read}


def test_category_is_read(read: Read) -> None:
    assert share([found.category.label == report.category for report, found in read]) >= 0.85


def test_region_is_read(read: Read) -> None:
    assert share([(found.region.label or None) == report.region for report, found in read]) >= 0.90


def test_severity_is_read(read: Read) -> None:
    assert share([found.severity.label == report.severity for report, found in read]) >= 0.90


def test_a_category_it_is_sure_of_is_right(read: Read) -> None:
    sure = [
        found.category.label == report.category
        for report, found in read
        if "category" not in found.unsure
    ]
    assert share(sure) >= 0.90
    # being unsure of everything would be no merit
    assert len(sure) / len(read) >= 0.75


def test_no_region_is_claimed_where_none_is_named(read: Read) -> None:
    nowhere = [found.region.label == "" for report, found in read if report.region is None]
    assert share(nowhere) >= 0.90


def test_confidence_is_a_probability(read: Read) -> None:
    for _, found in read:
        for part in PARTS:
            assert 0 <= getattr(found, part).confidence <= 1


# single texts


@pytest.mark.parametrize(
    ("typed", "category", "region"),
    [
        (NO_HOME_CARE, "thuiszorg", WEST),
        ("crisisdienst ggz neemt niet op, patiënt uit Heerlen wacht al uren", "ggz", EAST),
        ("HIS ligt plat, we kunnen niet in de dossiers", "ict-his", None),
        ("apotheek in Zeist levert al weken geen insuline", "medicatie-apotheek", "utrecht"),
        ("geen waarnemer te vinden voor de zomer", "personeel-waarneming", None),
        ("in Venlo is nergens thuiszorg te krijgen", "thuiszorg", None),
    ],
)
def test_what_is_read_in_a_text(
    assistant: Assistant, typed: str, category: str, region: str | None
) -> None:
    found = assistant.read_report(typed)
    assert found.category.label == category
    assert (found.region.label or None) == region
    assert "category" not in found.unsure


def test_elsewhere_is_told_apart_from_nowhere(assistant: Assistant) -> None:
    elsewhere = assistant.read_report("in Venlo is nergens thuiszorg te krijgen")
    assert elsewhere.place is not None and elsewhere.place.name == "Venlo"
    assert assistant.read_report("er is nergens thuiszorg te krijgen").place is None


def test_danger_for_a_patient_weighs_more_than_a_wish(assistant: Assistant) -> None:
    bad = assistant.read_report("vandaag komt niemand insuline spuiten, suiker 24, patiënt suf")
    wish = assistant.read_report("het zou fijn zijn als het formulier wat korter kon, geen haast")
    assert (bad.severity.label, wish.severity.label) == ("hoog", "laag")


@pytest.mark.parametrize("typed", ["", "   ", "😀😀", "\x00\x07", "x", "a" * 20_000])
def test_text_without_a_story_leaves_the_category_to_be_asked(
    assistant: Assistant, typed: str
) -> None:
    found = assistant.read_report(typed)
    assert "category" in found.unsure
    assert found.region.label == ""


@pytest.mark.parametrize("typed", ["", "😀😀"])
def test_text_without_a_word_is_not_sure_of_a_severity(assistant: Assistant, typed: str) -> None:
    assert "severity" in assistant.read_report(typed).unsure


# the command


def screened(data_dir: Path, *texts: str) -> list[dict[str, Any]]:
    done = run(data_dir, "screen", "--json", stdin="".join(f"{text}\n" for text in texts))
    assert (done.returncode, done.stderr) == (0, "")
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.usefixtures("assistant")  # the model must be there
def test_screen_gives_an_object_for_each_line_and_keeps_nothing(tmp_path: Path) -> None:
    odd = ["", "   ", "😀😀", "\x00\x07", "1234", "a" * 20_000, '{"text": "hallo"}', "é" * 5_000]
    found = screened(tmp_path, NO_HOME_CARE, *odd, "er is geen waarnemer te vinden")
    assert [one["text"] for one in found] == [
        NO_HOME_CARE,
        *odd,
        "er is geen waarnemer te vinden",
    ]
    for one in found:
        assert list(one) == KEYS
        assert one["category"] in lists().categories
        assert one["severity"] in lists().severities
        assert list(one["confidence"]) == list(PARTS)
        assert all(0 <= value <= 1 for value in one["confidence"].values())
        assert set(one["unsure"]) == {part for part in PARTS if one["confidence"][part] < 0.7}
    assert (found[0]["category"], found[0]["region"]) == ("thuiszorg", WEST)
    assert found[-1]["region"] is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("assistant")
def test_screen_one_text_in_words(tmp_path: Path) -> None:
    done = run(tmp_path, "screen", "al weken loopt het hier niet lekker in Heerlen")
    assert (done.returncode, done.stderr) == (0, "")
    category, region, severity, redacted = done.stdout.splitlines()
    assert category.startswith("category: ") and "to be asked" in category
    assert region.startswith(f"region: {EAST} (0.98")
    assert severity.startswith("severity: ")
    assert redacted == "redacted: al weken loopt het hier niet lekker in Heerlen"


@pytest.mark.usefixtures("assistant")
def test_screen_tells_what_is_personal(tmp_path: Path) -> None:
    (one,) = screened(tmp_path, "mw. de wit, BSN 999990019, wacht op Buurtzorg in Geleen")
    assert one["redacted"] == (
        "mw. [naam verwijderd], BSN [BSN verwijderd], wacht op Buurtzorg in Geleen"
    )
    assert one["found"] == [
        {"kind": "naam", "text": "de wit"},
        {"kind": "bsn", "text": "999990019"},
    ]


# in the report dialogue


def test_a_first_message_that_tells_everything(talk: Talk) -> None:
    told = f"{NO_HOME_CARE}, graag melden"
    seen = talk.says(told)
    assert "Dit heb ik al ingevuld: soort (Thuiszorg), regio (" in seen
    assert "omschrijving, al geprobeerd" in seen
    # what is left is asked; the severity only when the text leaves doubt of it
    answers = {"ernst": "hoog", "praktijk": "anoniem melden", "antwoord": "nee"}
    while talk.replies[-1].step in answers:
        seen = talk.says(answers.pop(talk.replies[-1].step))
    assert talk.replies[-1].step == "controle"
    for line in (
        "Soort: Thuiszorg",
        "Regio: Westelijke Mijnstreek",
        f"Omschrijving: {told}",
        "Al geprobeerd: al drie organisaties gebeld",
    ):
        assert line in seen


def test_a_place_outside_our_regions_is_filled_in_by_name(talk: Talk) -> None:
    seen = talk.says("knelpunt melden: in Venlo is al dagen geen thuiszorg te krijgen voor mensen")
    assert "Dit heb ik al ingevuld: soort (" in seen
    assert "), omschrijving" in seen


@pytest.mark.parametrize(
    "told",
    [
        "ik wil een knelpunt melden: in Heerlen loopt het de laatste tijd niet lekker",
        "ik wil een knelpunt melden: de samenwerking met de overkant in Geleen verloopt stroef",
    ],
)
def test_an_unsure_category_is_asked(talk: Talk, assistant: Assistant, told: str) -> None:
    assert "category" in assistant.read_report(told).unsure
    seen = talk.says(told)
    assert talk.replies[-1].step == "soort"
    assert "Waar gaat het knelpunt over?" in seen
    filled = seen.partition("Dit heb ik al ingevuld: ")[2]
    assert filled.startswith("regio (") and "omschrijving" in filled and "soort" not in filled


def test_a_story_is_not_asked_again_because_its_category_was_unsure(talk: Talk) -> None:
    talk.says("ik wil een knelpunt melden: in Heerlen loopt het de laatste tijd niet lekker")
    talk.says("iets anders")
    assert talk.replies[-1].step != "wat"


def test_a_request_without_a_story_fills_in_nothing(talk: Talk) -> None:
    assert "al ingevuld" not in talk.says("ik wil een knelpunt melden")
    assert talk.replies[-1].step == "soort"
