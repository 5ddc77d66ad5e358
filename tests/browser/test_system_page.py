"""The page of the system in a real browser: what was set aside goes out after all."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Site
from tests.browser.every_page import wrong
from tests.test_dead_letters import fails

SYSTEM = "/beheer/systeem"
Officer = Callable[..., Page]


def blocks_the_bot(site: Site) -> None:
    """Anna's answer cannot be delivered."""
    anna = site.api.user(1)
    site.api.fail_next("sendMessage", 403)
    site.api.fail_next("sendMessage", 403)
    anna.says("wie coördineert het noodplan?")
    site.api.wait_acknowledged()
    site.serving.settle()


def test_a_reply_goes_out_after_all(site: Site, officer: Officer) -> None:
    blocks_the_bot(site)
    desk = officer()
    desk.goto(SYSTEM)
    expect(desk.get_by_text("de ontvanger blokkeerde de bot of is weg")).to_have_count(2)
    desk.get_by_role("button", name="Alles opnieuw (2)").focus()
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("2 berichten worden opnieuw geprobeerd.")).to_be_visible()
    site.api.user(1).wait_for("standaard eindverantwoordelijk")
    expect(desk.get_by_text("Er is niets blijven liggen.")).to_be_visible()


def test_throwing_away_asks_first(site: Site, officer: Officer) -> None:
    update = fails(site.database)
    desk = officer()
    desk.goto(SYSTEM)
    expect(desk.get_by_role("button", name="Gooi weg")).to_be_hidden()
    desk.get_by_text("Weggooien").click()
    desk.get_by_role("button", name="Gooi weg").click()
    expect(desk.get_by_text(f"inbox-{update} is weggegooid.")).to_be_visible()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everyone_can_use_it(
    site: Site,
    officer: Officer,
    new_context: Callable[..., BrowserContext],
    size: dict[str, int],
    scheme: str,
) -> None:
    blocks_the_bot(site)
    desk = officer()
    context = new_context(
        viewport=size, color_scheme=scheme, storage_state=desk.context.storage_state()
    )
    looking = context.new_page()
    looking.goto(SYSTEM)
    looking.get_by_text("Weggooien").first.click()
    looking.get_by_role("button", name="Gooi weg").first.click()
    looking.get_by_text("Inhoud gewist: 1").click()
    looking.get_by_text("Weggooien").first.click()
    assert wrong(looking) == []
