"""Passwords of the desk: guessing them, and passwords for one time."""

import time

import pytest
from argon2 import PasswordHasher

from bottlenecks.desk.people import throttle as throttling
from bottlenecks.desk.people.throttle import Throttle
from bottlenecks.roles import EVERYWHERE, Role
from bottlenecks.store import Database
from tests.conftest import Clock
from tests.desk import ADMIN, Browser, add_officer, make_desk

COOKIE = "regiowijzer_beheer"
WRONG = "Het e-mailadres of het wachtwoord klopt niet."
OWN = "dertien groene fietsen"


@pytest.fixture
def browser(database: Database) -> Browser:
    return Browser(make_desk(database))


def actions(database: Database) -> list[str]:
    with database.reading() as work:
        return [line.action for line in work.audit.latest()]


def once_for(admin: Browser, officer_id: str) -> str:
    """Have an administrator give a new password; gives what the page shows."""
    admin.opens(f"/beheer/mensen/{officer_id}")
    admin.sends(f"/beheer/mensen/{officer_id}/wachtwoord")
    return admin.page.text.split('id="geheim"')[1].split('value="')[1].split('"')[0]


# guessing


def test_guessing_one_account(database: Database, browser: Browser) -> None:
    add_officer(database)
    add_officer(database, "bo@rho.example", name="Bo")
    for _ in range(5):
        browser.logs_in(ADMIN, "geraden geraden")
    browser.logs_in()  # with the right password now
    assert browser.page.status_code == 429
    assert browser.sees("Er is te vaak geprobeerd in te loggen. Wacht 15 minuten")
    assert 800 < int(browser.page.headers["retry-after"]) <= 900
    browser.logs_in()
    assert actions(database).count("inloggen-geremd") == 1
    browser.logs_in("bo@rho.example")
    assert browser.path == "/beheer/account"


def test_who_guesses_elsewhere_does_not_keep_the_right_person_out(
    database: Database, browser: Browser
) -> None:
    add_officer(database)
    stranger = browser.another("203.0.113.5")
    for _ in range(10):
        stranger.logs_in(ADMIN, "geraden geraden")
    assert stranger.page.status_code == 429
    browser.logs_in()
    assert browser.path == "/beheer/account"
    stranger.logs_in()  # who got it right meanwhile has to wait
    assert stranger.page.status_code == 429


def test_guessing_one_account_from_many_places() -> None:
    throttle = Throttle()
    assert throttle.attempt("ada", "10.9.9.9") is None
    throttle.succeeded("ada", "10.9.9.9")
    tried = [
        throttle.attempt("ada", f"10.0.{place}.{number}")
        for place in range(20)
        for number in range(5)
    ]
    # the one from where she got in counts as well
    assert tried[:49] == [None] * 49 and None not in tried[49:]
    wait = tried[49]
    assert wait is not None and wait.kind == "account" and wait.first
    assert not any(one.first for one in tried[50:] if one)
    assert 3500 < wait.seconds <= 3600
    # where she got in before she gets in, as often as from any one place
    for _ in range(5):
        assert throttle.attempt("ada", "10.9.9.9") is None
    assert throttle.attempt("ada", "10.9.9.9") is not None
    assert throttle.attempt("bo", "10.0.0.1") is None


def test_of_how_many_places_it_is_known_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttling, "REMEMBERED", 2)
    throttle = Throttle(per_account="1 per hour")
    for number in (1, 2, 1, 3):
        throttle.succeeded("ada", f"10.0.0.{number}")
    assert throttle.attempt("ada", "10.0.0.2") is None  # forgotten, so it counts
    assert throttle.attempt("ada", "10.0.0.2") is not None
    assert throttle.attempt("ada", "10.0.0.1") is None
    assert throttle.attempt("ada", "10.0.0.3") is None


