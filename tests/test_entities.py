"""The details in a message: given what a user typed, then what was found in it."""

from datetime import date

import pytest

from dialogues.entities import Entities, find_entities
from dialogues.regions import place_of_story
from knowledge import Knowledge, load

TODAY = date(2026, 3, 11)  # a Wednesday
UTRECHT, HEUVELLAND = "utrecht", "maastricht-heuvelland"
WEST, EAST = "westelijke-mijnstreek", "oostelijke-mijnstreek"


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load()


def found(typed: str, knowledge: Knowledge) -> Entities:
    return find_entities(typed, knowledge, lambda: TODAY)


# phases, urgency, references


@pytest.mark.parametrize(
    ("typed", "phase"),
    [
        ("fase één", "1"),
        ("fase twee", "2"),
        ("en fase 2?", "2"),
        ("FASE 3", "3"),
        ("fase drie", "3"),
        ("fase 3a", "3a"),
        ("fase 3 b", "3b"),
        ("fase3d", "3d"),
        ("drie a", "3a"),
        ("3d", "3d"),
        ("fase drie bee", "3b"),
        ("fase drie see", "3c"),
        ("fasen 3a en 3b", "3a"),
        ("fase 4", "4"),
        ("3 dagen", None),
        ("de volgende fase", None),
        ("we wachten al 3 a 4 dagen op thuiszorg", None),
    ],
)
def test_phase(knowledge: Knowledge, typed: str, phase: str | None) -> None:
    assert found(typed, knowledge).phase == phase


@pytest.mark.parametrize(
    ("typed", "urgency"),
    [
        ("en U3?", 3),
        ("een U-1 patiënt", 1),
        ("urgentie 4", 4),
        ("u6", None),
        ("kan ik u 3 vragen stellen?", None),
    ],
)
def test_urgency(knowledge: Knowledge, typed: str, urgency: int | None) -> None:
    assert found(typed, knowledge).urgency == urgency


@pytest.mark.parametrize(
    ("typed", "reference"),
    [
        ("status van KP-2026-0001?", "KP-2026-0001"),
        ("kp20260001", "KP-2026-0001"),
        ("KP-2026-123456", "KP-2026-123456"),
        ("KP-26", None),
        ("status van mijn melding", None),
    ],
)
def test_reference(knowledge: Knowledge, typed: str, reference: str | None) -> None:
    assert found(typed, knowledge).reference == reference


# insurers and parties


@pytest.mark.parametrize(
    ("typed", "insurer"),
    [
        ("en bij CZ?", "cz"),
        ("ze zit bij mensis", "menzis"),
        ("Salland Zorgverzekeringen", "salland"),
        ("vgz", "vgz"),
        ("Zilverenkruis", "zilveren-kruis"),
        ("achmea", "zilveren-kruis"),
        ("bij ZK", "zilveren-kruis"),
        ("Zorg en Zekerheid", "zorg-en-zekerheid"),
        ("z&z", "zorg-en-zekerheid"),
        ("de verzekeraar", None),
        ("zorg met zekerheid", None),
        ("tussen vgz en de praktijk", "vgz"),
        ("een CZ-verzekerde", "cz"),
        ("vgz of cz", "vgz"),
    ],
)
def test_insurer(knowledge: Knowledge, typed: str, insurer: str | None) -> None:
    assert found(typed, knowledge).insurer == insurer


@pytest.mark.parametrize(
    ("typed", "parties"),
    [
        ("wat betekent dat voor de apotheek?", ("apotheek",)),
        ("en voor de gemeente?", ("gemeente",)),
        ("de SEH", ("ziekenhuis",)),
        ("GGZ", ("ggz",)),
        ("wijkverpleging", ("vvt",)),
        ("de GGD", ("ghor",)),
        ("meldkamer", ("ambulance",)),
        ("zorgverzekeraars", ("verzekeraar",)),
        ("hap", ("hap",)),
        ("de chauffeur van de HAP", ("chauffeurs", "hap")),
        ("eerst de RHO en dan de apotheek", ("rho", "apotheek")),
        ("de hapering in de agenda", ()),
    ],
)
def test_parties_in_the_order_in_which_they_are_named(
    knowledge: Knowledge, typed: str, parties: tuple[str, ...]
) -> None:
    assert found(typed, knowledge).parties == parties


# counts and dates


