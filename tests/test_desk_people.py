"""Managing who works at the desk."""

import pytest

from bottlenecks.roles import EVERYWHERE, Role, Scope
from bottlenecks.store import Database
from tests.desk import ADMIN, Browser, add_officer, forms, make_desk

LIST = "/beheer/mensen"
NEW = "/beheer/mensen/nieuw"
OWN = "dertien groene fietsen"
BO = "bo@rho.example"
ONLY_UTRECHT = Scope(regions=frozenset({"utrecht"}))
FOR_ADMINS = [
    LIST,
    NEW,
    "/beheer/mensen/{bo}",
    "/beheer/toegang",
    "/beheer/logboek",
    "/beheer/systeem",
]
SENT_BY_ADMINS = [
    NEW,
    "/beheer/mensen/{bo}",
    "/beheer/mensen/{bo}/wachtwoord",
    "/beheer/mensen/{bo}/uitloggen",
    "/beheer/toegang/sleutels",
    "/beheer/toegang/sleutels/{bo}/intrekken",
    "/beheer/toegang/uitnodigingen",
    "/beheer/toegang/uitnodigingen/{bo}/intrekken",
]


@pytest.fixture
def admin(database: Database) -> Browser:
    """Ada, administrator, signed in."""
    add_officer(database)
    browser = Browser(make_desk(database))
    browser.logs_in()
    return browser


@pytest.fixture
def bo(database: Database) -> str:
    """The id of Bo, a handler of one region."""
    return add_officer(database, BO, Role.HANDLER, ONLY_UTRECHT, "Bo de Wit")


def log(database: Database) -> list[tuple[str, dict[str, object]]]:
    """What was kept, newest first, but for logging in."""
    with database.reading() as work:
        lines = work.audit.latest()
    return [(line.action, dict(line.detail)) for line in lines if line.action != "ingelogd"]


# who may see this


@pytest.mark.parametrize("role", [Role.READER, Role.HANDLER])
def test_pages_of_administrators_are_closed_to_others(
    database: Database, bo: str, role: Role
) -> None:
    add_officer(database, "cor@rho.example", role, EVERYWHERE, "Cor")
    browser = Browser(make_desk(database))
    browser.logs_in("cor@rho.example")
    assert not browser.sees("Mensen")
    csrf = forms(browser.page)["/beheer/uitloggen"]["csrf_token"]
    for path in FOR_ADMINS:
        browser.opens(path.format(bo=bo))
        assert browser.page.status_code == 403
        assert browser.sees("Dit mag alleen een beheerder.")
        assert not browser.sees("Bo de Wit")
    for path in SENT_BY_ADMINS:
        sent = browser.client.post(path.format(bo=bo), data={"csrf_token": str(csrf)})
        assert sent.status_code == 403
    assert log(database) == []


def test_pages_are_closed_to_who_is_not_signed_in(database: Database, bo: str) -> None:
    browser = Browser(make_desk(database))
    for path in [*FOR_ADMINS, "/beheer/account"]:
        browser.opens(path.format(bo=bo))
        assert browser.path == "/beheer/inloggen"
    for path in [*SENT_BY_ADMINS, "/beheer/account"]:
        sent = browser.client.post(path.format(bo=bo))
        assert sent.headers["location"].split("?")[0] == "/beheer/inloggen"


def test_forms_of_another_site_change_nothing(database: Database, admin: Browser, bo: str) -> None:
    for path in [*SENT_BY_ADMINS, "/beheer/account"]:
        for csrf in ({}, {"csrf_token": "verzonnen"}):
            filled = {"name": "Kaper", "login": "kaper@evil.example", "role": "beheerder"}
            more = {"all_regions": "y", "practice": "Kaper", "valid": "30", "is_active": "y"}
            sent = admin.client.post(path.format(bo=bo), data={**filled, **more, **csrf})
            assert sent.status_code in {303, 422}
    assert log(database) == []
    with database.reading() as work:
        assert [view.officer.name for view in work.officers.all()] == ["Ada Jansen", "Bo de Wit"]
        assert not work.tokens.list()
        assert not work.invitations.list()


