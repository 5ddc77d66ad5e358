"""What is, and what is not, an answer at a step of a report."""

import pytest

from bottlenecks.store import Database
from tests.conftest import Talk
from tests.report_summary import described
from tests.reporting import file_report, step, until
from tests.reports_from_the_chat import answer_all, filed, labels

STAFF = "Praktijk De Linde"


def remembered(talk: Talk, database: Database) -> None:
    """The practice of an invitation is known before the first report."""
    talk.says("hallo")
    with database.work() as work:
        account = work.accounts.find_or_create("test", talk.user, talk.user)
        work.accounts.remember_practice(account.person_id, STAFF)


@pytest.mark.parametrize(
    "typed",
    ["anoniem graag", "Anoniem.", "liever anoniem", "zonder mijn naam", "zonder praktijk", "tap"],
)
def test_a_practice_that_was_filled_in_can_be_left_out(
    talk: Talk, database: Database, typed: str
) -> None:
    remembered(talk, database)
    opening = talk.says("ik wil een knelpunt melden")
    assert 'Praktijk De Linde, of typ "anoniem"' in opening
    for answer in ("thuiszorg", "Utrecht", "niemand belt terug en het duurt al weken"):
        talk.says(answer)
    summary = answer_all(talk)
    assert f'Praktijk: {STAFF}. Liever niet? Typ "anoniem".' in summary
    said = talk.taps("Anoniem melden") if typed == "tap" else talk.says(typed)
    assert "je meldt anoniem" in said and "Praktijk: anoniem" in said and STAFF not in said
    assert "Anoniem melden" not in labels(talk)
    talk.taps("Versturen")
    assert filed(talk, database).practice is None


@pytest.mark.parametrize("typed", ["anoniem", "zonder mijn naam", "liever zonder praktijk"])
def test_anonymous_at_the_step_of_the_practice(talk: Talk, typed: str) -> None:
    until(talk, "praktijk")
    talk.says(typed)
    assert step(talk) == "antwoord"
    assert "Praktijk: anoniem" in answer_all(talk)


def test_anonymous_before_it_is_asked(talk: Talk) -> None:
    until(talk, "regio")
    assert "je meldt anoniem" in talk.says("ik wil anoniem melden")
    assert step(talk) == "regio"


@pytest.mark.parametrize("at", ["wat", "geprobeerd", "praktijk"])
def test_help_is_no_answer(talk: Talk, at: str) -> None:
    until(talk, at)
    assert "knelpunt" in talk.says("help")
    assert step(talk) == at


@pytest.mark.parametrize("at", ["regio", "wat", "geprobeerd", "praktijk"])
def test_an_answer_of_another_step_is_asked_again(talk: Talk, at: str) -> None:
    until(talk, at)
    talk.says("laag")
    assert step(talk) == at


def test_a_text_of_a_few_words_still_is_an_answer(talk: Talk) -> None:
    until(talk, "wat")
    talk.says("geen plek thuiszorg")
    assert step(talk) == "geprobeerd"
    talk.says("thuiszorg gebeld")
    assert step(talk) == "ernst"


@pytest.mark.parametrize("told", ["112 nam niet op", "112 neemt niet op bij ons"])
def test_a_short_story_of_danger_is_kept(talk: Talk, told: str) -> None:
    until(talk, "wat")
    said = talk.says(told)
    assert "112" in said and step(talk) == "geprobeerd"
    answer_all(talk)
    assert described(talk) == told


def test_danger_is_no_attempt(talk: Talk) -> None:
    until(talk, "geprobeerd")
    said = talk.says("mijn patiënt krijgt nu geen lucht meer en is bewusteloos")
    assert "112" in said and step(talk) == "geprobeerd"
    assert "bewusteloos" not in answer_all(talk)


@pytest.mark.parametrize(
    "typed", ["stuur maar op", "verstuur maar", "ja, stuur maar", "verstuur het maar", "opsturen"]
)
def test_more_words_send(talk: Talk, typed: str) -> None:
    until(talk, "controle")
    talk.says(typed)
    assert talk.replies[0].reference


@pytest.mark.parametrize("typed", ["stuur maar niet", "verstuur nog niet", "verstuur later"])
def test_other_words_do_not_send(talk: Talk, typed: str) -> None:
    until(talk, "controle")
    talk.says(typed)
    assert not any(reply.reference for reply in talk.replies)


def test_an_addition_stays_at_its_step(talk: Talk) -> None:
    reference = file_report(talk)
    talk.says("iets toevoegen")
    assert step(talk) == "tekst"
    assert f"{reference} (" in talk.says("wat is de status van mijn melding?")
    assert step(talk) == "tekst"
    talk.says("dit klopt niet")
    assert step(talk) == "tekst"
    talk.says("vandaag weer geen plek gevonden")
    assert step(talk) == "controle"
    assert f"{reference} (" in talk.says("wat is de status van mijn melding?")
    assert step(talk) == "controle"
    said = talk.says("dit klopt niet")
    assert step(talk) == "controle" and "Tekst" in labels(talk) and "niet begrepen" not in said
    talk.says("terug")
    talk.says("stuur maar op")
    assert "toegevoegd" in talk.replies[0].text


def test_the_first_word_of_a_report_is_not_its_text(talk: Talk) -> None:
    until(talk, "wat")
    talk.says("knelpunt: de apotheek is elke middag dicht")
    assert step(talk) == "geprobeerd"
    answer_all(talk)
    assert described(talk) == "de apotheek is elke middag dicht"


def test_another_report_is_no_practice(talk: Talk) -> None:
    until(talk, "praktijk")
    assert "nieuwe melding" in talk.says("knelpunt: de apotheek is elke middag dicht")
    assert step(talk) == "praktijk"


def test_of_a_long_text_is_said_how_much_is_in_the_report(talk: Talk) -> None:
    until(talk, "wat")
    said = talk.says("de thuiszorg heeft geen plek " * 200)
    assert "de eerste 4.000 tekens staan in je melding" in said and "je vraag" not in said
