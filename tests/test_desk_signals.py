"""The pages of signals: rules are made and tried out, signals are seen."""

import pytest

from bot.signals import Teller, Watch
from bottlenecks.desk.examples.adding import add_examples
from bottlenecks.roles import EVERYWHERE, Role
from bottlenecks.store import Database
from dialogues.assistant import Assistant
from tests.conftest import Clock
from tests.desk import REGIONS, Browser, forms, make_desk
from tests.desk_officers import MINES, UTRECHT, at_the_desk, colleague
from tests.desk_reports import file_report
from tests.whole_site import sign_in

SIGNALS = "/beheer/signalen"
NEW = f"{SIGNALS}/regels/nieuw"
DAY = 86_400


@pytest.fixture
def desk(database: Database, assistant: Assistant) -> Browser:
    return at_the_desk(database, assistant)


def look(database: Database) -> None:
    Watch(database, Teller(REGIONS, ())).look()


def make_rule(desk: Browser, **fields: str | list[str]) -> None:
    desk.opens(NEW)
    filled = {"naam": "Thuiszorg loopt vast", "soort": ["thuiszorg"], "meer_dan": "1"}
    desk.sends(NEW, {**filled, **fields})


def only_rule(database: Database) -> str:
    with database.reading() as work:
        [rule_id] = work.signals.active_rules()
    return f"{SIGNALS}/regels/{rule_id}"


def test_from_rule_to_bell_to_seen(desk: Browser, database: Database) -> None:
    desk.opens(SIGNALS)
    assert desk.sees("Er zijn nog geen regels.") and 'aria-label="Geen nieuwe' in desk.page.text
    make_rule(desk)
    assert desk.sees("De regel is gemaakt.")
    assert desk.sees("Meer dan 1 melding over Thuiszorg binnen 7 dagen, per regio geteld")
    for _ in range(2):
        file_report(database)
    look(database)
    desk.opens("/beheer/meldingen")
    assert 'aria-label="1 nieuw signaal"' in desk.page.text
    desk.opens(SIGNALS)
    assert desk.sees("Thuiszorg loopt vast Utrecht 2 meldingen op 2 mrt 2026, 10:00, nu 2. Regel:")
    file_report(database)
    file_report(database, region="westelijke-mijnstreek")
    desk.opens(SIGNALS)
    assert desk.sees("2 meldingen op 2 mrt 2026, 10:00, nu 3. Regel:"), "those of its region"
    [link] = [part.split('"')[0] for part in desk.page.text.split('href="')[1:] if "soort=" in part]
    desk.sends(f"{SIGNALS}/gezien")
    assert desk.sees("Gezien.") and desk.sees("Nu aan de hand") and desk.sees("Niets nieuws.")
    assert 'aria-label="Geen nieuwe signalen"' in desk.page.text
    desk.opens(link.replace("&amp;", "&"))
    assert desk.sees("KP-2026-0001") and desk.sees("KP-2026-0002")
    with database.reading() as work:
        actions = [line.action for line in work.audit.latest(limit=2)]
    assert actions == ["signaal-gezien", "signaalregel-gemaakt"]
    desk.opens("/beheer/logboek")
    assert desk.sees("Regel voor signalen gemaakt Thuiszorg loopt vast")


def test_all_is_seen_at_once(desk: Browser, database: Database) -> None:
    for name in ("Een", "Twee"):
        make_rule(desk, naam=name, meer_dan="0")
    file_report(database)
    look(database)
    desk.opens(SIGNALS)
    assert desk.page.text.count('name="signaal"') == 2
    # the first form to this address has no number: it is the one for all
    desk.sends(f"{SIGNALS}/gezien", {"signaal": ""})
    assert desk.sees("Je hebt alles gezien.") and desk.sees("Niets nieuws.")


@pytest.mark.parametrize("asked", ["-1", "abc", "99999999999999999999", "١"])
def test_a_signal_that_cannot_be_is_not_found(desk: Browser, asked: str) -> None:
    make_rule(desk)
    token = desk.client.app.state.desk.cipher.hash_id("csrf", _token(desk))
    page = desk.client.post(f"{SIGNALS}/gezien", data={"csrf_token": token, "signaal": asked})
    assert page.status_code == 404


