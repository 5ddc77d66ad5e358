"""Screening: given a text, then what is left of it. Test BSNs begin with 9999."""

from datetime import date

import pytest

from bottlenecks.privacy import OTHER_THAN_CONTACTS, in_words, screen

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("typed", "secret", "kind"),
    [
        ("BSN 999990019 van patiënt", "999990019", "bsn"),
        ("BSN 9999.90.019 van patiënt", "9999.90.019", "bsn"),
        ("BSN 999 990 019", "999 990 019", "bsn"),
        ("bel 0612345678 even", "0612345678", "telefoon"),
        ("bel 06-12345678 even", "06-12345678", "telefoon"),
        ("bel +31 6 12345678 even", "12345678", "telefoon"),
        ("bel 030 2345678 even", "2345678", "telefoon"),
        ("mail p.atient@voorbeeld.nl", "p.atient@voorbeeld.nl", "e-mail"),
        ("mevrouw, geb. 3-4-1951, valt", "3-4-1951", "geboortedatum"),
        ("geboren op 3 april 1951", "3 april 1951", "geboortedatum"),
        ("geboortedatum: 12-11-2025", "12-11-2025", "geboortedatum"),
        ("iemand van 1951-04-03", "1951-04-03", "geboortedatum"),
        ("woont op 3512 AB 14", "3512 AB 14", "adres"),
        ("Dorpsstraat 14, 3512AB", "3512AB", "adres"),
    ],
)
def test_personal_data_is_replaced(typed: str, secret: str, kind: str) -> None:
    screened = screen(typed, today=TODAY)
    assert secret not in screened.text
    assert "verwijderd]" in screened.text
    assert screened.removed == (kind,)


@pytest.mark.parametrize(
    "typed",
    [
        "al drie organisaties gebeld, nergens plek",
        "sinds 12-02-2026 geen plek",
        "wij hebben 2350 patiënten",
        "fase 3 in 2026",
        "bel 112",
        "melding KP-2026-0001",
        "in postcodegebied 3512",
        "",
    ],
)
def test_other_text_is_left_as_it_is(typed: str) -> None:
    screened = screen(typed, today=TODAY)
    assert screened.text == typed
    assert screened.removed == ()
    assert screened.removed_in_words == ""


def test_text_around_it_stays() -> None:
    assert screen("de BSN 999990019 van haar").text == "de BSN [BSN verwijderd] van haar"


def test_screening_twice_changes_nothing_more() -> None:
    once = screen("999990019, 0612345678, a@b.nl en 3512 AB 14").text
    assert screen(once).text == once


def test_public_number_may_stay() -> None:
    typed = "bel 0850480000"
    assert screen(typed, keep=frozenset({"0850480000"})).text == typed
    assert screen(typed).removed == ("telefoon",)


def test_removed_in_words() -> None:
    assert screen("999990019").removed_in_words == "BSN"
    assert screen("999990019 en 999990019").removed_in_words == "BSN"
    seen = screen("a@b.nl, 999990019, 0612345678").removed_in_words
    assert seen == "BSN, telefoonnummer en e-mailadres"


def test_enumerations_are_joined() -> None:
    assert in_words("BSN", "BSN en telefoonnummer") == "BSN en telefoonnummer"
    assert in_words("", "BSN") == "BSN"
    assert in_words("", "") == ""


@pytest.mark.parametrize(
    "number",
    ["06 12 34 56 78", "06-12 34 56 78", "0475 12 34 56", "030 123 45 67", "+31 6 12345678"],
)
def test_a_phone_number_is_one_however_it_is_spaced(number: str) -> None:
    assert screen(f"bel {number} graag").text == "bel [telefoonnummer verwijderd] graag"
    kept = screen(f"bel {number} graag", kinds=OTHER_THAN_CONTACTS)
    assert kept.text == f"bel {number} graag" and not kept.removed


def test_a_birth_date_is_no_phone_number() -> None:
    assert screen("geboren 06-12-1934").removed == ("geboortedatum",)
