"""How near copies are recognised."""

import pytest

from nlu.similarity import NEAR, SeenTexts, folded, overlap, word_ngrams

# near copies


@pytest.mark.parametrize(
    ("one", "other", "share"),
    [
        ("Wie coördineert het?", "wie coordineert het", 1.0),
        ("wie coördineert het", "wie coördineert dat", 0.0),
        ("wie coördineert het noodplan in onze regio", "wie coördineert het", 0.0),
        ("hoe werkt het noodplan nu eigenlijk", "Hallo! hoe werkt het noodplan nu eigenlijk?", 1.0),
        ("een twee drie vier vijf zes", "een twee drie vier vijf zeven", 0.5),
        ("een twee drie vier vijf zes", "zes vijf vier drie twee een", 0.0),
        ("!!!!", "🍕", 0.0),
    ],
)
def test_near_copies_share_their_word_sequences(one: str, other: str, share: float) -> None:
    assert overlap(one, other) == overlap(other, one) == share


def test_folding_and_sequences() -> None:
    assert folded("  Patie\u0308nten, 2x gebeld!") == folded("patiënten 2X GEBELD")
    assert word_ngrams("a b c", n=2) == {"a b", "b c"}
    assert word_ngrams("a b c d") == frozenset()


def test_the_nearest_of_ten_thousand() -> None:
    words = "de praktijk vraagt hoe het plan voor onze regio bij drukte werkt".split()
    texts = [
        f"{' '.join(words[n % 7 :])} {n} {n * 7} {' '.join(words[: n % 5])}" for n in range(10_000)
    ]
    seen = SeenTexts()
    for number, text in enumerate(texts):
        seen.add(text, str(number))
    assert seen.nearest("iets heel anders") is None
    assert seen.nearest(texts[4321].upper()) == (texts[4321], "4321", 1.0)


def test_the_threshold_lies_between_a_variant_and_a_copy() -> None:
    assert overlap("een twee drie vier vijf zes", "een twee drie vier vijf zeven") < NEAR < 1