@pytest.mark.parametrize(
    ("typed", "count"),
    [
        ("al vier gebeld", 4),
        ("3 keer gebeld", 3),
        ("twee keer geprobeerd", 2),
        ("al 12 organisaties gebeld", 12),
        ("met vijf thuiszorgorganisaties gebeld", 5),
        ("al gebeld", None),
        ("al vier patiënten in de wachtkamer", None),
        ("al vier patiënten. Niemand gebeld", None),
        ("ik heb drie organisaties gebeld", 3),
        ("al drie weken bezig en iedereen gebeld", None),
    ],
)
def test_count_of_what_was_tried(knowledge: Knowledge, typed: str, count: int | None) -> None:
    assert found(typed, knowledge).count == count


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("gisteren gebeld", date(2026, 3, 10)),
        ("eergisteren", date(2026, 3, 9)),
        ("3 dagen geleden", date(2026, 3, 8)),
        ("vorige week", date(2026, 3, 4)),
        ("sinds 3 maart", date(2026, 3, 3)),
        ("12 december", date(2025, 12, 12)),
        ("12-01-2026", date(2026, 1, 12)),
        ("2026-02-28", date(2026, 2, 28)),
        ("31-02-2026", None),
        ("morgen", None),
        ("gister", date(2026, 3, 10)),
        ("vanochtend", date(2026, 3, 11)),
        ("afgelopen maandag", date(2026, 3, 9)),
        ("2 weken terug", date(2026, 2, 25)),
        ("24/7 bereikbaar", None),
        ("1-2 dagen wachten", None),
    ],
)
def test_date_seen_from_today(knowledge: Knowledge, typed: str, day: date | None) -> None:
    assert found(typed, knowledge).day == day


# places


@pytest.mark.parametrize(
    ("typed", "region"),
    [
        ("en in Geleen?", WEST),
        ("Westelijke Mijnstreek", WEST),
        ("in beek", WEST),
        ("Beek", WEST),
        ("beek, mevrouw van 84", WEST),
        ("in houten", UTRECHT),
        ("regio wm", WEST),
        ("Kerkrade-West", EAST),
        ("het ZIO-gebied", HEUVELLAND),
        ("heerlense huisartsen", EAST),
        ("maastrichtse", HEUVELLAND),
        ("Utrecht en Amersfoort", UTRECHT),
        ("in maastrcht", HEUVELLAND),
        ("in Heerln", EAST),
        ("uit kerkade", EAST),
    ],
)
def test_region_of_a_place(knowledge: Knowledge, typed: str, region: str) -> None:
    place = found(typed, knowledge).place
    assert place is not None and place.region == region


@pytest.mark.parametrize(
    "typed",
    [
        "we kampen met een tekort",
        "goed te houten",
        "dat kan leiden tot problemen",
        "de beek achter de praktijk",
        "in overleg met de regio",
        "maastrcht",  # misspelt, with nothing that says it is a place
        "een regio overzicht",
        "wie kan in een regio leidend zijn?",
    ],
)
def test_ordinary_word_is_no_place(knowledge: Knowledge, typed: str) -> None:
    assert found(typed, knowledge).place is None


@pytest.mark.parametrize("typed", ["in Groningen", "in kampen", "in Sneek", "regio Sneek"])
def test_place_outside_our_regions(knowledge: Knowledge, typed: str) -> None:
    place = found(typed, knowledge).place
    assert place is not None and place.region is None
    assert place.name.lower() in typed.lower()


def test_several_places_in_one_area_give_the_area(knowledge: Knowledge) -> None:
    place = found("Heerlen en Geleen", knowledge).place
    assert place is not None
    assert (place.region, place.area) == (None, "Zuid-Limburg")


def test_places_in_different_areas_give_none(knowledge: Knowledge) -> None:
    assert found("Utrecht en Heerlen", knowledge).place is None


def test_our_region_counts_more_than_a_place_elsewhere(knowledge: Knowledge) -> None:
    place = found("van Groningen naar Heerlen", knowledge).place
    assert place is not None and place.region == EAST


@pytest.mark.parametrize(
    ("told", "region"),
    [
        ("Onze praktijk is in Geleen. Mevrouw woont in Heerlen, geen thuiszorg.", EAST),
        ("Het ziekenhuis in Heerlen belt, patiënt woont in Geleen", WEST),
        ("woont in Beek, opgenomen in Maastricht", WEST),
        ("Net als in Maastricht is er nu in Kerkrade geen plek", EAST),
        ("Maastricht heeft geen plek, zoals Utrecht", HEUVELLAND),
        ("In Geleen en Sittard lukt het niet", WEST),
        ("in Stein en in Landgraaf lukt het niet", None),
        ("geen plek in de regio", None),
        ("Anders dan in Utrecht is er in Heerlen geen avonddienst", EAST),
    ],
)
def test_where_a_story_plays(knowledge: Knowledge, told: str, region: str | None) -> None:
    place = place_of_story(told, knowledge)
    assert (place.region if place else None) == region


def test_a_story_that_plays_elsewhere(knowledge: Knowledge) -> None:
    place = place_of_story("In Venlo is geen thuiszorg te vinden", knowledge)
    assert place is not None
    assert (place.region, place.name) == (None, "Venlo")


def test_everything_in_one_message(knowledge: Knowledge) -> None:
    typed = "gisteren al vier gebeld in Geleen, U2, CZ, fase 3b, apotheek, zie KP-2026-0007"
    assert found(typed, knowledge).as_data() == {
        "region": WEST,
        "phase": "3b",
        "insurer": "cz",
        "urgency": "U2",
        "reference": "KP-2026-0007",
        "count": 4,
        "date": "2026-03-10",
        "parties": ["apotheek"],
    }


def test_nothing_in_a_message(knowledge: Knowledge) -> None:
    assert found("hoe gaat het ermee?", knowledge) == Entities()
