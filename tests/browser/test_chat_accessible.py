"""The chat for everyone: checked with axe, with large text, on a phone, in the dark."""

import pytest
from playwright.sync_api import Page

from tests.browser.chat_page import (
    CHECKLIST,
    DESK,
    PHONE,
    Site,
    button,
    expect_reply,
    faults,
    open_chat,
    overflow,
    say,
    tap,
)


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(site: Site, page: Page, size: dict[str, int], scheme: str) -> None:
    page.set_viewport_size(size)  # type: ignore[arg-type]
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    open_chat(page, site)
    assert faults(page) == []
    say(page, CHECKLIST, "Vertel patiënten")
    assert faults(page) == []
    tap(page, "Stap voor stap", "Stap 1 van 8")
    tap(page, "Bandje", "Stap 1 van 8")
    say(page, "overzicht", "Stap 1 van 8")
    say(page, "stop", "Gestopt")
    say(page, "welke maatregelen kunnen er in het noodplan?", "zeven maatregelen")
    tap(page, "Stap voor stap", "Hoe groot")
    tap(page, "Groot tekort", "Wat is er bij jullie")
    tap(page, "De spoedpost kan", "Gekozen")
    assert faults(page) == []
    assert overflow(page) == 0
    if size is PHONE:
        page.locator("#menu summary").click()
        assert faults(page) == []


def test_text_twice_as_large_fits_on_a_phone(site: Site, page: Page) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    open_chat(page, site)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    say(page, "welke maatregelen kunnen er in het noodplan?", "zeven maatregelen")
    assert overflow(page) == 0
    tap(page, "Stap voor stap", "Hoe groot")
    tap(page, "Groot tekort", "Wat is er bij jullie")
    assert overflow(page) == 0
    assert faults(page) == []
    box = button(page, "De spoedpost kan misschien overdag open")
    box.scroll_into_view_if_needed()
    box.click()
    expect_reply(page, "Gekozen")


def test_the_focus_is_never_behind_the_input(site: Site, page: Page) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    open_chat(page, site)
    say(page, CHECKLIST, "Vertel patiënten")
    page.locator("#tekst").focus()
    hidden = """() => {
      const at = document.activeElement.getBoundingClientRect();
      const bars = [...document.querySelectorAll('.top, .composer')];
      const apart = document.activeElement.matches('.top *, .composer *, .skip');
      const [top, bottom] = bars.map((bar) => bar.getBoundingClientRect());
      return !apart && (at.top >= bottom.top || at.bottom <= top.bottom);
    }"""
    for _ in range(12):
        page.keyboard.press("Shift+Tab")
        assert not page.evaluate(hidden), page.evaluate("document.activeElement.outerHTML")
