"""Signals, and the rules that they come from."""

from datetime import datetime, timedelta
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response
from wtforms import StringField

from bottlenecks.dates import AMSTERDAM, day_of
from bottlenecks.desk.context import DeskContext
from bottlenecks.desk.pages import Pages
from bottlenecks.desk.reports.filters import to_query
from bottlenecks.desk.reports.handling import screened
from bottlenecks.desk.session import (
    EXPIRED,
    DeskForm,
    ForbiddenError,
    Handler,
    Sent,
    SignedIn,
    form_for,
)
from bottlenecks.desk.signals.form import RuleForm, first_values, values_of
from bottlenecks.roles import Officer, Role
from bottlenecks.signal_replay import Replay, replay
from bottlenecks.signals import Condition, in_words, place_in_words
from bottlenecks.store.report_desk import ChangedMeanwhileError
from bottlenecks.store.report_search import OTHER_REGION, Order, ReportFilter
from bottlenecks.store.signal_rules import RuleView
from bottlenecks.store.signals import SignalView

PATH = "/beheer/signalen"
RULES = PATH + "/regels"
# how far back a rule is tried out
REPLAYED = timedelta(weeks=12)
SHOWN = 20
CHANGED = (
    "Een collega heeft deze regel net gewijzigd. Wat jij invulde, staat hieronder nog. "
    "Sla het opnieuw op als het zo moet worden."
)


class SeenForm(DeskForm):
    """Which signal was seen; empty: all."""

    signaal = StringField()


