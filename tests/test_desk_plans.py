"""A plan at the desk: concepts of its own region, to be rewritten, told to nobody yet."""

import pytest

from bottlenecks.roles import Role
from bottlenecks.store import Database
from dialogues.assistant import Assistant
from dialogues.reply import source_lines
from tests.conftest import Talk
from tests.desk import Browser
from tests.desk_officers import MINES, at_the_desk, colleague
from tests.plans_at_the_desk import (
    ABOUT,
    CURATOR,
    DATALEAK,
    FILE,
    PLANS,
    concept,
    hand_in,
    place_of,
)
from tools.plan_documents import Part, as_docx


@pytest.fixture
def desk(database: Database, assistant: Assistant) -> Browser:
    return at_the_desk(database, assistant)


def test_an_officer_hands_a_plan_in_and_gets_concepts(desk: Browser) -> None:
    hand_in(desk)
    assert desk.path == f"{PLANS}/plan-utrecht-1"
    assert desk.sees("Het plan is gelezen. Er zijn 41 concepten gemaakt.")
    assert desk.sees("Wie is aanspreekpunt bij faillissement?") and desk.sees("2.11 Faillissement")
    assert desk.sees(DATALEAK)
    desk.opens("/beheer/inhoud?regio=utrecht")
    assert desk.sees("uit een plan")


def test_nothing_of_it_is_told(desk: Browser, talk: Talk) -> None:
    talk.says("ik werk in Utrecht")
    before = talk.says("wie is aanspreekpunt bij een faillissement?")
    hand_in(desk)
    assert talk.says("wie is aanspreekpunt bij een faillissement?") == before


def test_a_concept_is_rewritten_and_then_told_with_the_plan_as_source(
    desk: Browser, database: Database, talk: Talk
) -> None:
    hand_in(desk)
    proposal = concept(desk, "Wie is aanspreekpunt bij faillissement?")
    edit = f"{proposal}/wijzig"
    desk.opens(edit)
    desk.sends(edit, {"doe": "voorstel", "reden": "Ons eigen plan"})
    assert desk.page.status_code == 422 and desk.sees("Dit concept is nog niet herschreven.")
    own = "In Utrecht bel je bij een faillissement de curator, zegt het plan van maart 2026."
    desk.sends(edit, {"doe": "voorstel", "reden": "Ons eigen plan", "antwoord": own, "meer": ""})
    if desk.sees("Kijk eerst wat er bij 'Let op' staat."):
        desk.sends(edit, {"doe": "voorstel"})
    assert desk.sees("Je voorstel is ingediend.")
    other = colleague(desk, database)
    other.opens(proposal)
    other.sends(f"{proposal}/goedkeuren")
    talk.says("ik werk in Utrecht")
    assert own in talk.says("wie is aanspreekpunt bij een faillissement?")
    source = "Continuïteitsplan Voorbeeldregio (Voorbeeldcoöperatie), onderdeel 2.11 Faillissement"
    assert f"{source}, maart 2026" in " ".join(source_lines(talk.replies[-1].sources))


def test_a_sentence_of_the_plan_is_refused_as_an_answer(desk: Browser) -> None:
    hand_in(desk)
    edit = f"{concept(desk, 'Wie is aanspreekpunt bij faillissement?')}/wijzig"
    desk.opens(edit)
    copied = f"In Utrecht, plan van maart 2026: {CURATOR}"
    desk.sends(edit, {"doe": "voorstel", "reden": "Plan", "antwoord": copied, "meer": ""})
    assert desk.page.status_code == 422
    assert desk.sees("woorden op rij zijn hetzelfde als in plan.docx")
    assert desk.sees("Hoogstens 8 mag.")


def test_what_the_plan_gives_as_number_may_be_told(desk: Browser) -> None:
    line = f"{CURATOR} De coördinator is te bereiken op 030 123 45 67 of via plan@rho.example. " * 2
    parts = (Part("1 Faillissement", level=1), Part(line))
    hand_in(desk, as_docx(parts))
    edit = f"{concept(desk, 'Wie is aanspreekpunt bij faillissement?')}/wijzig"
    desk.opens(edit)
    text = "In Utrecht (maart 2026) bel je de curator, en anders {}."
    desk.sends(edit, {"doe": "bekijk", "antwoord": text.format("030 123 45 67"), "meer": ""})
    assert not desk.sees("staat niet in een bron")
    desk.sends(edit, {"doe": "bekijk", "antwoord": text.format("030 765 43 21"), "meer": ""})
    assert desk.sees("staat niet in een bron")


def test_personal_data_does_not_stay(desk: Browser, database: Database) -> None:
    parts = (Part("1 Faillissement", level=1), Part(f"{CURATOR} BSN 111222333 staat erbij. " * 2))
    hand_in(desk, as_docx(parts))
    assert desk.sees("Uit de tekst is gehaald: BSN.")
    with database.reading() as work:
        stored = work.content_sources.passages("plan-utrecht-1")
    assert stored and all("111222333" not in passage.text for passage in stored)


def test_a_piece_without_a_topic_is_put_with_one_by_hand(desk: Browser) -> None:
    hand_in(desk)
    piece = place_of(desk, DATALEAK)
    desk.opens(piece)
    assert desk.sees(DATALEAK)
    desk.sends(piece, {"onderwerp": ""})
    assert desk.page.status_code == 422 and desk.sees("Kies een onderwerp.")
    desk.sends(piece, {"onderwerp": "noodplan/medisch-dossier"})
    assert desk.sees("Dit stuk tekst staat nu bij dit onderwerp.")
    assert DATALEAK in desk.page.text and "toestemmingsformulier" in desk.page.text
    desk.opens(f"{PLANS}/plan-utrecht-1")
    assert desk.sees("41 onderwerpen uit dit plan") and not desk.sees(DATALEAK)


