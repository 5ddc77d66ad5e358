"""The page of figures: counts with links to their reports, pictures, tipping points, and files."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from functools import cache
from html import unescape

import pytest
from openpyxl import load_workbook

from bottlenecks.roles import Role
from bottlenecks.signals import Condition
from bottlenecks.small_counts import SIGN
from bottlenecks.store import Database
from bottlenecks.store.signal_rules import RuleDraft
from bottlenecks.workflow import Status
from knowledge import Knowledge, load
from tests.conftest import Clock
from tests.desk import Browser, add_officer
from tests.desk_officers import UTRECHT
from tests.reports_to_count import answer_after, move_after, put_in_group, report_at
from tests.whole_site import sign_in, whole_site

PATH = "/beheer/cijfers"


@cache
def knowledge() -> Knowledge:
    return load()


@pytest.fixture
def desk(database: Database) -> Browser:
    """A reader of everything: figures are for all who may look."""
    officer = add_officer(database, role=Role.READER)
    return sign_in(whole_site(database, knowledge()), database, officer)


def february(day: int, hour: int = 12) -> datetime:
    return datetime(2026, 2, day, hour, tzinfo=UTC)


def fill(database: Database) -> None:
    """Twelve reports of seven practices over three weeks of February."""
    for number in range(7):
        report_at(database, february(3), str(number), severity="hoog")
    for number in range(3):
        report_at(database, february(10), str(number), category="ggz")
    report_at(database, february(24), "0", region="westelijke-mijnstreek")
    report_at(database, february(25), None, region=None, severity="laag")


def inner(page: str, name: str) -> str:
    """The part of the page under a heading, without tags."""
    found = re.search(rf'aria-labelledby="{name}">(.*?)</section>', page, re.DOTALL)
    assert found is not None, name
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", found[1])).split())


def links(page: str) -> dict[str, str]:
    """Where the links of a page go, by their words."""
    found = re.findall(r'<a [^>]*href="([^"]+)"[^>]*>(.*?)</a>', page, re.DOTALL)
    return {re.sub(r"<[^>]+>", "", words).strip(): unescape(url) for url, words in found}


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


@pytest.mark.parametrize(
    ("query", "days"),
    [
        ("", "15 dec 2025 t/m 2 mrt 2026"),
        ("periode=4", "9 feb 2026 t/m 2 mrt 2026"),
        ("periode=jaar", "1 jan 2026 t/m 2 mrt 2026"),
        ("periode=maand", "1 mrt 2026 t/m 2 mrt 2026"),
        # what is still to come has no reports yet
        ("van=2026-02-03&tot=2026-03-31", "3 feb 2026 t/m 2 mrt 2026"),
        ("van=2026-03-02&tot=2027-12-31", "2 mrt 2026 t/m 2 mrt 2026"),
        ("periode=onzin&regio=onzin&soort=x&ernst=y", "15 dec 2025 t/m 2 mrt 2026"),
        ("van=2026-02-03&tot=2026-02-04", "3 feb 2026 t/m 4 feb 2026"),
        ("periode=4&van=2026-02-03&tot=2026-02-04", "3 feb 2026 t/m 4 feb 2026"),
        ("periode=4&van=&tot=", "9 feb 2026 t/m 2 mrt 2026"),
    ],
)
def test_a_period_is_chosen(desk: Browser, query: str, days: str) -> None:
    desk.opens(f"{PATH}?{query}")
    assert desk.page.status_code == 200
    assert desk.sees(f"{days}. Alle meldingen tellen mee")


def test_this_year_begins_at_the_first_report(desk: Browser, database: Database) -> None:
    report_at(database, february(4), "0")
    report_at(database, february(18), "1", severity="hoog")
    desk.opens(f"{PATH}?periode=jaar")
    weeks = inner(desk.page.text, "week-kop")
    assert "Praktijken 2 feb 1 1" in weeks and "9 feb 0 0" in weeks and "26 jan" not in weeks
    # the first of all: a filter leaves weeks out that say "none of these"
    desk.opens(f"{PATH}?periode=jaar&ernst=hoog")
    assert "Praktijken 2 feb 0 0" in inner(desk.page.text, "week-kop")
    desk.opens(f"{PATH}?periode=12")
    assert "26 jan 0 0" in inner(desk.page.text, "week-kop")


def test_one_day_is_compared_with_the_day_before(desk: Browser) -> None:
    desk.opens(f"{PATH}?van=2026-03-02&tot=2026-03-02")
    assert desk.sees("De dag ervoor: 0.")


def test_the_days_of_a_period_in_the_form_keep_it_a_period(desk: Browser) -> None:
    desk.opens(f"{PATH}?periode=4")
    form = {"periode": "4", "van": "2026-02-09", "tot": "2026-03-02", "regio": "utrecht"}
    desk.opens(f"{PATH}?" + "&".join(f"{name}={value}" for name, value in form.items()))
    assert "periode=4&amp;regio=utrecht" in desk.page.text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("van=2026-02-09&tot=", "Vul twee dagen in, zoals 2026-03-31."),
        ("van=gisteren&tot=2026-03-01", "Vul twee dagen in, zoals 2026-03-31."),
        ("van=2026-02-30&tot=2026-03-01", "Vul twee dagen in, zoals 2026-03-31."),
        ("van=2026-03-01&tot=2026-02-01", "De eerste dag ligt na de laatste. Draai ze om."),
        ("van=2010-03-01&tot=2026-02-01", "Kies hoogstens vijf jaar."),
        ("van=2026-03-03&tot=2026-03-05", "Deze dagen zijn nog niet geweest."),
    ],
)
def test_days_that_cannot_be_are_told_and_stay_in_the_form(
    desk: Browser, query: str, said: str
) -> None:
    desk.opens(f"{PATH}?{query}&regio=utrecht")
    assert desk.page.status_code == 422
    assert desk.sees(f"{said} Je ziet nu de cijfers van 15 dec 2025 t/m 2 mrt 2026.")
    for pair in query.split("&"):
        assert f'name="{pair[:3]}" value="{pair[4:]}"' in desk.page.text
    assert '<option value="utrecht" selected>' in desk.page.text
    # a file would be of other days than were asked for
    desk.opens(f"{PATH}/cijfers.csv?{query}")
    assert desk.page.status_code == 422 and desk.sees(said)


def test_five_years_are_shown_with_the_year_at_each_week(desk: Browser, database: Database) -> None:
    fill(database)
    desk.opens(f"{PATH}?van=2021-03-03&tot=2026-03-02")
    assert desk.page.status_code == 200
    assert "2 feb 2026 7 7" in inner(desk.page.text, "week-kop")


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


def rows_of(browser: Browser, query: str = "") -> list[list[str]]:
    """The lines of the CSV file."""
    answer = browser.client.get(f"{PATH}/cijfers.csv?{query}")
    assert answer.status_code == 200
    text = answer.content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def counts_in(rows: list[list[str]], part: str) -> dict[str, tuple[str, str]]:
    return {row[1]: (row[2], row[3]) for row in rows if row[0] == part}


def test_a_file_hides_small_numbers_and_what_gives_them_away(
    desk: Browser, database: Database
) -> None:
    for number in range(6):
        report_at(database, february(3), str(number), severity="hoog")
        report_at(database, february(10), str(number))
        report_at(database, february(10), str(number))
    report_at(database, february(10), "0", category="ggz", region=None, severity="laag")
    rows = rows_of(desk, "periode=jaar&regio=")
    assert counts_in(rows, "alles") == {"alle meldingen": ("19", "6")}
    # one of a single practice would be the total less the others
    assert counts_in(rows, "per ernst") == {
        "Hoog": (SIGN, SIGN),
        "Midden": ("12", "6"),
        "Laag": (SIGN, SIGN),
    }
    assert set(counts_in(rows, "per soort").values()) == {(SIGN, SIGN)}
    assert counts_in(rows, "per week")["2 feb"] == ("6", "6")
    assert counts_in(rows, "per week")["16 feb"] == ("0", "0")
    [note] = [row[1] for row in rows if row[0] == "toelichting"]
    assert note.startswith("Een aantal van minder dan vijf praktijken is verborgen.")
    assert "1" not in {row[2] for row in rows}


def test_groups_in_a_file_do_not_give_away_what_is_in_none(
    desk: Browser, database: Database
) -> None:
    for number, size in ((1, 7), (2, 6)):
        references = [report_at(database, february(3), str(one)) for one in range(size)]
        put_in_group(database, number, references)
    rows = rows_of(desk)
    assert counts_in(rows, "groep") == {
        "1. Groep 1": ("7", "7"),
        "2. Groep 2": ("6", "6"),
        "geen van deze groepen": ("0", "0"),
    }
    desk.opens(PATH)
    assert "Groep 1 in behandeling 7 7 Groep 2 in behandeling 6 6" in inner(
        desk.page.text, "groepen"
    )
    # one of a single practice in no group would be the total less the groups
    report_at(database, february(3), "0")
    assert counts_in(rows_of(desk), "groep") == {
        "1. Groep 1": ("7", "7"),
        "2. Groep 2": (SIGN, SIGN),
        "geen van deze groepen": (SIGN, SIGN),
    }


def test_times_over_few_practices_are_hidden_in_a_file(desk: Browser, database: Database) -> None:
    for number in range(5):
        reference = report_at(database, february(3), str(number))
        answer_after(database, reference, february(3), 2 + number / 2)
        if number < 4:
            move_after(database, reference, february(3), 20, Status.SOLVED)
    rows = {row[0]: row[4:] for row in rows_of(desk)}
    assert rows["eerste antwoord"] == ["3,0", "4,0"]
    assert rows["oplossing"] == [SIGN, SIGN]


def test_a_file_says_what_it_is_about(desk: Browser, database: Database) -> None:
    fill(database)
    rows = rows_of(desk, "van=2026-02-01&tot=2026-02-28&regio=elders&soort=thuiszorg&ernst=laag")
    assert rows[0] == [
        "onderdeel",
        "wat",
        "meldingen",
        "praktijken",
        "helft binnen (uren)",
        "9 van de 10 binnen (uren)",
    ]
    assert [row[:2] for row in rows[1:5]] == [
        ["periode", "1 feb 2026 t/m 28 feb 2026"],
        ["regio", "andere regio of onbekend"],
        ["soort", "Thuiszorg"],
        ["ernst", "Laag"],
    ]
    assert counts_in(rows, "alles") == {"alle meldingen": (SIGN, SIGN)}


def test_excel_has_the_same_with_numbers_that_add_up(desk: Browser, database: Database) -> None:
    fill(database)
    answer = desk.client.get(f"{PATH}/cijfers.xlsx")
    assert answer.headers["content-disposition"] == (
        'attachment; filename="cijfers-2026-03-02.xlsx"'
    )
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None and sheet.title == "Cijfers"
    lines = [[cell for cell in row[:4]] for row in sheet.iter_rows(values_only=True)]
    plain = [["" if cell is None else str(cell) for cell in line] for line in lines]
    assert plain == [row[:4] for row in rows_of(desk)]
    total = next(line for line in lines if line[0] == "alles")
    assert total[2:] == [12, 8]


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_a_file_is_in_the_log_with_what_was_asked(
    desk: Browser, database: Database, extension: str
) -> None:
    desk.client.get(f"{PATH}/cijfers.{extension}?periode=4&regio=utrecht&onzin=1")
    with database.reading() as work:
        [line] = work.audit.latest()
    assert (line.action, line.subject) == ("cijfers-opgehaald", f"cijfers.{extension}")
    assert line.detail == {"filter": "periode=4&regio=utrecht"}
    assert desk.client.get(f"{PATH}/cijfers.pdf").status_code == 404
