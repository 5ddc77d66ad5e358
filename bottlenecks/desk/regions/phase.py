"""The phase of scaling up that is in force per region: set it, and tell the region's users."""

from datetime import date
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response
from wtforms import BooleanField, DateField, SelectField, TextAreaField
from wtforms.validators import Length, Optional

from bottlenecks.desk.context import DeskContext
from bottlenecks.desk.pages import Pages
from bottlenecks.desk.reports.handling import screened
from bottlenecks.desk.session import DeskForm, ForbiddenError, Handler, Sent, SignedIn, form_for
from bottlenecks.notices import Notice
from bottlenecks.roles import Officer
from bottlenecks.store import Work

PATH = "/beheer/fase"
MAX_NOTICE = 300
UNKNOWN = ""
CONFIRMED = "ja"


class PhaseForm(DeskForm):
    """The phase of one region; `today` is the latest day that can be chosen."""

    fase = SelectField("Fase", validators=[Optional()])
    sinds = DateField("Sinds", validators=[Optional()])
    bericht = TextAreaField(
        "Kort bericht erbij",
        validators=[Length(max=MAX_NOTICE, message=f"Neem hoogstens {MAX_NOTICE} tekens.")],
    )
    stuur = BooleanField("Stuur dit ook naar iedereen die zei in deze regio te werken")

    today: date = date.max

    def validate(self, extra_validators: Any = None) -> bool:
        """A phase that is known holds since a day that is not in the future."""
        if not super().validate(extra_validators):
            return False
        wrong = ""
        if self.fase.data and self.sinds.data is None:
            wrong = "Vul in sinds wanneer deze fase geldt."
        elif self.sinds.data is not None and self.sinds.data > self.today:
            wrong = "Deze dag is nog niet geweest. Kies vandaag of een dag ervoor."
        if wrong:
            self.sinds.errors = [wrong]
        return not wrong


def router(desk: DeskContext, pages: Pages) -> APIRouter:
    """The routes of the phases."""
    routes = APIRouter()

    @routes.get(PATH)
    def overview(request: Request, officer: SignedIn) -> Response:
        with desk.database.reading() as work:
            phases = work.regional.phases()
            seen = desk.regions_of(officer.scope)
            broadcasts = work.regional.broadcasts(seen)
            names = work.officers.names({view.set_by for view in phases.values()})
        return pages.show(
            request,
            "phases.html",
            officer=officer,
            regions=seen,
            phases=phases,
            phase_names=desk.phases,
            names=names,
            broadcasts=broadcasts,
        )

    @routes.get(PATH + "/{region}")
    def edit(request: Request, officer: Handler, region: str) -> Response:
        _check(desk, officer, region)
        return _form_page(request, officer, region, None)

    @routes.post(PATH + "/{region}")
    def save(request: Request, officer: Handler, region: str, data: Sent) -> Response:
        _check(desk, officer, region)
        form = _form(request, desk, region, data)
        if not form.validate():
            return _form_page(request, officer, region, data, status_code=422)
        if data.get("terug"):
            return _form_page(request, officer, region, data)
        clean = screened(str(form.bericht.data or "").strip())
        if data.get("bevestigd") != CONFIRMED:
            return _confirm_page(request, officer, region, form, clean.text, clean.removed_in_words)
        with desk.database.work() as work:
            work.regional.set_phase(
                region,
                form.fase.data or None,
                since=form.sinds.data if form.fase.data else None,
                notice=clean.text or None,
                set_by=officer.id,
            )
            work.audit.add(officer.id, "fase-ingesteld", region, fase=form.fase.data or None)
            told = (
                _broadcast(work, desk, officer, region, form, clean.text) if form.stuur.data else 0
            )
        desk.wake()
        said = (
            f"De fase van {desk.regions[region]} is ingesteld. De assistent vertelt het vanaf nu."
        )
        if form.stuur.data and not told:
            said += " Er is niets verstuurd: er is nog niemand bekend die daar werkt."
        elif told:
            said += f" Het bericht gaat naar {_people(told)}."
        return pages.done(PATH, said)

    def _form_page(
        request: Request, officer: Officer, region: str, data: Any, *, status_code: int = 200
    ) -> Response:
        form = _form(request, desk, region, data)
        if data is not None:
            form.validate()
        with desk.database.reading() as work:
            history = work.regional.phase_history(region)
            names = work.officers.names({view.set_by for view in history})
            reach = len(work.regional.people_in(region))
        return pages.show(
            request,
            "phase_edit.html",
            officer=officer,
            status_code=status_code,
            form=form,
            region=region,
            history=history,
            names=names,
            phase_names=desk.phases,
            reach=_people(reach),
        )

    def _confirm_page(
        request: Request, officer: Officer, region: str, form: PhaseForm, notice: str, removed: str
    ) -> Response:
        with desk.database.reading() as work:
            reach = len(work.regional.people_in(region))
        return pages.show(
            request,
            "phase_confirm.html",
            officer=officer,
            form=form,
            region=region,
            phase=form.fase.data,
            phase_names=desk.phases,
            notice=notice,
            removed=removed,
            message_text=message(desk, region, form, notice) if form.stuur.data else "",
            receivers=reach,
            reach=_people(reach),
        )

    return routes


def message(desk: DeskContext, region: str, form: PhaseForm, notice: str) -> str:
    """What the users of a region are told."""
    name = desk.regions[region]
    if form.fase.data:
        what = desk.phases[form.fase.data].partition(": ")[2]
        known = f"fase {form.fase.data}" + (f" ({what})" if what else "")
        said = f"In {name} geldt nu {known}, sinds {form.sinds.data:%d-%m-%Y}."
    else:
        said = f"Welke fase in {name} geldt, is niet meer bekend."
    lines = [f"Bericht van je regio-organisatie (RHO). {said}"]
    if notice:
        lines.append(notice)
    lines.append('Vraag "welke fasen zijn er?" voor wat de fase betekent.')
    return "\n\n".join(lines)


def _broadcast(
    work: Work, desk: DeskContext, officer: Officer, region: str, form: PhaseForm, notice: str
) -> int:
    """Tell the users of the region, if that was asked for; gives how many."""
    if not form.stuur.data:
        return 0
    receivers = work.regional.people_in(region)
    if not receivers:
        return 0
    text = message(desk, region, form, notice)
    broadcast = work.regional.begin_broadcast(region, text, created_by=officer.id)
    work.outbox.add_broadcast(receivers, desk.as_payload(Notice(text)), broadcast)
    work.audit.add(officer.id, "bericht-verstuurd", region, ontvangers=len(receivers))
    return len(receivers)


def _form(request: Request, desk: DeskContext, region: str, data: Any) -> PhaseForm:
    with desk.database.reading() as work:
        current = work.regional.phases().get(region)
        today = work.today()
    form = form_for(
        request,
        PhaseForm,
        data,
        fase=(current.phase if current else None) or UNKNOWN,
        sinds=(current.since if current else None) or today,
        bericht=(current.notice if current else None) or "",
    )
    form.fase.choices = [(UNKNOWN, "niet bekend"), *desk.phases.items()]
    form.today = today
    return form


def _check(desk: DeskContext, officer: Officer, region: str) -> None:
    if region not in desk.regions:
        raise HTTPException(404)
    if not officer.scope.sees(region):
        raise ForbiddenError("Deze regio hoort niet bij jouw regio's.")


def _people(number: int) -> str:
    return "1 persoon" if number == 1 else f"{number} personen"
