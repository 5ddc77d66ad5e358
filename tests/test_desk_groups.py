"""Groups at the desk: found, begun by people, and given a title, an owner and notes."""

import pytest

from bottlenecks.roles import EVERYWHERE
from bottlenecks.store import Database
from dialogues.assistant import Assistant
from tests.desk import Browser
from tests.desk_officers import at_the_desk, colleague, path
from tests.groups_at_the_desk import ANSWER, LIST, PAGE, five_in_group, number_of
from tests.groups_of_reports import NO_HOME_CARE, TITLE, group, report, reports


@pytest.fixture
def desk(database: Database, assistant: Assistant) -> Browser:
    return at_the_desk(database, assistant)


@pytest.fixture
def five(database: Database) -> list[str]:
    return five_in_group(database)


# the list


def test_the_list_begins_with_the_largest_group(
    desk: Browser, database: Database, five: list[str]
) -> None:
    one = report(database, "De apotheek heeft geen morfine", category="medicatie-apotheek")
    group(database, [one], "Morfine is op")
    desk.opens(LIST)
    assert desk.sees(f"1 · {TITLE}") and desk.sees("2 · Morfine is op")
    assert desk.text.index(TITLE) < desk.text.index("Morfine is op")
    assert desk.sees("2 groepen, pagina 1 van 1")


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("zoek=thuiszorg+Utrecht", True),
        ("zoek=overvecht", True),
        ("zoek=bestaatniet", False),
        ("soort=thuiszorg", True),
        ("soort=ggz", False),
        ("regio=utrecht", True),
        ("regio=westelijke-mijnstreek", False),
        ("regio=bestaatniet&pagina=9999999999", True),
        ("status=alle", True),
    ],
)
def test_groups_are_found(desk: Browser, five: list[str], query: str, is_found: bool) -> None:
    desk.opens(f"{LIST}?{query}")
    assert desk.page.status_code == 200
    if "pagina" not in query:
        assert desk.sees(TITLE) is is_found


def test_a_closed_group_is_under_all(desk: Browser, five: list[str]) -> None:
    desk.opens(PAGE)
    desk.sends(ANSWER, {"status": "opgelost"})
    desk.sends(ANSWER)
    desk.opens(LIST)
    assert not desk.sees(TITLE) and desk.sees("Geen groepen gevonden")
    desk.opens(f"{LIST}?status=alle")
    assert desk.sees(TITLE)


@pytest.mark.parametrize("number", ["99", "0", "99999999999999999999", "abc", "-1", "1.5"])
def test_a_group_that_is_not_there(desk: Browser, five: list[str], number: str) -> None:
    desk.opens(f"{LIST}/{number}")
    assert desk.page.status_code == 404


# beginning a group


def test_a_group_begins_in_the_list_of_reports(desk: Browser, database: Database) -> None:
    first, second, third, *_ = reports(database)
    desk.opens("/beheer/meldingen")
    desk.sends("/beheer/meldingen?", {"melding": [first, second, third], "groep": "ja"})
    assert desk.sees("Gaan deze over hetzelfde?")
    assert desk.sees(NO_HOME_CARE[0]) and desk.sees(NO_HOME_CARE[2])
    desk.sends(f"{LIST}/nieuw", {"titel": TITLE, "melding": [first, second]})
    assert desk.path == PAGE and desk.sees("Groep 1 is gemaakt.")
    assert desk.sees("2 meldingen")
    assert number_of(database, second) == 1 and number_of(database, third) is None


def test_what_is_in_a_group_already_is_said_and_cannot_be_taken(
    desk: Browser, database: Database, five: list[str]
) -> None:
    loose = report(database, NO_HOME_CARE[0], "u9")
    desk.opens(f"{LIST}/nieuw?melding={loose}&melding={five[0]}")
    assert desk.sees("Hoort al bij")
    desk.sends(f"{LIST}/nieuw", {"titel": "Anders", "melding": [loose, five[0]]})
    assert desk.page.status_code == 422
    assert desk.sees(f"{five[0]} hoort al bij groep 1.")
    assert 'value="Anders"' in desk.page.text, "what was typed is still there"
    assert number_of(database, loose) is None, "nothing was half done"


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"titel": ""}, "Geef de groep een titel."),
        ({"titel": "x" * 121}, "Neem hoogstens 120 tekens."),
        ({"titel": "Goed", "melding": None}, "Vink minstens één melding aan."),
        ({"titel": "Goed", "melding": ["KP-2026-9999"]}, "Melding KP-2026-9999 is er niet"),
    ],
)
def test_a_new_group_that_is_not_right_is_filled_in_again(
    desk: Browser, database: Database, fields: dict[str, str], problem: str
) -> None:
    loose = report(database, NO_HOME_CARE[0])
    desk.opens(f"{LIST}/nieuw?melding={loose}")
    desk.sends(f"{LIST}/nieuw", fields)
    assert desk.page.status_code == 422 and desk.sees(problem)
    assert desk.sees(NO_HOME_CARE[0])


