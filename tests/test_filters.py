"""The filter of the inbox in its URL: what an officer asks for, and back."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.datastructures import QueryParams

from bottlenecks.desk.reports.filters import from_query, page_of, to_query
from bottlenecks.lists import lists
from bottlenecks.store.report_search import NOBODY, OTHER_REGION, Order, ReportFilter
from bottlenecks.workflow import OPEN, Status

OFFICER = "0" * 32


def asked(query: str) -> ReportFilter:
    """What the URL of an officer's inbox asks for."""
    return from_query(QueryParams(query), OFFICER)


def in_order(values: list[str] | list[Status]) -> st.SearchStrategy[tuple[str, ...]]:
    """Some of these, in their order."""
    return st.sets(st.sampled_from(values)).map(
        lambda chosen: tuple(one for one in values if one in chosen)
    )


days = st.none() | st.dates(date(1900, 1, 1), date(2999, 12, 31))
words = st.text(
    st.characters(exclude_categories=["Cc", "Cs"]),
    max_size=200,
).map(str.strip)
ids = st.text("0123456789abcdef", min_size=32, max_size=32)
filters = st.builds(
    ReportFilter,
    statuses=in_order(list(Status)),
    categories=in_order(list(lists().categories)),
    regions=in_order([OTHER_REGION, "utrecht", "westelijke-mijnstreek"]),
    severities=in_order(list(lists().severities)),
    owner=st.none() | st.just(NOBODY) | ids,
    answer_wanted=st.none() | st.booleans(),
    overdue=st.booleans(),
    has_reaction=st.booleans(),
    practice=words.map(lambda text: text or None),
    since=days,
    until=days,
    words=words,
    order=st.sampled_from(Order),
)
NAMES = (
    "status soort regio ernst eigenaar antwoord te_laat praktijk van tot zoek sorteer pagina"
).split()
VALUES = (
    "alle openstaand nieuw opgelost thuiszorg ggz utrecht elders hoog geen ik ja nee 2026-11-28 "
    "20261128 termijn ernst 2 0007"
).split()


def test_the_plain_inbox_shows_what_is_open() -> None:
    assert set(asked("").statuses) == OPEN
    assert asked("") == asked("status=openstaand")
    assert to_query(asked("")) == ""


def test_all_states_or_some() -> None:
    assert asked("status=alle").statuses == ()
    assert asked("status=opgelost&status=nieuw").statuses == (Status.NEW, Status.SOLVED)
    assert set(asked("status=openstaand&status=opgelost").statuses) == OPEN | {Status.SOLVED}


def test_every_part_can_be_combined() -> None:
    assert asked(
        "status=nieuw&soort=thuiszorg&soort=ggz&regio=elders&regio=utrecht&ernst=hoog"
        "&eigenaar=geen&antwoord=nee&te_laat=ja&reactie=ja&praktijk=De+Linde&van=2026-11-01&tot=2026-11-28"
        "&zoek=wachtlijst+thuiszorg&sorteer=nieuwste"
    ) == ReportFilter(
        statuses=(Status.NEW,),
        categories=("thuiszorg", "ggz"),
        regions=(OTHER_REGION, "utrecht"),
        severities=("hoog",),
        owner=NOBODY,
        answer_wanted=False,
        overdue=True,
        has_reaction=True,
        practice="De Linde",
        since=date(2026, 11, 1),
        until=date(2026, 11, 28),
        words="wachtlijst thuiszorg",
        order=Order.NEWEST,
    )


def test_mine_is_the_officer_who_looks() -> None:
    assert asked("eigenaar=ik").owner == OFFICER
    assert from_query(QueryParams("eigenaar=ik")).owner is None


def test_what_a_form_sends_empty_does_not_narrow() -> None:
    sent = "&".join(f"{name}=" for name in NAMES)
    assert asked(sent) == asked("")


@pytest.mark.parametrize(
    "query",
    [
        "status=weg",
        "soort=onbekend",
        "regio=%00",
        "ernst=HOOG",
        "eigenaar=' OR 1=1 --",
        "antwoord=misschien",
        "te_laat=1",
        "van=gisteren",
        "tot=2026-02-30",
        "van=0001-01-01",
        "tot=9999-12-31",
        "sorteer=naam",
        "onzin=ja",
    ],
)
def test_what_is_not_known_is_ignored(query: str) -> None:
    assert asked(query) == asked("")


def test_a_region_that_does_not_exist_is_ignored_where_regions_are_known() -> None:
    query = QueryParams("regio=utrecht&regio=atlantis&regio=elders")
    assert from_query(query, regions={"utrecht"}).regions == (OTHER_REGION, "utrecht")


def test_pages() -> None:
    assert page_of(QueryParams("")) == 1
    assert page_of(QueryParams("pagina=3")) == 3
    assert [page_of(QueryParams(f"pagina={n}")) for n in ("0", "-1", "een", "")] == [1, 1, 1, 1]
    assert page_of(QueryParams("pagina=" + "9" * 40)) == 1


def test_a_link_changes_one_thing_and_keeps_the_rest() -> None:
    now = asked("regio=utrecht&zoek=elv")
    link = QueryParams(to_query(now, order=Order.SEVERITY, page=2))
    assert from_query(link) == ReportFilter(
        statuses=now.statuses, regions=("utrecht",), words="elv", order=Order.SEVERITY
    )
    assert page_of(link) == 2
    with pytest.raises(TypeError):
        to_query(now, colour="rood")


@settings(deadline=None)
@given(filters, st.integers(1, 100_000))
def test_every_filter_survives_its_url(wanted: ReportFilter, page: int) -> None:
    link = QueryParams(to_query(wanted, page=page))
    assert from_query(link, OFFICER) == wanted
    assert page_of(link) == page


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(VALUES) | st.text(max_size=300))))
def test_nothing_in_a_url_is_an_error(pairs: list[tuple[str, str]]) -> None:
    query = QueryParams(pairs)
    found = from_query(query, OFFICER)
    assert from_query(QueryParams(to_query(found, page=page_of(query)))) == found
