"""What an officer reads while writing a text: plain faults, warnings, the plan, who approves."""

import pytest

from bottlenecks.desk.content.words import told, unwritten, warnings
from bottlenecks.roles import Role, Scope
from bottlenecks.store import Database
from dialogues.assistant import Assistant
from knowledge.loader import Fault
from tests.desk import Browser, forms
from tests.desk_content import EDIT, PAGE, PATH, TOPIC, WHY, current, proposes
from tests.desk_officers import MINES, UTRECHT, at_the_desk, colleague
from tests.plans_at_the_desk import CURATOR, concept, hand_in

OLD = {
    "titel": "Bellen", "antwoord": "Je kunt meld knelpunten.", "gedateerd": "maart 2026",
    "bron": [{"document": "utrecht", "onderdeel": "1"}],
    "feiten": [
        {"feit": "een", "ankers": ["bellen"]},
        {"feit": "twee", "ankers": ["meld knelpunten"]},
    ],
}  # fmt: skip
NEW = OLD | {"antwoord": "Je kunt bellen, zei TODO of 06 12345678."}


@pytest.fixture
def desk(database: Database, assistant: Assistant) -> Browser:
    return at_the_desk(database, assistant)


@pytest.mark.parametrize(
    ("message", "said", "field"),
    [
        (
            "anker 'meld knelpunten' staat niet in antwoord",
            "Feit 2: de woorden “meld knelpunten” staan niet meer in het antwoord. "
            "Zet ze terug, of haal het feit weg.",
            "antwoord",
        ),
        (
            "anker 'hier|daar' staat niet in meer",
            "Feit: de woorden “hier” of “daar” staan niet in de uitleg in 'Meer uitleg'. "
            "Zet ze erin, of haal het feit weg.",
            "meer",
        ),
        (
            "feiten.4.ankers: ontbreekt",
            "Feit 5, 'Woorden in de tekst': dit is leeg. Vul het in.",
            "",
        ),
        ("bron.0.onderdeel: ontbreekt", "Bron 1, 'Onderdeel': dit is leeg. Vul het in.", ""),
        (
            "titel: mag hoogstens 45 tekens hebben",
            "Titel: mag hoogstens 45 tekens hebben.",
            "titel",
        ),
        (
            "de eerste zin noemt 'maart 2026' niet",
            "Antwoord: noem “maart 2026” in de eerste zin. Dat staat bij 'Datum in de eerste zin'.",
            "antwoord",
        ),
        (
            "de eerste zin noemt 'Utrecht' niet",
            "Antwoord: noem “Utrecht” in de eerste zin. Dat staat bij 'Geldt voor'.",
            "antwoord",
        ),
        (
            "meer heeft 1300 tekens; hoogstens 1200",
            "Meer uitleg: dit zijn 1300 tekens. Maak het hoogstens 1200.",
            "meer",
        ),
        (
            "nog niet af: 'TODO'",
            "Antwoord: “TODO” is nog niet af. Vul het in, of haal het weg.",
            "antwoord",
        ),
        (
            "telefoonnummer '06 12345678' staat niet in de contactgegevens van de bron",
            "Antwoord: het telefoonnummer “06 12345678” staat niet in een bron van deze tekst. "
            "Haal het weg, of kies bij 'Bronnen' het document waar het in staat.",
            "antwoord",
        ),
        (
            "feiten.2.feit heeft 12 woorden op rij uit plan.docx: 'a b'",
            "Feit 2, 'Feit': 12 woorden op rij zijn hetzelfde als in plan.docx: “a b”. "
            "Hoogstens 8 mag. Zeg het in je eigen woorden.",
            "",
        ),
        ("noemt geen bron", "Bronnen: kies minstens één document.", ""),
    ],
)
def test_a_fault_says_what_to_do(message: str, said: str, field: str) -> None:
    (found,) = told([Fault("thuiszorg.yml", 3, "thuiszorg/bellen", message)], OLD, NEW)
    assert (found.text, found.place, found.field) == (said, "thuiszorg.yml, regel 3", field)


def test_notes_of_a_plan_are_one_thing_to_do() -> None:
    rough = OLD | {"antwoord": "- [herschrijf: a]\n- [herschrijf: b]"}
    faults = [
        Fault("x.yml", 1, "x", f"nog niet af: '[herschrijf: {letter}]'") for letter in "ab"
    ] + [Fault("x.yml", 1, "x", "antwoord heeft 900 tekens; hoogstens 680")]
    assert [one.text for one in told(faults, OLD, rough)] == [
        "Antwoord: schrijf 2 stukken uit je plan op in je eigen woorden."
    ]
    assert unwritten(rough) == 2 and unwritten(OLD) == 0


def test_what_is_easily_done_by_mistake_is_asked() -> None:
    assert warnings(OLD, OLD) == ()
    assert warnings(OLD, OLD | {"titel": "Anders"}) == ()
    assert warnings(OLD, NEW) == (
        "De bron en datum zijn gelijk gebleven: staat de nieuwe tekst daar ook in?",
    )
    assert warnings(OLD, OLD | {"gedateerd": ""}) == ("De datum is weggehaald. Klopt dat?",)
    assert warnings(OLD, OLD | {"feiten": []}) == ("Er zijn 2 feiten weggehaald. Klopt dat?",)
    assert warnings(OLD, NEW | {"gedateerd": "mei 2026"}) == ()


