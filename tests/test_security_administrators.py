"""An administrator of some regions gives no more than these, and gets no more by it."""

from datetime import timedelta

import pytest

from bottlenecks.crypto import Cipher
from bottlenecks.roles import EVERYWHERE, Role, Scope
from bottlenecks.store import Database, open_database
from bottlenecks.store.officers import OfficerView
from tests.conftest import SECRET
from tests.desk import Browser, add_officer, forms, make_desk
from tests.desk_officers import MINES, UTRECHT
from tests.groups_of_reports import group, report
from tests.postgres_server import empty_database, running

BO = "bo@rho.example"
PEOPLE = "/beheer/mensen"
NEW = f"{PEOPLE}/nieuw"
ACCESS = "/beheer/toegang"
KEYS = f"{ACCESS}/sleutels"
BOTH = Scope(regions=UTRECHT.regions | MINES.regions)
MORE = [{"all_regions": "y"}, {"regions": ["utrecht", "westelijke-mijnstreek"]}]
WIDER = [EVERYWHERE, MINES, BOTH]


@pytest.fixture
def ada(database: Database) -> str:
    """The id of Ada, administrator of all regions."""
    return add_officer(database)


@pytest.fixture
def bo(database: Database, ada: str) -> Browser:
    """Bo, administrator of Utrecht alone, signed in."""
    add_officer(database, BO, Role.ADMIN, UTRECHT, "Bo de Wit")
    browser = Browser(make_desk(database))
    browser.logs_in(BO)
    return browser


def token(browser: Browser) -> dict[str, str | list[str]]:
    browser.opens("/beheer/account")
    return {"csrf_token": forms(browser.page)["/beheer/uitloggen"]["csrf_token"]}


def account(database: Database, login: str) -> OfficerView:
    with database.reading() as work:
        return next(view for view in work.officers.all() if view.officer.login == login)


# people


@pytest.mark.parametrize("wide", WIDER)
def test_who_has_other_regions_is_not_theirs_to_manage(
    database: Database, bo: Browser, wide: Scope
) -> None:
    cor = add_officer(database, "cor@rho.example", Role.HANDLER, wide, "Cor Smit")
    theirs = bo.another()
    theirs.logs_in("cor@rho.example")
    before, csrf = account(database, "cor@rho.example"), token(bo)
    bo.opens(PEOPLE)
    assert bo.sees("Bo de Wit jij") and not bo.sees("Cor Smit") and not bo.sees("Ada Jansen")
    page = f"{PEOPLE}/{cor}"
    assert bo.client.get(page).status_code == 404
    changed = {"name": "Cor", "role": "lezer", "regions": ["utrecht"], "is_active": "y"}
    for path, filled in (
        (page, changed),
        (page, {**changed, "is_active": ""}),
        (f"{page}/wachtwoord", {}),
        (f"{page}/uitloggen", {}),
    ):
        answer = bo.client.post(path, data={**filled, **csrf})
        assert answer.status_code == 404, path
    assert account(database, "cor@rho.example") == before
    theirs.opens("/beheer/account")
    assert theirs.path == "/beheer/account"  # signed in as before


def test_the_administrator_of_all_regions_is_not_taken_over(
    database: Database, bo: Browser, ada: str
) -> None:
    with database.reading() as work:
        before = work.officers.password_of("ada@rho.example")
    answer = bo.client.post(f"{PEOPLE}/{ada}/wachtwoord", data=token(bo))
    assert answer.status_code == 404 and "geheim" not in answer.text
    with database.reading() as work:
        assert work.officers.password_of("ada@rho.example") == before


