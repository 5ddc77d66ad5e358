"""The whole site with a real browser: chat, desk, and Telegram's stand-in beside it."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from bot.settings import Settings
from bottlenecks.roles import EVERYWHERE, Role, Scope
from bottlenecks.store import Database
from dialogues.assistant import Assistant
from tests.conftest import Clock
from tests.desk import ADMIN, PASSWORD, add_officer
from tests.serving import Serving, settings_for
from tests.telegram_api import FakeBotApi

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
# no sandbox, because tests may run as root; nothing that would reach for the internet
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 740}
TIMEOUT_MS = 15_000


@dataclass
class Site:
    """A running site: its address, its database, and Telegram's stand-in."""

    url: str
    database: Database
    api: FakeBotApi
    serving: Serving


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A headless browser for the tests of a file.

    No longer, because as long as it lives no test beside it can run an event loop of its own.
    """
    if CHROMIUM is None:
        pytest.skip("not here: Chromium is not installed")
    expect.set_options(timeout=TIMEOUT_MS)
    # it keeps settings and crash reports there, whatever profile it has
    home = {"HOME": str(tmp_path_factory.mktemp("home"))}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=list(ARGUMENTS), env={**os.environ, **home}
        )
        yield browser
        browser.close()


class RunningClock(Clock):
    """The clock of the tests, that goes on by itself: the outbox spreads messages over seconds."""

    def __init__(self) -> None:
        super().__init__()
        self._began = time.monotonic()

    def __call__(self) -> datetime:
        return super().__call__() + timedelta(seconds=time.monotonic() - self._began)


@pytest.fixture
def clock() -> Clock:
    """From 9 o'clock on Monday 2 March 2026, UTC."""
    return RunningClock()


@pytest.fixture
def settings(tmp_path: Path, api: FakeBotApi) -> Settings:
    """The settings of the site."""
    return settings_for(tmp_path, api, web=True)


@pytest.fixture
def site(
    chromium: Browser,
    settings: Settings,
    database: Database,
    api: FakeBotApi,
    assistant: Assistant,
) -> Iterator[Site]:
    """The site, with nobody in it."""
    with Serving(settings, database, assistant) as serving:
        yield Site(serving.url, database, api, serving)


@pytest.fixture
def new_context(chromium: Browser, site: Site) -> Iterator[Callable[..., BrowserContext]]:
    """Makes a browser with cookies of its own; `options` are Playwright's."""
    made: list[BrowserContext] = []

    def make(**options: object) -> BrowserContext:
        context = chromium.new_context(
            **{"base_url": site.url, "viewport": DESKTOP, "locale": "nl-NL", **options}
        )
        context.set_default_timeout(TIMEOUT_MS)
        made.append(context)
        return context

    yield make
    for context in made:
        context.close()


@pytest.fixture
def page(new_context: Callable[..., BrowserContext]) -> Page:
    """A page of someone in a practice, at a desk."""
    return new_context().new_page()


@pytest.fixture
def phone(new_context: Callable[..., BrowserContext]) -> Page:
    """A page on a phone."""
    return new_context(viewport=PHONE, has_touch=True, is_mobile=True).new_page()


@pytest.fixture
def officer(new_context: Callable[..., BrowserContext], site: Site) -> Callable[..., Page]:
    """Signs an officer in through the login page; gives their page with the list of reports."""

    def sign_in(
        login: str = ADMIN, role: Role = Role.ADMIN, scope: Scope = EVERYWHERE, name: str = "Ada"
    ) -> Page:
        add_officer(site.database, login, role, scope, name=name)
        opened = new_context().new_page()
        opened.goto("/beheer")
        opened.get_by_label("E-mailadres").fill(login)
        opened.get_by_label("Wachtwoord").fill(PASSWORD)
        opened.get_by_role("button", name="Inloggen").click()
        expect(opened.get_by_role("heading", name="Meldingen")).to_be_visible()
        return opened

    return sign_in
