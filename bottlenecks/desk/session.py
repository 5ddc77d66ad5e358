"""Who is signed in: the cookie, what a page asks of its visitor, and forms that are safe."""

import hmac
from collections.abc import Callable
from typing import Annotated, Any, ClassVar, TypeVar

from fastapi import Depends, Request
from fastapi.responses import Response
from starlette.datastructures import FormData
from wtforms import Form
from wtforms.csrf.core import CSRF
from wtforms.csrf.core import CSRFTokenField as TokenField
from wtforms.validators import ValidationError

from bottlenecks.desk.context import DeskContext
from bottlenecks.roles import Officer, Role
from bottlenecks.store.officers import LONGEST

AnyForm = TypeVar("AnyForm", bound="DeskForm")
EXPIRED = "Deze pagina stond te lang open. Wat je invulde, staat er nog: stuur het opnieuw."


class SignedOutError(Exception):
    """Nobody is signed in here (any more): the visitor goes to the login page."""


class ForbiddenError(Exception):
    """The officer may not see or do this; the message is for them, in Dutch."""


def desk_of(request: Request) -> DeskContext:
    """The desk that this application serves."""
    desk: DeskContext = request.app.state.desk
    return desk


def cookie_name(desk: DeskContext) -> str:
    """The cookie's name; browsers keep the prefix from being set by another site or over http."""
    return "__Host-regiowijzer" if desk.secure_cookies else "regiowijzer_beheer"


def keep_signed_in(response: Response, desk: DeskContext, token: str) -> None:
    """Put the token of a session in the browser."""
    response.set_cookie(
        cookie_name(desk),
        token,
        max_age=int(LONGEST.total_seconds()),
        path="/",
        httponly=True,
        samesite="lax",
        secure=desk.secure_cookies,
    )


def forget(response: Response, desk: DeskContext) -> None:
    """Take the token out of the browser."""
    response.delete_cookie(
        cookie_name(desk), path="/", httponly=True, samesite="lax", secure=desk.secure_cookies
    )


def token_of(request: Request) -> str:
    """The token in the browser's cookie; empty when there is none."""
    return request.cookies.get(cookie_name(desk_of(request)), "")


def signed_in(request: Request) -> Officer:
    """Who is signed in; a FastAPI dependency.

    Raises:
        SignedOutError: nobody, or the session is over.
    """
    desk, token = desk_of(request), token_of(request)
    if not token:
        raise SignedOutError
    with desk.database.reading() as work:
        found = work.officers.signed_in(token)
    if found is None:
        raise SignedOutError
    officer, note = found
    if note:
        with desk.database.work() as work:
            work.officers.seen(token)
    return officer


SignedIn = Annotated[Officer, Depends(signed_in)]


def at_least(role: Role) -> Callable[..., Officer]:
    """A FastAPI dependency: who is signed in, if they may do what `role` may.

    Raises:
        SignedOutError, ForbiddenError: from the dependency.
    """

    def check(officer: SignedIn) -> Officer:
        if not officer.may(role):
            raise ForbiddenError(f"Dit mag alleen een {role.value}.")
        return officer

    return check


async def form_data(request: Request) -> FormData:
    """What a form sent; a FastAPI dependency, so that pages can be plain functions.

    Files are left out: no page takes one. So are characters that a database refuses.
    """
    form = await request.form()
    return FormData(
        [
            (name, value.replace("\x00", "").encode("utf-8", "replace").decode("utf-8"))
            for name, value in form.multi_items()
            if isinstance(value, str)
        ]
    )


# what pages ask for: who looks, if they may, and what a form sent
Handler = Annotated[Officer, Depends(at_least(Role.HANDLER))]
Admin = Annotated[Officer, Depends(at_least(Role.ADMIN))]
Sent = Annotated[FormData, Depends(form_data)]


class _SessionCsrf(CSRF):
    """A token that only a page of this session can hold: a keyed hash of the session's own."""

    expected: str

    def setup_form(self, form: Any) -> Any:
        self.expected = form.meta.csrf_context
        return super().setup_form(form)

    def generate_csrf_token(self, csrf_token_field: TokenField) -> str:
        return self.expected

    def validate_csrf_token(self, form: Any, field: TokenField) -> None:
        if not hmac.compare_digest(str(field.data or "").encode(), self.expected.encode()):
            raise ValidationError(EXPIRED)


class DeskForm(Form):
    """A form of the desk: Dutch messages, and refused when another site made the browser send it.

    Make it with `form_for`; in a template, `{{ form.csrf_token }}` must be inside the form.
    """

    class Meta:
        """What WTForms reads."""

        csrf = True
        csrf_class = _SessionCsrf
        csrf_field_name = "csrf_token"
        locales: ClassVar[list[str]] = ["nl"]


def form_for(
    request: Request, kind: type[AnyForm], data: FormData | None = None, **values: Any
) -> AnyForm:
    """A form of this kind; filled from `data` when it was sent, else from `values`."""
    return kind(data, data=values or None, meta={"csrf_context": csrf_token(request)})


def csrf_token(request: Request) -> str:
    """What the forms of this browser must hold: only our own pages can know it."""
    return desk_of(request).cipher.hash_id("csrf", token_of(request) or "signed out")
