"""The page of the system: who sees it, what it tells, and trying again what was set aside."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.metrics import Metrics
from bottlenecks.desk.operator.facts import in_bytes
from bottlenecks.roles import Role, Scope
from bottlenecks.store import Database
from dialogues.assistant import Assistant
from tests.conftest import Clock
from tests.desk import Browser, add_officer, forms, make_desk
from tests.test_dead_letters import fails, gives_up
from tests.whole_site import sign_in, whole_site

SYSTEM = "/beheer/systeem"
ALL = f"{SYSTEM}/opnieuw"


@pytest.fixture
def admin(database: Database) -> Browser:
    """Ada, administrator of everything, signed in."""
    return sign_in(Browser(make_desk(database)), database, add_officer(database))


def again(reference: str) -> str:
    return f"{SYSTEM}/{reference}/opnieuw"


def away(reference: str) -> str:
    return f"{SYSTEM}/{reference}/weggooien"


# who


@pytest.mark.parametrize(
    ("role", "scope"),
    [
        (Role.READER, Scope(all_regions=True)),
        (Role.HANDLER, Scope(all_regions=True)),
        (Role.ADMIN, Scope(regions=frozenset({"utrecht"}))),
    ],
)
def test_only_for_who_manages_everything(database: Database, role: Role, scope: Scope) -> None:
    update = fails(database)
    officer = add_officer(database, role=role, scope=scope)
    browser = sign_in(Browser(make_desk(database)), database, officer)
    browser.opens("/beheer/account")
    assert f'href="{SYSTEM}"' not in browser.page.text
    token = forms(browser.page)["/beheer/uitloggen"]["csrf_token"]
    assert browser.opens(SYSTEM).status_code == 403
    assert browser.sees("Dit mag alleen een beheerder")
    for action in (ALL, again(f"inbox-{update}"), away(f"inbox-{update}")):
        sent = browser.client.post(action, data={"csrf_token": token, "tot": "2030-01-01T00:00Z"})
        assert sent.status_code == 403
    with database.reading() as work:
        assert work.inbox.count("failed") == 1
        assert work.audit.latest() == []


def test_who_is_not_signed_in_sees_nothing(database: Database) -> None:
    browser = Browser(make_desk(database))
    assert browser.opens(SYSTEM).headers["location"].startswith("/beheer/inloggen")
    assert browser.client.post(ALL).status_code == 303


# what it tells


def test_all_is_well(admin: Browser) -> None:
    admin.opens(SYSTEM)
    assert admin.page.status_code == 200 and f'href="{SYSTEM}"' in admin.page.text
    assert admin.sees("Gegevens lezen Dit lukt.")
    assert admin.sees("Er is niets blijven liggen.")
    assert admin.sees("Berichten die bleven liggen 0")
    assert admin.sees("Vorm van de gegevens versie 0")
    assert admin.sees("Laatste keer opgeruimd niet bekend")
    assert ALL not in forms(admin.page)


def test_what_is_wrong_and_what_waits(database: Database, admin: Browser, clock: Clock) -> None:
    with database.work() as work:
        work.inbox.receive("test", "waits", "hallo")
    clock.forward(90)
    admin.opens(SYSTEM)
    assert admin.sees("Een bericht wacht al meer dan een minuut.")
    assert admin.sees("Berichten die nog verwerkt worden 1 1 minuut")
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    other = Browser(make_desk(database))  # a check is a few seconds old at most
    other.client.cookies = admin.client.cookies
    other.opens(SYSTEM)
    assert other.sees("De gegevens passen niet bij deze versie.")


def test_what_was_set_aside_without_what_it_says(
    database: Database, admin: Browser, clock: Clock
) -> None:
    fails(database, "4242001", "mw. de Wit, 0612345678")
    clock.forward(60)
    gives_up(database, "adres-van-anna", "Beste mevrouw De Wit")
    admin.opens(SYSTEM)
    assert admin.sees("Antwoord voor test outbox-1 2 mrt 2026, 10:01 Forbidden: de ontvanger")
    assert admin.sees("1 poging 9 mrt 2026, 10:01")
    assert admin.sees("Bericht uit test inbox-1 2 mrt 2026, 10:00 KeyError 3 pogingen")
    assert admin.sees("Berichten die bleven liggen 1 1 minuut")
    for hidden in ("Wit", "0612345678", "adres-van-anna", "4242001"):
        assert hidden not in admin.page.text


def test_erased_content_cannot_be_tried_again(database: Database, admin: Browser) -> None:
    update = fails(database)
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE inbox SET payload = NULL"))
    admin.opens(SYSTEM)
    assert admin.sees("kan niet meer: de inhoud is gewist")
    assert again(f"inbox-{update}") not in forms(admin.page) and ALL not in forms(admin.page)


def test_the_disk_tidying_and_copies(
    database: Database, assistant: Assistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backups = tmp_path / "backups"
    backups.mkdir()
    copy = backups / "regiowijzer-20260302-021500.db"
    copy.write_bytes(b"")
    made = datetime(2026, 3, 2, 2, 15, tzinfo=UTC)
    os.utime(copy, (made.timestamp(), made.timestamp()))
    metrics = Metrics(database)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    site = whole_site(database, assistant.knowledge, metrics)
    browser = sign_in(site, database, add_officer(database))
    browser.opens(SYSTEM)
    assert browser.sees("Laatste kopie (back-up) 2 mrt 2026, 03:15 (6 uur geleden)")
    assert browser.sees("Laatste keer opgeruimd niet bekend")
    assert "Vrije ruimte op de schijf" in browser.text
    metrics.tidied(failed=True)
    browser.opens(SYSTEM)
    assert browser.sees("Laatste keer opgeruimd mislukt,")
    metrics.tidied(failed=False)
    copy.unlink()
    browser.opens(SYSTEM)
    assert browser.sees(", gelukt")
    assert browser.sees("geen in de gewone map.")


def test_sizes_in_words() -> None:
    assert [in_bytes(size) for size in (0, 999, 1500, 12_345_678, 2_500_000_000)] == [
        "0 bytes",
        "999 bytes",
        "1,5 kB",
        "12 MB",
        "2,5 GB",
    ]


# trying again


def test_tries_one_again_once(database: Database, admin: Browser, clock: Clock) -> None:
    update, reply = fails(database), gives_up(database)
    admin.opens(SYSTEM)
    as_shown = admin.page
    admin.sends(again(f"inbox-{update}"))
    assert admin.sees(f"inbox-{update} wordt opnieuw geprobeerd.")
    with database.reading() as work:
        assert work.inbox.count("new") == 1 and work.outbox.count("pending") == 0
    # the second click, on the page as it was; meanwhile it failed again
    clock.forward(1)
    with database.work() as work:
        for _ in range(3):
            work.inbox.failed(update, "KeyError")
    admin.page = as_shown
    admin.sends(again(f"inbox-{update}"))
    assert admin.sees("Dit bericht is er niet meer, of het is al opnieuw geprobeerd.")
    admin.sends(again(f"outbox-{reply}"))
    with database.reading() as work:
        assert work.inbox.count("failed") == 1 and work.outbox.count("pending") == 1
        officer = work.officers.all()[0].officer.id
        assert [(one.actor, one.action, one.subject) for one in work.audit.latest()] == [
            (officer, "bericht-opnieuw", f"outbox-{reply}"),
            (officer, "bericht-opnieuw", f"inbox-{update}"),
        ]


def test_tries_all_again(database: Database, admin: Browser) -> None:
    fails(database, "1")
    fails(database, "2")
    gives_up(database)
    admin.opens(SYSTEM)
    assert admin.sees("Alles opnieuw (3)")
    as_shown = admin.page
    admin.sends(ALL)
    assert admin.sees("3 berichten worden opnieuw geprobeerd.")
    admin.page = as_shown
    admin.sends(ALL)
    assert admin.sees("Er is niets dat opnieuw kan.")
    with database.reading() as work:
        assert work.inbox.count("new") == 2 and work.outbox.count("pending") == 1
        [line] = work.audit.latest()
        assert (line.action, line.subject) == ("berichten-opnieuw", "3")


def test_throws_away(database: Database, admin: Browser) -> None:
    reply = gives_up(database)
    admin.opens(SYSTEM)
    as_shown = admin.page
    admin.sends(away(f"outbox-{reply}"))
    assert admin.sees(f"outbox-{reply} is weggegooid.") and admin.sees("Inhoud gewist: 1")
    admin.page = as_shown
    admin.sends(again(f"outbox-{reply}"))
    assert admin.sees("Dit bericht is er niet meer")
    with database.reading() as work:
        assert work.outbox.count("pending") == 0
    admin.opens("/beheer/logboek")
    assert admin.sees("Bericht dat was blijven liggen weggegooid outbox-1")


@pytest.mark.parametrize("fields", [{"csrf_token": "x"}, {"tot": "straks"}, {"tot": "2026-03-02"}])
def test_a_form_of_elsewhere_changes_nothing(
    database: Database, admin: Browser, fields: dict[str, str]
) -> None:
    update = fails(database)
    admin.opens(SYSTEM)
    admin.sends(again(f"inbox-{update}"), fields)
    assert admin.sees("Deze pagina stond te lang open.")
    admin.opens(SYSTEM)
    admin.sends(ALL, fields)
    assert admin.sees("Deze pagina stond te lang open.")
    with database.reading() as work:
        assert work.inbox.count("failed") == 1


def test_what_does_not_exist(database: Database, admin: Browser) -> None:
    admin.opens(SYSTEM)
    token = forms(admin.page)["/beheer/uitloggen"]["csrf_token"]
    fields = {"csrf_token": token, "tot": (datetime.now(UTC) + timedelta(days=1)).isoformat()}
    for odd in ("inbox-0", "inbox-99999999999", "elders-1", "1"):
        assert admin.client.post(again(odd), data=fields).status_code == 404
        assert admin.client.post(away(odd), data=fields).status_code == 404
    assert admin.client.post(again("inbox-12"), data=fields).status_code == 303
    with database.reading() as work:
        assert work.audit.latest() == []
