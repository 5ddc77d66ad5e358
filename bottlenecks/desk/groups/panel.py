"""What the page of a report tells of groups: the one it is in, or those that it may belong to."""

from dataclasses import dataclass

from bottlenecks.roles import Officer
from bottlenecks.store import Work
from bottlenecks.store.group_views import GroupRow, Suggestions

SHOWN = 3


@dataclass(frozen=True)
class Belonging:
    """The group that a report is in, if any; else what is like it."""

    own: GroupRow | None
    found: Suggestions


def belonging(work: Work, officer: Officer, reference: str) -> Belonging:
    """Where a report belongs, as far as this officer may see it.

    Raises:
        LookupError: the report is not there, or not to be seen.
    """
    own = work.groups.of(reference, officer.scope)
    if own is not None:
        return Belonging(own, Suggestions())
    return Belonging(None, work.groups.suggest(reference, officer.scope, limit=SHOWN))
