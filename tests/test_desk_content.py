"""Officers read what the assistant knows, propose another text, and a colleague decides on it."""

import csv
import subprocess
from pathlib import Path

import pytest

from bottlenecks.models_content import Proposal
from bottlenecks.roles import Role, Scope
from bottlenecks.store import Database
from bottlenecks.store.content_sources import NewPlan, PlanPassage
from bottlenecks.store.reports import Draft
from dialogues.assistant import Assistant
from knowledge.data import as_data
from knowledge.loader import HERE
from tests.conftest import Clock, Talk
from tests.desk import Browser, add_officer, forms
from tests.desk_officers import MINES, UTRECHT, at_the_desk, colleague
from tests.whole_site import sign_in, whole_site

TOPIC = "thuiszorg/bemiddeling"
PATH = "/beheer/inhoud"
EDIT = f"{PATH}/wijzig/{TOPIC}"
PAGE = f"{PATH}/onderwerp/{TOPIC}"
WHY = "De afspraak is veranderd."


@pytest.fixture
def desk(database: Database, assistant: Assistant) -> Browser:
    return at_the_desk(database, assistant)


@pytest.fixture
def bo(desk: Browser, database: Database) -> Browser:
    """A colleague who may approve."""
    return colleague(desk, database, scope=Scope(all_regions=True))


def current(assistant: Assistant) -> str:
    return str(as_data(assistant.knowledge.topic(TOPIC))["antwoord"])


def line() -> int:
    """The line on which the topic begins in its file."""
    lines = (HERE / "thuiszorg.yml").read_text(encoding="utf-8").splitlines()
    return lines.index(f"  - id: {TOPIC}") + 1


def sends(desk: Browser, action: str, region: str = "", **fields: str) -> None:
    """Fill in the form of the topic and press a button."""
    desk.opens(f"{EDIT}?regio={region}")
    desk.sends(EDIT, {"regio": region, "reden": WHY, "doe": action, **fields})
    if action == "voorstel" and desk.sees("Kijk eerst wat er bij 'Let op' staat."):
        desk.sends(EDIT, {"doe": action})


def proposes(desk: Browser, region: str = "", **fields: str) -> str:
    """Send a proposal in; gives its address."""
    sends(desk, "voorstel", region, **fields)
    assert desk.sees("Je voorstel is ingediend."), desk.text
    return desk.path


def approves(bo: Browser, proposal: str) -> None:
    bo.opens(proposal)
    bo.sends(f"{proposal}/goedkeuren")


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


def test_the_same_person_does_not_approve(desk: Browser, talk: Talk) -> None:
    proposal = proposes(desk, titel="De thuiszorg zit vol")
    assert f"{proposal}/goedkeuren" not in forms(desk.page)
    token = forms(desk.page)[f"{proposal}/intrekken"]
    for action in ("goedkeuren", "afwijzen"):
        desk.page = desk.client.post(f"{proposal}/{action}", data={**token, "waarom": "daarom"})
        assert desk.page.status_code == 403
        assert desk.sees("Jij stelde dit zelf voor. Vraag een collega om te beslissen.")
    assert "De thuiszorg zit vol" not in talk.says("hoe vind ik thuiszorg?")


def test_another_approves_and_it_is_live(desk: Browser, bo: Browser, talk: Talk) -> None:
    proposal = proposes(desk, meer="Bel gerust nog eens.")
    assert "Bel gerust nog eens." not in talk.sends(f"meer:{TOPIC}")
    bo.opens(PATH)
    assert bo.sees("wacht op goedkeuring")
    approves(bo, proposal)
    assert "Bel gerust nog eens." in talk.sends(f"meer:{TOPIC}")
    bo.opens(PAGE)
    assert bo.sees("Gewijzigd, goedgekeurd door Bo Peters")


