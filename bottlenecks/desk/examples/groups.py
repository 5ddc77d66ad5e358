"""Example groups for a demo: some of the example reports, brought together."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from bottlenecks.roles import EVERYWHERE
from bottlenecks.store import Database, Work
from bottlenecks.store.database import Clock
from bottlenecks.workflow import Status


def add_groups(
    database: Database,
    groups: Sequence[Mapping[str, Any]],
    members: Mapping[str, Sequence[str]],
    officers: Sequence[str],
    now: datetime,
) -> None:
    """Add the groups; `members` has the references of the reports of each, by its name."""
    for place, one in enumerate(groups):
        officer = officers[place % len(officers)]
        day = now.astimezone(UTC) - timedelta(days=one["dagen_geleden"])
        began = min(day.replace(hour=one["uur"], minute=0), now)
        with database.work(clock=_stopped_at(began)) as work:
            number = work.groups.create(
                one["titel"], members[one["naam"]], EVERYWHERE, actor=officer, is_example=True
            )
        for event in one["verloop"]:
            moment = min(began + timedelta(hours=event["na_uren"]), now)
            with database.work(clock=_stopped_at(moment)) as work:
                _happen(work, number, event, officer)


def _stopped_at(moment: datetime) -> Clock:
    return lambda: moment


def _happen(work: Work, number: int, event: Mapping[str, Any], officer: str) -> None:
    view = work.groups.get(number, EVERYWHERE)
    assert view is not None, "it was made just now"
    version = view.row.version
    match event["soort"]:
        case "eigenaar":
            work.groups.assign(number, EVERYWHERE, officer, actor=officer, version=version)
        case "status":
            to = Status(event["naar"])
            work.groups.move(number, EVERYWHERE, to, actor=officer, version=version)
        case "notitie":
            work.groups.note(number, EVERYWHERE, actor=officer, kind="note", text=event["tekst"])
