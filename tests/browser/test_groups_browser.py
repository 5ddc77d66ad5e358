"""Groups in real browsers: a reporter joins one in the chat, and is answered with all others."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from bottlenecks.desk.examples.adding import add_examples
from bottlenecks.roles import Role
from tests.browser.chat_page import say, tap
from tests.browser.conftest import PHONE, Site
from tests.browser.every_page import wrong, wrong_pages

PROBLEM = "al drie organisaties gebeld, er is geen thuiszorg te vinden in Utrecht, graag melden"
TITLE = "Geen thuiszorg te vinden in Utrecht en omgeving"
ANSWER = "Vanaf maandag is er weer plek bij twee organisaties."
LIST = "/beheer/groepen"
Officer = Callable[..., Page]


@pytest.fixture
def examples(site: Site) -> None:
    with site.database.reading() as work:
        now = work.now()
    add_examples(site.database, "no hash", now)


def report_in_chat(page: Page) -> None:
    """Report a problem as someone in a practice does, up to the question about a group."""
    page.goto("/chat")
    page.locator("#tekst").fill(PROBLEM)
    page.keyboard.press("Enter")
    for label in ("Midden", "Anoniem melden", "Ja, graag", "Versturen"):
        page.locator(".live .choices button", has_text=label).first.click()
    expect(page.get_by_text("Hoort jouw melding hierbij?")).to_be_visible()


def test_a_reporter_joins_and_is_answered_with_the_others(
    site: Site, page: Page, officer: Officer, examples: None
) -> None:
    desk = officer("bo@rho.example")
    report_in_chat(page)
    expect(page.get_by_text(f'meldden ook: "{TITLE}"')).to_be_visible()
    tap(page, "Ja, hoort erbij", "hoort er nu bij")

    desk.get_by_role("link", name="Groepen").click()
    desk.get_by_role("link", name=TITLE).click()
    expect(desk.get_by_role("heading", name="6 meldingen")).to_be_visible()
    expect(desk.get_by_text("Melder voegde toe: KP-")).to_be_visible()
    desk.get_by_label("Antwoord aan alle melders").fill(ANSWER)
    desk.get_by_label("Status", exact=True).select_option("opgelost")
    desk.get_by_role("button", name="Verder").click()
    expect(desk.get_by_role("heading", name="Dit gaat naar 1 melder")).to_be_visible()
    expect(desk.get_by_text("6 meldingen krijgen deze status.")).to_be_visible()
    expect(desk.get_by_text(": een voorbeeld")).to_be_visible()

    # going back keeps what was typed; sending clears it
    desk.get_by_role("button", name="Terug").click()
    expect(desk.get_by_label("Antwoord aan alle melders")).to_have_value(ANSWER)
    expect(desk.get_by_label("Status", exact=True)).to_have_value("opgelost")
    desk.get_by_role("button", name="Verder").click()
    desk.get_by_role("button", name="Ja, verstuur naar 1 melder").click()
    expect(
        desk.get_by_text("Verstuurd naar 1 melder. Status: opgelost (6 meldingen).")
    ).to_be_visible()
    expect(desk.get_by_label("Antwoord aan alle melders")).to_have_value("")
    # the chat stood open all the time
    expect(page.get_by_text(ANSWER)).to_be_visible()
    expect(page.get_by_text("is afgerond: opgelost")).to_have_count(1)


def test_the_question_may_be_passed_by(
    site: Site, page: Page, officer: Officer, examples: None
) -> None:
    report_in_chat(page)
    say(page, "wie coördineert het noodplan?", "eindverantwoordelijk")
    say(page, "wat is de status van mijn melding?", "nieuw, nog niet bekeken")


def test_a_group_begins_with_what_stands_side_by_side(officer: Officer, examples: None) -> None:
    desk = officer("bo@rho.example")
    desk.goto("/beheer/meldingen?zoek=avondinjectie")
    desk.locator("a.open").first.click()
    expect(desk.get_by_role("heading", name="Hoort bij")).to_be_visible()
    desk.get_by_role("link", name="Bekijk naast elkaar").click()
    expect(desk.get_by_role("heading", name="Deze melding")).to_be_visible()
    expect(desk.get_by_text("Waarom voorgesteld: zelfde soort").first).to_be_visible()
    desk.get_by_label("Titel").fill("Avondzorg in Geleen")
    desk.get_by_role("button", name="Maak groep van").click()
    expect(desk.get_by_role("heading", name="Avondzorg in Geleen")).to_be_visible()
    desk.get_by_role("link", name="Zoek meldingen die erbij horen").click()
    expect(desk.get_by_role("heading", name="Wat hoort bij groep")).to_be_visible()


def test_a_group_begins_in_the_list(officer: Officer, examples: None) -> None:
    desk = officer("bo@rho.example")
    desk.goto("/beheer/meldingen?soort=ggz&regio=utrecht")
    expect(desk.get_by_label("Alles op deze pagina")).to_be_visible()
    desk.locator("[name=melding]").nth(0).check()
    desk.locator("[name=melding]").nth(1).check()
    desk.get_by_role("button", name="Maak groep").click()
    expect(desk.get_by_role("heading", name="Gaan deze over hetzelfde?")).to_be_visible()
    expect(desk.get_by_label("Titel")).to_have_value("GGZ in Utrecht")
    desk.get_by_role("button", name="Maak groep").click()
    expect(desk.get_by_text("is gemaakt.")).to_be_visible()
    expect(desk.get_by_role("heading", name="2 meldingen")).to_be_visible()
    # the whole way back with the keyboard alone
    desk.get_by_role("button", name="Hoort er niet bij").first.focus()
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", name="1 melding")).to_be_visible()


@pytest.mark.parametrize("options", [{}, {"viewport": PHONE}, {"color_scheme": "dark"}])
def test_every_page_is_accessible_and_fits(
    site: Site,
    officer: Officer,
    examples: None,
    new_context: Callable[..., BrowserContext],
    options: dict[str, object],
) -> None:
    signed_in = officer("bo@rho.example", Role.HANDLER)
    context = new_context(**options)
    context.add_cookies(signed_in.context.cookies())
    page = context.new_page()
    loose = _loose(signed_in)
    addresses = (
        LIST,
        f"{LIST}?zoek=bestaatniet",
        f"{LIST}?status=alle",
        f"{LIST}/1",
        f"{LIST}/1/meer",
        f"{LIST}/nieuw",
        f"{LIST}/nieuw?melding={loose}",
        f"{LIST}/bij/{loose}",
        f"/beheer/meldingen/{loose}",
    )
    found = wrong_pages(page, addresses)
    page.goto(f"{LIST}/1")
    page.get_by_label("Antwoord aan alle melders").fill(ANSWER)
    page.get_by_role("button", name="Verder").click()
    expect(page.get_by_role("heading", name="Klopt dit?")).to_be_visible()
    assert not wrong(page) and not found


def _loose(desk: Page) -> str:
    """A report of no group that others are like."""
    desk.goto("/beheer/meldingen?zoek=avondinjectie")
    return desk.locator("a.open").first.inner_text().split(" ")[0]
