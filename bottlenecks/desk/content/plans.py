"""A region's own plan: hand it in, and get drafts of it."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import Response
from starlette.datastructures import UploadFile
from wtforms import FileField, SelectField, StringField
from wtforms.validators import DataRequired, Length

from bottlenecks import own_plans
from bottlenecks.desk.context import DeskContext
from bottlenecks.desk.pages import Pages
from bottlenecks.desk.reports.forms import stripped
from bottlenecks.desk.reports.handling import screened
from bottlenecks.desk.session import DeskForm, Handler, Sent, SignedIn, form_for
from bottlenecks.privacy import in_words
from bottlenecks.proposals import STATUS_LABELS
from bottlenecks.roles import Officer
from bottlenecks.store.content_sources import PlanInUseError, PlanRow
from knowledge.plan import PlanError, can_be_drafted

PATH = "/beheer/inhoud/plannen"
PROPOSAL = "/beheer/inhoud/voorstel"
NO_FILE = "Kies het bestand met het plan."
PLACED = "Dit stuk tekst staat nu bij dit onderwerp. Herschrijf het concept."
AGAIN = "Kies het bestand daarna opnieuw: dat kan een browser niet onthouden."
IN_USE = (
    "Dit plan kan niet weg: een collega werkte al met een van de concepten, of een tekst noemt het "
    "plan als bron."
)


class File:
    """A file that was sent with a form."""

    def __init__(self, name: str, content: bytes) -> None:
        """`name` is as the browser gave it."""
        self.name, self.content = name, content


async def sent_file(request: Request) -> File:
    """The file of the form; empty when there is none. A FastAPI dependency."""
    form = await request.form(max_files=1, max_fields=20)
    file = form.get("bestand")
    if not isinstance(file, UploadFile):
        return File("", b"")
    return File(file.filename or "", await file.read())


SentFile = Annotated[File, Depends(sent_file)]


def _text(label: str, most: int, needed: str = "") -> StringField:
    length = Length(max=most, message=f"Neem hoogstens {most} tekens.")
    first = [DataRequired(needed)] if needed else []
    return StringField(label, filters=[stripped], validators=[*first, length])


class PlanForm(DeskForm):
    """A plan to hand in."""

    regio = SelectField("Van welke regio is dit plan?", choices=[])
    titel = _text("Titel van het plan", 200, "Vul de titel in.")
    uitgever = _text("Wie gaf het uit?", 200, "Vul in wie het plan uitgaf.")
    datum = _text("Datum van het plan (als die erop staat)", 60)
    bestand = FileField("Bestand")

    def described(self) -> tuple[own_plans.Description, str]:
        """What was filled in, without personal data; and in Dutch what was taken out."""
        clean = [screened(str(one.data or "")) for one in (self.titel, self.uitgever, self.datum)]
        title, publisher, date = (one.text for one in clean)
        removed = in_words(*(one.removed_in_words for one in clean))
        return own_plans.Description(str(self.regio.data), title, publisher, date or None), removed


class PieceForm(DeskForm):
    """The topic that a piece of text is about."""

    onderwerp = SelectField("Over welk onderwerp gaat dit?", choices=[])


class RemoveForm(DeskForm):
    """A plan to remove."""


def router(desk: DeskContext, pages: Pages) -> APIRouter:
    """The routes of this part of the desk."""
    routes = APIRouter()

    @routes.get(PATH)
    def overview(request: Request, officer: SignedIn) -> Response:
        return _overview(request, officer, None)

    @routes.post(PATH)
    def hand_in(request: Request, officer: Handler, data: Sent, file: SentFile) -> Response:
        form = _offering(form_for(request, PlanForm, data), officer)
        good = form.validate()
        if not file.content and not file.name:
            form.bestand.errors = [NO_FILE]
        elif not good:
            form.bestand.errors = [AGAIN]
        if form.errors:
            return _overview(request, officer, form)
        about, removed = form.described()
        try:
            found = own_plans.read(file.name, file.content, desk.knowledge)
            with desk.database.work() as work:
                taken = own_plans.take_up(work, desk.knowledge, found, about, actor=officer.id)
                work.audit.add(
                    officer.id,
                    "plan-ingelezen",
                    taken.source_id,
                    titel=about.title,
                    regio=about.region,
                    concepten=len(taken.topics),
                )
        except PlanError as error:
            form.bestand.errors = [str(error)]
            return _overview(request, officer, form)
        except own_plans.KnownPlanError as error:
            return pages.done(
                f"{PATH}/{error.source_id}",
                "Dit bestand is al eerder ingelezen voor deze regio. Hier staan de concepten.",
                kind="warn",
            )
        return pages.done(
            f"{PATH}/{taken.source_id}",
            _told(taken, in_words(removed, found.removed)),
            kind="good" if taken.topics else "warn",
        )

    def _overview(request: Request, officer: Officer, form: PlanForm | None) -> Response:
        with desk.database.reading() as work:
            plans = work.content_sources.all(officer.scope)
            names = work.officers.names({one.created_by for one in plans if one.created_by})
        return pages.show(
            request,
            "plans.html",
            officer=officer,
            status_code=422 if form is not None else 200,
            path=PATH,
            plans=plans,
            names=names,
            labels=STATUS_LABELS,
            form=form or _offering(form_for(request, PlanForm), officer),
        )

    def _offering(form: PlanForm, officer: Officer) -> PlanForm:
        form.regio.choices = [
            (id_, name)
            for id_, name in desk.regions_of(officer.scope).items()
            if id_ in desk.knowledge.regions
        ]
        return form

    @routes.get(PATH + "/{plan}")
    def one(request: Request, officer: SignedIn, plan: str) -> Response:
        row = _plan(officer, plan)
        with desk.database.reading() as work:
            passages = work.content_sources.passages(plan)
            drafts = work.content_sources.drafts(plan)
            names = work.officers.names({row.created_by} if row.created_by else set())
        places: dict[str, list[str]] = {}
        for passage in passages:
            for topic in passage.topics:
                places.setdefault(topic, []).append(passage.place)
        return pages.show(
            request,
            "plan.html",
            officer=officer,
            path=PATH,
            proposal=PROPOSAL,
            plan=row,
            names=names,
            drafts=drafts,
            untouched=all(draft.is_untouched for draft in drafts),
            places={topic: list(dict.fromkeys(found)) for topic, found in places.items()},
            titles=_titles(),
            labels=STATUS_LABELS,
            number=len(passages),
            rest=[(index, one) for index, one in enumerate(passages) if not one.topics],
            form=form_for(request, RemoveForm),
        )

    @routes.post(PATH + "/{plan}/verwijder")
    def remove(request: Request, officer: Handler, plan: str, data: Sent) -> Response:
        row = _plan(officer, plan)
        if not form_for(request, RemoveForm, data).validate():
            return one(request, officer, plan)
        try:
            with desk.database.work() as work:
                work.content_sources.remove(plan)
                work.audit.add(
                    officer.id, "plan-verwijderd", plan, titel=row.title, regio=row.region
                )
        except PlanInUseError:
            return pages.done(f"{PATH}/{plan}", IN_USE, kind="alarm")
        return pages.done(PATH, f"“{row.title}” is verwijderd, met de concepten.")

    @routes.get(PATH + "/{plan}/stuk/{index}")
    def piece(request: Request, officer: Handler, plan: str, index: int) -> Response:
        return _piece(request, officer, _plan(officer, plan), index, None)

    @routes.post(PATH + "/{plan}/stuk/{index}")
    def draft(request: Request, officer: Handler, plan: str, index: int, data: Sent) -> Response:
        row = _plan(officer, plan)
        form = _with_topics(form_for(request, PieceForm, data))
        if not form.validate():
            return _piece(request, officer, row, index, form)
        topic = str(form.onderwerp.data)
        try:
            with desk.database.work() as work:
                made = own_plans.draft_passage(work, desk.knowledge, row, index, topic)
                work.audit.add(officer.id, "plan-concept", topic, titel=row.title)
        except LookupError as error:
            raise HTTPException(404) from error
        return pages.done(
            f"{PROPOSAL}/{made}",
            PLACED,
        )

    def _piece(
        request: Request, officer: Officer, plan: PlanRow, index: int, form: PieceForm | None
    ) -> Response:
        with desk.database.reading() as work:
            passages = work.content_sources.passages(plan.id)
        if not 0 <= index < len(passages):
            raise HTTPException(404)
        return pages.show(
            request,
            "plan_piece.html",
            officer=officer,
            status_code=422 if form is not None else 200,
            path=PATH,
            plan=plan,
            passage=passages[index],
            titles=_titles(),
            form=form or _with_topics(form_for(request, PieceForm)),
        )

    def _with_topics(form: PieceForm) -> PieceForm:
        groups: dict[str, list[tuple[str, str]]] = {}
        for topic in desk.knowledge.topics.values():
            if can_be_drafted(topic):
                name = topic.subject.replace("-", " ").capitalize()
                groups.setdefault(name, []).append((topic.id, topic.title))
        choices: dict[str, Any] = {"": [("", "kies een onderwerp")], **groups}
        form.onderwerp.choices = choices
        form.onderwerp.validators = [DataRequired("Kies een onderwerp.")]
        return form

    def _plan(officer: Officer, plan: str) -> PlanRow:
        with desk.database.reading() as work:
            row = work.content_sources.get(plan, officer.scope)
        if row is None:
            raise HTTPException(404)
        return row

    def _titles() -> dict[str, str]:
        return {topic.id: topic.title for topic in desk.knowledge.topics.values()}

    return routes


def _told(taken: own_plans.TakenUp, removed: str) -> str:
    number = len(taken.topics)
    made = {0: "Er is geen onderwerp in herkend.", 1: "Er is 1 concept gemaakt."}
    said = ["Het plan is gelezen.", made.get(number, f"Er zijn {number} concepten gemaakt.")]
    rest = len(taken.unmatched)
    if rest:
        pieces = "1 stuk" if rest == 1 else f"{rest} stukken"
        said.append(f"Bij {pieces} tekst is geen onderwerp gevonden.")
    if removed:
        said.append(f"Uit de tekst is gehaald: {removed}.")
    return " ".join(said)
