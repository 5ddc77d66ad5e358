"""What the pages of a report for a meeting share: where they are, and who sees what."""

from collections.abc import Sequence

from fastapi import HTTPException
from fastapi.responses import Response

from bottlenecks.desk.pages import Pages
from bottlenecks.roles import Officer
from bottlenecks.store import Work
from bottlenecks.store.meeting_reports import MeetingView

PATH = "/beheer/verslag"


def found(work: Work, officer: Officer, draft_id: str) -> MeetingView:
    """The draft with this id.

    Raises:
        HTTPException: it is not there, or not to be seen.
    """
    view = work.meeting_reports.get(draft_id, officer.scope)
    if view is None:
        raise HTTPException(404)
    return view


def saved(pages: Pages, url: str, said: str, removed: Sequence[str]) -> Response:
    """Go to `url` and say so, with what was taken out of the texts."""
    if not removed:
        return pages.done(url, said)
    *most, last = removed
    taken = f"{', '.join(most)} en {last}" if most else last
    return pages.done(url, f"{said} Eruit gehaald: {taken}.", kind="warn")
