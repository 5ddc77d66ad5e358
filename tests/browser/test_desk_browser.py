"""Desk and chat together, in real browsers: a report goes there, and its answer comes back."""

import io
import re
from collections.abc import Callable

import openpyxl
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from bottlenecks.desk.examples.adding import add_examples
from bottlenecks.roles import Role, Scope
from tests.browser.chat_page import faults
from tests.browser.conftest import PHONE, Site
from tests.browser.every_page import wrong_pages
from tests.desk import PASSWORD

PROBLEM = "al drie organisaties gebeld, nergens thuiszorg te vinden in Geleen, graag melden"
ANSWER = "We hebben een organisatie met plek gevonden."
MINES = Scope(regions=frozenset({"westelijke-mijnstreek"}))
Officer = Callable[..., Page]
PAGES = (
    "/beheer/meldingen",
    "/beheer/meldingen?zoek=bestaatniet",
    "/beheer/meldingen?status=alle&regio=utrecht",
    "/beheer/meldingen/KP-2026-0001",
    "/beheer/meldingen/KP-2026-9999",
    "/beheer/fase",
    "/beheer/fase/utrecht",
    "/beheer/contact",
    "/beheer/contact/regio/utrecht",
    "/beheer/contact/zorgverzekeraars",
    "/beheer/mensen",
    "/beheer/mensen/nieuw",
    "/beheer/toegang",
    "/beheer/logboek",
    "/beheer/systeem",
    "/beheer/account",
)


def file_in_chat(page: Page) -> None:
    """Report a problem as someone in a practice does."""
    page.goto("/chat")
    page.locator("#tekst").fill(PROBLEM)
    page.keyboard.press("Enter")
    for label in ("Hoog", "Anoniem melden", "Ja, graag", "Versturen"):
        page.locator(".live .choices button", has_text=label).first.click()
    expect(page.get_by_text("Het meldingsnummer is KP-2026-0001")).to_be_visible()


def answer_at_desk(desk: Page) -> None:
    """Find the report and answer it."""
    desk.reload()
    desk.get_by_role("link", name="KP-2026-0001 · Thuiszorg").click()
    expect(desk.get_by_text("nergens thuiszorg te vinden in Geleen").first).to_be_visible()
    desk.get_by_label("Antwoord aan de melder").fill(ANSWER)
    desk.get_by_label("Status", exact=True).select_option("opgelost")
    desk.get_by_role("button", name="Opslaan en versturen").click()
    expect(desk.get_by_text("Verstuurd naar de melder.")).to_be_visible()


def test_from_chat_to_desk_and_back(page: Page, officer: Officer) -> None:
    desk = officer()
    file_in_chat(page)
    answer_at_desk(desk)
    # the chat stood open all the time: nobody has to reload it
    expect(page.get_by_text(ANSWER)).to_be_visible()
    page.locator(".live .choices button", has_text="Heropenen").click()
    page.locator("#tekst").fill("vandaag toch weer geen plek")
    page.keyboard.press("Enter")
    page.locator(".live .choices button", has_text="Heropenen").click()
    expect(page.get_by_text("Melding KP-2026-0001 is heropend.")).to_be_visible()
    desk.reload()
    expect(desk.get_by_text("vandaag toch weer geen plek")).to_be_visible()
    expect(desk.get_by_text("bezorgd op").first).to_be_visible()


def test_from_telegram_to_desk_and_back(site: Site, officer: Officer) -> None:
    desk = officer()
    anna = site.api.user(1)
    anna.says(PROBLEM)
    for label in ("Hoog", "Anoniem melden", "Ja, graag", "Versturen"):
        anna.taps(label)
    anna.wait_for("KP-2026-0001")
    answer_at_desk(desk)
    assert "afgerond: opgelost" in anna.wait_for(ANSWER)
    anna.taps("Heropenen")
    anna.wait_for("Wat is er nog niet opgelost?")