def test_a_warning_is_shown_before_it_is_sent_in_and_to_who_approves(
    desk: Browser, database: Database, assistant: Assistant
) -> None:
    desk.opens(EDIT)
    answer = current(assistant).replace("(stand 27 januari 2022) ", "")
    fields = {"regio": "", "reden": WHY, "antwoord": answer, "gedateerd": ""}
    desk.sends(EDIT, {**fields, "doe": "voorstel"})
    assert desk.page.status_code == 422 and desk.sees("De datum is weggehaald. Klopt dat?")
    assert forms(desk.page)[EDIT]["antwoord"] == answer
    desk.sends(EDIT, {"feiten-1-feit": "", "feiten-1-ankers": "", "doe": "voorstel"})
    assert desk.page.status_code == 422 and desk.sees("Er is 1 feit weggehaald.")
    desk.sends(EDIT, {"doe": "voorstel"})
    assert desk.sees("Je voorstel is ingediend."), desk.text
    proposal = desk.path
    bo = colleague(desk, database, scope=Scope(all_regions=True))
    bo.opens(proposal)
    assert bo.sees("De datum is weggehaald. Klopt dat?") and bo.sees("Er is 1 feit weggehaald.")


def test_a_new_fact_is_kept_and_an_emptied_one_gives_no_gap(desk: Browser) -> None:
    desk.opens(EDIT)
    desk.sends(EDIT, {"feiten-0-feit": "", "feiten-0-ankers": "", "feiten-2-feit": "een nieuw feit",
                      "feiten-2-ankers": "eekhoorn", "doe": "bekijk"})  # fmt: skip
    assert not desk.sees("Not a valid choice")
    assert desk.sees("Feit 2: de woorden “eekhoorn” staan niet in het antwoord.")
    assert "Feit 2</legend>" in desk.page.text.split("een nieuw feit</textarea>")[0]
    assert "Feit 3</legend>" in desk.page.text.split("een nieuw feit</textarea>")[1]


def test_the_form_starts_with_the_region_of_the_text_and_says_who_approves(
    desk: Browser, database: Database
) -> None:
    desk.opens(EDIT)
    assert forms(desk.page)[EDIT]["regio"] == "utrecht"
    assert desk.sees("Nu kan niemand anders dit goedkeuren.")
    colleague(desk, database, scope=UTRECHT)
    desk.opens(PAGE)
    assert f'href="{EDIT}"' in desk.page.text
    desk.opens(EDIT)
    assert desk.sees("Goedkeuren kan hier: Bo Peters.")
    desk.opens(f"{EDIT}?regio=")
    assert forms(desk.page)[EDIT]["regio"] == ""
    assert desk.sees("Nu kan niemand anders dit goedkeuren.")


@pytest.mark.parametrize(
    ("role", "scope", "number"),
    [
        (Role.HANDLER, Scope(all_regions=True), 2),
        (Role.HANDLER, UTRECHT, 1),
        (Role.HANDLER, MINES, 0),
        (Role.READER, Scope(all_regions=True), 0),
    ],
)
def test_the_navigation_counts_what_waits_for_you(
    desk: Browser, database: Database, role: Role, scope: Scope, number: int
) -> None:
    proposes(desk, titel="De thuiszorg zit vol")
    proposes(desk, "utrecht", titel="In Utrecht zit het vol")
    bo = colleague(desk, database, role, scope)
    for browser, seen in ((desk, 0), (bo, number)):
        browser.opens("/beheer/meldingen")
        assert browser.sees(f"Inhoud {seen} te beslissen") is bool(seen)
        assert browser.sees("te beslissen") is bool(seen)


def test_the_plan_stays_in_sight_while_a_draft_is_rewritten(desk: Browser) -> None:
    hand_in(desk)
    proposal = concept(desk, "Wie is aanspreekpunt bij faillissement?")
    desk.opens(proposal)
    assert desk.sees("Dit concept is nog niet herschreven.") and not desk.sees("één fout")
    assert desk.page.text.index(">Nu</h3>") < desk.page.text.index(">Uit je plan</h3>")
    assert CURATOR in desk.text and "<del>" not in desk.page.text
    assert f"{proposal}/indienen" not in forms(desk.page)
    assert f'class="button primary" href="{proposal}/wijzig"' in desk.page.text
    edit = f"{proposal}/wijzig"
    desk.opens(edit)
    own = "In Utrecht bel je bij een faillissement de curator, zegt het plan van maart 2026."
    desk.sends(edit, {"doe": "bekijk", "antwoord": own, "meer": ""})
    assert desk.sees("Uit je plan") and CURATOR in desk.text
    assert desk.sees("Hoogstens 8 woorden op rij mogen hetzelfde zijn als in het plan.")
    desk.sends(edit, {"doe": "concept"})
    assert desk.path == proposal and CURATOR in desk.text
    assert f"{proposal}/indienen" in forms(desk.page)


def test_no_file_is_named_where_a_topic_is_read(desk: Browser) -> None:
    desk.opens(PAGE)
    assert ".yml" not in desk.text and TOPIC in desk.text
    assert f'href="{PATH}' in desk.page.text
