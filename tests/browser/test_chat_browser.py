"""The chat as people use it in a browser: with a mouse, with the keyboard only, offline."""

import io
import re
from collections.abc import Callable

from docx import Document
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.chat_page import (
    CHECKLIST,
    PHONE,
    QUESTION,
    Site,
    button,
    expect_reply,
    open_chat,
    replies,
    said,
    say,
    tap,
)


def test_a_question_is_answered_without_a_new_page(site: Site, page: Page) -> None:
    open_chat(page, site)
    page.evaluate("window.same = true")
    say(page, QUESTION, "geen enkele partij is standaard eindverantwoordelijk")
    expect(said(page)).to_have_text(QUESTION)
    expect(replies(page).last.locator(".source")).to_contain_text("Bron: Noodplan bij acuut")
    expect(page.locator("#tekst")).to_be_focused()
    expect(page.locator("#tekst")).to_have_value("")
    assert page.evaluate("window.same")


def test_the_whole_checklist_with_the_keyboard_only(site: Site, page: Page) -> None:
    open_chat(page, site)
    expect(page.locator("#tekst")).to_be_focused()
    page.keyboard.type(CHECKLIST)
    page.keyboard.press("Enter")
    expect_reply(page, "Vertel patiënten")
    page.keyboard.type("1")  # the number on the button
    page.keyboard.press("Enter")
    expect_reply(page, "Stap 1 van 8")
    expect(said(page).last).to_have_text("Stap voor stap")
    # Shift+Tab goes from the input back to the buttons, last one first
    for _ in range(20):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.innerText.includes('Gedaan')"):
            break
    page.keyboard.press("Enter")
    expect_reply(page, "1 van 7 gedaan")
    expect(page.locator("#tekst")).to_be_focused()
    for done in range(2, 8):
        page.keyboard.type("gedaan")
        page.keyboard.press("Enter")
        expect_reply(page, f"{done} van 7 gedaan")


def test_shift_enter_makes_a_line_and_the_menu_closes_with_escape(site: Site, page: Page) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    open_chat(page, site)
    page.locator("#tekst").focus()
    page.keyboard.type("eerste regel")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("tweede regel")
    expect(page.locator("#tekst")).to_have_value("eerste regel\ntweede regel")
    expect(page.locator(".line")).to_have_count(0)
    menu = page.locator("#menu summary")
    menu.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#menu nav")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#menu nav")).to_be_hidden()
    expect(menu).to_be_focused()
    menu.click()
    page.locator("#menu").get_by_text("Mijn meldingen").click()
    expect_reply(page, "melding")
    expect(page.locator("#menu nav")).to_be_hidden()


def test_boxes_are_ticked_where_they_stand(site: Site, page: Page) -> None:
    open_chat(page, site)
    say(page, "welke maatregelen kunnen er in het noodplan?", "zeven maatregelen")
    tap(page, "Stap voor stap", "Hoe groot is het tekort?")
    tap(page, "Groot tekort", "Wat is er bij jullie")
    spoedpost, buurt = (
        button(page, "De spoedpost kan misschien overdag open"),
        button(page, "Praktijken in de buurt hebben ruimte"),
    )
    # faster than the answers come
    page.evaluate(
        """() => [...document.querySelectorAll(".live .box")]
          .filter((box) => /spoedpost|buurt/.test(box.innerText))
          .forEach((box) => box.click())"""
    )
    expect_reply(page, "Gekozen: Praktijken in de buurt hebben ruimte; De spoedpost")
    expect(spoedpost).to_have_attribute("aria-pressed", "true")
    expect(buurt).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".line.tick")).to_have_count(0)
    buurt.focus()
    page.keyboard.press("Space")
    expect_reply(page, "Gekozen: De spoedpost")
    expect(buurt).to_be_focused()
    expect(buurt).to_have_attribute("aria-pressed", "false")
    tap(page, "Klaar (1 gekozen)", "Stap 3 van 4")


def test_a_report_is_made_and_followed(site: Site, page: Page) -> None:
    open_chat(page, site)
    text = "al drie organisaties gebeld, nergens thuiszorg te vinden in Geleen, graag melden"
    say(page, text, "Hoe ernstig is het?")
    tap(page, "Hoog", "Van welke praktijk")
    tap(page, "Anoniem melden", "Wil je antwoord")
    tap(page, "Nee, niet nodig", "Klopt dit?")
    summary = replies(page).last.locator("dl")
    expect(summary).to_contain_text("Westelijke Mijnstreek")
    tap(page, "Versturen", "Het meldingsnummer is KP-")
    tap(page, "Status bekijken", "KP-")


def test_the_word_document_is_downloaded(site: Site, page: Page) -> None:
    open_chat(page, site)
    say(page, CHECKLIST, "Vertel patiënten")
    tap(page, "Stap voor stap", "Stap 1 van 8")
    for number in range(1, 8):
        tap(page, "Later", f"{number} later")
    button(page, "Lijst als Word-bestand").click()
    link = page.locator("a.file").last
    expect(link).to_contain_text("Download checklist-")
    with page.expect_download() as downloading:
        link.click()
    download = downloading.value
    assert download.suggested_filename.startswith("checklist-")
    content = download.path().read_bytes()
    assert len(Document(io.BytesIO(content)).tables[0].rows) == 8


