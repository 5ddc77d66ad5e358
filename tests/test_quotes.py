"""A quote names no practice and holds no personal data."""

import pytest

from bottlenecks.quotes import NAME_REMOVED, Quotable, quotable, without_names

OTHERS = ["Huisartsenpraktijk De Linde", "Voorbeeldpraktijk Molenhoek", "HAP"]


@pytest.mark.parametrize(
    ("own", "text"),
    [
        ("Voorbeeldpraktijk De Graanhof", "Wij van Voorbeeldpraktijk De Graanhof wachten"),
        ("Voorbeeldpraktijk De Graanhof", "Wij van De Graanhof wachten"),
        ("Voorbeeldpraktijk De Graanhof", "Wij van graanhof wachten"),
        ("Huisartsenpraktijk van den Berg", "Wij van huisartsenpraktijk  Van den Berg wachten"),
        ("Dr. Achterhoek", "Wij van Achterhoek wachten"),
        ("Gezondheidscentrum 't Zand", "Wij van 't Zand wachten"),
    ],
)
def test_the_practice_that_wrote_it_is_not_named(own: str, text: str) -> None:
    assert quotable(text, [], own) == Quotable("Wij van [praktijk] wachten", (NAME_REMOVED,))


def test_no_other_practice_is_named() -> None:
    text = "Huisartsenpraktijk de linde neemt niemand aan, voorbeeldpraktijk molenhoek ook niet"
    assert without_names(text, OTHERS) == "[praktijk] neemt niemand aan, [praktijk] ook niet"


def test_words_that_look_like_a_part_of_a_name_stay() -> None:
    text = "Onder de linde bij de HAP stond de Graanhofstraat blank"
    assert quotable(text, OTHERS, "Voorbeeldpraktijk De Graanhof") == Quotable(text)


def test_personal_data_are_taken_out_and_told() -> None:
    clean = quotable("Bel 06 12 34 56 78 of mail jan@praktijk.nl, groet De Linde", [], "De Linde")
    assert clean.text == (
        "Bel [telefoonnummer verwijderd] of mail [e-mailadres verwijderd], groet [praktijk]"
    )
    assert clean.removed == ("telefoonnummer", "e-mailadres", NAME_REMOVED)


def test_cleaning_again_changes_nothing() -> None:
    own = "Voorbeeldpraktijk De Graanhof"
    once = quotable("Bel De Graanhof op 06 12 34 56 78", OTHERS, own)
    assert quotable(once.text, OTHERS, own) == Quotable(once.text)