def _token(desk: Browser) -> str:
    return next(value for name, value in desk.client.cookies.items() if "bericht" not in name)


def test_a_rule_is_tried_out_before_it_is_saved(
    database: Database, assistant: Assistant, clock: Clock
) -> None:
    for _ in range(3):
        file_report(database)
    clock.forward(10 * DAY)
    file_report(database, region="westelijke-mijnstreek")
    desk = at_the_desk(database, assistant)
    desk.opens(NEW)
    desk.sends(NEW, {"naam": "", "soort": ["thuiszorg"], "meer_dan": "2", "proef": "ja"})
    assert desk.page.status_code == 200 and not desk.sees("Er klopt iets niet")
    assert desk.sees("In de afgelopen twaalf weken: 1 bericht , bij 4 meldingen die meetellen.")
    assert desk.sees("2 mrt 2026, 10:00 Utrecht 3 nieuw signaal")
    assert desk.sees("02-03-2026 3 1")
    desk.sends(NEW, {"meer_dan": "0"})
    assert desk.page.status_code == 422, "nothing is saved without a name"
    assert desk.sees("2 berichten , bij 4 meldingen")
    with database.reading() as work:
        assert work.signals.active_rules() == []


def test_a_try_out_by_itself(desk: Browser, database: Database) -> None:
    file_report(database)
    desk.opens(NEW)
    fields = {"tellen": "apart", "meer_dan": "0", "dagen": "1"}
    page = desk.client.post(f"{SIGNALS}/proef", data=fields)
    assert page.status_code == 200 and "1 bericht<" in page.text and "<html" not in page.text
    page = desk.client.post(f"{SIGNALS}/proef", data={**fields, "dagen": "veel"})
    assert page.status_code == 422 and "Vul eerst in wat er geteld wordt" in page.text


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"naam": " "}, "Geef de regel een naam."),
        ({"naam": "x" * 101}, "Neem hoogstens 100 tekens."),
        ({"meer_dan": "-1"}, "Vul een heel getal in van 0 tot en met 1000."),
        ({"meer_dan": "vijf"}, "getal"),
        ({"dagen": "85"}, "Vul een heel getal in van 1 tot en met 84."),
        ({"dagen": ""}, "Vul een heel getal in"),
        ({"ontvangers": []}, "Kies minstens één persoon."),
        ({"soort": ["bestaat-niet"]}, "bestaat-niet"),
        ({"tellen": "anders"}, "keuze"),
    ],
)
def test_what_is_filled_in_wrong_is_told_and_kept(
    desk: Browser, database: Database, fields: dict[str, str | list[str]], told: str
) -> None:
    make_rule(desk, **{"ernst": ["hoog"], **fields})
    assert desk.page.status_code == 422 and desk.sees("Er klopt iets niet.")
    assert told in desk.page.text
    assert forms(desk.page)[NEW]["ernst"] == ["hoog"]
    with database.reading() as work:
        assert work.signals.active_rules() == []


def test_personal_data_in_a_name_is_taken_out(desk: Browser, database: Database) -> None:
    make_rule(desk, naam="Over BSN 111222333")
    assert desk.sees("De regel is gemaakt. Uit de naam is weggehaald: BSN.")
    assert not desk.sees("111222333")


def test_a_rule_is_changed_and_switched_off(desk: Browser, database: Database) -> None:
    make_rule(desk)
    rule = only_rule(database)
    desk.opens(rule)
    desk.sends(rule, {"meer_dan": "3", "aan": None})
    assert desk.sees("De regel is bewaard.") and desk.sees("Meer dan 3 meldingen over Thuiszorg")
    with database.reading() as work:
        assert work.signals.active_rules() == []
        [line] = work.audit.latest(action="signaalregel-gewijzigd")
    assert line.detail["aan"] is False


def test_two_who_change_a_rule_at_once(
    desk: Browser, database: Database, assistant: Assistant
) -> None:
    make_rule(desk)
    rule = only_rule(database)
    other = colleague(desk, database, scope=EVERYWHERE)
    for browser in (desk, other):
        browser.opens(rule)
    desk.sends(rule, {"naam": "Van Ada"})
    other.sends(rule, {"naam": "De tweede"})
    assert other.page.status_code == 422
    assert other.sees("Een collega heeft deze regel net gewijzigd.") and other.sees("De tweede")
    other.sends(rule)
    assert other.sees("De regel is bewaard.") and other.sees("De tweede")


