"""Reporting a bottleneck: given what a user typed or tapped, then what they saw."""

from pathlib import Path

import pytest

from bottlenecks.store import Database
from tests.conftest import Talk
from tests.reporting import STORY, file_report, step, until

BSN = "999990019"
PHONE = "0612345678"
POSSIBLE_DANGER = "Is er nu direct gevaar"


def test_report_by_buttons(talk: Talk) -> None:
    talk.says("ik wil een knelpunt melden")
    talk.taps("Thuiszorg")
    talk.taps("Westelijke Mijnstreek")
    talk.says(STORY)
    talk.taps("Nog niets")
    talk.taps("Hoog")
    talk.taps("Anoniem melden")
    summary = talk.taps("Nee, niet nodig")
    for line in (
        "Soort: Thuiszorg",
        "Regio: Westelijke Mijnstreek",
        f"Omschrijving: {STORY}",
        "Al geprobeerd: nog niets",
        "Ernst: Hoog",
        "Praktijk: anoniem",
        "Antwoord gewenst: nee",
        "Meditta",
    ):
        assert line in summary
    assert "KP-2026-0001" in talk.taps("Versturen")


def test_report_by_typed_words(talk: Talk) -> None:
    talk.says("ik wil een knelpunt melden")
    for words in ("het gaat over de apotheek", "Geleen", STORY, "nog niets", "heel hoog"):
        talk.says(words)
    assert step(talk) == "praktijk"
    talk.says("anoniem melden")
    summary = talk.says("ja graag")
    assert "Soort: Medicatie of apotheek" in summary
    assert "Regio: Westelijke Mijnstreek" in summary
    assert "Al geprobeerd: nog niets" in summary
    assert "Ernst: Hoog" in summary
    assert "Praktijk: anoniem" in summary
    assert "KP-2026-0001" in talk.says("ja, verstuur")


def test_report_by_numbers(talk: Talk) -> None:
    talk.says("ik wil een knelpunt melden")
    talk.says("3")
    talk.says("1")
    talk.says(STORY)
    talk.says("gebeld")
    talk.says("2")
    talk.says("overslaan")
    summary = talk.says("2")
    assert "Soort: GGZ" in summary
    assert "Regio: Utrecht" in summary
    assert "Ernst: Midden" in summary
    assert "Antwoord gewenst: nee" in summary
    assert "KP-2026-0001" in talk.says("1")


@pytest.mark.parametrize("current", ["soort", "regio", "ernst"])
def test_number_that_is_not_on_the_list_is_no_answer(talk: Talk, current: str) -> None:
    until(talk, current)
    talk.says("99")
    assert step(talk) == current


@pytest.mark.parametrize(
    ("button", "answer", "line"),
    [
        ("Soort aanpassen", "ggz", "Soort: GGZ"),
        ("Regio aanpassen", "Oostelijke Mijnstreek", "Regio: Oostelijke Mijnstreek"),
        ("Omschrijving aanpassen", "Iets heel anders", "Omschrijving: Iets heel anders"),
        ("Al geprobeerd aanpassen", "gemaild", "Al geprobeerd: gemaild"),
        ("Ernst aanpassen", "laag", "Ernst: Laag"),
        ("Praktijk aanpassen", "Praktijk De Eik", "Praktijk: Praktijk De Eik"),
        ("Antwoord gewenst aanpassen", "nee", "Antwoord gewenst: nee"),
    ],
)
def test_each_field_is_corrected_from_the_summary(
    talk: Talk, button: str, answer: str, line: str
) -> None:
    assert line not in until(talk, "controle")
    talk.taps(button)
    assert line in talk.says(answer)
    assert step(talk) == "controle"


@pytest.mark.parametrize("doubt", ["nee", "nee dit klopt niet", "nog niet versturen"])
def test_doubt_at_the_summary_sends_nothing(talk: Talk, database: Database, doubt: str) -> None:
    until(talk, "controle")
    assert "nog niets verstuurd" in talk.says(doubt)
    with database.work() as work:
        assert work.reports.count() == 0


def test_back_asks_the_earlier_step_again(talk: Talk) -> None:
    until(talk, "wat")
    talk.taps("Terug")
    assert step(talk) == "regio"
    talk.says("terug")
    assert step(talk) == "soort"


def test_back_from_a_correction_returns_to_the_summary(talk: Talk) -> None:
    until(talk, "controle")
    talk.taps("Ernst aanpassen")
    assert "Ernst: Midden" in talk.taps("Terug")


@pytest.mark.parametrize("way", ["typed", "tapped"])
def test_stop_sends_nothing(talk: Talk, database: Database, way: str) -> None:
    until(talk, "ernst")
    assert "niets verstuurd" in (talk.says("stop") if way == "typed" else talk.taps("Stoppen"))
    assert "harop" in talk.says("wat is een harop?").lower()
    with database.work() as work:
        assert work.reports.count() == 0


