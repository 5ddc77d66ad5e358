"""The pictures of a run, as SVG without scripts."""

import math
from collections.abc import Callable
from typing import Any

import pygal
from pygal.etree import etree

from tools.bench.results import Bench, Level
from tools.picture_style import DARK, style

WIDTH, HEIGHT = 1100, 440
# Rasa's server in greys, ours from light to dark: told apart without seeing colour
COLOURS = ("#b9b9b9", "#7d7d7d", "#8ecfd8", "#1d93a3", "#0a4a53")
FONT = 12
_SIZED = ("label", "major_label", "value", "value_label", "legend", "no_data")


def throughput(bench: Bench) -> bytes:
    """Messages per second, by setup and load."""
    chart = pygal.Bar(
        **_options(bench, "Messages per second (higher is better)"), show_y_guides=False
    )
    return _drawn(chart, bench, lambda level: level.per_second)


def p95(bench: Bench) -> bytes:
    """Within what time 95% of the messages was answered; each line is ten times the one below."""
    title = "Time in which 95% is answered, ms (lower is better; logarithmic)"
    most = max((one.p95_ms or 1 for setup in bench.setups for one in setup.levels), default=1)
    top = math.ceil(math.log10(most))
    powers = [10**power for power in range(top + 1)]
    chart = pygal.Bar(
        **_options(bench, title),
        logarithmic=True,
        show_y_guides=False,
        range=(1, 10**top),
        y_labels=[{"value": v, "label": _written(v)} for v in powers],
        # where bars begin
        zero=1,
    )
    return _drawn(chart, bench, lambda level: level.p95_ms)


def _options(bench: Bench, title: str) -> dict[str, Any]:
    ran = [setup.number for setup in bench.setups if setup.levels]
    return {
        "style": style(
            [COLOURS[number - 1] for number in ran],
            opacity="1",
            opacity_hover="1",
            title_font_size=16,
            value_colors=(DARK,) * len(COLOURS),
            **{f"{part}_font_size": FONT for part in _SIZED},
        ),
        "title": title,
        "width": WIDTH,
        "height": HEIGHT,
        "js": (),
        "no_prefix": True,
        "print_values": True,
        "print_values_position": "top",
        "legend_at_bottom": True,
        "legend_at_bottom_columns": 2,
        "truncate_legend": -1,
        "truncate_label": -1,
        "spacing": 20,
        "margin": 16,
        "formatter": _written,
    }


def _drawn(chart: Any, bench: Bench, value: Callable[[Level], float | None]) -> bytes:
    loads = sorted(
        {(one.think_s, one.conversations) for setup in bench.setups for one in setup.levels}
    )
    chart.x_labels = [
        f"{number:,} at once" if not think_s else f"{number:,}, {think_s:.0f} s to think"
        for think_s, number in loads
    ]
    for setup in bench.setups:
        if not setup.levels:
            continue
        levels = [setup.level(number, think_s) for think_s, number in loads]
        values = [None if level is None else value(level) for level in levels]
        chart.add(f"({setup.number}) {setup.name}", values)
    chart.add_xml_filter(_without_scripts)
    drawn: bytes = chart.render()
    return drawn


def _without_scripts(root: Any) -> Any:
    """A picture has no use for scripts, nor for what they would show where the mouse points."""
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in ("script", "desc", etree.Comment):
                parent.remove(child)
    return root


def _written(value: float | None) -> str:
    if value is None:
        return ""
    if value >= 1_000:
        return (
            f"{value / 1_000:.0f} s"
            if value >= 10_000 or not value % 1_000
            else f"{value / 1_000:.1f} s"
        )
    return f"{value:.1f}" if value < 10 and value % 1 else f"{value:.0f}"
