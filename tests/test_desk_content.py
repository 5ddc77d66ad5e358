"""Officers read what the assistant knows and write another text: the check looks along."""

import pytest

from bottlenecks.roles import Scope
from bottlenecks.store import Database
from bottlenecks.store.content_sources import NewPlan, PlanPassage
from dialogues.assistant import Assistant
from knowledge.loader import HERE
from tests.conftest import Talk
from tests.desk import Browser, forms
from tests.desk_content import EDIT, PAGE, PATH, TOPIC, WHY, approves, current, proposes, sends
from tests.desk_officers import at_the_desk, colleague


@pytest.fixture
def desk(database: Database, assistant: Assistant) -> Browser:
    return at_the_desk(database, assistant)


@pytest.fixture
def bo(desk: Browser, database: Database) -> Browser:
    """A colleague who may approve."""
    return colleague(desk, database, scope=Scope(all_regions=True))


def line() -> int:
    """The line on which the topic begins in its file."""
    lines = (HERE / "thuiszorg.yml").read_text(encoding="utf-8").splitlines()
    return lines.index(f"  - id: {TOPIC}") + 1


def test_a_topic_is_read_with_its_facts_and_sources(desk: Browser) -> None:
    desk.opens(PATH)
    assert desk.sees("93 onderwerpen") and desk.sees("De thuiszorg heeft geen plek, wat nu?")
    desk.opens(PAGE)
    assert desk.sees("Zij belt maximaal drie andere aanbieders van thuiszorg.")
    assert desk.sees(
        "Belangrijkste punten overleg Centraal Crisisteam Huisartsenzorg regio Utrecht"
    )
    assert desk.sees("onderdeel werkwijze") and desk.sees("Geldt voor Utrecht")
    assert desk.sees("de organisatie wordt bemiddelaar volgens het contract met zorgverzekeraars")
    assert desk.sees("Zoals in het bestand.")


def test_topics_are_searched(desk: Browser) -> None:
    desk.opens(f"{PATH}?zoek=crisisteam+mail")
    assert desk.sees(TOPIC) and not desk.sees("harop/wat-is")
    desk.opens(f"{PATH}?zoek=eekhoorn")
    assert desk.sees("Niets gevonden")


@pytest.mark.parametrize("path", [f"{PATH}/onderwerp/weg", f"{PATH}/wijzig/weg/nu"])
def test_an_unknown_topic_is_not_found(desk: Browser, path: str) -> None:
    assert desk.client.get(path).status_code == 404


def test_what_changes_is_seen_at_once_with_the_check(desk: Browser, assistant: Assistant) -> None:
    answer = current(assistant).replace("maximaal drie", "hoogstens vier")
    sends(desk, "bekijk", antwoord=answer)
    assert desk.page.status_code == 200
    assert '<del><span class="sr-only">weg: </span>maximaal drie </del>' in desk.page.text
    assert '<ins><span class="sr-only">nieuw: </span>hoogstens vier </ins>' in desk.page.text
    assert desk.sees(
        "Feit 2: de woorden “maximaal drie” staan niet meer in het antwoord. Zet ze terug, of "
        f"haal het feit weg. (thuiszorg.yml, regel {line()})"
    )
    assert desk.sees(f"{line()} - id: thuiszorg/bemiddeling")


def test_a_broken_proposal_is_refused_and_nothing_is_lost(
    desk: Browser, database: Database, assistant: Assistant
) -> None:
    broken = "In de regio Utrecht (stand 27 januari 2022) bel je 06 12345678."
    sends(desk, "voorstel", antwoord=broken, meer="Nog iets.", **{"feiten-0-feit": "eigen feit"})
    assert desk.page.status_code == 422
    assert desk.sees("de controle vond iets")
    assert desk.sees("Antwoord: het telefoonnummer “06 12345678” staat niet in een bron")
    assert desk.sees(f"(thuiszorg.yml, regel {line()})")
    filled = forms(desk.page)[EDIT]
    assert (filled["antwoord"], filled["meer"], filled["reden"]) == (broken, "Nog iets.", WHY)
    assert filled["feiten-0-feit"] == "eigen feit"
    with database.reading() as work:
        assert work.content.open(Scope(all_regions=True)) == []


def test_a_broken_one_is_kept_as_concept_and_not_sent_in(desk: Browser) -> None:
    sends(desk, "concept", antwoord="[nog schrijven]")
    assert desk.sees("Bewaard als concept.")
    concept = desk.path
    assert f"{concept}/indienen" not in forms(desk.page)
    token = forms(desk.page)[f"{concept}/intrekken"]
    desk.page = desk.client.post(f"{concept}/indienen", data=token)
    assert desk.page.status_code == 422
    assert desk.sees("Zo kan het nog niet worden ingediend: de controle vond iets.")


