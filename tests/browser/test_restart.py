"""The process ends and starts again while a page of the chat stays open."""

import pytest
from playwright.sync_api import Page, expect

from bot.settings import Settings
from dialogues.assistant import Assistant
from tests.browser.chat_page import CHECKLIST, expect_reply, open_chat, said, say, tap
from tests.browser.conftest import Site
from tests.serving import Serving


@pytest.mark.parametrize("typed_while_down", [True, False])
def test_a_checklist_goes_on_after_a_restart(
    site: Site, page: Page, settings: Settings, assistant: Assistant, typed_while_down: bool
) -> None:
    open_chat(page, site)
    say(page, CHECKLIST, "Vertel patiënten")
    tap(page, "Stap voor stap", "Stap 1 van 8")
    site.serving.stop()
    if typed_while_down:
        page.locator("#tekst").fill("gedaan")
        page.keyboard.press("Enter")
        expect(page.locator("#banner")).to_have_text("Geen verbinding. Ik probeer het opnieuw.")
    same_port = settings.model_copy(update={"port": int(site.url.rsplit(":", 1)[1])})
    with Serving(same_port, site.database, assistant):
        if not typed_while_down:
            page.locator("#tekst").fill("gedaan")
            page.keyboard.press("Enter")
        expect_reply(page, "1 van 7 gedaan")
    assert said(page).all_inner_texts().count("gedaan") == 1
