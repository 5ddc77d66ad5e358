"""Reports from what someone types: the question that is kept, a step that fails, a complaint."""

import pytest

from bottlenecks.store import Database
from tests.conftest import Talk
from tests.reports_from_the_chat import (
    FAILS,
    FOREIGN,
    HAROP,
    NEARLY,
    PRACTICE_SHUT,
    REPORT_IT,
    filed,
    finish,
    labels,
    remarks,
)

REASON = "kan niet, wij hebben geen mail adressen van patienten"
ASKED = "Vraag waar de assistent geen antwoord op had"
SECOND_REPORT = "al met een melding bezig"


def at_a_task(talk: Talk) -> None:
    talk.says(PRACTICE_SHUT)
    talk.taps("Stap voor stap")


def at_home_care(talk: Talk) -> None:
    talk.says("hoe vind ik thuiszorg in Utrecht?")
    talk.taps("Stap voor stap")


# which question is kept


@pytest.mark.parametrize("bare", ["nee", "ja", "versturen", "geen van deze", "Mientje"])
def test_the_question_stays_the_question(talk: Talk, database: Database, bare: str) -> None:
    talk.says(FOREIGN)
    talk.says(bare)
    talk.taps(REPORT_IT)
    finish(talk)
    assert filed(talk, database).description == f'{ASKED}: "{FOREIGN}"'


def test_a_next_question_takes_its_place(talk: Talk, database: Database) -> None:
    talk.says(FOREIGN)
    talk.says("hoe bak ik een appeltaart?")
    talk.taps(REPORT_IT)
    finish(talk)
    assert "appeltaart" in filed(talk, database).description


def test_a_bare_no_is_no_question(talk: Talk) -> None:
    talk.says(FOREIGN)
    talk.says(HAROP)
    talk.says("nee")
    assert REPORT_IT not in labels(talk)


@pytest.mark.parametrize("typed", ["geen van deze", "Geen van deze.", "nee", "geen van die"])
def test_typed_none_of_these_points_to_nothing(talk: Talk, database: Database, typed: str) -> None:
    talk.says("bellen met de regio")
    assert labels(talk)[-1] == "Geen van deze"
    talk.says(typed)
    talk.taps(REPORT_IT)
    assert "Onderwerp: " not in finish(talk)
    case = filed(talk, database)
    assert case.topic is None and '"bellen met de regio"' in case.description


@pytest.mark.parametrize("way", ["tap", "geen onderwerp", "haal het onderwerp weg"])
def test_the_topic_can_be_taken_off(talk: Talk, database: Database, way: str) -> None:
    talk.says(NEARLY)
    talk.taps(REPORT_IT)
    for answer in ("iets anders", "Utrecht", "nog niets", "laag", "anoniem", "nee"):
        talk.says(answer)
    assert "Onderwerp: " in talk.replies[-1].text
    seen = talk.taps("Onderwerp weghalen") if way == "tap" else talk.says(way)
    assert "Het onderwerp is weggehaald." in seen and "Onderwerp: " not in seen
    assert "Onderwerp weghalen" not in labels(talk)
    talk.taps("Versturen")
    assert filed(talk, database).topic is None


@pytest.mark.parametrize("typed", ["kan je dat melden?", "meld dat maar", "meld deze vraag"])
def test_that_can_be_reported_right_after_it(talk: Talk, database: Database, typed: str) -> None:
    talk.says(FOREIGN)
    assert "al ingevuld: omschrijving" in talk.says(typed)
    finish(talk)
    assert FOREIGN in filed(talk, database).description


def test_that_can_be_reported_in_between(talk: Talk, database: Database) -> None:
    at_a_task(talk)
    talk.says("wie wint de eredivisie dit jaar?")
    talk.says("kan je dat melden?")
    finish(talk)
    assert "eredivisie" in filed(talk, database).description


# a report in so many words


@pytest.mark.parametrize("lead", ["knelpunt:", "Melding: ", "meld:", "melden :"])
def test_a_text_behind_a_colon_is_the_report(talk: Talk, database: Database, lead: str) -> None:
    told = "De HAROP neemt niet op, bel 0612345678"
    talk.says(f"{lead} {told}")
    assert talk.replies[-1].flow == "knelpunt/melden"
    finish(talk)
    assert filed(talk, database).description.startswith("De HAROP neemt niet op")
    assert "0612345678" not in filed(talk, database).description


def test_a_short_report_behind_a_colon_while_steps_run(talk: Talk, database: Database) -> None:
    at_a_task(talk)
    talk.says("knelpunt: fax kapot")
    finish(talk)
    assert filed(talk, database).description == "fax kapot"


def test_danger_behind_a_colon_is_still_danger(talk: Talk) -> None:
    assert "112" in talk.says("melding: een patiënt is bewusteloos en ademt niet meer, help")


def test_the_number_of_a_report_behind_a_colon_is_no_new_report(talk: Talk) -> None:
    talk.says("melding: KP-2026-0001")
    assert talk.replies[-1].step is None


# a step that cannot be done


