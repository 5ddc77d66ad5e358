"""What is only probably personal data goes too, unless only what is sure is asked for."""

from datetime import date

import pytest

from bottlenecks.privacy import screen

TODAY = date(2026, 11, 29)
NAME = "[naam verwijderd]"
NUMBER = "[patiënt- of polisnummer verwijderd]"
BORN = "[geboortedatum verwijderd]"
ADDRESS = "[adres verwijderd]"


@pytest.mark.parametrize(
    ("typed", "left"),
    [
        # a word that nobody knows
        ("pieternella dooijeweerd zegt dat ze niets krijgt", f"{NAME} zegt dat ze niets krijgt"),
        ("ik heb mevrouw qorbanyar gezien", f"ik heb mevrouw {NAME} gezien"),
        ("Uyoloma belde over thuiszorg", f"{NAME} belde over thuiszorg"),
        # words that are also names
        ("spoedpost weigert roos te zien", f"spoedpost weigert {NAME} te zien"),
        ("Roos en Madelief gaan met verlof", f"{NAME} en {NAME} gaan met verlof"),
        ("kijk bij Roos Verhulst, graag", f"kijk bij {NAME}, graag"),
        ("dochter Xanthe Valkenburg wacht", f"dochter {NAME} wacht"),
        ("mevrouw Hortense Koolmees valt", f"mevrouw {NAME} valt"),
        ("belt de regio Annemiek Storm", f"belt de regio {NAME}"),
        ("mw koolmees ligt op bed", f"mw {NAME} ligt op bed"),
        ("pt koolmees krijgt geen hulp", f"pt {NAME} krijgt geen hulp"),
        # several in a row
        ("de witte, de zwart en van bruggen: geweigerd", f"{NAME}, {NAME} en {NAME}: geweigerd"),
        ("1) Van Hemert, COPD. 2) Lo-A-Njoe, pijn", f"1) {NAME}, COPD. 2) {NAME}, pijn"),
        ("pt tjin a ton wacht", f"pt {NAME} wacht"),
        ("mw k ligt op bed", f"mw {NAME} ligt op bed"),
        ("wie ziet tsige storm vandaag", f"wie ziet {NAME} vandaag"),
        ("van dongen is gevallen", f"{NAME} is gevallen"),
        ("plek voor J.K. uit Geleen", f"plek voor {NAME} uit Geleen"),
    ],
)
def test_what_is_probably_a_name_goes(typed: str, left: str) -> None:
    assert screen(typed, today=TODAY).text == left


@pytest.mark.parametrize(
    ("typed", "left"),
    [
        ("nummer 999990010 klopt niet", f"nummer {NUMBER} klopt niet"),
        ("het gaat om 61-2290", f"het gaat om {NUMBER}"),
        ("pt. 2-118-963 wacht", f"pt. {NUMBER} wacht"),
        ("patiënt 55-0381-x wacht", f"patiënt {NUMBER} wacht"),
        ("met nummer P0045123.", f"met nummer {NUMBER}."),
        ("registratie 2026/11/0457 bij ons", f"registratie {NUMBER} bij ons"),
        ("casus 2026-4471 loopt", f"casus {NUMBER} loopt"),
        ("code AB12CD3456 hoort erbij", f"code {NUMBER} hoort erbij"),
        ("betreft 010535 dus", f"betreft {NUMBER} dus"),
        ("Geboren: 4-XI-1942.", f"Geboren: {BORN}."),
        ("het gaat om 1900/12/24", f"het gaat om {BORN}"),
        ("gezien 31/31/1950", f"gezien {BORN}"),
        ("geboren in 1944, dus op 3-4-2025 al oud", f"geboren in {BORN}, dus op 3-4-2025 al oud"),
        ("meisje (3-4-2021) hoest", f"meisje ({BORN}) hoest"),
        ("geboren: 04/2019", f"geboren: {BORN}"),
        ("polis ZK 7700211 en 12 34 567", f"polis {NUMBER} en {NUMBER}"),
        ("iemand uit 1948 met koorts", f"iemand uit {BORN} met koorts"),
        ("kom bij t hoge veldje 66 binnen", f"kom bij {ADDRESS} binnen"),
        ("de flat (dahliaflat 6 nr 14)", f"de flat ({ADDRESS})"),
        ("woont Achter de Hoven 12 te Zeist", f"woont {ADDRESS} te Zeist"),
        ("ze woont op de wingerd 12", f"ze woont op {ADDRESS}"),
        ("woont in de Veldkersstraat", f"woont in de {ADDRESS}"),
        ("op het adres kerkpad 3b", f"op het adres {ADDRESS}"),
        ("postcode 6137 KL", f"postcode {ADDRESS}"),
    ],
)
def test_what_is_probably_another_kind_goes(typed: str, left: str) -> None:
    assert screen(typed, today=TODAY).text == left


@pytest.mark.parametrize(
    "typed",
    [
        "Van 08.00-17.00 is de lijn open",
        "In 2026-2027 en op 01-02-2026, elke 2024-03",
        "23.500 patiënten en 12500 inwoners in postcodes 3500-3599",
        "bel 0900-1234, 112 of 14030",
        "KP-2026-0041 mag dicht",
        "Ozempic, Rybelsus en prednisolon zijn niet leverbaar",
        "wondroos en een roos op de arm",
        "mw gevallen, dhr verward, pt opgenomen",
        "Thuiszorg Groot Limburg stopt met de nachtzorg",
        "Het Diakonessenhuis en St. Jansdal hebben een opnamestop",
        "De Bascule, Parnassia en Altrecht: wachttijd 40 weken",
        "Praktijken in Wijk Oost, ernst hoog",
        "de Veldkersstraat stond blank",
        "niet overslaan, de lijst openslaan",
        "naar kamer 12, op bed 4, van fase 3 naar stap 5, bij 30 mensen",
        "de ambulancewacht en het wachtkamerstoeltje",
        "vanacht geen waarnemr bij de spoedpost",
        "in Heerlen-Noord zijn 3 praktijken dicht",
    ],
)
def test_what_is_something_else_stays(typed: str) -> None:
    assert screen(typed, today=TODAY).text == typed


@pytest.mark.parametrize(
    "typed",
    [
        "wie ziet dooijeweerd vandaag",
        "spoedpost weigert roos te zien",
        "het gaat om 61-2290",
        "kom bij t hoge veldje 66 binnen",
    ],
)
def test_only_what_is_sure_when_it_is_told(typed: str) -> None:
    assert screen(typed, today=TODAY).found
    assert not screen(typed, today=TODAY, bold=False).found


def test_what_is_sure_goes_either_way() -> None:
    typed = "mw. Jansen (geb. 3-4-1951), Dorpsstraat 4, 999990019"
    boldly, surely = (screen(typed, today=TODAY, bold=bold) for bold in (True, False))
    assert boldly.removed == surely.removed == ("naam", "geboortedatum", "adres", "bsn")


def test_a_public_number_stays_though_it_looks_like_one() -> None:
    typed = "de lijn is 1234567"
    assert screen(typed, keep=frozenset({"1234567"})).text == typed
    assert screen(typed).removed == ("nummer",)
