"""Logging in with a password, choosing one's own after a one-time password, and logging out."""

import hmac
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from itsdangerous import BadSignature, URLSafeTimedSerializer
from wtforms import EmailField, HiddenField, PasswordField
from wtforms.validators import InputRequired, Length

from bottlenecks import passwords
from bottlenecks.desk.context import DeskContext
from bottlenecks.desk.pages import Pages
from bottlenecks.desk.people.addresses import START, address_of, local_path
from bottlenecks.desk.people.audit_words import NOBODY
from bottlenecks.desk.people.throttle import Throttle, Wait
from bottlenecks.desk.session import (
    EXPIRED,
    DeskForm,
    Sent,
    SignedOutError,
    forget,
    form_for,
    keep_signed_in,
    signed_in,
    token_of,
)

LOGIN = "/beheer/inloggen"
CHOOSE = "/beheer/inloggen/wachtwoord"
TICKET_SECONDS = 900
WRONG = "Het e-mailadres of het wachtwoord klopt niet."


class LoginForm(DeskForm):
    """Who signs in."""

    login = EmailField("E-mailadres", [InputRequired("Vul je e-mailadres in."), Length(max=200)])
    password = PasswordField("Wachtwoord", [InputRequired("Vul je wachtwoord in.")])
    wanted = HiddenField(name="naar")


class ChooseForm(DeskForm):
    """A password of one's own, after a one-time one."""

    new = PasswordField("Nieuw wachtwoord", [InputRequired("Kies een wachtwoord.")])
    again = PasswordField(
        "Nog een keer", [InputRequired("Typ het nieuwe wachtwoord nog een keer.")]
    )
    ticket = HiddenField()
    wanted = HiddenField(name="naar")


class LogoutForm(DeskForm):
    """Only the token against other sites."""


def enter(request: Request, desk: DeskContext, officer_id: str, wanted: str, how: str) -> Response:
    """Sign an officer in here, with a token that nobody had before, and go to `wanted`.

    `how` is kept in the audit log: "wachtwoord" or "organisatie".
    """
    with desk.database.work() as work:
        work.officers.sign_out(token_of(request))
        token = work.officers.sign_in(officer_id)
        work.audit.add(officer_id, "ingelogd", officer_id, manier=how)
    response = RedirectResponse(local_path(wanted), status_code=303)
    keep_signed_in(response, desk, token)
    return response


def note_throttled(desk: DeskContext, login: str, address: str, wait: Wait) -> None:
    """Keep in the audit log that someone tried too often."""
    if wait.first:
        with desk.database.work() as work:
            found = work.officers.password_of(login)
            subject = found[0] if found else "onbekend"
            work.audit.add(NOBODY, "inloggen-geremd", subject, om=wait.kind, adres=address)


