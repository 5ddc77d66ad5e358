"""Figures in a real browser: pictures that show, a choice that narrows, and a file to give away."""

import csv
import io
import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from bottlenecks.roles import Role, Scope
from bottlenecks.small_counts import SIGN
from tests.browser.conftest import Site
from tests.browser.every_page import wrong
from tests.reports_to_count import answer_after, report_at

PATH = "/beheer/cijfers"
SMALL_PHONE = {"width": 375, "height": 740}
MINES = Scope(regions=frozenset({"westelijke-mijnstreek"}))
Officer = Callable[..., Page]


def fill(site: Site) -> None:
    """Thirty reports over ten weeks, of ten practices in two regions."""
    now = now_at(site)
    for number in range(30):
        filed = now - timedelta(days=2 + number * 7 // 3, hours=3)
        reference = report_at(
            site.database,
            filed,
            str(number % 10),
            category="thuiszorg" if number % 3 else "ggz",
            region="utrecht" if number % 2 else "westelijke-mijnstreek",
            severity="hoog" if number % 5 == 0 else "midden",
        )
        answer_after(site.database, reference, filed, 1 + number % 7)
    report_at(site.database, now - timedelta(days=1), "0", category="telefonie")


def now_at(site: Site) -> datetime:
    with site.database.reading() as work:
        return work.now()


def pictures(page: Page) -> list[tuple[str, int, int]]:
    """The pictures of a page: their addresses, and how large they came out."""
    page.wait_for_load_state("networkidle")
    found = page.evaluate(
        "[...document.querySelectorAll('main img')]"
        ".map(i => [i.currentSrc, i.complete ? i.clientWidth : 0, i.clientHeight])"
    )
    return [tuple(one) for one in found]


def test_figures_are_seen_and_lead_to_their_reports(site: Site, officer: Officer) -> None:
    fill(site)
    desk = officer()
    refused: list[str] = []
    desk.on("console", lambda said: refused.append(said.text) if said.type == "error" else None)
    desk.get_by_role("link", name="Cijfers").click()
    expect(desk.get_by_role("heading", name="Cijfers")).to_be_visible()
    expect(desk.get_by_role("heading", name="Kantelpunten")).to_be_visible()
    assert len(pictures(desk)) == 4
    assert all(width > 400 and height > 90 for _, width, height in pictures(desk))
    assert not refused, "the page's policy holds for its pictures too"
    # narrow, by keyboard alone
    desk.get_by_label("Regio", exact=True).focus()
    desk.keyboard.type("Westelijke")
    desk.get_by_role("button", name="Toon").focus()
    desk.keyboard.press("Enter")
    expect(desk).to_have_url(re.compile("regio=westelijke-mijnstreek"))
    expect(desk.locator(".headline .number").first).to_have_text("15")
    numbers = desk.get_by_role("region", name="Getallen per soort")
    expect(numbers.get_by_role("row", name="Thuiszorg 10")).to_be_visible()
    numbers.get_by_role("link", name="Thuiszorg").click()
    expect(desk.get_by_text("10 meldingen, pagina 1 van 1")).to_be_visible()
    expect(desk.locator("[data-row]", has_text="Westelijke Mijnstreek")).to_have_count(10)


def test_own_days_are_chosen_and_put_right(site: Site, officer: Officer) -> None:
    fill(site)
    desk = officer()
    desk.goto(PATH)
    today = now_at(site).date()
    desk.get_by_label("Van", exact=True).fill(today.isoformat())
    desk.get_by_label("Tot en met").fill((today - timedelta(days=9)).isoformat())
    desk.get_by_role("button", name="Toon").click()
    expect(desk.get_by_text("De eerste dag ligt na de laatste.")).to_be_visible()
    expect(desk.get_by_label("Van", exact=True)).to_have_value(today.isoformat())
    desk.get_by_label("Van", exact=True).fill((today - timedelta(days=20)).isoformat())
    desk.get_by_role("button", name="Toon").click()
    expect(desk.locator(".headline .number").first).not_to_have_text("31")
    expect(desk.get_by_text("De eerste dag ligt na de laatste.")).to_have_count(0)
    desk.get_by_role("link", name="12 weken").click()
    expect(desk.locator(".headline .number").first).to_have_text("31")


def test_a_file_to_give_away_hides_small_numbers(site: Site, officer: Officer) -> None:
    fill(site)
    desk = officer("lezer@rho.example", Role.READER)
    desk.goto(PATH)
    expect(desk.get_by_role("row", name="Telefonie 1 1")).to_be_visible()
    with desk.expect_download() as download:
        desk.get_by_role("link", name="CSV").click()
    text = download.value.path().read_bytes().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    kinds = {row[1]: row[2] for row in rows if row[0] == "per soort"}
    # the smallest of the others goes along, or it could be computed
    assert kinds == {"Thuiszorg": "20", "GGZ": SIGN, "Telefonie": SIGN}


def test_an_officer_sees_one_region_in_tables_and_pictures(site: Site, officer: Officer) -> None:
    fill(site)
    desk = officer("bo@rho.example", Role.HANDLER, MINES)
    desk.goto(PATH)
    expect(desk.locator(".headline .number").first).to_have_text("15")
    expect(desk.locator("main")).not_to_contain_text("Utrecht")
    for address, width, _ in pictures(desk):
        assert width and "Utrecht" not in desk.request.get(address).text()


@pytest.mark.parametrize(
    ("options", "narrow"),
    [
        ({}, False),
        ({"color_scheme": "dark"}, False),
        ({"viewport": SMALL_PHONE, "is_mobile": True}, True),
        ({"java_script_enabled": False}, False),
    ],
)
def test_the_page_is_accessible_and_fits(
    site: Site,
    officer: Officer,
    new_context: Callable[..., BrowserContext],
    options: dict[str, object],
    narrow: bool,
) -> None:
    fill(site)
    signed_in = officer()
    context = new_context(**options)
    context.add_cookies(signed_in.context.cookies())
    page = context.new_page()
    for query in ("", "?periode=jaar", "?van=2026-01-01&tot=", "?soort=ict-his"):
        page.goto(f"{PATH}{query}")
        if options.get("java_script_enabled", True):
            assert not wrong(page), query
            for address, width, _ in pictures(page):
                assert ("smal=ja" in address) is narrow
                assert width > 200
        expect(page.get_by_role("heading", name="Kantelpunten")).to_be_visible()