def test_right_password_forgets_the_wrong_ones(database: Database, browser: Browser) -> None:
    add_officer(database)
    for _ in range(3):
        for _ in range(4):
            browser.logs_in(ADMIN, "geraden geraden")
        browser.logs_in()
        assert browser.path == "/beheer/account"
        browser.sends("/beheer/uitloggen")


def test_guessing_many_accounts_from_one_place() -> None:
    throttle = Throttle(per_address="3 per 15 minutes")
    for number in range(3):
        assert throttle.attempt(f"account {number}", "2001:db8:1:2::1") is None
    # another address of the same subscriber
    wait = throttle.attempt("account 9", "2001:db8:1:2:ffff::9")
    assert wait is not None
    assert (wait.kind, wait.first) == ("adres", True)
    again = throttle.attempt("account 9", "2001:db8:1:2::1")
    assert again is not None
    assert not again.first
    assert throttle.attempt("account 9", "2001:db8:1:3::1") is None


def test_waiting_helps() -> None:
    throttle = Throttle(per_place="1 per 1 second")
    assert throttle.attempt("ada", "10.0.0.1") is None
    wait = throttle.attempt("ada", "10.0.0.1")
    assert wait is not None
    assert wait.seconds == 1
    assert "Wacht 1 minuut en" in wait.in_words()
    time.sleep(1.05)
    assert throttle.attempt("ada", "10.0.0.1") is None


# a password for one time


def test_one_time_password_makes_way_for_ones_own(database: Database, browser: Browser) -> None:
    add_officer(database)
    bo = add_officer(database, "bo@rho.example", Role.READER, EVERYWHERE, "Bo de Wit")
    admin = browser.another()
    admin.logs_in()
    given = once_for(admin, bo)

    browser.logs_in("bo@rho.example")  # the old one is worthless
    assert browser.sees(WRONG)
    browser.logs_in("bo@rho.example", given)
    assert browser.sees("Kies je eigen wachtwoord")
    assert COOKIE not in browser.client.cookies
    browser.sends("/beheer/inloggen/wachtwoord", {"new": "kort", "again": "kort"})
    assert browser.sees("Neem minstens 12 tekens.")
    browser.sends("/beheer/inloggen/wachtwoord", {"new": OWN, "again": OWN + "!"})
    assert browser.sees("Dit is niet hetzelfde als hierboven.")
    page = browser.page
    browser.sends("/beheer/inloggen/wachtwoord", {"new": OWN, "again": OWN})
    assert browser.path == "/beheer/account"

    # the page in which it was chosen, and the one-time password, serve no second time
    thief = browser.another()
    thief.page = page
    thief.sends("/beheer/inloggen/wachtwoord", {"new": OWN * 2, "again": OWN * 2})
    assert thief.path == "/beheer/inloggen"
    thief.logs_in("bo@rho.example", given)
    assert thief.sees(WRONG)
    thief.logs_in("bo@rho.example", OWN)
    assert thief.path == "/beheer/account"


def test_one_time_password_goes_stale(database: Database, browser: Browser, clock: Clock) -> None:
    add_officer(database)
    bo = add_officer(database, "bo@rho.example", Role.READER, EVERYWHERE, "Bo de Wit")
    admin = browser.another()
    admin.logs_in()
    given = once_for(admin, bo)
    clock.forward(7 * 86_400 + 1)
    browser.logs_in("bo@rho.example", given)
    assert browser.sees(WRONG)


def test_password_that_was_kept_less_safely_is_kept_anew(
    database: Database, browser: Browser
) -> None:
    ada = add_officer(database)
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(OWN)
    with database.work() as work:
        work.officers.set_password(ada, weak)
    browser.logs_in(ADMIN, OWN)
    assert browser.path == "/beheer/account"
    with database.reading() as work:
        found = work.officers.password_of(ADMIN)
    assert found is not None
    assert found[1] not in {None, weak}
    browser.sends("/beheer/uitloggen")
    browser.logs_in(ADMIN, OWN)
    assert browser.path == "/beheer/account"