def test_who_sees_one_region_makes_rules_for_that_region(desk: Browser, database: Database) -> None:
    file_report(database)
    file_report(database, region="westelijke-mijnstreek")
    other = colleague(desk, database, scope=UTRECHT)
    other.opens(NEW)
    assert other.sees("Utrecht") and not other.sees("Westelijke Mijnstreek")
    other.sends(NEW, {"naam": "Alles", "regio": []})
    assert other.page.status_code == 422 and other.sees("Kies minstens één regio.")
    other.sends(NEW, {"naam": "Ook daar", "regio": ["westelijke-mijnstreek"]})
    assert other.page.status_code == 422
    other.sends(NEW, {"naam": "Hier", "regio": ["utrecht"], "meer_dan": "0"})
    assert other.sees("De regel is gemaakt.")
    other.opens(only_rule(database))
    assert other.sees("bij 1 melding die meetelt in jouw regio's")


def test_a_rule_of_more_regions_is_seen_and_not_changed(desk: Browser, database: Database) -> None:
    file_report(database)
    file_report(database, region="westelijke-mijnstreek")
    make_rule(desk, meer_dan="0")
    look(database)
    rule = only_rule(database)
    other = colleague(desk, database, scope=UTRECHT)
    other.opens(rule)
    assert other.sees("De regel") and rule not in forms(other.page)
    assert other.sees("Deze regel gaat ook over regio's die niet van jou zijn.")
    assert other.sees("1 melding die meetelt in jouw regio's")
    assert other.client.post(rule, data={}).status_code == 403
    other.opens(SIGNALS)
    assert other.sees("Thuiszorg loopt vast Utrecht") and not other.sees("Westelijke Mijnstreek")


def test_a_rule_of_another_region_is_not_found(desk: Browser, database: Database) -> None:
    make_rule(desk, regio=["utrecht"], tellen="samen")
    other = colleague(desk, database, scope=MINES)
    assert other.client.get(only_rule(database)).status_code == 404
    assert other.client.get(f"{SIGNALS}/regels/bestaatniet").status_code == 404
    other.opens(SIGNALS)
    assert not other.sees("Thuiszorg loopt vast")


def test_regions_counted_together_are_only_tried_out_by_who_sees_them(
    desk: Browser, database: Database
) -> None:
    make_rule(desk, regio=["utrecht", "westelijke-mijnstreek"], tellen="samen")
    other = colleague(desk, database, scope=UTRECHT)
    other.opens(only_rule(database))
    assert other.sees("telt regio's bij elkaar die je niet allemaal ziet")


def test_a_reader_reads(desk: Browser, database: Database) -> None:
    make_rule(desk)
    reader = colleague(desk, database, Role.READER)
    reader.opens(SIGNALS)
    assert not reader.sees("Nieuwe regel")
    rule = only_rule(database)
    reader.opens(rule)
    assert reader.sees("Een behandelaar kan deze regel wijzigen.")
    assert reader.client.get(NEW).status_code == 403
    assert reader.client.post(NEW, data={}).status_code == 403
    assert reader.client.post(rule, data={}).status_code == 403


def test_another_site_cannot_send_a_form(desk: Browser, database: Database) -> None:
    make_rule(desk)
    fields = {"naam": "x", "tellen": "apart", "meer_dan": "1", "dagen": "1", "ontvangers": "x"}
    assert desk.client.post(NEW, data=fields).status_code == 422
    assert desk.client.post(f"{SIGNALS}/gezien", data={}).status_code == 303
    desk.opens(SIGNALS)
    assert desk.sees("Deze pagina stond te lang open.")


def test_examples_are_marked(database: Database, assistant: Assistant, clock: Clock) -> None:
    add_examples(database, "no hash", clock.now)
    look(database)
    with database.reading() as work:
        officer = work.officers.all()[0].officer
        found = work.signals.latest(officer)
    assert found and all(one.is_example and one.is_new for one in found)
    desk = sign_in(Browser(make_desk(database)), database, officer.id)
    desk.opens(SIGNALS)
    assert desk.sees("Thuiszorg loopt vast") and desk.sees("voorbeeld")
