"""Own plans as they are kept: for their own region, with what became of the drafts."""

import pytest

from bottlenecks.own_plans import Description, KnownPlanError, draft_passage, read, take_up
from bottlenecks.proposals import ProposalStatus
from bottlenecks.roles import EVERYWHERE, Scope
from bottlenecks.store import Database, Work
from bottlenecks.store.content_sources import PlanInUseError, PlanRow
from dialogues.assistant import Assistant
from knowledge import Knowledge
from tests.desk import add_officer
from tools.example_plan import example_parts
from tools.plan_documents import as_docx

FILE = as_docx(example_parts())
ABOUT = Description("utrecht", "Continuïteitsplan", "Voorbeeldcoöperatie", "maart 2026")
MINES = Scope(regions=frozenset({"westelijke-mijnstreek"}))


@pytest.fixture
def knowledge(assistant: Assistant) -> Knowledge:
    return assistant.knowledge


def keeps_a_plan(database: Database, knowledge: Knowledge, about: Description = ABOUT) -> str:
    found = read("C:\\plannen\\plan.docx", FILE, knowledge)
    with database.work() as work:
        return take_up(work, knowledge, found, about, actor=None).source_id


def row(work: Work, source_id: str) -> PlanRow:
    found = work.content_sources.get(source_id, EVERYWHERE)
    assert found is not None
    return found


def test_a_plan_is_kept_with_its_text_and_drafts(database: Database, knowledge: Knowledge) -> None:
    source_id = keeps_a_plan(database, knowledge)
    with database.reading() as work:
        plan = row(work, source_id)
        passages = work.content_sources.passages(source_id)
        drafts = work.content_sources.drafts(source_id)
    assert (plan.title, plan.file, plan.date) == ("Continuïteitsplan", "plan.docx", "maart 2026")
    assert plan.states == ((ProposalStatus.CONCEPT, len(drafts)),)
    assert {topic for one in passages for topic in one.topics} == {one.topic for one in drafts}


def test_keys_count_on_per_region(database: Database, knowledge: Knowledge) -> None:
    first = keeps_a_plan(database, knowledge)
    with database.work() as work:
        assert work.content_sources.new_id("utrecht") == "plan-utrecht-2"
        assert len(work.content_sources.new_id("een-regio-met-een-heel-erg-lange-naam")) <= 40
    with pytest.raises(KnownPlanError) as known:
        keeps_a_plan(database, knowledge)
    assert known.value.source_id == first


def test_other_regions_do_not_see_it(database: Database, knowledge: Knowledge) -> None:
    source_id = keeps_a_plan(database, knowledge)
    with database.reading() as work:
        assert work.content_sources.get(source_id, MINES) is None
        assert work.content_sources.all(MINES) == []
        assert [one.id for one in work.content_sources.all()] == [source_id]
        assert list(work.content_sources.texts("westelijke-mijnstreek")) == []


def test_a_plan_with_work_in_it_stays(database: Database, knowledge: Knowledge) -> None:
    source_id, ada = keeps_a_plan(database, knowledge), add_officer(database)
    with database.work() as work:
        draft = work.content_sources.drafts(source_id)[0]
        work.content.withdraw(draft.id, EVERYWHERE, actor=ada, version=1)
    with database.work() as work, pytest.raises(PlanInUseError):
        work.content_sources.remove(source_id)


def test_a_plan_that_another_text_names_stays(database: Database, knowledge: Knowledge) -> None:
    source_id, ada = keeps_a_plan(database, knowledge), add_officer(database)
    data = {"id": "harop/wat-is", "bron": [{"document": source_id, "onderdeel": "7 Rampen"}]}
    with database.work() as work:
        work.content.add_concept("harop/wat-is", "utrecht", data, actor=ada)
    with database.work() as work, pytest.raises(PlanInUseError):
        work.content_sources.remove(source_id)


def test_removing_takes_the_drafts_along(database: Database, knowledge: Knowledge) -> None:
    source_id = keeps_a_plan(database, knowledge)
    with database.work() as work:
        assert work.content_sources.remove(source_id) == 41
    with database.reading() as work:
        assert work.content_sources.all() == [] and work.content.open(EVERYWHERE) == []
    with database.work() as work, pytest.raises(LookupError):
        work.content_sources.remove(source_id)


def test_a_chosen_passage_joins_the_draft(database: Database, knowledge: Knowledge) -> None:
    source_id = keeps_a_plan(database, knowledge)
    with database.work() as work:
        passages = work.content_sources.passages(source_id)
        index = next(i for i, one in enumerate(passages) if "datalek" in one.text)
        made = draft_passage(work, knowledge, row(work, source_id), index, "noodplan/curator")
        view = work.content.get(made, EVERYWHERE)
        assert view is not None and view.data is not None
        text = f"{view.data['antwoord']}{view.data.get('meer', '')}"
        assert "datalek" in text and "failliet" in text and view.version == 2
        places = [ref["onderdeel"] for ref in view.data["bron"]]
        assert places == ["2.11 Faillissement", "8.2 Datalek"]
        for wrong, topic in ((999, "noodplan/curator"), (0, "bestaat/niet"), (0, "gesprek/groet")):
            with pytest.raises(LookupError):
                draft_passage(work, knowledge, row(work, source_id), wrong, topic)
