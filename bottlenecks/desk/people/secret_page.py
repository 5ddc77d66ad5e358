"""The page that shows a password, key or link the only time that it can be shown."""

from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import Response

from bottlenecks.desk.pages import Pages
from bottlenecks.roles import Officer


@dataclass(frozen=True)
class Secret:
    """What is shown: `label` says what `value` is, `explanation` what to do with it."""

    heading: str
    label: str
    value: str
    explanation: str


def show_once(
    request: Request, pages: Pages, officer: Officer, secret: Secret, *, back: str, back_text: str
) -> Response:
    """Show `secret` as the answer to a form; nothing keeps it. `back` is where one goes on."""
    page = pages.show(
        request, "secret.html", officer=officer, secret=secret, back=back, back_text=back_text
    )
    page.headers["Cache-Control"] = "no-store"
    return page
