"""Requests that no browser makes, and errors: an answer that says no, with all headers on it."""

from collections.abc import Iterator

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from bot.web.guard import HEADERS
from bottlenecks.store import Database
from dialogues.assistant import Assistant
from tests.desk import Browser, forms
from tests.desk_officers import at_the_desk
from tests.whole_site import URL, whole_site

MALFORMED = (
    "a]b",
    "[::",
    "[1.2.3]",
    "[",
    "127.0.0.1:poort",
    "127.0.0.1:99999",
    "[::1]x",
    "x@127.0.0.1",
)
FOR_MACHINES = ("/healthz", "/readyz", "/metrics")


@pytest.fixture
def client(database: Database, assistant: Assistant) -> TestClient:
    """A client that gets answers to errors, as a browser does."""
    app = whole_site(database, assistant.knowledge).client.app
    return TestClient(app, base_url=URL, follow_redirects=False, raise_server_exceptions=False)


def check(answer: Response) -> None:
    """All headers that keep browsers safe are there."""
    for name, value in HEADERS.items():
        assert answer.headers[name] == value, name
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("host", MALFORMED)
def test_a_malformed_host_is_refused(client: TestClient, host: str) -> None:
    for path in ("/", "/chat", "/beheer/inloggen", "/api/v1/reports", *FOR_MACHINES):
        answer = client.get(path, headers={"Host": host})
        assert answer.status_code == 400, path
        check(answer)


@pytest.mark.parametrize("origin", ["http://a]b", "http://[::", "http://[1.2.3]", "null", "x"])
def test_a_malformed_origin_is_refused(client: TestClient, origin: str) -> None:
    for path in ("/chat/bericht", "/beheer/inloggen"):
        answer = client.post(path, headers={"Origin": origin})
        assert answer.status_code == 403
        check(answer)


@pytest.mark.parametrize("referer", ["http://a]b", "http://[::", "http://[1.2.3]/beheer/x"])
def test_a_malformed_referer_is_none(client: TestClient, referer: str) -> None:
    answer = client.post("/beheer/uitloggen", headers={"Referer": referer})
    assert answer.headers["location"] == "/beheer/inloggen"
    answer = client.post("/beheer/meldingen", headers={"Referer": referer})
    assert answer.headers["location"] == "/beheer/inloggen?typte=ja"
    check(answer)


@pytest.mark.parametrize("path", ["/beheer/inloggen", "/beheer/meldingen", "/chat/bericht"])
@pytest.mark.parametrize("kind", ["x-www-form-urlencoded", "multipart"])
def test_a_large_body_of_unknown_length_is_refused(
    database: Database, assistant: Assistant, path: str, kind: str
) -> None:
    admin = at_the_desk(database, assistant)
    admin.client.get("/chat")

    def chunks() -> Iterator[bytes]:
        if kind == "multipart":
            yield b'--x\r\nContent-Disposition: form-data; name="tekst"\r\n\r\n'
        else:
            yield b"tekst="
        for _ in range(400):
            yield b"a" * 1000

    sent = "multipart/form-data; boundary=x" if kind == "multipart" else f"application/{kind}"
    answer = admin.client.post(path, content=chunks(), headers={"Content-Type": sent})
    assert answer.status_code == 413
    check(answer)
    if path.startswith("/beheer"):
        assert "Dit is te groot. Er is niets bewaard." in answer.text


@pytest.mark.parametrize("path", ["/beheer/stuk", "/stuk"])
def test_an_error_has_the_headers_too(client: TestClient, path: str) -> None:
    def broken() -> None:
        raise RuntimeError("broken")

    client.app.add_api_route(path, broken, methods=["GET", "POST"])  # type: ignore[attr-defined]  # an ASGI app
    for method in ("GET", "POST"):
        answer = client.request(method, path)
        assert answer.status_code == 500 and "Er ging" in answer.text
        check(answer)


def test_machines_ask_by_any_name(client: TestClient) -> None:
    """A load balancer asks by an address, and a name that does not resolve is none of its."""
    for host in ("10.0.0.5", "10.0.0.5:8000", "[2001:db8::5]", "regiowijzer-1", ""):
        assert client.get("/healthz", headers={"Host": host}).json()["status"] == "ok"
        assert client.get("/readyz", headers={"Host": host}).json() == {"status": "ready"}
        # figures are for this machine: an address of another name is no address of it
        figures = client.get("/metrics", headers={"Host": host})
        assert figures.status_code == 403 and "METRICS_TOKEN" in figures.text
        check(figures)
        for path in ("/", "/chat", "/healthz/x", "/beheer/inloggen"):
            assert client.get(path, headers={"Host": host}).status_code == 421, (host, path)


def test_a_form_is_still_taken(database: Database, assistant: Assistant) -> None:
    admin: Browser = at_the_desk(database, assistant)
    admin.opens("/beheer/account")
    assert "/beheer/uitloggen" in forms(admin.page)
    admin.client.headers["Origin"] = URL
    admin.sends("/beheer/uitloggen")
    assert admin.path == "/beheer/inloggen"
