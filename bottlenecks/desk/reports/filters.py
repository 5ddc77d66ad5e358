"""A filter of reports as it stands in the URL of the inbox, and back.

Names and values are Dutch: `?status=nieuw&regio=utrecht&te_laat=ja`. No status means `openstaand`;
`alle` does not narrow. What is not known or not well-formed is ignored: an old or mistyped link
shows more, and never an error.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from bottlenecks.lists import lists
from bottlenecks.store.report_search import NOBODY, OTHER_REGION, Order, ReportFilter
from bottlenecks.workflow import OPEN, Status

OPEN_ONES = "openstaand"
ANY_STATUS = "alle"
ME = "ik"
YES, NO = "ja", "nee"

LONGEST_TEXT = 200
LONGEST_TOPIC = 60
LAST_PAGE = 100_000
# days outside these years cannot be meant, and would not fit in a moment of every zone
YEARS = range(1900, 3000)

_ID = re.compile(r"[0-9A-Za-z-]{1,32}")
_TOPIC = re.compile(r"[a-z-]+(/[a-z0-9-]+)?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
_Value = TypeVar("_Value", bound=StrEnum)


def from_query(
    params: QueryParams, officer_id: str | None = None, *, regions: Collection[str] | None = None
) -> ReportFilter:
    """The filter that a URL asks for.

    Args:
        params: the query of the URL.
        officer_id: whom `eigenaar=ik` means; None: that is ignored.
        regions: ids of regions that exist, others are ignored; None: each well-formed one counts.
    """
    found = {part for part in params.getlist("regio") if _ID.fullmatch(part)}
    if regions is not None:
        found &= {*regions, OTHER_REGION}
    return ReportFilter(
        statuses=_statuses(params.getlist("status")),
        categories=_known(params.getlist("soort"), lists().categories),
        regions=tuple(sorted(found)),
        severities=_known(params.getlist("ernst"), lists().severities),
        owner=_owner(params.get("eigenaar", ""), officer_id),
        answer_wanted={YES: True, NO: False}.get(params.get("antwoord", "")),
        overdue=params.get("te_laat") == YES,
        has_reaction=params.get("reactie") == YES,
        practice=_text(params.get("praktijk", "")) or None,
        topic=_topic(params.get("onderwerp", "")),
        since=day_in(params.get("van", "")),
        until=day_in(params.get("tot", "")),
        words=_text(params.get("zoek", "")),
        order=_one(Order, params.get("sorteer", "")) or Order.DEADLINE,
    )


def page_of(params: QueryParams) -> int:
    """The number of the page that a URL asks for; the first one is 1."""
    asked = params.get("pagina", "")
    return min(max(int(asked), 1), LAST_PAGE) if re.fullmatch(r"[0-9]{1,9}", asked) else 1


def day_in(value: str) -> date | None:
    """A day as a browser sends it: 2026-03-31; None: it is none, or one that cannot be meant."""
    try:
        found = date.fromisoformat(value)
    except ValueError:
        return None
    return found if found.year in YEARS else None


def to_query(wanted: ReportFilter, *, page: int = 1, **changes: Any) -> str:
    """The query of a URL that asks for a filter, without "?"; empty for what is shown by itself.

    Args:
        wanted: the filter.
        page: the number of the page.
        changes: fields of the filter that get another value in this URL.

    Raises:
        TypeError: a change is of no field.
    """
    shown = replace(wanted, **changes)
    pairs: list[tuple[str, str]] = []

    def add(name: str, *values: str) -> None:
        pairs.extend((name, value) for value in values if value)

    if not shown.statuses:
        add("status", ANY_STATUS)
    elif set(shown.statuses) != OPEN:
        add("status", *shown.statuses)
    add("soort", *shown.categories)
    add("regio", *shown.regions)
    add("ernst", *shown.severities)
    add("eigenaar", shown.owner or "")
    if shown.answer_wanted is not None:
        add("antwoord", YES if shown.answer_wanted else NO)
    add("te_laat", YES if shown.overdue else "")
    add("reactie", YES if shown.has_reaction else "")
    add("praktijk", shown.practice or "")
    add("onderwerp", shown.topic or "")
    add("van", shown.since.isoformat() if shown.since else "")
    add("tot", shown.until.isoformat() if shown.until else "")
    add("zoek", shown.words)
    add("sorteer", "" if shown.order is Order.DEADLINE else shown.order)
    add("pagina", str(page) if page > 1 else "")
    return urlencode(pairs)


def _statuses(values: list[str]) -> tuple[Status, ...]:
    if ANY_STATUS in values:
        return ()
    found = {status for value in values if (status := _one(Status, value))}
    if OPEN_ONES in values or not found:
        found |= OPEN
    return tuple(status for status in Status if status in found)


def _known(values: list[str], known: Iterable[str]) -> tuple[str, ...]:
    return tuple(one for one in known if one in values)


def _owner(value: str, officer_id: str | None) -> str | None:
    if value == ME:
        return officer_id
    return value if value == NOBODY or _ID.fullmatch(value) else None


def _one(kind: type[_Value], value: str) -> _Value | None:
    return kind(value) if value in set(kind) else None


def _topic(value: str) -> str | None:
    return value if _TOPIC.fullmatch(value) and len(value) <= LONGEST_TOPIC else None


def _text(value: str) -> str:
    """No control characters: a database may refuse them, and nobody searches for them."""
    return _CONTROL.sub(" ", value).strip()[:LONGEST_TEXT].strip()
