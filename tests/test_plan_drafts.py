"""A plan becomes drafts: topics are found in it, and each draft says it must be rewritten."""

import pytest

from dialogues.assistant import Assistant
from knowledge import Knowledge, Topic
from knowledge.check_text import placeholder_problems, topic_texts
from knowledge.edit import Change, new_faults
from knowledge.model import Source
from knowledge.plan import About, Draft, drafts_of, match, read_plan, unmatched
from tests.plans_at_the_desk import CURATOR, FILE
from tools.example_plan import example_parts, topics_of
from tools.plan_documents import Part, as_docx, as_pdf


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
