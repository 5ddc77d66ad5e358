"""`python -m tests.browser.screenshots`: pictures of every page, on a screen and on a phone.

Runs the site in a temporary folder with the example reports, plays a conversation, and writes the
pictures to docs/schermen.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from bot.application import load_assistant
from bot.opening import open_store
from bot.settings import ROOT, Settings
from bottlenecks import passwords
from bottlenecks.desk.examples.adding import LOGIN, PASSWORD, add_examples
from tests.browser.chat_page import say, tap
from tests.browser.conftest import ARGUMENTS, CHROMIUM, DESKTOP, PHONE
from tests.serving import Serving

PROBLEM = "nergens thuiszorg te vinden in Geleen, al drie gebeld, wil dit melden"
FOLDER = ROOT / "docs" / "schermen"
WIDTHS = {"scherm": {"viewport": DESKTOP}, "telefoon": {"viewport": PHONE, "is_mobile": True}}
DESK_PAGES = {
    "beheer-meldingen": "/beheer/meldingen",
    "beheer-cijfers": "/beheer/cijfers",
    "beheer-inhoud": "/beheer/inhoud",
    "beheer-onderwerp": "/beheer/inhoud/onderwerp/thuiszorg/vinden",
    "beheer-onderwerp-wijzigen": "/beheer/inhoud/wijzig/thuiszorg/vinden",
    "beheer-vragen": "/beheer/vragen",
    "beheer-vragen-indelen": "/beheer/vragen/indelen",
    "beheer-klopt-niet": "/beheer/vragen/klopt-niet",
    "beheer-plannen": "/beheer/inhoud/plannen",
    "beheer-groepen": "/beheer/groepen",
    "beheer-groep": "/beheer/groepen/1",
    "beheer-groep-meer": "/beheer/groepen/2/meer",
    "beheer-signalen": "/beheer/signalen",
    "beheer-signaal-regel": "/beheer/signalen/regels/nieuw",
    "beheer-verslagen": "/beheer/verslag",
    "beheer-fase": "/beheer/fase",
    "beheer-fase-instellen": "/beheer/fase/westelijke-mijnstreek",
    "beheer-contact": "/beheer/contact",
    "beheer-contact-wijzigen": "/beheer/contact/regio/utrecht",
    "beheer-mensen": "/beheer/mensen",
    "beheer-mens-nieuw": "/beheer/mensen/nieuw",
    "beheer-toegang": "/beheer/toegang",
    "beheer-logboek": "/beheer/logboek",
    "beheer-systeem": "/beheer/systeem",
    "beheer-account": "/beheer/account",
}


@contextmanager
def site(folder: Path) -> Iterator[str]:
    """The site with the examples; gives its address."""
    settings = Settings(
        _env_file=None, data_dir=folder, database_url=None, secret_key=None, web=True, port=0
    )
    assistant = load_assistant(settings)
    with open_store(settings) as database:
        add_examples(database, passwords.hash_password(PASSWORD), datetime.now(UTC))
        with Serving(settings, database, assistant) as serving:
            yield serving.url


def picture(page: Page, name: str, width: str) -> None:
    """Write what the page shows, all of it where it is not much more than a screen."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=FOLDER / f"{name}-{width}.png")
    print(f"docs/schermen/{name}-{width}.png")


def chat(context: BrowserContext, width: str) -> None:
    """The chat: first page, an answer, a checklist, a report."""
    page = context.new_page()
    page.goto("/chat")
    picture(page, "chat-begin", width)
    say(page, "wie coördineert het noodplan?", "eindverantwoordelijk")
    picture(page, "chat-antwoord", width)
    say(page, "buurpraktijk is ineens dicht, wat nu?", "Vertel patiënten")
    tap(page, "Stap voor stap", "Stap 1 van 8")
    picture(page, "chat-checklist", width)
    say(page, "stoppen", "")
    say(
        page, "nergens thuiszorg te vinden in Geleen, al drie gebeld, wil dit melden", "Hoe ernstig"
    )
    tap(page, "Hoog", "praktijk")
    picture(page, "chat-melding", width)
    page.goto("/chat/uitnodiging/verlopen")
    picture(page, "chat-link-werkt-niet", width)


def desk(context: BrowserContext, width: str) -> None:
    """The desk: login page, list, one report, and the other pages."""
    page = context.new_page()
    page.goto("/beheer")
    picture(page, "beheer-inloggen", width)
    page.get_by_label("E-mailadres").fill(LOGIN)
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Inloggen").click()
    page.wait_for_selector("header.top")
    for name, address in DESK_PAGES.items():
        page.goto(address)
        picture(page, name, width)
    page.goto("/beheer/meldingen?zoek=thuiszorg")
    page.locator("a.open").first.click()
    page.get_by_role("heading", name="Verloop").wait_for()
    picture(page, "beheer-melding", width)
    page.goto("/beheer/meldingen?zoek=bestaatniet")
    picture(page, "beheer-niets-gevonden", width)
    page.goto("/beheer/meldingen/KP-2026-9999")
    picture(page, "beheer-bestaat-niet", width)
    page.goto("/beheer/fase/westelijke-mijnstreek")
    page.get_by_label("Fase", exact=True).select_option("3a")
    page.get_by_label("Kort bericht erbij").fill("Het callcenter zit op de huisartsenpost.")
    page.get_by_label("Stuur dit ook naar iedereen").check()
    page.get_by_role("button", name="Verder").click()
    page.get_by_role("heading", name="Klopt dit?").wait_for()
    picture(page, "beheer-fase-bevestigen", width)
    page.goto("/beheer/toegang")
    page.get_by_role("textbox", name="Praktijk").fill("Voorbeeldpraktijk De Eik")
    page.get_by_role("button", name="Maak een link").click()
    page.wait_for_load_state()
    picture(page, "beheer-toegang-link", width)


def main() -> None:
    """Take all pictures."""
    if CHROMIUM is None:
        sys.exit("Chromium is not installed: apt install chromium, and try again")
    with tempfile.TemporaryDirectory() as folder, site(Path(folder)) as url:
        with sync_playwright() as playwright:
            browser: Browser = playwright.chromium.launch(
                executable_path=CHROMIUM,
                args=list(ARGUMENTS),
                env={**os.environ, "HOME": folder},
            )
            for width, options in WIDTHS.items():
                for part in (chat, desk):
                    with browser.new_context(base_url=url, locale="nl-NL", **options) as context:
                        part(context, width)
            browser.close()


if __name__ == "__main__":
    main()