def test_a_refusal_has_a_reason_that_its_writer_reads(desk: Browser, bo: Browser) -> None:
    proposal = proposes(desk, titel="De thuiszorg zit vol")
    bo.opens(proposal)
    bo.sends(f"{proposal}/afwijzen", {"waarom": ""})
    assert bo.page.status_code == 422 and bo.sees("Schrijf kort op waarom niet.")
    bo.sends(f"{proposal}/afwijzen", {"waarom": "Dit is van vóór de nieuwe afspraak."})
    desk.opens(proposal)
    assert desk.sees("afgewezen") and desk.sees("Dit is van vóór de nieuwe afspraak.")
    assert desk.sees("nieuw: zit vol"), "what it would have changed is still seen"


def test_a_reader_sees_and_does_not_change(desk: Browser, database: Database) -> None:
    proposal = proposes(desk, titel="De thuiszorg zit vol")
    reader = colleague(desk, database, Role.READER, Scope(all_regions=True))
    reader.opens(proposal)
    assert reader.sees("De thuiszorg zit vol")
    assert [action for action in forms(reader.page) if action.startswith(PATH)] == []
    assert reader.client.get(EDIT).status_code == 403
    for action in ("goedkeuren", "afwijzen", "intrekken", "indienen"):
        assert reader.client.post(f"{proposal}/{action}", data={}).status_code == 403


def test_some_regions_is_for_those_regions_only(
    desk: Browser, database: Database, assistant: Assistant
) -> None:
    of_all = proposes(desk, titel="De thuiszorg zit vol")
    of_utrecht = proposes(desk, "utrecht", titel="In Utrecht zit het vol")
    mines = colleague(desk, database, scope=MINES)
    mines.opens(of_all)
    assert mines.sees("besluit over een tekst voor iedereen")
    token = forms(mines.page)["/beheer/uitloggen"]
    for proposal, code in ((of_all, 403), (of_utrecht, 404)):
        assert mines.client.get(proposal).status_code == (200 if code == 403 else 404)
        for action in ("goedkeuren", "afwijzen", "intrekken", "indienen", "wijzig"):
            answer = mines.client.post(f"{proposal}/{action}", data={**token, "version": "2"})
            assert answer.status_code == code, (proposal, action)
    mines.opens(EDIT)
    assert forms(mines.page)[EDIT]["regio"] == "westelijke-mijnstreek"
    for region in ("", "utrecht"):
        mines.opens(EDIT)
        filled = forms(mines.page)[EDIT]
        answer = mines.client.post(EDIT, data={**filled, "regio": region, "doe": "concept"})
        assert answer.status_code == 403, region
    mines.opens(PATH)
    assert not mines.sees("voor utrecht") and not mines.sees("voor Utrecht,")


def test_a_region_approves_its_own_text(
    desk: Browser, database: Database, assistant: Assistant
) -> None:
    proposal = proposes(desk, "utrecht", meer="Alleen in Utrecht.")
    here, there = Talk(database, assistant, "anna"), Talk(database, assistant, "bert")
    here.says("ik werk in Utrecht")
    there.says("ik werk in Geleen")
    approves(colleague(desk, database, scope=UTRECHT), proposal)
    assert "Alleen in Utrecht." in here.sends(f"meer:{TOPIC}")
    assert "Alleen in Utrecht." not in there.sends(f"meer:{TOPIC}")


def test_what_changed_meanwhile_is_looked_at_again(desk: Browser, bo: Browser) -> None:
    first = proposes(desk, titel="Eerste titel")
    second = proposes(desk, titel="Tweede titel")
    bo.opens(second)
    other = bo.another()
    other.client.cookies = bo.client.cookies
    approves(other, first)
    bo.sends(f"{second}/goedkeuren")
    assert bo.page.status_code == 422 and bo.sees("is net gewijzigd")
    assert bo.sees("Sinds dit werd geschreven, is de tekst veranderd.")
    assert bo.sees("weg: Eerste")
    bo.sends(f"{second}/goedkeuren")
    assert bo.sees("Goedgekeurd.")


def test_two_editors_do_not_overwrite_each_other_unseen(desk: Browser, bo: Browser) -> None:
    proposal = proposes(desk, titel="Eerste titel")
    form = f"{proposal}/wijzig"
    desk.opens(form)
    bo.opens(form)
    bo.sends(form, {"titel": "Van Bo", "doe": "concept"})
    desk.sends(form, {"titel": "Van Ada", "doe": "concept"})
    assert desk.page.status_code == 422 and desk.sees("Een collega wijzigde dit voorstel net")
    assert forms(desk.page)[form]["titel"] == "Van Ada"
    desk.sends(form, {"doe": "concept"})
    assert desk.sees("Bewaard als concept.")


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


