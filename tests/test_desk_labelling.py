"""The desk: officers say what unclear questions are about, and the assistant learns from it."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from bot import learn
from bottlenecks.roles import Role
from bottlenecks.store import Database
from bottlenecks.store.questions import UNUSED, UnclearView
from dialogues.assistant import Assistant
from nlu.learning import read_labelled
from tests.conftest import SECRET, Clock
from tests.desk import Browser, forms
from tests.desk_officers import at_the_desk, colleague
from tests.desk_questions import LABELS
from tests.test_learning_store import choose, draft, keep


@pytest.fixture
def desk(database: Database, assistant: Assistant) -> Browser:
    return at_the_desk(database, assistant)


def kept(database: Database) -> dict[str, UnclearView]:
    with database.reading() as work:
        return {view.text: view for view in work.questions.export()}


def test_questions_are_labelled_in_one_go(desk: Browser, database: Database) -> None:
    one, two, three, _ = keep(
        database,
        draft("regie?", 0.1, "clarified"),
        draft("wie wint?", 0.2),
        draft("meneer Voorbeeld belt steeds", 0.3),
        draft("later", 0.4),
    )
    desk.opens(LABELS)
    assert desk.sees("eerst doorgevraagd") and desk.sees("niet beantwoord")
    desk.sends(
        LABELS,
        {
            f"keuze-{one}": "noodplan/coordinatie",
            f"keuze-{two}": "buiten-bereik",
            f"keuze-{three}": UNUSED,
        },
    )
    assert desk.sees("3 vragen bewaard.")
    assert desk.sees("later") and not desk.sees("wie wint?")
    labels = {text: view.label for text, view in kept(database).items()}
    assert labels == {
        "regie?": "noodplan/coordinatie",
        "wie wint?": "buiten-bereik",
        "meneer Voorbeeld belt steeds": UNUSED,
        "later": None,
    }


@pytest.mark.parametrize("typed", ["wat is een HAROP", "Wat is een harop?", "harop/wat-is"])
@pytest.mark.parametrize("ticked", ["anders", ""])
def test_another_topic_is_typed(desk: Browser, database: Database, typed: str, ticked: str) -> None:
    [one] = keep(database, draft("plannetje?"))
    desk.opens(LABELS)
    desk.sends(LABELS, {f"keuze-{one}": ticked, f"anders-{one}": typed})
    assert kept(database)["plannetje?"].label == "harop/wat-is"


def test_a_topic_that_is_not_there_keeps_all_that_was_filled_in(
    desk: Browser, database: Database
) -> None:
    one, two = keep(database, draft("plannetje?", 0.1), draft("regie?", 0.2))
    desk.opens(LABELS)
    fields = {
        f"keuze-{one}": "anders",
        f"anders-{one}": "Wat is een harp?",
        f"keuze-{two}": "noodplan/coordinatie",
    }
    desk.sends(LABELS, fields)
    assert desk.page.status_code == 422
    assert desk.sees('Dit onderwerp is er niet. Bedoel je "Wat is een harop?"?')
    shown = forms(desk.page)[LABELS]
    assert {name: shown[name] for name in fields} == fields
    assert {view.label for view in kept(database).values()} == {None}
    desk.sends(LABELS, {f"anders-{one}": "Wat is een harop?"})
    assert desk.sees("2 vragen bewaard.")


def test_another_topic_that_is_left_empty_is_asked_for(desk: Browser, database: Database) -> None:
    [one] = keep(database, draft("plannetje?"))
    desk.opens(LABELS)
    desk.sends(LABELS, {f"keuze-{one}": "anders"})
    assert desk.page.status_code == 422 and desk.sees("Typ een onderwerp, of kies iets anders.")


def test_a_label_can_be_changed_and_taken_away(desk: Browser, database: Database) -> None:
    [one] = keep(database, draft("regie?"))
    desk.opens(LABELS)
    desk.sends(LABELS, {f"keuze-{one}": "", f"anders-{one}": "Wat is een harop?"})
    done = f"{LABELS}?ingedeeld=ja"
    desk.opens(done)
    assert desk.sees("ingedeeld door Ada Jansen")
    shown = forms(desk.page)[done]
    assert (shown[f"keuze-{one}"], shown[f"anders-{one}"]) == ("anders", "Wat is een harop?")
    desk.sends(done, {f"keuze-{one}": "noodplan/definitie"})
    assert kept(database)["regie?"].label == "noodplan/definitie"
    desk.opens(done)
    desk.sends(done, {f"keuze-{one}": ""})
    assert kept(database)["regie?"].label is None
    assert kept(database)["regie?"].labelled_by is None


def test_a_colleague_is_not_overwritten(desk: Browser, database: Database) -> None:
    [one] = keep(database, draft("regie?"))
    desk.opens(LABELS)
    other = colleague(desk, database)
    other.opens(LABELS)
    other.sends(LABELS, {f"keuze-{one}": "noodplan/coordinatie"})
    desk.sends(LABELS, {f"keuze-{one}": UNUSED})
    assert desk.sees("een collega was je voor")
    assert kept(database)["regie?"].label == "noodplan/coordinatie"


def test_questions_come_in_pages(desk: Browser, database: Database) -> None:
    keep(database, *(draft(f"vraag nummer {number:02}", number / 100) for number in range(21)))
    desk.opens(LABELS)
    assert desk.sees("21 vragen, pagina 1 van 2") and not desk.sees("vraag nummer 20")
    desk.opens(f"{LABELS}?pagina=2")
    assert desk.sees("vraag nummer 20") and not desk.sees("vraag nummer 19")
    desk.opens(f"{LABELS}?pagina=99")
    assert desk.sees("vraag nummer 20")


def test_what_was_kept_before_never_breaks_the_page(desk: Browser, database: Database) -> None:
    gone = replace(
        draft("vraag", 0.1),
        candidates=(("gesprek/weg", 0.4), ("bestaat/niet", 0.2)),
        topic="bestaat/niet",
    )
    bare = replace(draft("?", 0.2), candidates=())
    odd = replace(draft("<b>{{ 7 * 7 }}</b> \u202e\x00 🩺 " + "x" * 9_000, 0.3), topic=None)
    [first, *_] = keep(
        database, gone, bare, odd, *(draft(f"nummer {one}", 0.5) for one in range(20))
    )
    choose(database, first, "gesprek/weg")
    for query in ("", "?pagina=2", "?ingedeeld=ja"):
        desk.opens(LABELS + query)
        assert desk.page.status_code == 200, query


def test_a_reader_sees_questions_and_labels_none(desk: Browser, database: Database) -> None:
    [one] = keep(database, draft("regie?"))
    reader = colleague(desk, database, Role.READER)
    reader.opens(LABELS)
    assert reader.sees("regie?") and not reader.sees("Bewaar wat ik koos")
    sent = forms(reader.page)[LABELS] | {f"keuze-{one}": UNUSED}
    assert reader.client.post(LABELS, data=sent).status_code == 403
    assert kept(database)["regie?"].label is None


def test_a_form_of_another_site_labels_nothing(desk: Browser, database: Database) -> None:
    [one] = keep(database, draft("regie?"))
    desk.opens(LABELS)
    desk.sends(LABELS, {f"keuze-{one}": UNUSED, "csrf_token": "nagemaakt"})
    assert desk.page.status_code == 422 and desk.sees("stond te lang open")
    assert kept(database)["regie?"].label is None


def test_what_is_labelled_here_is_learned_from(
    database: Database,
    assistant: Assistant,
    clock: Clock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # the command goes by the real clock
    clock.now = datetime.now(UTC)
    desk = at_the_desk(database, assistant)
    question = "wie trekt die kar eigenlijk bij jullie vandaag?"
    keep(database, draft(question, 0.1), draft("niets mee te doen", 0.2), draft("open", 0.3))
    one, two, _ = (view.id for view in kept(database).values())
    desk.opens(LABELS)
    desk.sends(LABELS, {f"keuze-{one}": "noodplan/coordinatie", f"keuze-{two}": UNUSED})
    monkeypatch.setenv("DATABASE_URL", str(database.engine.url))
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("SECRET_KEY", SECRET)
    database.close()
    done = CliRunner().invoke(learn.app, ["export"])
    assert done.stderr == "2 questions, 0 with a choice, 1 with a label\n"
    assert [entry["label"] for entry in yaml.safe_load(done.stdout)] == [
        "noodplan/coordinatie",
        "",
    ]
    file = tmp_path / "vragen.yml"
    file.write_text(done.stdout, encoding="utf-8")
    [labelled] = read_labelled(file, sorted(assistant.knowledge.topics))
    assert (labelled.text, labelled.topic) == (question, "noodplan/coordinatie")
