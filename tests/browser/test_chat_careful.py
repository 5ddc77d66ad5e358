"""Nothing goes by accident, and all is within reach: clicks, empty messages, menu, keyboard."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chat_page import (
    CHECKLIST,
    PHONE,
    QUESTION,
    Site,
    button,
    expect_reply,
    open_chat,
    overflow,
    said,
    say,
    tap,
)


def click_where(page: Page, label: str) -> None:
    """A click at the place of a button, whether it takes it or not."""
    box = button(page, label).bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 20, box["y"] + box["height"] / 2)


def test_a_second_click_does_not_hit_the_next_step(site: Site, page: Page) -> None:
    open_chat(page, site)
    say(page, CHECKLIST, "Vertel patiënten")
    tap(page, "Stap voor stap", "Stap 1 van 8")
    tap(page, "Gedaan", "1 van 7 gedaan")
    click_where(page, "Gedaan")
    page.wait_for_timeout(1500)
    expect(said(page)).to_have_text([CHECKLIST, "Stap voor stap", "Gedaan"])
    assert button(page, "Gedaan").is_enabled()
    click_where(page, "Gedaan")
    expect_reply(page, "2 van 7 gedaan")
    # the keyboard need not wait
    button(page, "Gedaan").focus()
    page.keyboard.press("Enter")
    expect_reply(page, "3 van 7 gedaan")


def test_an_empty_message_is_not_sent_but_explained(site: Site, page: Page) -> None:
    open_chat(page, site)
    nudge = page.locator("#nudge")
    send = page.get_by_role("button", name="Bericht sturen", exact=True)
    send.click()
    expect(nudge).to_have_text("Typ eerst iets, of kies een knop.")
    expect(nudge).to_have_attribute("role", "status")
    page.keyboard.type("h")
    expect(nudge).to_have_text("")
    page.locator("#tekst").fill("  \n ")
    page.keyboard.press("Enter")
    expect(nudge).to_be_visible()
    expect(page.locator(".line")).to_have_count(0)
    say(page, "hallo", "")
    expect(nudge).to_have_text("")


@pytest.mark.parametrize(
    ("width", "height", "font"),
    [(360, 740, "200%"), (740, 360, ""), (640, 400, ""), (360, 740, "")],
)
def test_the_menu_is_within_reach(
    site: Site, page: Page, width: int, height: int, font: str
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    open_chat(page, site)
    page.evaluate("(size) => { document.documentElement.style.fontSize = size }", font)
    say(page, CHECKLIST, "Vertel patiënten")
    page.mouse.wheel(0, 5000)
    page.locator("#menu summary").click()
    panel = page.locator("#menu nav").bounding_box()
    assert panel is not None
    assert panel["x"] >= 0 and panel["x"] + panel["width"] <= width
    assert panel["y"] >= 0 and panel["y"] + panel["height"] <= height
    assert overflow(page) == 0
    page.locator("#menu").get_by_role("button", name="Opnieuw beginnen").click()
    expect(said(page).last).to_have_text("Opnieuw beginnen")


def test_a_step_and_its_buttons_are_in_view_together(site: Site, page: Page) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    open_chat(page, site)
    say(page, CHECKLIST, "Vertel patiënten")
    tap(page, "Stap voor stap", "Stap 1 van 8")
    tap(page, "Gedaan", "1 van 7 gedaan")
    page.wait_for_timeout(300)
    step = page.locator(".live .bubble").last.bounding_box()
    last = page.locator(".live .choice").last.bounding_box()
    bar = page.locator(".composer").bounding_box()
    assert step and last and bar
    assert step["y"] >= 56 and last["y"] + last["height"] <= bar["y"]
    source = page.locator(".live .source-line").last
    expect(source).to_contain_text("Bron: Noodplan")
    folded = source.bounding_box()
    source.click()
    opened = source.bounding_box()
    assert folded and opened and folded["height"] < 30 < opened["height"]


def test_numbers_are_explained_until_a_button_is_chosen(site: Site, page: Page) -> None:
    open_chat(page, site)
    hint = page.get_by_text("Typ het nummer van een knop, of tik erop.")
    expect(hint).to_be_hidden()
    say(page, QUESTION, "eindverantwoordelijk")
    expect(hint).to_be_visible()
    numbers = page.locator(".live .number").all_inner_texts()
    assert numbers == [str(number) for number in range(1, len(numbers) + 1)]
    name = re.compile(r"^1 \S")
    expect(page.locator(".live").get_by_role("button", name=name)).to_have_count(1)
    page.keyboard.type("1")
    page.keyboard.press("Enter")
    expect(said(page)).to_have_count(2)
    expect_reply(page, "Bron")
    expect(hint).to_be_hidden()


def test_from_the_input_to_the_buttons_and_back(site: Site, page: Page) -> None:
    open_chat(page, site)
    say(page, CHECKLIST, "Vertel patiënten")
    tap(page, "Stap voor stap", "Stap 1 van 8")
    expect(page.locator("#tekst")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Naar de knoppen")).to_be_focused()
    page.keyboard.press("Enter")
    expect(button(page, "Gedaan")).to_be_focused()
    page.keyboard.press("Tab")
    expect(button(page, "Later")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#tekst")).to_be_focused()


def test_what_is_not_sent_yet_stays_in_view_and_says_whose_it_is(site: Site, page: Page) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    open_chat(page, site)
    say(page, CHECKLIST, "Vertel patiënten")
    page.context.set_offline(True)
    page.locator("#tekst").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator("#banner")).to_have_text("Geen verbinding. Ik probeer het opnieuw.")
    state = page.locator(".line.pending .time")
    expect(state).to_have_text("Nog niet verstuurd")
    expect(page.locator(".line.pending")).to_contain_text("Jij:")
    page.wait_for_timeout(300)
    place, bar = state.bounding_box(), page.locator(".composer").bounding_box()
    assert place and bar and place["y"] + place["height"] <= bar["y"]
    page.context.set_offline(False)
    expect_reply(page, "eindverantwoordelijk")