def test_why_a_task_fails_comes_along(talk: Talk, database: Database) -> None:
    at_a_task(talk)
    step = talk.replies[-1].step
    assert "Dat kun je melden" in talk.says(REASON)
    assert labels(talk)[0] == FAILS and labels(talk).count(FAILS) == 1
    assert REPORT_IT not in labels(talk)
    assert talk.replies[-1].step == step
    talk.taps(FAILS)
    finish(talk)
    case = filed(talk, database)
    assert case.description == (
        'Bij "Checklist: een praktijk valt weg" lukt dit niet: Patiënten informeren. '
        "Kan niet, wij hebben geen mail adressen van patienten"
    )
    talk.says("verder met de checklist")
    assert talk.replies[-1].step == step


@pytest.mark.parametrize(
    "typed", ["lukt niet", "dat lukt niet", "gaat niet", "deze stap lukt niet", "onmogelijk"]
)
def test_that_a_task_fails_without_a_reason(talk: Talk, database: Database, typed: str) -> None:
    at_a_task(talk)
    assert "Dat kun je melden" in talk.says(typed)
    talk.taps(FAILS)
    finish(talk)
    assert filed(talk, database).description.endswith("lukt dit niet: Patiënten informeren.")


def test_a_reason_is_of_its_own_step(talk: Talk, database: Database) -> None:
    at_a_task(talk)
    talk.says(REASON)
    talk.says("gedaan")
    talk.taps(FAILS)
    finish(talk)
    assert "mail adressen" not in filed(talk, database).description


def test_a_reason_is_screened(talk: Talk, database: Database) -> None:
    at_a_task(talk)
    talk.says("lukt niet, want bsn 999990019 staat er niet in")
    talk.says("lukt niet meld maar")
    assert "BSN" in finish(talk)
    assert "999990019" not in filed(talk, database).description


@pytest.mark.parametrize("typed", ["lukt nu niet, doe ik morgen", "niet nodig", "nog niet"])
def test_another_answer_to_a_task_stays_that(talk: Talk, typed: str) -> None:
    at_a_task(talk)
    assert "Dat kun je melden" not in talk.says(typed)


# home care


def test_the_first_steps_of_home_care_can_fail(talk: Talk, database: Database) -> None:
    at_home_care(talk)
    assert FAILS in labels(talk)
    talk.says("Thuiszorg Voorbeeld")
    assert FAILS in labels(talk)
    talk.taps("Nee, geen plek")
    assert FAILS in labels(talk)
    talk.says("lukt niet meld maar")
    finish(talk)
    case = filed(talk, database)
    assert case.description.startswith("Thuiszorg zoeken lukt niet (bij de stap ")
    assert case.tried is not None and "Thuiszorg Voorbeeld" in case.tried


@pytest.mark.parametrize(
    "typed", ["iedereen zegt vol te zitten", "alles zit vol", "niemand heeft plek"]
)
def test_no_place_anywhere_is_no_name(talk: Talk, database: Database, typed: str) -> None:
    at_home_care(talk)
    assert "Dat kun je melden" in talk.says(typed)
    assert talk.replies[-1].step == "eerste"
    talk.taps(FAILS)
    finish(talk)
    case = filed(talk, database)
    assert typed[1:] in case.description
    assert case.category == "thuiszorg"


# inside a report


def test_no_second_report_inside_a_report(talk: Talk) -> None:
    talk.says("ik wil een knelpunt melden")
    for nonsense in ("blorf", "krwzzl", "pfffrt"):
        talk.says(nonsense)
    assert FAILS not in labels(talk)
    assert {"Iemand spreken", "Stoppen"} <= set(labels(talk))
    assert SECOND_REPORT in talk.says("dit lukt niet: melden")
    assert talk.replies[-1].step == "soort"


# a complaint


def test_a_complaint_about_no_answer_asks_which(talk: Talk, database: Database) -> None:
    talk.says(HAROP)
    talk.says(FOREIGN)
    for _ in range(2):
        assert "Welk antwoord klopt niet?" in talk.says("dit klopt niet")
        assert {"Wat is een harop?", REPORT_IT} <= set(labels(talk))
    assert remarks(database) == []


@pytest.mark.parametrize("before", ["bellen met de regio", "hallo"])
def test_a_question_of_ours_is_no_answer(talk: Talk, database: Database, before: str) -> None:
    talk.says(before)
    assert "Welk antwoord klopt niet?" in talk.says("dit klopt niet")
    assert remarks(database) == []


def test_the_same_complaint_is_kept_once(talk: Talk, database: Database) -> None:
    talk.says(HAROP)
    talk.says("dit klopt niet")
    assert "al bewaard" in talk.says("Dit klopt niet!")
    assert remarks(database) == [("harop/wat-is", "dit klopt niet")]
    talk.says(HAROP)
    talk.says("dit klopt niet")
    assert len(remarks(database)) == 2


def test_a_complaint_can_be_reported_in_words(talk: Talk, database: Database) -> None:
    talk.says(HAROP)
    talk.says("dit klopt niet")
    assert labels(talk) == ["Dit melden"]
    talk.says("Dit melden")
    finish(talk)
    case = filed(talk, database)
    assert case.topic == "harop/wat-is" and HAROP in case.description
