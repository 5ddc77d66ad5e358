"""Signals in a real browser: a rule is tried out, and a report in the chat rings the bell."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from bot.settings import Settings
from bottlenecks.desk.examples.adding import add_examples
from bottlenecks.roles import Role
from tests.browser.conftest import PHONE, Site
from tests.browser.every_page import wrong_pages
from tests.desk import ADMIN
from tests.desk_officers import UTRECHT
from tests.desk_reports import file_report
from tests.mail_server import FROM, FakeMailServer
from tests.serving import settings_for
from tests.telegram_api import FakeBotApi

SIGNALS = "/beheer/signalen"
NEW = f"{SIGNALS}/regels/nieuw"
PROBLEM = "al drie organisaties gebeld, nergens thuiszorg te vinden in Geleen, graag melden"
Officer = Callable[..., Page]


@pytest.fixture
def mail(tmp_path: Path) -> Iterator[FakeMailServer]:
    with FakeMailServer(tmp_path) as running:
        yield running


@pytest.fixture
def settings(tmp_path: Path, api: FakeBotApi, mail: FakeMailServer) -> Settings:
    """The site, with mail."""
    return settings_for(tmp_path, api, web=True).model_copy(
        update={
            "smtp_host": "127.0.0.1",
            "smtp_port": mail.port,
            "smtp_security": "none",
            "mail_from": FROM,
        }
    )


def make_rule(desk: Page, name: str, *, mail: bool = False, telegram: bool = False) -> None:
    """A rule that tells of every report with severity high."""
    desk.goto(NEW)
    desk.get_by_label("Naam van de regel").fill(name)
    desk.get_by_label("Hoog", exact=True).check()
    desk.get_by_label("Meer dan zoveel meldingen").fill("0")
    if mail:
        desk.get_by_label("Ook per e-mail").check()
    if telegram:
        desk.get_by_label("Ook in Telegram").check()
    desk.get_by_role("button", name="Opslaan").click()
    expect(desk.get_by_text("De regel is gemaakt.")).to_be_visible()


def test_a_report_rings_the_bell_and_goes_by_mail_and_telegram(
    site: Site, officer: Officer, page: Page, mail: FakeMailServer
) -> None:
    desk = officer()
    ada = site.api.user(7)
    ada.says("koppel")
    code = re.search(r"[A-Z]\d[A-Z]\d-[A-Z]\d[A-Z]\d", ada.wait_for("-"))
    assert code is not None
    desk.goto("/beheer/account")
    desk.get_by_label("Code uit Telegram").fill(code[0])
    desk.get_by_role("button", name="Koppelen", exact=True).click()
    expect(desk.get_by_text("Telegram is gekoppeld.")).to_be_visible()
    ada.wait_for("gekoppeld aan het account van Ada")
    make_rule(desk, "Melding met ernst hoog", mail=True, telegram=True)
    page.goto("/chat")
    page.locator("#tekst").fill(PROBLEM)
    page.keyboard.press("Enter")
    for label in ("Hoog", "Anoniem melden", "Ja, graag", "Versturen"):
        page.locator(".live .choices button", has_text=label).first.click()
    expect(page.get_by_text("Het meldingsnummer is KP-2026-0001")).to_be_visible()
    told = ada.wait_for("Signaal: Melding met ernst hoog (Westelijke Mijnstreek)")
    assert "1 melding met ernst hoog" in told and "KP-2026-0001" in told
    site.serving.settle()
    [message] = mail.messages
    assert message["To"] == ADMIN
    assert message["Subject"] == "Signaal: Melding met ernst hoog (Westelijke Mijnstreek)"
    desk.goto("/beheer/meldingen")
    desk.get_by_role("link", name="1 nieuw signaal").click()
    expect(desk.get_by_role("heading", name="Signalen", exact=True)).to_be_visible()
    desk.get_by_role("link", name="Bekijk de meldingen").click()
    expect(desk.get_by_role("link", name="KP-2026-0001 · Thuiszorg")).to_be_visible()
    desk.get_by_role("link", name="1 nieuw signaal").click()
    desk.get_by_role("button", name="Gezien").click()
    expect(desk.get_by_role("link", name="Geen nieuwe signalen")).to_be_visible()
    expect(desk.get_by_text("Niets nieuws.")).to_be_visible()


def test_a_rule_is_tried_out_while_it_is_filled_in(site: Site, officer: Officer) -> None:
    for _ in range(3):
        file_report(site.database)
    desk = officer()
    desk.goto(NEW)
    tried = desk.locator("#proef")
    expect(tried.locator("[data-summary]")).to_contain_text("geen berichten")
    expect(desk.get_by_role("button", name="Bekijk wat dit gedaan")).to_have_count(0)
    desk.get_by_label("Meer dan zoveel meldingen").fill("2")
    expect(tried.locator("[data-summary]")).to_contain_text("1 bericht, bij 3 meldingen")
    expect(tried.get_by_role("row").nth(1)).to_contain_text("Utrecht")
    desk.get_by_label("GGZ").check()
    expect(tried).to_contain_text("Er waren geen meldingen zoals deze.")
    desk.get_by_label("In zoveel dagen").fill("")
    expect(tried).to_contain_text("Vul eerst in wat er geteld wordt.")
    desk.get_by_label("In zoveel dagen").fill("7")
    desk.get_by_label("GGZ").uncheck()
    expect(tried.locator("[data-summary]")).to_contain_text("1 bericht")
    # the Enter key saves, and says what is missing
    desk.get_by_label("In zoveel dagen").press("Enter")
    expect(desk.get_by_text("Geef de regel een naam.")).to_be_visible()
    desk.get_by_label("Naam van de regel").fill("Drie in Utrecht")
    desk.get_by_role("button", name="Opslaan").click()
    expect(desk.get_by_text("De regel is gemaakt.")).to_be_visible()
    expect(desk.get_by_role("link", name="Drie in Utrecht", exact=True)).to_be_visible()


def test_it_works_without_scripts(
    site: Site, officer: Officer, new_context: Callable[..., BrowserContext]
) -> None:
    file_report(site.database)
    signed_in = officer()
    context = new_context(java_script_enabled=False)
    context.add_cookies(signed_in.context.cookies())
    desk = context.new_page()
    desk.goto(NEW)
    desk.get_by_label("Meer dan zoveel meldingen").fill("0")
    desk.get_by_role("button", name="Bekijk wat dit gedaan zou hebben").click()
    expect(desk.locator("[data-summary]")).to_contain_text("1 bericht, bij 1 melding")
    expect(desk.get_by_label("Meer dan zoveel meldingen")).to_have_value("0")


def unfolds(page: Page, address: str) -> None:
    """Open a page, and what is folded there too."""
    page.goto(address)
    for fold in page.locator("main details:not([open]) > summary").all():
        fold.click()


@pytest.mark.parametrize("options", [{}, {"viewport": PHONE}, {"color_scheme": "dark"}])
def test_the_pages_of_signals_are_accessible_and_fit(
    site: Site,
    officer: Officer,
    new_context: Callable[..., BrowserContext],
    options: dict[str, object],
) -> None:
    with site.database.work() as work:
        now = work.now()
    add_examples(site.database, "no hash", now)
    with site.database.work() as work:
        rules = work.signals.active_rules()
        for rule_id in rules:
            work.signals.evaluate(rule_id)
    signed_in = officer("bo@rho.example")
    reader = officer("cas@rho.example", Role.READER, UTRECHT)
    found: dict[str, list[str]] = {}
    for cookies, addresses in (
        (
            signed_in.context.cookies(),
            (SIGNALS, NEW, *(f"{SIGNALS}/regels/{one}" for one in rules), "/beheer/account"),
        ),
        (reader.context.cookies(), (SIGNALS, f"{SIGNALS}/regels/{rules[0]}")),
    ):
        context = new_context(**options)
        context.add_cookies(cookies)
        page = context.new_page()
        found |= wrong_pages(page, addresses, unfolds)
    assert not found
