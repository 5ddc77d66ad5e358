"""The page of figures: counts with links to their reports, pictures, and tipping points."""

import csv
import io
import re
from datetime import timedelta
from html import unescape

import pytest

from bottlenecks.roles import Role
from bottlenecks.signals import Condition
from bottlenecks.store import Database
from bottlenecks.store.signal_rules import RuleDraft
from bottlenecks.workflow import Status
from tests.conftest import Clock
from tests.desk import Browser, add_officer
from tests.desk_officers import UTRECHT
from tests.figures_page import PATH, at_the_figures, february, fill, inner, links
from tests.reports_to_count import answer_after, move_after, report_at
from tests.whole_site import sign_in


@pytest.fixture
def desk(database: Database) -> Browser:
    return at_the_figures(database)


def test_all_is_counted_with_practices_beside_it(desk: Browser, database: Database) -> None:
    fill(database)
    desk.opens(PATH)
    assert desk.page.status_code == 200
    assert desk.sees("Meldingen 12 In de 78 dagen ervoor: 0.")
    assert desk.sees("Verschillende praktijken 8")
    assert "Thuiszorg 9 8" in inner(desk.page.text, "soort-kop")
    assert "GGZ 3 3" in inner(desk.page.text, "soort-kop")
    assert "2 feb 7 7" in inner(desk.page.text, "week-kop")
    assert "16 feb 0 0" in inner(desk.page.text, "week-kop")
    regions = inner(desk.page.text, "regio-kop")
    assert "Utrecht 10 7" in regions and "andere regio of onbekend 1 1" in regions
    # the gravest first, whatever there is most of
    assert re.search(r"Hoog 7 7 Midden 4 3 Laag 1 1", inner(desk.page.text, "ernst-kop"))


def test_nothing_reported_is_told(desk: Browser) -> None:
    desk.opens(PATH)
    assert desk.page.status_code == 200
    assert desk.sees("Bij deze keuze hoort geen melding.") and "<img" not in desk.page.text
    assert desk.sees("Nog geen melding opgelost.")


def test_each_figure_leads_to_the_reports_that_it_counts(desk: Browser, database: Database) -> None:
    fill(database)
    solved = report_at(database, february(3), "0")
    move_after(database, solved, february(3), 5, Status.SOLVED)
    desk.opens(f"{PATH}?ernst=hoog&regio=utrecht")
    found = links(desk.page.text)
    # the total, a week, a kind, a region, a severity
    for words, number in (("7", 7), ("2 feb", 7), ("Thuiszorg", 7), ("Utrecht", 7), ("Hoog", 7)):
        desk.opens(found[words])
        assert desk.path == "/beheer/meldingen"
        assert desk.sees(f"{number} meldingen, pagina 1 van 1"), words
    desk.opens(PATH)
    desk.opens(links(desk.page.text)["1 melding opgelost"])
    assert desk.sees("1 melding, pagina 1 van 1") and desk.sees(solved)


def test_how_long_it_took(desk: Browser, database: Database) -> None:
    for hours in (0.5, 3, 60):
        reference = report_at(database, february(3), "A")
        answer_after(database, reference, february(3), hours)
    move_after(database, reference, february(3), 84, Status.SOLVED)
    desk.opens(PATH)
    assert desk.sees("Tot het eerste antwoord 3 uur De helft was zo snel.")
    assert desk.sees("Negen van de tien binnen 2,5 dagen. 3 meldingen met antwoord.")
    # the list has no such filter: a link would open others
    assert not any("met antwoord" in words for words in links(desk.page.text))
    assert desk.sees("Tot de oplossing 3,5 dagen")


def test_an_officer_sees_figures_of_their_regions_only(desk: Browser, database: Database) -> None:
    fill(database)
    officer = add_officer(database, "bo@rho.example", Role.HANDLER, UTRECHT, password=None)
    other = sign_in(desk.another(), database, officer)
    for query in ("", "?regio=westelijke-mijnstreek", "?regio=elders"):
        other.opens(f"{PATH}{query}")
        # what may not be chosen is ignored, as in the list of reports
        assert other.sees("Meldingen 10 In de"), query
        assert not other.sees("Westelijke Mijnstreek") and not other.sees("onbekend")
    found = list(csv.reader(io.StringIO(other.client.get(f"{PATH}/cijfers.csv").text)))
    assert "Mijnstreek" not in str(found)
    drawn = other.client.get(f"{PATH}/regio.svg").text
    assert "Utrecht" in drawn and "Mijnstreek" not in drawn


