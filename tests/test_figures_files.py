"""Figures in a file: what may be given away, with small numbers hidden."""

import csv
import io

import pytest
from openpyxl import load_workbook

from bottlenecks.small_counts import SIGN
from bottlenecks.store import Database
from bottlenecks.workflow import Status
from tests.desk import Browser
from tests.figures_page import PATH, at_the_figures, february, fill, inner
from tests.reports_to_count import answer_after, move_after, put_in_group, report_at


@pytest.fixture
def desk(database: Database) -> Browser:
    return at_the_figures(database)


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