def test_late_button_of_an_earlier_step_changes_nothing(talk: Talk) -> None:
    until(talk, "soort")
    late = talk.replies[-1].choices[0].value
    talk.taps("GGZ")
    assert "eerdere stap" in talk.sends(late)
    assert step(talk) == "regio"


def test_button_of_a_report_already_sent_sends_nothing_again(
    talk: Talk, database: Database
) -> None:
    until(talk, "controle")
    send = talk.replies[-1].choices[0].value
    talk.sends(send)
    assert "werkt niet meer" in talk.sends(send)
    with database.work() as work:
        assert work.reports.count() == 1


def test_other_region_by_name(talk: Talk) -> None:
    until(talk, "regio")
    talk.says("Noord-Groningen")
    for words in (STORY, "niets", "laag", "nee"):
        talk.says(words)
    assert "Regio: Noord-Groningen" in talk.says("nee")


def test_unknown_region(talk: Talk) -> None:
    until(talk, "regio")
    talk.says("weet ik niet")
    for words in (STORY, "niets", "laag", "nee"):
        talk.says(words)
    assert "Regio: niet bekend" in talk.says("nee")


def test_practice_is_asked_once_and_remembered(talk: Talk) -> None:
    file_report(talk)
    talk.says("ik wil een knelpunt melden")
    for words in ("ggz", "Utrecht", STORY, "niets", "laag"):
        assert "Van welke praktijk" not in talk.says(words)
    assert "Praktijk: Praktijk De Linde" in talk.says("nee")


def test_anonymous_is_remembered_too(talk: Talk) -> None:
    until(talk, "praktijk")
    talk.taps("Anoniem melden")
    talk.says("nee")
    talk.taps("Versturen")
    assert "Praktijk: anoniem" in until(talk, "controle")


def test_personal_data_is_removed_and_nowhere_in_the_file(
    talk: Talk, database: Database, tmp_path: Path
) -> None:
    assert "Ik zag een BSN" in talk.says(f"ik wil een knelpunt melden, {BSN}")
    talk.says("ggz")
    talk.says("Utrecht")
    talk.says(f"Niemand neemt op, bel {PHONE} terug over het kenmerkwoord")
    talk.says("niets")
    talk.says("hoog")
    talk.says("anoniem")
    summary = talk.says("nee")
    assert "Ik heb dit uit je tekst gehaald: een telefoonnummer." in summary
    assert BSN not in summary and PHONE not in summary
    talk.taps("Versturen")
    raw = b"".join(
        path.read_bytes() for path in tmp_path.iterdir() if path.name.startswith("test.db")
    )
    assert b"kenmerkwoord" in raw, "this test looks in the wrong place"
    assert BSN.encode() not in raw
    assert PHONE.encode() not in raw


def test_question_in_between_returns_to_the_same_step(talk: Talk) -> None:
    until(talk, "ernst")
    seen = talk.says("wat is een harop?")
    assert "Terug naar waar je was" in seen
    assert talk.replies[0].topic == "harop/wat-is"
    assert step(talk) == "ernst"
    talk.says("hoog")
    assert step(talk) == "praktijk"


def test_answer_in_between_warns_that_it_holds_elsewhere(talk: Talk) -> None:
    until(talk, "ernst")
    seen = talk.says("mag ik in Geleen zelf thuiszorg rondbellen?")
    assert "andere regio (Utrecht)" in seen
    assert step(talk) == "ernst"


@pytest.mark.parametrize("current", ["regio", "geprobeerd", "controle"])
def test_danger_now_gives_112_first_and_then_the_same_step(talk: Talk, current: str) -> None:
    until(talk, current)
    talk.says("een patiënt is bewusteloos")
    assert talk.replies[0].text.startswith("Bel direct 112")
    assert step(talk) == current


def test_danger_at_the_description_gives_112_and_is_kept(talk: Talk) -> None:
    until(talk, "wat")
    talk.says("een patiënt is bewusteloos")
    assert talk.replies[0].text.startswith("Bel direct 112")
    assert step(talk) == "geprobeerd"


def test_past_emergency_in_a_report_gets_at_most_one_line(talk: Talk) -> None:
    until(talk, "wat")
    story = "patiënt kreeg vorige week een hartstilstand en de ambulance kwam te laat"
    seen = talk.says(story)
    assert seen.count("112") == seen.count(POSSIBLE_DANGER) <= 1
    assert step(talk) == "geprobeerd"
    for words in ("niets", "hoog", "anoniem"):
        assert "112" not in talk.says(words)
    summary = talk.says("nee")
    assert f"Omschrijving: {story}" in summary
    assert "112" not in summary
