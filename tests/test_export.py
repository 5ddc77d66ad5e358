"""Downloads of a filtered view, opened as an officer's spreadsheet opens them."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape
from openpyxl.worksheet.worksheet import Worksheet

from bottlenecks.desk.app import add_desk
from bottlenecks.desk.session import cookie_name
from bottlenecks.lists import lists
from bottlenecks.roles import EVERYWHERE, Role, Scope
from bottlenecks.store import Database
from bottlenecks.workflow import Status
from tests.conftest import Clock
from tests.desk_reports import context, file_report

HEADINGS = [
    "nummer",
    "gemeld op",
    "soort",
    "regio",
    "ernst",
    "status",
    "doorgezet naar",
    "praktijk",
    "antwoord gewenst",
    "eigenaar",
    "termijn",
    "omschrijving",
    "al geprobeerd",
    "voorbeeld",
]
SCOPE_UTRECHT = Scope(regions=frozenset({"utrecht"}))
FORMULAS = [
    "=HYPERLINK(...) stond in de brief",
    "+31 bellen heeft geen zin",
    "-1 assistente vandaag",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    "\u00a0=1+1",
    "\u200b=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(A1)",
    "﹦1+1",
]

SignIn = Callable[..., TestClient]


@pytest.fixture
def sign_in(database: Database) -> SignIn:
    """The browser of an officer who is signed in."""
    desk = context(database)
    app = FastAPI()
    add_desk(app, desk)

    def browser(
        name: str = "Noor", role: Role = Role.HANDLER, scope: Scope = EVERYWHERE
    ) -> TestClient:
        with database.work() as work:
            officer = work.officers.add(f"{name.lower()}@rho.nl", name, role, scope)
            token = work.officers.sign_in(officer)
        client = TestClient(app, follow_redirects=False)
        client.cookies.set(cookie_name(desk), token)
        return client

    return browser


def csv_rows(browser: TestClient, query: str = "") -> list[dict[str, str]]:
    """The lines of the CSV download, by heading."""
    answer = browser.get(f"/beheer/meldingen/export.csv?{query}")
    assert answer.status_code == 200
    text = answer.content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def sheet_of(browser: TestClient, query: str = "") -> Worksheet:
    """The sheet of the Excel download."""
    answer = browser.get(f"/beheer/meldingen/export.xlsx?{query}")
    assert answer.status_code == 200
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert isinstance(sheet, Worksheet)
    return sheet


def sheet_rows(browser: TestClient, query: str = "") -> list[dict[object, object]]:
    """The lines of the Excel download, by heading."""
    lines = list(sheet_of(browser, query).iter_rows(values_only=True))
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


def test_csv_tells_all_of_a_report_in_dutch(sign_in: SignIn, database: Database) -> None:
    browser = sign_in("Noor")
    reference = file_report(
        database,
        'Wij belden "alle" organisaties;\nniemand nam op',
        tried="drie organisaties",
        practice="Praktijk De Linde",
    )
    with database.work() as work:
        owner = work.officers.all()[0].officer.id
        work.cases.assign(reference, EVERYWHERE, owner, actor=owner)
    due = datetime(2026, 3, 2, 10, 0) + timedelta(hours=lists().severities["midden"].hours)
    assert csv_rows(browser) == [
        {
            "nummer": reference,
            "gemeld op": "2026-03-02 10:00",
            "soort": "Thuiszorg",
            "regio": "Utrecht",
            "ernst": "Midden",
            "status": "nieuw",
            "doorgezet naar": "",
            "praktijk": "Praktijk De Linde",
            "antwoord gewenst": "ja",
            "eigenaar": "Noor",
            "termijn": f"{due:%Y-%m-%d %H:%M}",
            "omschrijving": 'Wij belden "alle" organisaties;\nniemand nam op',
            "al geprobeerd": "drie organisaties",
            "voorbeeld": "nee",
        }
    ]


def test_csv_opens_in_dutch_excel(sign_in: SignIn, database: Database) -> None:
    file_report(database, "Eén cliënt wacht")
    answer = sign_in().get("/beheer/meldingen/export.csv")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    first, second = answer.content.decode("utf-8-sig").splitlines()
    assert first == ";".join(f'"{heading}"' for heading in HEADINGS)
    assert second.count('";"') == len(HEADINGS) - 1
    assert "Eén cliënt wacht" in second


def test_excel_has_real_dates_in_dutch_time(
    sign_in: SignIn, database: Database, clock: Clock
) -> None:
    clock.now = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
    reference = file_report(database, severity="hoog")
    with database.work() as work:
        work.cases.move(
            reference, EVERYWHERE, Status.FORWARDED, actor="iemand", organisation="verzekeraar"
        )
    file_report(database, region=None, region_other="Twente", severity="laag", is_example=True)
    due = datetime(2026, 7, 2, 0, 30) + timedelta(hours=lists().severities["laag"].hours)
    older, newer = sheet_rows(sign_in(), "sorteer=oudste")
    assert older["gemeld op"] == datetime(2026, 7, 2, 0, 30)
    assert older["status"] == "doorgezet"
    assert older["doorgezet naar"] == "zorgverzekeraar"
    followed_up = timedelta(hours=lists().follow_up_hours)
    assert older["termijn"] == datetime(2026, 7, 2, 0, 30) + followed_up
    assert newer["termijn"] == due
    assert newer["regio"] == "Twente"
    assert newer["voorbeeld"] == "ja"


def test_excel_sheet_is_ready_to_use(sign_in: SignIn, database: Database) -> None:
    file_report(database)
    file_report(database)
    sheet = sheet_of(sign_in())
    assert sheet.title == "Meldingen"
    assert [cell.value for cell in sheet[1]] == HEADINGS
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:N3"
    assert sheet.column_dimensions["L"].width > 60
    assert sheet["L2"].alignment.wrap_text
    assert sheet["B2"].number_format == "dd-mm-yyyy hh:mm"


def test_an_empty_view_gives_headings(sign_in: SignIn) -> None:
    browser = sign_in()
    assert csv_rows(browser) == []
    assert sheet_rows(browser) == []


@pytest.mark.parametrize("text", FORMULAS)
def test_csv_has_no_formula(sign_in: SignIn, database: Database, text: str) -> None:
    file_report(database, text, tried=text, practice=text)
    [row] = csv_rows(sign_in())
    assert row["omschrijving"] == f"'{text}"
    assert row["al geprobeerd"] == f"'{text}"
    assert row["praktijk"].startswith("'")


@pytest.mark.parametrize("text", [*FORMULAS, "{=1+1}", "http://voorbeeld.nl", "0031", "TRUE"])
def test_excel_has_only_texts(sign_in: SignIn, database: Database, text: str) -> None:
    file_report(database, text)
    sheet = sheet_of(sign_in())
    cell = sheet["L2"]
    assert cell.data_type in ("s", "inlineStr")
    assert cell.hyperlink is None
    # every line end is Excel's own
    assert cell.value == text.replace("\r", "\n")


@pytest.mark.parametrize(
    "text", ["<r><t>vet</t></r>", "<r></si><b", "<r>&onbekend;</r>", "_x0041_"]
)
def test_markup_in_a_text_stays_text(sign_in: SignIn, database: Database, text: str) -> None:
    file_report(database, text)
    [row] = sheet_rows(sign_in())
    assert unescape(str(row["omschrijving"])).strip() == text


def test_an_ordinary_text_is_left_alone(sign_in: SignIn, database: Database) -> None:
    text = "Thuiszorg: 3 = te weinig; bel terug (a@b) - of +31"
    file_report(database, text)
    browser = sign_in()
    assert csv_rows(browser)[0]["omschrijving"] == text
    assert sheet_rows(browser)[0]["omschrijving"] == text


def test_all_of_the_filtered_view_and_nothing_else(sign_in: SignIn, database: Database) -> None:
    wanted = [file_report(database, category="ggz") for _ in range(120)]
    file_report(database)
    browser = sign_in()
    query = "soort=ggz&sorteer=oudste&pagina=2"
    assert [row["nummer"] for row in csv_rows(browser, query)] == wanted
    assert [row["nummer"] for row in sheet_rows(browser, query)] == wanted
    assert len(csv_rows(browser)) == 121


def test_closed_reports_only_when_asked(sign_in: SignIn, database: Database) -> None:
    reference = file_report(database)
    with database.work() as work:
        work.cases.move(reference, EVERYWHERE, Status.SOLVED, actor="iemand")
    browser = sign_in()
    assert csv_rows(browser) == []
    assert csv_rows(browser, "status=alle")[0]["status"] == "opgelost"


@pytest.mark.parametrize("query", ["", "regio=westelijke-mijnstreek&regio=utrecht", "regio=elders"])
@pytest.mark.parametrize("role", list(Role))
def test_an_officer_gets_their_regions_only(
    sign_in: SignIn, database: Database, role: Role, query: str
) -> None:
    own = file_report(database, region="utrecht")
    file_report(database, region="westelijke-mijnstreek")
    file_report(database, region=None, region_other="Twente")
    browser = sign_in("Sam", role, SCOPE_UTRECHT)
    seen = [] if query == "regio=elders" else [own]
    assert [row["nummer"] for row in csv_rows(browser, query)] == seen
    assert [row["nummer"] for row in sheet_rows(browser, query)] == seen


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_nobody_gets_it_without_signing_in(
    sign_in: SignIn, database: Database, extension: str
) -> None:
    file_report(database)
    browser = sign_in()
    browser.cookies.clear()
    answer = browser.get(f"/beheer/meldingen/export.{extension}")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/beheer/inloggen")
    with database.reading() as work:
        assert work.audit.latest() == []


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_an_export_is_in_the_log_with_what_was_asked(
    sign_in: SignIn, database: Database, extension: str
) -> None:
    file_report(database)
    file_report(database, category="ggz")
    browser = sign_in("Noor")
    browser.get(f"/beheer/meldingen/export.{extension}?soort=ggz&onzin=1&eigenaar=geen")
    with database.reading() as work:
        [line] = work.audit.latest()
        noor = work.officers.all()[0].officer.id
    assert (line.actor, line.action, line.subject) == (noor, "export", f"meldingen.{extension}")
    assert line.detail == {"filter": "soort=ggz&eigenaar=geen", "rijen": 1}


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_a_download_is_named_by_the_day_and_not_kept_by_browsers(
    sign_in: SignIn, clock: Clock, extension: str
) -> None:
    # half past midnight in the Netherlands
    clock.now = datetime(2026, 11, 27, 23, 30, tzinfo=UTC)
    answer = sign_in().get(f"/beheer/meldingen/export.{extension}")
    name = f'attachment; filename="meldingen-2026-11-28.{extension}"'
    assert answer.headers["content-disposition"] == name
    assert answer.headers["cache-control"] == "no-store"
    assert int(answer.headers["content-length"]) == len(answer.content)
