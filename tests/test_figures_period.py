"""The days that figures are about: chosen, compared, or told why they cannot be."""

import pytest

from bottlenecks.store import Database
from tests.desk import Browser
from tests.figures_page import PATH, at_the_figures, february, fill, inner
from tests.reports_to_count import report_at


@pytest.fixture
def desk(database: Database) -> Browser:
    return at_the_figures(database)


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