def test_list_filters_and_keys(site: Site, officer: Officer) -> None:
    add_examples_to(site)
    desk = officer("bo@rho.example")
    # the script shows it: from now on keys work
    expect(desk.get_by_label("Alles op deze pagina")).to_be_visible()
    desk.keyboard.press("/")
    desk.keyboard.type("thuiszorg")
    desk.keyboard.press("Enter")
    expect(desk).to_have_url(re.compile("zoek=thuiszorg"))
    desk.get_by_text("Filters", exact=True).click()
    desk.get_by_label("Regio").select_option("westelijke-mijnstreek")
    desk.get_by_role("button", name="Filter", exact=True).click()
    expect(desk).to_have_url(re.compile("regio=westelijke-mijnstreek"))
    expect(desk.get_by_label("Alles op deze pagina")).to_be_visible()
    expect(desk.locator("[data-row]").first).to_contain_text("Westelijke Mijnstreek")
    assert not desk.locator("[data-row]", has_text="Utrecht").count()
    desk.keyboard.press("j")
    desk.keyboard.press("x")
    expect(desk.get_by_text("1 aangevinkt:")).to_be_visible()
    desk.keyboard.press("o")
    expect(desk.get_by_role("heading", name="Wat is er aan de hand?")).to_be_visible()
    expect(desk.get_by_role("button", name="Toetsen")).to_be_visible()
    desk.keyboard.press("r")
    expect(desk.get_by_label("Antwoord aan de melder")).to_be_focused()
    desk.keyboard.press("Escape")
    desk.locator("h1").click()
    desk.keyboard.press("i")
    expect(desk).to_have_url(re.compile("regio=westelijke-mijnstreek"))


def test_what_was_typed_survives_another_form_and_a_lost_session(
    site: Site, officer: Officer
) -> None:
    add_examples_to(site)
    desk = officer("bo@rho.example")
    desk.goto("/beheer/meldingen?status=nieuw&eigenaar=geen")
    desk.locator("a.open").first.click()
    expect(desk.get_by_role("button", name="Toetsen")).to_be_visible()
    desk.get_by_label("Antwoord aan de melder").fill("Half getypt")
    desk.get_by_role("button", name="Ik pak dit op").click()
    expect(desk.get_by_text("De eigenaar is gewijzigd.")).to_be_visible()
    expect(desk.get_by_label("Antwoord aan de melder")).to_have_value("Half getypt")
    cookies = [one for one in desk.context.cookies() if one["name"] != "regiowijzer_beheer"]
    desk.context.clear_cookies()
    desk.context.add_cookies(cookies)
    desk.get_by_role("button", name="Opslaan", exact=True).first.click()
    expect(desk.get_by_text("Je was uitgelogd, dus er is niets opgeslagen.")).to_be_visible()
    desk.get_by_label("E-mailadres").fill("bo@rho.example")
    desk.get_by_label("Wachtwoord").fill(PASSWORD)
    desk.get_by_role("button", name="Inloggen").click()
    expect(desk.get_by_label("Antwoord aan de melder")).to_have_value("Half getypt")
    desk.get_by_role("button", name="Opslaan, dan de volgende").click()
    expect(desk.get_by_text("Opgeslagen.")).to_be_visible()
    desk.wait_for_load_state()  # its script ends the draft
    desk.go_back()
    expect(desk.get_by_role("button", name="Toetsen")).to_be_visible()
    expect(desk.get_by_label("Antwoord aan de melder")).to_have_value("")


def test_several_at_once_and_export(site: Site, officer: Officer) -> None:
    add_examples_to(site)
    desk = officer("bo@rho.example")
    desk.locator("nav.tabs").get_by_role("link", name="Nieuw").first.click()
    desk.get_by_label("Alles op deze pagina").check()
    desk.get_by_label("Nieuwe status").select_option("in-behandeling")
    desk.get_by_role("button", name="Toepassen").click()
    expect(desk.get_by_text("meldingen aangepast.")).to_be_visible()
    desk.goto("/beheer/meldingen?status=alle&regio=utrecht")
    with desk.expect_download() as download:
        desk.get_by_role("link", name="Excel").click()
    sheet = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes())).active
    assert sheet is not None
    regions = {row[3].value for row in sheet.iter_rows(min_row=2)}
    assert regions == {"Utrecht"}


