"""Whether pages can be used by everyone: what axe finds wrong, and what does not fit."""

from collections.abc import Callable, Iterable

from playwright.sync_api import Page

from tests.browser.chat_page import faults, overflow


def wrong(page: Page) -> list[str]:
    """What is wrong with the page as it is now."""
    page.wait_for_load_state()  # after a tap, styles may be on their way
    wide = overflow(page)
    return faults(page) + ([f"{wide} pixels too wide"] if wide > 0 else [])


def wrong_pages(
    page: Page, addresses: Iterable[str], visit: Callable[[Page, str], object] = Page.goto
) -> dict[str, list[str]]:
    """Visit each address; gives those where something is wrong."""
    found = {}
    for address in addresses:
        visit(page, address)
        if problems := wrong(page):
            found[address] = problems
    return found
