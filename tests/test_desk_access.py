"""Keys for programs, links for practices, and the log of who did what."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

import bottlenecks
from bottlenecks.desk.people.audit_words import ACTIONS, AuditWords
from bottlenecks.roles import Role, Scope
from bottlenecks.store import Database
from tests.conftest import Clock
from tests.desk import Browser, add_officer, forms, make_desk

ACCESS = "/beheer/toegang"
KEYS = "/beheer/toegang/sleutels"
LINKS = "/beheer/toegang/uitnodigingen"
LOG = "/beheer/logboek"


@pytest.fixture
def admin(database: Database) -> Browser:
    """Ada, administrator, signed in."""
    add_officer(database)
    browser = Browser(make_desk(database))
    browser.logs_in()
    return browser


def shown_once(browser: Browser) -> str:
    """What the page shows of which nothing is kept."""
    assert browser.sees("Je ziet dit maar één keer.")
    assert browser.page.headers["cache-control"] == "no-store"
    return browser.page.text.split('id="geheim"')[1].split('value="')[1].split('"')[0]


def makes_key(browser: Browser, name: str = "Dashboard", *regions: str) -> str:
    browser.opens(ACCESS)
    ticked = {"regions": list(regions)} if regions else {"all_regions": ["y"]}
    browser.sends(KEYS, {"name": name, **ticked})
    return shown_once(browser)


def revokes(browser: Browser, beginning: str) -> None:
    """Press the only button to revoke under this address."""
    browser.opens(ACCESS)
    [action] = [one for one in forms(browser.page) if one.startswith(beginning + "/")]
    browser.sends(action)


# keys


def test_nothing_there_yet(admin: Browser) -> None:
    admin.opens(ACCESS)
    assert admin.sees("Er zijn nu geen sleutels.")
    assert admin.sees("Er zijn nu geen links die werken.")


def test_makes_a_key(database: Database, admin: Browser, clock: Clock) -> None:
    key = makes_key(admin, " Dashboard ", "utrecht")
    assert key.startswith("rw_")
    admin.opens(ACCESS)
    assert key not in admin.page.text
    assert admin.sees("Dashboard Utrecht nog niet gebruikt door Ada Jansen, 2 mrt 2026")

    clock.forward(3600)
    with database.work() as work:
        used = work.tokens.use(key)
        assert used is not None
        assert (used.name, used.scope) == ("Dashboard", Scope(regions=frozenset({"utrecht"})))
        assert work.tokens.use("rw_verzonnen") is None
    admin.opens(ACCESS)
    assert admin.sees("laatst gebruikt 2 mrt 2026, 11:00")
    with database.reading() as work:
        [line] = work.audit.latest(action="sleutel-gemaakt")
    assert line.detail == {"naam": "Dashboard", "regios": "Utrecht"}


def test_use_is_kept_once_a_minute(database: Database, admin: Browser, clock: Clock) -> None:
    key = makes_key(admin)
    times = []
    for _ in range(4):
        with database.work() as work:
            used = work.tokens.use(key)
        assert used is not None
        times.append(used.last_used_at)
        clock.forward(25)
    assert times[0] == times[1] == times[2]
    assert times[3] == times[0] + timedelta(seconds=75) if times[0] else False


def test_revoked_key_is_worthless(database: Database, admin: Browser) -> None:
    key = makes_key(admin)
    revokes(admin, KEYS)
    assert admin.sees("De sleutel van Dashboard werkt niet meer.")
    assert admin.sees("1 ingetrokken")
    with database.work() as work:
        assert work.tokens.use(key) is None
    # the name is free again
    assert makes_key(admin) != key


@pytest.mark.parametrize(
    ("filled", "told"),
    [
        ({"name": " ", "all_regions": ["y"]}, "Vul een naam in."),
        ({"name": "Dashboard", "all_regions": ["y"]}, "Er is al een sleutel met deze naam."),
        ({"name": "Ander"}, "Kies minstens één regio, of kies alle regio's."),
        ({"name": "x" * 61, "all_regions": ["y"]}, "Er klopt iets niet."),
    ],
)
def test_key_that_is_refused(
    database: Database, admin: Browser, filled: dict[str, str | list[str]], told: str
) -> None:
    makes_key(admin)
    admin.opens(ACCESS)
    admin.sends(KEYS, filled)
    assert admin.page.status_code == 422
    assert admin.sees(told)
    with database.reading() as work:
        assert len(work.tokens.list()) == 1


def test_key_that_is_not_there(admin: Browser) -> None:
    makes_key(admin)
    admin.opens(ACCESS)
    csrf = forms(admin.page)[KEYS]["csrf_token"]
    for path in (f"{KEYS}/geen/intrekken", f"{LINKS}/geen/intrekken"):
        sent = admin.client.post(path, data={"csrf_token": str(csrf)})
        assert sent.status_code == 404


# links


def test_makes_and_revokes_a_link(database: Database, admin: Browser, clock: Clock) -> None:
    admin.opens(ACCESS)
    admin.sends(LINKS, {"practice": "Praktijk De Linde", "valid": "30"})
    link = shown_once(admin)
    assert link.startswith("http://testserver/chat/uitnodiging/")
    assert admin.sees("1 maand lang")
    token = link.rsplit("/", 1)[1]
    admin.opens(ACCESS)
    assert token not in admin.page.text
    assert admin.sees("Praktijk De Linde nog niet gebruikt geldig tot 1 apr 2026")
    with database.reading() as work:
        found = work.invitations.look_up(token)
        assert found is not None
        assert found.practice == "Praktijk De Linde"

    revokes(admin, LINKS)
    assert admin.sees("De link van Praktijk De Linde werkt niet meer.")
    assert admin.sees("1 die niet meer werkt")
    with database.reading() as work:
        assert work.invitations.look_up(token) is None
    admin.opens(f"{LOG}?wat=uitnodiging-ingetrokken")
    assert admin.sees("Link van een praktijk ingetrokken Praktijk De Linde Ada Jansen")


def test_link_runs_out(admin: Browser, clock: Clock) -> None:
    admin.opens(ACCESS)
    admin.sends(LINKS, {"practice": "Praktijk De Linde", "valid": "30"})
    clock.forward(31 * 86_400)
    admin.logs_in()
    admin.opens(ACCESS)
    assert admin.sees("Er zijn nu geen links die werken.")
    assert admin.sees("verlopen op 1 apr 2026")


@pytest.mark.parametrize(
    "filled", [{"practice": ""}, {"practice": "x" * 201}, {"practice": "De Linde", "valid": "9999"}]
)
def test_link_that_is_refused(database: Database, admin: Browser, filled: dict[str, str]) -> None:
    admin.opens(ACCESS)
    admin.sends(LINKS, filled)
    assert admin.page.status_code == 422
    with database.reading() as work:
        assert list(work.invitations.list()) == []


# the log


def test_log_tells_in_words(database: Database, admin: Browser) -> None:
    bo = add_officer(database, "bo@rho.example", Role.READER, name="Bo de Wit")
    admin.opens(f"/beheer/mensen/{bo}")
    admin.sends(f"/beheer/mensen/{bo}", {"role": "behandelaar"})
    admin.another().logs_in("bo@rho.example", "geraden geraden")
    with database.work() as work:
        work.audit.add("api:Dashboard", "melding-gelezen", "KP-2026-0001")
        work.audit.add(bo, "contact-gewijzigd", "leestijden utrecht")
    admin.opens(LOG)
    assert admin.sees("Persoon gewijzigd Bo de Wit rol: lezer → behandelaar Ada Jansen")
    assert admin.sees("Inloggen mislukt Bo de Wit adres: testclient Iemand die niet was ingelogd")
    assert admin.sees("Contactgegevens gewijzigd Leestijden, Utrecht Bo de Wit")
    assert admin.sees("KP-2026-0001 Programma: Dashboard")
    assert 'href="/beheer/meldingen/KP-2026-0001"' in admin.page.text
    assert f'href="/beheer/mensen/{bo}"' in admin.page.text


def test_log_is_filtered_by_the_address(database: Database, admin: Browser) -> None:
    bo = add_officer(database, "bo@rho.example", Role.READER, name="Bo de Wit")
    theirs = admin.another()
    theirs.logs_in("bo@rho.example")
    theirs.sends("/beheer/uitloggen")

    def whats(query: str) -> list[str]:
        admin.opens(f"{LOG}{query}")
        return re.findall(r'<td class="name">(.*?)</td>', admin.page.text)

    assert whats("") == ["Uitgelogd", "Ingelogd", "Ingelogd"]
    assert whats(f"?wie={bo}") == ["Uitgelogd", "Ingelogd"]
    assert whats("?wat=ingelogd") == ["Ingelogd", "Ingelogd"]
    assert whats(f"?wie={bo}&wat=ingelogd") == ["Ingelogd"]
    assert forms(admin.page)[LOG] == {"wie": bo, "wat": "ingelogd"}
    assert whats("?wat=sleutel-gemaakt") == []
    assert admin.sees("Er staat niets in het logboek dat hierbij past.")
    for odd in ("?voor=x", "?voor=-1", "?voor=²", f"?voor={10**30}", "?wie=%00&wat=%27"):
        admin.opens(f"{LOG}{odd}")
        assert admin.page.status_code == 200


def test_log_is_paged(database: Database, admin: Browser) -> None:
    with database.work() as work:
        for number in range(119):
            work.audit.add("opdrachtregel", "melding-gelezen", f"KP-2026-{number:04}")
    path, seen = f"{LOG}?wie=opdrachtregel", []
    pages = 0
    while path:
        admin.opens(path)
        pages += 1
        seen += re.findall(r">(KP-2026-\d+)<", admin.page.text)
        older = re.search(r'href="([^"]+)" rel="next"', admin.page.text)
        path = older[1].replace("&amp;", "&") if older else ""
    assert pages == 3
    assert seen == [f"KP-2026-{number:04}" for number in reversed(range(119))]
    assert admin.sees("Naar het nieuwste")


def test_details_in_words() -> None:
    words = AuditWords({"a1": "Ada Jansen"}, {"utrecht": "Utrecht", "vgz": "VGZ"})
    assert words.detail({"regios": ["utrecht"], "leeg": None, "aantal": 3}) == (
        "regio's: Utrecht; aantal: 3"
    )
    assert words.detail({"antwoord": True, "status": "in-behandeling", "eigenaar": "a1"}) == (
        "antwoord: ja; status: in behandeling; eigenaar: Ada Jansen"
    )


def test_every_action_that_is_kept_has_words() -> None:
    folder = Path(bottlenecks.__file__).parent
    call = re.compile(r'audit\.add\(\s*[^,]+,\s*"([a-z-]+)"')
    sources = [*folder.rglob("*.py"), *(folder.parent / "bot").rglob("*.py")]
    found = {name for path in sources for name in call.findall(path.read_text("utf-8"))}
    assert len(found) > 10
    assert found <= set(ACTIONS)
