"""What stands in a report for a meeting: counted anew each time, with small numbers hidden."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bottlenecks.dates import AMSTERDAM, written
from bottlenecks.desk.context import DeskContext
from bottlenecks.desk.figures.tables import (
    TABLES,
    published_groups,
    published_table,
    table_of,
    took,
)
from bottlenecks.desk.pages import Pages, category, status
from bottlenecks.quotes import without_names
from bottlenecks.roaz_document import MeetingDocument, QuoteLine, Table
from bottlenecks.roles import Officer, Scope
from bottlenecks.signals import reports_in_words
from bottlenecks.small_counts import (
    EXPLANATION,
    Published,
    is_small,
    published,
)
from bottlenecks.store import Work
from bottlenecks.store.figures import Count, Duration, GroupCount, Selection
from bottlenecks.store.meeting_reports import MeetingDraft

REPORTS, PRACTICES = "Meldingen", "Praktijken"
WEEK, CATEGORY, REGION = "week", "soort", "regio"
REST = "In geen van deze groepen"
LEFT_OUT = (
    "Niet opgenomen is het citaat uit {}: de melding is ingetrokken, of hoort niet (meer) bij deze "
    "dagen en regio's."
)


@dataclass(frozen=True)
class Made:
    """The content of a report, and what its writer has to know of it."""

    document: MeetingDocument
    warnings: tuple[str, ...]


def make(
    work: Work, desk: DeskContext, pages: Pages, officer: Officer, draft: MeetingDraft
) -> Made:
    """Count and put together what a draft asks for, as `officer` may see it."""
    scope = draft.scope(officer.scope)
    selection = Selection(draft.since, draft.until)
    practices = work.meeting_reports.practice_names()
    groups, without_reports = chosen_groups(work, draft, scope)
    quotes, left_out = _quotes(work, draft, scope, practices)
    figures, these = work.figures, (selection, scope, AMSTERDAM)
    total = figures.total(*these)
    tables, most = _tables(work, pages, draft, selection, scope)
    if groups:
        rest = figures.outside([group.number for group in groups], *these)
        names = [f"{group.number}. {without_names(group.title, practices)}" for group in groups]
        lines = published_groups([*names, REST], groups, rest, selection, scope, work)
        tables.append(_group_table(groups, names, lines))
    before = figures.total(Selection(*draft.before), scope, AMSTERDAM)
    in_short = [
        *_totals(draft, total, before),
        *([f"Het meest gemeld: {most}."] if most else []),
        *_lasting("Eerste antwoord", figures.first_answer(*these)),
        *_lasting("Opgelost", figures.solution(*these)),
    ]
    now = work.now().astimezone(AMSTERDAM)
    document = MeetingDocument(
        title=draft.title,
        facts=(
            ("Voor", draft.audience),
            ("Van", draft.sender),
            ("Periode", period(draft)),
            ("Regio", regions(draft, pages)),
            ("Opgemaakt op", written(now.date())),
            *_example_fact(work.meeting_reports.has_examples(draft, scope, AMSTERDAM)),
        ),
        introduction=draft.introduction,
        in_short=tuple(in_short),
        tables=tuple(tables) if total.reports else (),
        quotes=quotes,
        request=draft.request,
        method=tuple(_method(draft, bool(groups), bool(quotes))),
        author=draft.sender,
        made_at=now,
    )
    warnings = [
        *_missing(draft, without_reports),
        *([LEFT_OUT.format(", ".join(left_out))] if left_out else []),
    ]
    return Made(document, tuple(warnings))


def chosen_groups(
    work: Work, draft: MeetingDraft, scope: Scope
) -> tuple[list[GroupCount], list[int]]:
    """The chosen groups that have reports in the period, and the numbers of the others."""
    if not draft.groups:
        return [], []
    selection = Selection(draft.since, draft.until)
    found = work.figures.groups(
        selection, scope, AMSTERDAM, limit=len(draft.groups), numbers=draft.groups
    )
    return found, sorted(set(draft.groups) - {group.number for group in found})


def period(draft: MeetingDraft) -> str:
    """The days of a report: 2 februari 2026 t/m 1 maart 2026."""
    if draft.since == draft.until:
        return written(draft.since)
    return f"{written(draft.since)} t/m {written(draft.until)}"


def regions(draft: MeetingDraft, pages: Pages) -> str:
    """The regions of a report, by name."""
    return ", ".join(map(pages.region, draft.regions)) or "alle regio's"


def _quotes(
    work: Work, draft: MeetingDraft, scope: Scope, practices: Iterable[str]
) -> tuple[tuple[QuoteLine, ...], list[str]]:
    """The quotes that may be shown, and the references of the others."""
    references = [one.reference for one in draft.quotes]
    reports = work.meeting_reports.quotable(references, draft, scope, AMSTERDAM)
    shown = tuple(
        # a practice can have become known by its name after the quote was taken
        QuoteLine(
            without_names(one.text, practices),
            f"Uit een melding over: {category(reports[one.reference].category)}",
        )
        for one in draft.quotes
        if one.reference in reports
    )
    return shown, [reference for reference in references if reference not in reports]


def _tables(
    work: Work, pages: Pages, draft: MeetingDraft, selection: Selection, scope: Scope
) -> tuple[list[Table], str]:
    """The tables of counts, and what was reported most."""
    tables, most = [], ""
    for name in TABLES:
        if name == REGION and len(draft.regions) == 1:
            continue
        counted = table_of(name, selection, scope, work, pages)
        labels = [line.label for line in counted.lines]
        rows = published_table(counted, scope, work)
        tables.append(
            Table(counted.title, (counted.heading, REPORTS, PRACTICES), tuple(map(_row, rows)))
        )
        # what was reported most can be hidden itself
        if name == CATEGORY and rows and rows[0][0] == labels[0]:
            label, count = rows[0]
            most = f"{label}, {_amount(count)}" if count.reports is not None else ""
    return tables, most


def _group_table(
    groups: Sequence[GroupCount], names: Sequence[str], lines: Sequence[tuple[str, Published]]
) -> Table:
    states = {name: status(group.status) for name, group in zip(names, groups, strict=True)}
    # what is in none of them comes last, shown or hidden
    ordered = sorted(lines, key=lambda line: line[0] == REST)
    rows = [(label, states.get(label, ""), *_row((label, count))[1:]) for label, count in ordered]
    return Table(
        "Grootste knelpunten",
        ("Meldingen over hetzelfde", "Status", REPORTS, PRACTICES),
        tuple(rows),
    )


def _row(line: tuple[str, Published]) -> tuple[str, str, str]:
    label, count = line
    return label, count.reports_text, count.practices_text


def _totals(draft: MeetingDraft, total: Count, before: Count) -> list[str]:
    days = (draft.until - draft.since).days + 1
    earlier = "De dag ervoor" if days == 1 else f"In de {days} dagen ervoor"
    then = _told(before)
    return [f"{_told(total)}.", f"{earlier}: {then[0].lower()}{then[1:]}."]


def _told(count: Count) -> str:
    [shown] = published([count])
    if not count.reports:
        return "Geen meldingen"
    if shown.reports is None:
        return "Meldingen van minder dan vijf praktijken"
    return _amount(shown)


def _amount(count: Published) -> str:
    reports = reports_in_words(count.reports or 0)
    practices = "1 praktijk" if count.practices == 1 else f"{count.practices} praktijken"
    return f"{reports} van {practices}"


def _lasting(what: str, duration: Duration) -> list[str]:
    """Without how many reports it is over: from all of them, the rest could be computed."""
    if duration.median is None or duration.ninetieth is None:
        return []
    if is_small(Count("", duration.number, duration.practices)):
        return []
    half, most = took(duration.median), took(duration.ninetieth)
    return [f"{what}: de helft binnen {half}, negen van de tien binnen {most}."]


def _example_fact(has_examples: bool) -> list[tuple[str, str]]:
    said = "hier zijn verzonnen voorbeeldmeldingen meegeteld"
    return [("Let op", said)] if has_examples else []


def _missing(draft: MeetingDraft, without_reports: Sequence[int]) -> list[str]:
    found = []
    if not draft.request:
        found.append("Je vulde nog niet in wat je vraagt. Dat deel staat er nu niet in.")
    if not draft.quotes:
        found.append("Je koos nog geen citaten. Dat deel staat er nu niet in.")
    if not draft.groups:
        found.append("Je koos geen groepen. Dat deel staat er nu niet in.")
    if without_reports:
        numbers = ", ".join(map(str, without_reports))
        found.append(
            f"Niet opgenomen, omdat er in deze periode geen melding in zit: groep {numbers}."
        )
    return found


def _method(draft: MeetingDraft, has_groups: bool, has_quotes: bool) -> list[str]:
    found = [
        f"Geteld zijn alle meldingen van {period(draft)}, ook wat is afgerond of ingetrokken. "
        "Een week telt alleen de dagen van deze periode.",
        EXPLANATION,
        "Een praktijk kan over meer dan één soort knelpunt melden, en in meer dan één week. "
        "Praktijken tellen daarom niet op.",
        "De tijd tot het eerste antwoord en tot de oplossing loopt vanaf de melding, over de "
        "meldingen die al een antwoord hebben of zijn opgelost.",
    ]
    if has_groups:
        found.append("Medewerkers voegden meldingen over hetzelfde knelpunt samen tot een groep.")
    if has_quotes:
        found.append(
            "Een medewerker koos de citaten, en kortte ze soms in. Gegevens van mensen en namen "
            "van praktijken zijn weggelaten."
        )
    return found
