"""One's own account at the desk."""

import pytest

from bottlenecks.roles import Role, Scope
from bottlenecks.store import Database
from tests.desk import PASSWORD, Browser, add_officer, make_desk

BO = "bo@rho.example"
OWN = "dertien groene fietsen"


@pytest.fixture
def bo(database: Database) -> str:
    """The id of Bo, a handler of one region."""
    scope = Scope(regions=frozenset({"utrecht"}))
    return add_officer(database, BO, Role.HANDLER, scope, "Bo de Wit")


def test_own_account_shows_role_and_regions(database: Database, bo: str) -> None:
    browser = Browser(make_desk(database))
    browser.logs_in(BO)
    for text in ("Bo de Wit", BO, "Behandelaar: behandelt meldingen", "meldingen van Utrecht"):
        assert browser.sees(text)


def test_changes_own_password(database: Database, bo: str) -> None:
    here = Browser(make_desk(database))
    elsewhere = here.another()
    for browser in (here, elsewhere):
        browser.logs_in(BO)
    here.sends("/beheer/account", {"current": PASSWORD, "new": OWN, "again": OWN})
    assert here.sees("Je wachtwoord is gewijzigd.")
    elsewhere.opens("/beheer/account")
    assert elsewhere.path == "/beheer/inloggen"
    elsewhere.logs_in(BO, PASSWORD)
    assert elsewhere.page.status_code == 422
    elsewhere.logs_in(BO, OWN)
    assert elsewhere.path == "/beheer/account"
    with database.reading() as work:
        [line] = work.audit.latest(action="wachtwoord-gewijzigd")
    assert (line.actor, line.subject, line.detail) == (bo, bo, {})


@pytest.mark.parametrize(
    ("current", "new", "told"),
    [
        ("niet het goede", OWN, "Dit is niet je wachtwoord van nu."),
        (PASSWORD, "elf tekens!", "Neem minstens 12 tekens."),
        (PASSWORD, "a" * 201, "Neem hoogstens 200 tekens."),
        (PASSWORD, "121212121212", "meer verschillende tekens"),
        (PASSWORD, "bo.de.WITTEBROOD is lekker", None),
        (PASSWORD, "welkom bij REGIOWIJZER", "zonder je naam"),
        (PASSWORD, "", "Kies een nieuw wachtwoord."),
    ],
)
def test_password_that_is_refused(
    database: Database, bo: str, current: str, new: str, told: str | None
) -> None:
    browser = Browser(make_desk(database))
    browser.logs_in(BO)
    browser.sends("/beheer/account", {"current": current, "new": new, "again": new})
    if told is None:
        # three letters of a name are in too many words
        assert browser.sees("Je wachtwoord is gewijzigd.")
    else:
        assert browser.page.status_code == 422
        assert browser.sees(told)


@pytest.mark.parametrize("holds", ["jansenstraat elf", "mijn Ada.Beheer is het", "ADABEHEER-2026!"])
def test_password_with_name_or_address(database: Database, holds: str) -> None:
    add_officer(database, "adabeheer@rho.example", Role.READER, name="Ada.Beheer Jansen")
    browser = Browser(make_desk(database))
    browser.logs_in("adabeheer@rho.example")
    browser.sends("/beheer/account", {"current": PASSWORD, "new": holds, "again": holds})
    assert browser.sees("Neem een wachtwoord zonder je naam, je e-mailadres of 'regiowijzer' erin.")


def test_guessing_the_password_of_an_open_session(database: Database, bo: str) -> None:
    browser = Browser(make_desk(database))
    browser.logs_in(BO)
    for _ in range(5):
        browser.sends("/beheer/account", {"current": "geraden", "new": OWN, "again": OWN})
    browser.sends("/beheer/account", {"current": PASSWORD, "new": OWN, "again": OWN})
    assert browser.page.status_code == 429
    assert browser.sees("Wacht 15 minuten")
