"""All that happened to a group, in words that an officer reads."""

from collections.abc import Mapping, Sequence
from itertools import groupby

from bottlenecks.desk.reports.timeline import Entry
from bottlenecks.signals import reports_in_words
from bottlenecks.store.group_views import GroupEventView, GroupView
from bottlenecks.store.report_rows import REPORTER
from bottlenecks.workflow import DESK_LABELS

MEMBERS = {"joined": "voegde toe", "left": "haalde weg"}


def people_of(view: GroupView) -> set[str]:
    """Ids of officers that the page of a group names."""
    ids = {event.actor for event in view.events} | {view.row.owner_id}
    ids |= {event.text for event in view.events if event.kind == "owner"}
    ids |= {member.owner_id for member in view.members}
    return {one for one in ids if one}


def group_entries(view: GroupView, names: Mapping[str, str]) -> list[Entry]:
    """The timeline, oldest first; what someone added or took away at once is one line."""
    found = []
    for _, events in groupby(view.events, key=_together):
        found.append(_entry(list(events), names))
    return found


def _together(event: GroupEventView) -> object:
    if event.kind in MEMBERS:
        return (event.kind, event.actor, event.at)
    return id(event)


def _entry(events: Sequence[GroupEventView], names: Mapping[str, str]) -> Entry:
    event = events[0]
    is_reporter = event.actor == REPORTER
    who = "Melder" if is_reporter else names.get(event.actor, "onbekend")
    kind = event.kind if event.kind in ("reply", "note") else "change"
    text = event.text if event.kind in ("reply", "note") else ""
    return Entry(
        event.at, who, _what(events, names), text or "", "reporter" if is_reporter else kind
    )


def _what(events: Sequence[GroupEventView], names: Mapping[str, str]) -> str:
    event = events[0]
    match event.kind:
        case "joined" | "left":
            return f"{MEMBERS[event.kind]}: {_members(events)}"
        case "created":
            return "begon deze groep"
        case "title":
            return f"gaf een andere titel: {event.text}"
        case "reply":
            return "antwoordde alle melders"
        case "note":
            return "noteerde (alleen voor collega's)"
        case "owner" if event.text == event.actor:
            return "pakte dit op"
        case "owner":
            new = names.get(event.text or "", "iemand")
            return f"maakte {new} eigenaar" if event.text else "haalde de eigenaar weg"
    status = DESK_LABELS[event.status_to] if event.status_to else ""
    if event.status_from == event.status_to:
        return f"gaf meldingen de status van de groep: {status}"
    return f"zette de status op: {status}"


def _members(events: Sequence[GroupEventView]) -> str:
    shown = [event.reference for event in events if event.reference]
    hidden = len(events) - len(shown)
    if hidden:
        shown.append(f"{reports_in_words(hidden)} van een andere regio")
    return ", ".join(shown)
