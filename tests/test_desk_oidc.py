"""Logging in at one's own organisation, against a provider on loopback."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from joserfc.jwk import RSAKey

from bottlenecks.desk.context import OidcSettings
from bottlenecks.store import Database
from tests.conftest import Clock
from tests.desk import ADMIN, Browser, add_officer, make_desk
from tests.oidc_provider import OidcProvider

Json = dict[str, Any]
START = "/beheer/oidc/inloggen?naar=/beheer/account"
COOKIE = "regiowijzer_oidc"


@pytest.fixture
def provider(clock: Clock) -> Iterator[OidcProvider]:
    """A provider at which Ada is signed in."""
    with OidcProvider(clock) as started:
        started.person = {"sub": "id-van-ada", "email": ADMIN, "email_verified": True}
        yield started


def settings(provider: OidcProvider) -> OidcSettings:
    return OidcSettings(provider.issuer, provider.client_id, provider.client_secret, "Meditta")


@pytest.fixture
def browser(database: Database, provider: OidcProvider) -> Browser:
    return Browser(make_desk(database, oidc_settings=settings(provider)))


def goes_to_provider(browser: Browser, start: str = START) -> str:
    """Press the button and let the provider do its part; gives the address back to the desk."""
    to_provider = browser.opens(start).headers["location"]
    back = httpx2.get(to_provider).headers["location"]
    split = urlsplit(back)
    assert split.netloc == "testserver"
    return f"{split.path}?{split.query}"


def logs_in(browser: Browser, start: str = START) -> None:
    browser.opens(goes_to_provider(browser, start))


def actions(database: Database) -> list[tuple[str, str]]:
    with database.reading() as work:
        return [(line.action, line.actor) for line in work.audit.latest()]


def test_login_page_names_the_organisation(browser: Browser) -> None:
    browser.opens("/beheer/inloggen?naar=/beheer/account")
    assert browser.sees("Inloggen met Meditta")
    assert '/beheer/oidc/inloggen?naar=%2Fbeheer%2Faccount"' in browser.page.text


def test_known_person_comes_in(database: Database, browser: Browser) -> None:
    ada = add_officer(database, password=None)
    logs_in(browser)
    assert browser.path == "/beheer/account"
    assert browser.sees("Ada Jansen")
    assert browser.sees("Je logt in met Meditta. Hier heb je geen wachtwoord.")
    assert COOKIE not in browser.client.cookies
    assert actions(database) == [("ingelogd", ada)]


def test_account_stays_of_the_same_person(
    database: Database, browser: Browser, provider: OidcProvider
) -> None:
    add_officer(database)
    logs_in(browser)
    # Ada has another address since: it is still she
    provider.person["email"] = "a.jansen@rho.example"
    logs_in(browser)
    assert browser.path == "/beheer/account"
    # someone else who now has her old address is not
    provider.person = {"sub": "iemand-anders", "email": ADMIN, "email_verified": True}
    browser.client.cookies.clear()
    logs_in(browser)
    assert browser.page.status_code == 403
    assert browser.sees("Je hebt nog geen toegang")


def test_email_from_userinfo(database: Database, browser: Browser, provider: OidcProvider) -> None:
    add_officer(database)
    provider.tells_email = False
    logs_in(browser)
    assert browser.path == "/beheer/account"


def test_session_is_a_new_one(database: Database, browser: Browser) -> None:
    add_officer(database)
    browser.client.cookies.set("regiowijzer_beheer", "van een ander")
    logs_in(browser)
    # the jar holds what was planted, for another path of matching, and what the server gave
    assert browser.client.cookies.get("regiowijzer_beheer", domain="testserver.local") != (
        "van een ander"
    )
    assert browser.path == "/beheer/account"


# what goes wrong


def test_unknown_person_gets_no_account(database: Database, browser: Browser) -> None:
    logs_in(browser)
    assert browser.page.status_code == 403
    assert browser.sees("Je hebt nog geen toegang")
    assert browser.sees("Vraag een beheerder")
    assert actions(database) == [("inloggen-mislukt", "niemand")]
    with database.reading() as work:
        assert work.officers.all() == []


@pytest.mark.parametrize("verified", [False, None, "true"])
def test_address_that_is_not_verified_does_not_count(
    database: Database, browser: Browser, provider: OidcProvider, verified: bool | str | None
) -> None:
    add_officer(database)
    provider.person["email_verified"] = verified
    logs_in(browser)
    assert browser.page.status_code == 403
    assert browser.sees("Je hebt nog geen toegang")


def test_inactive_person_stays_out(database: Database, browser: Browser) -> None:
    ada = add_officer(database)
    add_officer(database, "bo@rho.example", name="Bo")
    logs_in(browser)
    with database.work() as work:
        officer = work.officers.get(ada)
        assert officer is not None
        work.officers.change(
            ada,
            name="Ada",
            role=officer.officer.role,
            scope=officer.officer.scope,
            is_active=False,
        )
    browser.opens("/beheer/account")
    assert browser.path == "/beheer/inloggen"
    logs_in(browser)
    assert browser.page.status_code == 403


def test_provider_is_down(database: Database, browser: Browser, provider: OidcProvider) -> None:
    add_officer(database)
    provider.broken = {"/.well-known/openid-configuration"}
    browser.opens(START)
    assert browser.page.status_code == 503
    assert browser.sees("Meditta is niet bereikbaar")
    assert 'href="/beheer/inloggen?naar=%2Fbeheer%2Faccount"' in browser.page.text


def test_nobody_listens_at_the_provider(database: Database) -> None:
    nowhere = OidcSettings("http://127.0.0.1:9", "regiowijzer", "geheim")
    browser = Browser(make_desk(database, oidc_settings=nowhere))
    browser.opens(START)
    assert browser.page.status_code == 503
    assert browser.sees("Je organisatie is niet bereikbaar")


@pytest.mark.parametrize("path", ["/token", "/keys"])
def test_provider_goes_down_halfway(
    database: Database, browser: Browser, provider: OidcProvider, path: str
) -> None:
    add_officer(database)
    provider.broken = {path}
    logs_in(browser)
    assert browser.page.status_code == 503


def test_person_refuses_there(database: Database, browser: Browser, provider: OidcProvider) -> None:
    add_officer(database)
    provider.refuses = True
    logs_in(browser)
    assert browser.page.status_code == 403
    assert browser.sees("Het inloggen bij Meditta is gestopt")


def test_answer_to_a_login_begun_elsewhere(database: Database, browser: Browser) -> None:
    add_officer(database)
    attackers = browser.another()
    back = goes_to_provider(attackers)
    # a victim who did not begin
    browser.opens(back)
    assert browser.page.status_code == 400
    assert browser.sees("Begin opnieuw")
    # and one who did
    goes_to_provider(browser)
    browser.opens(back)
    assert browser.page.status_code == 400
    assert browser.sees("niet hier begonnen")
    browser.opens("/beheer/account")
    assert browser.path == "/beheer/inloggen"


def test_answer_serves_once(database: Database, browser: Browser) -> None:
    add_officer(database)
    back = goes_to_provider(browser)
    browser.opens(back)
    assert browser.path == "/beheer/account"
    browser.opens(back)
    assert browser.page.status_code == 400


def test_code_of_someone_else(database: Database, browser: Browser) -> None:
    add_officer(database)
    attackers = browser.another()
    stolen = parse_qs(urlsplit(goes_to_provider(attackers)).query)["code"][0]
    state = parse_qs(urlsplit(goes_to_provider(browser)).query)["state"][0]
    browser.opens(f"/beheer/oidc/terug?code={stolen}&state={state}")
    assert browser.page.status_code == 403  # the provider has another challenge for it


TAMPERINGS: dict[str, Callable[[Json], Json]] = {
    "another nonce": lambda claims: claims | {"nonce": "van een ander"},
    "no nonce": lambda claims: {k: v for k, v in claims.items() if k != "nonce"},
    "for another client": lambda claims: claims | {"aud": "een-ander-programma"},
    "for several, not us": lambda claims: claims | {"aud": ["a", "b"], "azp": "regiowijzer"},
    "of another issuer": lambda claims: claims | {"iss": "https://elders.example"},
    "expired": lambda claims: claims | {"exp": claims["iat"] - 3600},
    "of tomorrow": lambda claims: claims | {"nbf": claims["iat"] + 86_400},
    "of nobody": lambda claims: {k: v for k, v in claims.items() if k != "sub"},
    "without an end": lambda claims: {k: v for k, v in claims.items() if k != "exp"},
}


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_token_that_proves_nothing(
    database: Database, browser: Browser, provider: OidcProvider, tampering: str
) -> None:
    add_officer(database)
    provider.tamper = TAMPERINGS[tampering]
    logs_in(browser)
    assert browser.page.status_code == 403
    assert browser.sees("Het antwoord van Meditta klopt niet")
    assert actions(database) == [("inloggen-mislukt", "niemand")]


def test_token_of_another_key(database: Database, browser: Browser, provider: OidcProvider) -> None:
    add_officer(database)
    provider.key = RSAKey.generate_key(2048, {"kid": "k1"})
    logs_in(browser)
    assert browser.page.status_code == 403
    # when the provider tells of the new key, all is well
    provider.keys = [provider.key]
    logs_in(browser)
    assert browser.path == "/beheer/account"


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example", "/beheer/oidc/inloggen", "/chat"]
)
def test_goes_only_to_our_pages_afterwards(
    database: Database, browser: Browser, wanted: str
) -> None:
    add_officer(database)
    back = goes_to_provider(browser, f"/beheer/oidc/inloggen?naar={wanted}")
    assert browser.opens(back).headers["location"] == "/beheer/meldingen"


def test_without_the_setting_it_is_not_there(database: Database) -> None:
    browser = Browser(make_desk(database))
    assert browser.opens(START).status_code == 404
    browser.opens("/beheer/inloggen")
    assert not browser.sees("Inloggen met")
