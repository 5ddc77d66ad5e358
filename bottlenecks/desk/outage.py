"""What officers see while the database cannot be used: what they typed, to send once more."""

import logging
from collections.abc import Awaitable, Callable

from fastapi import Request
from fastapi.responses import Response

from bottlenecks.desk.pages import Pages
from bottlenecks.store.outage import is_outage

LOGGER = logging.getLogger(__name__)

HEADING = "Even geen verbinding met de gegevens"
SENT_AGAIN = "Wat je invulde is nog niet bewaard. Wacht een minuut en verstuur het dan opnieuw."
GO_BACK = "Wat je invulde is niet bewaard. Wacht een minuut, ga terug en vul het opnieuw in."
NOT_SHOWN = "Wacht een minuut en open de pagina dan opnieuw."
RETRY_AFTER_S = "60"
# fields of the forms to sign in and to choose a password
SECRETS = frozenset({"password", "current", "new", "again"})


def handler(pages: Pages) -> Callable[[Request, Exception], Awaitable[Response]]:
    """Handles errors of the database; what is no outage goes on to whoever handles the rest."""

    async def unavailable(request: Request, error: Exception) -> Response:
        if not is_outage(error):
            raise error
        LOGGER.error("the database cannot be used", exc_info=error)
        fields, complete = await _sent(request)
        sent = request.method == "POST"
        response = pages.show(
            request,
            "outage.html",
            status_code=503,
            heading=HEADING,
            text=(SENT_AGAIN if complete else GO_BACK) if sent else NOT_SHOWN,
            fields=fields if complete else [],
            sends=sent and complete,
        )
        response.headers["Retry-After"] = RETRY_AFTER_S
        return response

    return unavailable


async def _sent(request: Request) -> tuple[list[tuple[str, str]], bool]:
    """The fields of a form, and whether it can be sent again with these alone.

    Not so with a file, which a page cannot put back, or a password, which stands in no page.
    """
    if request.method != "POST":
        return [], True
    form = await request.form()
    fields = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
    files = len(fields) < len(form.multi_items())
    return fields, not files and not SECRETS & set(form)