# the list


def test_list_tells_who_is_who(admin: Browser, bo: str) -> None:
    admin.opens(LIST)
    for text in ("Ada Jansen jij", "Bo de Wit", BO, "behandelaar Utrecht nog nooit"):
        assert admin.sees(text)


def test_alone_at_the_desk(admin: Browser) -> None:
    admin.opens(LIST)
    assert admin.sees("Je bent hier nog alleen.")


def test_someone_who_is_not_there(admin: Browser) -> None:
    assert admin.client.get("/beheer/mensen/niemand").status_code == 404


# adding


def test_adds_someone_who_then_logs_in(database: Database, admin: Browser) -> None:
    admin.opens(NEW)
    filled = {"name": " Cor Smit ", "login": "Cor@RHO.example", "role": "lezer"}
    shown = admin.sends(NEW, {**filled, "regions": ["utrecht", "maastricht-heuvelland"]})
    assert shown.headers["cache-control"] == "no-store"
    assert admin.sees("Je ziet dit maar één keer.")
    given = admin.page.text.split('id="geheim"')[1].split('value="')[1].split('"')[0]
    assert log(database) == [
        ("mens-toegevoegd", {"rol": "lezer", "regios": "Maastricht-Heuvelland, Utrecht"})
    ]
    admin.opens(LIST)
    assert admin.sees("Cor Smit cor@rho.example lezer Maastricht-Heuvelland, Utrecht")
    assert given not in admin.page.text

    cor = admin.another()
    cor.logs_in("cor@rho.example", given)
    cor.sends("/beheer/inloggen/wachtwoord", {"new": OWN, "again": OWN})
    assert cor.path == "/beheer/account"
    assert cor.sees("meldingen van Maastricht-Heuvelland, Utrecht")


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"name": "  "}, "Vul een naam in."),
        ({"login": "geen adres"}, "Dit is geen e-mailadres."),
        ({"login": "ADA@rho.example"}, "Er is al iemand met dit e-mailadres."),
        ({"regions": []}, "Kies minstens één regio, of kies alle regio's."),
        ({"regions": ["elders"]}, "Er klopt iets niet."),
        ({"role": "koning"}, "Er klopt iets niet."),
        ({"role": None}, "Er klopt iets niet."),
        ({"name": "x" * 101}, "Er klopt iets niet."),
    ],
)
def test_says_what_is_wrong_and_keeps_what_was_typed(
    database: Database, admin: Browser, wrong: dict[str, str | list[str] | None], told: str
) -> None:
    admin.opens(NEW)
    right: dict[str, str | list[str] | None] = {
        "name": "Cor Smit",
        "login": "cor@rho.example",
        "role": "lezer",
        "regions": ["utrecht"],
    }
    admin.sends(NEW, {**right, **wrong})
    assert admin.page.status_code == 422
    assert admin.sees(told)
    kept = forms(admin.page)[NEW]
    for name in {"login", "regions"} - set(wrong):
        assert kept[name] == right[name]
    assert log(database) == []


# changing


def test_changes_role_and_regions(database: Database, admin: Browser, bo: str) -> None:
    page = f"{LIST}/{bo}"
    admin.opens(page)
    assert forms(admin.page)[page]["regions"] == ["utrecht"]
    admin.sends(page, {"role": "lezer", "all_regions": ["y"]})
    assert admin.sees("De gegevens van Bo de Wit zijn opgeslagen.")
    assert admin.sees("lezer alle regio's")
    assert log(database) == [
        (
            "mens-gewijzigd",
            {
                "rol": {"van": "behandelaar", "naar": "lezer"},
                "regios": {"van": "Utrecht", "naar": "alle"},
            },
        )
    ]


