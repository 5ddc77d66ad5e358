"""Names, addresses, dates and numbers of people go; organisations, places and counts stay."""

import socket
import subprocess
import sys
import time
from datetime import date

import pytest

from bottlenecks.privacy import KINDS, in_words, screen, warm_up
from bottlenecks.privacy import engine as engine_
from bottlenecks.privacy.words import SortedWords

TODAY = date(2026, 3, 2)
NAME = "[naam verwijderd]"


@pytest.mark.parametrize(
    ("typed", "left"),
    [
        ("mw. de wit valt", f"mw. {NAME} valt"),
        ("fatima is ziek", f"{NAME} is ziek"),
        ("dhr a.b. de wit valt", f"dhr {NAME} valt"),
        ("mw v.d. berg ligt op bed", f"mw {NAME} ligt op bed"),
        ("Mevrouw Yıldırım wacht", f"Mevrouw {NAME} wacht"),
        ("geen plek voor el bouazzati", f"geen plek voor {NAME}"),
        ("de heer Ramcharan belt", f"de heer {NAME} belt"),
        ("jadwiga mazur ligt op de SEH", f"{NAME} ligt op de SEH"),
        ("patiënt Vos, 82 jaar", f"patiënt {NAME}, 82 jaar"),
        ("haar zoon mark belt", f"haar zoon {NAME} belt"),
        ("tweeling Finn en Jara", f"tweeling {NAME} en {NAME}"),
        ("G.H. Postma heeft pijn", f"{NAME} heeft pijn"),
        ("MW. DE VRIES VALT", f"MW. {NAME} VALT"),
        ("Fatima's dochter belt", f"{NAME} dochter belt"),
        ("Met vriendelijke groet, K. Bos", f"Met vriendelijke groet, {NAME}"),
    ],
)
def test_a_name_goes_and_its_title_stays(typed: str, left: str) -> None:
    screened = screen(typed, today=TODAY)
    assert screened.text == left
    assert set(screened.removed) == {"naam"}


@pytest.mark.parametrize(
    "typed",
    [
        "Zuyderland, Careyn, Buurtzorg, Van Neynsel en De Zorgboog zijn vol",
        "mevrouw ligt op bed en meneer helpt",
        "de heer is gevallen",
        "een vos liep langs de bakker en de kok",
        "wondroos en een roos op de arm",
        "ziekte van Parkinson, Glasgow 14, Barthel 9",
        "HiX, Promedico en ZorgDomein liggen eruit",
        "mevrouw woont in Den Haag, eerder in Utrecht en Geleen",
        "huisartsenpraktijk Van der Berg is dicht",
        "apotheek De Linde heeft geen morfine",
        "sinds 12 maart 2026 geen plek in Westelijke Mijnstreek, fase 3, U1, 27 patiënten",
        "KP-2026-0128 mag dicht per 1-5-2027",
        "UZOVI 3311, 0900-1234 niet bereikbaar",
        "In 2026-2027 en op 01-02-2026",
        "onderweg 3 uur, 45 wachtenden, 24 uur per dag",
        "wie coördineert het noodplan in Zuid-Limburg?",
    ],
)
def test_what_names_nobody_stays(typed: str) -> None:
    assert screen(typed, today=TODAY).text == typed


@pytest.mark.parametrize(
    ("typed", "secret", "kind"),
    [
        ("BSN 99 99 90 019 graag", "99 99 90 019", "bsn"),
        ("bsn:9999-90019", "9999-90019", "bsn"),
        ("geboren op de elfde april 1936", "elfde april 1936", "geboortedatum"),
        ("man * 14/2/'48", "14/2/'48", "geboortedatum"),
        ("gebdat 19440817", "19440817", "geboortedatum"),
        ("geb. te Utrecht op 3 april 2021", "3 april 2021", "geboortedatum"),
        ("jongetje van 02.09.2019", "02.09.2019", "geboortedatum"),
        ("geb 1948", "1948", "geboortedatum"),
        ("rijdt naar Veldkersstraat 118", "Veldkersstraat 118", "adres"),
        ("bij molenwegje 9", "molenwegje 9", "adres"),
        ("Laan van Meerdervoort 100", "Laan van Meerdervoort 100", "adres"),
        ("Akerstraat-Noord 200", "Akerstraat-Noord 200", "adres"),
        ("woont Molenstraat 5, 1234 AB", "Molenstraat 5, 1234 AB", "adres"),
        ("op 2599QQ, huisnr 5", "2599QQ, huisnr 5", "adres"),
        ("patiëntnr (moet zijn 1004477)", "1004477", "nummer"),
        ("zorgpolis: ZK-7700211", "ZK-7700211", "nummer"),
        ("relatienummer 880 2214 5", "880 2214 5", "nummer"),
        ("zie dossier 61090", "61090", "nummer"),
        ("tel. 06 - 55 44 33 22", "06 - 55 44 33 22", "telefoon"),
        ("+31 6 00112233", "+31 6 00112233", "telefoon"),
    ],
)
def test_the_other_kinds_go(typed: str, secret: str, kind: str) -> None:
    (found,) = screen(typed, today=TODAY).found
    assert (found.kind, found.text) == (kind, secret)
    assert typed[found.start : found.end] == secret