def test_pictures_show_the_numbers_of_the_tables(desk: Browser, database: Database) -> None:
    fill(database)
    desk.opens(f"{PATH}?soort=thuiszorg")
    addresses = re.findall(r'<img src="([^"]+)"', desk.page.text)
    assert len(addresses) == 4
    assert all("soort=thuiszorg" in address for address in addresses)
    answer = desk.client.get(unescape(addresses[0]))
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["content-security-policy"] == (
        "default-src 'none'; style-src 'unsafe-inline'"
    )
    assert '<text text-anchor="middle"' in answer.text and ">7</text>" in answer.text
    narrow = desk.client.get(unescape(addresses[0]) + "&smal=ja").text
    assert 'viewBox="0 0 340' in narrow and 'viewBox="0 0 680' in answer.text
    assert desk.client.get(f"{PATH}/onzin.svg").status_code == 404


@pytest.mark.parametrize("address", [PATH, f"{PATH}/week.svg", f"{PATH}/cijfers.csv"])
def test_nobody_sees_figures_without_signing_in(desk: Browser, address: str) -> None:
    answer = desk.another().client.get(address)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/beheer/inloggen")


def test_tipping_points_count_what_speaks_to_them(
    desk: Browser, database: Database, clock: Clock
) -> None:
    now = clock.now
    for number in range(3):
        report_at(database, now - timedelta(days=number), "A", severity="hoog")
    report_at(database, now - timedelta(days=1), "B", category="elv-opname")
    report_at(database, now - timedelta(days=1), "B", severity="laag")
    report_at(database, now - timedelta(days=8), "C", region="westelijke-mijnstreek")
    report_at(database, now - timedelta(days=15), "C")
    desk.opens(f"{PATH}?ernst=laag&periode=jaar")
    points = inner(desk.page.text, "kantelpunten")
    assert (
        "Meer intensieve zorg thuis, geen plek Thuiszorg, ELV of opname (hoog of midden) 4 2 1 geen"
        in points
    )
    assert "Minder mensen inzetbaar Personeel of waarneming 0 0 0 geen" in points
    assert points.count("geen ") + points.endswith("geen") >= 5
    assert "Gemeenschappelijk opschaalplan huisartsenzorg Zuid-Limburg" in points
    assert "Dat plan geldt voor Zuid-Limburg en noemt geen aantallen." in points
    desk.opens(links(desk.page.text)["Meer intensieve zorg thuis, geen plek"])
    assert desk.sees("4 meldingen, pagina 1 van 1")
    desk.opens(f"{PATH}?regio=westelijke-mijnstreek")
    points = inner(desk.page.text, "kantelpunten")
    assert "(hoog of midden) 0 0 1 geen" in points


def test_signals_stand_with_the_tipping_point_they_speak_to(
    desk: Browser, database: Database, clock: Clock
) -> None:
    conditions = {
        "Thuiszorg loopt vast": Condition(categories=("thuiszorg",), more_than=2, days=7),
        "Alleen laag": Condition(
            categories=("thuiszorg",), severities=("laag",), more_than=0, days=7
        ),
        "Alles samen": Condition(more_than=1, days=7),
    }
    for _ in range(3):
        report_at(database, clock.now, "A", severity="hoog")
    report_at(database, clock.now, "A", severity="laag")
    with database.work() as work:
        officer = work.officers.all()[0].officer.id
        for name, condition in conditions.items():
            rule = work.signals.add_rule(RuleDraft(name, condition), created_by=officer)
            assert work.signals.evaluate(rule), name
    desk.opens(PATH)
    points = inner(desk.page.text, "kantelpunten")
    assert "3 1 0 Thuiszorg loopt vast: Utrecht" in points
    # one is about another severity, the other about no kind in particular
    assert "Alleen laag" not in points and "Alles samen" not in points
    assert points.count("geen ") >= 4
    desk.opens(f"{PATH}?regio=westelijke-mijnstreek")
    assert not desk.sees("Thuiszorg loopt vast")