def test_change_holds_at_once(admin: Browser, bo: str) -> None:
    theirs = admin.another()
    theirs.logs_in(BO)
    admin.opens(f"{LIST}/{bo}")
    admin.sends(f"{LIST}/{bo}", {"role": "beheerder"})
    theirs.opens(LIST)
    assert theirs.page.status_code == 200
    admin.opens(f"{LIST}/{bo}")
    admin.sends(f"{LIST}/{bo}", {"role": "lezer"})
    theirs.opens(LIST)
    assert theirs.page.status_code == 403


def test_deactivated_person_is_out_at_once(database: Database, admin: Browser, bo: str) -> None:
    theirs = admin.another()
    theirs.logs_in(BO)
    admin.opens(f"{LIST}/{bo}")
    admin.sends(f"{LIST}/{bo}", {"is_active": None})
    assert admin.sees("mag niet inloggen")
    theirs.opens("/beheer/account")
    assert theirs.path == "/beheer/inloggen"
    theirs.logs_in(BO)
    assert theirs.page.status_code == 422
    # and stays out with the old cookie after coming back
    admin.opens(f"{LIST}/{bo}")
    admin.sends(f"{LIST}/{bo}", {"is_active": ["y"]})
    theirs.opens("/beheer/account")
    assert theirs.path == "/beheer/inloggen"
    theirs.logs_in(BO)
    assert theirs.path == "/beheer/account"


def test_signed_out_everywhere(database: Database, admin: Browser, bo: str) -> None:
    phones = [admin.another(), admin.another()]
    for phone in phones:
        phone.logs_in(BO)
    admin.opens(f"{LIST}/{bo}")
    admin.sends(f"{LIST}/{bo}/uitloggen")
    assert admin.sees("Bo de Wit is op alle apparaten uitgelogd.")
    for phone in phones:
        phone.opens("/beheer/account")
        assert phone.path == "/beheer/inloggen"
    assert log(database) == [("overal-uitgelogd", {})]


def test_new_password_signs_out(admin: Browser, bo: str) -> None:
    theirs = admin.another()
    theirs.logs_in(BO)
    admin.opens(f"{LIST}/{bo}")
    shown = admin.sends(f"{LIST}/{bo}/wachtwoord")
    assert shown.headers["cache-control"] == "no-store"
    assert admin.sees("Wachtwoord voor Bo de Wit")
    theirs.opens("/beheer/account")
    assert theirs.path == "/beheer/inloggen"


# the last administrator


@pytest.mark.parametrize("change", [{"role": "lezer"}, {"is_active": None}])
def test_last_administrator_stays(
    database: Database, admin: Browser, bo: str, change: dict[str, str | list[str] | None]
) -> None:
    with database.reading() as work:
        ada = next(v.officer.id for v in work.officers.all() if v.officer.login == ADMIN)
    admin.opens(f"{LIST}/{ada}")
    admin.sends(f"{LIST}/{ada}", {**change, "sure": ["y"]})
    assert admin.page.status_code == 422
    assert admin.sees("Dit is de laatste beheerder.")
    admin.opens(LIST)
    assert admin.sees("beheerder alle regio's")


def test_lowers_oneself_only_on_purpose(database: Database, admin: Browser) -> None:
    add_officer(database, "dina@rho.example", name="Dina")
    with database.reading() as work:
        ada = next(v.officer.id for v in work.officers.all() if v.officer.login == ADMIN)
    admin.opens(f"{LIST}/{ada}")
    admin.sends(f"{LIST}/{ada}", {"role": "behandelaar"})
    assert admin.page.status_code == 422
    assert admin.sees("Hierna kun jij zelf geen mensen meer beheren.")
    admin.sends(f"{LIST}/{ada}", {"sure": ["y"]})
    assert admin.path == "/beheer/account"
    assert admin.sees("Behandelaar: behandelt meldingen")
