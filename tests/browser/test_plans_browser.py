"""A region's own plan, in a real browser: handed in, read as concepts, put away by hand."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from bottlenecks.roles import Role, Scope
from tests.browser.chat_page import faults, overflow
from tests.browser.conftest import PHONE, Site
from tests.desk import ADMIN, PASSWORD
from tools.example_plan import example_parts
from tools.plan_documents import as_docx, as_pdf

PLANS = "/beheer/inhoud/plannen"
PLAN = f"{PLANS}/plan-utrecht-1"
TITLE = "Continuïteitsplan Voorbeeldregio"
CURATOR = "Wie is aanspreekpunt bij faillissement?"
UTRECHT = Scope(regions=frozenset({"utrecht"}))
Officer = Callable[..., Page]


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """A plan in Word on the officer's disk."""
    file = tmp_path / "plan.docx"
    file.write_bytes(as_docx(example_parts()))
    return file


def hand_in(page: Page, file: Path) -> None:
    page.goto(PLANS)
    page.get_by_label("Van welke regio is dit plan?").select_option("utrecht")
    page.get_by_label("Titel van het plan").fill(TITLE)
    page.get_by_label("Wie gaf het uit?").fill("Voorbeeldcoöperatie")
    page.get_by_label("Datum van het plan").fill("maart 2026")
    page.get_by_label("Bestand").set_input_files(file)
    page.get_by_role("button", name="Lees het plan in").click()


def test_a_plan_becomes_concepts_that_must_be_rewritten(officer: Officer, plan: Path) -> None:
    desk = officer(role=Role.HANDLER, scope=UTRECHT)
    desk.goto("/beheer/inhoud")
    desk.get_by_role("link", name="Plan van je regio").click()
    hand_in(desk, plan)
    expect(desk.get_by_role("status")).to_contain_text("Er zijn 41 concepten gemaakt.")
    row = desk.get_by_role("row", name=CURATOR)
    expect(row).to_contain_text("2.11 Faillissement")
    row.get_by_role("link", name=CURATOR).click()
    expect(desk.get_by_text("Dit concept is nog niet herschreven.")).to_be_visible()
    expect(desk.get_by_role("link", name=TITLE)).to_be_visible()
    expect(desk.get_by_role("button", name="Keur goed")).to_have_count(0)
    desk.get_by_role("link", name=TITLE).click()
    expect(desk.get_by_role("heading", name=TITLE)).to_be_visible()


def test_a_pdf_is_handed_in_by_keyboard_and_a_piece_put_with_a_topic(
    officer: Officer, tmp_path: Path
) -> None:
    file = tmp_path / "plan.pdf"
    file.write_bytes(as_pdf(example_parts()))
    desk = officer(role=Role.HANDLER)
    desk.goto(PLANS)
    desk.get_by_label("Titel van het plan").focus()
    desk.keyboard.type(TITLE)
    desk.keyboard.press("Tab")
    desk.keyboard.type("Voorbeeldcoöperatie")
    desk.keyboard.press("Tab")
    desk.keyboard.press("Tab")
    expect(desk.get_by_label("Bestand")).to_be_focused()
    desk.get_by_label("Bestand").set_input_files(file)
    desk.keyboard.press("Tab")
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("Zonder onderwerp:")).to_be_visible()
    piece = desk.get_by_role("listitem").filter(has_text="Een datalek melden we")
    expect(piece).to_contain_text("bladzijde")
    piece.get_by_role("link", name="Kies een onderwerp").press("Enter")
    desk.get_by_label("Over welk onderwerp gaat dit?").select_option(
        label="Hoe krijgen we inzage in dossiers?"
    )
    desk.get_by_role("button", name="Zet het in een concept").press("Enter")
    expect(desk.get_by_text("Dit stuk tekst staat nu bij dit onderwerp.")).to_be_visible()


def test_a_file_that_cannot_be_read_is_told_where_it_was_chosen(
    officer: Officer, tmp_path: Path
) -> None:
    file = tmp_path / "scan.pdf"
    file.write_bytes(b"%PDF-1.7 stuk")
    desk = officer(role=Role.HANDLER)
    hand_in(desk, file)
    field = desk.get_by_label("Bestand")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(desk.get_by_text("Deze pdf is beschadigd en niet te lezen.")).to_be_visible()
    expect(desk.get_by_label("Titel van het plan")).to_have_value(TITLE)
    assert faults(desk) == []


def test_it_works_without_scripts(
    new_context: Callable[..., BrowserContext], officer: Officer, plan: Path
) -> None:
    officer()
    page = new_context(java_script_enabled=False).new_page()
    page.goto(PLANS)
    page.get_by_label("E-mailadres").fill(ADMIN)
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Inloggen").click()
    hand_in(page, plan)
    expect(page.get_by_text("Er zijn 41 concepten gemaakt.")).to_be_visible()


def test_pages_are_accessible_and_fit_on_a_phone(site: Site, officer: Officer, plan: Path) -> None:
    desk = officer(role=Role.HANDLER)
    hand_in(desk, plan)
    piece = desk.get_by_role("link", name="Kies een onderwerp").first.get_attribute("href")
    assert piece is not None
    for scheme in ("light", "dark"):
        desk.emulate_media(color_scheme=scheme)
        for path in (PLANS, PLAN, piece):
            desk.goto(path)
            assert faults(desk) == [], (scheme, path)
    desk.set_viewport_size(PHONE)
    for path in (PLANS, PLAN, piece):
        desk.goto(path)
        assert overflow(desk) == 0, path