def test_back_to_the_file_needs_a_colleague_too(desk: Browser, bo: Browser, talk: Talk) -> None:
    approves(bo, proposes(desk, meer="Bel gerust nog eens."))
    back = f"{PATH}/terug/{TOPIC}"
    desk.opens(PAGE)
    desk.sends(back, {"waarom": ""})
    assert desk.page.status_code == 422 and desk.sees("Schrijf kort op waarom.")
    desk.sends(back, {"waarom": "Het was toch goed."})
    assert desk.sees("Je voorstel om terug te gaan is ingediend.")
    proposal = desk.path
    assert "Bel gerust nog eens." in talk.sends(f"meer:{TOPIC}")
    approves(bo, proposal)
    assert "Bel gerust nog eens." not in talk.sends(f"meer:{TOPIC}")
    desk.opens(PAGE)
    assert desk.sees("Zoals in het bestand") and back not in forms(desk.page)


def test_what_was_looked_at_is_not_due(desk: Browser) -> None:
    due = f"{PATH}?stand=bekijken&regio="
    desk.opens(due)
    assert desk.sees("93 onderwerpen")
    desk.opens(PAGE)
    assert desk.sees("bekijk opnieuw")
    desk.sends(f"{PATH}/gezien/{TOPIC}")
    assert desk.sees("Bewaard: deze tekst klopt nog.") and not desk.sees("bekijk opnieuw")
    desk.opens(due)
    assert desk.sees("92 onderwerpen") and not desk.sees(TOPIC)
    rows = list(
        csv.reader(desk.client.get(f"{PATH}/te-bekijken.csv").text[1:].splitlines(), delimiter=";")
    )
    assert len(rows) == 93 and TOPIC not in {row[0] for row in rows}


def test_due_after_the_set_time(
    desk: Browser, database: Database, clock: Clock, assistant: Assistant
) -> None:
    desk.opens(PAGE)
    desk.sends(f"{PATH}/gezien/{TOPIC}")
    clock.forward(181 * 86_400)
    officer = add_officer(database, "cas@rho.example", password=None)
    later = sign_in(whole_site(database, assistant.knowledge), database, officer)
    later.opens(f"{PATH}?stand=bekijken&regio=")
    assert later.sees(TOPIC) and later.sees("2 mrt 2026")


def test_reports_and_wrong_answers_stand_at_their_topic(
    desk: Browser, database: Database, talk: Talk
) -> None:
    talk.sends(f"t:{TOPIC}")
    talk.says("dit klopt niet")
    with database.work() as work:
        draft = Draft("thuiszorg", "utrecht", None, "Zij belt niemand", None, "midden", False)
        reference = work.reports.file(draft, person_id=None, account_id=None, practice_id=None)
        officer = work.officers.all()[0].officer
        work.topics.point(reference, officer.scope, TOPIC, actor=officer.id)
    desk.opens(f"{PATH}?stand=fout")
    assert desk.sees("1 onderwerp") and desk.sees("klopt niet: 1") and desk.sees("1 melding")
    desk.opens(PAGE)
    assert desk.sees("Eén keer zei iemand: klopt niet.") and desk.sees("dit klopt niet")
    assert desk.sees(reference) and desk.sees("Zij belt niemand")