def test_a_concept_is_mended_and_sent_in(desk: Browser, bo: Browser, talk: Talk) -> None:
    sends(desk, "concept", antwoord="[nog schrijven]")
    concept = desk.path
    desk.opens(f"{concept}/wijzig")
    assert forms(desk.page)[f"{concept}/wijzig"]["antwoord"] == "[nog schrijven]"
    answer = (
        "In de regio Utrecht (stand 27 januari 2022) bemiddelen zij volgens het contract met de "
        "zorgverzekeraars: maximaal drie andere aanbieders."
    )
    desk.sends(f"{concept}/wijzig", {"antwoord": answer, "doe": "voorstel"})
    desk.sends(f"{concept}/wijzig", {"doe": "voorstel"})
    assert desk.sees("Je voorstel is ingediend."), desk.text
    approves(bo, concept)
    assert bo.sees("Goedgekeurd. De assistent zegt dit vanaf nu.")
    assert "bemiddelen zij volgens" in talk.sends(f"t:{TOPIC}")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Er is niets veranderd: dit zegt de assistent al."),
        ({"titel": "Anders", "reden": " "}, "Schrijf kort op waarom je dit wijzigt."),
        ({"meer": "BSN 111222333"}, "iets dat lijkt op: BSN"),
        ({"meer": "geboren op 3-4-1950"}, "iets dat lijkt op: geboortedatum"),
        ({"titel": "T" * 301}, "Neem hoogstens 300 tekens."),
        ({"titel": "Anders", "csrf_token": "van elders"}, "Deze pagina stond te lang open."),
    ],
)
def test_what_cannot_be_sent_in(desk: Browser, fields: dict[str, str], said: str) -> None:
    sends(desk, "voorstel", **fields)
    assert desk.page.status_code == 422
    assert desk.sees(said)


def test_personal_data_go_from_the_reason(desk: Browser) -> None:
    sends(desk, "concept", titel="Anders", reden="Volgens BSN 111222333 klopt het niet.")
    assert desk.sees("Uit je toelichting is gehaald: BSN.")
    assert desk.sees("Volgens BSN [BSN verwijderd] klopt het niet.")


def test_rows_are_added_without_losing_any(desk: Browser) -> None:
    desk.opens(EDIT)
    empty = f"bron-{len([n for n in forms(desk.page)[EDIT] if n.endswith('-document')]) - 1}"
    desk.sends(
        EDIT,
        {f"{empty}-document": "noodplan", f"{empty}-onderdeel": "2.2", "doe": "rijen"},
    )
    filled = forms(desk.page)[EDIT]
    assert filled[f"{empty}-document"] == "noodplan" and filled[f"{empty}-onderdeel"] == "2.2"
    assert filled["bron-2-document"] == ""
    desk.sends(EDIT, {"reden": WHY, "doe": "voorstel"})
    assert desk.sees("Noodplan bij acuut tekort aan huisartsenzorg (handreiking), onderdeel 2.2")


def test_an_own_plan_is_a_source_of_its_region_only(
    desk: Browser, bo: Browser, database: Database, talk: Talk
) -> None:
    plan = NewPlan(
        region="utrecht", title="Voorbeeldplan Utrecht", publisher="Voorbeeldregio",
        date="1 maart 2026", file="plan.docx", digest="0" * 64, contacts=("088 123 45 67",),
        notes=(),
    )  # fmt: skip
    sentence = "Iedere praktijk meldt zich uiterlijk om negen uur bij de dienstdoende coördinator."
    with database.work() as work:
        passage = PlanPassage("3.2", sentence, None, ())
        work.content_sources.add("plan-utrecht-1", plan, [passage], created_by=None)
    desk.opens(f"{EDIT}?regio=")
    assert "Voorbeeldplan Utrecht" not in desk.page.text
    fields = {"bron-1-document": "plan-utrecht-1", "bron-1-onderdeel": "3.2"}
    sends(desk, "voorstel", "utrecht", **fields, meer=sentence)
    assert desk.page.status_code == 422
    assert desk.sees("Meer uitleg: 12 woorden op rij zijn hetzelfde als in plan.docx")
    proposal = proposes(desk, "utrecht", **fields, meer="Bel anders 088 123 45 67.")
    assert desk.sees("Voorbeeldplan Utrecht, onderdeel 3.2") and desk.sees("De controle vond niets")
    approves(bo, proposal)
    talk.says("ik werk in Utrecht")
    talk.sends(f"t:{TOPIC}")
    assert "Voorbeeldplan Utrecht" in {line.title for line in talk.replies[0].sources}
