"""The page that shows a password, key or link the only time that it can be shown."""

from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import Response

from bottlenecks.desk.pages import Pages
from bottlenecks.roles import Officer


@dataclass(frozen=True)
class Secret:
    """What is shown: `label` says what `value` is, `explanation` what to do with it.

    `second`, when there is one, is another label and value.
    """

    heading: str
    label: str
    value: str
    explanation: str
    second: tuple[str, str] | None = None


def show_once(
    request: Request, pages: Pages, officer: Officer, secret: Secret, *, back: str, back_text: str
) -> Response:
    """Show `secret` as the answer to a form; nothing keeps it. `back` is where one goes on."""
    page = pages.show(
        request, "secret.html", officer=officer, secret=secret, back=back, back_text=back_text
    )
    page.headers["Cache-Control"] = "no-store"
    return page
