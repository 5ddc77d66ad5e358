"""One answer to all reporters of a group: said before it goes, and nobody is told twice."""

import pytest

from bottlenecks.roles import EVERYWHERE
from bottlenecks.store import Database
from bottlenecks.store.reports import Draft
from bottlenecks.workflow import Status
from dialogues.assistant import Assistant
from tests.conftest import Talk
from tests.desk import Browser, forms
from tests.desk_officers import at_the_desk, colleague, path
from tests.groups_at_the_desk import ANSWER, PAGE, five_in_group
from tests.groups_of_reports import NO_HOME_CARE, group, report, send, texts, told

TEXT = "We zoeken met de organisaties naar plek."


@pytest.fixture
def desk(database: Database, assistant: Assistant) -> Browser:
    return at_the_desk(database, assistant)


@pytest.fixture
def five(database: Database) -> list[str]:
    return five_in_group(database)


def status_of(database: Database, reference: str) -> Status:
    with database.reading() as work:
        case = work.cases.get(reference, EVERYWHERE)
    assert case is not None
    return case.status


def handle(desk: Browser, **fields: str) -> None:
    """Fill in the answer and confirm it."""
    desk.opens(PAGE)
    desk.sends(ANSWER, fields)
    assert desk.sees("Klopt dit?"), desk.text
    desk.sends(ANSWER)


def test_everyone_is_answered_once_with_their_own_number(
    desk: Browser, database: Database, five: list[str]
) -> None:
    desk.opens(PAGE)
    desk.sends(ANSWER, {"antwoord": TEXT, "status": "in-behandeling"})
    assert desk.sees("Dit gaat naar 5 melders") and desk.sees(TEXT)
    assert desk.sees("5 meldingen krijgen deze status.")
    assert not told(database), "nothing goes before it is confirmed"
    desk.sends(ANSWER)
    assert desk.sees("Verstuurd naar 5 melders. Status: in behandeling (5 meldingen).")
    arrived = told(database)
    assert sorted(arrived) == ["p1", "p2", "p3", "p4", "p5"]
    for number, reference in enumerate(five, 1):
        [reply] = arrived[f"p{number}"]
        assert TEXT in reply.text and reply.text.count("KP-") == 1 and reference in reply.text
        assert reply.reference == reference
        assert status_of(database, reference) is Status.IN_PROGRESS
    desk.opens(path(five[0]))
    assert desk.sees(TEXT) and desk.sees("bezorgd")


def test_who_is_not_told_and_what_does_not_change_is_said_before(
    desk: Browser, database: Database
) -> None:
    withdrawn, solved, unheard, quiet, open_one = (
        report(database, NO_HOME_CARE[0], "p1"),
        report(database, NO_HOME_CARE[1], "p2"),
        report(database, NO_HOME_CARE[2], "p3", answerable=False),
        report(database, NO_HOME_CARE[3], "p4", answer_wanted=False),
        report(database, NO_HOME_CARE[4], "p5"),
    )
    group(database, [withdrawn, solved, unheard, quiet, open_one])
    with database.work() as work:
        work.reports.withdraw(work.accounts.find_or_create("test", "p1", "p1").person_id, withdrawn)
        work.cases.move(solved, EVERYWHERE, Status.SOLVED, actor="melder")
    desk.opens(PAGE)
    desk.sends(ANSWER, {"status": "in-behandeling"})
    assert desk.sees("Dit gaat naar 1 melder")
    assert desk.sees(f"{withdrawn}: de melder trok deze melding in")
    assert desk.sees(f"{unheard}: deze melder kan geen antwoord krijgen")
    assert desk.sees(f"{quiet}: deze melder vroeg niet om een antwoord")
    assert desk.sees(f"{solved}: er verandert niets")
    assert desk.sees("3 meldingen krijgen deze status.")
    assert desk.sees(f"{solved}: is opgelost en kan niet naar in behandeling")
    desk.sends(ANSWER, {"terug": "ja"})
    desk.sends(ANSWER, {"antwoord": TEXT, "status": "in-behandeling"})
    # who did not ask for an answer gets what is typed; so does who has a closed report
    assert desk.sees("Dit gaat naar 3 melders")
    desk.sends(ANSWER)
    assert status_of(database, solved) is Status.SOLVED
    arrived = told(database)
    assert sorted(arrived) == ["p2", "p4", "p5"] and all(TEXT in texts(r) for r in arrived.values())
    assert "is bezig" not in texts(arrived["p4"]) and "is bezig" in texts(arrived["p5"])


