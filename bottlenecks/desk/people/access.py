"""Who comes in without an account here: other programs with a key, practices with a link.

An administrator of some regions sees and revokes keys with no more regions than these, and links
that were made by who has no more.
"""

from datetime import timedelta

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from wtforms import SelectField, StringField
from wtforms.validators import DataRequired, Length

from bottlenecks.desk.context import DeskContext
from bottlenecks.desk.pages import Pages
from bottlenecks.desk.people.addresses import outside
from bottlenecks.desk.people.secret_page import Secret, show_once
from bottlenecks.desk.region_fields import RegionFields, in_words
from bottlenecks.desk.session import EXPIRED, Admin, DeskForm, Sent, form_for
from bottlenecks.roles import Officer
from bottlenecks.store import Work
from bottlenecks.store.invitations import InvitationView
from bottlenecks.store.tokens import TokenNameTakenError

ACCESS = "/beheer/toegang"
INVITATION_PATH = "/chat/uitnodiging/"
TELEGRAM_LINK = "https://t.me/{bot}?start={code}"
VALID = {"30": "1 maand", "92": "3 maanden", "366": "1 jaar"}


class KeyForm(RegionFields):
    """A new key for another program."""

    # it is kept in the audit log as api:name, which has room for so much
    name = StringField("Naam van het programma", [DataRequired("Vul een naam in."), Length(max=60)])


class InvitationForm(DeskForm):
    """A new private link for a practice."""

    practice = StringField("Praktijk", [DataRequired("Vul een praktijk in."), Length(max=200)])
    valid = SelectField("Geldig", choices=list(VALID.items()), default="92")


class RevokeForm(DeskForm):
    """Only the token against other sites."""


def router(desk: DeskContext, pages: Pages) -> APIRouter:
    """The page of keys and links."""
    routes = APIRouter()

    def links_of(work: Work, officer: Officer) -> list[InvitationView]:
        views = work.officers.all()
        makers = {one.officer.id for one in views if officer.scope.covers(one.officer.scope)}
        return [link for link in work.invitations.list() if link.created_by in makers]

    def page(
        request: Request,
        officer: Officer,
        *,
        keys: KeyForm | None = None,
        invitations: InvitationForm | None = None,
        status_code: int = 200,
    ) -> Response:
        key_form = keys or form_for(request, KeyForm).offering(desk.regions, officer.scope)
        with desk.database.reading() as work:
            tokens = [key for key in work.tokens.list() if officer.scope.covers(key.scope)]
            links = links_of(work, officer)
            makers = {key.created_by for key in tokens} | {link.created_by for link in links}
            names = work.officers.names(makers)
            now = work.now()
        return pages.show(
            request,
            "access.html",
            officer=officer,
            status_code=status_code,
            tokens=[token for token in tokens if token.revoked_at is None],
            old_tokens=[token for token in tokens if token.revoked_at is not None],
            links=[link for link in links if link.works_at(now)],
            old_links=[link for link in links if not link.works_at(now)],
            names=names,
            key_form=key_form,
            invitation_form=invitations or form_for(request, InvitationForm),
        )

    @routes.get(ACCESS)
    def show(request: Request, officer: Admin) -> Response:
        return page(request, officer)

    @routes.post(f"{ACCESS}/sleutels")
    def make_key(request: Request, officer: Admin, data: Sent) -> Response:
        form = form_for(request, KeyForm, data).offering(desk.regions, officer.scope)
        if not form.validate():
            return page(request, officer, keys=form, status_code=422)
        name, scope = str(form.name.data).strip(), form.scope()
        try:
            with desk.database.work() as work:
                key_id, key = work.tokens.make(name, scope, officer.id)
                work.audit.add(
                    officer.id,
                    "sleutel-gemaakt",
                    key_id,
                    naam=name,
                    regios=in_words(scope, desk.regions),
                )
        except TokenNameTakenError:
            form.name.errors = ["Er is al een sleutel met deze naam. Trek die eerst in."]
            return page(request, officer, keys=form, status_code=422)
        secret = Secret(
            heading=f"Sleutel voor {name}",
            label="Sleutel",
            value=key,
            explanation="Zet deze sleutel in het programma dat meldingen opvraagt, op "
            f"{outside(request, desk, '/api/v1/reports')}, in de regel Authorization: Bearer "
            "(sleutel). Wie de sleutel heeft, kan die meldingen lezen: deel hem dus niet via "
            "gewone mail.",
        )
        return show_once(
            request, pages, officer, secret, back=ACCESS, back_text="Klaar, naar toegang"
        )

    @routes.post(ACCESS + "/sleutels/{key_id}/intrekken")
    def revoke_key(request: Request, officer: Admin, data: Sent, key_id: str) -> Response:
        if not form_for(request, RevokeForm, data).validate():
            return pages.done(ACCESS, EXPIRED, kind="alarm")
        try:
            with desk.database.work() as work:
                key = work.tokens.revoke(key_id)
                if not officer.scope.covers(key.scope):
                    raise LookupError(key_id)  # which undoes it
                work.audit.add(officer.id, "sleutel-ingetrokken", key_id, naam=key.name)
        except LookupError as error:
            raise HTTPException(404) from error
        return pages.done(ACCESS, f"De sleutel van {key.name} werkt niet meer.")

    @routes.post(f"{ACCESS}/uitnodigingen")
    def invite(request: Request, officer: Admin, data: Sent) -> Response:
        form = form_for(request, InvitationForm, data)
        if not form.validate():
            return page(request, officer, invitations=form, status_code=422)
        practice, days = str(form.practice.data).strip(), int(form.valid.data)
        with desk.database.work() as work:
            token = work.invitations.make(practice, officer.id, timedelta(days=days))
            work.audit.add(
                officer.id, "uitnodiging-gemaakt", practice[:100], geldig=VALID[form.valid.data]
            )
        bot = desk.bot_name()
        secret = Secret(
            heading=f"Link voor {practice}",
            label="Link naar de chat",
            value=outside(request, desk, INVITATION_PATH + token),
            explanation=(
                "Stuur een van deze links naar de praktijk, of allebei. "
                if bot
                else "Stuur deze link naar de praktijk. "
            )
            + f"Iedereen in de praktijk kan hem gebruiken, {VALID[form.valid.data]} lang. Wie de "
            "link heeft, komt in de chat: zet hem dus niet op een website.",
            second=("Link naar de chat in Telegram", TELEGRAM_LINK.format(bot=bot, code=token))
            if bot
            else None,
        )
        return show_once(
            request, pages, officer, secret, back=ACCESS, back_text="Klaar, naar toegang"
        )

    @routes.post(ACCESS + "/uitnodigingen/{invitation_id}/intrekken")
    def revoke_invitation(
        request: Request, officer: Admin, data: Sent, invitation_id: str
    ) -> Response:
        if not form_for(request, RevokeForm, data).validate():
            return pages.done(ACCESS, EXPIRED, kind="alarm")
        with desk.database.work() as work:
            found = [link for link in links_of(work, officer) if link.id == invitation_id]
            if not found:
                raise HTTPException(404)
            [link] = found
            if work.invitations.revoke(invitation_id):
                work.audit.add(officer.id, "uitnodiging-ingetrokken", link.practice[:100])
        return pages.done(ACCESS, f"De link van {link.practice} werkt niet meer.")

    return routes
