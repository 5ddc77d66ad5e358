"""Where the pages of content are, and for whom an officer may look and change."""

from urllib.parse import quote, urlencode

from fastapi import HTTPException

from bottlenecks.desk.context import DeskContext
from bottlenecks.desk.session import ForbiddenError
from bottlenecks.roles import Officer
from bottlenecks.store import Work

PATH = "/beheer/inhoud"
EVERYONE = "iedereen"


def regions_of(desk: DeskContext, officer: Officer) -> dict[str, str]:
    """For whom an officer may look and change: "" is everyone."""
    seen = desk.regions_of(officer.scope)
    return {"": EVERYONE, **seen} if officer.scope.all_regions else seen


def region_wanted(desk: DeskContext, officer: Officer, wanted: str | None) -> str | None:
    """The region to show: the one asked for, or else the first that the officer may change."""
    offered = regions_of(desk, officer)
    if wanted is not None and wanted in offered:
        return wanted or None
    return next(iter(offered), "") or None


def address(topic: str, region: str | None) -> str:
    """The page of a topic."""
    query = f"?{urlencode({'regio': region})}" if region else ""
    return f"{PATH}/onderwerp/{quote(topic)}{query}"


def changeable(desk: DeskContext, officer: Officer, region: str) -> str | None:
    """The region ("" is everyone), if the officer may change texts for it.

    Raises:
        ForbiddenError: they may not.
    """
    if region and region not in desk.regions:
        raise HTTPException(404)
    if not officer.scope.sees(region or None):
        raise ForbiddenError(
            "Deze regio hoort niet bij jouw regio's."
            if region
            else f"Wat voor {EVERYONE} geldt, wijzigt alleen wie alle regio's ziet."
        )
    return region or None


def approvers(work: Work, officer: Officer, region: str | None) -> list[str]:
    """The names of who may approve what this officer proposes for a region (None: everyone)."""
    return [
        other.name
        for other in work.officers.handlers()
        if other.id != officer.id and other.scope.sees(region)
    ]


def check_known(desk: DeskContext, topic: str) -> None:
    """Whether there is such a topic; else: not found."""
    if topic not in desk.knowledge.topics:
        raise HTTPException(404)
