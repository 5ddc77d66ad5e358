"""The desk: what people ask, counted by topic and week, and the topic of each report."""

import pytest

from bottlenecks.store import Database
from bottlenecks.store.questions import UNUSED
from dialogues.assistant import Assistant
from tests.conftest import Clock, Talk
from tests.desk import Browser, forms
from tests.desk_officers import at_the_desk, form, path
from tests.desk_questions import ASKED, HAROP, HOME_CARE, LABELS, WRONG, about
from tests.desk_reports import file_report
from tests.test_learning_store import draft, keep


@pytest.fixture
def desk(database: Database, assistant: Assistant) -> Browser:
    return at_the_desk(database, assistant)


def row(desk: Browser, name: str) -> list[str]:
    """The cells of a topic in the table."""
    after = desk.text.split(f" {name} ", 1)[1]
    return after.split()[:17]


# topics per week


def test_what_is_asked_stands_in_its_week(
    talk: Talk, database: Database, assistant: Assistant, clock: Clock
) -> None:
    talk.says(HAROP)
    clock.forward(7 * 86_400)
    talk.says(HAROP)
    talk.says(HAROP)
    desk = at_the_desk(database, assistant)
    desk.opens(ASKED)
    assert desk.sees("per week vanaf 22 dec") and desk.sees("2 mrt 9 mrt")
    cells = row(desk, "Wat is een harop?")
    assert cells[:13] == ["3", *["0"] * 10, "1", "2"]


def test_most_asked_comes_first_and_can_be_searched(desk: Browser, talk: Talk) -> None:
    talk.says("hoe vind ik thuiszorg?")
    talk.says(HAROP)
    talk.says(HAROP)
    desk.opens(ASKED)
    assert desk.text.index("Wat is een harop?") < desk.text.index("Hoe vind ik thuiszorg?")
    desk.opens(f"{ASKED}?zoek=THUIS")
    assert desk.sees("Hoe vind ik thuiszorg?") and not desk.sees("Wat is een harop?")
    desk.opens(f"{ASKED}?zoek=zorgcoordinatie")
    assert desk.sees("Geen onderwerp gevonden")


def test_what_was_unclear_wrong_or_reported_stands_beside_it(
    desk: Browser, talk: Talk, database: Database
) -> None:
    talk.says("thuiszorg")
    talk.taps("Hoe vind ik thuiszorg?")
    talk.says("dit antwoord klopt niet")
    about(database, file_report(database), HOME_CARE)
    desk.opens(ASKED)
    # this week; clarified, declined, wrong, reports
    assert row(desk, "Hoe vind ik thuiszorg?")[12:] == ["1", "1", "0", "1", "1"]


def test_a_topic_that_is_only_reported_is_there_too(desk: Browser, database: Database) -> None:
    about(database, file_report(database), HOME_CARE)
    desk.opens(ASKED)
    assert row(desk, "Hoe vind ik thuiszorg?")[12:] == ["0", "0", "0", "0", "1"]


def test_nothing_asked_is_said(desk: Browser) -> None:
    desk.opens(ASKED)
    assert desk.sees("Nog geen vragen")


# topics of reports


def test_a_report_shows_its_topic_and_an_officer_changes_it(
    desk: Browser, talk: Talk, database: Database
) -> None:
    talk.says("wat is het telefoonnummer van de meldkamer")
    talk.taps("Deze vraag melden")
    for answer in ("iets anders", "Utrecht", "nog niets", "laag", "anoniem", "nee"):
        talk.says(answer)
    talk.taps("Versturen")
    name = talk.replies[-1].reference or ""
    desk.opens(path(name))
    assert desk.sees("Onderwerp Waar stel ik vragen over het noodplan?")
    desk.sends(form(name, "onderwerp"), {"onderwerp": "harop/wat-is"})
    assert desk.sees("Het onderwerp is aangepast.")
    assert desk.sees("Ada Jansen koos het onderwerp: Wat is een harop?")
    desk.sends(form(name, "onderwerp"))
    assert desk.sees("Er is niets veranderd.")
    desk.sends(form(name, "onderwerp"), {"onderwerp": ""})
    assert desk.sees("Onderwerp geen")
    assert desk.sees("Ada Jansen haalde het onderwerp weg: Wat is een harop?")


def test_a_topic_that_is_gone_stays_until_it_is_changed(desk: Browser, database: Database) -> None:
    name = file_report(database)
    about(database, name, "noodplan/opgeheven")
    desk.opens(path(name))
    assert desk.sees("Onderwerp noodplan/opgeheven")
    assert forms(desk.page)[form(name, "onderwerp")]["onderwerp"] == "noodplan/opgeheven"


def test_a_topic_that_does_not_exist_is_refused(desk: Browser, database: Database) -> None:
    name = file_report(database)
    desk.opens(path(name))
    desk.sends(form(name, "onderwerp"), {"onderwerp": "verzonnen"})
    assert desk.page.status_code == 422


def test_the_list_shows_the_reports_of_a_topic(desk: Browser, database: Database) -> None:
    mine, other = file_report(database, "Over thuiszorg"), file_report(database, "Over iets anders")
    about(database, mine, HOME_CARE)
    desk.opens(f"/beheer/meldingen?onderwerp={HOME_CARE}")
    assert desk.sees(mine) and not desk.sees(other)
    assert desk.sees("Onderwerp: Hoe vind ik thuiszorg?")
    # a search keeps it
    assert forms(desk.page)["/beheer/meldingen"]["onderwerp"] == HOME_CARE


def test_what_was_done_is_in_the_log(desk: Browser, talk: Talk, database: Database) -> None:
    [one] = keep(database, draft("regie?"))
    desk.opens(LABELS)
    desk.sends(LABELS, {f"keuze-{one}": UNUSED})
    talk.says(HAROP)
    talk.says("dit antwoord klopt niet")
    desk.opens(WRONG)
    desk.sends(WRONG)
    name = file_report(database)
    desk.opens(path(name))
    desk.sends(form(name, "onderwerp"), {"onderwerp": HOME_CARE})
    desk.opens("/beheer/logboek")
    assert desk.sees("Vragen ingedeeld")
    assert desk.sees("Opmerking over een antwoord afgehandeld")
    assert desk.sees("Onderwerp van een melding gekozen")
    assert not desk.sees("regie?")
