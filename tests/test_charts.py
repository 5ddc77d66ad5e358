"""Pictures that need no script, no other file and no colour, and can be read."""

import xml.etree.ElementTree as ElementTree

import pytest

from bottlenecks.desk.figures.charts import MOST_COLUMNS, Bar, per_week, ranked

NS = {"svg": "http://www.w3.org/2000/svg"}
WEEKS = [Bar(f"week {number}", 10 + number, number) for number in range(1, 13)]
KINDS = [Bar("Thuiszorg & meer", 40, 12), Bar("<Telefonie>", 7, 7), Bar("GGZ", 0, 0)]
YEAR = [Bar(f"week {number}", number % 9 + 3, number % 3) for number in range(52)]
PICTURES = {
    "columns": per_week("Per week", WEEKS),
    "columns on a phone": per_week("Per week", WEEKS, narrow=True),
    "lines": per_week("Per week", YEAR),
    "lines on a phone": per_week("Per week", YEAR, narrow=True),
    "ranked": ranked("Per soort", KINDS),
    "ranked on a phone": ranked("Per soort", KINDS, narrow=True),
    "one week": per_week("Per week", WEEKS[:1]),
    "one kind": ranked("Per soort", KINDS[:1]),
    "nothing": per_week("Per week", [Bar("week 1", 0, 0)]),
}


def texts(drawn: bytes) -> list[str]:
    root = ElementTree.fromstring(drawn)
    return [text.text or "" for text in root.iterfind(".//svg:text", NS)]


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_holds_no_script_and_asks_for_nothing(name: str) -> None:
    drawn = PICTURES[name]
    root = ElementTree.fromstring(drawn)
    assert root.tag == "{http://www.w3.org/2000/svg}svg" and root.get("viewBox")
    words = drawn.decode()
    assert "<script" not in words and "onload" not in words and "javascript" not in words
    links = words.replace("http://www.w3.org/", "")
    assert "http" not in links and "//fonts" not in links and "@import" not in words
    title = root.find("svg:title", NS)
    assert title is not None and title.text in ("Per week", "Per soort")


@pytest.mark.parametrize("name", ["columns", "columns on a phone", "ranked", "ranked on a phone"])
def test_bars_have_their_numbers_and_names(name: str) -> None:
    bars = WEEKS if "columns" in name else KINDS
    found = texts(PICTURES[name])
    for bar in bars:
        assert bar.label in found
        for number in (bar.reports, bar.practices):
            assert not number or str(number) in found
    assert {"meldingen", "praktijken"} <= set(found)


@pytest.mark.parametrize("name", ["columns", "ranked"])
def test_bars_differ_without_colour(name: str) -> None:
    drawn = PICTURES[name].decode()
    assert '<pattern id="hatch"' in drawn and "fill:url(#hatch)" in drawn.replace(" ", "")


def test_the_longest_bar_is_of_the_most_reports_and_stands_on_top() -> None:
    root = ElementTree.fromstring(PICTURES["ranked"])
    bars = {}
    for number, name in ((0, "reports"), (1, "practices")):
        found = root.findall(
            f".//svg:g[@class='series serie-{number} color-{number}']//svg:rect", NS
        )
        bars[name] = [(float(bar.get("width", 0)), float(bar.get("y", 0))) for bar in found]
    # drawn from the bottom up: the first given comes last
    widths = [width for width, _ in reversed(bars["reports"])]
    assert widths[0] / widths[1] == pytest.approx(40 / 7, rel=0.01)
    assert bars["reports"][-1][1] < bars["reports"][0][1], "the first one stands on top"
    assert bars["practices"][-1][0] / widths[0] == pytest.approx(12 / 40, rel=0.01)
    assert bars["practices"][-1][1] > bars["reports"][-1][1], "practices stand below their reports"


def test_many_weeks_are_lines_that_bear_their_names() -> None:
    assert len(YEAR) > MOST_COLUMNS >= len(WEEKS)
    drawn = PICTURES["lines"]
    assert b"stroke-dasharray:5 4" in drawn.replace(b": ", b":")
    found = texts(drawn)
    assert found.count("meldingen") == found.count("praktijken") == 1
    # only so many days are written that they do not cover each other
    shown = [text for text in found if text.startswith("week")]
    assert shown[0] == "week 0" and 5 <= len(shown) <= 12
    on_a_phone = [text for text in texts(PICTURES["lines on a phone"]) if text.startswith("week")]
    assert 2 <= len(on_a_phone) < len(shown)
