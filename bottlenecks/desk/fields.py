"""Fields that several forms of the desk have."""

from typing import Any

from wtforms import SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget


def ticks(label: str, **more: Any) -> SelectMultipleField:
    """A field in which any number of choices is ticked; they are given later."""
    return SelectMultipleField(
        label,
        choices=[],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        **more,
    )
