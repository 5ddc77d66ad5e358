"""What people do on the chat's page, and what they see there."""

from typing import Protocol

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

QUESTION = "wie coördineert het noodplan?"
CHECKLIST = "buurpraktijk is ineens dicht, wat nu?"
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 800}
TIMEOUT_MS = 15_000


class Site(Protocol):
    url: str


def open_chat(page: Page, site: Site) -> None:
    page.set_default_timeout(TIMEOUT_MS)
    page.goto(f"{site.url}/chat")


def replies(page: Page) -> Locator:
    return page.locator(".line.reply")


def said(page: Page) -> Locator:
    return page.locator(".line.said .bubble")


def button(page: Page, label: str) -> Locator:
    """The button with this label that is on the screen now."""
    return page.locator(".live .choices button", has_text=label).first


def expect_reply(page: Page, text: str) -> None:
    expect(replies(page).last).to_contain_text(text, timeout=TIMEOUT_MS)
    expect(page.locator("#typing")).to_be_hidden()


def say(page: Page, text: str, answer: str) -> None:
    """Type and press Enter; wait for what is answered."""
    page.locator("#tekst").fill(text)
    page.keyboard.press("Enter")
    expect_reply(page, answer)


def tap(page: Page, label: str, answer: str) -> None:
    button(page, label).click()
    expect_reply(page, answer)


def faults(page: Page) -> list[str]:
    """What axe finds wrong with the page as it is now."""
    found = Axe().run(page).response["violations"]
    return [f"{fault['id']}: {[node['target'] for node in fault['nodes']]}" for fault in found]


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than the screen."""
    width = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    return int(page.evaluate(width))
