"""What people type, send and hand in: it stays data, wherever it is put."""

import io
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import quote_plus

import pytest

from bottlenecks.desk.context import OidcSettings
from bottlenecks.desk.people.oidc_client import OidcClient, ProviderDownError
from bottlenecks.roles import EVERYWHERE
from bottlenecks.store import Database
from dialogues.assistant import Assistant
from knowledge.plan import PlanError, read_plan
from tests.desk import Browser, add_officer, make_desk
from tests.desk_officers import at_the_desk, path
from tests.groups_of_reports import report
from tests.plans_at_the_desk import FILE, hand_in
from tests.serving import Serving, settings_for
from tests.site_contents import one_of_everything
from tests.site_routes import addresses, contents
from tests.telegram_api import FakeBotApi
from tests.test_security_invitations import payloads
from tests.web_visitors import Site, Visitor
from tests.whole_site import URL

SQL = (
    "' OR '1'='1' --",
    '" OR ""="',
    "'; DROP TABLE report; --",
    "x') UNION SELECT name, sql FROM sqlite_master --",
    "%' OR 1=1 OR '%'='",
    'a" OR b NEAR/2 c* AND (',
    "\\",
    "a\x00b",
    "\ud83d",
)
# every name that an address of the desk or the API reads
NAMES = (
    *("zoek", "status", "sorteer", "regio", "soort", "ernst", "van", "tot", "wie", "wat", "voor"),
    *("na", "pagina", "onderwerp", "groep", "melding", "eigenaar", "fase", "naar", "periode"),
    *("q", "limit", "cursor", "region", "category", "severity", "from", "to", "since"),
)
UP = ("../../pyproject.toml", "..%2f..%2fpyproject.toml", "%2e%2e/%2e%2e/pyproject.toml")


@pytest.fixture
def desk(database: Database, assistant: Assistant) -> Browser:
    return at_the_desk(database, assistant)


class Overheard(BaseHTTPRequestHandler):
    """Counts who comes by; tells them to go on to its own `/verder`."""

    visits: list[str]

    def do_GET(self) -> None:
        type(self).visits.append(self.path)
        self.send_response(302 if self.path != "/verder" else 200)
        self.send_header("location", "/verder")
        self.send_header("content-length", "0")
        self.end_headers()

    do_POST = do_HEAD = do_GET

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def elsewhere() -> Iterator[tuple[str, list[str]]]:
    """The address of a server that nobody should visit, and the visits to it."""
    Overheard.visits = []
    with ThreadingHTTPServer(("127.0.0.1", 0), Overheard) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}", Overheard.visits
        server.shutdown()


# SQL


@pytest.mark.parametrize("text", SQL)
def test_sql_in_an_address_is_only_text(desk: Browser, database: Database, text: str) -> None:
    report(database, "Geen thuiszorg te vinden in de kwikstaartstraat")
    odd = quote_plus(text.encode("utf-8", "surrogatepass"))
    query = "&".join(f"{name}={odd}" for name in NAMES)
    officer = add_officer(database, "cas@rho.example", password=None)
    with database.work() as work:
        _, key = work.tokens.make("x", EVERYWHERE, officer)
    before = contents(database)
    values = {name: "x" for name in ("draft_id", "plan", "proposal", "rule_id", "region")}
    values |= {name: odd for name in ("reference", "officer_id", "topic", "name", "extension")}
    values |= {"/beheer/groepen/{number}": "1", "index": "0", "action": "x"}
    for place in [*addresses(desk.client.app, "GET", values), "/api/v1/reports", "/chat/eerder"]:
        headers = {"Authorization": f"Bearer {key}"}
        answer = desk.client.get(f"{place}?{query}", headers=headers)
        assert answer.status_code < 500, place
        assert "CREATE TABLE" not in answer.text, place
    desk.opens(f"/beheer/meldingen?zoek={odd}")
    assert not desk.sees("kwikstaartstraat"), "it would find everything"
    assert contents(database) == before


@pytest.mark.parametrize("text", SQL[:5])
def test_sql_in_a_form_or_message_is_only_text(
    database: Database, assistant: Assistant, text: str
) -> None:
    add_officer(database)
    browser = Browser(make_desk(database))
    browser.logs_in(text, text)
    assert browser.page.status_code == 422
    before = contents(database, without=())["report"]
    anna = Visitor(Site(database, assistant))
    anna.says(text)
    assert contents(database, without=())["report"] == before
    assert "eindverantwoordelijk" in anna.says("wie coördineert het noodplan?")


# names that Telegram sends along


