"""The report for a meeting in a real browser: from the figures to the Word document in hand."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document
from playwright.sync_api import BrowserContext, Page, expect

from tests.a_month_of_reports import EVENING, PHONE, WAITING, fill
from tests.browser.conftest import Site
from tests.browser.every_page import wrong_pages
from tests.desk import ADMIN, PASSWORD

PATH = "/beheer/verslag"
SMALL_PHONE = {"width": 375, "height": 740}
ASKED = "We vragen:\n- een avondroute\n- één nummer"
Officer = Callable[..., Page]


@pytest.fixture
def desk(site: Site, officer: Officer) -> Page:
    """An officer, with a month of reports."""
    page = officer()
    with site.database.reading() as work:
        [ada] = [view.officer.id for view in work.officers.all()]
    fill(site.database, ada)
    return page


def begin(page: Page) -> str:
    """Begin a report; gives its address."""
    page.goto(PATH)
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_label("Wat vraag je?")).to_be_visible()
    return page.url


def write(page: Page) -> None:
    """Fill a report in, with one quote, and look at it."""
    page.get_by_label("Voor wie").fill("Weekoverleg")
    page.get_by_label("Wat vraag je?").fill(ASKED)
    page.get_by_label(re.compile(WAITING)).uncheck()
    page.get_by_role("button", name="Opslaan en citaten kiezen").click()
    page.get_by_label("Zoek in de tekst").fill("lijn vol")
    page.get_by_role("button", name="Zoek").click()
    page.get_by_role("button", name="Neem over").first.click()
    expect(page.get_by_text("Staat in je verslag", exact=True)).to_be_visible()
    page.get_by_role("link", name="Klaar (citaten: 1)").click()
    page.get_by_label("Citaat uit").fill("De lijn is vol, elke maandag.")
    page.get_by_role("button", name="Opslaan en bekijken").click()
    expect(page.get_by_text("“De lijn is vol, elke maandag.”")).to_be_visible()


def downloaded(page: Page) -> tuple[str, list[str], list[list[str]]]:
    """The name of the Word file, its paragraphs, and the rows of its last table."""
    with page.expect_download() as download:
        page.get_by_role("link", name="Haal op als Word").click()
    document = Document(str(download.value.path()))
    rows = [[cell.text for cell in row.cells] for row in document.tables[-1].rows]
    return (
        download.value.suggested_filename,
        [paragraph.text for paragraph in document.paragraphs],
        rows,
    )


def test_from_figures_to_word(desk: Page) -> None:
    refused: list[str] = []
    desk.on("console", lambda said: refused.append(said.text) if said.type == "error" else None)
    desk.goto("/beheer/cijfers?van=2026-02-02&tot=2026-03-01")
    desk.get_by_role("link", name="Maak een verslag").click()
    expect(desk.get_by_label("Eerste dag")).to_have_value("2026-02-02")
    desk.get_by_role("button", name="Begin").click()
    expect(desk.get_by_label(re.compile(PHONE))).to_be_checked()
    write(desk)
    expect(desk.get_by_text("27 meldingen van 20 praktijken.")).to_be_visible()
    assert not refused
    name, paragraphs, rows = downloaded(desk)
    assert name == "verslag-2026-02-02-tot-en-met-2026-03-01.docx"
    assert {"Voor: Weekoverleg", "een avondroute", "“De lijn is vol, elke maandag.”"} <= {
        *paragraphs
    }
    assert [row[0] for row in rows[1:3]] == [f"2. {PHONE}", f"1. {EVENING}"]
    assert WAITING not in str(rows)
    # what is in Word is what was seen
    shown = desk.locator("article").inner_text()
    assert [
        text for text in paragraphs[paragraphs.index("In het kort") :] if text not in shown
    ] == []
    # and it is there the next time
    desk.goto(PATH)
    expect(desk.get_by_text("Voor Weekoverleg.")).to_be_visible()


def test_without_scripts(
    site: Site, desk: Page, new_context: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    plain = new_context(java_script_enabled=False, storage_state=desk.context.storage_state())
    page = plain.new_page()
    begin(page)
    write(page)
    assert "een avondroute" in downloaded(page)[1]
    page.get_by_role("link", name="Wijzig").click()
    page.get_by_text("Weggooien", exact=True).click()
    page.get_by_role("button", name="Ja, gooi dit verslag weg").click()
    expect(page.get_by_text("Er is nog geen verslag.")).to_be_visible()


def test_what_was_typed_survives_a_lost_session(desk: Page) -> None:
    address = begin(desk)
    desk.get_by_label("Wat vraag je?").fill(ASKED)
    desk.get_by_label("Titel").fill("Avondzorg")
    desk.get_by_label(re.compile(WAITING)).uncheck()
    cookies = [one for one in desk.context.cookies() if one["name"] != "regiowijzer_beheer"]
    desk.context.clear_cookies()
    desk.context.add_cookies(cookies)
    desk.get_by_role("button", name="Opslaan", exact=True).click()
    expect(desk.get_by_text("Je was uitgelogd, dus er is niets opgeslagen.")).to_be_visible()
    desk.get_by_label("E-mailadres").fill(ADMIN)
    desk.get_by_label("Wachtwoord").fill(PASSWORD)
    desk.get_by_role("button", name="Inloggen").click()
    expect(desk.get_by_text("staat hier weer ingevuld")).to_be_visible()
    expect(desk.get_by_label("Wat vraag je?")).to_have_value(ASKED)
    expect(desk.get_by_label(re.compile(WAITING))).not_to_be_checked()
    desk.get_by_role("button", name="Opslaan", exact=True).click()
    expect(desk.get_by_role("heading", name="Avondzorg", exact=True)).to_be_visible()
    # kept for good: nothing comes back that was saved
    desk.get_by_label("Titel").fill("Anders")
    desk.get_by_role("button", name="Opslaan", exact=True).click()
    expect(desk.get_by_role("heading", name="Anders")).to_be_visible()
    desk.goto(address)
    expect(desk.get_by_text("staat hier weer ingevuld")).to_be_hidden()


@pytest.mark.parametrize("look", ["light", "dark"])
def test_everybody_can_use_the_pages(
    desk: Page, new_context: Callable[..., BrowserContext], look: str
) -> None:
    address = begin(desk)
    write(desk)
    phone = new_context(
        viewport=SMALL_PHONE, color_scheme=look, storage_state=desk.context.storage_state()
    ).new_page()
    addresses = (PATH, address, f"{address}/citaten", f"{address}/bekijken")
    for page in (desk, phone):
        assert not wrong_pages(page, addresses)