def test_a_piece_gets_a_concept_when_the_topic_had_none(desk: Browser) -> None:
    hand_in(desk)
    piece = place_of(desk, DATALEAK)
    desk.opens(piece)
    desk.sends(piece, {"onderwerp": "noodplan/systeempartijen"})
    assert DATALEAK in desk.page.text
    desk.opens(f"{PLANS}/plan-utrecht-1")
    assert desk.sees("42 onderwerpen uit dit plan")


def test_a_concept_that_someone_worked_on_stays_as_it_is(desk: Browser) -> None:
    hand_in(desk)
    proposal = concept(desk, "Hoe krijgen we inzage in dossiers?")
    desk.opens(f"{proposal}/wijzig")
    mine = {"doe": "concept", "antwoord": "In Utrecht (maart 2026) [nog afmaken]", "meer": ""}
    desk.sends(f"{proposal}/wijzig", mine)
    desk.opens(f"{PLANS}/plan-utrecht-1")
    piece = place_of(desk, DATALEAK)
    desk.opens(piece)
    desk.sends(piece, {"onderwerp": "noodplan/medisch-dossier"})
    assert desk.path == proposal and "[nog afmaken]" in desk.page.text


def test_the_same_file_is_not_taken_up_twice(desk: Browser) -> None:
    hand_in(desk)
    hand_in(desk, titel="Nog eens")
    assert desk.path == f"{PLANS}/plan-utrecht-1"
    assert desk.sees("al eerder ingelezen voor deze regio")
    hand_in(desk, regio="westelijke-mijnstreek")
    assert desk.path == f"{PLANS}/plan-westelijke-mijnstreek-1"


def test_a_plan_can_go_as_long_as_nobody_worked_with_it(desk: Browser) -> None:
    hand_in(desk)
    desk.sends(f"{PLANS}/plan-utrecht-1/verwijder")
    assert desk.path == PLANS and desk.sees("is verwijderd, met de concepten")
    assert desk.sees("Er is nog geen plan ingelezen.")
    hand_in(desk)
    proposal = concept(desk, "Wie is aanspreekpunt bij faillissement?")
    desk.opens(f"{PLANS}/plan-utrecht-1")
    page = desk.page
    desk.opens(f"{proposal}/wijzig")
    desk.sends(f"{proposal}/wijzig", {"doe": "concept", "meer": ""})
    desk.page = page  # a page that was open all the time
    desk.sends(f"{PLANS}/plan-utrecht-1/verwijder")
    assert desk.sees("Dit plan kan niet weg")
    assert f"{PLANS}/plan-utrecht-1/verwijder" not in desk.page.text


REFUSED = {
    "no file": ("", b"", "Kies het bestand met het plan."),
    "empty": ("plan.pdf", b"", "Dit bestand is leeg."),
    "a picture": ("plan.docx", b"\x89PNG" + bytes(99), "Dit soort bestand kan ik niet lezen."),
    "too large": ("plan.txt", b"a" * (10 * 1024 * 1024 + 1), "groter dan 10 MB"),
}


@pytest.mark.parametrize(("name", "content", "why"), REFUSED.values(), ids=REFUSED)
def test_a_file_that_is_refused_leaves_the_form_filled_in(
    desk: Browser, name: str, content: bytes, why: str
) -> None:
    hand_in(desk, content, name)
    assert desk.page.status_code == 422 and desk.sees(why)
    assert 'value="Voorbeeldcoöperatie"' in desk.page.text
    assert desk.sees("Er is nog geen plan ingelezen.")


def test_what_is_left_empty_is_asked_for(desk: Browser) -> None:
    hand_in(desk, titel=" ")
    assert desk.page.status_code == 422 and desk.sees("Vul de titel in.")
    assert desk.sees("Kies het bestand daarna opnieuw")


def test_only_the_page_for_plans_takes_something_large(desk: Browser) -> None:
    desk.opens(PLANS)
    large = {"bestand": ("plan.txt", b"a" * (13 * 1024 * 1024))}
    desk.sends(PLANS, ABOUT, large)
    assert desk.page.status_code == 413 and desk.sees("groter dan 10 MB")
    desk.opens("/beheer/fase/utrecht")
    desk.sends("/beheer/fase/utrecht", {"bericht": "a" * 300_000})
    assert desk.page.status_code == 413


def test_officers_see_and_hand_in_plans_of_their_own_regions(
    desk: Browser, database: Database
) -> None:
    hand_in(desk)
    other = colleague(desk, database, scope=MINES)
    other.opens(PLANS)
    assert other.sees("Er is nog geen plan ingelezen.") and not other.sees("Utrecht")
    for path in ("", "/stuk/0"):
        other.opens(f"{PLANS}/plan-utrecht-1{path}")
        assert other.page.status_code == 404
    other.opens(PLANS)
    other.sends(PLANS, ABOUT, {"bestand": ("plan.docx", FILE)})
    assert other.page.status_code == 422


def test_a_reader_reads_and_hands_nothing_in(desk: Browser, database: Database) -> None:
    hand_in(desk)
    reader = colleague(desk, database, Role.READER)
    reader.opens(f"{PLANS}/plan-utrecht-1")
    assert reader.sees("41 onderwerpen uit dit plan") and not reader.sees("Kies een onderwerp")
    reader.opens(PLANS)
    assert not reader.sees("Een plan inlezen")
    assert reader.client.post(PLANS).status_code == 403


def test_who_read_which_plan_is_logged(desk: Browser) -> None:
    hand_in(desk)
    desk.opens("/beheer/logboek")
    assert desk.sees("Plan van een regio ingelezen") and desk.sees("concepten: 41")