def test_names_of_telegram_users_are_neither_kept_nor_shown(
    tmp_path: Path, database: Database, assistant: Assistant
) -> None:
    name = "Kwikstaartnaam<script>alert(1)</script>"
    person = {"id": 1, "is_bot": False, "first_name": name, "last_name": name, "username": name}
    chat = {"id": 1, "type": "private", "first_name": name, "username": name}
    with FakeBotApi() as api:
        both = settings_for(tmp_path, api)
        with Serving(both, database, assistant) as serving:
            anna = api.user(1)
            for text in (
                "al drie organisaties gebeld, nergens thuiszorg te vinden in Geleen, graag melden",
                "Hoog",
                "Anoniem melden",
                "Ja, graag",
                "Versturen",
            ):
                anna.sends({"text": text, "from": person, "chat": chat})
                api.wait_acknowledged()
                serving.settle()
            anna.wait_for("KP-2026-0001")
    # the payload of an update, which holds it encrypted, is gone when it is done
    assert not any(row for row in payloads(database))
    for file in tmp_path.iterdir():
        assert b"Kwikstaartnaam" not in file.read_bytes(), file.name
    desk = at_the_desk(database, assistant)
    desk.opens(path("KP-2026-0001"))
    assert desk.sees("nergens thuiszorg") and "Kwikstaart" not in desk.page.text


# paths


@pytest.mark.parametrize("up", UP)
def test_no_path_leads_out_of_a_folder(desk: Browser, up: str) -> None:
    for before in ("/static/", "/chat/static/", "/beheer/cijfers/", "/chat/bestand/1/", "/"):
        answer = desk.client.get(before + up)
        assert answer.status_code in (404, 303), before
        assert "requires-python" not in answer.text
    for inside in ("/static/", "/chat/static/"):
        assert desk.client.get(inside).status_code in (404, 405)  # nor is a folder listed


def test_a_name_of_a_file_is_no_path(desk: Browser, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    name = "../../../tmp/<script>alert(1)</script>\r\nSet-Cookie: a=b.docx"
    hand_in(desk, name=name)
    assert desk.page.status_code == 200 and "<script>alert(1)" not in desk.page.text
    assert "a" not in desk.client.cookies
    assert sorted(tmp_path.rglob("*")) == before  # its text is in the database, and no file made


# files


def plan_with(doctype: str, entity: str) -> bytes:
    """The example plan as a Word file, with this document type, and this in each of its texts."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(FILE)) as old, zipfile.ZipFile(made, "w") as new:
        for entry in old.infolist():
            xml = old.read(entry)
            if entry.filename == "word/document.xml":
                xml = doctype.encode() + xml[xml.index(b"<w:document") :]
                xml = xml.replace(b"</w:t>", f"{entity}</w:t>".encode())
            new.writestr(entry.filename, xml)
    return made.getvalue()


def test_xml_that_grows_is_not_unfolded() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    bomb = plan_with(f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]>', "&l9;")
    try:
        text = read_plan("plan.docx", bomb).text
    except PlanError:
        return
    assert "haha" not in text and len(text) < 100_000


def test_xml_reads_no_file_and_visits_nobody(
    tmp_path: Path, elsewhere: tuple[str, list[str]]
) -> None:
    url, visits = elsewhere
    secret = tmp_path / "geheim.txt"
    secret.write_text("kwikstaartwoord")
    for place in (secret.as_uri(), f"{url}/x.dtd"):
        try:
            file = plan_with(f'<!DOCTYPE x [<!ENTITY e SYSTEM "{place}">]>', "&e;")
            plan = read_plan("plan.docx", file)
        except PlanError:
            continue
        assert "kwikstaartwoord" not in plan.text
    assert not visits


# addresses that somebody types


def test_no_address_that_somebody_typed_is_visited(
    desk: Browser, database: Database, assistant: Assistant, elsewhere: tuple[str, list[str]]
) -> None:
    url, visits = elsewhere
    one_of_everything(desk, database, assistant, f"{url}/x")
    anna = Visitor(Site(database, assistant))
    anna.says(f"wat staat er op {url}/x ?")
    desk.opens("/beheer/contact/regio/utrecht")
    assert not visits


def test_a_provider_sends_our_requests_nowhere_else(elsewhere: tuple[str, list[str]]) -> None:
    url, visits = elsewhere
    client = OidcClient(OidcSettings(url, "regiowijzer", "geheim"))
    with pytest.raises(ProviderDownError):
        client.begin(f"{URL}/beheer/oidc/terug")
    assert visits == ["/.well-known/openid-configuration"]
