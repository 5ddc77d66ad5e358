"""Questions that were not understood: officers say what they ask, and the assistant learns."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from bottlenecks.desk.context import DeskContext
from bottlenecks.desk.pages import Pages
from bottlenecks.desk.questions.tabs import LABELS, tabs
from bottlenecks.desk.questions.topic_names import (
    NAMES,
    OUT_OF_SCOPE,
    labels,
    like,
    topic_name,
    typed_topic,
)
from bottlenecks.desk.reports.filters import LONGEST_TEXT, page_of
from bottlenecks.desk.session import DeskForm, Handler, Sent, SignedIn, form_for
from bottlenecks.roles import Officer
from bottlenecks.store.questions import KEEP_DAYS, UNUSED, UnclearView
from knowledge import Knowledge

PAGE_SIZE = 20
MAX_NEAR = 3
# the choice that goes with a typed topic
OTHER = "anders"
NOT_YET = ""
DONE = "ja"
OUTCOMES = {
    "declined": "niet beantwoord",
    "clarified": "eerst doorgevraagd",
    "wrong": "antwoord klopt niet, zei de vrager",
}


class LabelsForm(DeskForm):
    """The questions of a page; each has fields of its own, named by its id."""


@dataclass(frozen=True)
class Line:
    """A question as shown, with what is or was filled in.

    `near` are topics to choose from, by name; `chosen` is the choice, `typed` the other topic,
    `error` what is wrong with it.
    """

    view: UnclearView
    outcome: str
    answered: str
    near: tuple[tuple[str, str], ...]
    chosen: str
    typed: str
    error: str = ""


def router(desk: DeskContext, pages: Pages) -> APIRouter:
    """The routes of the questions to label."""
    routes = APIRouter()

    def show(request: Request, officer: Officer, data: FormData | None = None) -> Response:
        """The page; `data` is what was sent and cannot be kept."""
        done = request.query_params.get("ingedeeld") == DONE
        page = page_of(request.query_params)
        with desk.database.reading() as work:
            found = work.questions.page(
                labelled=done, offset=(page - 1) * PAGE_SIZE, limit=PAGE_SIZE
            )
            # the last page of a list that became shorter
            last = max(1, -(-found.total // PAGE_SIZE))
            if page > last:
                page = last
                found = work.questions.page(
                    labelled=done, offset=(page - 1) * PAGE_SIZE, limit=PAGE_SIZE
                )
            names = work.officers.names({row.labelled_by for row in found.rows if row.labelled_by})
            shown_tabs = tabs(work, officer, LABELS)
        form = form_for(request, LabelsForm, data)
        lines = [_line(desk.knowledge, view, data) for view in found.rows]
        problem = ""
        if data is not None and not form.validate():
            problem = " ".join(form.errors["csrf_token"])
        elif data is not None:
            problem = "Een onderwerp wordt niet herkend. Er is nog niets bewaard: kijk hieronder."
        return pages.show(
            request,
            "question_labels.html",
            officer=officer,
            status_code=200 if data is None else 422,
            tabs=shown_tabs,
            form=form,
            problem=problem,
            lines=lines,
            names=names,
            done=done,
            total=found.total,
            page=page,
            last_page=last,
            page_query=lambda number: urlencode(
                {**({"ingedeeld": DONE} if done else {}), "pagina": number}
            ),
            titles=labels(desk.knowledge),
            fixed=[(one, NAMES[one]) for one in (OUT_OF_SCOPE, UNUSED)],
            other=OTHER,
            keep_days=KEEP_DAYS,
        )

    @routes.get(LABELS)
    def questions(request: Request, officer: SignedIn) -> Response:
        return show(request, officer)

    @routes.post(LABELS)
    def save(request: Request, officer: Handler, data: Sent) -> Response:
        ids = _ids(data)
        read = {id_: _read(desk.knowledge, data, id_) for id_ in ids}
        if not form_for(request, LabelsForm, data).validate() or any(
            error for _, error in read.values()
        ):
            return show(request, officer, data)
        changed, missed = 0, 0
        with desk.database.work() as work:
            for id_, (label, _) in read.items():
                was = str(data.get(f"was-{id_}") or "") or None
                if label == was:
                    continue
                if work.questions.label(id_, label, actor=officer.id, was=was):
                    changed += 1
                else:
                    missed += 1
            if changed:
                work.audit.add(officer.id, "vragen-ingedeeld", "vragen", aantal=changed)
        query = request.url.query
        return pages.done(
            f"{LABELS}?{query}" if query else LABELS,
            _said(changed, missed),
            kind="good" if changed and not missed else "warn",
        )

    return routes


def _ids(data: FormData) -> Sequence[int]:
    """The questions that a form is about."""
    found = (str(name).removeprefix("keuze-") for name in data if str(name).startswith("keuze-"))
    return [int(one) for one in found if one.isascii() and one.isdigit() and len(one) < 10]


def _read(knowledge: Knowledge, data: FormData, id_: int) -> tuple[str | None, str]:
    """The label that was chosen for a question (None: not yet), and what is wrong with it."""
    chosen = str(data.get(f"keuze-{id_}") or NOT_YET)
    typed = str(data.get(f"anders-{id_}") or "").strip()[:LONGEST_TEXT]
    # who types a topic need not tick that it is another one
    if chosen == OTHER or (chosen == NOT_YET and typed):
        if not typed:
            return None, "Typ een onderwerp, of kies iets anders."
        topic = typed_topic(knowledge, typed)
        if topic is None:
            near = like(knowledge, typed)
            hint = f' Bedoel je "{near}"?' if near else " Kies er een uit de lijst."
            return None, f"Dit onderwerp is er niet.{hint}"
        return topic, ""
    if chosen in (NOT_YET, UNUSED) or chosen in knowledge.topics:
        return chosen or None, ""
    return None, "Dit onderwerp is er niet meer. Kies een ander."


def _line(knowledge: Knowledge, view: UnclearView, data: FormData | None) -> Line:
    near = dict.fromkeys(
        topic
        for topic in (view.chosen, *(topic for topic, _ in view.candidates))
        if topic in knowledge.topics and topic != OUT_OF_SCOPE
    )
    shown = tuple((topic, topic_name(knowledge, topic)) for topic in [*near][:MAX_NEAR] if topic)
    line = Line(
        view,
        OUTCOMES.get(view.outcome, view.outcome),
        topic_name(knowledge, view.topic) if view.topic else "",
        shown,
        *_filled(knowledge, view, [topic for topic, _ in shown]),
    )
    if data is None or f"keuze-{view.id}" not in data:
        return line
    _, error = _read(knowledge, data, view.id)
    chosen = str(data.get(f"keuze-{view.id}") or NOT_YET)
    typed = str(data.get(f"anders-{view.id}") or "")
    return Line(view, line.outcome, line.answered, shown, chosen, typed, error)


def _filled(knowledge: Knowledge, view: UnclearView, near: Sequence[str]) -> tuple[str, str]:
    """The choice and the typed topic for the label that a question has."""
    if view.label is None:
        return NOT_YET, ""
    if view.label in (OUT_OF_SCOPE, UNUSED, *near):
        return view.label, ""
    return OTHER, topic_name(knowledge, view.label)


def _said(changed: int, missed: int) -> str:
    if not changed and not missed:
        return "Er is niets veranderd: kies eerst waar een vraag over gaat."
    said = f"{_counted(changed)} bewaard."
    if missed:
        said += f" {_counted(missed)} niet: een collega was je voor, of de vraag is gewist."
    return said


def _counted(number: int) -> str:
    return "1 vraag" if number == 1 else f"{number} vragen"
