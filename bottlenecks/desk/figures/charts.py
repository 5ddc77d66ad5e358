"""Pictures of counts, as SVG that needs no script, no other file and no colour to be read.

Reports are solid and practices hatched or dashed, with their numbers beside them; a picture follows
the light or dark look of the page that shows it, and prints black on white.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pygal
from pygal.etree import etree
from pygal.style import Style

REPORTS, PRACTICES = "meldingen", "praktijken"
# so many weeks still fit as columns with a number on each; more become lines
MOST_COLUMNS = 16
WIDE, NARROW = 680, 340
HEIGHT = 330
# of one bar with its space, for one of reports and one of practices
LINE_HEIGHT = 42
AROUND, AROUND_NARROW = 46, 66
FONT = 13
# a label on an axis is at least so wide, in pixels
LABEL_WIDTH = 58
# room for the name of a line at its end, or for the numbers of an axis
NAME_WIDTH = 92

# what a picture has no use for: scripts, and what they would show where the mouse points
_UNUSED = frozenset({"script", "desc", etree.Comment})
_HATCH = (
    '<pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><rect class="between" width="6" height="6"/>'
    '<path class="stripe" d="M1.5 0 V6"/></pattern>'
)
_LOOK = """
svg { --ground: #ffffff; --ink: #1b2326; --soft: #51606a; --line: #d4dadd; --bar: #0b5f6b; }
@media screen and (prefers-color-scheme: dark) {
  svg { --ground: #1b2327; --ink: #e8eef0; --soft: #aebbc2; --line: #36434a; --bar: #7fd0dc; }
}
@media print { svg { --ink: #000000; --soft: #000000; --line: #999999; --bar: #000000; } }
.background { fill: none; }
text { fill: var(--ink); }
.axis text { fill: var(--soft); }
.horizontal .axis text { fill: var(--ink); }
.axis path, .axis .guide.line, .axis .major.guide.line { stroke: var(--line); fill: none; }
.vertical .axis.x > path { stroke: none; }
.between { fill: var(--ground); }
.stripe { stroke: var(--bar); stroke-width: 3; }
.serie-0 .rect, .legend .color-0 { fill: var(--bar); stroke: var(--bar); }
.serie-1 .rect, .legend .color-1 { fill: url(#hatch); stroke: var(--bar); }
.serie-0 .line { stroke: var(--bar); stroke-width: 3; fill: none; }
.serie-1 .line { stroke: var(--bar); stroke-width: 2; stroke-dasharray: 5 4; fill: none; }
.serie-0 .dot { fill: var(--bar); stroke: var(--bar); }
.serie-1 .dot { fill: var(--ground); stroke: var(--bar); }
.horizontal .text-overlay text.value { text-anchor: start; }
.text-overlay text.label { font-weight: 600; transform: translate(6px, -6px); }
.text-overlay .serie-1 text.label { transform: translate(6px, 8px); }
"""


_FONT_FAMILY = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif'
_SIZED = ("label", "major_label", "value", "value_label", "legend")
_OPTIONS: dict[str, Any] = {
    "style": Style(font_family=_FONT_FAMILY, **{f"{part}_font_size": FONT for part in _SIZED}),
    "css": ("file://graph.css", f"inline:{_LOOK}"),
    "js": (),
    "defs": (_HATCH,),
    "no_prefix": True,
    "disable_xml_declaration": True,
    "print_values": True,
    "print_values_position": "top",
    "print_zeroes": False,
    "formatter": "{:.0f}".format,
    "legend_at_bottom": True,
    "legend_at_bottom_columns": 2,
    "legend_box_size": FONT,
    "truncate_label": -1,
    "truncate_legend": -1,
    "margin": 8,
    "spacing": 8,
}


@dataclass(frozen=True)
class Bar:
    """A pair of numbers and what it is called."""

    label: str
    reports: int
    practices: int


def per_week(title: str, weeks: Sequence[Bar], *, narrow: bool = False) -> bytes:
    """Weeks from left to right: columns, or lines for many; on a phone, bars below each other."""
    if len(weeks) > MOST_COLUMNS:
        return _lines(title, weeks, NARROW if narrow else WIDE)
    if narrow:
        return ranked(title, weeks, narrow=True)
    chart = pygal.Bar(
        **_OPTIONS,
        width=WIDE,
        height=HEIGHT,
        show_y_guides=False,
        show_y_labels=False,
        range=_range(weeks),
    )
    chart.x_labels = [week.label for week in weeks]
    return _drawn(chart, title, weeks)


def ranked(title: str, bars: Sequence[Bar], *, narrow: bool = False) -> bytes:
    """Bars below each other, in the order they are given."""
    chart = pygal.HorizontalBar(
        **{**_OPTIONS, "legend_at_bottom_columns": 1 if narrow else 2},
        width=NARROW if narrow else WIDE,
        height=(AROUND_NARROW if narrow else AROUND) + LINE_HEIGHT * max(len(bars), 1),
        show_x_guides=False,
        show_y_guides=False,
        show_x_labels=False,
        range=_range(bars),
    )
    # a bar chart on its side begins at the bottom
    chart.x_labels = [bar.label for bar in reversed(bars)]
    return _drawn(chart, title, list(reversed(bars)))


def _lines(title: str, weeks: Sequence[Bar], width: int) -> bytes:
    chart = pygal.Line(
        **{**_OPTIONS, "print_values": False, "show_legend": False},
        width=width,
        height=HEIGHT,
        print_labels=True,
        dots_size=1.5,
        show_minor_x_labels=False,
        include_x_axis=True,
        margin_right=NAME_WIDTH,
        range=_range(weeks),
    )
    chart.x_labels = [week.label for week in weeks]
    chart.x_labels_major_every = -(-len(weeks) * LABEL_WIDTH // (width - 2 * NAME_WIDTH))
    for name, values in _series(weeks):
        # its name stands at its end: whoever reads needs no legend
        chart.add(name, [*values[:-1], {"value": values[-1], "label": name}])
    return _bytes(chart, title)


def _range(bars: Sequence[Bar]) -> tuple[float, float]:
    """Room for the numbers at the end of the bars."""
    return 0, max([1, *(bar.reports for bar in bars)]) * 1.15


def _series(bars: Sequence[Bar]) -> tuple[tuple[str, list[int]], ...]:
    return (REPORTS, [bar.reports for bar in bars]), (PRACTICES, [bar.practices for bar in bars])


def _drawn(chart: Any, title: str, bars: Sequence[Bar]) -> bytes:
    for name, values in _series(bars):
        chart.add(name, values)
    return _bytes(chart, title)


def _bytes(chart: Any, title: str) -> bytes:
    drawing = chart.render_tree()
    for node in list(drawing.iter()):
        for child in list(node):
            if child.tag in _UNUSED or child.get("class") == "plot tooltip-overlay":
                node.remove(child)
    drawing.find("title").text = title
    drawn: bytes = etree.tostring(drawing, encoding="utf-8")
    return drawn
