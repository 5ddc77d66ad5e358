"""What goes over the line to a Bot API: parameters, keyboards, errors."""

import json
from typing import Any

from aiohttp import web

from tests.telegram_users import Json


class Refused(Exception):
    """An answer with an error."""

    def __init__(self, code: int, description: str, retry_after: int | None = None) -> None:
        """`retry_after` goes with 429."""
        super().__init__(description)
        self.code = code
        self.body: Json = {"ok": False, "error_code": code, "description": description}
        if retry_after is not None:
            self.body["parameters"] = {"retry_after": retry_after}


def read_parameter(value: str | web.FileField) -> Any:
    """A parameter: JSON objects and lists are sent as text; a file is its name and content."""
    if isinstance(value, web.FileField):
        return value.filename, value.file.read()
    return json.loads(value) if value[:2] in ('{"', '["', "[{", "[]", "{}") else value


def read_buttons(markup: Any) -> dict[str, str]:
    """Labels and values of a keyboard, checked as Telegram does."""
    buttons: dict[str, str] = {}
    for row in (markup or {}).get("inline_keyboard", []):
        for button in row:
            if not str(button.get("text", "")).strip():
                raise Refused(400, "Bad Request: text buttons are unallowed in the inline keyboard")
            if not 0 < len(button["callback_data"].encode()) <= 64:
                raise Refused(400, "Bad Request: BUTTON_DATA_INVALID")
            buttons[button["text"]] = button["callback_data"]
    return buttons