def test_who_filed_two_reports_is_told_once(desk: Browser, database: Database) -> None:
    first = report(database, NO_HOME_CARE[0], "p1")
    second = report(database, NO_HOME_CARE[1], "p1")
    group(database, [first, second])
    handle(desk, antwoord=TEXT, status="opgelost")
    assert desk.sees("Verstuurd naar 1 melder. Status: opgelost (2 meldingen).")
    [reply] = told(database)["p1"]
    assert reply.text.count(TEXT) == 1 and first in reply.text and second in reply.text
    for reference in (first, second):
        desk.opens(path(reference))
        assert desk.sees(TEXT) and desk.sees("bezorgd op")


def test_one_person_on_two_channels_is_told_once(
    desk: Browser, database: Database, assistant: Assistant
) -> None:
    phone, computer = Talk(database, assistant, "phone"), Talk(database, assistant, "computer")
    computer.says("hallo")
    phone.says("koppel")
    code = next(word for word in phone.replies[-1].text.split() if "-" in word and len(word) >= 9)
    computer.says(code.strip(".:"))
    computer.taps("Ja, het is mijn code")
    told(database)
    first = report(database, NO_HOME_CARE[0], "phone")
    second = report(database, NO_HOME_CARE[1], "computer")
    group(database, [first, second])
    handle(desk, antwoord=TEXT)
    [reply] = [one for replies in told(database).values() for one in replies]
    assert TEXT in reply.text and first in reply.text and second in reply.text
    assert reply.text.index("Dit geldt ook voor") < reply.text.index("Wil je iets terugzeggen?")


def test_sending_the_confirmation_again_sends_nothing_again(
    desk: Browser, database: Database, five: list[str]
) -> None:
    desk.opens(PAGE)
    desk.sends(ANSWER, {"antwoord": TEXT})
    confirmed = forms(desk.page)[ANSWER]
    first = desk.client.post(ANSWER, data=confirmed)
    again = desk.client.post(ANSWER, data=confirmed)
    assert first.status_code == 303 and again.status_code == 422
    assert "net gewijzigd" in again.text and TEXT in again.text
    assert texts(told(database)["p1"]).count(TEXT) == 1


def test_two_officers_do_not_both_answer(
    desk: Browser, database: Database, five: list[str]
) -> None:
    other = colleague(desk, database, scope=EVERYWHERE)
    desk.opens(PAGE)
    other.opens(PAGE)
    other.sends(ANSWER, {"antwoord": "Antwoord van de tweede"})
    other.sends(ANSWER)
    desk.sends(ANSWER, {"antwoord": TEXT, "status": "opgelost"})
    assert desk.page.status_code == 422 and desk.sees("net gewijzigd") and desk.sees(TEXT)
    arrived = texts(told(database)["p1"])
    assert "Antwoord van de tweede" in arrived and TEXT not in arrived


def test_going_back_keeps_what_was_filled_in(desk: Browser, five: list[str]) -> None:
    desk.opens(PAGE)
    desk.sends(ANSWER, {"antwoord": TEXT, "status": "doorgezet:roaz"})
    assert desk.sees("doorgezet naar ROAZ")
    desk.sends(ANSWER, {"terug": "ja"})
    assert desk.sees(TEXT)
    assert '<option selected value="doorgezet:roaz">' in desk.page.text
    assert desk.sees("blijft: nieuw")


def test_forwarding_a_group_names_the_organisation(
    desk: Browser, database: Database, five: list[str]
) -> None:
    handle(desk, status="doorgezet:roaz")
    assert "doorgezet naar: ROAZ" in texts(told(database)["p3"])
    desk.opens(PAGE)
    assert desk.sees("doorgezet naar ROAZ")


def test_rejecting_a_group_needs_a_reason(
    desk: Browser, database: Database, five: list[str]
) -> None:
    desk.opens(PAGE)
    desk.sends(ANSWER, {"status": "afgewezen"})
    assert desk.sees("Leg de melders uit waarom je de meldingen afwijst.")
    handle(desk, status="afgewezen", antwoord="Hier gaan wij niet over.")
    arrived = texts(told(database)["p2"])
    assert "Hier gaan wij niet over." in arrived and "Ben je het er niet mee eens?" in arrived


def test_personal_data_of_an_answer_is_taken_out(
    desk: Browser, database: Database, five: list[str]
) -> None:
    desk.opens(PAGE)
    desk.sends(ANSWER, {"antwoord": "Het gaat om BSN 999900006. Bel 030 123 45 67."})
    assert desk.sees("Uit je antwoord is gehaald: BSN.") and "999900006" not in desk.page.text
    desk.sends(ANSWER)
    arrived = texts(told(database)["p1"])
    assert "999900006" not in arrived and "030 123 45 67" in arrived


