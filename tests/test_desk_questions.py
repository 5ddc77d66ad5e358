"""The desk: what people ask, questions to label, answers that are wrong, topics of reports."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from bot import learn
from bottlenecks.roles import EVERYWHERE, Role, Scope
from bottlenecks.store import Database
from bottlenecks.store.questions import UNUSED, UnclearView
from dialogues.assistant import Assistant
from nlu.learning import read_labelled
from tests.conftest import SECRET, Clock, Talk
from tests.desk import Browser, add_officer, forms
from tests.desk_officers import MINES, at_the_desk, colleague, form, path
from tests.desk_reports import file_report
from tests.test_learning_store import choose, draft, keep
from tests.whole_site import sign_in

ASKED = "/beheer/vragen"
LABELS = "/beheer/vragen/indelen"
WRONG = "/beheer/vragen/klopt-niet"
HAROP = "wat is een harop?"
HOME_CARE = "thuiszorg/vinden"


@pytest.fixture
def desk(database: Database, assistant: Assistant) -> Browser:
    return at_the_desk(database, assistant)


def row(desk: Browser, name: str) -> list[str]:
    """The cells of a topic in the table."""
    after = desk.text.split(f" {name} ", 1)[1]
    return after.split()[:17]


# topics per week


def test_what_is_asked_stands_in_its_week(
    talk: Talk, database: Database, assistant: Assistant, clock: Clock
) -> None:
    talk.says(HAROP)
    clock.forward(7 * 86_400)
    talk.says(HAROP)
    talk.says(HAROP)
    desk = at_the_desk(database, assistant)
    desk.opens(ASKED)
    assert desk.sees("per week vanaf 22 dec") and desk.sees("2 mrt 9 mrt")
    cells = row(desk, "Wat is een harop?")
    assert cells[:13] == ["3", *["0"] * 10, "1", "2"]


def test_most_asked_comes_first_and_can_be_searched(desk: Browser, talk: Talk) -> None:
    talk.says("hoe vind ik thuiszorg?")
    talk.says(HAROP)
    talk.says(HAROP)
    desk.opens(ASKED)
    assert desk.text.index("Wat is een harop?") < desk.text.index("Hoe vind ik thuiszorg?")
    desk.opens(f"{ASKED}?zoek=THUIS")
    assert desk.sees("Hoe vind ik thuiszorg?") and not desk.sees("Wat is een harop?")
    desk.opens(f"{ASKED}?zoek=zorgcoordinatie")
    assert desk.sees("Geen onderwerp gevonden")


def test_what_was_unclear_wrong_or_reported_stands_beside_it(
    desk: Browser, talk: Talk, database: Database
) -> None:
    talk.says("thuiszorg")
    talk.taps("Hoe vind ik thuiszorg?")
    talk.says("dit antwoord klopt niet")
    about(database, file_report(database), HOME_CARE)
    desk.opens(ASKED)
    # this week; clarified, declined, wrong, reports
    assert row(desk, "Hoe vind ik thuiszorg?")[12:] == ["1", "1", "0", "1", "1"]


def test_a_topic_that_is_only_reported_is_there_too(desk: Browser, database: Database) -> None:
    about(database, file_report(database), HOME_CARE)
    desk.opens(ASKED)
    assert row(desk, "Hoe vind ik thuiszorg?")[12:] == ["0", "0", "0", "0", "1"]


def test_nothing_asked_is_said(desk: Browser) -> None:
    desk.opens(ASKED)
    assert desk.sees("Nog geen vragen")


# questions to label


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


# answers that are wrong


def test_what_was_said_stands_beside_the_answer_and_is_put_away(
    desk: Browser, talk: Talk, assistant: Assistant
) -> None:
    talk.says(HAROP)
    talk.says("dit antwoord klopt niet")
    desk.opens(WRONG)
    assert desk.sees("Wat is een harop?") and desk.sees("dit antwoord klopt niet")
    first_line = assistant.knowledge.topic("harop/wat-is").answer.split("\n")[0]
    assert first_line in desk.text
    assert desk.sees("Bron: ")
    [number] = re.findall(r'name="opmerking" value="([0-9]+)"', desk.page.text)
    desk.sends(WRONG, {"wat": "klaar"})
    assert desk.sees("vink een opmerking aan"), "nothing is ticked beforehand"
    desk.sends(WRONG, {"wat": "klaar", "opmerking": [number]})
    assert desk.sees("1 opmerking afgehandeld.") and desk.sees("Hier is niets te doen")
    desk.opens(f"{WRONG}?afgehandeld=ja")
    assert desk.sees("afgehandeld door Ada Jansen")
    desk.sends(WRONG, {"wat": "terug", "opmerking": [number]})
    assert desk.sees("1 opmerking teruggezet.")
    desk.opens(WRONG)
    assert desk.sees("dit antwoord klopt niet")


def test_a_remark_without_an_answer_before_it(desk: Browser, talk: Talk) -> None:
    talk.says("dit antwoord klopt niet")
    desk.opens(WRONG)
    assert desk.sees("Geen onderwerp")
    assert desk.sees("Dit werd gezegd zonder dat er net een antwoord was gegeven.")


def test_a_remark_shows_the_reports_of_its_topic(
    desk: Browser, talk: Talk, database: Database
) -> None:
    names = [file_report(database, f"Melding {number}") for number in range(4)]
    for name in names:
        about(database, name, "harop/wat-is")
    talk.says(HAROP)
    talk.says("dit antwoord klopt niet")
    desk.opens(WRONG)
    assert desk.sees(names[3]) and not desk.sees(names[0])
    assert desk.sees("Alle 4 meldingen")


def test_nothing_ticked_changes_nothing(desk: Browser, talk: Talk) -> None:
    talk.says("dit antwoord klopt niet")
    desk.opens(WRONG)
    desk.sends(WRONG, {"opmerking": None})
    assert desk.sees("Er is niets veranderd: vink een opmerking aan.")
    assert desk.sees("dit antwoord klopt niet")


def test_remarks_of_another_region_are_not_seen_or_put_away(
    desk: Browser, talk: Talk, database: Database
) -> None:
    talk.says("ik werk in Utrecht")
    talk.says(HAROP)
    talk.says("dit antwoord klopt niet")
    desk.opens(WRONG)
    sent = forms(desk.page)[WRONG]
    there = colleague(desk, database)
    there.opens(WRONG)
    assert there.sees("dit antwoord klopt niet")
    elsewhere = sign_in(
        desk.another(),
        database,
        add_officer(database, "cas@rho.example", Role.HANDLER, MINES, "Cas", password=None),
    )
    elsewhere.opens(WRONG)
    assert elsewhere.sees("Hier is niets te doen")
    token = forms(elsewhere.page)["/beheer/uitloggen"]["csrf_token"]
    elsewhere.client.post(WRONG, data={**sent, "csrf_token": token})
    desk.opens(WRONG)
    assert desk.sees("dit antwoord klopt niet")


def test_a_reader_puts_nothing_away(desk: Browser, talk: Talk, database: Database) -> None:
    talk.says("dit antwoord klopt niet")
    reader = colleague(desk, database, Role.READER, Scope(all_regions=True))
    reader.opens(WRONG)
    assert reader.sees("dit antwoord klopt niet")
    assert reader.client.post(WRONG, data=forms(reader.page)[WRONG]).status_code == 403


# topics of reports


def about(database: Database, reference: str, topic: str | None) -> None:
    with database.work() as work:
        work.topics.point(reference, EVERYWHERE, topic, actor="test")


def test_a_report_shows_its_topic_and_an_officer_changes_it(
    desk: Browser, talk: Talk, database: Database
) -> None:
    talk.says("wat is het telefoonnummer van de meldkamer")
    talk.taps("Deze vraag melden")
    for answer in ("iets anders", "Utrecht", "nog niets", "laag", "anoniem", "nee"):
        talk.says(answer)
    talk.taps("Versturen")
    name = talk.replies[-1].reference or ""
    desk.opens(path(name))
    assert desk.sees("Onderwerp Waar stel ik vragen over het noodplan?")
    desk.sends(form(name, "onderwerp"), {"onderwerp": "harop/wat-is"})
    assert desk.sees("Het onderwerp is aangepast.")
    assert desk.sees("Ada Jansen koos het onderwerp: Wat is een harop?")
    desk.sends(form(name, "onderwerp"))
    assert desk.sees("Er is niets veranderd.")
    desk.sends(form(name, "onderwerp"), {"onderwerp": ""})
    assert desk.sees("Onderwerp geen")
    assert desk.sees("Ada Jansen haalde het onderwerp weg: Wat is een harop?")


def test_a_topic_that_is_gone_stays_until_it_is_changed(desk: Browser, database: Database) -> None:
    name = file_report(database)
    about(database, name, "noodplan/opgeheven")
    desk.opens(path(name))
    assert desk.sees("Onderwerp noodplan/opgeheven")
    assert forms(desk.page)[form(name, "onderwerp")]["onderwerp"] == "noodplan/opgeheven"


def test_a_topic_that_does_not_exist_is_refused(desk: Browser, database: Database) -> None:
    name = file_report(database)
    desk.opens(path(name))
    desk.sends(form(name, "onderwerp"), {"onderwerp": "verzonnen"})
    assert desk.page.status_code == 422


def test_the_list_shows_the_reports_of_a_topic(desk: Browser, database: Database) -> None:
    mine, other = file_report(database, "Over thuiszorg"), file_report(database, "Over iets anders")
    about(database, mine, HOME_CARE)
    desk.opens(f"/beheer/meldingen?onderwerp={HOME_CARE}")
    assert desk.sees(mine) and not desk.sees(other)
    assert desk.sees("Onderwerp: Hoe vind ik thuiszorg?")
    # a search keeps it
    assert forms(desk.page)["/beheer/meldingen"]["onderwerp"] == HOME_CARE


def test_what_was_done_is_in_the_log(desk: Browser, talk: Talk, database: Database) -> None:
    [one] = keep(database, draft("regie?"))
    desk.opens(LABELS)
    desk.sends(LABELS, {f"keuze-{one}": UNUSED})
    talk.says(HAROP)
    talk.says("dit antwoord klopt niet")
    desk.opens(WRONG)
    desk.sends(WRONG)
    name = file_report(database)
    desk.opens(path(name))
    desk.sends(form(name, "onderwerp"), {"onderwerp": HOME_CARE})
    desk.opens("/beheer/logboek")
    assert desk.sees("Vragen ingedeeld")
    assert desk.sees("Opmerking over een antwoord afgehandeld")
    assert desk.sees("Onderwerp van een melding gekozen")
    assert not desk.sees("regie?")