def test_all_changes_are_a_patch_that_git_takes(
    desk: Browser, bo: Browser, tmp_path: Path, database: Database
) -> None:
    assert desk.opens(f"{PATH}/wijzigingen.patch").is_redirect
    assert desk.sees("Er zijn geen wijzigingen op de bestanden.")
    approves(bo, proposes(desk, meer="Bel gerust nog eens."))
    approves(bo, proposes(desk, "utrecht", meer="Alleen in Utrecht."))
    patch = tmp_path / "inhoud.patch"
    patch.write_bytes(desk.client.get(f"{PATH}/wijzigingen.patch").content)
    for path in HERE.rglob("*.yml"):
        copy = tmp_path / "knowledge" / path.relative_to(HERE)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    subprocess.run(["git", "apply", str(patch)], cwd=tmp_path, check=True)
    changed = (tmp_path / "knowledge" / "thuiszorg.yml").read_text(encoding="utf-8")
    assert changed.count("Bel gerust nog eens.") == 1
    variant = (tmp_path / "knowledge" / "varianten" / "utrecht.yml").read_text(encoding="utf-8")
    assert "Alleen in Utrecht." in variant
    officer = add_officer(database, "dirk@rho.example", Role.HANDLER, MINES, password=None)
    mines = sign_in(desk.another(), database, officer)
    assert "Alleen in Utrecht." not in mines.client.get(f"{PATH}/wijzigingen.patch").text


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


def test_what_no_longer_fits_is_told_and_not_used(
    desk: Browser, bo: Browser, database: Database, talk: Talk, assistant: Assistant
) -> None:
    proposal = proposes(desk, titel="De thuiszorg zit vol")
    approves(bo, proposal)
    with database.work() as work:
        row = work._session.get(Proposal, proposal.rsplit("/", 1)[1])
        assert row is not None and row.data is not None
        row.data = {**row.data, "oud_veld": "van vroeger"}
        row.version += 1
    assert assistant.knowledge.topic(TOPIC).answer[:40] in talk.sends(f"t:{TOPIC}")
    desk.opens(PATH)
    assert desk.sees("Eén goedgekeurde tekst past niet meer.")
    assert desk.sees("oud_veld: deze naam is hier niet bekend")
    desk.opens(PAGE)
    assert desk.sees("De goedgekeurde tekst past niet meer:")
    assert desk.client.get(f"{PATH}/wijzigingen.patch").is_redirect


def test_what_no_longer_fits_elsewhere_is_not_told(
    desk: Browser, bo: Browser, database: Database
) -> None:
    proposal = proposes(desk, "utrecht", titel="In Utrecht zit het vol")
    approves(bo, proposal)
    with database.work() as work:
        row = work._session.get(Proposal, proposal.rsplit("/", 1)[1])
        assert row is not None and row.data is not None
        row.data = {**row.data, "titel": "X"}
        row.version += 1
    desk.opens(PATH)
    assert desk.sees("Eén goedgekeurde tekst past niet meer.") and desk.sees("(voor Utrecht)")
    officer = add_officer(database, "dirk@rho.example", Role.READER, MINES, password=None)
    mines = sign_in(desk.another(), database, officer)
    mines.opens(PATH)
    assert mines.page.status_code == 200 and not mines.sees("past niet meer")


def test_a_file_that_moved_on_is_told(desk: Browser, bo: Browser, database: Database) -> None:
    proposal = proposes(desk, titel="De thuiszorg zit vol")
    approves(bo, proposal)
    desk.opens(PAGE)
    assert not desk.sees("veranderde ook de tekst in het bestand")
    with database.work() as work:
        row = work._session.get(Proposal, proposal.rsplit("/", 1)[1])
        assert row is not None and row.base is not None
        row.base = {**row.base, "bestand": {**row.base["bestand"], "titel": "Een oude titel"}}
    desk.opens(PAGE)
    assert desk.sees("Na deze wijziging veranderde ook de tekst in het bestand.")


def test_who_did_what_is_in_the_log(desk: Browser, bo: Browser) -> None:
    proposal = proposes(desk, "utrecht", titel="De thuiszorg zit vol")
    approves(bo, proposal)
    desk.opens("/beheer/logboek")
    assert desk.sees("Tekst voorgesteld thuiszorg/bemiddeling regio: Utrecht Ada Jansen")
    assert desk.sees("Tekst goedgekeurd thuiszorg/bemiddeling regio: Utrecht Bo Peters")


def test_withdrawn_is_gone_from_what_waits(desk: Browser) -> None:
    proposal = proposes(desk, titel="De thuiszorg zit vol")
    desk.sends(f"{proposal}/intrekken")
    assert desk.sees("Ingetrokken.")
    desk.opens(PATH)
    assert not desk.sees("wacht op goedkeuring")
