"""Links in a text: numbers that can be called, and nothing that only looks like one."""

import pytest

from bot.web.blocks import linked


@pytest.mark.parametrize(
    ("text", "href"),
    [
        ("Bel 030-1234567 voor overleg", "tel:+31301234567"),
        ("(030) 123 45 67", "tel:+31301234567"),
        ("mobiel 06 12345678", "tel:+31612345678"),
        ("+31 30 123 45 67", "tel:+31301234567"),
        ("0031 30 1234567", "tel:+31301234567"),
        ("Gevaar? Bel 112.", "tel:112"),
        ("bel direct 112; wacht niet", "tel:112"),
        ("Mail info@voorbeeld.nl", "mailto:info@voorbeeld.nl"),
        ("Zie https://voorbeeld.nl/a.", "https://voorbeeld.nl/a"),
    ],
)
def test_this_can_be_used_at_once(text: str, href: str) -> None:
    spans = linked(text)
    assert [span.href for span in spans if span.href] == [href]
    assert "".join(span.text for span in spans) == text


@pytest.mark.parametrize(
    "text",
    [
        "Open van 08.00-17.00 uur",
        "Open van 08:00 - 17:00 en 18:00-22:00",
        "Nacht: 00.00-08.00 uur",
        "17.00-08.00 uur",
        "Tussen 08.00 en 17.00 uur",
        "In 2026-2027 en op 01-02-2026",
        "Er zijn 112 praktijken",
        "Ruimte voor 12345678 mensen",
    ],
)
def test_this_is_only_text(text: str) -> None:
    assert [span.text for span in linked(text)] == [text]
