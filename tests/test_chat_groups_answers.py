"""Who joins a group gets the answer that it had, sees that they are in it, and can leave it."""

from datetime import UTC, date

import pytest

from bottlenecks.roles import EVERYWHERE
from bottlenecks.store import Database
from bottlenecks.store.figures import Selection
from bottlenecks.workflow import Status
from dialogues.assistant import Assistant
from tests.conftest import Clock, Talk
from tests.groups_of_reports import TITLE, group, own_group, report, reports, send

OWN = "KP-2026-0006"
ANSWER = "Bel het coördinatiepunt: vanaf maandag zijn er weer plekken."
DAY = Selection(date(2026, 3, 2), date(2026, 3, 2))
STATUS = "wat is de status van mijn melding?"


@pytest.fixture
def number(database: Database) -> int:
    """A group of five reports in Utrecht."""
    return group(database, reports(database))


def answer(database: Database, number: int, text: str = ANSWER) -> None:
    """Keep what the group was told."""
    with database.work() as work:
        work.groups.note(number, EVERYWHERE, actor="officer", kind="reply", text=text)


def replies_at(database: Database, reference: str) -> list[str | None]:
    with database.reading() as work:
        case = work.cases.get(reference, EVERYWHERE)
    assert case is not None
    return [event.text for event in case.events if event.kind == "reply"]


def test_who_joins_gets_the_latest_answer_once(talk: Talk, database: Database, number: int) -> None:
    answer(database, number, "We zoeken het uit.")
    answer(database, number)
    send(talk)
    button = talk.replies[-1].choices[0].value
    said = talk.says("ja")
    assert said.count(ANSWER) == 1 and "We zoeken het uit" not in said
    assert [choice.label for choice in talk.replies[-1].choices] == [
        "Reageren",
        "Status bekijken",
    ]
    assert replies_at(database, OWN) == [ANSWER]
    assert f"Laatste reactie: {ANSWER}" in talk.says(STATUS)
    assert ANSWER not in talk.sends(button), "it is told once"
    talk.says("hoort er toch niet bij")
    assert ANSWER not in talk.sends(button)
    assert replies_at(database, OWN) == [ANSWER]


def test_the_answer_counts_as_the_first_one(
    talk: Talk, database: Database, number: int, clock: Clock
) -> None:
    answer(database, number)
    clock.forward(3600)
    send(talk)
    clock.forward(60)
    talk.says("ja")
    with database.reading() as work:
        view = work.groups.get(number, EVERYWHERE)
        case = work.cases.get(OWN, EVERYWHERE)
    assert view is not None and case is not None
    member = next(one for one in view.members if one.reference == OWN)
    assert not member.has_reaction
    with database.reading() as work:
        took = work.figures.first_answer(DAY, EVERYWHERE, UTC)
    assert took.number == 1 and took.median == pytest.approx(60 / 3600)
    assert case.events[-1].actor == "officer" and case.events[-1].at == clock.now


def test_who_had_the_answer_at_another_report_is_not_told_again(
    talk: Talk, database: Database
) -> None:
    first = report(database, "Geen thuiszorg te vinden in Utrecht, alles is vol")
    number = group(database, [first])
    answer(database, number)
    with database.work() as work:
        work.cases.reply(first, EVERYWHERE, actor="officer", text=ANSWER)
    send(talk)
    said = talk.says("ja")
    assert f"Het antwoord dat je kreeg bij {first}, geldt ook voor deze melding." in said
    assert ANSWER not in said
    assert replies_at(database, "KP-2026-0002") == [ANSWER]


def test_what_its_reporter_said_before_still_waits_for_an_answer(
    talk: Talk, database: Database, number: int
) -> None:
    answer(database, number)
    send(talk)
    with database.work() as work:
        work.cases.add_for_reporter(OWN, "Vandaag alweer twee patiënten.")
    talk.says("ja")
    with database.reading() as work:
        view = work.groups.get(number, EVERYWHERE)
    assert view is not None and replies_at(database, OWN) == [ANSWER]
    assert next(one for one in view.members if one.reference == OWN).has_reaction


def test_without_an_answer_nothing_is_told(talk: Talk, database: Database, number: int) -> None:
    with database.work() as work:
        work.groups.note(number, EVERYWHERE, actor="officer", kind="note", text="intern")
    send(talk)
    said = talk.says("ja")
    assert "intern" not in said and "Een antwoord komt hier vanzelf." in said
    assert replies_at(database, OWN) == []


def test_the_status_tells_the_group_and_lets_one_leave(
    talk: Talk, database: Database, number: int
) -> None:
    send(talk)
    assert "Hoort bij" not in talk.says(STATUS)
    talk.says("ja hoort erbij")
    assert f'Hoort bij: "{TITLE}"' in talk.says(STATUS)
    assert f"{OWN} staat weer op zichzelf" in talk.taps(f"{OWN} hoort er niet bij")
    assert own_group(database, OWN) is None
    assert "Hoort bij" not in talk.says(STATUS)
    with database.reading() as work:
        assert work.groups.offer(OWN) is None, "it counts as a refusal"
        view = work.groups.get(number, EVERYWHERE)
    assert view is not None
    last = view.events[-1]
    assert (last.kind, last.actor, last.reference) == ("left", "melder", OWN)


@pytest.mark.parametrize("text", ["hoort er toch niet bij", f"{OWN} hoort er niet bij"])
def test_leaving_can_be_typed_later(
    talk: Talk, database: Database, number: int, clock: Clock, text: str
) -> None:
    send(talk)
    talk.says("ja")
    clock.forward(24 * 3600)
    assert "staat weer op zichzelf" in talk.says(text)
    assert own_group(database, OWN) is None


def test_with_several_reports_it_is_asked_which_one(talk: Talk, database: Database) -> None:
    two = [report(database, "Geen thuiszorg in Utrecht"), report(database, "Nergens plek")]
    group(database, two)
    talk.says("hallo")
    assert "Welke melding hoort er niet bij?" in talk.says("die hoort er toch niet bij")
    talk.taps(f"{two[0]} hoort er niet bij")
    assert own_group(database, two[0]) is None and own_group(database, two[1]) is not None


def test_a_closed_report_has_no_button(talk: Talk, database: Database) -> None:
    number = group(database, [report(database, "Geen thuiszorg te vinden in Utrecht")])
    with database.work() as work:
        row = work.groups.get(number, EVERYWHERE)
        assert row is not None
        work.groups.move(
            number, EVERYWHERE, Status.SOLVED, actor="officer", version=row.row.version
        )
    assert "Hoort bij" in talk.says(STATUS)
    assert not [c for r in talk.replies for c in r.choices if c.value.startswith("los:")]


def test_someone_else_cannot_take_it_out(
    talk: Talk, database: Database, assistant: Assistant, number: int
) -> None:
    send(talk)
    talk.says("ja")
    other = Talk(database, assistant, "u2")
    assert "hoort daar al niet meer bij" in other.sends(f"los:{OWN}:{number}")
    assert "staat weer" not in other.says("hoort er niet bij")
    assert own_group(database, OWN) == number


@pytest.mark.parametrize("value", ["los:", "los:x:1", f"los:{OWN}:99"])
def test_a_mangled_button_takes_nothing_out(
    talk: Talk, database: Database, number: int, value: str
) -> None:
    send(talk)
    talk.says("ja")
    talk.sends(value)
    assert own_group(database, OWN) == number
