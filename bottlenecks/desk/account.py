"""One's own account: who one is here, and one's own password."""

from fastapi import APIRouter, Request
from fastapi.responses import Response
from wtforms import PasswordField
from wtforms.validators import InputRequired

from bottlenecks import passwords
from bottlenecks.desk.addresses import address_of
from bottlenecks.desk.context import DeskContext
from bottlenecks.desk.pages import Pages
from bottlenecks.desk.session import DeskForm, Sent, SignedIn, form_for, keep_signed_in
from bottlenecks.desk.signing_in import good_new_password, note_throttled
from bottlenecks.desk.throttle import Throttle
from bottlenecks.roles import ROLE_LABELS, Officer

ACCOUNT = "/beheer/account"


class PasswordForm(DeskForm):
    """A new password, and the one of now to show that it is oneself."""

    current = PasswordField("Wachtwoord van nu", [InputRequired("Vul je wachtwoord van nu in.")])
    new = PasswordField("Nieuw wachtwoord", [InputRequired("Kies een nieuw wachtwoord.")])
    again = PasswordField(
        "Nieuw wachtwoord nog een keer", [InputRequired("Typ het nieuwe wachtwoord nog een keer.")]
    )


def router(desk: DeskContext, pages: Pages) -> APIRouter:
    """The page of one's own account."""
    routes = APIRouter()
    throttle = Throttle()

    def page(
        request: Request, officer: Officer, form: PasswordForm, status_code: int = 200
    ) -> Response:
        with desk.database.reading() as work:
            view = work.officers.get(officer.id)
        return pages.show(
            request,
            "account.html",
            officer=officer,
            status_code=status_code,
            form=form,
            view=view,
            role_label=ROLE_LABELS[officer.role],
            oidc=desk.oidc,
            min_length=passwords.MIN_LENGTH,
        )

    @routes.get(ACCOUNT)
    def show(request: Request, officer: SignedIn) -> Response:
        return page(request, officer, form_for(request, PasswordForm))

    @routes.post(ACCOUNT)
    def change_password(request: Request, officer: SignedIn, data: Sent) -> Response:
        form = form_for(request, PasswordForm, data)
        if not form.validate():
            return page(request, officer, form, 422)
        wait = throttle.attempt(officer.id, address_of(request))
        if wait is not None:
            note_throttled(desk, officer.login, address_of(request), wait)
            form.current.errors = [wait.in_words()]
            return page(request, officer, form, 429)
        with desk.database.reading() as work:
            found = work.officers.password_of(officer.login)
            now = work.now()
        if not passwords.verify(str(form.current.data), found[1] if found else None, now):
            form.current.errors = ["Dit is niet je wachtwoord van nu."]
            return page(request, officer, form, 422)
        throttle.succeeded(officer.id)
        if not good_new_password(form, officer.login, officer.name):
            return page(request, officer, form, 422)
        with desk.database.work() as work:
            work.officers.set_password(officer.id, passwords.hash_password(str(form.new.data)))
            work.audit.add(officer.id, "wachtwoord-gewijzigd", officer.id)
            token = work.officers.sign_in(officer.id)
        response = pages.done(
            ACCOUNT, "Je wachtwoord is gewijzigd. Op andere apparaten ben je uitgelogd."
        )
        keep_signed_in(response, desk, token)
        return response

    return routes
