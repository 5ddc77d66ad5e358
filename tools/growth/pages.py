"""The pages of the desk that are measured, by name: every list, filter, sort, search and figure.

The filters and the orders of the inbox are taken from where they are defined; a new one needs a
value in `FILTERS` here (tests/test_indexes.py says so).
"""

from dataclasses import dataclass, fields
from datetime import date, timedelta

from bottlenecks.desk.reports import filters
from bottlenecks.store.report_search import NOBODY, Order, ReportFilter
from bottlenecks.workflow import Status
from tools.growth.reports import TOPICS

INBOX = "/beheer/meldingen"
API = "/api/v1/reports"

LISTS = {
    "inbox": INBOX,
    "inbox, all": f"{INBOX}?status=alle",
    "inbox, all, last page": f"{INBOX}?status=alle&pagina={{last}}",
    "inbox, four filters": f"{INBOX}?regio=utrecht&soort=thuiszorg&ernst=hoog&antwoord=ja",
    "inbox, one region's officer": f"{INBOX}?status=alle&regio=utrecht",
    "search, common word": f"{INBOX}?status=alle&zoek=thuiszorg",
    "search, common word, newest": f"{INBOX}?status=alle&zoek=thuiszorg&sorteer=nieuwste",
    "search, rare words": f"{INBOX}?status=alle&zoek=bijzonder+{{rare}}",
    "signals": "/beheer/signalen",
    "new signal rule": "/beheer/signalen/regels/nieuw",
    "phases": "/beheer/fase",
    "contacts": "/beheer/contact",
    "people": "/beheer/mensen",
    "audit log": "/beheer/logboek",
    "audit log, who": "/beheer/logboek?wie={officer}",
    "audit log, what": "/beheer/logboek?wat=fase-gezet",
    "audit log, far back": "/beheer/logboek?voor={far}",
    "API, first page": f"{API}?limit=100",
    "API, last page": f"{API}?limit=100&after={{reference}}",
    "API, changed since": f"{API}?limit=100&changed_since={{changed}}",
    "API, filters": f"{API}?limit=100&status=opgelost&category=thuiszorg&region=utrecht",
}
COUNTING = {
    "what people ask": "/beheer/vragen",
    "questions to label": "/beheer/vragen/indelen",
    "questions labelled": "/beheer/vragen/indelen?ingedeeld=ja",
    "wrong answers": "/beheer/vragen/klopt-niet",
    # with what it may belong to
    "report": f"{INBOX}/{{reference}}",
    "report beside alike ones": "/beheer/groepen/bij/{reference}",
    "groups": "/beheer/groepen",
    "groups, filters": "/beheer/groepen?status=alle&regio=utrecht&soort=thuiszorg",
    "groups, search": "/beheer/groepen?status=alle&zoek=thuiszorg",
    "one group": "/beheer/groepen/1",
    "what belongs to a group": "/beheer/groepen/1/meer",
    "figures, 12 weeks": "/beheer/cijfers",
    "figures, this year": "/beheer/cijfers?periode=jaar",
    "figures, all": "/beheer/cijfers?{all_days}",
    "figures, filters": "/beheer/cijfers?{all_days}&regio=utrecht&soort=thuiszorg",
    "picture of weeks, all": "/beheer/cijfers/week.svg?{all_days}",
    "picture of kinds, all": "/beheer/cijfers/soort.svg?{all_days}",
    "file of figures, all": "/beheer/cijfers/cijfers.xlsx?{all_days}",
    "report for a meeting, form": "/beheer/verslag/{draft}",
    "report for a meeting": "/beheer/verslag/{draft}/bekijken",
    "report for a meeting, Word": "/beheer/verslag/{draft}/verslag.docx",
    "quotes to pick": "/beheer/verslag/{draft}/citaten",
    "quotes of a group": "/beheer/verslag/{draft}/citaten?groep=1",
}


@dataclass(frozen=True)
class Known:
    """What is in the database that addresses name.

    `reference` is that of the last report, `officer` the id of who is signed in, `draft` of a
    report for a meeting; `number` is how many reports there are.
    """

    number: int
    reference: str
    officer: str
    draft: str
    today: date


def filter_values(officer: str, today: date) -> dict[str, object]:
    """A value for every filter of the inbox, by the name of its field."""
    return {
        "statuses": (Status.SOLVED,),
        "categories": ("thuiszorg",),
        "regions": ("utrecht",),
        "severities": ("hoog",),
        "owner": officer,
        "answer_wanted": True,
        "overdue": True,
        "has_reaction": True,
        "practice": "12",
        "topic": TOPICS[0],
        "since": today - timedelta(days=30),
        "until": today - timedelta(days=330),
        "words": "thuiszorg",
    }


def filter_names() -> list[str]:
    """The filters of the inbox: every field but the order."""
    return [one.name for one in fields(ReportFilter) if one.name != "order"]


def inbox_filters(officer: str, today: date) -> dict[str, ReportFilter]:
    """Each filter of the inbox by itself, in whatever state reports are."""
    values = filter_values(officer, today)
    found = {name: ReportFilter(**{name: values[name]}) for name in filter_names()}  # type: ignore[arg-type]
    return found | {"owner, nobody": ReportFilter(owner=NOBODY)}


def inbox_orders() -> dict[str, ReportFilter]:
    """Each order of the inbox by itself."""
    return {order.name.lower(): ReportFilter(order=order) for order in Order}


def addresses(known: Known) -> tuple[dict[str, str], dict[str, str]]:
    """Addresses by name: of what lists some, and of what counts all."""
    inbox = {
        f"inbox, filter {name}": wanted
        for name, wanted in inbox_filters(known.officer, known.today).items()
        if name != "words"
    }
    inbox |= {f"inbox, sorted {name}": wanted for name, wanted in inbox_orders().items()}
    lists = LISTS | {name: f"{INBOX}?{filters.to_query(wanted)}" for name, wanted in inbox.items()}
    first = known.today - timedelta(days=3 * 365)
    values = {
        "last": -(-known.number // 50),
        "rare": "bijzonder97",
        "reference": known.reference,
        "officer": known.officer,
        "draft": known.draft,
        "far": max(1, known.number // 2),
        "changed": f"{known.today - timedelta(days=7)}T00:00:00Z",
        "all_days": f"van={first}&tot={known.today}",
    }
    return (
        {name: path.format(**values) for name, path in lists.items()},
        {name: path.format(**values) for name, path in COUNTING.items()},
    )
