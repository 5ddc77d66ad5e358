"""Whoever sends too fast in a browser is told so, and everything is sent in the end."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from bot.settings import Settings
from tests.browser.chat_page import Site, faults, open_chat, said

WAITING = "Je stuurt veel berichten achter elkaar. Ik verstuur de rest vanzelf"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Two messages a minute."""
    return settings.model_copy(update={"chat_per_minute": 2})


def test_what_is_too_fast_is_sent_later_by_itself(
    site: Site, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_chat(page, site)
    # the page is told to try again each second, because a test has no minute to wait
    waits: list[str] = []

    def hurry(route: Route) -> None:
        answer = route.fetch()
        if answer.status != 429:
            route.fulfill(response=answer)
            return
        waits.append(answer.headers["retry-after"])
        route.fulfill(response=answer, headers={**answer.headers, "retry-after": "1"})

    page.route("**/chat/bericht", hurry)
    for text in ("een", "twee", "drie", "vier"):
        page.locator("#tekst").fill(text)
        page.keyboard.press("Enter")
    expect(page.locator("#banner")).to_contain_text(WAITING)
    expect(page.locator(".line.pending")).to_have_count(2)
    expect(page.locator(".line.pending .time").first).to_have_text("Nog niet verstuurd")
    assert not faults(page)
    assert waits and all(1 <= int(seconds) <= 60 for seconds in waits)
    # kept when the page is loaded again
    page.reload()
    expect(page.locator(".line.pending")).to_have_count(2)
    # the minute is over: the same messages go through
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + 61)
    expect(page.locator(".line.pending")).to_have_count(0)
    expect(said(page)).to_have_text(["een", "twee", "drie", "vier"])
    expect(page.locator("#banner")).to_have_text("")


def test_without_scripts_it_is_given_back(
    site: Site, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context(java_script_enabled=False).new_page()
    open_chat(page, site)
    for text in ("een", "twee", "drie"):
        page.locator("#tekst").fill(text)
        page.get_by_role("button", name="Bericht sturen").click()
    expect(page.get_by_role("heading", name="Je stuurt veel berichten")).to_be_visible()
    expect(page.get_by_label("Je bericht")).to_have_value("drie")
    expect(page.get_by_role("button", name="Opnieuw versturen")).to_be_visible()
