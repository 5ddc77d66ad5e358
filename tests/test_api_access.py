"""Who may use the API, for which regions and how often; every reading is in the log."""

import pytest

from bottlenecks.roles import EVERYWHERE, Scope
from bottlenecks.store import Database
from bottlenecks.workflow import Status
from tests.api_programs import PATHS, UTRECHT, Connect, administrator, connector, references
from tests.desk_reports import STORY, file_report


@pytest.fixture
def officer(database: Database) -> str:
    return administrator(database)


@pytest.fixture
def connect(database: Database, officer: str) -> Connect:
    return connector(database, officer)


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
