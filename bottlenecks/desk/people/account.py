"""One's own account: who one is here, one's own password, and one's own chat."""

import math

from fastapi import APIRouter, Request
from fastapi.responses import Response
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired

from bottlenecks import passwords
from bottlenecks.desk.context import DeskContext
from bottlenecks.desk.pages import Pages
from bottlenecks.desk.people.addresses import address_of
from bottlenecks.desk.people.signing_in import good_new_password, note_throttled
from bottlenecks.desk.people.throttle import PER_PLACE, Throttle
from bottlenecks.desk.session import (
    EXPIRED,
    DeskForm,
    Sent,
    SignedIn,
    form_for,
    keep_signed_in,
)
from bottlenecks.notices import Notice
from bottlenecks.roles import ROLE_LABELS, Officer
from bottlenecks.signals import TELEGRAM
from bottlenecks.store.codes import code_in

ACCOUNT = "/beheer/account"
WRONG_CODE = (
    "Deze code werkt niet. Een code is een kwartier geldig en werkt één keer. "
    'Typ "koppel" in Telegram voor een nieuwe.'
)
NOT_TELEGRAM = (
    "Deze code komt niet uit Telegram. Signalen gaan naar Telegram: vraag de code daar aan."
)
LINKED = (
    "Dit gesprek is gekoppeld aan het account van {name} in beheer. Hier komen vanaf nu ook "
    "signalen. Was jij dat niet? Neem dan contact op met je regio-organisatie (RHO)."
)


class PasswordForm(DeskForm):
    """A new password, and the one of now to show that it is oneself."""

    current = PasswordField("Wachtwoord van nu", [InputRequired("Vul je wachtwoord van nu in.")])
    new = PasswordField("Nieuw wachtwoord", [InputRequired("Kies een nieuw wachtwoord.")])
    again = PasswordField(
        "Nieuw wachtwoord nog een keer", [InputRequired("Typ het nieuwe wachtwoord nog een keer.")]
    )


class LinkForm(DeskForm):
    """The code that the chat gave."""

    code = StringField("Code uit Telegram", [InputRequired("Vul de code in.")])


def router(desk: DeskContext, pages: Pages) -> APIRouter:
    """The page of one's own account."""
    routes = APIRouter()
    # whoever is held up here is signed in already: no need to let more through from elsewhere
    throttle, guesses = Throttle(per_account=PER_PLACE), Throttle(per_account=PER_PLACE)

    def page(
        request: Request,
        officer: Officer,
        form: PasswordForm,
        status_code: int = 200,
        link: LinkForm | None = None,
    ) -> Response:
        with desk.database.reading() as work:
            view = work.officers.get(officer.id)
        return pages.show(
            request,
            "account.html",
            officer=officer,
            status_code=status_code,
            form=form,
            link=link or form_for(request, LinkForm),
            telegram=desk.telegram,
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
        throttle.succeeded(officer.id, address_of(request))
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

    @routes.post(ACCOUNT + "/koppelen")
    def link_chat(request: Request, officer: SignedIn, data: Sent) -> Response:
        form = form_for(request, LinkForm, data)

        def refused(told: str, status_code: int = 422) -> Response:
            form.code.errors = [told]
            return page(request, officer, form_for(request, PasswordForm), status_code, form)

        if not form.validate():
            return page(request, officer, form_for(request, PasswordForm), 422, form)
        wait = guesses.attempt(officer.id, address_of(request))
        if wait is not None:
            minutes = math.ceil(wait.seconds / 60)
            unit = "minuut" if minutes == 1 else "minuten"
            return refused(f"Er is te vaak een code geprobeerd. Wacht {minutes} {unit}.", 429)
        code = code_in(str(form.code.data))
        with desk.database.work() as work:
            found = work.codes.look_up(code) if code else None
            if code is None or found is None or found.run_id is not None:
                return refused(WRONG_CODE)
            chat = work.accounts.on_channel(found.person_id, TELEGRAM)
            if chat is None:
                return refused(NOT_TELEGRAM)
            work.codes.use(code)
            work.officers.link(officer.id, found.person_id)
            work.outbox.add(chat, desk.as_payload(Notice(LINKED.format(name=officer.name))))
            work.audit.add(officer.id, "chat-gekoppeld", officer.id)
        guesses.succeeded(officer.id, address_of(request))
        desk.wake()
        return pages.done(ACCOUNT, "Telegram is gekoppeld. Je krijgt daar nu een bericht.")

    @routes.post(ACCOUNT + "/ontkoppelen")
    def unlink_chat(request: Request, officer: SignedIn, data: Sent) -> Response:
        if not form_for(request, DeskForm, data).validate():
            return pages.done(ACCOUNT, EXPIRED, kind="alarm")
        with desk.database.work() as work:
            work.officers.link(officer.id, None)
            work.audit.add(officer.id, "chat-ontkoppeld", officer.id)
        return pages.done(ACCOUNT, "Telegram is ontkoppeld. Je krijgt daar geen signalen meer.")

    return routes