def test_a_text_is_copied(site: Site, page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_chat(page, site)
    say(page, CHECKLIST, "Vertel patiënten")
    tap(page, "Stap voor stap", "Stap 1 van 8")
    tap(page, "Bandje: praktijk gesloten", "Stap 1 van 8")
    page.get_by_role("button", name="Kopieer: Bandje: praktijk gesloten").click()
    expect(page.locator("#status")).to_have_text("Gekopieerd")
    assert "U belt met" in page.evaluate("navigator.clipboard.readText()")


def test_a_lost_connection_loses_nothing(site: Site, page: Page) -> None:
    open_chat(page, site)
    say(page, "hallo", "")
    page.context.set_offline(True)
    page.locator("#tekst").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator("#banner")).to_have_text("Geen verbinding. Ik probeer het opnieuw.")
    expect(page.locator(".line.pending")).to_contain_text(QUESTION)
    expect(page.locator(".line.pending")).to_contain_text("Nog niet verstuurd")
    page.context.set_offline(False)
    expect_reply(page, "eindverantwoordelijk")
    expect(page.locator(".line.pending")).to_have_count(0)
    expect(said(page).last).to_have_text(QUESTION)
    expect(page.locator("#banner")).to_have_text("")


def test_what_was_not_sent_survives_a_reload_and_is_sent_once(site: Site, page: Page) -> None:
    open_chat(page, site)
    say(page, "hallo", "")
    # the message arrives, but the page never hears of it
    page.route("**/chat/bericht", lambda route: (route.fetch(), route.abort())[1])
    page.locator("#tekst").fill(QUESTION)
    page.keyboard.press("Enter")
    expect_reply(page, "eindverantwoordelijk")
    page.unroute("**/chat/bericht")
    page.reload()
    expect(page.locator(".line.pending")).to_have_count(0)
    expect(said(page)).to_have_text(["hallo", QUESTION])


def test_history_and_draft_are_there_after_a_reload(site: Site, page: Page) -> None:
    open_chat(page, site)
    say(page, QUESTION, "eindverantwoordelijk")
    page.locator("#tekst").fill("half getypt")
    page.reload()
    expect(said(page)).to_have_text([QUESTION])
    expect(page.locator("#tekst")).to_have_value("half getypt")
    tap(page, "Wie doen er mee aan het noodplan?", "Bron")


def test_two_tabs_show_the_same_conversation(site: Site, page: Page) -> None:
    open_chat(page, site)
    say(page, "hallo", "")
    other = page.context.new_page()
    open_chat(other, site)
    say(page, QUESTION, "eindverantwoordelijk")
    expect_reply(other, "eindverantwoordelijk")
    expect(said(other)).to_have_text(["hallo", QUESTION])


def test_markup_in_a_message_is_text(site: Site, page: Page) -> None:
    open_chat(page, site)
    evil = "<img src=x onerror='window.hit=1'><b>vet</b>"
    say(page, evil, "")
    expect(said(page).last).to_have_text(evil)
    page.reload()
    expect(said(page).last).to_have_text(evil)
    assert page.evaluate("window.hit") is None


def test_earlier_messages_are_put_above(site: Site, page: Page) -> None:
    open_chat(page, site)
    for number in range(26):
        say(page, f"dank je {number}", "")
        expect(replies(page)).to_have_count(number + 1)
    page.reload()
    expect(said(page)).to_have_count(25)
    page.locator("#earlier").click()
    expect(said(page)).to_have_count(26)
    expect(page.locator("#earlier")).to_have_count(0)
    expect(page.locator(".day")).to_have_count(1)


def test_a_long_answer_is_read_from_its_beginning(site: Site, page: Page) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    open_chat(page, site)
    say(page, CHECKLIST, "Vertel patiënten")
    top = replies(page).last.locator(".bubble").bounding_box()
    assert top is not None and 40 <= top["y"] <= 120


def test_nothing_comes_from_elsewhere(site: Site, page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    open_chat(page, site)
    say(page, QUESTION, "eindverantwoordelijk")
    assert asked and all(re.match(re.escape(site.url), url) for url in asked)


def test_without_scripts_it_works_too(
    site: Site, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context(java_script_enabled=False).new_page()
    open_chat(page, site)
    page.locator("#tekst").fill(CHECKLIST)
    page.get_by_role("button", name="Bericht sturen", exact=True).click()
    expect(replies(page).last).to_contain_text("Vertel patiënten")
    button(page, "Stap voor stap").click()
    expect(replies(page).last).to_contain_text("Stap 1 van 8")
    button(page, "Gedaan").click()
    expect(replies(page).last).to_contain_text("1 van 7 gedaan")
    expect(said(page)).to_have_text([CHECKLIST, "Stap voor stap", "Gedaan"])
