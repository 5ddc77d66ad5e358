"""Logging in and out of the desk: sessions, and what others must not be able to do."""

import pytest

from bottlenecks.store import Database
from tests.conftest import Clock
from tests.desk import ADMIN, PASSWORD, Browser, add_officer, forms, make_desk

COOKIE = "regiowijzer_beheer"
WRONG = "Het e-mailadres of het wachtwoord klopt niet."
OWN = "dertien groene fietsen"


@pytest.fixture
def browser(database: Database) -> Browser:
    return Browser(make_desk(database))


def actions(database: Database) -> list[str]:
    with database.reading() as work:
        return [line.action for line in work.audit.latest()]


def test_logs_in_and_out(database: Database, browser: Browser) -> None:
    ada = add_officer(database)
    browser.logs_in(f" {ADMIN.upper()} ")
    assert browser.path == "/beheer/account"
    assert browser.sees("Ada Jansen")
    browser.sends("/beheer/uitloggen")
    assert browser.path == "/beheer/inloggen"
    assert browser.sees("Je bent uitgelogd.")
    assert actions(database) == ["uitgelogd", "ingelogd"]
    with database.reading() as work:
        assert {line.actor for line in work.audit.latest()} == {ada}


def test_who_is_in_does_not_see_the_login_page(database: Database, browser: Browser) -> None:
    add_officer(database)
    browser.logs_in()
    browser.opens("/beheer/inloggen?naar=/beheer/mensen")
    assert browser.path == "/beheer/mensen"


def test_wrong_password_and_unknown_account_look_the_same(
    database: Database, browser: Browser
) -> None:
    add_officer(database)
    add_officer(database, "zonder@rho.example", password=None)
    pages = []
    for login in (ADMIN, "niemand@rho.example", "zonder@rho.example"):
        browser.logs_in(login, "iets anders dan het is")
        assert browser.page.status_code == 422
        assert browser.sees(WRONG)
        pages.append(browser.page.text.replace(login, "LOGIN"))
    assert len(set(pages)) == 1
    assert actions(database) == ["inloggen-mislukt"] * 3


def test_empty_fields_are_named(browser: Browser) -> None:
    browser.logs_in("", "")
    assert browser.page.status_code == 422
    assert browser.sees("Vul je e-mailadres in.")
    assert browser.sees("Vul je wachtwoord in.")


def test_nobody_yet(browser: Browser) -> None:
    browser.opens("/beheer/inloggen")
    assert browser.sees("regiowijzer users add")


# sessions


def test_every_login_has_a_new_token(database: Database, browser: Browser) -> None:
    add_officer(database)
    browser.logs_in()
    first = browser.client.cookies[COOKIE]
    other = browser.another()
    other.client.cookies.set(COOKIE, "geplant", domain="testserver.local", path="/")
    other.logs_in()
    second = other.client.cookies.get(COOKIE, domain="testserver.local")
    assert second not in {first, "geplant", None}


def test_two_tabs_with_the_login_page(database: Database, browser: Browser) -> None:
    add_officer(database)
    browser.opens("/beheer/inloggen?naar=/beheer/mensen")
    second_tab = browser.page
    browser.logs_in()
    browser.page = second_tab
    browser.sends("/beheer/inloggen", {"login": ADMIN, "password": PASSWORD})
    assert browser.path == "/beheer/mensen"


def test_logout_is_on_the_server_too(database: Database, browser: Browser) -> None:
    add_officer(database)
    browser.logs_in()
    token = browser.client.cookies[COOKIE]
    browser.sends("/beheer/uitloggen")
    assert COOKIE not in browser.client.cookies
    browser.client.cookies.set(COOKIE, token)
    browser.opens("/beheer/account")
    assert browser.path == "/beheer/inloggen"


@pytest.mark.parametrize("secure", [False, True])
def test_cookie_is_for_the_server_alone(database: Database, secure: bool) -> None:
    add_officer(database)
    browser = Browser(make_desk(database, secure=secure))
    first = browser.logs_in()
    [cookie] = [one for one in first.headers.get_list("set-cookie") if "eheer=" in one
                or one.startswith("__Host-")]  # fmt: skip
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/;" in cookie
    assert ("Secure" in cookie) == secure
    assert cookie.startswith("__Host-") == secure


def test_away_too_long(database: Database, browser: Browser, clock: Clock) -> None:
    add_officer(database)
    browser.logs_in()
    clock.forward(3600)
    browser.opens("/beheer/mensen")
    assert browser.path == "/beheer/mensen"
    clock.forward(2 * 3600 + 1)
    browser.opens("/beheer/mensen")
    assert browser.path == "/beheer/inloggen"
    assert browser.sees("Je was te lang weg. Log opnieuw in, dan ga je verder waar je was.")
    browser.sends("/beheer/inloggen", {"login": ADMIN, "password": PASSWORD})
    assert browser.path == "/beheer/mensen"


