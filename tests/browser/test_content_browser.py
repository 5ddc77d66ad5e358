"""Two officers keep an answer true in a real browser; the chat says it at the next message."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from bottlenecks.roles import EVERYWHERE, Role
from tests.browser.chat_page import say
from tests.browser.conftest import PHONE, Site
from tests.browser.every_page import wrong, wrong_pages

QUESTION = "wie coördineert het noodplan?"
TITLE = "Wie coördineert het noodplan?"
ANSWER = (
    "Dat staat vooraf niet vast: geen enkele partij is standaard eindverantwoordelijk.\n\n"
    "Spreek samen af wie het opstellen coördineert. De RHO) kan coördineren en faciliteren.\n\n"
    "Minstens deze doen mee:\n- huisartsen\n- de RHO\n- de preferente zorgverzekeraar(s)"
)


def opens_topic(page: Page) -> None:
    page.goto("/beheer/inhoud")
    page.get_by_role("searchbox").fill("coordinatie")
    page.get_by_role("button", name="Toon", exact=True).click()
    page.get_by_role("link", name=TITLE).click()
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()


def test_an_answer_is_corrected_with_a_colleagues_approval(
    page: Page, officer: Callable[..., Page], site: Site
) -> None:
    page.goto("/chat")
    say(page, QUESTION, "Spreek daarom duidelijk af")

    ada = officer()
    opens_topic(ada)
    ada.get_by_role("link", name="Stel een wijziging voor").click()
    ada.get_by_label("Antwoord", exact=True).fill("Bel 06 12345678 [naam].")
    ada.get_by_label("Waarom deze wijziging?").fill("Dit leest korter.")
    ada.get_by_role("button", name="Dien in").click()
    expect(ada.get_by_role("alert").first).to_contain_text("de controle vond iets")
    expect(
        ada.get_by_text("het telefoonnummer “06 12345678” staat niet in een bron").first
    ).to_be_visible()
    expect(ada.get_by_text("(noodplan.yml, regel 4)").first).to_be_visible()
    expect(ada.get_by_label("Waarom deze wijziging?")).to_have_value("Dit leest korter.")
    ada.get_by_label("Antwoord", exact=True).fill(ANSWER)
    ada.get_by_role("button", name="Bekijk wat verandert").click()
    expect(ada.get_by_text("De controle vond niets.")).to_be_visible()
    expect(ada.locator("del").first).to_be_visible()
    ada.get_by_role("button", name="Dien in").click()
    expect(ada.get_by_text("Een collega moet het goedkeuren.").first).to_be_visible()
    expect(ada.get_by_role("button", name="Keur goed")).to_have_count(0)

    bo = officer("bo@rho.example", Role.HANDLER, EVERYWHERE, "Bo")
    bo.goto("/beheer/inhoud")
    bo.get_by_role("region", name="Voorstellen").get_by_role("link", name=TITLE).click()
    bo.get_by_role("button", name="Keur goed").click()
    expect(bo.get_by_text("Goedgekeurd. De assistent zegt dit vanaf nu.")).to_be_visible()

    say(page, QUESTION, "Spreek samen af wie het opstellen coördineert.")


def test_the_pages_fit_a_phone_and_work_without_scripts(
    officer: Callable[..., Page], new_context: Callable[..., BrowserContext]
) -> None:
    signed_in = officer().context
    context = new_context(viewport=PHONE, is_mobile=True, java_script_enabled=False)
    context.add_cookies(signed_in.cookies())
    page = context.new_page()
    for path in ("", "/onderwerp/thuiszorg/vinden", "/wijzig/thuiszorg/vinden"):
        page.goto(f"/beheer/inhoud{path}")
        box = page.locator("main").bounding_box()
        assert box is not None and box["width"] <= PHONE["width"], path
    page.get_by_label("Titel").fill("Hoe vind ik hulp thuis?")
    page.get_by_label("Waarom deze wijziging?").fill("Korter.")
    page.get_by_role("button", name="Bewaar als concept").click()
    expect(page.get_by_text("Bewaard als concept.")).to_be_visible()
    page.get_by_role("button", name="Dien in").click()
    expect(page.get_by_text("Je voorstel is ingediend.")).to_be_visible()


def test_the_keyboard_reaches_every_button_of_a_proposal(officer: Callable[..., Page]) -> None:
    page = officer()
    page.goto("/beheer/inhoud/wijzig/thuiszorg/vinden")
    page.get_by_label("Titel").fill("Hoe vind ik hulp thuis?")
    page.get_by_label("Waarom deze wijziging?").focus()
    page.keyboard.type("Korter.")
    for _ in range(3):
        page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Bewaar als concept")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Bewaard als concept.")).to_be_visible()


def test_nobody_is_shut_out(
    officer: Callable[..., Page], new_context: Callable[..., BrowserContext]
) -> None:
    cookies = officer().context.cookies()
    for scheme in ("light", "dark"):
        context = new_context(viewport=PHONE, is_mobile=True, color_scheme=scheme)
        context.add_cookies(cookies)
        page = context.new_page()
        addresses = ("/beheer/inhoud", "/beheer/inhoud/onderwerp/thuiszorg/vinden")
        assert not wrong_pages(page, addresses)
        page.goto("/beheer/inhoud/wijzig/thuiszorg/vinden")
        page.get_by_label("Antwoord", exact=True).fill("In Utrecht (27 januari 2022) bel je eerst.")
        page.get_by_label("Waarom deze wijziging?").fill("Korter.")
        page.get_by_role("button", name="Bewaar als concept").click()
        page.get_by_text("Zo komt het in het bestand te staan").click()
        assert not wrong(page)
        page.get_by_role("link", name="Wijzig de tekst").click()
        page.get_by_label("Titel").fill("Anders")
        page.get_by_role("button", name="Bekijk wat verandert").click()
        assert not wrong(page)