@pytest.mark.parametrize("more", MORE)
def test_nobody_gives_themselves_more_regions(
    database: Database, bo: Browser, more: dict[str, str | list[str]]
) -> None:
    me = account(database, BO).officer.id
    bo.opens(f"{PEOPLE}/{me}")
    assert not bo.sees("Alle regio's") and not bo.sees("Westelijke Mijnstreek")
    filled = {"name": "Bo de Wit", "role": "beheerder", "is_active": "y", **more}
    answer = bo.client.post(f"{PEOPLE}/{me}", data={**filled, **token(bo)})
    assert answer.status_code == 422
    assert account(database, BO).officer.scope == UTRECHT
    assert bo.client.get("/beheer/systeem").status_code == 403


def test_all_regions_beside_ones_own_does_not_count(database: Database, bo: Browser) -> None:
    me = account(database, BO).officer.id
    filled = {"name": "Bo", "role": "beheerder", "is_active": "y", "all_regions": "y"}
    filled["regions"] = "utrecht"
    bo.client.post(f"{PEOPLE}/{me}", data={**filled, **token(bo)})
    assert account(database, BO).officer.scope == UTRECHT


@pytest.mark.parametrize("more", MORE)
def test_nobody_new_gets_more_regions(
    database: Database, bo: Browser, more: dict[str, str | list[str]]
) -> None:
    filled = {"name": "Dop", "login": "dop@rho.example", "role": "beheerder", "is_active": "y"}
    answer = bo.client.post(NEW, data={**filled, **more, **token(bo)})
    assert answer.status_code == 422
    with database.reading() as work:
        assert len(work.officers.all()) == 2


def test_people_of_ones_own_regions_are_managed(database: Database, bo: Browser) -> None:
    bo.opens(NEW)
    filled: dict[str, str | list[str] | None] = {"name": "Cor", "login": "cor@rho.example"}
    bo.sends(NEW, {**filled, "role": "beheerder", "regions": ["utrecht"]})
    cor = account(database, "cor@rho.example").officer
    assert cor.scope == UTRECHT
    bo.opens(f"{PEOPLE}/{cor.id}")
    bo.sends(f"{PEOPLE}/{cor.id}/wachtwoord")
    assert bo.sees("Wachtwoord voor Cor")
    bo.opens(f"{PEOPLE}/{cor.id}")
    bo.sends(f"{PEOPLE}/{cor.id}", {"role": "lezer"})
    assert bo.sees("De gegevens van Cor zijn opgeslagen.")


def test_somebody_stays_who_manages_all_regions(database: Database, bo: Browser, ada: str) -> None:
    wide = bo.another()
    wide.logs_in()
    wide.opens(f"{PEOPLE}/{ada}")
    wide.sends(f"{PEOPLE}/{ada}", {"all_regions": None, "regions": ["utrecht"]})
    assert wide.page.status_code == 422
    assert wide.sees("Dit is de laatste beheerder van alle regio's.")
    assert account(database, "ada@rho.example").officer.scope == EVERYWHERE


# keys and links


@pytest.mark.parametrize("more", MORE)
def test_no_key_reads_more_regions(
    database: Database, bo: Browser, more: dict[str, str | list[str]]
) -> None:
    bo.opens(ACCESS)
    assert not bo.sees("Alle regio's") and not bo.sees("Westelijke Mijnstreek")
    answer = bo.client.post(KEYS, data={"name": "Dashboard", **more, **token(bo)})
    assert answer.status_code == 422 and "rw_" not in answer.text
    both = {"all_regions": "y", "regions": "utrecht"}
    bo.client.post(KEYS, data={"name": "Dashboard", **both, **token(bo)})
    with database.reading() as work:
        assert [key.scope for key in work.tokens.list()] == [UTRECHT]


@pytest.mark.parametrize("wide", WIDER)
def test_keys_and_links_of_others_are_not_theirs(
    database: Database, bo: Browser, ada: str, wide: Scope
) -> None:
    with database.work() as work:
        key, _ = work.tokens.make("Landelijk", wide, ada)
        work.invitations.make("Praktijk Elders", ada, timedelta(days=30))
        [link] = work.invitations.list()
    bo.opens(ACCESS)
    assert not bo.sees("Landelijk") and not bo.sees("Praktijk Elders")
    for path in (f"{KEYS}/{key}/intrekken", f"{ACCESS}/uitnodigingen/{link.id}/intrekken"):
        assert bo.client.post(path, data=token(bo)).status_code == 404
    with database.reading() as work:
        assert [one.revoked_at for one in work.tokens.list()] == [None]
        assert [one.revoked_at for one in work.invitations.list()] == [None]