def test_a_phase_is_set_and_the_assistant_tells_it(page: Page, officer: Officer) -> None:
    desk = officer()
    page.goto("/chat")
    page.locator("#tekst").fill("ik werk in Geleen")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Ik onthoud: regio Westelijke Mijnstreek")).to_be_visible()
    desk.get_by_role("link", name="Fase").click()
    desk.get_by_role("link", name="Stel de fase in van Westelijke Mijnstreek").click()
    desk.get_by_label("Fase", exact=True).select_option("3a")
    desk.get_by_label("Sinds").fill("2026-03-01")
    desk.get_by_label("Kort bericht erbij").fill("Het callcenter is open.")
    desk.get_by_label("Stuur dit ook naar iedereen").check()
    desk.get_by_role("button", name="Verder").click()
    expect(desk.get_by_role("heading", name="Klopt dit?")).to_be_visible()
    desk.get_by_role("button", name="Ja, stel in en verstuur").click()
    told = "geldt nu fase 3a (aanvullend callcenter), sinds 01-03-2026"
    expect(page.get_by_text(told)).to_be_visible()
    page.locator("#tekst").fill("welke fase geldt nu?")
    page.keyboard.press("Enter")
    expect(page.get_by_text("In Westelijke Mijnstreek geldt nu fase 3a").first).to_be_visible()
    desk.reload()
    expect(desk.get_by_text("1 van 1").first).to_be_visible()


def test_contacts_are_filled_in(officer: Officer) -> None:
    desk = officer()
    desk.get_by_role("link", name="Contact").click()
    desk.get_by_role("link", name="Wijzig Utrecht").click()
    desk.get_by_label("Leestijden").fill("werkdagen tussen 9 en 17 uur")
    desk.get_by_role("button", name="Opslaan").click()
    expect(desk.get_by_text("De contactgegevens zijn bewaard.")).to_be_visible()
    expect(desk.get_by_text("werkdagen tussen 9 en 17 uur").first).to_be_visible()


def test_a_handler_sees_one_region_and_no_people(site: Site, officer: Officer) -> None:
    add_examples_to(site)
    desk = officer("bo@rho.example", Role.HANDLER, MINES)
    expect(desk.get_by_role("link", name="Mensen")).to_have_count(0)
    expect(desk.locator("[data-row]", has_text="Utrecht")).to_have_count(0)
    for address in ("/beheer/mensen", "/beheer/toegang", "/beheer/logboek", "/beheer/fase/utrecht"):
        response = desk.goto(address)
        assert response is not None and response.status == 403
        expect(desk.get_by_role("heading", name="Geen toegang")).to_be_visible()


@pytest.mark.parametrize("options", [{}, {"viewport": PHONE}, {"color_scheme": "dark"}])
def test_every_page_is_accessible_and_fits(
    site: Site,
    officer: Officer,
    new_context: Callable[..., BrowserContext],
    options: dict[str, object],
) -> None:
    add_examples_to(site)
    signed_in = officer("bo@rho.example")
    context = new_context(**options)
    page = context.new_page()
    found = wrong_pages(page, ["/beheer/inloggen"])
    context.add_cookies(signed_in.context.cookies())
    found |= wrong_pages(page, PAGES)
    page.goto("/beheer/fase/utrecht")
    page.get_by_label("Fase", exact=True).select_option("2")
    page.get_by_role("button", name="Verder").click()
    expect(page.get_by_role("heading", name="Klopt dit?")).to_be_visible()
    assert not faults(page) and not found
    page.goto("/beheer/mensen")
    page.get_by_role("link", name="Voorbeeld Collega").click()
    expect(page.get_by_label("Naam")).to_be_visible()
    assert not faults(page)
    page.goto("/beheer/toegang")
    page.get_by_role("textbox", name="Praktijk").fill("Voorbeeldpraktijk De Eik")
    page.get_by_role("button", name="Maak een link").click()
    expect(page.get_by_label("Link naar de chat", exact=True)).to_be_visible()
    assert not faults(page)


def add_examples_to(site: Site) -> None:
    with site.database.work() as work:
        now = work.now()
    add_examples(site.database, "no hash", now)
