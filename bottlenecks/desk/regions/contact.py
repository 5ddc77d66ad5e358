"""How regional organisations and insurers are reached: filled in here, told by the assistant."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from wtforms import Form, TextAreaField
from wtforms.validators import Length

from bottlenecks.contacts import CARE_MEDIATION, KINDS, MAX_LENGTH
from bottlenecks.desk.context import DeskContext
from bottlenecks.desk.pages import Pages
from bottlenecks.desk.session import DeskForm, ForbiddenError, Handler, Sent, SignedIn, form_for
from bottlenecks.roles import Officer

PATH = "/beheer/contact"
LENGTH = Length(max=MAX_LENGTH, message=f"Neem hoogstens {MAX_LENGTH} tekens.")


def router(desk: DeskContext, pages: Pages) -> APIRouter:
    """The routes of the contacts."""
    routes = APIRouter()

    @routes.get(PATH)
    def overview(request: Request, officer: SignedIn) -> Response:
        with desk.database.reading() as work:
            known = work.regional.contacts()
            history = [
                view
                for view in work.regional.contact_history()
                if view.kind == CARE_MEDIATION or officer.scope.sees(view.subject)
            ]
            names = work.officers.names({view.set_by for view in history})
        return pages.show(
            request,
            "contacts.html",
            officer=officer,
            regions=desk.regions_of(officer.scope),
            insurers=desk.insurers,
            kinds=KINDS,
            known=known,
            history=history,
            names=names,
            subject_name=lambda view: _subject(desk, view.kind, view.subject),
        )

    @routes.get(PATH + "/regio/{region}")
    def region_form(request: Request, officer: Handler, region: str) -> Response:
        _check(desk, officer, region)
        return page(request, officer, _fields(desk, region), desk.regions[region], None)

    @routes.post(PATH + "/regio/{region}")
    def region_save(request: Request, officer: Handler, region: str, data: Sent) -> Response:
        _check(desk, officer, region)
        return save(request, officer, _fields(desk, region), desk.regions[region], data)

    @routes.get(PATH + "/zorgverzekeraars")
    def insurer_form(request: Request, officer: Handler) -> Response:
        _check_all(officer)
        return page(request, officer, _insurer_fields(desk), "Zorgverzekeraars", None)

    @routes.post(PATH + "/zorgverzekeraars")
    def insurer_save(request: Request, officer: Handler, data: Sent) -> Response:
        _check_all(officer)
        return save(request, officer, _insurer_fields(desk), "Zorgverzekeraars", data)

    def form_of(request: Request, fields: dict[str, tuple[str, str, str]], data: Any) -> DeskForm:
        with desk.database.reading() as work:
            known = work.regional.contacts()
        kind = type(
            "ContactForm",
            (DeskForm,),
            {
                name: TextAreaField(label, validators=[LENGTH])
                for name, (_, _, label) in fields.items()
            },
        )
        values = {
            name: found.value or ""
            for name, (contact, subject, _) in fields.items()
            if (found := known.get((contact, subject))) is not None
        }
        return form_for(request, kind, data, **values)

    def page(
        request: Request,
        officer: Officer,
        fields: dict[str, tuple[str, str, str]],
        title: str,
        data: Any,
    ) -> Response:
        form = form_of(request, fields, data)
        if data is not None:
            form.validate()
        hints = {name: KINDS[contact].hint for name, (contact, _, _) in fields.items()}
        return pages.show(
            request,
            "contact_edit.html",
            officer=officer,
            status_code=200 if data is None else 422,
            form=form,
            title=title,
            hints=hints,
        )

    def save(
        request: Request,
        officer: Officer,
        fields: dict[str, tuple[str, str, str]],
        title: str,
        data: Any,
    ) -> Response:
        form: Form = form_of(request, fields, data)
        if not form.validate():
            return page(request, officer, fields, title, data)
        changed = 0
        with desk.database.work() as work:
            for name, (contact, subject, _) in fields.items():
                value = str(form[name].data or "").strip() or None
                if work.regional.fill_in(contact, subject, value, set_by=officer.id):
                    changed += 1
                    work.audit.add(officer.id, "contact-gewijzigd", f"{contact} {subject}")
        said = "De contactgegevens zijn bewaard. De assistent vertelt ze vanaf nu."
        return pages.done(PATH, said if changed else "Er is niets veranderd.")

    return routes


def _fields(desk: DeskContext, region: str) -> dict[str, tuple[str, str, str]]:
    """Name of a field -> kind of contact, its subject, its label."""
    return {
        kind.id: (kind.id, region, kind.name)
        for kind in KINDS.values()
        if kind.id != CARE_MEDIATION
    }


def _insurer_fields(desk: DeskContext) -> dict[str, tuple[str, str, str]]:
    return {
        f"v-{id_}": (CARE_MEDIATION, id_, f"Zorgbemiddeling van {name}")
        for id_, name in desk.insurers.items()
    }


def _subject(desk: DeskContext, kind: str, subject: str) -> str:
    names = desk.insurers if kind == CARE_MEDIATION else desk.regions
    return names.get(subject, subject)


def _check(desk: DeskContext, officer: Officer, region: str) -> None:
    if region not in desk.regions or not officer.scope.sees(region):
        raise ForbiddenError("Deze regio hoort niet bij jouw regio's.")


def _check_all(officer: Officer) -> None:
    """Insurers are of all regions."""
    if not officer.scope.all_regions:
        raise ForbiddenError("Zorgverzekeraars zijn van alle regio's. Vraag het een beheerder.")
