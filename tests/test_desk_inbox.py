"""The list of reports: what is found, in which order, by whom; several changed at once."""

from urllib.parse import urlencode

import pytest

from bottlenecks.roles import Role
from bottlenecks.store import Database
from dialogues.assistant import Assistant
from tests.conftest import Clock, Talk
from tests.desk import Browser, add_officer
from tests.desk_officers import MINES, at_the_desk, colleague, form, path
from tests.groups_of_reports import report
from tests.reporting import STORY, file_report
from tests.whole_site import sign_in


@pytest.fixture
def desk(database: Database, assistant: Assistant) -> Browser:
    return at_the_desk(database, assistant)


@pytest.fixture
def reference(talk: Talk) -> str:
    """A report from a practice in Utrecht that wants an answer."""
    return file_report(talk)


def test_the_list_stays_as_it_was_when_a_report_is_handled(desk: Browser, talk: Talk) -> None:
    first, second, third = (file_report(talk) for _ in range(3))
    desk.opens(f"/beheer/meldingen/{second}?sorteer=oudste")
    desk.sends(f"/beheer/meldingen/{second}/antwoord?sorteer=oudste", {"status": "opgelost"})
    shown = desk.page.text
    assert f'rel="prev" href="/beheer/meldingen/{first}?' in shown
    assert f'rel="next" href="/beheer/meldingen/{third}?' in shown


def test_one_goes_on_to_the_next_report_while_saving(desk: Browser, talk: Talk) -> None:
    first, second = file_report(talk), file_report(talk)
    desk.opens(f"/beheer/meldingen/{first}?sorteer=oudste")
    action = f"/beheer/meldingen/{first}/antwoord?sorteer=oudste"
    desk.sends(action, {"status": "opgelost", "verder": "ja"})
    assert desk.path == path(second)
    assert desk.sees(f"{first}: Verstuurd naar de melder.")


def test_an_owner_must_see_the_region(desk: Browser, database: Database, reference: str) -> None:
    officer = add_officer(database, "cas@rho.example", Role.HANDLER, MINES, "Cas Bos", None)
    desk.opens(path(reference))
    assert not desk.sees("Cas Bos")
    desk.opens("/beheer/meldingen?status=alle")
    given = {"melding": [reference], "eigenaar": officer}
    desk.sends("/beheer/meldingen?status=alle", given)
    assert desk.sees(f"Niet aangepast: {reference}.")


def test_a_report_can_leave_ones_own_regions(
    desk: Browser, database: Database, reference: str
) -> None:
    other = colleague(desk, database)
    other.opens(path(reference))
    other.sends(form(reference, "gegevens"), {"regio": "westelijke-mijnstreek"})
    assert other.sees(f"{reference} hoort nu bij een andere regio.")


def test_several_reports_at_once(desk: Browser, database: Database, talk: Talk) -> None:
    first, second = file_report(talk), file_report(talk)
    desk.opens(path(second))
    desk.sends(form(second, "antwoord"), {"status": "opgelost"})
    desk.opens("/beheer/meldingen?status=alle")
    desk.sends(
        "/beheer/meldingen?status=alle", {"melding": [first, second], "status": "in-behandeling"}
    )
    assert desk.sees("1 melding aangepast.") and desk.sees(f"Niet aangepast: {second}.")
    desk.opens(path(first))
    assert desk.sees("zette de status op: in behandeling")


def test_nothing_ticked_is_said_so(desk: Browser, reference: str) -> None:
    desk.opens("/beheer/meldingen?status=alle")
    desk.sends("/beheer/meldingen?status=alle", {"status": "in-behandeling"})
    assert desk.sees("Je hebt geen melding aangevinkt.")


def test_what_is_late_stands_on_top(
    desk: Browser, database: Database, talk: Talk, clock: Clock
) -> None:
    first = file_report(talk)
    clock.forward(8 * 86_400)
    second = file_report(talk)
    with database.work() as work:
        officer = work.officers.all()[0].officer.id
    sign_in(desk, database, officer).opens("/beheer/meldingen")
    assert desk.sees("24 uur te laat")
    assert desk.text.index(first) < desk.text.index(second)
    desk.opens("/beheer/meldingen?te_laat=ja")
    assert desk.sees(first) and not desk.sees(second)