def test_reports_that_lag_behind_are_taken_along(
    desk: Browser, database: Database, five: list[str]
) -> None:
    handle(desk, status="in-behandeling")
    with database.work() as work:
        work.cases.move(five[0], EVERYWHERE, Status.WAITING, actor="melder")
    desk.opens(PAGE)
    assert desk.sees("wacht op reactie"), "a state of its own is shown"
    assert desk.sees("in behandeling, ook voor de meldingen die dat nog niet zijn")
    handle(desk, status="in-behandeling")
    assert status_of(database, five[0]) is Status.IN_PROGRESS
    assert desk.sees("gaf meldingen de status van de groep: in behandeling")


def test_who_answers_owns_the_group_but_not_a_colleagues_report(
    desk: Browser, database: Database, five: list[str]
) -> None:
    handle(desk, antwoord=TEXT)
    assert desk.sees("Je bent nu eigenaar.")
    desk.opens("/beheer/meldingen?eigenaar=ik")
    assert all(desk.sees(reference) for reference in five)


def test_a_colleagues_report_stays_theirs(
    desk: Browser, database: Database, five: list[str]
) -> None:
    colleague(desk, database, scope=EVERYWHERE)
    with database.work() as work:
        bo = next(one for one in work.officers.handlers() if one.name == "Bo Peters")
        work.cases.assign(five[0], EVERYWHERE, bo.id, actor=bo.id)
    handle(desk, antwoord=TEXT)
    assert not desk.sees("Je bent nu eigenaar.")
    desk.opens(path(five[0]))
    assert desk.sees("Eigenaar Bo Peters")


def test_a_reporter_reacts_and_reopens_as_with_an_answer_of_their_own(
    desk: Browser, database: Database, assistant: Assistant, five: list[str]
) -> None:
    handle(desk, antwoord=TEXT, status="opgelost")
    talk = Talk(database, assistant, "p1")
    talk.replies = told(database)["p1"]
    talk.taps("Heropenen")
    talk.says("er is nog steeds geen plek")
    assert "heropend" in talk.taps("Heropenen")
    desk.opens(PAGE)
    assert desk.sees(f"{five[0]} · Thuiszorg heropend"), "it stands out in the group"


def test_who_joins_later_reads_the_answer_as_it_was_sent(
    desk: Browser, database: Database, assistant: Assistant, five: list[str]
) -> None:
    handle(desk, antwoord=TEXT)
    talk = Talk(database, assistant)
    send(talk)
    assert TEXT in talk.says("ja, zelfde verhaal")
    desk.opens(path("KP-2026-0006"))
    assert desk.sees("antwoordde aan groep 1; de melder las het bij het aansluiten")
    handle(desk, antwoord="Er is nu plek.")
    assert sorted(told(database)) == ["p1", "p2", "p3", "p4", "p5", "u1"]


def test_a_group_of_examples_sends_nothing(desk: Browser, database: Database) -> None:
    one = report(database, NO_HOME_CARE[0], answerable=False)
    group(database, [one])
    desk.opens(PAGE)
    desk.sends(ANSWER, {"antwoord": TEXT})
    assert desk.sees("Er wordt niets verstuurd") and desk.sees(TEXT)
    desk.sends(ANSWER)
    assert desk.sees("Bewaard. Er was niemand om het naar te sturen.")


def test_who_gets_it_and_who_owns_it_is_said_before(
    desk: Browser, database: Database, five: list[str]
) -> None:
    desk.opens(PAGE)
    desk.sends(ANSWER, {"antwoord": TEXT})
    assert desk.sees(f"Voor {', '.join(sorted(five))}.")
    assert desk.sees("Je wordt eigenaar van deze groep en van de meldingen erin.")
    desk.sends(ANSWER)
    assert desk.sees("Je bent nu eigenaar.")
    desk.sends(ANSWER, {"antwoord": "Nog iets."})
    assert desk.sees("Klopt dit?") and not desk.sees("Je wordt eigenaar")


def test_examples_show_what_a_reporter_would_get(desk: Browser, database: Database) -> None:
    draft = Draft("thuiszorg", "utrecht", None, NO_HOME_CARE[0], None, "midden", True)
    with database.work() as work:
        one = work.reports.file(
            draft, person_id=None, account_id=None, practice_id=None, is_example=True
        )
    group(database, [one])
    desk.opens(PAGE)
    desk.sends(ANSWER, {"antwoord": TEXT, "status": "in-behandeling"})
    assert desk.sees("(voorbeeld: er wordt niets verstuurd)")
    assert desk.sees(f"is bezig met je melding {one}.") and desk.sees(TEXT)
    assert desk.sees('Kies "Reageren".') and not desk.sees("Dit gaat naar")
    desk.sends(ANSWER)
    assert desk.sees("Er was niemand om het naar te sturen.") and not told(database)
