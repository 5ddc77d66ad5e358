"""Groups at the desk: who may see and change them, and what is kept of it."""

import pytest

from bottlenecks.roles import EVERYWHERE, Role
from bottlenecks.store import Database
from dialogues.assistant import Assistant
from tests.desk import Browser, forms
from tests.desk_officers import MINES, UTRECHT, at_the_desk, colleague, path
from tests.groups_at_the_desk import ANSWER, LIST, PAGE, five_in_group, number_of
from tests.groups_of_reports import NO_HOME_CARE, TITLE, group, report


@pytest.fixture
def desk(database: Database, assistant: Assistant) -> Browser:
    return at_the_desk(database, assistant)


@pytest.fixture
def five(database: Database) -> list[str]:
    return five_in_group(database)


def test_a_reader_sees_and_changes_nothing(
    desk: Browser, database: Database, five: list[str]
) -> None:
    other = colleague(desk, database, Role.READER)
    for address in (PAGE, f"{PAGE}/meer", f"{LIST}/bij/{five[0]}", path(five[0])):
        other.opens(address)
        assert other.page.status_code == 200
        assert not other.sees("Hoort er niet bij") and not other.sees("Hoort erbij")
    token = {"csrf_token": "x", "melding": five[0], "titel": "x"}
    for action in ("antwoord", "titel", "eigenaar", "notitie", "erbij", "eraf", "niet"):
        assert other.client.post(f"{PAGE}/{action}", data=token).status_code == 403
    assert other.client.post(f"{LIST}/nieuw", data=token).status_code == 403
    assert other.client.post(f"{LIST}/bij/{five[0]}", data=token).status_code == 403
    assert other.client.get(f"{LIST}/nieuw").status_code == 403


def test_a_form_of_another_site_is_refused(
    desk: Browser, database: Database, five: list[str]
) -> None:
    desk.opens(PAGE)
    fields = {"csrf_token": "x", "melding": five[0], "notitie": "x", "titel": "x", "version": "1"}
    for action in ("antwoord", "titel", "eigenaar", "notitie", "erbij", "eraf", "niet"):
        answered = desk.client.post(f"{PAGE}/{action}", data=fields, follow_redirects=True)
        assert "Deze pagina stond te lang open" in answered.text, action
    assert number_of(database, five[0]) == 1
    with database.reading() as work:
        view = work.groups.get(1, EVERYWHERE)
    assert view is not None and not [one for one in view.events if one.kind == "note"]


def test_a_group_of_another_region_is_not_there(
    desk: Browser, database: Database, five: list[str]
) -> None:
    other = colleague(desk, database, scope=MINES)
    other.opens(LIST)
    assert not other.sees(TITLE)
    for address in (PAGE, f"{PAGE}/meer", f"{LIST}/bij/{five[0]}"):
        assert other.client.get(address).status_code == 404
    own = report(database, "Geen thuiszorg in Geleen", "u9", region="westelijke-mijnstreek")
    other.opens(f"{LIST}/nieuw?melding={five[0]}&melding={own}")
    assert not other.sees(NO_HOME_CARE[0])
    other.sends(f"{LIST}/nieuw", {"titel": "x", "melding": [own, five[0]]})
    assert other.sees(f"Melding {five[0]} is er niet, of je mag die niet zien.")


def test_a_group_of_several_regions_is_changed_by_who_sees_them_all(
    desk: Browser, database: Database
) -> None:
    here = report(database, NO_HOME_CARE[0], "p1")
    there = report(database, "Geheim verhaal uit Geleen", "p2", region="westelijke-mijnstreek")
    group(database, [here, there])
    other = colleague(desk, database, scope=UTRECHT)
    other.opens(PAGE)
    assert other.sees("hoort ook 1 melding van andere regio's")
    assert not other.sees("Geheim verhaal") and there not in other.page.text
    assert "1 melding van een andere regio" in other.text
    assert not other.sees("Antwoord en status voor iedereen")
    other.sends(f"{PAGE}/notitie", {"notitie": "Ook bij ons"})
    assert other.sees("Notitie bewaard.")
    desk.opens(PAGE)
    token = {"csrf_token": _token(other), "version": "99", "antwoord": "Mijn tekst"}
    for confirmed in ({}, {"bevestigd": "ja"}):
        again = other.client.post(ANSWER, data={**token, **confirmed})
        assert again.status_code == 422 and "van andere regio" in again.text
        assert "Mijn tekst" in again.text, "what was typed is still there"
    refused = other.client.post(f"{PAGE}/titel", data={**token, "titel": "Mijn titel"})
    assert refused.status_code == 422
    desk.opens(PAGE)
    assert desk.sees(TITLE) and desk.sees("Geheim verhaal")


def test_all_that_was_done_is_in_the_log(
    desk: Browser, database: Database, five: list[str]
) -> None:
    desk.opens(PAGE)
    desk.sends(f"{PAGE}/notitie", {"notitie": "Navragen"})
    desk.sends(f"{PAGE}/eraf", {"melding": five[0]})
    desk.sends(f"{PAGE}/erbij", {"melding": five[0]})
    desk.sends(ANSWER, {"antwoord": "We zoeken het uit."})
    desk.sends(ANSWER)
    desk.opens("/beheer/logboek")
    for line in (
        "Groep gelezen groep 1",
        "Notitie bij een groep groep 1",
        f"Melding weggehaald uit een groep {five[0]}",
        f"Melding toegevoegd aan een groep {five[0]}",
        "Groep behandeld groep 1",
    ):
        assert desk.sees(line), line
    assert f'href="{PAGE}"' in desk.page.text
    assert not desk.sees("We zoeken het uit."), "no texts in the log"


def _token(browser: Browser) -> str:
    return str(forms(browser.page)["/beheer/uitloggen"]["csrf_token"])
