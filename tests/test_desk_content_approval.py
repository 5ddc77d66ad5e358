"""A colleague decides on a text that was proposed: who may, what they see, what is told then."""

import pytest

from bottlenecks.roles import Role, Scope
from bottlenecks.store import Database
from dialogues.assistant import Assistant
from tests.conftest import Talk
from tests.desk import Browser, forms
from tests.desk_content import EDIT, PAGE, PATH, TOPIC, approves, proposes
from tests.desk_officers import MINES, UTRECHT, at_the_desk, colleague


@pytest.fixture
def desk(database: Database, assistant: Assistant) -> Browser:
    return at_the_desk(database, assistant)


@pytest.fixture
def bo(desk: Browser, database: Database) -> Browser:
    """A colleague who may approve."""
    return colleague(desk, database, scope=Scope(all_regions=True))


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