def test_a_day_is_too_long_however_busy(database: Database, browser: Browser, clock: Clock) -> None:
    add_officer(database)
    browser.logs_in()
    for _ in range(12):
        browser.opens("/beheer/account")
        assert browser.path == "/beheer/account"
        clock.forward(3601)
    browser.opens("/beheer/account")
    assert browser.path == "/beheer/inloggen"


def test_first_visit_is_not_told_to_be_away(database: Database, browser: Browser) -> None:
    add_officer(database)
    browser.opens("/beheer/account")
    assert browser.path == "/beheer/inloggen"
    assert not browser.sees("te lang weg")


# where one goes afterwards


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/beheer/",
        "//evil.example/beheer/",
        "/\\evil.example",
        "/beheer/\\evil.example",
        "/beheer//evil.example",
        "/beheer/../chat",
        "/beheer/%0d%0aSet-Cookie:x=y",
        "/beheer/\r\nLocation: https://evil.example",
        "javascript:alert(1)",
        "/chat",
        "/beheer/uitloggen",
        "/beheer/inloggen?naar=/beheer/inloggen",
        "",
    ],
)
def test_goes_only_to_our_own_pages(database: Database, browser: Browser, wanted: str) -> None:
    add_officer(database)
    browser.opens("/beheer/inloggen")
    filled = {"login": ADMIN, "password": PASSWORD, "naar": wanted}
    assert browser.sends("/beheer/inloggen", filled).headers["location"] == "/beheer/meldingen"


@pytest.mark.parametrize(
    "wanted",
    ["/beheer/meldingen?status=nieuw&regio=utrecht&zoek=lange%20wachttijd", "/beheer/mensen/nieuw"],
)
def test_goes_on_where_one_was(database: Database, browser: Browser, wanted: str) -> None:
    add_officer(database)
    browser.opens("/beheer/inloggen")
    filled = {"login": ADMIN, "password": PASSWORD, "naar": wanted}
    assert browser.sends("/beheer/inloggen", filled).headers["location"] == wanted


def test_comes_back_to_the_filtered_list(
    database: Database, browser: Browser, clock: Clock
) -> None:
    add_officer(database)
    browser.logs_in()
    clock.forward(3 * 3600)
    browser.opens("/beheer/logboek?wat=ingelogd&wie=")
    assert browser.sees("Je was te lang weg.")
    browser.sends("/beheer/inloggen", {"login": ADMIN, "password": PASSWORD})
    assert str(browser.page.url).endswith("/beheer/logboek?wat=ingelogd&wie=")


# forms that another site makes the browser send


@pytest.mark.parametrize("csrf", [None, "", "verzonnen"])
def test_login_form_of_another_site(database: Database, browser: Browser, csrf: str | None) -> None:
    add_officer(database)
    browser.opens("/beheer/inloggen")
    filled = {"login": ADMIN, "password": PASSWORD, "csrf_token": csrf}
    browser.sends("/beheer/inloggen", filled)
    assert browser.page.status_code == 422
    assert browser.sees("Deze pagina stond te lang open.")
    browser.opens("/beheer/account")
    assert browser.path == "/beheer/inloggen"


@pytest.mark.parametrize("csrf", [None, "", "verzonnen"])
def test_logout_form_of_another_site(
    database: Database, browser: Browser, csrf: str | None
) -> None:
    add_officer(database)
    browser.logs_in()
    browser.sends("/beheer/uitloggen", {"csrf_token": csrf})
    browser.opens("/beheer/account")
    assert browser.path == "/beheer/account"


def test_token_of_another_session_is_refused(database: Database, browser: Browser) -> None:
    add_officer(database)
    other = browser.another()
    other.logs_in()
    theirs = forms(other.page)["/beheer/uitloggen"]["csrf_token"]
    browser.logs_in()
    browser.sends("/beheer/uitloggen", {"csrf_token": theirs})
    browser.opens("/beheer/account")
    assert browser.path == "/beheer/account"


def test_odd_input_is_only_wrong(database: Database, browser: Browser) -> None:
    add_officer(database)
    browser.opens("/beheer/inloggen")
    csrf = str(forms(browser.page)["/beheer/inloggen"]["csrf_token"])
    right = {"csrf_token": csrf, "login": ADMIN, "password": "x"}
    url = "/beheer/inloggen"
    for odd in ({"csrf_token": "é"}, {"login": "a\x00b"}, {"password": "x" * 100_000}):
        assert browser.client.post(url, data={**right, **odd}).status_code == 422
    file = browser.client.post(url, data={"csrf_token": csrf}, files={"login": ("a", b"b")})
    assert file.status_code == 422
    half = b'--x\r\nContent-Disposition: form-data; name="login"\r\n\r\n\\ud800\r\n--x--\r\n'
    kind = {"content-type": "multipart/form-data; charset=unicode_escape; boundary=x"}
    assert browser.client.post(url, content=half, headers=kind).status_code == 422
    assert browser.client.post(url, content=b"\xff=%ff&login=%ff").status_code == 422
