"""All that happened to a report, in words that an officer reads."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bottlenecks.desk import pages
from bottlenecks.store.report_desk import CaseView, EventView
from bottlenecks.store.report_rows import REPORTER
from bottlenecks.workflow import DESK_LABELS, Status

FIELDS = {"category": "soort", "region": "regio", "severity": "ernst"}
DELIVERIES = {
    "pending": ("wordt bezorgd", ""),
    "sent": ("bezorgd", "good"),
    "dead": ("niet aangekomen", "alarm"),
    # given up, and its text is kept no longer
    "erased": ("niet aangekomen", "alarm"),
}


@dataclass(frozen=True)
class Entry:
    """One line of the timeline.

    `kind` is how it looks: reporter, reply, note or change; `delivery` tells whether a message
    arrived, `delivery_kind` how that looks.
    """

    at: datetime
    who: str
    what: str
    text: str
    kind: str
    delivery: str = ""
    delivery_kind: str = ""


def entries(
    case: CaseView,
    names: Mapping[str, str],
    region: Callable[[str | None], str],
    topic: Callable[[str | None], str],
) -> list[Entry]:
    """The timeline, oldest first.

    `names` are of officers by id; `region` and `topic` name a region and a topic.
    """
    return [_entry(event, names, region, topic) for event in case.events]


def _entry(
    event: EventView,
    names: Mapping[str, str],
    region: Callable[[str | None], str],
    topic: Callable[[str | None], str],
) -> Entry:
    is_reporter = event.actor == REPORTER
    who = "Melder" if is_reporter else names.get(event.actor, "onbekend")
    delivery, delivery_kind = DELIVERIES.get(event.delivery or "", ("", ""))
    if event.delivered_at is not None:
        delivery += f" op {pages.moment(event.delivered_at)}"
    kind = event.kind if event.kind in ("reply", "note") else "change"
    return Entry(
        event.at,
        who,
        _what(event, names, region) if event.kind != "topic" else _pointed(event, topic),
        event.text or "",
        "reporter" if is_reporter else kind,
        delivery,
        delivery_kind,
    )


def _what(event: EventView, names: Mapping[str, str], region: Callable[[str | None], str]) -> str:
    match event.kind:
        case "created":
            return "heeft dit gemeld"
        case "addition":
            return "voegde toe"
        case "reply" if event.field == "group":
            return f"antwoordde aan groep {event.value_to}; de melder las het bij het aansluiten"
        case "reply":
            return "antwoordde"
        case "note":
            return "noteerde (alleen voor collega's)"
        case "owner" if event.value_to == event.actor:
            return "pakte dit op"
        case "owner":
            new = names.get(event.value_to or "", "iemand")
            return f"maakte {new} eigenaar" if event.value_to else "haalde de eigenaar weg"
        case "correction":
            return _correction(event, region)
        case "group":
            return _group(event)
    status = DESK_LABELS[event.status_to] if event.status_to else ""
    if event.field == "group":
        return f"gaf dit de status van groep {event.value_to}: {status}"
    if event.actor == REPORTER and event.status_to is Status.IN_PROGRESS:
        return f"reageerde: de melding is weer {status}"
    if event.actor == REPORTER:
        return {
            Status.REOPENED: "heropende de melding",
            Status.WITHDRAWN: "trok de melding in",
        }.get(event.status_to or Status.NEW, status)
    return f"zette de status op: {status}"


def _pointed(event: EventView, topic: Callable[[str | None], str]) -> str:
    if event.value_to:
        return f"koos het onderwerp: {topic(event.value_to)}"
    return f"haalde het onderwerp weg: {topic(event.value_from)}"


def _group(event: EventView) -> str:
    if event.value_to is None:
        return f"haalde dit uit groep {event.value_from}"
    if event.actor == REPORTER:
        return f"zei dat dit bij groep {event.value_to} hoort"
    return f"voegde dit toe aan groep {event.value_to}"


def _correction(event: EventView, region: Callable[[str | None], str]) -> str:
    shown: Mapping[str, Callable[[str], str]] = {
        "category": pages.category,
        "severity": pages.severity,
        "region": region,
    }
    name = shown[event.field or "category"]
    before, after = (name(value or "") for value in (event.value_from, event.value_to))
    return f"wijzigde {FIELDS[event.field or 'category']}: {before} → {after}"
