"""What people ask, in a real browser: counted, labelled, put away, and reported in one tap."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from bottlenecks.desk.examples.adding import add_examples
from bottlenecks.roles import Role
from tests.browser.chat_page import button, faults, say, tap
from tests.browser.conftest import PHONE, Site
from tests.browser.every_page import wrong_pages
from tests.test_learning_store import draft, keep

FOREIGN = "wie wint de eredivisie?"
HAROP = "wat is een harop?"
PAGES = (
    "/beheer/vragen",
    "/beheer/vragen?zoek=bestaatniet",
    "/beheer/vragen/indelen",
    "/beheer/vragen/indelen?ingedeeld=ja",
    "/beheer/vragen/klopt-niet",
    "/beheer/vragen/klopt-niet?afgehandeld=ja",
    "/beheer/meldingen?status=alle&onderwerp=thuiszorg/vinden",
)
Officer = Callable[..., Page]


def test_a_declined_question_is_reported_and_shows_at_the_desk(
    page: Page, officer: Officer
) -> None:
    desk = officer()
    page.goto("/chat")
    say(page, "wat is het telefoonnummer van de meldkamer", "Deze vraag melden")
    tap(page, "Deze vraag melden", "Waar gaat het knelpunt over?")
    for label, answer in (
        ("Iets anders", "In welke regio"),
        ("Utrecht", "Wat heb je al geprobeerd"),
        ("Nog niets", "Hoe ernstig is het"),
        ("Laag", "Van welke praktijk"),
        ("Anoniem melden", "Wil je antwoord"),
        ("Nee, niet nodig", "Waar stel ik vragen over het noodplan?"),
        ("Versturen", "KP-2026-0001"),
    ):
        tap(page, label, answer)
    desk.goto("/beheer/vragen")
    desk.get_by_role("link", name="1 melding: Waar stel ik vragen over het noodplan?").click()
    expect(desk.get_by_text("Onderwerp: Waar stel ik vragen over het noodplan?")).to_be_visible()
    desk.get_by_role("link", name=re.compile("KP-2026-0001")).click()
    desk.get_by_text("Onderwerp kiezen of weghalen").click()
    desk.get_by_label("Onderwerp", exact=True).select_option(label="Wat is een harop?")
    card = desk.locator("details", has_text="Onderwerp kiezen of weghalen")
    card.get_by_role("button", name="Opslaan").click()
    expect(desk.get_by_text("Het onderwerp is aangepast.")).to_be_visible()
    expect(desk.get_by_text("koos het onderwerp: Wat is een harop?")).to_be_visible()


def test_a_task_that_cannot_be_done_is_reported_on_a_phone(phone: Page) -> None:
    phone.goto("/chat")
    say(phone, "buurpraktijk is ineens dicht, wat nu?", "Doe dit")
    tap(phone, "Stap voor stap", "Stap 1 van 8")
    tap(phone, "Gedaan", "Stap 2 van 8")
    tap(phone, "Lukt niet: melden", "Dit heb ik al ingevuld: omschrijving, al geprobeerd")
    expect(button(phone, "Thuiszorg")).to_be_visible()


def test_questions_are_labelled_by_keyboard(site: Site, officer: Officer) -> None:
    keep(site.database, draft("regie?", 0.1, "clarified"), draft(FOREIGN, 0.2))
    desk = officer(role=Role.HANDLER)
    desk.get_by_role("link", name="Vragen", exact=True).click()
    desk.get_by_role("link", name="Vragen indelen 2").click()
    first = desk.get_by_role("group", name="regie?")
    first.get_by_label("Nog niet").focus()
    desk.keyboard.press("ArrowDown")
    expect(first.get_by_label("Wie coördineert het noodplan?")).to_be_checked()
    second = desk.get_by_role("group", name=FOREIGN)
    second.get_by_label("Ander onderwerp", exact=True).fill("Iets over voetbal")
    desk.get_by_role("button", name="Bewaar wat ik koos").click()
    expect(desk.get_by_text("Dit onderwerp is er niet.")).to_be_visible()
    expect(second.get_by_label("Ander onderwerp", exact=True)).to_have_value("Iets over voetbal")
    expect(first.get_by_label("Wie coördineert het noodplan?")).to_be_checked()
    assert not faults(desk)
    second.get_by_label("Buiten bereik").check()
    desk.get_by_role("button", name="Bewaar wat ik koos").click()
    expect(desk.get_by_text("2 vragen bewaard.")).to_be_visible()
    expect(desk.get_by_role("heading", name="Hier is niets te doen")).to_be_visible()
    desk.get_by_role("link", name="Al ingedeeld").click()
    expect(desk.get_by_text("ingedeeld door Ada").first).to_be_visible()


def test_a_wrong_answer_is_put_away(page: Page, officer: Officer) -> None:
    desk = officer(role=Role.HANDLER)
    page.goto("/chat")
    say(page, HAROP, "harop")
    say(page, "dit antwoord klopt niet", "ik heb bewaard")
    desk.goto("/beheer/vragen")
    desk.get_by_role("link", name="1 keer klopt niet: Wat is een harop?").click()
    expect(desk.get_by_role("heading", name="Het antwoord nu")).to_be_visible()
    desk.get_by_label("dit antwoord klopt niet").check()
    desk.get_by_role("button", name="Afgehandeld bij Wat is een harop?").click()
    expect(desk.get_by_text("1 opmerking afgehandeld.")).to_be_visible()
    desk.get_by_role("link", name="Afgehandeld", exact=True).click()
    desk.get_by_label("dit antwoord klopt niet").check()
    desk.get_by_role("button", name="Zet terug bij Wat is een harop?").click()
    expect(desk.get_by_text("1 opmerking teruggezet.")).to_be_visible()


def opens(page: Page, address: str) -> None:
    response = page.goto(address)
    assert response is not None and response.status == 200


@pytest.mark.parametrize("options", [{}, {"viewport": PHONE}, {"color_scheme": "dark"}])
def test_every_page_is_accessible_and_fits(
    site: Site,
    officer: Officer,
    new_context: Callable[..., BrowserContext],
    options: dict[str, object],
) -> None:
    with site.database.work() as work:
        now = work.now()
    add_examples(site.database, "no hash", now)
    signed_in = officer("bo@rho.example")
    context = new_context(**options)
    context.add_cookies(signed_in.context.cookies())
    page = context.new_page()
    assert not wrong_pages(page, PAGES, opens)
