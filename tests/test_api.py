"""The API as another program uses it: a token, reports of its regions, a page at a time."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from bot.settings import ROOT
from bottlenecks.desk.api import api
from bottlenecks.desk.app import add_desk
from bottlenecks.lists import lists
from bottlenecks.roles import EVERYWHERE, Role, Scope
from bottlenecks.store import Database
from bottlenecks.workflow import Status
from tests.conftest import Clock
from tests.desk_reports import REGIONS, STORY, context, file_report

UTRECHT = Scope(regions=frozenset({"utrecht"}))
PATHS = [
    "/reports",
    "/reports/KP-2026-0001",
    "/regions",
    "/categories",
    "/severities",
    "/statuses",
    "/phases",
]

Connect = Callable[..., TestClient]


@pytest.fixture
def officer(database: Database) -> str:
    """The id of an administrator."""
    with database.work() as work:
        return work.officers.add("noor@rho.nl", "Noor", Role.ADMIN, EVERYWHERE)


@pytest.fixture
def connect(database: Database, officer: str) -> Connect:
    """A program with a token for some regions; `pace` is another one than in production."""

    def program(
        scope: Scope = EVERYWHERE, *, name: str = "bi", pace: str | None = None
    ) -> TestClient:
        app = FastAPI(openapi_url=None)
        if pace is None:
            add_desk(app, context(database))
        else:
            app.mount("/api/v1", api(context(database), pace=pace))
        with database.work() as work:
            _, token = work.tokens.make(name, scope, officer)
        return TestClient(
            app, base_url="http://rho.test/api/v1", headers={"Authorization": f"Bearer {token}"}
        )

    return program


def references(program: TestClient, query: str = "") -> list[str]:
    """The reports of one page."""
    answer = program.get(f"/reports?{query}")
    assert answer.status_code == 200, answer.text
    return [report["reference"] for report in answer.json()["reports"]]


def move(database: Database, reference: str, to: Status, officer: str, **more: Any) -> None:
    """What an officer does with a report."""
    with database.work() as work:
        work.cases.move(reference, EVERYWHERE, to, actor=officer, **more)


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


@pytest.mark.parametrize("query", ["", "region=westelijke-mijnstreek", "region=elders"])
def test_a_token_gives_its_regions_only(connect: Connect, database: Database, query: str) -> None:
    own = file_report(database, region="utrecht")
    file_report(database, region="westelijke-mijnstreek")
    file_report(database, region=None, region_other="Twente")
    assert references(connect(UTRECHT), query) == ([] if query else [own])


def test_a_report_of_another_region_is_not_there(connect: Connect, database: Database) -> None:
    other = file_report(database, region="westelijke-mijnstreek")
    elsewhere = file_report(database, region=None, region_other="Twente")
    program = connect(UTRECHT)
    # as what does not exist: it does not tell that there is one
    missing = program.get("/reports/KP-2026-9999")
    for reference in (other, elsewhere):
        answer = program.get(f"/reports/{reference}")
        assert (answer.status_code, answer.json()) == (404, missing.json())
    assert missing.headers["content-type"] == "application/problem+json"
    assert missing.json() == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "There is no such report in the regions of your token.",
    }


def test_a_token_without_regions_gives_nothing(connect: Connect, database: Database) -> None:
    file_report(database)
    program = connect(Scope())
    assert references(program) == []
    assert program.get("/regions").json() == []
    assert program.get("/phases").json() == []


def test_a_report_that_gets_another_region_is_no_longer_seen(
    connect: Connect, database: Database, officer: str
) -> None:
    reference = file_report(database, region="utrecht")
    program = connect(UTRECHT)
    assert references(program) == [reference]
    with database.work() as work:
        work.cases.correct(
            reference,
            EVERYWHERE,
            actor=officer,
            category="ggz",
            region="westelijke-mijnstreek",
            severity="laag",
        )
    assert references(program) == []
    assert program.get(f"/reports/{reference}").status_code == 404


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("header", [None, "Bearer", "Bearer rw_onzin", "Basic YTpi", "Bearer é"])
def test_nothing_without_a_good_token(
    connect: Connect, database: Database, path: str, header: str | None
) -> None:
    file_report(database)
    program = connect()
    del program.headers["Authorization"]
    headers = [("Authorization", header.encode("latin-1"))] if header else []
    answer = program.get(path, headers=headers)  # type: ignore[arg-type]
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.headers["content-type"] == "application/problem+json"
    assert STORY not in answer.text


def test_a_token_works_only_in_its_header(connect: Connect) -> None:
    program = connect()
    token = program.headers.pop("Authorization").removeprefix("Bearer ")
    assert program.get(f"/regions?token={token}&access_token={token}").status_code == 401


@pytest.mark.parametrize("path", PATHS)
def test_a_revoked_token_stops_at_once(connect: Connect, database: Database, path: str) -> None:
    file_report(database)
    program = connect()
    assert program.get(path).status_code == 200
    with database.work() as work:
        work.tokens.revoke(work.tokens.list()[0].id)
    answer = program.get(path)
    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_nothing_can_be_changed(connect: Connect, method: str, path: str) -> None:
    answer = connect().request(method, path)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET"


def test_who_asks_too_often_waits(connect: Connect) -> None:
    program = connect(pace="3/hour")
    assert [program.get("/statuses").status_code for _ in range(5)] == [200, 200, 200, 429, 429]
    answer = program.get("/regions")
    assert answer.headers["content-type"] == "application/problem+json"
    assert 3500 < int(answer.headers["retry-after"]) <= 3600


def test_each_token_has_its_own_pace(connect: Connect, database: Database, officer: str) -> None:
    program = connect(pace="1/hour")
    with database.work() as work:
        _, other = work.tokens.make("andere", EVERYWHERE, officer)
    assert program.get("/regions").status_code == 200
    assert program.get("/regions").status_code == 429
    headers = {"Authorization": f"Bearer {other}"}
    assert program.get("/regions", headers=headers).status_code == 200


def test_every_reading_is_in_the_log(connect: Connect, database: Database) -> None:
    reference = file_report(database)
    file_report(database)
    program = connect(name="Kwartaalrapport")
    program.get("/reports?category=thuiszorg")
    program.get(f"/reports/{reference}")
    program.get("/reports/KP-2026-9999")
    program.get("/reports?limit=0")
    program.get("/statuses")
    with database.reading() as work:
        lines = work.audit.latest()
    assert {line.actor for line in lines} == {"api:Kwartaalrapport"}
    assert {line.action for line in lines} == {"api-gelezen"}
    assert [(line.subject, line.detail) for line in reversed(lines)] == [
        ("/reports", {"aantal": 2}),
        (reference, {"aantal": 1}),
        ("/statuses", {"aantal": len(Status)}),
    ]


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
