"""Who visits: known by a random cookie, and let in or not."""

import re
import secrets
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import Response

from bot.web.channel import CHANNEL
from bot.web.context import Access
from bottlenecks.store import Work

COOKIE = "regiowijzer_gesprek"
PATH = "/chat"
YEAR_S = 365 * 24 * 3600
TOKEN_BYTES = 32
_TOKEN = re.compile(r"[\w-]{43}", re.ASCII)


@dataclass(frozen=True)
class Visitor:
    """A browser. `account_id` is None while nothing was said; `admitted`: it may use the chat."""

    token: str
    account_id: str | None
    admitted: bool


def token_of(request: Request) -> str | None:
    """The token in the visitor's cookie; None when there is none, or none of ours."""
    token = request.cookies.get(COOKIE, "")
    return token if _TOKEN.fullmatch(token) else None


def new_token() -> str:
    """A token for a new visitor."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def visitor_of(work: Work, token: str, access: Access) -> Visitor:
    """The visitor with this token."""
    account_id = work.mailbox.account_of(CHANNEL, token)
    admitted = access == "open" or (account_id is not None and work.invitations.admits(account_id))
    return Visitor(token, account_id, admitted)


def is_let_in(work: Work, token: str, access: Access) -> bool:
    """Whether the visitor with this token may use the chat."""
    return access == "open" or visitor_of(work, token, access).admitted


def remember(response: Response, token: str, *, secure: bool) -> None:
    """Have the browser keep the token for a year from now."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=YEAR_S,
        path=PATH,
        httponly=True,
        samesite="lax",
        secure=secure,
    )
