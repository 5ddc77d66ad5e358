"""Renders the chat's pages and the fragments that are put into them."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.menu import MENU
from bot.web.blocks import linked
from bot.web.channel import PRIVACY_NOTICE
from bot.web.incoming import Sent
from bot.web.show import Shown
from dialogues.privacy_statement import Section

HERE = Path(__file__).parent
STATIC = HERE / "static"
EXAMPLES = (
    "Een praktijk valt weg, wat nu?",
    "Hoe vind ik thuiszorg?",
    "Wie coördineert het noodplan?",
    "Ik wil een knelpunt melden",
)
# history and codes stay out of caches; the back button fetches the page anew
NO_STORE = {"Cache-Control": "no-store"}


class Pages:
    """Renders with the templates of this folder."""

    def __init__(self) -> None:
        """Read the templates."""
        self._templates = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals["linked"] = linked
        self._templates.globals["version"] = _version()
        self._message = self._templates.get_template("chat_message.html").module

    def conversation(
        self, messages: Sequence[Shown], *, has_earlier: bool, is_known: bool, is_waiting: bool
    ) -> HTMLResponse:
        """The chat itself.

        `is_known`: something was said before; `is_waiting`: an answer is on its way.
        """
        return self._page(
            "chat.html",
            200,
            messages=[shown for shown in messages if not shown.is_left_out],
            last_id=messages[-1].id if messages else 0,
            has_earlier=has_earlier,
            is_known=is_known,
            is_waiting=is_waiting,
            menu=MENU,
            examples=EXAMPLES,
            privacy_notice=PRIVACY_NOTICE,
            form_id=uuid4().hex,
        )

    def earlier(self, messages: Sequence[Shown], *, has_earlier: bool) -> HTMLResponse:
        """Earlier messages as a page of their own, for browsers without scripts."""
        return self._page(
            "chat_earlier.html",
            200,
            messages=[shown for shown in messages if not shown.is_left_out],
            has_earlier=has_earlier,
            form_id=uuid4().hex,
        )

    def fragment(self, shown: Shown) -> str:
        """One message, to put into a page that is open."""
        # a template's macros are known only when it runs
        message: Any = self._message
        return str(message.message(shown, uuid4().hex))

    def invitation(self, token: str, practice: str) -> HTMLResponse:
        """The page that a private link opens."""
        return self._page("chat_invitation.html", 200, token=token, practice=practice)

    def privacy(self, sections: Sequence[Section]) -> HTMLResponse:
        """The privacy statement."""
        return self._page("privacy.html", 200, sections=sections)

    def problem(self, heading: str, text: str, status_code: int, *, link: str = "") -> HTMLResponse:
        """A page that says what is the matter; `link` leads back to the chat with this text."""
        return self._page("chat_problem.html", status_code, heading=heading, text=text, link=link)

    def again(
        self, heading: str, text: str, sent: Sent, status_code: int, *, link: str
    ) -> HTMLResponse:
        """A page with what was not taken, to send again; `link` leads back to the chat."""
        return self._page(
            "chat_slow.html", status_code, heading=heading, text=text, sent=sent, link=link
        )

    def _page(self, template: str, status_code: int, **values: object) -> HTMLResponse:
        html = self._templates.get_template(template).render(**values)
        return HTMLResponse(html, status_code, NO_STORE)


def _version() -> str:
    """Part of the addresses of static files, so that a browser never mixes two versions."""
    digest = hashlib.sha256()
    for path in sorted(STATIC.iterdir()):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
