"""Addresses: where a request comes from, where one may go, how the outside reaches us."""

import re

from fastapi import Request

from bottlenecks.desk.context import DeskContext

START = "/beheer/meldingen"
# no page to go to after login: the login page itself, and what only a form is sent to
_OURS = re.compile(r"/beheer/(?!inloggen|uitloggen|oidc)[\w\-./]+(\?[\w\-.~%&=+:,;@!*'()/]*)?")


def local_path(wanted: str) -> str:
    """The page to go to after login: `wanted` if it is one of ours, else the reports."""
    ours = _OURS.fullmatch(wanted) and "//" not in wanted and ".." not in wanted
    return wanted if ours else START


def address_of(request: Request) -> str:
    """The network address that a request comes from."""
    return request.client.host if request.client else ""


def outside(request: Request, desk: DeskContext, path: str) -> str:
    """The whole URL by which whoever made this request reaches `path`."""
    url = request.base_url.replace(path=path)
    # with secure cookies, a proxy in front of us takes care of https
    return str(url.replace(scheme="https") if desk.secure_cookies else url)