def router(desk: DeskContext, pages: Pages) -> APIRouter:
    """The pages on which one comes in and goes out."""
    routes = APIRouter()
    throttle = Throttle()
    secret = desk.cipher.hash_id("desk", "choose password")
    tickets = URLSafeTimedSerializer(secret, salt="choose password")

    def login_page(
        request: Request, form: LoginForm, *, status_code: int = 200, **values: Any
    ) -> Response:
        with desk.database.reading() as work:
            nobody_yet = not work.officers.all()
        values.setdefault("was_away", False)
        values.setdefault("typed", False)
        return pages.show(
            request,
            "login.html",
            status_code=status_code,
            form=form,
            oidc=desk.oidc,
            nobody_yet=nobody_yet,
            **values,
        )

    def choose_page(request: Request, form: ChooseForm, status_code: int = 200) -> Response:
        return pages.show(
            request,
            "choose_password.html",
            status_code=status_code,
            form=form,
            min_length=passwords.MIN_LENGTH,
        )

    @routes.get(LOGIN)
    def ask(request: Request, naar: str = "", typte: str = "") -> Response:
        if is_in(request):
            return RedirectResponse(local_path(naar), status_code=303)
        # a cookie that opens nothing any more: whoever has it was signed in here before
        was_away = bool(token_of(request))
        form = form_for(request, LoginForm, wanted=naar)
        return login_page(request, form, was_away=was_away, typed=bool(typte))

    @routes.post(LOGIN)
    def log_in(request: Request, data: Sent) -> Response:
        form = form_for(request, LoginForm, data)
        if not form.validate():
            if "csrf_token" in form.errors and is_in(request):
                # they came in through another tab while this one stood open
                return RedirectResponse(local_path(str(form.wanted.data or "")), status_code=303)
            return login_page(request, form, status_code=422)
        login, password = str(form.login.data), str(form.password.data)
        account, address = desk.cipher.hash_id("login", login.strip().lower()), address_of(request)
        wait = throttle.attempt(account, address)
        if wait is not None:
            note_throttled(desk, login, address, wait)
            page = login_page(request, form, status_code=429, wrong=wait.in_words())
            page.headers["Retry-After"] = str(wait.seconds)
            return page
        with desk.database.reading() as work:
            found = work.officers.password_of(login)
            now = work.now()
        officer_id, stored = found or ("onbekend", None)
        if not passwords.verify(password, stored, now) or stored is None:
            with desk.database.work() as work:
                work.audit.add(NOBODY, "inloggen-mislukt", officer_id, adres=address)
            return login_page(request, form, status_code=422, wrong=WRONG)
        throttle.succeeded(account, address)
        wanted = str(form.wanted.data or "")
        if passwords.is_once(stored):
            ticket = tickets.dumps({"login": login, "mark": mark(stored)})
            chosen = form_for(request, ChooseForm, ticket=ticket, wanted=wanted)
            return choose_page(request, chosen)
        if passwords.needs_rehash(stored):
            with desk.database.work() as work:
                work.officers.set_password(officer_id, passwords.hash_password(password))
        return enter(request, desk, officer_id, wanted, "wachtwoord")

    @routes.post(CHOOSE)
    def choose(request: Request, data: Sent) -> Response:
        form = form_for(request, ChooseForm, data)
        sent = form.validate()
        try:
            ticket = tickets.loads(str(form.ticket.data or ""), max_age=TICKET_SECONDS)
        except BadSignature:
            return pages.done(LOGIN, "Dat duurde te lang. Log opnieuw in.", kind="warn")
        with desk.database.reading() as work:
            found = work.officers.password_of(ticket["login"])
            view = work.officers.get(found[0]) if found else None
        # a ticket is worthless once the one-time password is replaced
        if view is None or found is None or found[1] is None or mark(found[1]) != ticket["mark"]:
            return pages.done(LOGIN, "Log opnieuw in.", kind="warn")
        if not sent or not good_new_password(form, view.officer.login, view.officer.name):
            return choose_page(request, form, 422)
        with desk.database.work() as work:
            work.officers.set_password(view.officer.id, passwords.hash_password(str(form.new.data)))
            work.audit.add(view.officer.id, "wachtwoord-gewijzigd", view.officer.id)
        return enter(request, desk, view.officer.id, str(form.wanted.data or ""), "wachtwoord")

    @routes.get(CHOOSE)
    def begin_again() -> Response:
        return RedirectResponse(LOGIN, status_code=303)

    @routes.post("/beheer/uitloggen")
    def log_out(request: Request, data: Sent) -> Response:
        try:
            officer = signed_in(request)
        except SignedOutError:
            return RedirectResponse(LOGIN, status_code=303)
        if not form_for(request, LogoutForm, data).validate():
            return pages.done(START, EXPIRED, kind="alarm")
        with desk.database.work() as work:
            work.officers.sign_out(token_of(request))
            work.audit.add(officer.id, "uitgelogd", officer.id)
        response = pages.done(LOGIN, "Je bent uitgelogd.")
        forget(response, desk)
        return response

    def mark(stored: str) -> str:
        return desk.cipher.hash_id("stored password", stored)

    return routes


def is_in(request: Request) -> bool:
    """Whether somebody is signed in in this browser."""
    try:
        signed_in(request)
    except SignedOutError:
        return False
    return True


def good_new_password(form: Any, login: str, name: str) -> bool:
    """Whether `form.new` is good enough and `form.again` the same; adds what is wrong to them."""
    weak = passwords.weakness(str(form.new.data or ""), login, name)
    if weak is not None:
        form.new.errors = [*form.new.errors, weak.value]
    elif not hmac.compare_digest(str(form.new.data).encode(), str(form.again.data).encode()):
        form.again.errors = [*form.again.errors, "Dit is niet hetzelfde als hierboven."]
    return not form.errors
