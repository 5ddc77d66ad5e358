"""Answers that people called wrong, with the answer as it is now beside what they said."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response

from bottlenecks.desk.context import DeskContext
from bottlenecks.desk.pages import Pages
from bottlenecks.desk.questions.tabs import WRONG, tabs
from bottlenecks.desk.questions.topic_names import topic_name
from bottlenecks.desk.session import DeskForm, Handler, Sent, SignedIn, form_for
from bottlenecks.live_content import live_texts, own_sources
from bottlenecks.roles import Officer
from bottlenecks.store import Work
from bottlenecks.store.report_search import ReportRow
from bottlenecks.store.topics import FeedbackView
from knowledge import Knowledge
from knowledge.lines import unwrap
from knowledge.overlay import overlaid

MAX_REPORTS = 3
DONE = "ja"
BACK = "terug"


class HandledForm(DeskForm):
    """Which remarks are put away, or back."""


@dataclass(frozen=True)
class Told:
    """An answer as it is told now, and in which region (empty: everywhere else)."""

    where: str
    text: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Card:
    """A topic with what was said of its answer, and the reports that point to it."""

    topic: str | None
    name: str
    remarks: tuple[FeedbackView, ...]
    answers: tuple[Told, ...]
    reports: tuple[ReportRow, ...]
    all_reports: int


def router(desk: DeskContext, pages: Pages) -> APIRouter:
    """The routes of wrong answers."""
    routes = APIRouter()

    @routes.get(WRONG)
    def wrong(request: Request, officer: SignedIn) -> Response:
        done = request.query_params.get("afgehandeld") == DONE
        with desk.database.reading() as work:
            remarks = work.topics.wrong_answers(officer.scope, handled=done)
            names = work.officers.names({one.handled_by for one in remarks if one.handled_by})
            cards = _cards(work, desk, officer, remarks)
            shown_tabs = tabs(work, officer, WRONG)
        return pages.show(
            request,
            "wrong_answers.html",
            officer=officer,
            tabs=shown_tabs,
            form=form_for(request, HandledForm),
            cards=cards,
            names=names,
            done=done,
        )

    @routes.post(WRONG)
    def handle(request: Request, officer: Handler, data: Sent) -> Response:
        back = data.get("wat") == BACK
        here = f"{WRONG}?afgehandeld={DONE}" if back else WRONG
        form = form_for(request, HandledForm, data)
        if not form.validate():
            return pages.done(here, " ".join(form.errors["csrf_token"]), kind="alarm")
        given = [str(one) for one in data.getlist("opmerking")]
        ids = [int(one) for one in given if one.isascii() and one.isdigit() and len(one) < 10]
        with desk.database.work() as work:
            changed = work.topics.handle_wrong(ids, officer.scope, actor=officer.id, done=not back)
            if changed:
                work.audit.add(
                    officer.id,
                    "opmerking-teruggezet" if back else "opmerking-afgehandeld",
                    str(data.get("onderwerp") or "geen onderwerp"),
                    aantal=changed,
                )
        if not changed:
            return pages.done(here, "Er is niets veranderd: vink een opmerking aan.", kind="warn")
        what = "teruggezet" if back else "afgehandeld"
        number = "1 opmerking" if changed == 1 else f"{changed} opmerkingen"
        return pages.done(here, f"{number} {what}.")

    return routes


def _cards(
    work: Work, desk: DeskContext, officer: Officer, remarks: Sequence[FeedbackView]
) -> list[Card]:
    """The remarks by topic: what was said most of comes first."""
    by_topic: defaultdict[str | None, list[FeedbackView]] = defaultdict(list)
    for one in remarks:
        by_topic[one.topic].append(one)
    reported = work.topics.report_counts(officer.scope)
    known = _known(work, desk, officer)
    cards = [
        Card(
            topic,
            topic_name(desk.knowledge, topic),
            tuple(said),
            _told(topic, known) if topic else (),
            tuple(work.topics.reports_of(topic, officer.scope, limit=MAX_REPORTS))
            if topic in reported and topic
            else (),
            reported.get(topic or "", 0),
        )
        for topic, said in by_topic.items()
    ]
    return sorted(cards, key=lambda card: -len(card.remarks))


def _known(work: Work, desk: DeskContext, officer: Officer) -> Mapping[str, Knowledge]:
    """What is told now: to everyone, and in each region of the officer."""
    texts, sources = live_texts(work), own_sources(work)
    places = [("", None), *((name, id_) for id_, name in desk.regions_of(officer.scope).items())]
    return {name: overlaid(desk.knowledge, texts, region, sources) for name, region in places}


def _told(topic_id: str, known: Mapping[str, Knowledge]) -> tuple[Told, ...]:
    """The answer as everyone gets it, and as regions with a text of their own get it."""
    general = known[""].topics.get(topic_id)
    found = []
    for name, knowledge in known.items():
        topic = knowledge.topics.get(topic_id)
        if topic is None or (name and topic == general):
            continue
        sources = tuple(
            f"{knowledge.sources[ref.document].title}, onderdeel {ref.section}, "
            f"{knowledge.sources[ref.document].date_text}"
            for ref in topic.sources
            if ref.document in knowledge.sources
        )
        found.append(Told(name, unwrap(topic.answer), sources))
    return tuple(found)
