"""The API as another program uses it: a token, reports of its regions, a page at a time."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.settings import ROOT
from bottlenecks.lists import lists
from bottlenecks.roles import EVERYWHERE
from bottlenecks.store import Database
from bottlenecks.workflow import Status
from tests.api_programs import UTRECHT, Connect, administrator, connector, move, references
from tests.conftest import Clock
from tests.desk_reports import REGIONS, STORY, file_report


@pytest.fixture
def officer(database: Database) -> str:
    return administrator(database)


@pytest.fixture
def connect(database: Database, officer: str) -> Connect:
    return connector(database, officer)


def test_a_report_with_what_reporting_needs(connect: Connect, database: Database) -> None:
    file_report(database, tried="gebeld", practice="Praktijk De Linde")
    due_at = datetime(2026, 3, 2, 9, 0) + timedelta(hours=lists().severities["midden"].hours)
    answer = connect().get("/reports")
    assert answer.json() == {
        "reports": [
            {
                "reference": "KP-2026-0001",
                "category": "thuiszorg",
                "region": "utrecht",
                "region_other": None,
                "severity": "midden",
                "status": "nieuw",
                "is_open": True,
                "forwarded_to": None,
                "description": STORY,
                "tried": "gebeld",
                "answer_wanted": True,
                "created_at": "2026-03-02T09:00:00Z",
                "updated_at": "2026-03-02T09:00:00Z",
                "due_at": f"{due_at.isoformat()}Z",
                "is_example": False,
            }
        ],
        "next": None,
        "read_at": "2026-03-02T09:00:00Z",
    }
    assert answer.headers["cache-control"] == "no-store"


def test_what_happened_without_texts_and_people(
    connect: Connect, database: Database, clock: Clock, officer: str
) -> None:
    reference = file_report(database, practice="Praktijk De Linde")
    clock.forward(60)
    with database.work() as work:
        work.cases.note(reference, EVERYWHERE, actor=officer, text="Geheim: bel de wethouder")
        work.cases.assign(reference, EVERYWHERE, officer, actor=officer)
        work.cases.correct(
            reference, EVERYWHERE, actor=officer, category="ggz", region="utrecht", severity="hoog"
        )
        work.cases.reply(reference, EVERYWHERE, actor=officer, text="Antwoord voor de melder")
    move(database, reference, Status.FORWARDED, officer, organisation="roaz", text="Naar het ROAZ")
    answer = connect().get(f"/reports/{reference}")
    report = answer.json()
    assert (report["category"], report["severity"]) == ("ggz", "hoog")
    assert (report["status"], report["forwarded_to"]) == ("doorgezet", "roaz")
    assert report["updated_at"] == "2026-03-02T09:01:00Z"
    assert [(event["kind"], event["field"]) for event in report["events"]] == [
        ("created", None),
        ("note", None),
        ("owner", "owner"),
        ("correction", "category"),
        ("correction", "severity"),
        ("reply", None),
        ("status", None),
    ]
    assert report["events"][-1] == {
        "at": "2026-03-02T09:01:00Z",
        "kind": "status",
        "status_from": "nieuw",
        "status_to": "doorgezet",
        "field": None,
    }
    for secret in ("Geheim", "Antwoord", "Naar het", "Linde", "Noor", officer):
        assert secret not in answer.text


def test_filters_combine(connect: Connect, database: Database, clock: Clock, officer: str) -> None:
    thuiszorg = file_report(database)
    ggz = file_report(database, category="ggz", severity="hoog")
    elsewhere = file_report(database, category="ggz", region=None, region_other="Twente")
    # a quarter past midnight in the Netherlands, still the day before in UTC
    clock.now = datetime(2026, 3, 9, 23, 15, tzinfo=UTC)
    late = file_report(database, region="westelijke-mijnstreek")
    move(database, thuiszorg, Status.SOLVED, officer)
    program = connect()
    assert references(program) == [thuiszorg, ggz, elsewhere, late]
    assert references(program, "status=opgelost") == [thuiszorg]
    assert references(program, "status=nieuw&status=opgelost&category=ggz") == [ggz, elsewhere]
    assert references(program, "category=ggz&region=elders") == [elsewhere]
    assert references(program, "region=elders&region=westelijke-mijnstreek") == [elsewhere, late]
    assert references(program, "severity=hoog") == [ggz]
    assert references(program, "since=2026-03-10") == [late]
    assert references(program, "until=2026-03-09") == [thuiszorg, ggz, elsewhere]
    assert references(program, "since=2026-03-02&until=2026-03-02&category=thuiszorg") == [
        thuiszorg
    ]
    assert references(program, "changed_since=2026-03-09T23:15:00Z") == [thuiszorg, late]
    assert references(program, "changed_since=2026-03-10T00:15:00.5%2B01:00") == []


def test_the_ends_of_the_calendar_are_no_problem(connect: Connect, database: Database) -> None:
    reference = file_report(database)
    program = connect()
    assert references(program, "since=0001-01-01&until=9999-12-31") == [reference]
    assert references(program, "changed_since=0001-01-01T00:00:00%2B14:00") == [reference]
    assert references(program, "changed_since=9999-12-31T23:59:59-12:00") == []


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=501",
        "limit=veel",
        "status=weg",
        "category=onbekend",
        "region=atlantis",
        "severity=HOOG",
        "since=gisteren",
        "since=1700000000",
        "until=2026-02-30",
        "changed_since=2026-03-09",
        "changed_since=2026-03-09T23:15:00",
        "after=0001",
        "after=KP-2026-0001x",
        "statuses=nieuw",
    ],
)
def test_what_is_not_valid_is_told(connect: Connect, query: str) -> None:
    answer = connect().get(f"/reports?{query}")
    name = query.partition("=")[0]
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["title"] in ("Unprocessable Content", "Unprocessable Entity")
    assert f"query.{name}" in answer.json()["detail"]


def test_every_report_once_while_new_ones_come_in(connect: Connect, database: Database) -> None:
    filed = [file_report(database) for _ in range(10)]
    program = connect()
    seen: list[str] = []
    page: dict[str, Any] = program.get("/reports?limit=3").json()
    while True:
        seen += [report["reference"] for report in page["reports"]]
        if len(filed) < 14:
            filed.append(file_report(database))
        if page["next"] is None:
            break
        page = program.get("/reports", params={"limit": 3, "after": page["next"]}).json()
    assert seen == filed
    assert len(filed) == 14


def test_the_last_page_says_so_when_it_is_full(connect: Connect, database: Database) -> None:
    for _ in range(4):
        file_report(database)
    program = connect()
    first = program.get("/reports?limit=2").json()
    assert first["next"] == "KP-2026-0002"
    last = program.get("/reports?limit=2&after=KP-2026-0002").json()
    assert [report["reference"] for report in last["reports"]] == ["KP-2026-0003", "KP-2026-0004"]
    assert last["next"] is None


def test_order_holds_past_the_turn_of_the_year_and_number_9999(
    connect: Connect, database: Database, clock: Clock
) -> None:
    older = [file_report(database), file_report(database)]
    clock.now = datetime(2027, 1, 5, 9, 0, tzinfo=UTC)
    newer = file_report(database)
    assert references(connect()) == [*older, newer]
    assert references(connect(name="bi-2"), "after=KP-2026-10000") == [newer]


def test_lists(connect: Connect) -> None:
    program = connect()
    assert program.get("/regions").json() == [
        {"id": id_, "name": name} for id_, name in REGIONS.items()
    ]
    assert program.get("/categories").json()[0] == {"id": "thuiszorg", "name": "Thuiszorg"}
    assert len(program.get("/categories").json()) == len(lists().categories)
    assert program.get("/severities").json()[0] == {
        "id": "hoog",
        "name": "Hoog",
        "explanation": "een patiënt loopt nu risico, of zorg ontbreekt vandaag",
        "hours": lists().severities["hoog"].hours,
    }
    states = program.get("/statuses").json()
    assert states[0] == {"id": "nieuw", "name": "nieuw", "is_open": True}
    assert [state["id"] for state in states if not state["is_open"]] == [
        "opgelost",
        "afgewezen",
        "ingetrokken",
    ]


def test_the_phase_of_each_region_of_the_token(
    connect: Connect, database: Database, officer: str
) -> None:
    with database.work() as work:
        for region in REGIONS:
            work.regional.set_phase(
                region, "1", since=date(2026, 3, 1), notice="Druk op de posten", set_by=officer
            )
        work.regional.set_phase(
            "westelijke-mijnstreek", None, since=None, notice=None, set_by=officer
        )
    known = {
        "region": "utrecht",
        "phase": "1",
        "name": "Verhoogde druk",
        "since": "2026-03-01",
        "notice": "Druk op de posten",
        "set_at": "2026-03-02T09:00:00Z",
    }
    unknown = {
        "region": "westelijke-mijnstreek",
        "phase": None,
        "name": None,
        "since": None,
        "notice": None,
        "set_at": "2026-03-02T09:00:00Z",
    }
    answer = connect(UTRECHT, name="een").get("/phases")
    assert answer.json() == [known]
    answer = connect(name="twee").get("/phases")
    assert answer.json() == [known, unknown]
    assert officer not in answer.text


def test_a_phase_that_nobody_set_is_not_known(connect: Connect) -> None:
    [phase, _] = connect().get("/phases").json()
    assert phase == {
        "region": "utrecht",
        "phase": None,
        "name": None,
        "since": None,
        "notice": None,
        "set_at": None,
    }


def test_the_document_is_there_and_no_page_that_loads_from_elsewhere(connect: Connect) -> None:
    program = connect()
    document = program.get("/openapi.json").json()
    assert document["servers"] == [{"url": "/api/v1"}]
    assert set(document["paths"]) == {
        "/reports",
        "/reports/{reference}",
        "/regions",
        "/categories",
        "/severities",
        "/statuses",
        "/phases",
    }
    parameters = {
        parameter["name"]: parameter["schema"]
        for parameter in document["paths"]["/reports"]["get"]["parameters"]
    }
    assert parameters["region"]["items"]["enum"] == [*REGIONS, "elders"]
    assert parameters["category"]["items"]["enum"] == list(lists().categories)
    for path in ("/docs", "/redoc"):
        assert program.get(path).status_code == 404


def test_an_unknown_address_is_told_in_the_same_form(connect: Connect) -> None:
    answer = connect().get("/meldingen")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_the_guide_tells_every_path_field_and_filter(connect: Connect) -> None:
    document = connect().get("/openapi.json").json()
    names = list(document["paths"])
    names += [one["name"] for one in document["paths"]["/reports"]["get"]["parameters"]]
    for kind in ("ReportOut", "ReportsOut", "EventOut"):
        names += document["components"]["schemas"][kind]["properties"]
    guide = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    assert [name for name in names if f"`{name}`" not in guide] == []