# the log


def test_the_log_is_of_ones_own_regions(database: Database, bo: Browser, ada: str) -> None:
    here, there = report(database, "Hier"), report(database, "Daar", region="westelijke-mijnstreek")
    nowhere = report(database, "Ergens", region=None)
    mixed, unknown = report(database, "Ook hier"), report(database, "Weer hier")
    groups = [
        group(database, [here], "Alleen hier"),
        group(database, [mixed, there], "Ook daar"),
        group(database, [unknown, nowhere], "Ook ergens"),
    ]
    with database.work() as work:
        for reference in (here, there, nowhere):
            work.audit.add(ada, "melding-gelezen", reference)
        for number, title in zip(groups, ("Alleen hier", "Ook daar", "Ook ergens"), strict=True):
            work.audit.add(ada, "groep-gewijzigd", f"groep {number}", titel=title)
        work.audit.add(ada, "melding-vergeleken", here, meldingen=[there])
        for region in ("utrecht", "westelijke-mijnstreek"):
            work.audit.add(ada, "fase-ingesteld", region, fase=f"fase van {region}")
            work.audit.add(ada, "inhoud-goedgekeurd", "noodplan", regio=region)
            work.audit.add(ada, "contact-gewijzigd", f"leestijden {region}")
        work.audit.add(ada, "verslag-begonnen", "utrecht", titel="Een titel als een regio")
        work.audit.add(ada, "berichten-opnieuw", "77")
    bo.opens("/beheer/logboek")
    for text in (
        f"Melding gelezen {here}",
        "titel: Alleen hier",
        "fase van utrecht",
        "Tekst goedgekeurd noodplan regio: Utrecht",
        "Contactgegevens gewijzigd Leestijden, Utrecht",
        f"Meldingen gelezen die op een melding lijken {here}",
        "Ingelogd Bo de Wit",
    ):
        assert bo.sees(text), text
    for text in (there, nowhere, "Ook daar", "Ook ergens", "Mijnstreek", "mijnstreek", "77"):
        assert not bo.sees(text), text
    assert not bo.sees("Een titel als een regio")
    wide = bo.another()
    wide.logs_in()
    wide.opens("/beheer/logboek")
    for text in (there, nowhere, "Ook daar", "Westelijke Mijnstreek", "77"):
        assert wide.sees(text), text
    # nor by asking what one person did, or page by page
    for asked in (f"?wie={ada}", "?wat=melding-gelezen", "?voor=9999"):
        bo.opens(f"/beheer/logboek{asked}")
        assert not bo.sees(there), asked


def test_the_log_is_of_ones_own_regions_on_postgresql() -> None:
    with running() as postgres:
        url = empty_database(postgres, "log").url.render_as_string(hide_password=False)
        with open_database(url, Cipher(SECRET)) as database:
            here, there = report(database, "Hier"), report(database, "Daar", region=None)
            number = group(database, [here], "Alleen hier")
            with database.work() as work:
                work.audit.add("x", "groep-notitie", f"groep {number}")
                work.audit.add("x", "melding-gelezen", here)
                work.audit.add("x", "melding-gelezen", there)
                work.audit.add("x", "inhoud-bekeken", "noodplan", regio="utrecht")
                work.audit.add("x", "inhoud-bekeken", "noodplan", regio=None)
                seen = [(line.action, line.subject) for line in work.audit.latest(scope=UTRECHT)]
    assert seen == [
        ("inhoud-bekeken", "noodplan"),
        ("melding-gelezen", here),
        ("groep-notitie", f"groep {number}"),
    ]
