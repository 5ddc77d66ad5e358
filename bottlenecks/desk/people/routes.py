"""Who works at the desk: their role, their regions, and their way in."""

import re
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from wtforms import BooleanField, EmailField, RadioField, StringField
from wtforms.validators import DataRequired, Length, Regexp

from bottlenecks import passwords
from bottlenecks.desk.context import DeskContext
from bottlenecks.desk.pages import Pages
from bottlenecks.desk.people.secret_page import Secret, show_once
from bottlenecks.desk.region_fields import RegionFields, in_words
from bottlenecks.desk.session import EXPIRED, Admin, DeskForm, Sent, form_for
from bottlenecks.roles import ROLE_LABELS, Officer, Role
from bottlenecks.store import Work
from bottlenecks.store.officers import LastAdminError, LoginTakenError, OfficerView

PEOPLE = "/beheer/mensen"
EMAIL = re.compile(r"\s*[^@\s]+@[^@\s]+\.[^@\s]+\s*")
LAST_ADMIN = (
    "Dit is de laatste beheerder. Maak eerst iemand anders beheerder, anders kan niemand meer "
    "mensen beheren."
)
LAST_OF_ALL = (
    "Dit is de laatste beheerder van alle regio's. Geef eerst iemand anders die rol, anders kan "
    "niemand meer iedereen beheren."
)
LOWERS_SELF = "Hierna kun jij zelf geen mensen meer beheren. Vink hieronder aan dat je dat wilt."


class PersonForm(RegionFields):
    """What an administrator may change of an account."""

    name = StringField("Naam", [DataRequired("Vul een naam in."), Length(max=100)])
    role = RadioField("Rol", choices=[(role.value, label) for role, label in ROLE_LABELS.items()])
    is_active = BooleanField("Mag inloggen")
    sure = BooleanField("Ja, ik wil zelf geen mensen meer beheren")


class NewPersonForm(PersonForm):
    """An account that is not there yet."""

    login = EmailField(
        "E-mailadres",
        [
            DataRequired("Vul een e-mailadres in."),
            Length(max=200),
            Regexp(EMAIL, message="Dit is geen e-mailadres."),
        ],
    )
    with_password = BooleanField("Geef een wachtwoord om de eerste keer mee in te loggen")


class _NotSureError(Exception):
    """An administrator would lose that role without having ticked that they want it."""


class SureForm(DeskForm):
    """Only the token against other sites."""


