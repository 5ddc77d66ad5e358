"""The store of questions to learn from: order, ninety days, first choice, not traceable."""

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect

from bottlenecks.models import Base
from bottlenecks.models_reports import UnclearQuestion
from bottlenecks.store import Database
from bottlenecks.store.questions import KEEP_DAYS, UNUSED, Outcome, UnclearDraft, UnclearView
from tests.conftest import Clock
from tests.desk import add_officer

DAY_S = 86_400


def draft(
    text: str, confidence: float = 0.5, outcome: Outcome = "declined", topic: str | None = None
) -> UnclearDraft:
    candidates = (("noodplan/coordinatie", confidence), ("noodplan/definitie", 0.1))
    return UnclearDraft(text, outcome, topic, confidence, candidates, "rev1")


def keep(database: Database, *drafts: UnclearDraft) -> list[int]:
    with database.work() as work:
        return [work.questions.keep(question) for question in drafts]


def exported(database: Database) -> list[UnclearView]:
    with database.work() as work:
        return work.questions.export()


def choose(database: Database, question: int, topic: str) -> None:
    with database.work() as work:
        work.questions.chose(question, topic)


# the store


def test_wrong_ones_come_first_then_the_least_sure_then_the_oldest(
    database: Database, clock: Clock
) -> None:
    keep(database, draft("zeker", 0.9), draft("twijfel", 0.2))
    clock.forward(60)
    keep(database, draft("ook twijfel", 0.2), draft("fout", 0.95, "wrong", "noodplan/definitie"))
    assert [view.text for view in exported(database)] == ["fout", "twijfel", "ook twijfel", "zeker"]


def test_a_question_comes_back_as_it_was_kept(database: Database, clock: Clock) -> None:
    [number] = keep(database, draft("wie regelt dat?", 0.4, "clarified"))
    candidates = (("noodplan/coordinatie", 0.4), ("noodplan/definitie", 0.1))
    assert exported(database) == [
        UnclearView(
            number, "wie regelt dat?", "clarified", None, 0.4, candidates, None, "rev1", clock.now
        )
    ]


def test_questions_are_gone_after_ninety_days(database: Database, clock: Clock) -> None:
    keep(database, draft("oud"))
    clock.forward(KEEP_DAYS * DAY_S)
    assert [view.text for view in exported(database)] == ["oud"]
    clock.forward(1)
    assert exported(database) == []
    with database.work() as work:
        assert work.questions.purge() == 1
        assert work.questions.purge() == 0


def test_keeping_a_question_deletes_the_expired_ones(database: Database, clock: Clock) -> None:
    keep(database, draft("oud"))
    clock.forward(KEEP_DAYS * DAY_S + 1)
    keep(database, draft("nieuw"))
    with database.work() as work:
        assert work.questions.purge() == 0


def test_the_first_choice_counts(database: Database) -> None:
    [number] = keep(database, draft("regie?"))
    choose(database, number, "noodplan/coordinatie")
    choose(database, number, "noodplan/definitie")
    assert [view.chosen for view in exported(database)] == ["noodplan/coordinatie"]


def test_a_late_choice_is_not_kept_with_another_question(database: Database, clock: Clock) -> None:
    [expired] = keep(database, draft("oud"))
    clock.forward(KEEP_DAYS * DAY_S + 1)
    choose(database, expired, "noodplan/definitie")
    keep(database, draft("nieuw"))
    choose(database, expired, "noodplan/definitie")
    choose(database, 999, "noodplan/definitie")
    assert [view.chosen for view in exported(database)] == [None]


def test_questions_cannot_be_traced_to_a_person() -> None:
    table = UnclearQuestion.__table__
    # the only person it names is the officer who labelled it
    assert {key.parent.name for key in table.foreign_keys} == {"labelled_by"}
    assert {column.name for column in table.columns} == {
        "id", "text", "outcome", "topic", "confidence", "candidates", "chosen",
        "knowledge_revision", "created_at", "chosen_at", "label", "labelled_by", "labelled_at",
    }  # fmt: skip


def test_migrations_give_the_tables_of_the_models(database: Database) -> None:
    def is_ours(item: object, name: str | None, kind: str, *rest: object) -> bool:
        # full-text search keeps tables of its own
        return not (kind == "table" and (name or "").startswith("report_search"))

    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": is_ours})
        assert compare_metadata(context, Base.metadata) == []
        indexes = inspect(connection).get_indexes("unclear_question")
    found = sorted(str(index["column_names"]) for index in indexes)
    assert found == ["['created_at']", "['label', 'created_at']"]


# labels


def label(
    database: Database, question: int, label: str | None, *, actor: str, was: str | None = None
) -> bool:
    with database.work() as work:
        return work.questions.label(question, label, actor=actor, was=was)


def test_a_labelled_question_is_done_and_can_be_changed(database: Database) -> None:
    officer = add_officer(database, password=None)
    first, second = keep(database, draft("regie?", 0.2), draft("wie dan?", 0.4))
    assert label(database, first, "noodplan/coordinatie", actor=officer)
    with database.reading() as work:
        todo, done = work.questions.page(), work.questions.page(labelled=True)
    assert ([row.id for row in todo.rows], todo.total) == ([second], 1)
    assert [(row.id, row.label, row.labelled_by) for row in done.rows] == [
        (first, "noodplan/coordinatie", officer)
    ]
    assert label(database, first, None, actor=officer, was="noodplan/coordinatie")
    with database.reading() as work:
        assert work.questions.page().total == 2


def test_a_label_of_a_colleague_is_not_overwritten(database: Database) -> None:
    officer = add_officer(database, password=None)
    [question] = keep(database, draft("regie?"))
    assert label(database, question, "noodplan/coordinatie", actor=officer)
    assert not label(database, question, UNUSED, actor=officer)
    assert [view.label for view in exported(database)] == ["noodplan/coordinatie"]


def test_questions_come_a_page_at_a_time(database: Database) -> None:
    keep(database, *(draft(f"vraag {number}", number / 10) for number in range(5)))
    with database.reading() as work:
        page = work.questions.page(offset=2, limit=2)
    assert [row.text for row in page.rows] == ["vraag 2", "vraag 3"]
    assert page.total == 5


def test_an_expired_question_is_neither_shown_nor_labelled(
    database: Database, clock: Clock
) -> None:
    officer = add_officer(database, password=None)
    [question] = keep(database, draft("oud"))
    clock.forward(KEEP_DAYS * DAY_S + 1)
    with database.reading() as work:
        assert work.questions.page().total == 0
    assert not label(database, question, UNUSED, actor=officer)
