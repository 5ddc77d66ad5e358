"""The privacy statement in a real browser: found from the chat, usable by everyone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext

from tests.browser.conftest import DESKTOP
from tests.browser.every_page import wrong


@pytest.mark.parametrize("size", [DESKTOP, {"width": 375, "height": 740}], ids=["desk", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_found_from_the_chat_and_axe_finds_nothing(
    new_context: Callable[..., BrowserContext], size: dict[str, int], scheme: str
) -> None:
    page = new_context(viewport=size, color_scheme=scheme).new_page()
    page.goto("/chat")
    page.locator("#privacy").get_by_role("link", name="Privacy").click()
    page.wait_for_url("**/privacy")
    assert page.get_by_role("heading", level=1).inner_text() == "Privacyverklaring"
    assert wrong(page) == []
    page.get_by_role("link", name="Naar de chat").click()
    page.wait_for_url("**/chat")