def router(desk: DeskContext, pages: Pages) -> APIRouter:
    """The routes of this part of the desk."""
    routes = APIRouter()

    @routes.get(PATH)
    def overview(request: Request, officer: SignedIn) -> Response:
        with desk.database.reading() as work:
            found = work.signals.latest(officer)
            numbers = work.signals.numbers_now(found)
            rules = work.signals.rules(officer.scope)
            people = {one for rule in rules for one in rule.recipients}
            names = work.officers.names(people)
        return pages.show(
            request,
            "signals.html",
            officer=officer,
            seen=form_for(request, SeenForm),
            news=[one for one in found if one.is_new],
            now=[one for one in found if one.is_open and not one.is_new],
            earlier=[one for one in found if not one.is_open and not one.is_new],
            numbers=numbers,
            rules=sorted(rules, key=lambda rule: not rule.is_active),
            names=names,
            words=lambda condition: in_words(condition, desk.regions),
            place=lambda one: place_in_words(one.condition, one.region, desk.regions),
            reports_query=reports_query,
        )

    @routes.post(PATH + "/gezien")
    def seen(request: Request, officer: SignedIn, data: Sent) -> Response:
        form = form_for(request, SeenForm, data)
        if not form.validate():
            return pages.done(PATH, EXPIRED, kind="alarm")
        asked = str(form.signaal.data or "")
        if asked and not (asked.isascii() and asked.isdigit() and len(asked) < 10):
            raise HTTPException(404)
        with desk.database.work() as work:
            number = work.signals.mark_read(officer, int(asked) if asked else None)
            if number:
                work.audit.add(officer.id, "signaal-gezien", asked or "alle", aantal=number)
        return pages.done(PATH, "Je hebt alles gezien." if not asked else "Gezien.")

    @routes.post(PATH + "/proef")
    def try_out(request: Request, officer: SignedIn, data: Sent) -> Response:
        form = _form(request, officer, data)
        form.validate()
        condition = form.condition()
        return pages.show(
            request,
            "signal_replay.html",
            officer=officer,
            status_code=200 if condition else 422,
            **_tried(officer, condition),
        )

    @routes.get(RULES + "/nieuw")
    def new(request: Request, officer: Handler) -> Response:
        form = _form(request, officer, None, **first_values(officer))
        return _page(request, officer, form, None)

    @routes.post(RULES + "/nieuw")
    def add(request: Request, officer: Handler, data: Sent) -> Response:
        form = _form(request, officer, data)
        good = form.validate()
        if data.get("proef"):
            return _page(request, officer, form.only_counting(), None)
        if not good:
            return _page(request, officer, form, None, 422)
        name = screened(str(form.naam.data).strip())
        with desk.database.work() as work:
            rule_id = work.signals.add_rule(form.draft(name.text), created_by=officer.id)
            work.audit.add(officer.id, "signaalregel-gemaakt", rule_id, naam=name.text)
        desk.wake()
        return pages.done(PATH, _saved("De regel is gemaakt.", name.removed_in_words))

    @routes.get(RULES + "/{rule_id}")
    def rule_page(request: Request, officer: SignedIn, rule_id: str) -> Response:
        rule = _known(officer, rule_id)
        form = _form(request, officer, None, **values_of(rule))
        return _page(request, officer, form, rule)

    @routes.post(RULES + "/{rule_id}")
    def change(request: Request, officer: Handler, rule_id: str, data: Sent) -> Response:
        rule = _known(officer, rule_id)
        if not rule.condition.is_within(officer.scope):
            raise ForbiddenError("Deze regel gaat ook over regio's die niet van jou zijn.")
        form = _form(request, officer, data)
        good = form.validate()
        if data.get("proef"):
            return _page(request, officer, form.only_counting(), rule)
        if not good:
            return _page(request, officer, form, rule, 422)
        name = screened(str(form.naam.data).strip())
        draft = form.draft(name.text)
        try:
            with desk.database.work() as work:
                work.signals.change_rule(
                    rule_id, draft, updated_at=_moment(str(form.versie.data or ""))
                )
                work.audit.add(
                    officer.id,
                    "signaalregel-gewijzigd",
                    rule_id,
                    naam=name.text,
                    aan=draft.is_active,
                    telt=in_words(draft.condition, desk.regions),
                )
        except ChangedMeanwhileError:
            rule = _known(officer, rule_id)
            form.versie.data = rule.updated_at.isoformat()
            return _page(request, officer, form, rule, 422, problem=CHANGED)
        desk.wake()
        return pages.done(PATH, _saved("De regel is bewaard.", name.removed_in_words))

    def _known(officer: Officer, rule_id: str) -> RuleView:
        with desk.database.reading() as work:
            rule = work.signals.rule(rule_id, officer.scope)
        if rule is None:
            raise HTTPException(404)
        return rule

    def _form(request: Request, officer: Officer, data: Any, **values: Any) -> RuleForm:
        with desk.database.reading() as work:
            people = work.officers.all()
        return form_for(request, RuleForm, data, **values).offering(desk, officer, people)

    def _page(
        request: Request,
        officer: Officer,
        form: RuleForm,
        rule: RuleView | None,
        status_code: int = 200,
        *,
        problem: str = "",
    ) -> Response:
        may_change = officer.may(Role.HANDLER) and (
            rule is None or rule.condition.is_within(officer.scope)
        )
        # who only looks sees the rule as it is, also what they could not choose themselves
        condition = form.condition() if may_change or rule is None else rule.condition
        with desk.database.reading() as work:
            views = work.officers.all()
        recipients = rule.recipients if rule else ()
        return pages.show(
            request,
            "signal_rule.html",
            officer=officer,
            status_code=status_code,
            form=form,
            rule=rule,
            may_change=may_change,
            problem=problem,
            people=[view.officer.name for view in views if view.officer.id in recipients],
            unlinked=[
                view.officer.name for view in views if view.is_active and view.person_id is None
            ],
            can=desk,
            **_tried(officer, condition),
        )

    def _tried(officer: Officer, condition: Condition | None) -> dict[str, Any]:
        """What a template shows of what a rule would have done."""
        found = _replayed(desk, officer, condition) if condition else None
        return {
            "condition": condition,
            "words": in_words(condition, desk.regions) if condition else "",
            "replay": found,
            "shown": found.told[: -SHOWN - 1 : -1] if found else (),
            "place": lambda region: place_in_words(condition or Condition(), region, desk.regions),
        }

    return routes


def reports_query(one: SignalView) -> str:
    """The query of the list with the reports of a signal."""
    condition = one.condition
    if one.region is not None:
        regions: tuple[str, ...] = (one.region,)
    else:
        regions = (OTHER_REGION,) if condition.per_region else condition.regions
    until = day_of(one.ended_at) if one.ended_at else None
    return to_query(
        ReportFilter(
            categories=condition.categories,
            severities=condition.severities,
            regions=regions,
            since=day_of(one.told_at - condition.window),
            until=until,
            order=Order.NEWEST,
        )
    )


def _replayed(desk: DeskContext, officer: Officer, condition: Condition) -> Replay | None:
    """What a rule would have done; None: this officer does not see all that it counts together."""
    if not condition.per_region and not condition.shown_to(officer.scope, None):
        return None
    with desk.database.reading() as work:
        now = work.now()
        since = now - REPLAYED
        reports = work.signals.reports_since(condition, officer.scope, since - condition.window)
    return replay(condition, reports, since, now)


def _moment(value: str) -> datetime:
    """When a rule was last changed, as its form says; never right when it is not well-formed."""
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return datetime.min.replace(tzinfo=AMSTERDAM)


def _saved(said: str, removed: str) -> str:
    return f"{said} Uit de naam is weggehaald: {removed}." if removed else said
