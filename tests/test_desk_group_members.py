"""What belongs to a group: suggested, added, refused and taken out at the desk."""

import pytest

from bottlenecks.store import Database
from dialogues.assistant import Assistant
from tests.desk import Browser, forms
from tests.desk_officers import at_the_desk, path
from tests.groups_at_the_desk import ANSWER, LIST, PAGE, five_in_group, number_of
from tests.groups_of_reports import NO_HOME_CARE, TITLE, group, report, reports, texts, told


@pytest.fixture
def desk(database: Database, assistant: Assistant) -> Browser:
    return at_the_desk(database, assistant)


@pytest.fixture
def five(database: Database) -> list[str]:
    return five_in_group(database)


def test_a_suggestion_is_accepted(desk: Browser, database: Database, five: list[str]) -> None:
    loose = report(database, "We kunnen geen thuiszorg vinden in Utrecht, vol", "u9")
    desk.opens(path(loose))
    assert desk.sees(f"Groep 1 · {TITLE}")
    desk.opens(f"{LIST}/bij/{loose}")
    desk.sends(f"{PAGE}/erbij")
    assert desk.path == path(loose) and desk.sees(f"{loose} hoort nu bij groep 1.")
    assert desk.sees("voegde dit toe aan groep 1")
    assert desk.sees("Deze melding hoort bij een groep van 6.")


def test_what_is_less_sure_is_folded_away_and_not_ticked(desk: Browser, database: Database) -> None:
    [first, second] = reports(database)[:2]
    group(database, [report(database, NO_HOME_CARE[2], "u7")])
    weak = report(database, "Geen plek te vinden, alles vol", "u8", category="ggz", region=None)
    desk.opens(path(first))
    page = desk.page.text
    assert f'<a href="{PAGE}">Groep 1' in page
    assert f'<a href="/beheer/meldingen/{second}">{second}</a>' in page
    desk.opens(f"{LIST}/bij/{first}")
    sure, folded = desk.page.text.split("<summary>Minder zeker</summary>")
    assert second in sure and weak not in sure and weak in folded
    ticked = forms(desk.page)[f"{LIST}/bij/{first}"]["melding"]
    assert second in ticked and weak not in ticked
    desk.opens(f"{PAGE}/meer")
    sure, folded = desk.page.text.split("<summary>Minder zeker")
    assert first in sure and second in sure and weak not in sure and weak in folded


def test_a_suggestion_is_refused_and_not_made_again(
    desk: Browser, database: Database, five: list[str]
) -> None:
    loose = report(database, "We kunnen geen thuiszorg vinden in Utrecht, vol", "u9")
    desk.opens(f"{LIST}/bij/{loose}")
    desk.sends(f"{PAGE}/niet")
    assert desk.path == f"{LIST}/bij/{loose}"
    assert desk.sees("Dit wordt niet meer voorgesteld.")
    assert desk.sees("Er is geen groep die erop lijkt.")
    desk.opens(f"{PAGE}/meer")
    assert desk.sees("Niets gevonden")


def test_a_group_looks_for_more_reports(desk: Browser, database: Database, five: list[str]) -> None:
    loose = report(database, "We kunnen geen thuiszorg vinden in Utrecht, vol", "u9")
    report(database, "De printer is stuk", "u8", category="ict-his")
    desk.opens(f"{PAGE}/meer")
    assert desk.sees("We kunnen geen thuiszorg vinden") and desk.sees("Lijkt op, uit de groep")
    assert not desk.sees("De printer is stuk")
    desk.sends(f"{PAGE}/erbij")
    assert desk.path == f"{PAGE}/meer" and number_of(database, loose) == 1


def test_a_report_is_added_by_its_number(
    desk: Browser, database: Database, five: list[str]
) -> None:
    loose = report(database, "Iets heel anders", "u9")
    desk.opens(PAGE)
    desk.sends(f"{PAGE}/erbij", {"melding": f" {loose.lower()} "})
    assert desk.path == PAGE and desk.sees("6 meldingen")
    desk.sends(f"{PAGE}/erbij", {"melding": loose})
    assert desk.sees("hoort al bij deze groep")


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("", "Vul een meldingsnummer in."),
        ("zomaar", "Een meldingsnummer is zoals KP-2026-0001."),
        ("KP-2026-9999", "Melding KP-2026-9999 is er niet, of je mag die niet zien."),
    ],
)
def test_a_number_that_is_not_right(
    desk: Browser, five: list[str], typed: str, problem: str
) -> None:
    desk.opens(PAGE)
    desk.sends(f"{PAGE}/erbij", {"melding": typed})
    assert desk.page.status_code == 422 and desk.sees(problem)
    assert f'value="{typed.upper()}"' in desk.page.text


def test_a_report_of_another_group_stays_there(
    desk: Browser, database: Database, five: list[str]
) -> None:
    other = report(database, "Iets heel anders", "u9")
    assert group(database, [other], "Anders") == 2
    desk.opens(PAGE)
    desk.sends(f"{PAGE}/erbij", {"melding": other})
    assert desk.page.status_code == 422 and desk.sees(f"{other} hoort al bij groep 2.")


def test_a_report_is_taken_out(desk: Browser, database: Database, five: list[str]) -> None:
    desk.opens(PAGE)
    desk.sends(f"{PAGE}/eraf", {"melding": five[0]})
    assert desk.sees(f"{five[0]} hoort niet meer bij groep 1.") and desk.sees("4 meldingen")
    assert number_of(database, five[0]) is None
    for reference in five[1:]:
        desk.sends(f"{PAGE}/eraf", {"melding": reference})
    assert desk.path == LIST, "a group without reports is shown no more"


def test_who_joins_hears_of_a_new_status_once(
    desk: Browser, database: Database, five: list[str]
) -> None:
    loose = report(database, "We kunnen geen thuiszorg vinden in Utrecht, vol", "u9")
    desk.opens(PAGE)
    desk.sends(ANSWER, {"status": "in-behandeling"})
    desk.sends(ANSWER)
    desk.opens(PAGE)
    desk.sends(f"{PAGE}/erbij", {"melding": loose})
    assert desk.sees("Status: in behandeling. De melder krijgt daar bericht van.")
    assert texts(told(database)["u9"]).count("is bezig met je melding") == 1
    desk.opens(path(loose))
    assert desk.sees("gaf dit de status van groep 1: in behandeling") and desk.sees("bezorgd")
