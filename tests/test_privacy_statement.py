"""The privacy statement says what the code does, and is found from every first page."""

import re
from html import unescape

import pytest
from fastapi.testclient import TestClient

from bot.settings import ROOT
from bot.telegram import PRIVACY_NOTICE
from bot.terminal import WELCOME
from bot.web.visitor import YEAR_S
from bottlenecks.privacy import KINDS
from bottlenecks.retention import periods
from bottlenecks.store import Database
from dialogues.assistant import Assistant
from dialogues.privacy_statement import READ_MORE, as_text, statement
from tests.conftest import Talk
from tests.reporting import file_report
from tests.web_visitors import Site, Visitor
from tests.whole_site import whole_site

TEXT = as_text(statement(periods(), ("Bel je RHO.",)))
DPIA = (ROOT / "docs" / "dpia.md").read_text(encoding="utf-8")
# what is seen after each command that the text names
SEEN = {
    "mijn gegevens": "Dit bewaar ik van jou:",
    "verwijder mijn gegevens": "Dit kan ik niet terugdraaien.",
    "wijzig mijn regio": "regio",
    "vergeet mijn regio": "Ik ben je regio vergeten",
    "status van mijn melding": "Status: nieuw",
    "trek mijn melding in": "intrekken",
    "privacy": "Wie is verantwoordelijk?",
}


def quoted(text: str) -> list[str]:
    """What a text asks to type."""
    return re.findall(r'"([^"]+)"', text)


def plain(html: str) -> str:
    """The words of a page."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_every_period_is_named_with_its_days() -> None:
    section = next(one for one in statement(periods(), ()) if "lang" in one.heading)
    assert len(section.items) == len(periods())
    for period, item in zip(periods(), section.items, strict=True):
        assert period.what.lower().replace(": ", ", ") in item.lower()
        assert period.since_what in item
        assert period.kept_in_words in item


def test_a_period_of_the_settings_is_told() -> None:
    assert "60 dagen na de laatste wijziging" in as_text(statement(periods(60), ()))


@pytest.mark.parametrize("kind", KINDS.values())
def test_every_kind_that_is_taken_out_is_named(kind: str) -> None:
    assert kind in TEXT


def test_the_cookie_lives_as_long_as_the_text_says() -> None:
    assert YEAR_S == 365 * 24 * 3600 and "cookie: daaraan herken ik je browser, een jaar" in TEXT


def test_every_command_is_one_that_is_tried_here() -> None:
    assert {*quoted(TEXT), *quoted(READ_MORE)} == set(SEEN)


@pytest.mark.parametrize("command", SEEN)
def test_every_command_does_what_it_says(talk: Talk, command: str) -> None:
    talk.says("ik ben huisarts in Utrecht")
    file_report(talk)
    seen = talk.says(command)
    assert SEEN[command] in seen and "Ik weet niet zeker wat je bedoelt" not in seen


@pytest.mark.parametrize("asked", ["privacy", "privacyverklaring", "/privacy"])
def test_the_whole_text_is_given_in_the_chat(talk: Talk, asked: str) -> None:
    talk.says("ik werk in Utrecht")
    seen = talk.says(asked)
    for section in statement(periods(), ()):
        assert section.heading in seen
        assert all(item in seen for item in section.items)
    assert "Voor Utrecht" in seen or "de RHO van Utrecht" in seen
    assert [one.label for one in talk.replies[0].choices] == [
        "Mijn gegevens",
        "Verwijder mijn gegevens",
    ]


def test_a_question_about_it_gives_the_text(talk: Talk) -> None:
    assert "Wie is verantwoordelijk?" in talk.says("slaan jullie dit gesprek op")
    assert talk.replies[0].topic == "gesprek/privacy"


def test_who_gave_no_region_hears_how_to_find_who_answers(talk: Talk) -> None:
    assert "Zeg me in welke regio je werkt" in talk.says("privacy")


def test_the_page_says_the_same(database: Database, assistant: Assistant) -> None:
    site = Site(database, assistant)
    response = Visitor(site).http.get("/privacy")
    assert response.status_code == 200
    page = plain(response.text)
    for section in statement(periods(), ()):
        for part in (section.heading, *section.paragraphs, *section.items, *section.after):
            assert part in page
    for region in assistant.knowledge.regions.values():
        assert region.name in page
    assert "default-src 'self'" in response.headers["content-security-policy"]
    assert "<style" not in response.text and " style=" not in response.text
    assert "set-cookie" not in response.headers


def test_it_is_linked_from_the_chat_and_the_desk(database: Database, assistant: Assistant) -> None:
    http: TestClient = whole_site(database, assistant.knowledge).client
    for address in ("/chat", "/beheer/inloggen"):
        assert 'href="/privacy"' in http.get(address).text


def test_it_can_be_read_without_an_invitation(database: Database, assistant: Assistant) -> None:
    http = Visitor(Site(database, assistant, access="invited")).http
    assert http.get("/chat").status_code == 403
    assert http.get("/privacy").status_code == 200


@pytest.mark.parametrize("first", [PRIVACY_NOTICE, WELCOME], ids=["Telegram", "terminal"])
def test_a_first_contact_says_how_to_read_it(first: str) -> None:
    assert READ_MORE in first


def test_what_the_dpia_points_to_is_there() -> None:
    pointed = re.findall(r"`([\w./-]+\.(?:py|md|yml|html))(?:::(\w+))?`", DPIA)
    assert len(pointed) > 20
    for path, name in pointed:
        file = ROOT / path
        assert file.is_file(), path
        if name:
            assert f"def {name}(" in file.read_text(encoding="utf-8"), f"{path}::{name}"


def test_every_measure_of_the_dpia_points_to_code_or_a_test() -> None:
    section = DPIA.split("## Risico's en maatregelen")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if re.match(r"\| \d", line)]
    assert len(lines) >= 10
    for line in lines:
        assert re.search(r"`(?:bot|bottlenecks|dialogues|tests|docs)/[\w./-]+", line), line