def test_personal_data_is_taken_out_of_a_title(desk: Browser, database: Database) -> None:
    loose = report(database, NO_HOME_CARE[0])
    desk.opens(f"{LIST}/nieuw?melding={loose}")
    desk.sends(f"{LIST}/nieuw", {"titel": "Patiënt met BSN 999900006"})
    assert "999900006" not in desk.page.text and desk.sees("Uit de titel is gehaald: BSN.")


def test_a_group_begins_from_a_report_with_the_suggested_ones_ticked(
    desk: Browser, database: Database
) -> None:
    first, *others = reports(database)
    desk.opens(path(first))
    assert desk.sees("Hoort bij") and desk.sees("Bekijk naast elkaar")
    desk.opens(f"{LIST}/bij/{first}")
    for text in NO_HOME_CARE:
        assert desk.sees(text), "enough is shown to judge"
    assert desk.sees("zelfde soort; zelfde regio; binnen een week")
    desk.sends(f"{LIST}/bij/{first}", {"titel": TITLE})
    assert desk.path == PAGE and desk.sees("5 meldingen")
    assert {number_of(database, one) for one in (first, *others)} == {1}


def test_a_closed_report_is_suggested_too(desk: Browser, database: Database) -> None:
    first, second, *_ = reports(database)
    desk.opens(path(second))
    desk.sends(f"/beheer/meldingen/{second}/antwoord?", {"status": "opgelost"})
    desk.opens(f"{LIST}/bij/{first}")
    assert desk.sees(f"{second} · Thuiszorg opgelost")


# title, owner, note


def test_title_owner_and_note(desk: Browser, database: Database, five: list[str]) -> None:
    desk.opens(PAGE)
    desk.sends(f"{PAGE}/titel", {"titel": "Thuiszorg zit vol"})
    assert desk.sees("Groep 1 · Thuiszorg zit vol")
    desk.sends(f"{PAGE}/eigenaar")
    assert desk.sees("De eigenaar van de groep en van alle meldingen erin is gewijzigd.")
    desk.sends(f"{PAGE}/notitie", {"notitie": "Navragen bij de organisaties"})
    assert desk.sees("Navragen bij de organisaties")
    for line in ("gaf een andere titel: Thuiszorg zit vol", "noteerde (alleen voor collega's)"):
        assert desk.sees(line)
    assert desk.sees("Melder voegde toe: " + ", ".join(five))


def test_an_owner_gets_all_reports(desk: Browser, database: Database, five: list[str]) -> None:
    colleague(desk, database, scope=EVERYWHERE)
    with database.reading() as work:
        bo = next(one for one in work.officers.handlers() if one.name == "Bo Peters")
    desk.opens(PAGE)
    desk.sends(f"{PAGE}/eigenaar", {"eigenaar": bo.id})
    desk.opens(f"/beheer/meldingen?eigenaar={bo.id}")
    assert all(desk.sees(reference) for reference in five)


@pytest.mark.parametrize(
    ("form", "fields", "problem"),
    [
        ("titel", {"titel": " "}, "Geef de groep een titel."),
        ("notitie", {"notitie": ""}, "Typ eerst een notitie."),
        ("antwoord", {"antwoord": "", "status": ""}, "Typ een antwoord of kies een status."),
        ("antwoord", {"status": "afgewezen"}, "Leg de melders uit waarom"),
        ("antwoord", {"antwoord": "x" * 4001}, "Neem hoogstens 4000 tekens."),
    ],
)
def test_a_form_that_is_not_right_is_filled_in_again(
    desk: Browser, five: list[str], form: str, fields: dict[str, str], problem: str
) -> None:
    desk.opens(PAGE)
    desk.sends(f"{PAGE}/{form}", fields)
    assert desk.page.status_code == 422 and desk.sees(problem)