def test_a_date_right_after_a_name_is_a_birth_date() -> None:
    assert screen("Finn (3-4-2022) hoest", today=TODAY).removed == ("naam", "geboortedatum")
    assert screen("gebeld op 3-4-2022", today=TODAY).removed == ()


def test_screening_twice_changes_nothing_more() -> None:
    once = screen("mw. de wit (geb. 3-4-1951), Dorpsstraat 4, dossier 61090, zoon mark").text
    assert screen(once).text == once


def test_kinds_are_told_by_whole_words() -> None:
    assert in_words(KINDS["e-mail"]) == "e-mailadres"
    assert in_words(KINDS["adres"], KINDS["naam"]) == "naam en adres"


def test_only_the_kinds_that_are_asked_for() -> None:
    typed = "mw. de wit, BSN 999990019"
    assert screen(typed, kinds=frozenset({"bsn"})).text == "mw. de wit, BSN [BSN verwijderd]"


def test_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a new process without sockets: the engine is made there."""
    code = (
        "import socket\n"
        "def refuse(*given, **named): raise AssertionError('the network')\n"
        "socket.socket.connect = socket.getaddrinfo = socket.create_connection = refuse\n"
        "from bottlenecks.privacy import screen\n"
        "print(screen('mw. de wit, mail a@voorbeeld.nl, bel 0612345678').text)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout == (
        f"mw. {NAME}, mail [e-mailadres verwijderd], bel [telefoonnummer verwijderd]\n"
    ), done.stderr

    def refuse(*given: object, **named: object) -> None:
        raise AssertionError("the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert screen("fatima is ziek").text == f"{NAME} is ziek"


def test_warming_up_makes_the_engine() -> None:
    engine_.engine.cache_clear()
    warm_up()
    assert engine_.engine.cache_info().currsize == 1


def test_sorted_words_hold_what_is_in_them_and_no_part_of_it() -> None:
    words = SortedWords(b"# a head\naak\nbeek\nbeekje\nzon\nzonnig\n")
    assert all(word in words for word in ("aak", "beek", "beekje", "zon", "zonnig"))
    assert not any(word in words for word in ("", "a", "bee", "beekj", "on", "zonn", "zz", "head"))


@pytest.mark.parametrize(
    ("typed", "left"),
    [
        ("Mark (zoon) wil opname", f"{NAME} (zoon) wil opname"),
        ("dhr timmer, 12.03.41, valt", f"dhr {NAME}, [geboortedatum verwijderd], valt"),
        ("Kuipers, J., man", f"{NAME}, man"),
        ("Noor van Leeuwarden krijgt niets", f"{NAME} krijgt niets"),
        ("mw de bruin (4471823)", f"mw {NAME} ([patiënt- of polisnummer verwijderd])"),
        ("dossier KP-2026-0088 mag dicht", "dossier KP-2026-0088 mag dicht"),
        ("een collega van de post belt", "een collega van de post belt"),
        ("meld het, o.a. bij de regio", "meld het, o.a. bij de regio"),
        ("op straat, 2e keer deze week", "op straat, 2e keer deze week"),
    ],
)
def test_what_stands_around_it_decides(typed: str, left: str) -> None:
    assert screen(typed, today=TODAY).text == left


@pytest.mark.parametrize(
    "piece", ["a", "9", "12-", "A.", "van der ", "pt nr ", "geb ", "Jan de ", "[", "1234 ab "]
)
def test_a_long_row_of_anything_takes_no_minutes(piece: str) -> None:
    screen("begin")
    begun = time.process_time()
    screen(piece * (20_000 // len(piece)))
    assert time.process_time() - begun < 10