@pytest.mark.parametrize(
    "words", ["wachtlijst", "WACHT", "niemand belt", "KP-2026-0001", "benaderd"]
)
def test_search_finds_the_words_of_a_report(desk: Browser, reference: str, words: str) -> None:
    desk.opens(f"/beheer/meldingen?zoek={words}")
    assert desk.sees(reference)


# two reports, by what stands in them
ODD = {
    "near": "Near Utrecht hoor ik van 50% of meer dat het 'vol' is, dus wacht niet af",
    "plain": "Alle wijkteams zitten helemaal dicht",
}


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("ambulance", ""),
        ("NEAR", "near"),
        ("NEAR(", "near"),
        ("NEAR(wijkteams dicht)", ""),
        ("NEAR(Utrecht vol)", "near"),
        ("wijkteams OR ambulance", ""),
        ("wijkteams NOT vol", ""),
        ("wijkteams AND dicht", ""),
        ("description:wijkteams", ""),
        ("wijkteams", "plain"),
        ("wijkt", "plain"),
        ("wijkt*", "plain"),
        ("*teams", ""),
        ('"zitten helemaal"', "plain"),
        ('"wijkteams', "plain"),
        ("'vol'", "near"),
        ("50%", "near"),
        ("wijk%", "plain"),
        ("%teams", ""),
        ("w_jkteams", ""),
        ("x' OR '1'='1", ""),
        ("' OR 1=1 --", ""),
        ('x" OR "1', ""),
        ("wijkteams) OR (vol", ""),
    ],
)
def test_search_finds_nothing_else(
    desk: Browser, database: Database, words: str, found: str
) -> None:
    filed = {name: report(database, text) for name, text in ODD.items()}
    desk.opens(f"/beheer/meldingen?{urlencode({'zoek': words})}")
    assert desk.page.status_code == 200
    assert {name for name, one in filed.items() if desk.sees(one)} == ({found} - {""})


@pytest.mark.parametrize("words", ['"', "*", "%", "(", "' --", '""', "-", "^"])
def test_search_for_no_word_finds_nothing(desk: Browser, database: Database, words: str) -> None:
    filed = [report(database, text) for text in ODD.values()]
    desk.opens(f"/beheer/meldingen?{urlencode({'zoek': words})}")
    assert desk.page.status_code == 200
    assert not any(desk.sees(one) for one in filed)


def test_search_follows_what_is_added(desk: Browser, reference: str) -> None:
    desk.opens(path(reference))
    desk.sends(form(reference, "notitie"), {"notitie": "ligt bij de wethouder"})
    desk.opens("/beheer/meldingen?zoek=wethouder")
    assert desk.sees(reference)


@pytest.mark.parametrize("action", ["", "antwoord", "notitie", "eigenaar", "gegevens"])
def test_another_region_is_not_seen_by_any_address(
    desk: Browser, database: Database, reference: str, action: str
) -> None:
    other = colleague(desk, database, scope=MINES)
    assert not other.sees(reference)
    if action:
        desk.opens(path(reference))
        token = other.client.get("/beheer/account").text.split('name="csrf_token"')[1]
        data = {"csrf_token": token.split('value="')[1].split('"')[0], "version": "1"}
        data |= {"antwoord": "x", "notitie": "x", "eigenaar": "niemand"}
        answer = other.client.post(path(reference, f"/{action}"), data=data)
    else:
        answer = other.client.get(path(reference))
    assert answer.status_code == 404
    assert STORY not in answer.text


def test_a_reader_changes_nothing(desk: Browser, database: Database, reference: str) -> None:
    other = colleague(desk, database, Role.READER)
    other.opens(path(reference))
    assert other.sees(STORY) and not other.sees("Antwoord en status")
    for action in ("antwoord", "notitie", "eigenaar", "gegevens"):
        assert other.client.post(path(reference, f"/{action}"), data={}).status_code == 403
    assert other.client.post("/beheer/meldingen", data={"melding": reference}).status_code == 403


def test_reading_is_in_the_audit_log(desk: Browser, database: Database, reference: str) -> None:
    desk.opens(path(reference))
    with database.reading() as work:
        assert ("melding-gelezen", reference) in {
            (line.action, line.subject) for line in work.audit.latest()
        }


def test_an_unknown_report_is_a_page(desk: Browser) -> None:
    desk.opens(path("KP-2026-9999"))
    assert desk.page.status_code == 404
    assert desk.sees("Niet gevonden")
