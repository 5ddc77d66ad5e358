"""A plan becomes drafts at the desk: of its own region, to be rewritten, told to nobody yet."""

import pytest

from bottlenecks.roles import Role
from bottlenecks.store import Database
from dialogues.assistant import Assistant
from dialogues.reply import source_lines
from knowledge import Knowledge, Topic
from knowledge.check_text import placeholder_problems, topic_texts
from knowledge.edit import Change, new_faults
from knowledge.model import Source
from knowledge.plan import About, Draft, drafts_of, match, read_plan, unmatched
from tests.conftest import Talk
from tests.desk import Browser
from tests.desk_officers import MINES, at_the_desk, colleague
from tools.example_plan import example_parts, topics_of
from tools.plan_documents import Part, as_docx, as_pdf

PLANS = "/beheer/inhoud/plannen"
FILE = as_docx(example_parts())
ABOUT = {
    "regio": "utrecht",
    "titel": "Continuïteitsplan Voorbeeldregio",
    "uitgever": "Voorbeeldcoöperatie",
    "datum": "maart 2026",
}
CURATOR = "Gaat een praktijk failliet, dan is de curator vanaf dat moment het aanspreekpunt."
DATALEAK = "Een datalek melden we binnen 72 uur bij de Autoriteit Persoonsgegevens."


@pytest.fixture
def desk(database: Database, assistant: Assistant) -> Browser:
    return at_the_desk(database, assistant)


def hand_in(desk: Browser, content: bytes = FILE, name: str = "plan.docx", **more: str) -> None:
    desk.opens(PLANS)
    desk.sends(PLANS, {**ABOUT, **more}, {"bestand": (name, content)})


def drafts(knowledge: Knowledge, parts: tuple[Part, ...] = example_parts()) -> dict[str, Draft]:
    plan = read_plan("plan.docx", as_docx(parts))
    about = About("plan-utrecht-1", knowledge.regions["utrecht"], "maart 2026")
    return {draft.topic: draft for draft in drafts_of(match(plan, knowledge), knowledge, about)}


@pytest.mark.parametrize("content", [FILE, as_pdf(example_parts())], ids=["docx", "pdf"])
def test_topics_of_a_plan_are_found(assistant: Assistant, content: bytes) -> None:
    plan = read_plan("plan", content)
    right = topics_of(plan)
    wanted = {topic for topics in right for topic in topics}
    matches = match(plan, assistant.knowledge)
    pairs = [(one.topic, passage.index) for one in matches for passage in one.passages]
    good = [topic in right[index] for topic, index in pairs]
    assert len({one.topic for one in matches} & wanted) >= 0.95 * len(wanted)
    assert sum(good) >= 0.85 * len(good)


def test_what_is_about_nothing_that_is_known_is_left(assistant: Assistant) -> None:
    plan = read_plan("plan", FILE)
    left = " ".join(one.text for one in unmatched(plan, match(plan, assistant.knowledge)))
    for words in ("datalek", "griepprik", "verzamelplaats", "Parkeerkaarten", "Reanimatie"):
        assert words in left


def test_a_text_about_something_else_gives_no_topic(assistant: Assistant) -> None:
    recipe = (
        "Snijd de uien en bak ze in boter tot ze glazig zijn. Voeg de wortels toe en roer. " * 4
    )
    assert match(read_plan("recept.txt", recipe.encode()), assistant.knowledge) == []


def test_a_draft_has_its_own_scope_source_section_and_date(assistant: Assistant) -> None:
    data = drafts(assistant.knowledge)["noodplan/curator"].data
    assert data["geldt_voor"] == "Utrecht" and data["gedateerd"] == "maart 2026"
    assert data["bron"] == [{"document": "plan-utrecht-1", "onderdeel": "2.11 Faillissement"}]
    assert data["titel"] == assistant.knowledge.topic("noodplan/curator").title
    assert Topic.model_validate(data).scope == "Utrecht"


def test_what_the_plan_says_stands_in_notes_to_rewrite(assistant: Assistant) -> None:
    data = drafts(assistant.knowledge)["noodplan/curator"].data
    opening = "In Utrecht geldt wat in het plan van maart 2026 staat:"
    assert data["antwoord"].startswith(f"{opening}\n\n- [herschrijf: {CURATOR}")


def test_no_sentence_of_the_plan_stands_outside_a_note(assistant: Assistant) -> None:
    found = drafts(assistant.knowledge)
    assert len(found) > 30
    for draft in found.values():
        lines = f"{draft.data['antwoord']}\n{draft.data.get('meer', '')}".splitlines()
        said = [line for line in lines if line and not line.startswith("- [herschrijf: ")]
        assert said == ["In Utrecht geldt wat in het plan van maart 2026 staat:"]
        assert all(line.endswith("]") for line in lines if line.startswith("- ["))


def test_the_check_refuses_every_draft_until_it_is_rewritten(assistant: Assistant) -> None:
    source = {"plan-utrecht-1": Source(titel="Plan", uitgever="RHO", bestand="plan.docx")}
    found = drafts(assistant.knowledge)
    for draft in found.values():
        texts = topic_texts(Topic.model_validate(draft.data))
        assert list(placeholder_problems(texts))
    curator = found["noodplan/curator"].data
    messages = [fault.message for fault in new_faults(Change(curator, "utrecht"), source)]
    assert messages and all(message.startswith("nog niet af") for message in messages)
    own = {**curator, "antwoord": "In Utrecht belt u bij faillissement de curator (maart 2026)."}
    assert new_faults(Change(own, "utrecht"), source) == []


def test_brackets_in_a_plan_do_not_end_a_note(assistant: Assistant) -> None:
    text = f"{CURATOR} [zie bijlage] <intern> De curator heeft alle bevoegdheden. "
    found = drafts(assistant.knowledge, (Part("1 Faillissement", level=1), Part(text * 2)))
    lines = found["noodplan/curator"].data["antwoord"].splitlines()[2:]
    assert lines and all(line.count("[") == line.count("]") == 1 for line in lines)


def test_a_very_long_section_gives_a_draft_that_can_be_opened(assistant: Assistant) -> None:
    parts = (Part("1 Faillissement", level=1), *[Part(f"{CURATOR} De curator beslist. " * 4)] * 60)
    data = drafts(assistant.knowledge, parts)["noodplan/curator"].data
    assert len(data["antwoord"]) < 1100 and len(data["meer"]) < 4000
    assert "stukken tekst; zie het plan]" in data["meer"]


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


def concept(desk: Browser, title: str) -> str:
    """The page of the concept with this title, from the page of the plan."""
    before = desk.page.text.split(f">{title}</a>")[0]
    return before.rsplit('href="', 1)[1].split('"')[0]


def place_of(desk: Browser, text: str) -> str:
    """Where a topic is chosen for this piece, from the page of the plan."""
    return desk.page.text.split(text)[1].split('href="', 1)[1].split('"')[0]
