"""What people ask: topics per week, with what was unclear, wrong or reported about them."""

from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter, Request
from fastapi.responses import Response

from bottlenecks.dates import SHORT_MONTHS
from bottlenecks.desk.context import DeskContext
from bottlenecks.desk.pages import Pages
from bottlenecks.desk.questions import labels, wrong_answers
from bottlenecks.desk.questions.tabs import PATH, tabs
from bottlenecks.desk.questions.topic_names import topic_name
from bottlenecks.desk.reports.filters import LONGEST_TEXT
from bottlenecks.desk.session import SignedIn
from bottlenecks.store.report_rows import searchable
from bottlenecks.store.topics import TopicFigures, TopicWeeks
from knowledge import Knowledge


@dataclass(frozen=True)
class Line:
    """A topic in the table; `wrong` are open remarks that its answer is wrong.

    `is_known`: it has a page.
    """

    topic: str
    name: str
    is_known: bool
    counts: TopicWeeks
    wrong: int
    reports: int


def router(desk: DeskContext, pages: Pages) -> APIRouter:
    """The routes of what people ask."""
    routes = APIRouter()

    @routes.get(PATH)
    def overview(request: Request, officer: SignedIn) -> Response:
        words = request.query_params.get("zoek", "").strip()[:LONGEST_TEXT]
        with desk.database.reading() as work:
            figures = work.topics.per_week()
            wrong = work.topics.wrong_counts(officer.scope)
            reports = work.topics.report_counts(officer.scope)
            shown_tabs = tabs(work, officer, PATH)
        lines = _lines(desk.knowledge, figures, wrong, reports)
        return pages.show(
            request,
            "questions.html",
            officer=officer,
            tabs=shown_tabs,
            words=words,
            weeks=[_week(monday) for monday in figures.weeks],
            since=_week(figures.weeks[0]),
            lines=[line for line in lines if _matches(line, words)],
        )

    routes.include_router(labels.router(desk, pages))
    routes.include_router(wrong_answers.router(desk, pages))
    return routes


def _lines(
    knowledge: Knowledge,
    figures: TopicFigures,
    wrong: dict[str | None, int],
    reports: dict[str, int],
) -> list[Line]:
    """Every topic of which there is anything to tell, most asked first."""
    counted = {one.topic: one for one in figures.topics}
    others = sorted({topic for topic in (*wrong, *reports) if topic} - set(counted))
    nothing = (0,) * len(figures.weeks)
    everything = (*figures.topics, *(TopicWeeks(topic, nothing, 0, 0) for topic in others))
    return [
        Line(
            one.topic,
            topic_name(knowledge, one.topic),
            one.topic in knowledge.topics,
            one,
            wrong.get(one.topic, 0),
            reports.get(one.topic, 0),
        )
        for one in everything
    ]


def _matches(line: Line, words: str) -> bool:
    said = searchable(f"{line.name} {line.topic}").casefold()
    return all(word in said for word in searchable(words).casefold().split())


def _week(monday: date) -> str:
    return f"{monday.day} {SHORT_MONTHS[monday.month - 1]}"
