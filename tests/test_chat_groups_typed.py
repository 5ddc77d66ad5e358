"""What is typed about a report that was just sent: its group, or not sending it after all."""

import pytest

from bottlenecks.roles import EVERYWHERE
from bottlenecks.store import Database
from dialogues.assistant import Assistant
from tests.conftest import Clock, Talk
from tests.groups_of_reports import group, own_group, report, reports, send

OWN = "KP-2026-0006"


@pytest.fixture
def number(database: Database) -> int:
    """A group of five reports in Utrecht."""
    return group(database, reports(database))


@pytest.mark.parametrize(
    "answer",
    [
        "ja klopt, zelfde verhaal",
        "jaa hoort erbij",
        "ja die hoort erbij",
        "Jawel hoor!",
        "inderdaad",
        "klopt, bij ons ook",
        "dat is hetzelfde",
        "die hoort er ook bij",
        "Ja, wij vinden ook niks",
    ],
)
def test_a_longer_yes_is_understood(
    talk: Talk, database: Database, number: int, answer: str
) -> None:
    send(talk)
    assert f"{OWN} hoort er nu bij." in talk.says(answer)
    assert own_group(database, OWN) == number


@pytest.mark.parametrize(
    "answer",
    [
        "nee, dit gaat over maarssen",
        "nee hoor, echt niet",
        "neen",
        "dit is iets anders",
        "hoort er niet bij",
        "ja maar dit is toch iets anders",
        "niet helemaal hetzelfde",
        "hoort er toch niet bij",
    ],
)
def test_a_longer_no_is_understood(
    talk: Talk, database: Database, number: int, answer: str
) -> None:
    send(talk)
    assert "blijft op zichzelf staan" in talk.says(answer)
    with database.reading() as work:
        assert work.groups.offer(OWN) is None
    assert own_group(database, OWN) is None


@pytest.mark.parametrize(
    "other",
    [
        "ja hoe vind ik thuiszorg",
        "nee, wat is een harop?",
        "ja hoort die erbij?",
        "ja en ik wil nog een knelpunt melden",
        "nee, nog een melding: geen wondzorg te vinden",
        "klopt niet",
        "ja, maar er ligt nu iemand bewusteloos in mijn wachtkamer",
        "ja een patient is nu bewusteloos",
        "ja maar bij ons is er sinds gisteren ook nog iets heel anders mis met de apotheek",
    ],
)
def test_what_asks_or_tells_something_else_is_no_answer(
    talk: Talk, database: Database, number: int, other: str
) -> None:
    send(talk)
    said = talk.says(other)
    assert "hoort er nu bij" not in said and "blijft op zichzelf staan" not in said
    assert own_group(database, OWN) is None
    with database.reading() as work:
        assert work.groups.offer(OWN) is not None


def test_danger_comes_first(talk: Talk, number: int) -> None:
    send(talk)
    assert "112" in talk.says("ja een patient is nu bewusteloos")


@pytest.mark.parametrize("answer", ["ja", "ja hoor", "ja hoort erbij"])
def test_yes_after_another_message_is_understood(
    talk: Talk, database: Database, number: int, answer: str
) -> None:
    send(talk)
    talk.says("wat is een harop")
    talk.says("dank je")
    talk.says(answer)
    assert own_group(database, OWN) == number


@pytest.mark.parametrize("answer", ["nee", "nee hoort er niet bij"])
def test_no_after_another_message_is_understood(
    talk: Talk, database: Database, number: int, answer: str
) -> None:
    send(talk)
    talk.says("wat is een harop")
    assert "blijft op zichzelf staan" in talk.says(answer)


@pytest.mark.parametrize("thanks", ["ok", "top", "prima", "nee bedankt", "ja dat wist ik al"])
def test_what_is_said_of_another_answer_is_no_answer_to_the_question(
    talk: Talk, database: Database, number: int, thanks: str
) -> None:
    send(talk)
    talk.says("wat is een harop")
    talk.says(thanks)
    assert own_group(database, OWN) is None
    with database.reading() as work:
        assert work.groups.offer(OWN) is not None


def test_after_three_other_messages_it_is_over(talk: Talk, database: Database, number: int) -> None:
    send(talk)
    for _ in range(3):
        talk.says("wat is een harop")
    talk.says("ja hoort erbij")
    assert own_group(database, OWN) is None


def test_a_bare_yes_after_another_question_is_for_that_one(
    talk: Talk, database: Database, number: int
) -> None:
    send(talk)
    assert "?" in talk.says("iets met zuurstof of vervoer ofzo")
    talk.says("ja")
    assert own_group(database, OWN) is None
    talk.says("ja hoort erbij")
    assert own_group(database, OWN) == number, "these words can only mean the group"


def test_a_flow_in_between_ends_the_question(talk: Talk, database: Database, number: int) -> None:
    send(talk)
    talk.says("ik wil een knelpunt melden")
    talk.says("stop")
    talk.says("ja")
    assert own_group(database, OWN) is None


def test_a_bare_yes_after_a_question_of_the_organisation_is_for_them(
    talk: Talk, database: Database, number: int, clock: Clock
) -> None:
    send(talk)
    clock.forward(60)
    with database.work() as work:
        work.cases.reply(OWN, EVERYWHERE, actor="officer", text="Zoek je nog steeds?")
    talk.says("ja")
    assert own_group(database, OWN) is None


TAKES_BACK = ["nee toch maar niet versturen", "toch niet versturen", "Oh nee, niet versturen!"]


@pytest.mark.parametrize("text", TAKES_BACK)
def test_who_takes_back_the_sending_hears_that_it_is_sent(
    talk: Talk, database: Database, number: int, text: str
) -> None:
    send(talk)
    assert f"{OWN} is al verstuurd" in talk.says(text)
    assert talk.taps("Melding intrekken") and talk.replies[-1].step == "controle"
    assert f"{OWN} is ingetrokken" in talk.taps("Ja, intrekken")


@pytest.mark.parametrize("text", [*TAKES_BACK, "nee toch maar niet"])
def test_also_without_a_group_and_of_several_reports_the_one_that_was_sent(
    talk: Talk, database: Database, text: str
) -> None:
    report(database, "De huisartsenpost is onbereikbaar")
    send(talk)
    assert "KP-2026-0002 is al verstuurd" in talk.says(text)
    talk.taps("Melding intrekken")
    assert "KP-2026-0002 is ingetrokken" in talk.taps("Ja, intrekken")


def test_the_question_stays_open_after_the_sending_was_taken_back(
    talk: Talk, database: Database, number: int
) -> None:
    send(talk)
    talk.says("toch niet versturen")
    talk.says("laat maar staan, hoort erbij")
    assert own_group(database, OWN) == number


def test_much_later_it_is_not_about_the_report(
    talk: Talk, database: Database, number: int, clock: Clock
) -> None:
    send(talk)
    clock.forward(9 * 3600)
    assert "al verstuurd" not in talk.says("toch niet versturen")


def test_before_sending_it_stops(talk: Talk, database: Database, assistant: Assistant) -> None:
    assert "al verstuurd" not in talk.says("toch niet versturen")


@pytest.mark.parametrize("value", ["verstuurd:", "verstuurd:x", "intrekken:KP-2026-9999"])
def test_a_mangled_button_withdraws_nothing(talk: Talk, database: Database, value: str) -> None:
    send(talk)
    talk.sends(value)
    with database.reading() as work:
        assert work.reports.count() == 1
    assert "ingetrokken" not in talk.says("wat is de status van mijn melding?")