def router(desk: DeskContext, pages: Pages) -> APIRouter:
    """The pages on which people are managed."""
    routes = APIRouter()
    provider = desk.oidc.name if desk.oidc else ""

    def of(work: Work, officer: Officer, officer_id: str) -> OfficerView:
        """An account that this administrator manages: one with no more regions than their own."""
        view = work.officers.get(officer_id)
        if view is None or not officer.scope.covers(view.officer.scope):
            raise HTTPException(404)
        return view

    def known(officer: Officer, officer_id: str) -> OfficerView:
        with desk.database.reading() as work:
            return of(work, officer, officer_id)

    def person_page(
        request: Request, officer: Officer, form: PersonForm, status_code: int = 200, **more: Any
    ) -> Response:
        return pages.show(
            request,
            "person.html",
            officer=officer,
            status_code=status_code,
            form=form,
            oidc=desk.oidc,
            **more,
        )

    def secret_page(
        request: Request, officer: Officer, view: OfficerView, password: str
    ) -> Response:
        name, login = view.officer.name, view.officer.login
        secret = Secret(
            heading=f"Wachtwoord voor {name}",
            label="Eenmalig wachtwoord",
            value=password,
            explanation=f"Geef dit wachtwoord zelf door, liefst persoonlijk. {name} logt ermee in "
            f"met {login} en kiest dan meteen een eigen wachtwoord. Het werkt één keer, en niet "
            f"langer dan {passwords.ONCE_LASTS.days} dagen.",
        )
        return show_once(
            request, pages, officer, secret, back=PEOPLE, back_text="Klaar, naar de mensen"
        )

    @routes.get(PEOPLE)
    def people(request: Request, officer: Admin) -> Response:
        with desk.database.reading() as work:
            everyone = work.officers.all()
        views = [view for view in everyone if officer.scope.covers(view.officer.scope)]
        # who may not log in any more stands at the end
        views.sort(key=lambda view: not view.is_active)
        return pages.show(request, "people.html", officer=officer, views=views)

    @routes.get(f"{PEOPLE}/nieuw")
    def new(request: Request, officer: Admin) -> Response:
        form = form_for(
            request,
            NewPersonForm,
            role=Role.HANDLER.value,
            is_active=True,
            with_password=desk.oidc is None,
        )
        return person_page(request, officer, form.offering(desk.regions, officer.scope))

    @routes.post(f"{PEOPLE}/nieuw")
    def add(request: Request, officer: Admin, data: Sent) -> Response:
        form = form_for(request, NewPersonForm, data).offering(desk.regions, officer.scope)
        if not form.validate():
            return person_page(request, officer, form, 422)
        password = None
        if form.with_password.data or desk.oidc is None:
            password = passwords.new_password()
        login, name, scope = str(form.login.data), str(form.name.data), form.scope()
        try:
            with desk.database.work() as work:
                until = work.now() + passwords.ONCE_LASTS
                added = work.officers.add(
                    login,
                    name,
                    Role(form.role.data),
                    scope,
                    password_hash=passwords.hash_once(password, until) if password else None,
                )
                work.audit.add(
                    officer.id,
                    "mens-toegevoegd",
                    added,
                    rol=str(form.role.data),
                    regios=in_words(scope, desk.regions),
                )
        except LoginTakenError:
            form.login.errors = ["Er is al iemand met dit e-mailadres."]
            return person_page(request, officer, form, 422)
        if password is None:
            return pages.done(PEOPLE, f"{name.strip()} kan nu inloggen met {provider}.")
        return secret_page(request, officer, known(officer, added), password)

    @routes.get(PEOPLE + "/{officer_id}")
    def person(request: Request, officer: Admin, officer_id: str) -> Response:
        view = known(officer, officer_id)
        form = form_for(
            request,
            PersonForm,
            name=view.officer.name,
            role=view.officer.role.value,
            is_active=view.is_active,
            **RegionFields.values(view.officer.scope),
        )
        form.offering(desk.regions, officer.scope)
        return person_page(request, officer, form, view=view)

    @routes.post(PEOPLE + "/{officer_id}")
    def change(request: Request, officer: Admin, data: Sent, officer_id: str) -> Response:
        view = known(officer, officer_id)
        form = form_for(request, PersonForm, data).offering(desk.regions, officer.scope)
        if not form.validate():
            return person_page(request, officer, form, 422, view=view)
        role, active = Role(form.role.data), bool(form.is_active.data)
        stays_admin = role is Role.ADMIN and active
        try:
            with desk.database.work() as work:
                of(work, officer, officer_id)
                work.officers.change(
                    officer_id,
                    name=str(form.name.data),
                    role=role,
                    scope=form.scope(),
                    is_active=active,
                )
                if officer.id == officer_id and not stays_admin and not form.sure.data:
                    raise _NotSureError
                after = work.officers.get(officer_id)
                assert after is not None
                changed = _changed(view, after, desk.regions)
                if changed:
                    work.audit.add(officer.id, "mens-gewijzigd", officer_id, **changed)
        except LastAdminError as error:
            form.role.errors = [LAST_OF_ALL if error.is_any_left else LAST_ADMIN]
            return person_page(request, officer, form, 422, view=view)
        except _NotSureError:
            form.sure.errors = [LOWERS_SELF]
            return person_page(request, officer, form, 422, view=view)
        # who is no administrator any more may not see the list
        back = PEOPLE if officer.id != officer_id or stays_admin else "/beheer/account"
        return pages.done(back, f"De gegevens van {after.officer.name} zijn opgeslagen.")

    @routes.post(PEOPLE + "/{officer_id}/wachtwoord")
    def new_password(request: Request, officer: Admin, data: Sent, officer_id: str) -> Response:
        view = known(officer, officer_id)
        if not form_for(request, SureForm, data).validate():
            return pages.done(f"{PEOPLE}/{officer_id}", EXPIRED, kind="alarm")
        password = passwords.new_password()
        with desk.database.work() as work:
            of(work, officer, officer_id)
            until = work.now() + passwords.ONCE_LASTS
            work.officers.set_password(officer_id, passwords.hash_once(password, until))
            work.audit.add(officer.id, "wachtwoord-uitgegeven", officer_id)
        return secret_page(request, officer, view, password)

    @routes.post(PEOPLE + "/{officer_id}/uitloggen")
    def sign_out(request: Request, officer: Admin, data: Sent, officer_id: str) -> Response:
        view = known(officer, officer_id)
        if not form_for(request, SureForm, data).validate():
            return pages.done(f"{PEOPLE}/{officer_id}", EXPIRED, kind="alarm")
        with desk.database.work() as work:
            of(work, officer, officer_id)
            work.officers.sign_out_everywhere(officer_id)
            work.audit.add(officer.id, "overal-uitgelogd", officer_id)
        return pages.done(
            f"{PEOPLE}/{officer_id}", f"{view.officer.name} is op alle apparaten uitgelogd."
        )

    return routes


def _changed(
    before: OfficerView, after: OfficerView, regions: Mapping[str, str]
) -> dict[str, dict[str, str]]:
    """What differs, for the audit log: by name of the field, what it was and what it became."""

    def facts(view: OfficerView) -> dict[str, str]:
        return {
            "naam": view.officer.name,
            "rol": view.officer.role.value,
            "regios": in_words(view.officer.scope, regions),
            "inloggen": "mag" if view.is_active else "mag niet",
        }

    old, new = facts(before), facts(after)
    return {name: {"van": old[name], "naar": new[name]} for name in old if old[name] != new[name]}
