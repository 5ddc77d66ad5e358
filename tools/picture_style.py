"""How the pictures in docs/ look: dark text on white, in the fonts of whoever reads them."""

from collections.abc import Sequence
from typing import Any

from pygal.style import Style

FAMILY = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif'
DARK = "#1b2326"


def style(colours: Sequence[str], **more: Any) -> Style:
    """A style for pygal with these colours for what is drawn, and more of pygal's own settings."""
    return Style(
        background="#ffffff",
        plot_background="#ffffff",
        foreground=DARK,
        foreground_strong=DARK,
        foreground_subtle="#51606a",
        colors=tuple(colours),
        font_family=FAMILY,
        title_font_family=FAMILY,
        **more,
    )
