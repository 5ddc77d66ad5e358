"""The pictures of docs/capacity.md: SVG without scripts, on white so that any page can show it."""

from collections.abc import Sequence
from typing import Any

import pygal
from pygal.etree import etree

from tools.capacity.search import Found
from tools.picture_style import FAMILY, style

WIDTH, HEIGHT = 800, 420
FONT = 14
COLOURS = ("#0b5f6b", "#b4540a", "#5b3a8c", "#8a1c2c")
# lines differ in their dashes as well, for who does not see the colours
DASHES = ("none", "9 5", "3 4", "12 4 3 4")
_UNUSED = frozenset({"script", "desc", etree.Comment})
_SIZED = ("label", "major_label", "value", "value_label", "legend", "title")
_LOOK = "\n".join(
    f".graph .serie-{number} .line {{ stroke-width: 2.5; stroke-dasharray: {dashes}; }}"
    for number, dashes in enumerate(DASHES)
)


def waiting(found: Sequence[Found], wanted_s: float) -> bytes:
    """p95 of the busiest five minutes by number of workers, a line per number of practices."""
    most = max(row.workers for one in found for row in one.rows)
    chart = _chart(
        "p95 of answers in the busiest five minutes, by number of workers",
        x_title="workers",
        y_title="seconds",
        logarithmic=True,
        # the library's own labels of a logarithmic axis overlap
        y_labels=[0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000],
        columns=len(found) + 1,
        formatter="{:.3g} s".format,
    )
    chart.x_labels = [str(number) for number in range(1, most + 1)]
    for one in found:
        values: list[float | None] = [row.mean("busiest") for row in one.rows]
        chart.add(f"{one.practices:,} practices", values + [None] * (most - len(values)))
    chart.add(f"wanted: {wanted_s:g} s", [wanted_s] * most, show_dots=False)
    return _bytes(chart)


def minutes(found: Found, telegram_per_s: float, worker_per_s: float) -> bytes:
    """Messages per second over the peak, beside what Telegram and the workers can take."""
    row = found.enough or found.rows[-1]
    chart = _chart(
        f"Messages per second from 8:00, {found.practices:,} practices, {row.workers} workers",
        x_title="minutes after 8:00",
        y_title="per second",
        formatter="{:.0f}".format,
        range=None,
    )
    come = _mean([run.per_s for run in row.runs])
    told = _mean([run.telegram_per_s for run in row.runs])
    number = len(come)
    chart.x_labels = [str(minute) for minute in range(number)]
    chart.x_labels_major_every = 10
    chart.show_minor_x_labels = False
    chart.add("messages that come in", come, show_dots=False)
    chart.add("answers for Telegram", told, show_dots=False)
    chart.add("Telegram's limit, one bot", [telegram_per_s] * number, show_dots=False)
    full = row.workers * worker_per_s
    chart.add(f"what {row.workers} workers can do", [full] * number, show_dots=False)
    return _bytes(chart)


def _mean(runs: Sequence[Sequence[float]]) -> list[float]:
    return [sum(values) / len(values) for values in zip(*runs, strict=True)]


def _chart(title: str, *, columns: int = 2, **options: Any) -> Any:
    look = style(
        COLOURS,
        legend_font_family=FAMILY,
        **{f"{part}_font_size": FONT for part in _SIZED},
    )
    return pygal.Line(
        title=title,
        style=look,
        css=("file://style.css", "file://graph.css", f"inline:{_LOOK}"),
        js=(),
        no_prefix=True,
        disable_xml_declaration=True,
        width=WIDTH,
        height=HEIGHT,
        dots_size=3,
        legend_at_bottom=True,
        legend_at_bottom_columns=columns,
        truncate_legend=-1,
        truncate_label=-1,
        margin=12,
        **options,
    )


def _bytes(chart: Any) -> bytes:
    drawing = chart.render_tree()
    for node in list(drawing.iter()):
        for child in list(node):
            if child.tag in _UNUSED or child.get("class") == "plot tooltip-overlay":
                node.remove(child)
    drawn: bytes = etree.tostring(drawing, encoding="utf-8")
    return drawn + b"\n"
