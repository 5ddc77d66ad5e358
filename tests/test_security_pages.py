"""What holds for every address of the site: headers, who gets in, which requests are refused."""

import re
from collections import defaultdict
from collections.abc import Mapping

import pytest
from starlette.testclient import TestClient

from bot.web.guard import ANY_HOST
from bottlenecks.store import Database
from dialogues.assistant import Assistant
from tests.desk import Browser
from tests.desk_officers import at_the_desk
from tests.site_contents import one_of_everything
from tests.site_routes import ACCOUNT, addresses, contents, filled, routes
from tests.web_visitors import Site
from tests.whole_site import URL

# in every text that somebody typed; as it stands here it must be on no page
MARKUP = 'wip"><script>alert(1)</script>'
ELSEWHERE = {"Sec-Fetch-Site": "cross-site"}
OTHERS = {"token": "x", "message_id": "1", "number": "1", "file": "x", "reference": "x"}
# for requests that come no further than the address
ANYTHING = defaultdict(lambda: "1")
# pages that are for everybody, and those that other programs show a key for
OPEN = ("/chat", "/static", "/api/", "/metrics", "/healthz", "/readyz", "/privacy")


@pytest.fixture
def admin(database: Database, assistant: Assistant) -> Browser:
    return at_the_desk(database, assistant)


@pytest.fixture
def values(admin: Browser, database: Database, assistant: Assistant) -> dict[str, str]:
    return OTHERS | one_of_everything(admin, database, assistant, MARKUP)


def everywhere(desk: Browser, values: Mapping[str, str]) -> list[tuple[str, str]]:
    """Method and address of all there is, but for the stream, which does not end."""
    found = [(method, filled(path, values)) for method, path in routes(desk.client.app)]
    assert len(found) > 100
    return [(method, path) for method, path in found if path != "/chat/stroom"]


def test_every_answer_keeps_browsers_safe(admin: Browser, values: dict[str, str]) -> None:
    for method, path in [*everywhere(admin, values), ("GET", "/is-er-niet"), ("POST", "/")]:
        headers = admin.client.request(method, path).headers
        policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
        assert policy["default-src"] in ("'self'", "'none'"), path
        for name, value in policy.items():
            loose = "'unsafe-inline'" in value and name != "style-src"
            assert not loose and "'unsafe-eval'" not in value and "*" not in value, (path, name)
        # only a picture that is opened by itself may colour itself
        assert "'unsafe-inline'" not in headers["content-security-policy"] or ".svg" in path, path
        assert policy["frame-ancestors"] == "'none'", path
        assert policy["base-uri"] == policy["object-src"] == "'none'", path
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["x-frame-options"] == "DENY", path
        assert headers["referrer-policy"] == "same-origin", path
        assert headers["cross-origin-opener-policy"] == "same-origin", path
        assert headers["cross-origin-resource-policy"] == "same-origin", path
        assert headers["cache-control"], path
        assert "access-control-allow-origin" not in headers, path
        assert "server" not in headers and "x-powered-by" not in headers, path


def test_over_https_browsers_stay_there(
    database: Database, assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUBLIC_URL", "https://regiowijzer.example")
    client = TestClient(Site(database, assistant).app, base_url="https://regiowijzer.example")
    for path in ("/chat", "/beheer/inloggen", "/is-er-niet"):
        headers = client.get(path).headers
        assert headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
        cookies = headers.get_list("set-cookie")
        assert all("Secure" in cookie and "HttpOnly" in cookie for cookie in cookies)
        assert all("SameSite=lax" in cookie for cookie in cookies)


def test_no_page_holds_a_script_of_its_own_or_what_somebody_typed_as_markup(
    admin: Browser, values: dict[str, str]
) -> None:
    escaped = 0
    for path in addresses(admin.client.app, "GET", values):
        page = admin.client.get(path)
        if not page.headers.get("content-type", "").startswith("text/html"):
            continue
        assert "<script>" not in page.text, path
        assert not re.search(r"<script(?![^>]*\ssrc=\"/)", page.text), path
        assert not re.search(r"<[a-z][^>]*\s(style|on[a-z]+)\s*=", page.text), path
        escaped += "&lt;script&gt;alert(1)" in page.text
    assert escaped >= 10  # it was there, as text


def test_nothing_of_the_desk_without_signing_in(
    admin: Browser, database: Database, values: dict[str, str]
) -> None:
    stranger, before = admin.another(), contents(database)
    closed = 0
    for method, path in everywhere(admin, values):
        if path.startswith((*OPEN, *ACCOUNT)) or path in ("/", "/beheer"):
            continue
        answer = stranger.client.request(method, path, follow_redirects=True)
        at_login = answer.url.path == "/beheer/inloggen"
        assert at_login or answer.status_code in (401, 403, 404), (method, path)
        assert "script&gt;" not in answer.text, path
        closed += 1
    assert closed > 80
    assert contents(database, without=()) == before | contents(database, without=before)


def test_no_form_of_another_site_is_taken(
    admin: Browser, database: Database, values: dict[str, str]
) -> None:
    before = contents(database)
    posts = [path for method, path in everywhere(admin, values) if method == "POST"]
    assert len(posts) > 40
    for path in posts:
        # as a browser of these years sends it, and as one that tells nothing
        answer = admin.client.post(path, headers=ELSEWHERE)
        assert answer.status_code == 403 and "andere website" in answer.text, path
        answer = admin.client.post(path, headers={"Origin": "https://kwaad.example"})
        assert answer.status_code == 403, path
    assert contents(database) == before  # the token of a form: see test_security_csrf.py
    assert admin.client.get("/beheer/account").status_code == 200


HOSTS = ("kwaad.example", "127.0.0.1.kwaad.example", "x@kwaad.example", "", "127.0.0.1, x")


def test_no_address_answers_to_another_name(admin: Browser) -> None:
    for method, path in everywhere(admin, ANYTHING):
        if path in ANY_HOST:
            continue  # for machines, see test_security_headers.py
        for host in HOSTS:
            answer = admin.client.request(method, path, headers={"Host": host})
            assert answer.status_code in (400, 421), (host, path)
            assert "kwaad" not in answer.text + str(answer.headers), path


def test_a_name_that_a_proxy_gives_on_changes_no_link(admin: Browser) -> None:
    told = {"X-Forwarded-Host": "kwaad.example", "Forwarded": "host=kwaad.example"}
    page = admin.client.get("/beheer/inloggen", headers=told)
    assert "kwaad" not in page.text
    admin.opens("/beheer/toegang")
    admin.client.headers.update(told)
    admin.sends("/beheer/toegang/uitnodigingen", {"practice": "Voorbeeldpraktijk", "valid": "92"})
    assert f"{URL}/chat/uitnodiging/" in admin.page.text and "kwaad" not in admin.page.text


def test_only_the_methods_that_an_address_knows(admin: Browser) -> None:
    for _, path in everywhere(admin, ANYTHING):
        for method in ("TRACE", "PUT", "PATCH", "DELETE"):
            assert admin.client.request(method, path).status_code in (404, 405), (method, path)
